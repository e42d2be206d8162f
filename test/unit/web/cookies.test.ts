import { writeSetCookie } from '../../../src/web/cookies.ts'

describe('writeSetCookie', () => {
  it('sets a cookie with every attribute, Secure and for answers from other sites', () => {
    expect(writeSetCookie({ name: '__Host-flow-a', value: 'abc_-1', maxAgeSeconds: 600 })).toBe(
      '__Host-flow-a=abc_-1; Path=/; Max-Age=600; Secure; HttpOnly; SameSite=None',
    )
  })

  it('removes a cookie that has no value', () => {
    expect(writeSetCookie({ name: '__Host-flow-a', value: undefined, maxAgeSeconds: 600 })).toBe(
      '__Host-flow-a=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=None',
    )
  })

  it('writes a cookie without the prefix for parties of one site over plain http', () => {
    expect(writeSetCookie({ name: 'flow-a', value: 'abc', maxAgeSeconds: 600 })).toBe(
      'flow-a=abc; Path=/; Max-Age=600; HttpOnly; SameSite=Lax',
    )
  })

  it.each([
    { name: 'flow', value: 'a', maxAgeSeconds: 1 },
    { name: '__Host-', value: 'a', maxAgeSeconds: 1 },
    { name: '__Host-other-a', value: 'a', maxAgeSeconds: 1 },
    { name: '__Secure-flow-a', value: 'a', maxAgeSeconds: 1 },
    { name: '__Host-flow-a=b', value: 'a', maxAgeSeconds: 1 },
    { name: '__Host-flow-a', value: 'a; Domain=example', maxAgeSeconds: 1 },
    { name: '__Host-flow-a', value: 'a\r\nX: y', maxAgeSeconds: 1 },
    { name: '__Host-flow-a', value: 'a', maxAgeSeconds: -1 },
    { name: '__Host-flow-a', value: 'a', maxAgeSeconds: Number.NaN },
  ])('does not write %j (A-225, A-246)', (cookie) => {
    expect(() => writeSetCookie(cookie)).toThrow(TypeError)
  })
})
