import { NodeFault } from '../errors/node-fault.ts'
import type { XmlLimits } from './limits.ts'
import { ns } from './names.ts'

/* Namespaces in XML 1.0 and what the limits allow of it. */

export type Scope = ReadonlyMap<string, string>

const XMLNS = 'http://www.w3.org/2000/xmlns/'

/** Prefixes that other specifications take for granted mean what they say; content (xsi:type) may depend on them. */
const fixedPrefixes: Scope = new Map([
  ['xml', ns.xml],
  ['xmlns', XMLNS],
  ['xs', ns.xs],
  ['xsd', ns.xs],
  ['xsi', ns.xsi],
])

const PERCENT = '%[0-9A-Fa-f]{2}'
const HOST = `(?:[A-Za-z0-9\\-._~!$&'()*+,;=]|${PERCENT})+`
const CHARACTER = `[A-Za-z0-9\\-._~!$&'()*+,;=:@/]|${PERCENT}`

/**
 * RFC 3986, absolute, without user or IP literal: no stricter parser than libxml2's may stand behind. A relative
 * reference is the one that must not pass: it makes C14N stop half-way.
 */
const ABSOLUTE_URI = new RegExp(
  `^[A-Za-z][A-Za-z0-9+.-]*:(?=.)(?://${HOST}(?::[0-9]{1,5})?(?![^/?#])|(?!//))(?:${CHARACTER})*(?:\\?(?:${CHARACTER}|\\?)*)?(?:#(?:${CHARACTER}|\\?)*)?$`,
)

export const outermost: Scope = new Map([['xml', ns.xml]])

/**
 * Refuses a namespace declaration that the limits or Namespaces in XML forbid; and one with an ampersand, which libxml2
 * does not escape in canonical form, so that there is one reading of the rest.
 */
export function checkDeclaration(prefix: string, uri: string, limits: XmlLimits): void {
  if (uri.length > limits.namespaceUri) throw new NodeFault('XML_SIZE', 'a namespace URI')
  if (uri.includes('&')) throw new NodeFault('XML_NS', `an ampersand in the namespace of prefix '${prefix}'`)
  if (limits.namespaces === 'any' ? !ABSOLUTE_URI.test(uri) : !limits.namespaces.has(uri)) {
    throw new NodeFault('XML_NS', `prefix '${prefix}'`)
  }
  const fixed = fixedPrefixes.get(prefix)
  if (
    prefix === 'xmlns' ||
    uri === XMLNS ||
    (fixed !== undefined && fixed !== uri) ||
    (uri === ns.xml && prefix !== 'xml')
  ) {
    throw new NodeFault('XML_NS', `prefix '${prefix}' bound to another namespace than its own`)
  }
}
