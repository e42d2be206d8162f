import { inflateRawSync } from 'node:zlib'
import { NodeFault } from '../errors/node-fault.ts'
import type { MessageParameter } from '../saml/bindings/message.ts'
import { receiveRedirect } from '../saml/bindings/redirect.ts'
import { metadataLimits } from '../xml/limits.ts'
import { fromBase64 } from '../xmlsec/base64.ts'
import type { DetachedSignature } from '../xmlsec/octets.ts'
import { attempt, distinct, type Finding } from './findings.ts'

/* From what people copy out of browsers and files to the XML in it: as it is, base64, deflated base64, a query, a URL. */

export type Encoding = 'xml' | 'base64' | 'deflate' | 'query' | 'url'

export interface Unwrapped {
  readonly encoding: Encoding
  /** Absent when there is no way to it. */
  readonly xml?: Uint8Array
  readonly parameter?: MessageParameter
  /** The signature of a query, which stands beside the message. */
  readonly detached?: DetachedSignature | undefined
  readonly findings: readonly Finding[]
}

export function unwrap(octets: Uint8Array): Unwrapped {
  const text = Buffer.from(octets).toString('latin1').trim()
  if (XML_START.test(text)) return { encoding: 'xml', xml: octets, findings: [] }
  if (/(?:^|[?&])SAML(?:Request|Response)=/.test(text)) return unwrapQuery(text)
  if (/^[A-Za-z0-9+/=%\s]+$/.test(text)) return unwrapBase64(text)
  return { encoding: 'xml', xml: octets, findings: [] }
}

/** How XML begins, in whatever encoding. What is in it, such as the address of a message, is its own affair. */
const XML_START = /^(?:\xef\xbb\xbf|\xfe\xff|\xff\xfe)?[\s\0]*</

const cite = () => 'R-MF-40'

/** Base64 as it is, or folded, or as it stands in a URL. */
function unwrapBase64(text: string): Unwrapped {
  const { value, findings } = attempt(() => readPacked(text), cite)
  return { encoding: value?.deflated === false ? 'base64' : 'deflate', ...xmlOf(value), findings }
}

interface Packed {
  readonly xml: Uint8Array
  readonly deflated: boolean
}

function xmlOf(packed: Packed | undefined): { readonly xml?: Uint8Array } {
  return packed === undefined ? {} : { xml: packed.xml }
}

/** What begins like XML is XML; the rest is a DEFLATE stream. */
function readPacked(text: string): Packed {
  const octets = fromBase64(unescaped(text).replace(/\s+/g, ''))
  if (octets === undefined || octets.length === 0) throw new NodeFault('BIND_B64')
  const isXml = XML_START.test(octets.subarray(0, 64).toString('latin1'))
  return isXml ? { xml: octets, deflated: false } : { xml: inflated(octets), deflated: true }
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new NodeFault('BIND_PCT', 'a bad escape', { cause })
  }
}

function inflated(octets: Uint8Array): Uint8Array {
  try {
    return inflateRawSync(octets, { maxOutputLength: metadataLimits.octets })
  } catch (cause) {
    throw new NodeFault('BIND_INFLATE', 'neither XML nor a DEFLATE stream within the limit', { cause })
  }
}

/** The parameters the binding knows. */
const NAMES = ['SAMLRequest', 'SAMLResponse', 'RelayState', 'SigAlg', 'Signature']

/** As the node receives it; if it would not, without what it does not know; if not even then, the message alone. */
function unwrapQuery(text: string): Unwrapped {
  const isUrl = /^[a-z]+:\/\/|^\//i.test(text)
  const [whole = ''] = text.split('#', 1)
  const query = whole.slice(whole.indexOf('?') + 1)
  const known = query.split('&').filter((pair) => NAMES.includes(pair.split('=', 1)[0] ?? ''))
  const encoding = isUrl ? 'url' : 'query'
  const tries = [query, known.join('&')].map((one) => attempt(() => received(one), cite))
  const findings = distinct(tries.flatMap((one) => one.findings))
  const found = tries.find(({ value }) => value !== undefined)?.value
  if (found === undefined) return messageAlone(known, encoding, findings)
  const heard = tries[0]?.value === undefined ? (tries[0]?.findings ?? []) : []
  return { encoding, xml: found.xml, parameter: found.parameter, detached: found.detached, findings: heard }
}

function received(query: string) {
  return receiveRedirect({
    method: 'GET',
    query,
    contentType: undefined,
    contentEncoding: undefined,
    body: new Uint8Array(),
  })
}

function messageAlone(pairs: readonly string[], encoding: Encoding, heard: readonly Finding[]): Unwrapped {
  const [name = '', ...rest] = (pairs.find((pair) => /^SAML(?:Request|Response)=/.test(pair)) ?? '').split('=')
  const parameter = name === 'SAMLResponse' ? 'SAMLResponse' : 'SAMLRequest'
  const { value, findings } = attempt(() => readPacked(rest.join('=')), cite)
  return { encoding, parameter, ...xmlOf(value), findings: distinct([...heard, ...findings]) }
}
