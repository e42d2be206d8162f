import { constants, createCipheriv, createECDH, publicEncrypt, randomBytes } from 'node:crypto'
import { NodeFault } from '../errors/node-fault.ts'
import { ds, ds11, xenc, xenc11 } from '../xml/names.ts'
import { el, type XmlPart } from '../xml/writer.ts'
import {
  CONCAT_KDF,
  type DataCipher,
  dataCiphers,
  digestAlgorithms,
  ECDH_ES,
  KEY_WRAP_IV,
  type KeyTransport,
  type KeyWrap,
  keyTransports,
  keyWraps,
} from './algorithms.ts'
import { toBase64 } from './base64.ts'
import { concatKdf } from './concat-kdf.ts'
import type { Curve } from './curves.ts'
import { ELEMENT_TYPE, IV_OCTETS, TAG_OCTETS } from './encrypted-data.ts'
import { type EncryptionPolicy, eidasEncryption } from './encryption-policy.ts'
import { curveOfKey, type KeyStrength, type PublicKey, verificationKey } from './keys.ts'
import { writeKeyInfo, writeX509Data } from './sign.ts'

/*
 * Encryption of one element to one recipient: AES-GCM with a fresh key, transported with RSA-OAEP or agreed with ECDH-ES,
 * whichever the recipient's key is for (R-CR-11, R-CR-14). The encrypted key stands inline and names the recipient's
 * certificate, without which the EU node does not find its key.
 */

/** Whom we encrypt to, and how: settled once when the peer's metadata is read. */
export interface Recipient extends PublicKey {
  readonly dataCipher: DataCipher
  /** For an RSA key. */
  readonly transport: KeyTransport
  /** For an EC key. */
  readonly wrap: KeyWrap
}

export interface RecipientOptions extends KeyStrength {
  /** Ours; eIDAS unless said otherwise. */
  readonly policy?: EncryptionPolicy
  /** The EncryptionMethods of the peer's metadata, all kinds in one list; none for "whatever is usual". */
  readonly methods?: readonly StatedMethod[]
}

/** What a peer can decrypt (SAML Metadata 2.4.1.1). */
export interface StatedMethod {
  readonly algorithm: string
  /** For RSA-OAEP; any when it does not say. */
  readonly digestMethod?: string | undefined
  readonly mgf?: string | undefined
}

