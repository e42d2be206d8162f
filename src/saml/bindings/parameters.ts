import { NodeFault } from '../../errors/node-fault.ts'
import { anyOf } from '../../xml/any-of.ts'
import type { MessageParameter } from './message.ts'

/*
 * Parameters of a form or query, read from the octets as received. General-purpose parsers forgive bad escapes, join
 * repeated names and know brackets; each of that has been an attack on SAML.
 */

/** Characters of a message in base64, and octets of a message. */
const MESSAGE_LIMIT = 131_072

/** Octets of a request: one may come from anybody, and needs less. */
const REQUEST_LIMIT = 32_768

/** How many octets this message may have. */
export function octetsOf(parameter: MessageParameter): number {
  return parameter === 'SAMLRequest' ? REQUEST_LIMIT : MESSAGE_LIMIT
}

/** Every character of the message escaped, and room for the other parameters. */
const TEXT_LIMIT = 3 * MESSAGE_LIMIT + 8_192
const NAME_LIMIT = 64
/** What is ASCII and must be escaped: the blank and all controls. */
const isUnescaped = anyOf(`${String.fromCharCode(...Array(0x21).keys())}\x7f`)
const isFolded = anyOf('\r\n')
const PAIR_LIMIT = 8

export interface Parameter {
  /** `name=value`, still escaped. */
  readonly raw: string
  readonly value: string
}

export type Parameters = ReadonlyMap<string, Parameter>

/** All parameters of a form body or query: each at most once, none but `names`, and no name disguised by escapes. */
export function readParameters(text: string, names: readonly string[]): Parameters {
  const pairs = splitPairs(text).map(readPair)
  const found = new Map(pairs.map((pair) => [pair.name, pair]))
  if (found.size < pairs.length) throw new NodeFault('BIND_DUP_PARAM', 'a parameter occurs more than once')
  if (found.has('SAMLart')) throw new NodeFault('BIND_UNSUPPORTED', 'artifact binding')
  if (pairs.some(({ name, raw }) => !names.includes(name) || !(raw === name || raw.startsWith(`${name}=`)))) {
    throw new NodeFault('BIND_EXTRA_FIELD', 'a parameter of another name')
  }
  return found
}

/** Which of the two messages is there, and its value. */
export function messageIn(parameters: Parameters): { readonly parameter: MessageParameter; readonly value: string } {
  const request = parameters.get('SAMLRequest')
  const response = parameters.get('SAMLResponse')
  if (request && response) throw new NodeFault('BIND_BOTH')
  const value = (request ?? response)?.value ?? ''
  if (value === '') throw new NodeFault('BIND_MISSING', 'no SAMLRequest or SAMLResponse')
  return { parameter: request ? 'SAMLRequest' : 'SAMLResponse', value }
}

/** The octets of a message in base64; BIND_SIZE for more than such a message may have. */
export function readMessage(parameter: MessageParameter, text: string): Uint8Array {
  const octets = readBase64(text)
  if (octets.length > octetsOf(parameter)) throw new NodeFault('BIND_SIZE', `a ${parameter} of ${octets.length} octets`)
  return octets
}

/** Strict base64: line ends may be anywhere (RFC 2045, as EU nodes write), everything else is held to RFC 4648. */
export function readBase64(text: string): Uint8Array {
  if (text.length > MESSAGE_LIMIT) throw new NodeFault('BIND_SIZE', `${text.length} characters`)
  const bare = isFolded(text) ? text.replace(/[\r\n]/g, '') : text
  const octets = Buffer.from(bare, 'base64')
  if (octets.length === 0 || octets.toString('base64') !== bare) throw new NodeFault('BIND_B64')
  return octets
}

function splitPairs(text: string): readonly string[] {
  if (text.length > TEXT_LIMIT) throw new NodeFault('BIND_SIZE', `${text.length} characters of parameters`)
  if (Buffer.byteLength(text) > text.length || isUnescaped(text))
    throw new NodeFault('BIND_PCT', 'a character that must be escaped')
  const pairs = text === '' ? [] : text.split('&')
  if (pairs.length > PAIR_LIMIT) throw new NodeFault('BIND_SIZE', `${pairs.length} parameters`)
  return pairs
}

function readPair(raw: string): Parameter & { readonly name: string } {
  const [name = ''] = raw.split('=', 1)
  if (name.length > NAME_LIMIT) throw new NodeFault('BIND_SIZE', 'the name of a parameter')
  return { raw, name: unescapeText(name), value: unescapeText(raw.slice(name.length + 1)) }
}

/**
 * URL Standard 5.1, but without its leniency: decodeURIComponent refuses bad escapes and bad UTF-8. Base64 has three
 * characters that are escaped, and is long: they go first, which makes nothing good that was bad, none being a digit.
 */
function unescapeText(text: string): string {
  const base64 = text.replaceAll('+', ' ').replace(/%2B/g, '+').replace(/%2F/g, '/').replace(/%3D/g, '=')
  if (!base64.includes('%')) return base64
  try {
    return decodeURIComponent(base64)
  } catch (cause) {
    throw new NodeFault('BIND_PCT', 'a bad escape', { cause })
  }
}
