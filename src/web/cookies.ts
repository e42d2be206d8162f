import type { FlowCookie } from '../relay/faces.ts'

/** RFC 6265bis 4.1.3.2: the prefix makes the browser insist on Secure, on Path=/ and on no Domain. */
const NAME = /^(__Host-)?(?:flow|trace)-[A-Za-z0-9_-]{1,59}$/
const VALUE = /^[A-Za-z0-9_.~-]{1,1024}$/

/**
 * The Set-Cookie field of a flow cookie or of its trace. SameSite=None, because the answer comes back as a POST from another site
 * and Secure with it. A name without the prefix is a demonstration's, whose parties are one site over plain http.
 */
export function writeSetCookie({ name, value, maxAgeSeconds }: FlowCookie): string {
  const parts = NAME.exec(name)
  if (parts === null) throw new TypeError('not the name of a flow cookie')
  if (value !== undefined && !VALUE.test(value)) throw new TypeError('a cookie value out of its alphabet')
  if (!Number.isSafeInteger(maxAgeSeconds) || maxAgeSeconds < 0) throw new TypeError('a cookie of no lifetime')
  const age = value === undefined ? 0 : maxAgeSeconds
  const reach = parts[1] === undefined ? 'HttpOnly; SameSite=Lax' : 'Secure; HttpOnly; SameSite=None'
  return `${name}=${value ?? ''}; Path=/; Max-Age=${age}; ${reach}`
}
