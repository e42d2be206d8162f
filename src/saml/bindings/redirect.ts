import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { NodeFault } from '../../errors/node-fault.ts'
import type { SigningKey } from '../../xmlsec/keys.ts'
import { type DetachedSignature, signOctets } from '../../xmlsec/octets.ts'
import type { BindingInput, BoundMessage, MessageParameter } from './message.ts'
import { messageIn, octetsOf, type Parameters, readBase64, readMessage, readParameters } from './parameters.ts'
import { checkedRelayState, relayStateIn } from './relay-state.ts'

const NAMES = ['SAMLRequest', 'SAMLResponse', 'RelayState', 'SigAlg', 'Signature', 'SAMLEncoding']

/** SAML Bindings 3.4.4.1: the one encoding, which is also the one meant when none is said. */
const DEFLATE = 'urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE'

/**
 * SAML Bindings 3.4: a message in a query, deflated and signed there. EU nodes instead put the XML into the query as it
 * is, base64 only, with its signature inside (R-MF-40). Which of the two it is, the signature's parameters say; where there
 * are none, a deflated message may have its signature inside as well. `relayStateOctets` as in receivePost.
 */
export function receiveRedirect(input: BindingInput, relayStateOctets?: number): BoundMessage {
  if (input.method !== 'GET') throw new NodeFault('BIND_METHOD')
  if (input.body.length > 0) throw new NodeFault('BIND_SPLIT', 'a body on a redirect')
  if (input.contentEncoding !== undefined) throw new NodeFault('BIND_ENCODING')
  const parameters = readParameters(input.query, NAMES)
  expectEncoding(parameters)
  const { parameter, value } = messageIn(parameters)
  const octets = readMessage(parameter, value)
  const detached = readDetached(parameters, parameter)
  const relayState = relayStateIn(parameters, relayStateOctets)
  if (detached !== undefined) return { parameter, xml: inflate(octets, octetsOf(parameter)), relayState, detached }
  if (octets[0] === LESS) return { parameter, xml: octets, relayState }
  const xml = inflate(octets, octetsOf(parameter))
  // Only to tell it early and by the right name: whether it is signed is decided where the XML is verified.
  if (!Buffer.from(xml).includes('SignatureValue'))
    throw new NodeFault('BIND_UNSIGNED', 'neither in the query nor inside')
  return { parameter, xml, relayState }
}

const LESS = 0x3c

/** SAML Bindings 3.4.4: another encoding than the one we know is not ours to guess. */
function expectEncoding(parameters: Parameters): void {
  const encoding = parameters.get('SAMLEncoding')
  if (encoding !== undefined && encoding.value !== DEFLATE) throw new NodeFault('BIND_UNSUPPORTED', 'SAMLEncoding')
}

/** SAML Bindings 3.4.4.1: the octets that were signed, cut out as received and put into the order of the text. */
function readDetached(parameters: Parameters, parameter: MessageParameter): DetachedSignature | undefined {
  const algorithm = parameters.get('SigAlg')
  const signature = parameters.get('Signature')
  if (algorithm === undefined && signature === undefined) return undefined
  if (algorithm === undefined || signature === undefined) throw new NodeFault('BIND_UNSIGNED', 'half a signature')
  const signed = [parameter, 'RelayState', 'SigAlg'].flatMap((name) => parameters.get(name)?.raw ?? [])
  return {
    octets: Buffer.from(signed.join('&'), 'latin1'),
    signature: readBase64(signature.value),
    algorithm: algorithm.value,
  }
}

/** RFC 1951, one stream that ends where the octets end. A stored first block is no compression but a disguise. */
function inflate(octets: Uint8Array, limit: number): Uint8Array {
  if (((octets[0] ?? 0) & 6) === 0) throw new NodeFault('BIND_INFLATE', 'a stored block, or a zlib wrapper')
  const { buffer, engine } = inflated(octets, limit)
  if (engine.bytesWritten !== octets.length) throw new NodeFault('BIND_INFLATE', 'octets behind the stream')
  return buffer
}

interface Inflated {
  readonly buffer: Uint8Array
  readonly engine: { readonly bytesWritten: number }
}

function inflated(octets: Uint8Array, limit: number): Inflated {
  try {
    const result: unknown = inflateRawSync(octets, { maxOutputLength: limit, info: true })
    if (isInflated(result)) return result
  } catch (cause) {
    throw new NodeFault('BIND_INFLATE', 'broken or too large', { cause })
  }
  throw new TypeError('zlib without info')
}

/** The typings do not know what `info: true` returns. */
function isInflated(result: unknown): result is Inflated {
  return typeof result === 'object' && result !== null && 'buffer' in result && 'engine' in result
}

/** A message on its way out by redirect. */
export interface RedirectMessage {
  /** The endpoint's location. */
  readonly location: string
  readonly parameter: MessageParameter
  readonly xml: Uint8Array
  readonly relayState?: string | undefined
}

/** The URL that carries a message, deflated and signed (SAML Bindings 3.4.4.1). The XML itself carries no signature. */
export async function redirectUrl(message: RedirectMessage, key: SigningKey): Promise<string> {
  const { location, parameter, xml } = message
  const relayState = checkedRelayState(message.relayState)
  const pairs: readonly (readonly [string, string])[] = [
    [parameter, deflateRawSync(xml).toString('base64')],
    ...(relayState === undefined ? [] : [['RelayState', relayState] as const]),
    ['SigAlg', key.algorithm],
  ]
  const signed = pairs.map(writePair).join('&')
  const { signature } = await signOctets(Buffer.from(signed, 'latin1'), key)
  const last = writePair(['Signature', Buffer.from(signature).toString('base64')])
  return `${location}${location.includes('?') ? '&' : '?'}${signed}&${last}`
}

function writePair([name, value]: readonly [string, string]): string {
  return `${name}=${encodeURIComponent(value)}`
}
