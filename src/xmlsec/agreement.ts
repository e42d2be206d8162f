import { ECDH } from 'node:crypto'
import { NodeFault } from '../errors/node-fault.ts'
import { isNamed, type XmlElement } from '../xml/element.ts'
import { ds, ds11, xenc, xenc11 } from '../xml/names.ts'
import { attribute } from '../xml/reader.ts'
import { CONCAT_KDF, digestAlgorithms, ECDH_ES, type Hash, isIn, type KeyWrap } from './algorithms.ts'
import { fromBase64 } from './base64.ts'
import { readKdfParameter } from './concat-kdf.ts'
import { type Curve, curveOf, curves, publicKeyOfPoint } from './curves.ts'
import type { EncryptionPolicy } from './encryption-policy.ts'
import { type Recipients, readRecipients } from './recipients.ts'
import { brief, expectEmpty, onlyElements, onlyText, sequenceOf } from './shape.ts'

/*
 * xenc:AgreementMethod for ECDH-ES (XML Encryption 1.1, 5.6.4; R-CR-16): key derivation, the sender's ephemeral key, and
 * whom it is for.
 */

export interface AgreedKey {
  readonly kind: 'ec'
  readonly wrap: KeyWrap
  readonly kdfHash: Hash
  readonly otherInfo: Buffer
  readonly curve: Curve
  /** The sender's point, uncompressed, on the curve. */
  readonly ephemeral: Uint8Array
  readonly wrapped: Buffer
  readonly recipients: Recipients
}

/** Faults: ENC_STRUCT, ENC_ALG, ENC_KEY. */
export function readAgreedKey(
  agreement: XmlElement,
  method: XmlElement,
  wrapped: Buffer,
  policy: EncryptionPolicy,
): AgreedKey {
  const children = sequenceOf(agreement, 'ENC_STRUCT', ['Algorithm'])
  children.optional(xenc('KA-Nonce'))
  const derivation = children.one(xenc11('KeyDerivationMethod'))
  const originator = children.one(xenc('OriginatorKeyInfo'))
  const recipient = children.optional(xenc('RecipientKeyInfo'))
  children.end()
  expectAlgorithm(agreement, ECDH_ES)
  const wrap = readKeyWrap(method, policy)
  const { curve, spki } = readOriginator(originator)
  return {
    kind: 'ec',
    wrap,
    ...readDerivation(derivation),
    curve,
    ephemeral: pointOf(curve, spki),
    wrapped,
    recipients: recipient === undefined ? [] : readRecipients(recipient),
  }
}

function expectAlgorithm(element: XmlElement, uri: string): void {
  const found = attribute(element, 'Algorithm')
  if (found !== uri) throw new NodeFault('ENC_ALG', brief(found))
}

function readKeyWrap(method: XmlElement, policy: EncryptionPolicy): KeyWrap {
  const uri = attribute(method, 'Algorithm')
  const wrap = policy.keyWraps.find((candidate) => candidate === uri)
  if (wrap === undefined) throw new NodeFault('ENC_ALG', brief(uri))
  expectEmpty(method, 'ENC_STRUCT', ['Algorithm'])
  return wrap
}

/** the three parameters of the profile, and a digest of the table. */
function readDerivation(derivation: XmlElement): Pick<AgreedKey, 'kdfHash' | 'otherInfo'> {
  expectAlgorithm(derivation, CONCAT_KDF)
  const children = sequenceOf(derivation, 'ENC_STRUCT', ['Algorithm'])
  const parameters = children.one(xenc11('ConcatKDFParams'))
  children.end()
  const digests = sequenceOf(parameters, 'ENC_ALG', ['AlgorithmID', 'PartyUInfo', 'PartyVInfo'])
  const digest = digests.one(ds('DigestMethod'))
  digests.end()
  expectEmpty(digest, 'ENC_ALG', ['Algorithm'])
  const uri = attribute(digest, 'Algorithm') ?? ''
  if (!isIn(digestAlgorithms, uri)) throw new NodeFault('ENC_ALG', brief(uri))
  const otherInfo = ['AlgorithmID', 'PartyUInfo', 'PartyVInfo'].map((name) => readParameter(parameters, name))
  return { kdfHash: digestAlgorithms[uri], otherInfo: Buffer.concat(otherInfo) }
}

function readParameter(parameters: XmlElement, name: string): Buffer {
  const value = readKdfParameter(attribute(parameters, name) ?? '')
  if (value === undefined) throw new NodeFault('ENC_ALG', name)
  return value
}

interface OriginatorKey {
  readonly curve: Curve
  readonly spki: Buffer
}

/** a named curve and an uncompressed point of exact length, once or twice the same. */
function readOriginator(originator: XmlElement): OriginatorKey {
  const [first, ...others] = onlyElements(originator, 'ENC_STRUCT').map(readPublicKey)
  if (first === undefined) throw new NodeFault('ENC_STRUCT', 'no ephemeral key')
  if (others.some(({ spki }) => !spki.equals(first.spki))) throw new NodeFault('ENC_KEY', 'two ephemeral keys')
  return first
}

function readPublicKey(element: XmlElement): OriginatorKey {
  if (isNamed(element, ds11('DEREncodedKeyValue'))) return readDerEncoded(element)
  if (!isNamed(element, ds('KeyValue'))) throw new NodeFault('ENC_STRUCT', `${element.local} for an ephemeral key`)
  const children = sequenceOf(element, 'ENC_STRUCT')
  const value = children.one(ds11('ECKeyValue'))
  children.end()
  return readEcKeyValue(value)
}

function readDerEncoded(element: XmlElement): OriginatorKey {
  const spki = fromBase64(onlyText(element, 'ENC_STRUCT', ['Id']))
  const curve = spki === undefined ? undefined : curveOf(spki)
  if (spki === undefined || curve === undefined) throw new NodeFault('ENC_KEY', 'not a point on a named curve')
  return { curve, spki }
}

function readEcKeyValue(element: XmlElement): OriginatorKey {
  const children = sequenceOf(element, 'ENC_STRUCT', ['Id'])
  const named = children.optional(ds11('NamedCurve'))
  if (named === undefined) throw new NodeFault('ENC_KEY', 'not a named curve')
  const publicKey = children.one(ds11('PublicKey'))
  children.end()
  expectEmpty(named, 'ENC_STRUCT', ['URI'])
  const curve = curves.find(({ urn }) => urn === attribute(named, 'URI'))
  const point = fromBase64(onlyText(publicKey, 'ENC_STRUCT'))
  const spki = curve === undefined || point === undefined ? undefined : publicKeyOfPoint(curve, point)
  if (curve === undefined || spki === undefined) throw new NodeFault('ENC_KEY', 'not a point on a curve of the list')
  return { curve, spki: Buffer.from(spki) }
}

/** OpenSSL refuses a point that is not on the curve, before our private key comes near it. */
function pointOf({ name, prefix }: Curve, spki: Buffer): Uint8Array {
  const point = spki.subarray(prefix.length)
  try {
    ECDH.convertKey(point, name)
    return point
  } catch (cause) {
    throw new NodeFault('ENC_KEY', 'not a point on its curve', { cause })
  }
}
