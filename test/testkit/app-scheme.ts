import type { StrategyRequest } from '../../src/faces/passport.ts'
import type { StrategyFactory } from '../../src/node/strategies.ts'

/*
 * A national scheme that speaks no SAML: a strategy as one for OAuth would be, whose codes are the levels it reached. Some
 * codes are mishaps.
 */

export const APP = 'https://app.xa.example/authorize'

interface Running {
  redirect(location: string): void
  success(user: object): void
  error(error: Error): void
}

interface Options {
  readonly handle: string
  readonly classRefs: readonly string[]
}

/** What a strategy does with a code that is no level. */
const mishaps: Readonly<Record<string, (running: Running) => unknown>> = {
  throws: () => {
    throw new TypeError(`no citizen ${said.sub}`)
  },
  rejects: async () => {
    throw new TypeError(`no citizen ${said.sub}`)
  },
  reports: (running) => running.error(Object.assign(new Error(`no citizen ${said.sub}`), { code: 'invalid_grant' })),
  'says nothing': () => undefined,
}

/** The app, with its handle in this parameter. */
export const appStrategyBy =
  (handleParameter: 'RelayState' | 'state', issuer?: string, authenticated = (now: number) => now): StrategyFactory =>
  ({ read }) => ({
    entityId: APP,
    handleParameter,
    timeoutSeconds: 1,
    ...(issuer === undefined ? {} : { issuer }),
    begin: (handle, classRefs) => ({ handle, classRefs }),
    strategy: {
      authenticate(this: Running, { query: { code } }: StrategyRequest, { handle, classRefs }: Options) {
        const query = new URLSearchParams({ [handleParameter]: handle, acr_values: classRefs.join(' ') })
        if (code === undefined) return this.redirect(`${APP}?${query}`)
        const mishap = Object.hasOwn(mishaps, code) ? mishaps[code] : undefined
        return mishap === undefined ? this.success({ code }) : mishap(this)
      },
    },
    identify: (user, request, asked) => {
      const classRef = String(Reflect.get(Object(user), 'code'))
      const attributes = Object.entries(said).map(([name, value]) => ({ name, values: [value] }))
      const now = Date.now()
      const claims = { classRef, attributes, issuedAt: now, authenticatedAt: authenticated(now) }
      return { outcome: read(claims, request, asked), claims: [] }
    },
  })

export const appStrategy = appStrategyBy('state')

/** What the app calls things, and says of the citizen. */
export const appNames = {
  sub: 'PersonIdentifier',
  family_name: 'CurrentFamilyName',
  given_name: 'CurrentGivenName',
  birthdate: 'DateOfBirth',
} as const

const said = {
  sub: '02635542Y',
  family_name: 'Appleyard',
  given_name: 'Marigold',
  birthdate: '1964-12-31',
}
