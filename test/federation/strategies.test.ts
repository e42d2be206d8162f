import { setTimeout as pause } from 'node:timers/promises'
import type { PassportScheme, StrategyRequest } from '../../src/faces/passport.ts'
import { askProxyService } from '../testkit/asked.ts'
import { freshId } from '../testkit/mint.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { refusalOf, responseIn } from '../testkit/verdict.ts'
import { cookiesOf } from '../testkit/wire.ts'

/** A scheme behind a Passport strategy that is somebody else's code, and does what such code does on a bad day. */
const APP = 'https://app.xa.example/authorize'
const CITIZEN = 'XA/XB/02635542Y'

interface Running {
  redirect(location: string): void
  error(error: unknown): void
}

/** By the code the answer carries; none of them says who signed in. */
const badDays: Readonly<Record<string, (running: Running) => unknown>> = {
  'says nothing': () => undefined,
  throws: () => {
    throw new RangeError(`no such subject ${CITIZEN}`)
  },
  rejects: async () => {
    await pause(1)
    throw new RangeError(`no such subject ${CITIZEN}`)
  },
  reports: (running) => running.error(new RangeError(`sub mismatch, expected ${CITIZEN}`)),
}

const badStrategy = (): PassportScheme => ({
  entityId: APP,
  begin: (state) => ({ state }),
  answersWithinMilliseconds: 500,
  strategy: {
    authenticate(this: Running, { query: { code } }: StrategyRequest, { state }: { readonly state: string }) {
      if (code === undefined) return this.redirect(`${APP}?state=${state}`)
      return badDays[code]?.(this)
    },
  },
  identify: () => {
    throw new TypeError('nobody signed in')
  },
})

let target: Target
beforeAll(async () => {
  const schemes = [{ kind: 'passport', name: 'app', strategy: 'app', mapping: {} }]
  target = await startTarget({ proxyService: { schemes }, strategies: { app: badStrategy } })
}, 60_000)
afterAll(() => target.stop())

test.each(Object.keys(badDays))(
  'R-LAW-3: AUTHN_FAILED to whoever asked, and no name in the log, when a strategy %s',
  async (code) => {
    const id = freshId()
    const asked = await askProxyService(target, { id })
    const state = new RegExp(`${APP}\\?state=([\\w-]+)`).exec(asked.body)?.[1] ?? ''
    const url = `${target.proxyService.acs}?state=${state}&code=${encodeURIComponent(code)}`
    const answer = await target.wire.get(url, { cookies: cookiesOf(asked) })
    expect(refusalOf(target, answer)).toBe('AUTHN_FAILED')
    expect(responseIn(target, answer, 'connector').inResponseTo).toBe(id)
    expect(target.logged.join('')).not.toContain(CITIZEN)
  },
)
