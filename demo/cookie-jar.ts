/**
 * The cookies of one browser. As in a real one they belong to a host and ignore the port; `localhost` counts as secure
 * (it does in browsers), every other host only over https.
 */
export interface CookieJar {
  /** Takes the Set-Cookie headers of an answer from this address. */
  keep(url: URL, headers: readonly string[]): void
  /** The Cookie header for a request to this address, or undefined when there is none. */
  header(url: URL): string | undefined
}

interface Cookie {
  readonly name: string
  readonly value: string
  readonly path: string
  readonly secure: boolean
}

export function newCookieJar(): CookieJar {
  const hosts = new Map<string, Map<string, Cookie>>()
  return {
    keep(url, headers) {
      const cookies = hosts.get(url.hostname) ?? new Map<string, Cookie>()
      hosts.set(url.hostname, cookies)
      for (const header of headers) keepOne(cookies, header, url)
    },
    header(url) {
      const sent = [...(hosts.get(url.hostname)?.values() ?? [])].filter(
        ({ path, secure }) => url.pathname.startsWith(path) && (!secure || isSecure(url)),
      )
      return sent.length === 0 ? undefined : sent.map(({ name, value }) => `${name}=${value}`).join('; ')
    },
  }
}

function keepOne(cookies: Map<string, Cookie>, header: string, url: URL): void {
  const [pair = '', ...rest] = header.split(';').map((part) => part.trim())
  const name = pair.slice(0, pair.indexOf('='))
  const attributes = new Map(rest.map((part) => [part.split('=')[0]?.toLowerCase() ?? '', part.split('=')[1] ?? '']))
  const secure = attributes.has('secure')
  const path = attributes.get('path') || '/'
  if (name === '' || (secure && !isSecure(url)) || !prefixKept(name, secure, path, attributes)) return
  if (isExpired(attributes)) cookies.delete(name)
  else cookies.set(name, { name, value: pair.slice(pair.indexOf('=') + 1), path, secure })
}

/** RFC 6265bis 4.1.3: what the prefixes __Host- and __Secure- promise. */
function prefixKept(name: string, secure: boolean, path: string, attributes: ReadonlyMap<string, string>): boolean {
  if (name.startsWith('__Host-')) return secure && path === '/' && !attributes.has('domain')
  return !name.startsWith('__Secure-') || secure
}

function isExpired(attributes: ReadonlyMap<string, string>): boolean {
  const maxAge = attributes.get('max-age')
  if (maxAge !== undefined) return Number(maxAge) <= 0
  const expires = attributes.get('expires')
  return expires !== undefined && Date.parse(expires) <= Date.now()
}

function isSecure({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || hostname === 'localhost'
}
