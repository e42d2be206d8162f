import { NodeFault } from '../errors/node-fault.ts'
import type { XmlLimits } from './limits.ts'
import { ns } from './names.ts'

/* Namespaces in XML 1.0 and what the limits allow of it. */

export type Scope = ReadonlyMap<string, string>

const XMLNS = 'http://www.w3.org/2000/xmlns/'

const PERCENT = '%[0-9A-Fa-f]{2}'
const HOST = `(?:[A-Za-z0-9\\-._~!$&'()*+,;=]|${PERCENT})+`
const CHARACTER = `[A-Za-z0-9\\-._~!$&'()*+,;=:@/]|${PERCENT}`

/** RFC 3986, absolute, without user or IP literal: no stricter parser than libxml2's may stand behind. */
const ABSOLUTE_URI = new RegExp(
  `^[A-Za-z][A-Za-z0-9+.-]*:(?=.)(?://${HOST}(?::[0-9]{1,5})?(?![^/?#])|(?!//))(?:${CHARACTER})*(?:\\?(?:${CHARACTER}|\\?)*)?(?:#(?:${CHARACTER}|\\?)*)?$`,
)

export const outermost: Scope = new Map([['xml', ns.xml]])

/** Namespaces in XML 1.0, 3 and 5: no other prefix is reserved, and only the default namespace can be taken back. */
export function checkDeclaration(prefix: string, uri: string, limits: XmlLimits): void {
  if (uri.length > limits.namespaceUri) throw new NodeFault('XML_SIZE', 'a namespace URI')
  if (uri === '' && prefix !== '') throw new NodeFault('XML_NS', `prefix '${prefix}' bound to nothing`)
  if (prefix === 'xmlns' || uri === XMLNS || (prefix === 'xml') !== (uri === ns.xml)) {
    throw new NodeFault('XML_NS', `prefix '${prefix}' bound to another namespace than its own`)
  }
}

/**
 * Whether there is a canonical form of a name in this namespace: of a relative one there is none (Canonical XML 1.0, 1.3),
 * and libxml2 does not escape an ampersand. Such a declaration is passed over as long as no name uses it.
 */
export function isUsable(uri: string): boolean {
  return usual.has(uri) || (ABSOLUTE_URI.test(uri) && !uri.includes('&'))
}

/** Those of nearly every declaration, which need no look. */
const usual: ReadonlySet<string> = new Set(['', ...Object.values(ns)])
