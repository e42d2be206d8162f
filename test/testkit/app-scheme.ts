import type { StrategyRequest } from '../../src/faces/passport.ts'
import type { StrategyFactory } from '../../src/node/strategies.ts'

/*
 * A national scheme that speaks no SAML: a strategy as one for OAuth would be, whose codes are the levels it reached.
 */

export const APP = 'https://app.xa.example/authorize'

interface Running {
  redirect(location: string): void
  success(user: object): void
}

export const appStrategy: StrategyFactory = ({ read }) => ({
  entityId: APP,
  begin: (state) => ({ state }),
  strategy: {
    authenticate(this: Running, { query: { code } }: StrategyRequest, { state }: { readonly state: string }) {
      if (code === undefined) this.redirect(`${APP}?state=${state}`)
      else this.success({ code })
    },
  },
  identify: (user, request, asked) => {
    const classRef = String(Reflect.get(Object(user), 'code'))
    const claims = { classRef, attributes: said, subject: { persistent: true, value: 'app-7' }, issuedAt: Date.now() }
    return { outcome: read(claims, request, asked), claims: [] }
  },
})

/** What the app calls things, and says of the citizen. */
export const appNames = {
  sub: 'PersonIdentifier',
  family_name: 'CurrentFamilyName',
  given_name: 'CurrentGivenName',
  birthdate: 'DateOfBirth',
} as const

const said = Object.entries({
  sub: '02635542Y',
  family_name: 'Appleyard',
  given_name: 'Marigold',
  birthdate: '1964-12-31',
}).map(([name, value]) => ({ name, values: [value] }))
