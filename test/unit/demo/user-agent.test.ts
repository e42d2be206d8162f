import { newCookieJar } from '../../../demo/user-agent.ts'

const portal = 'http://localhost:8081/x'
const node = 'http://localhost:8090/'
const elsewhere = 'http://portal.xa.example:8090/'

/** A jar that was given these cookies by the node. */
function jarWith(...headers: readonly string[]) {
  const jar = newCookieJar()
  for (const header of headers) jar.setCookieSync(header, node, { ignoreError: true })
  return jar
}

test('cookies belong to the host and ignore the port', () => {
  const jar = jarWith('a=1; Path=/; HttpOnly')
  expect(jar.getCookieStringSync(portal)).toBe('a=1')
  expect(jar.getCookieStringSync(elsewhere)).toBe('')
})

test('a Secure cookie is kept on localhost and refused on another host over http', () => {
  const jar = jarWith('__Host-flow=s; Path=/; Secure; HttpOnly; SameSite=None')
  jar.setCookieSync('__Host-flow=s; Path=/; Secure', elsewhere, { ignoreError: true })
  expect(jar.getCookieStringSync(node)).toBe('__Host-flow=s')
  expect(jar.getCookieStringSync(elsewhere)).toBe('')
})

test('a __Host- cookie without Secure, with another path or with a Domain is refused', () => {
  const jar = jarWith(
    '__Host-a=1; Path=/',
    '__Host-b=1; Path=/x; Secure',
    '__Host-c=1; Path=/; Secure; Domain=localhost',
  )
  expect(jar.getCookieStringSync(node)).toBe('')
})

test('a cookie is replaced by its name and removed when it expires', () => {
  const jar = jarWith('a=1', 'b=2', 'a=3', 'b=; Expires=Thu, 01 Jan 1970 00:00:00 GMT')
  expect(jar.getCookieStringSync(node)).toBe('a=3')
  jar.setCookieSync('a=3; Max-Age=0', node)
  expect(jar.getCookieStringSync(node)).toBe('')
})
