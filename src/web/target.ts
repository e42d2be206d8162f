/** A place the browser may be sent to: an http(s) URL or a path of ours. */
export interface Target {
  /** As given, to the octet: a signed query must not be rewritten. */
  readonly location: string
  /** What a Content-Security-Policy calls it. */
  readonly source: string
  /** Host to show to the citizen; undefined for a path of ours. */
  readonly host: string | undefined
}

/** The characters of RFC 3986 and nothing that a browser or an HTML attribute would read otherwise. */
const PATH = /^\/(?:[\w.~!$&'()*+,;=:@%?-][\w.~!$&'()*+,;=:@%/?#-]*)?$/
const ABSOLUTE = /^https?:\/\/[\w.:[\]-]+(?:[/?][\w.~!$&'()*+,;=:@%/?#[\]-]*)?$/

/** Undefined for anything but such a place: another scheme, `//host`, user information, a character out of place. */
export function readTarget(location: string): Target | undefined {
  if (PATH.test(location)) return { location, source: "'self'", host: undefined }
  if (!ABSOLUTE.test(location) || !URL.canParse(location)) return undefined
  const url = new URL(location)
  return { location, source: sourceOf(url), host: url.host }
}

/** For what our own code was given by verified metadata or configuration: anything else is a mistake of ours. */
export function requireTarget(location: string): Target {
  const target = readTarget(location)
  if (target === undefined) throw new TypeError('a reply leads to something that is not an http(s) URL')
  return target
}

/** CSP3 2.3.1: a source is scheme, host, port and path, without a query; ',' and ';' end it and are escaped. */
function sourceOf(url: URL): string {
  return url.origin + url.pathname.replaceAll(';', '%3B').replaceAll(',', '%2C')
}