/** Judges the certificate's key and picks what both sides know. Faults: MD_KEY, MD_ALG. */
export function recipient(certificate: string, options: RecipientOptions = {}): Recipient {
  const { policy = eidasEncryption, methods = [] } = options
  const key = verificationKey(certificate, options)
  const stated = (kind: RegExp) => methods.filter(({ algorithm }) => kind.test(algorithm))
  const transports = key.kind === 'rsa' ? stated(/#rsa-/) : []
  const wraps = key.kind === 'ec' ? stated(/#kw-/) : []
  return {
    ...key,
    dataCipher: pick(policy.dataCiphers, stated(/-(?:gcm|cbc)$/), isOf),
    transport: transports.length === 0 ? policy.unstatedTransport : pick(policy.keyTransports, transports, isTransport),
    wrap: pick(policy.keyWraps, wraps, isOf),
  }
}

const isOf = (uri: string, { algorithm }: StatedMethod): boolean => uri === algorithm

function isTransport({ uri, digestUri, mgfUri }: KeyTransport, stated: StatedMethod): boolean {
  const { algorithm, digestMethod = digestUri, mgf = mgfUri } = stated
  return uri === algorithm && digestUri === digestMethod && mgfUri === mgf
}

/** The first of ours that the peer states, or our first when it states none of the kind. */
function pick<T>(
  ours: readonly T[],
  stated: readonly StatedMethod[],
  is: (one: T, stated: StatedMethod) => boolean,
): T {
  const found = ours.find((one) => stated.length === 0 || stated.some((method) => is(one, method)))
  if (found === undefined) throw new NodeFault('MD_ALG', stated.map(describe).join(', '))
  return found
}

function describe({ algorithm, digestMethod, mgf }: StatedMethod): string {
  return [algorithm, digestMethod, mgf].filter((uri) => uri !== undefined).join(' with ')
}

/** xenc:EncryptedData of a whole element, given as the octets of a document of its own. */
export async function encryptElement(plaintext: Uint8Array, to: Recipient): Promise<XmlPart> {
  const { keyOctets } = dataCiphers[to.dataCipher]
  // One call instead of two: what costs is the call.
  const fresh = randomBytes(keyOctets + IV_OCTETS)
  const [contentKey, iv] = [fresh.subarray(0, keyOctets), fresh.subarray(keyOctets)]
  const encryptedKey = to.kind === 'rsa' ? transportKey(contentKey, to) : agreeKey(contentKey, to)
  return el(
    xenc('EncryptedData'),
    { Type: ELEMENT_TYPE },
    el(xenc('EncryptionMethod'), { Algorithm: to.dataCipher }),
    el(ds('KeyInfo'), {}, encryptedKey),
    writeCipherData(encryptContent(plaintext, contentKey, iv, to.dataCipher)),
  )
}

function encryptContent(plaintext: Uint8Array, key: Uint8Array, iv: Uint8Array, dataCipher: DataCipher): Uint8Array {
  const cipher = createCipheriv(dataCiphers[dataCipher].cipher, key, iv, { authTagLength: TAG_OCTETS })
  return Buffer.concat([iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

function writeCipherData(octets: Uint8Array): XmlPart {
  return el(xenc('CipherData'), {}, el(xenc('CipherValue'), {}, toBase64(octets)))
}

function transportKey(contentKey: Uint8Array, { publicKey, certificate, transport }: Recipient): XmlPart {
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  const wrapped = publicEncrypt({ key: publicKey, padding, oaepHash: transport.hash.node }, contentKey)
  // rsa-oaep-mgf1p fixes its mask generation and has no element for it.
  const mgf = transport.uri === keyTransports.mgf1p.uri ? undefined : el(xenc11('MGF'), { Algorithm: transport.mgfUri })
  const digest = el(ds('DigestMethod'), { Algorithm: transport.digestUri })
  return el(
    xenc('EncryptedKey'),
    {},
    el(xenc('EncryptionMethod'), { Algorithm: transport.uri }, digest, mgf),
    writeKeyInfo([certificate]),
    writeCipherData(wrapped),
  )
}

/** Without parties' names every parameter is one zero octet, as the EU node writes them. */
const KDF_PARAMETER = '0000'
const KDF_OTHER_INFO = Buffer.alloc(3)
const KDF_DIGEST = 'http://www.w3.org/2001/04/xmlenc#sha256'

function agreeKey(contentKey: Uint8Array, to: Recipient): XmlPart {
  const curve = curveOfKey(to)
  // Several times cheaper than key objects: those are exported and imported through DER.
  const ephemeral = createECDH(curve.name)
  const point = ephemeral.generateKeys()
  const secret = ephemeral.computeSecret(to.spki.subarray(curve.prefix.length))
  const { cipher, keyOctets } = keyWraps[to.wrap]
  const wrapping = createCipheriv(
    cipher,
    concatKdf(secret, KDF_OTHER_INFO, digestAlgorithms[KDF_DIGEST], keyOctets),
    KEY_WRAP_IV,
  )
  const wrapped = Buffer.concat([wrapping.update(contentKey), wrapping.final()])
  return el(
    xenc('EncryptedKey'),
    {},
    el(xenc('EncryptionMethod'), { Algorithm: to.wrap }),
    el(ds('KeyInfo'), {}, writeAgreement(curve, point, to.certificate)),
    writeCipherData(wrapped),
  )
}

function writeAgreement({ urn, prefix }: Curve, point: Buffer, certificate: string): XmlPart {
  const parameters = { AlgorithmID: KDF_PARAMETER, PartyUInfo: KDF_PARAMETER, PartyVInfo: KDF_PARAMETER }
  const digest = el(ds('DigestMethod'), { Algorithm: KDF_DIGEST })
  const namedCurve = el(ds11('NamedCurve'), { URI: urn })
  const publicKey = el(ds11('PublicKey'), {}, toBase64(point))
  return el(
    xenc('AgreementMethod'),
    { Algorithm: ECDH_ES },
    el(xenc11('KeyDerivationMethod'), { Algorithm: CONCAT_KDF }, el(xenc11('ConcatKDFParams'), parameters, digest)),
    el(
      xenc('OriginatorKeyInfo'),
      {},
      el(ds('KeyValue'), {}, el(ds11('ECKeyValue'), {}, namedCurve, publicKey)),
      el(ds11('DEREncodedKeyValue'), {}, toBase64(Buffer.concat([prefix, point]))),
    ),
    el(xenc('RecipientKeyInfo'), {}, writeX509Data([certificate])),
  )
}
