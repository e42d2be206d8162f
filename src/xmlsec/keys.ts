import {
  constants,
  createECDH,
  createPrivateKey,
  type KeyObject,
  randomBytes,
  sign,
  webcrypto,
  X509Certificate,
} from 'node:crypto'
import { NodeFault } from '../errors/node-fault.ts'
import { type Hash, type SignatureAlgorithm, type SignatureMethod, signatureAlgorithms } from './algorithms.ts'
import { fromBase64 } from './base64.ts'
import { type Curve, curveNamed, curveOf } from './curves.ts'

/*
 * Keys, judged once when they are loaded (R-CR-15, R-CR-18, R-CR-19) and kept as KeyObjects. What a message says about
 * keys never makes one.
 */

/** A public key from verified metadata or a pinned certificate, fit to verify signatures or to encrypt to. */
export interface PublicKey {
  /** Base64 of the certificate's DER. */
  readonly certificate: string
  readonly kind: 'rsa' | 'ec'
  readonly bits: number
  /** OpenSSL's name of the curve. */
  readonly curve?: string
  readonly publicKey: KeyObject
  /** DER of the public key, to compare hints with. */
  readonly spki: Uint8Array
  /** Validity of the certificate, milliseconds since 1970. */
  readonly notBefore: number
  readonly notAfter: number
}

export type VerificationKey = PublicKey

/** The keys of one entity in one role, and the algorithms it may sign with: the policy's, cut to the peer's. */
export interface TrustedKeys {
  readonly keys: readonly VerificationKey[]
  readonly algorithms: readonly SignatureAlgorithm[]
}

export interface SigningKey {
  readonly algorithm: SignatureAlgorithm
  /** Base64 of DER, the key's own certificate first. */
  readonly certificates: readonly string[]
  sign(octets: Uint8Array): Promise<Uint8Array>
}

export interface DecryptionKey extends PublicKey {
  readonly privateKey: KeyObject
  /** Unwraps RSA-OAEP off the event loop; digest and MGF1 digest are the same hash. Rejects on any failure. */
  readonly unwrap: (wrapped: Uint8Array, hash: Hash) => Promise<Uint8Array>
  /** The shared secret with a point on the key's own curve. */
  readonly agree: (point: Uint8Array) => Buffer
}

export interface KeyStrength {
  /** Bits of an RSA modulus. 3072 (R-CR-18) unless a national peer is granted 2048. */
  readonly minimumRsaBits?: 2048 | 3072
}

/** No peer needs more, and the cost of using a key grows with the cube of its size. */
const MAXIMUM_RSA_BITS = 8192
const USUAL_EXPONENT = 65537n

/** Reads one certificate (PEM, or base64 of DER) and judges its key; MD_KEY when it is weak, odd or unreadable. */
export function verificationKey(certificate: string, strength: KeyStrength = {}): VerificationKey {
  const x509 = readCertificate(certificate)
  const judged = judge(x509, strength.minimumRsaBits ?? 3072)
  return {
    ...judged,
    certificate: x509.raw.toString('base64'),
    publicKey: x509.publicKey,
    spki: x509.publicKey.export({ type: 'spki', format: 'der' }),
    notBefore: Date.parse(x509.validFrom),
    notAfter: Date.parse(x509.validTo),
  }
}

function readCertificate(certificate: string): X509Certificate {
  const encoded = certificate.includes('-----') ? certificate : fromBase64(certificate)
  if (encoded === undefined) throw new NodeFault('MD_KEY', 'a certificate that is not base64')
  try {
    return new X509Certificate(encoded)
  } catch (cause) {
    throw new NodeFault('MD_KEY', 'not a certificate', { cause })
  }
}

/**
 * Whether verifying with the key of a certificate costs no more than with any that is ever taken: for where many
 * are tried, and none is judged yet. The cost of RSA grows with its exponent as well, which a stranger may choose.
 */
export function isAffordable(x509: X509Certificate): boolean {
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails = {} } = x509.publicKey
    const { modulusLength = 0, publicExponent = 0n } = asymmetricKeyDetails
    return type === 'ec' || (type === 'rsa' && modulusLength <= MAXIMUM_RSA_BITS && publicExponent <= USUAL_EXPONENT)
  } catch {
    // Not a key that OpenSSL knows.
    return false
  }
}

