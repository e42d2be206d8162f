import { NodeFault } from '../../errors/node-fault.ts'
import { anyOf } from '../../xml/any-of.ts'
import type { MessageParameter } from './message.ts'

/*
 * Parameters of a form or query, read from the octets as received. General-purpose parsers forgive bad escapes, join
 * repeated names and know brackets; each of that has been an attack on SAML.
 */

/** Characters of a message in base64, and octets of a message. */
const MESSAGE_LIMIT = 131_072

/** Octets of a request: any stranger can send one, and it needs less. */
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
const PAIR_LIMIT = 32

export interface Parameter {
  /** `name=value`, still escaped. */
  readonly raw: string
  readonly value: string
}

export type Parameters = ReadonlyMap<string, Parameter>

/**
 * The parameters of these names in a form body or query, each at most once and none disguised by escapes. Others are
 * ignored (SAML Bindings 3.4.4, 3.5.4) and never signed over, but for names that some reader takes for one of ours.
 */
export function readParameters(text: string, names: readonly string[]): Parameters {
  const pairs = splitPairs(text).map((raw) => readPair(raw, names))
  const own = pairs.filter(({ name }) => names.includes(name))
  const found = new Map(own.map((pair) => [pair.name, pair]))
  if (found.size < own.length) throw new NodeFault('BIND_DUP_PARAM', 'a parameter occurs more than once')
  if (pairs.some(({ name }) => name === 'SAMLart')) throw new NodeFault('BIND_UNSUPPORTED', 'artifact binding')
  if (own.some(({ name, raw }) => raw !== name && !raw.startsWith(`${name}=`))) {
    throw new NodeFault('BIND_EXTRA_FIELD', 'the name of a parameter, escaped')
  }
  if (pairs.some(({ name }) => !names.includes(name) && isDisguise(name))) {
    throw new NodeFault('BIND_EXTRA_FIELD', 'a name that only looks like that of a parameter')
  }
  return found
}

const EXACT: readonly string[] = ['SAMLRequest', 'SAMLResponse', 'RelayState', 'SigAlg', 'Signature', 'SAMLEncoding']

/**
 * the letters of a known name in other capitals, among anything that is no letter. Readers that know
 * brackets, cut at NUL, or do not tell capitals apart, would read another message than we do.
 */
function isDisguise(name: string): boolean {
  if (EXACT.includes(name)) return false
  const bare = name.normalize('NFKC').toLowerCase()
  const words: readonly string[] = bare.match(/[a-z]+/g) ?? []
  return EXACT.some((one) => words.includes(one.toLowerCase()))
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

/** The values of others are not looked into. */
function readPair(raw: string, names: readonly string[]): Parameter & { readonly name: string } {
  const [written = ''] = raw.split('=', 1)
  if (written.length > NAME_LIMIT) throw new NodeFault('BIND_SIZE', 'the name of a parameter')
  const name = unescapeText(written)
  return { raw, name, value: names.includes(name) ? unescapeText(raw.slice(written.length + 1)) : '' }
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
