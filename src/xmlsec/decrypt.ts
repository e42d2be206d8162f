import { createDecipheriv, randomBytes } from 'node:crypto'
import { NodeFault } from '../errors/node-fault.ts'
import { identifiersIn } from '../xml/attributes.ts'
import type { QName, XmlElement } from '../xml/element.ts'
import type { XmlLimits } from '../xml/limits.ts'
import type { SchemaName } from '../xml/schema.ts'
import type { AgreedKey } from './agreement.ts'
import { dataCiphers, KEY_WRAP_IV, keyWraps } from './algorithms.ts'
import { concatKdf } from './concat-kdf.ts'
import { type EncryptedContent, IV_OCTETS, readEncrypted, TAG_OCTETS, type TransportedKey } from './encrypted-data.ts'
import type { EncryptionPolicy } from './encryption-policy.ts'
import type { DecryptionKey, TrustedKeys } from './keys.ts'
import { inContext, readPlaintext } from './plaintext.ts'
import { keysToTry } from './recipients.ts'
import { markSigned, type SignedElement } from './signed.ts'

/*
 * Decryption of an element that a verified signature covers, and of no other: the type says so. What comes
 * out goes the whole way of a received document again. From the moment a private key is touched every failure is the one
 * fault ENC_FAIL with one detail, and takes the same steps: a content key that does not unwrap is replaced by a random
 * one, so that the content is tried all the same.
 */

export interface DecryptOptions {
  readonly keys: readonly DecryptionKey[]
  readonly policy: EncryptionPolicy
  /** The one element the plaintext must be. */
  readonly root: QName
  readonly schema: SchemaName
  readonly limits: XmlLimits
  /** For a signature of the plaintext's own, which must verify when there is one. */
  readonly signers?: TrustedKeys
  /** The verified message around it: an ID may occur in one of the two only. */
  readonly within?: SignedElement
}

/**
 * Decrypts the EncryptedData in `encrypted` (an EncryptedAssertion) and gives the element in it, without its signature.
 * Faults: ENC_*, XML_SCHEMA, XML_SIZE, XML_DUP_ID, DS_*.
 */
export async function decryptElement(encrypted: SignedElement, options: DecryptOptions): Promise<SignedElement> {
  const content = readEncrypted(encrypted, options.policy)
  const plaintext = await decryptContent(content, options.keys)
  const root = readPlaintext(inContext(plaintext, encrypted.scope), options)
  expectFreshIds(root, options.within)
  return markSigned(root)
}

/**
 * The octets in there. Nothing of them is used before the tag has been found right. Every key to try is tried in
 * full until one is right: which of them was wrong, or how, shows in no step.
 */
export async function decryptContent(content: EncryptedContent, keys: readonly DecryptionKey[]): Promise<Uint8Array> {
  let cause: unknown
  for (const key of fitting(content.key, keysToTry(keys, content.key.kind, content.key.recipients))) {
    try {
      return openContent(content, await contentKeyWith(key, content))
    } catch (thrown) {
      cause = thrown
    }
  }
  throw failed(cause)
}

/** Of keys on curves those of the sender's point. */
function fitting(wrapped: TransportedKey | AgreedKey, keys: readonly DecryptionKey[]): readonly DecryptionKey[] {
  if (wrapped.kind === 'rsa') return keys
  const { curve } = wrapped
  const onCurve = keys.filter((key) => key.curve === curve.name)
  if (onCurve.length > 0 || keys.length === 0) return onCurve
  throw new NodeFault('ENC_KEY', `a point on ${curve.name} for a key on ${keys.map((key) => key.curve).join(', ')}`)
}

/** The content key, or a random one of its length when there is none. */
async function contentKeyWith(key: DecryptionKey, { cipher, key: wrapped }: EncryptedContent): Promise<Uint8Array> {
  const { keyOctets } = dataCiphers[cipher]
  const unwrapped = await unwrapContentKey(wrapped, key)
  return unwrapped?.length === keyOctets ? unwrapped : randomBytes(keyOctets)
}

function openContent({ cipher, octets }: EncryptedContent, contentKey: Uint8Array): Uint8Array {
  const end = octets.length - TAG_OCTETS
  const options = { authTagLength: TAG_OCTETS }
  const decipher = createDecipheriv(dataCiphers[cipher].cipher, contentKey, octets.subarray(0, IV_OCTETS), options)
  decipher.setAuthTag(octets.subarray(end))
  const head = decipher.update(octets.subarray(IV_OCTETS, end))
  return Buffer.concat([head, decipher.final()])
}

function failed(cause?: unknown): NodeFault {
  return new NodeFault('ENC_FAIL', '', { cause })
}

/** The content key, or undefined for any reason whatever. */
async function unwrapContentKey(
  wrapped: TransportedKey | AgreedKey,
  key: DecryptionKey,
): Promise<Uint8Array | undefined> {
  if (wrapped.kind === 'ec') return unwrapAgreed(wrapped, key)
  try {
    return await key.unwrap(wrapped.wrapped, wrapped.transport.hash)
  } catch {
    return undefined
  }
}

function unwrapAgreed(
  { wrap, kdfHash, otherInfo, ephemeral, wrapped }: AgreedKey,
  key: DecryptionKey,
): Uint8Array | undefined {
  const { cipher, keyOctets } = keyWraps[wrap]
  try {
    const secret = key.agree(ephemeral)
    const decipher = createDecipheriv(cipher, concatKdf(secret, otherInfo, kdfHash, keyOctets), KEY_WRAP_IV)
    return Buffer.concat([decipher.update(wrapped), decipher.final()])
  } catch {
    return undefined
  }
}

/** Rule 22: IDs are unique over message and plaintext together. */
function expectFreshIds(root: XmlElement, within: XmlElement | undefined): void {
  if (within === undefined) return
  const [outside, inside] = [identifiersIn(within), identifiersIn(root)]
  const all = new Set([...outside.own, ...outside.foreign])
  const isTwice = [...inside.own].some((id) => all.has(id)) || [...inside.foreign].some((id) => outside.own.has(id))
  if (isTwice) throw new NodeFault('XML_DUP_ID', 'in message and plaintext')
}