type Judged = Pick<PublicKey, 'kind' | 'bits' | 'curve'>

function judge(x509: X509Certificate, minimumRsaBits: number): Judged {
  const { asymmetricKeyType: type } = publicKeyOf(x509)
  if (type === 'rsa') return judgeRsa(x509.publicKey, minimumRsaBits)
  if (type === 'ec') return judgeEc(x509)
  throw new NodeFault('MD_KEY', `a key of type ${type}`)
}

function publicKeyOf(x509: X509Certificate): KeyObject {
  try {
    return x509.publicKey
  } catch (cause) {
    throw new NodeFault('MD_KEY', 'a public key that cannot be read', { cause })
  }
}

/** with an exponent of 1 every signature can be forged, and OpenSSL loads such a key. */
function judgeRsa(key: KeyObject, minimumBits: number): Judged {
  const { modulusLength: bits = 0, publicExponent } = key.asymmetricKeyDetails ?? {}
  if (publicExponent !== USUAL_EXPONENT) throw new NodeFault('MD_KEY', `RSA exponent ${publicExponent}`)
  if (bits < minimumBits || bits > MAXIMUM_RSA_BITS) throw new NodeFault('MD_KEY', `RSA of ${bits} bits`)
  return { kind: 'rsa', bits }
}

/**
 * OpenSSL turns explicit parameters into a named curve when they match one, so the name alone proves nothing: the
 * certificate's own octets must hold the key in its named, uncompressed form.
 */
function judgeEc(x509: X509Certificate): Judged {
  const named = curveNamed(x509.publicKey.asymmetricKeyDetails?.namedCurve)
  if (named === undefined) throw new NodeFault('MD_KEY', 'a curve that is not on the list')
  const spki = x509.publicKey.export({ type: 'spki', format: 'der' })
  if (curveOf(spki) !== named || !x509.raw.includes(spki)) {
    throw new NodeFault('MD_KEY', `${named.name} not by name, or its point not uncompressed`)
  }
  return { kind: 'ec', bits: named.bits, curve: named.name }
}

/** The curve of a key, which judging made sure of. */
export function curveOfKey(key: PublicKey): Curve {
  const named = curveNamed(key.curve)
  if (named === undefined) throw new NodeFault('MD_KEY', 'not a key on a curve')
  return named
}

interface OwnKey {
  /** PEM, PKCS#8. */
  readonly privateKey: string
  /** PEM; the key's own first, then its chain. */
  readonly certificates: readonly string[]
}

/**
 * A key to sign with. RSA signs on the thread pool; EC is cheaper than the way there and signs in line. Without an
 * `algorithm`, RSA signs with PSS and SHA-256 and EC with the hash as long as the curve.
 */
export function signingKey(
  input: OwnKey & { readonly algorithm?: SignatureAlgorithm; readonly strength?: KeyStrength },
): SigningKey {
  const { key, own, chain } = readOwnKey(input, input.strength)
  const algorithm = input.algorithm ?? usualAlgorithm(own)
  const method = signatureAlgorithms[algorithm]
  if (method.key !== own.kind) throw new NodeFault('CFG_INVALID', `${algorithm} with a key of kind ${own.kind}`)
  return { algorithm, certificates: chain, sign: signer(key, method) }
}

function signer(key: KeyObject, method: SignatureMethod): SigningKey['sign'] {
  const parameters = { key, ...signatureParameters(method) }
  if (method.key === 'ec') return async (octets) => sign(method.hash.node, octets, parameters)
  return (octets) =>
    new Promise((resolve, reject) => {
      sign(method.hash.node, octets, parameters, (fault, signature) => (fault ? reject(fault) : resolve(signature)))
    })
}

/** What node:crypto must be told, for signing and verifying alike; its own defaults accept too much. */
export function signatureParameters(method: SignatureMethod) {
  if (method.kind === 'ecdsa') return { dsaEncoding: 'ieee-p1363' } as const
  if (method.kind === 'rsa-pkcs1') return { padding: constants.RSA_PKCS1_PADDING } as const
  return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: method.hash.octets } as const
}

const algorithmOfCurveBits: Readonly<Record<number, SignatureAlgorithm>> = {
  256: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
  384: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384',
  512: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512',
  521: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512',
}

