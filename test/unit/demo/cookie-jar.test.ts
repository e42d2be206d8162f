import { newCookieJar } from '../../../demo/cookie-jar.ts'

const portal = new URL('http://localhost:8081/x')
const node = new URL('http://localhost:8090/')
const elsewhere = new URL('http://127.0.0.2:8090/')

test('cookies belong to the host and ignore the port', () => {
  const jar = newCookieJar()
  jar.keep(portal, ['a=1; Path=/; HttpOnly'])
  expect(jar.header(node)).toBe('a=1')
  expect(jar.header(elsewhere)).toBeUndefined()
})

test('a Secure cookie is kept on localhost and refused on another host over http', () => {
  const jar = newCookieJar()
  jar.keep(node, ['__Host-flow=s; Path=/; Secure; HttpOnly; SameSite=None'])
  jar.keep(elsewhere, ['__Host-flow=s; Path=/; Secure'])
  expect(jar.header(node)).toBe('__Host-flow=s')
  expect(jar.header(elsewhere)).toBeUndefined()
})

test('a __Host- cookie without Secure, with another path or with a Domain is refused', () => {
  const jar = newCookieJar()
  jar.keep(node, ['__Host-a=1; Path=/', '__Host-b=1; Path=/x; Secure', '__Host-c=1; Path=/; Secure; Domain=localhost'])
  expect(jar.header(node)).toBeUndefined()
})

test('a cookie is replaced by its name and removed when it expires', () => {
  const jar = newCookieJar()
  jar.keep(node, ['a=1', 'b=2'])
  jar.keep(node, ['a=3', 'b=; Expires=Thu, 01 Jan 1970 00:00:00 GMT'])
  expect(jar.header(node)).toBe('a=3')
  jar.keep(node, ['a=3; Max-Age=0'])
  expect(jar.header(node)).toBeUndefined()
})
