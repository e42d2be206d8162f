import { createPassportUpstream, type PassportScheme } from '../../../src/faces/passport.ts'
import type { HttpInput } from '../../../src/relay/faces.ts'
import { asked as request } from '../profiles/samples.ts'
import { card } from '../proxy-service/samples.ts'
import { fault } from '../trust/samples.ts'

const scheme: PassportScheme = {
  strategy: { authenticate: () => undefined },
  entityId: 'https://strategy.example/',
  handleParameter: 'state',
  identify: () => {
    throw new TypeError('nobody')
  },
}
const plugged = (changes: Partial<PassportScheme> = {}) =>
  createPassportUpstream({ scheme: { ...scheme, ...changes }, mapping: card.mapping, country: 'XA', clock: () => 0 })
const upstream = plugged()

const byGet = (query: string): HttpInput => ({
  method: 'GET',
  path: '/acs',
  query,
  contentType: undefined,
  contentEncoding: undefined,
  body: Buffer.of(),
  cookies: undefined,
  language: 'en',
})
const byPost = (body: string): HttpInput => ({
  ...byGet(''),
  method: 'POST',
  contentType: 'application/x-www-form-urlencoded',
  body: Buffer.from(body),
})

const fields = (count: number) => Array.from({ length: count }, (_, number) => `${number.toString(36)}=`).join('&')

describe('the parameters of an answer to a Passport strategy', () => {
  test.each([
    ['a query', byGet],
    ['a form', byPost],
  ])('A-018, A-252: in %s there may be 64; of more BIND_SIZE, however many', (_, input) => {
    expect(upstream.handleIn(input(`${fields(63)}&state=handle`))).toBe('handle')
    for (const count of [64, 80_000])
      expect(() => upstream.handleIn(input(`${fields(count)}&state=handle`))).toThrow(fault('BIND_SIZE'))
  })
})

test.each([0, -1, 46, Number.NaN, Number.POSITIVE_INFINITY])(
  'CFG_INVALID for timeoutSeconds of %s',
  (timeoutSeconds) => {
    expect(() => plugged({ timeoutSeconds })).toThrow(fault('CFG_INVALID'))
  },
)

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['a path', '/login'],
  ['another scheme', 'javascript:alert(1)'],
  ['no URL', 'https://'],
])('A-239: a strategy that redirects to %s is AUTHN_FAILED', async (_, location) => {
  const authenticate = function (this: { redirect(to: unknown): void }) {
    this.redirect(location)
  }
  await expect(plugged({ strategy: { authenticate } }).ask(request, 'handle')).rejects.toEqual(fault('AUTHN_FAILED'))
})
