import { NodeFault } from '../errors/node-fault.ts'
import type { XmlElement } from '../xml/element.ts'
import { ds, xenc, xenc11 } from '../xml/names.ts'
import { attribute, many } from '../xml/reader.ts'
import { type AgreedKey, readAgreedKey } from './agreement.ts'
import { type DataCipher, dataCiphers, type KeyTransport, oaepDefaults } from './algorithms.ts'
import { fromBase64 } from './base64.ts'
import type { EncryptionPolicy } from './encryption-policy.ts'
import { type Recipients, readRecipients } from './recipients.ts'
import { brief, expectEmpty, onlyText, sequenceOf } from './shape.ts'

/*
 * The structure of xenc:EncryptedData with its one xenc:EncryptedKey, read strictly and against a policy before any key
 * is touched (rules 20 and 21 of docs/verify-path.md): values only, no references to anything, no transforms.
 */

export interface EncryptedContent {
  readonly cipher: DataCipher
  /** IV, ciphertext and tag. */
  readonly octets: Buffer
  readonly key: TransportedKey | AgreedKey
}

export interface TransportedKey {
  readonly kind: 'rsa'
  readonly transport: KeyTransport
  readonly wrapped: Buffer
  readonly recipients: Recipients
}

export const ELEMENT_TYPE = 'http://www.w3.org/2001/04/xmlenc#Element'
export const IV_OCTETS = 12
export const TAG_OCTETS = 16

/** Reads the children of an EncryptedAssertion. Faults: ENC_STRUCT, ENC_ALG, ENC_DATA, ENC_KEY. */
export function readEncrypted(parent: XmlElement, policy: EncryptionPolicy): EncryptedContent {
  const children = sequenceOf(parent, 'ENC_STRUCT')
  const data = children.one(xenc('EncryptedData'))
  const sibling = policy.keyPlace === 'inline' ? undefined : children.optional(xenc('EncryptedKey'))
  children.end()
  return readEncryptedData(data, sibling, policy)
}

function readEncryptedData(
  data: XmlElement,
  sibling: XmlElement | undefined,
  policy: EncryptionPolicy,
): EncryptedContent {
  if (attribute(data, 'Type') !== ELEMENT_TYPE) throw new NodeFault('ENC_STRUCT', 'Type is not #Element')
  const children = sequenceOf(data, 'ENC_STRUCT', ['Id', 'Type', 'MimeType'])
  const method = children.one(xenc('EncryptionMethod'))
  const keyInfo = children.optional(ds('KeyInfo'))
  const cipherData = children.one(xenc('CipherData'))
  children.end()
  const key = readEncryptedKey(onlyKey(keyInfo, sibling), policy)
  const cipher = readDataCipher(method, policy)
  return { cipher, octets: readCiphertext(cipherData), key: expectKeyLength(key, cipher) }
}

/** Exactly one EncryptedKey, inline or right behind; hints beside it are passed over and never followed. */
function onlyKey(keyInfo: XmlElement | undefined, sibling: XmlElement | undefined): XmlElement {
  const inline = keyInfo === undefined ? [] : many(keyInfo, xenc('EncryptedKey'))
  const [key, second] = sibling === undefined ? inline : [...inline, sibling]
  if (key === undefined || second !== undefined) throw new NodeFault('ENC_STRUCT', 'not exactly one encrypted key')
  return key
}

function readDataCipher(method: XmlElement, policy: EncryptionPolicy): DataCipher {
  const uri = attribute(method, 'Algorithm')
  const cipher = policy.dataCiphers.find((candidate) => candidate === uri)
  if (cipher === undefined) throw new NodeFault('ENC_ALG', brief(uri))
  expectEmpty(method, 'ENC_STRUCT', ['Algorithm'])
  return cipher
}

/** with less than IV, tag and one octet the tag would be cut short. */
function readCiphertext(cipherData: XmlElement): Buffer {
  const octets = readCipherValue(cipherData)
  if (octets.length <= IV_OCTETS + TAG_OCTETS) throw new NodeFault('ENC_DATA', `${octets.length} octets`)
  return octets
}

function readCipherValue(cipherData: XmlElement): Buffer {
  const children = sequenceOf(cipherData, 'ENC_STRUCT')
  const value = children.one(xenc('CipherValue'))
  children.end()
  const octets = fromBase64(onlyText(value, 'ENC_STRUCT'))
  if (octets === undefined) throw new NodeFault('ENC_DATA', 'not base64')
  return octets
}

/** Recipient, CarriedKeyName and the list of what the key is for are hints. */
function readEncryptedKey(element: XmlElement, policy: EncryptionPolicy): TransportedKey | AgreedKey {
  const children = sequenceOf(element, 'ENC_STRUCT', ['Id', 'Type', 'MimeType', 'Encoding', 'Recipient'])
  const method = children.one(xenc('EncryptionMethod'))
  const keyInfo = children.optional(ds('KeyInfo'))
  const wrapped = readCipherValue(children.one(xenc('CipherData')))
  children.optional(xenc('EncryptionProperties'))
  children.optional(xenc('ReferenceList'))
  children.optional(xenc('CarriedKeyName'))
  children.end()
  const agreement = keyInfo === undefined ? undefined : agreementIn(keyInfo)
  if (agreement !== undefined) return readAgreedKey(agreement, method, wrapped, policy)
  const recipients = keyInfo === undefined ? [] : readRecipients(keyInfo)
  return { kind: 'rsa', transport: readTransport(method, policy), wrapped, recipients }
}

function agreementIn(keyInfo: XmlElement): XmlElement | undefined {
  const [first, second] = many(keyInfo, xenc('AgreementMethod'))
  if (second !== undefined) throw new NodeFault('ENC_STRUCT', 'two key agreements')
  return first
}

/** one exact combination of algorithm, digest and mask generation; a label is refused. */
function readTransport(method: XmlElement, policy: EncryptionPolicy): KeyTransport {
  const uri = attribute(method, 'Algorithm')
  if (!policy.keyTransports.some((known) => known.uri === uri)) throw new NodeFault('ENC_ALG', brief(uri))
  const children = sequenceOf(method, 'ENC_ALG', ['Algorithm'])
  const digestUri = readUri(children.optional(ds('DigestMethod')), oaepDefaults.digestUri)
  const mgfUri = readUri(children.optional(xenc11('MGF')), oaepDefaults.mgfUri)
  children.end()
  const found = policy.keyTransports.find(
    (known) => known.uri === uri && known.digestUri === digestUri && known.mgfUri === mgfUri,
  )
  if (found === undefined) throw new NodeFault('ENC_ALG', [uri, digestUri, mgfUri].map(brief).join(' '))
  return found
}

function readUri(element: XmlElement | undefined, whenAbsent: string): string {
  if (element === undefined) return whenAbsent
  expectEmpty(element, 'ENC_ALG', ['Algorithm'])
  return attribute(element, 'Algorithm') ?? ''
}

/** AES key wrap adds eight octets to a key of exactly the cipher's length. */
function expectKeyLength(key: TransportedKey | AgreedKey, cipher: DataCipher): TransportedKey | AgreedKey {
  const expected = dataCiphers[cipher].keyOctets + 8
  if (key.kind === 'ec' && key.wrapped.length !== expected) {
    throw new NodeFault('ENC_KEY', `a wrapped key of ${key.wrapped.length} octets`)
  }
  return key
}
