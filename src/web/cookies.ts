import type { FlowCookie } from '../relay/faces.ts'

/** RFC 6265bis 4.1.3.2: the prefix makes the browser insist on Secure, on Path=/ and on no Domain. */
const NAME = /^__Host-[A-Za-z0-9_-]{1,64}$/
const VALUE = /^[A-Za-z0-9_.~-]{1,1024}$/

/**
 * The Set-Cookie field of a flow cookie. SameSite=None, because the answer comes back as a POST from another site
 * Secure always, which browsers also take from http://localhost.
 */
export function writeSetCookie({ name, value, maxAgeSeconds }: FlowCookie): string {
  if (!NAME.test(name)) throw new TypeError('a cookie without the __Host- prefix')
  if (value !== undefined && !VALUE.test(value)) throw new TypeError('a cookie value out of its alphabet')
  if (!Number.isSafeInteger(maxAgeSeconds) || maxAgeSeconds < 0) throw new TypeError('a cookie of no lifetime')
  const age = value === undefined ? 0 : maxAgeSeconds
  return `${name}=${value ?? ''}; Path=/; Max-Age=${age}; Secure; HttpOnly; SameSite=None`
}
