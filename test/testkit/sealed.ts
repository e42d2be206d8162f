import type { FaultCode } from '../../src/errors/faults.ts'
import type { XmlElement } from '../../src/xml/element.ts'
import { messageLimits } from '../../src/xml/limits.ts'
import { scan } from '../../src/xml/scanner.ts'
import { writeText, writeXml, type XmlPart } from '../../src/xml/writer.ts'
import { swap } from '../unit/xmlsec/forge.ts'
import { type Flow, postAnswer, recipientOf } from './flow.ts'
import { encryptFor, mintAssertion, mintResponse, sign } from './mint.ts'
import { expectAnswered, expectNotReusable } from './verdict.ts'

/*
 * Encrypted assertions as text, to be changed and then signed with the Response around them: decryption begins behind a
 * signature that verifies, so whoever attacks it is a peer, or holds a peer's key.
 */

/** An EncryptedAssertion for the node, of the right assertion or of these octets. */
export async function sealed(flow: Flow, plaintext?: Uint8Array): Promise<string> {
  return writeText(await encryptFor(recipientOf(flow), plaintext ?? writeXml(mintAssertion(flow))))
}

/** A Response of the peer around these EncryptedAssertions, signed. */
export function signedAround(flow: Flow, ...encrypted: readonly string[]): Promise<Uint8Array> {
  return sign(mintResponse(flow, { encryptedAssertions: encrypted.map(partOf) }), flow.answerer.signing)
}

/** Posts this EncryptedAssertion in a signed Response, which must be refused with this code. */
export async function isRefusedSealed(flow: Flow, encrypted: string, code: FaultCode): Promise<void> {
  expectAnswered(flow, await postAnswer(flow, await signedAround(flow, encrypted)), code)
  await expectNotReusable(flow)
}

/** Text as a part, to be put into another one. */
export function partOf(xml: string): XmlPart {
  return fromElement(scan(Buffer.from(xml), messageLimits))
}

function fromElement(element: XmlElement): XmlPart {
  return {
    name: element,
    attributes: element.attributes,
    children: element.children.map((child) => (typeof child === 'string' ? child : fromElement(child))),
    declare: [],
  }
}

const CIPHER_VALUE = /<xenc:CipherValue>([^<]*)/g
const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64')

/** The two values of an EncryptedAssertion: that of the key comes first. */
export function valuesOf(xml: string): { readonly key: Buffer; readonly data: Buffer } {
  const [key = '', data = ''] = [...xml.matchAll(CIPHER_VALUE)].map(([, value = '']) => value)
  return { key: Buffer.from(key, 'base64'), data: Buffer.from(data, 'base64') }
}

export const withKeyValue = (value: Uint8Array) => swap(/(<xenc:CipherValue>)[^<]*/, `$1${base64(value)}`)
export const withDataValue = (value: Uint8Array) => swap(/(.*<xenc:CipherValue>)[^<]*/s, `$1${base64(value)}`)

export function flipped(octets: Uint8Array, at: number): Buffer {
  const out = Buffer.from(octets)
  out.writeUInt8(out.readUInt8(at) ^ 1, at)
  return out
}