function usualAlgorithm(key: PublicKey): SignatureAlgorithm {
  const ofCurve = key.kind === 'ec' ? algorithmOfCurveBits[key.bits] : undefined
  return ofCurve ?? 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1'
}

/** A key that messages are encrypted to. RSA goes through WebCrypto, which works on the thread pool. */
export function decryptionKey(input: OwnKey & { readonly strength?: KeyStrength }): DecryptionKey {
  const { key, own } = readOwnKey(input, input.strength)
  return { ...own, privateKey: key, unwrap: unwrapper(key), agree: agreer(key, own) }
}

/** Node's ECDH takes the bare number and the bare point: nothing goes through DER for each message. */
function agreer(key: KeyObject, { kind, curve }: PublicKey): DecryptionKey['agree'] {
  if (kind !== 'ec' || curve === undefined) {
    return () => {
      throw new NodeFault('ENC_KEY', 'not a key on a curve')
    }
  }
  const ecdh = createECDH(curve)
  ecdh.setPrivateKey(scalarOf(key))
  return (point) => ecdh.computeSecret(point)
}

/** RFC 5915: SEQUENCE { INTEGER 1, OCTET STRING privateKey, ... }; OpenSSL writes the number in its full length. */
function scalarOf(key: KeyObject): Buffer {
  const der = key.export({ type: 'sec1', format: 'der' })
  const start = (der[1] ?? 0) < 0x80 ? 2 : 2 + ((der[1] ?? 0) & 0x7f)
  const length = der[start + 4] ?? 0
  return der.subarray(start + 5, start + 5 + length)
}

/**
 * WebCrypto binds a key to its hash; each binding is imported once. A ciphertext is as long as the modulus (RFC 8017,
 * 7.1.2): OpenSSL takes a shorter one. One of another length takes the same steps and fails.
 */
function unwrapper(key: KeyObject): DecryptionKey['unwrap'] {
  const imported = new Map<string, Promise<webcrypto.CryptoKey>>()
  const octets = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8)
  return async (wrapped, { web }) => {
    const ready = imported.get(web) ?? importOaep(key, web)
    imported.set(web, ready)
    const isSized = wrapped.length === octets
    const tried = isSized ? wrapped : randomBytes(octets)
    const unwrapped = await webcrypto.subtle.decrypt({ name: 'RSA-OAEP' }, await ready, tried)
    if (!isSized) throw new NodeFault('ENC_FAIL')
    return new Uint8Array(unwrapped)
  }
}

async function importOaep(key: KeyObject, hash: string): Promise<webcrypto.CryptoKey> {
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' })
  return webcrypto.subtle.importKey('pkcs8', pkcs8, { name: 'RSA-OAEP', hash }, false, ['decrypt'])
}

function readOwnKey({ privateKey, certificates }: OwnKey, strength: KeyStrength = {}) {
  const [leaf, ...rest] = certificates
  if (leaf === undefined) throw new NodeFault('CFG_INVALID', 'a private key without its certificate')
  const key = readPrivateKey(privateKey)
  if (!readCertificate(leaf).checkPrivateKey(key)) {
    throw new NodeFault('CFG_INVALID', 'a private key and a certificate that do not belong together')
  }
  const own = verificationKey(leaf, strength)
  const chain = [own.certificate, ...rest.map((pem) => readCertificate(pem).raw.toString('base64'))]
  return { key, own, chain }
}

function readPrivateKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch (cause) {
    // OpenSSL's message may quote its input; the cause stays out of the detail.
    throw new NodeFault('CFG_INVALID', 'a private key that cannot be read', { cause })
  }
}

/** R-CR-30, A-151: signing and encryption never share a key. Called once at start. */
export function expectSeparateKeys(signing: readonly SigningKey[], decryption: readonly DecryptionKey[]): void {
  const signers = signing.map(({ certificates: [own = ''] }) =>
    Buffer.from(readCertificate(own).publicKey.export({ type: 'spki', format: 'der' })),
  )
  if (decryption.some(({ spki }) => signers.some((other) => other.equals(spki)))) {
    throw new NodeFault('ENC_KEY', 'one key for signing and for encryption')
  }
}
