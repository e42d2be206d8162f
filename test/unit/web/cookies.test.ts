import { writeSetCookie } from '../../../src/web/cookies.ts'

describe('writeSetCookie', () => {
  it('sets a cookie with every attribute, always Secure', () => {
    expect(writeSetCookie({ name: '__Host-flow-a', value: 'abc_-1', maxAgeSeconds: 600 })).toBe(
      '__Host-flow-a=abc_-1; Path=/; Max-Age=600; Secure; HttpOnly; SameSite=None',
    )
  })

  it('removes a cookie that has no value', () => {
    expect(writeSetCookie({ name: '__Host-flow-a', value: undefined, maxAgeSeconds: 600 })).toBe(
      '__Host-flow-a=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=None',
    )
  })

  it.each([
    { name: 'flow', value: 'a', maxAgeSeconds: 1 },
    { name: '__Host-', value: 'a', maxAgeSeconds: 1 },
    { name: '__Host-a=b', value: 'a', maxAgeSeconds: 1 },
    { name: '__Host-a', value: 'a; Domain=example', maxAgeSeconds: 1 },
    { name: '__Host-a', value: 'a\r\nX: y', maxAgeSeconds: 1 },
    { name: '__Host-a', value: 'a', maxAgeSeconds: -1 },
    { name: '__Host-a', value: 'a', maxAgeSeconds: Number.NaN },
  ])('does not write %j (A-225, A-246)', (cookie) => {
    expect(() => writeSetCookie(cookie)).toThrow(TypeError)
  })
})
