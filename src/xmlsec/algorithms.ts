/**
 * XML Signature and XML Encryption: this folder owns every algorithm, key, signature and ciphertext of the node. It
 * hands out XML only after verification (`SignedElement`), refuses what the tables here do not list, and knows nothing
 * of SAML but the places where a signature stands. Importable by saml, profiles, trust and faces; it imports xml.
 *
 * The tables are keyed by URI and closed: an algorithm without a row does not exist, and there is no default
 * (Cryptographic Requirements 1.4, R-CR-12 to R-CR-18). What a peer may use is the table cut down to a policy's list.
 */

/** A hash as node:crypto and WebCrypto call it. SHA-1 has a row for the OAEP of national peers only (R-CR-12). */
export interface Hash {
  readonly node: 'sha1' | 'sha256' | 'sha384' | 'sha512'
  readonly web: 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'
  readonly octets: number
}

const sha1: Hash = { node: 'sha1', web: 'SHA-1', octets: 20 }
const sha256: Hash = { node: 'sha256', web: 'SHA-256', octets: 32 }
const sha384: Hash = { node: 'sha384', web: 'SHA-384', octets: 48 }
const sha512: Hash = { node: 'sha512', web: 'SHA-512', octets: 64 }

/** Digests of references and of key derivation: SHA-2 with 256 bits or more and nothing else (R-CR-12). */
export const digestAlgorithms = {
  'http://www.w3.org/2001/04/xmlenc#sha256': sha256,
  'http://www.w3.org/2001/04/xmldsig-more#sha384': sha384,
  'http://www.w3.org/2001/04/xmlenc#sha512': sha512,
} as const satisfies Readonly<Record<string, Hash>>

export type DigestAlgorithm = keyof typeof digestAlgorithms

export interface SignatureMethod {
  readonly kind: 'rsa-pss' | 'rsa-pkcs1' | 'ecdsa'
  /** The only type of key the algorithm is used with. */
  readonly key: 'rsa' | 'ec'
  readonly hash: Hash
  /** The digest that goes with it when we sign. */
  readonly digestUri: DigestAlgorithm
}

function method(kind: SignatureMethod['kind'], hash: Hash, digestUri: DigestAlgorithm): SignatureMethod {
  return { kind, key: kind === 'ecdsa' ? 'ec' : 'rsa', hash, digestUri }
}

/** RFC 6931: PSS with the hash also in MGF1 and a salt as long as the hash (2.3.10), ECDSA as r||s (2.3.6). */
export const signatureAlgorithms = {
  'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1': method(
    'rsa-pss',
    sha256,
    'http://www.w3.org/2001/04/xmlenc#sha256',
  ),
  'http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1': method(
    'rsa-pss',
    sha384,
    'http://www.w3.org/2001/04/xmldsig-more#sha384',
  ),
  'http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1': method(
    'rsa-pss',
    sha512,
    'http://www.w3.org/2001/04/xmlenc#sha512',
  ),
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256': method(
    'ecdsa',
    sha256,
    'http://www.w3.org/2001/04/xmlenc#sha256',
  ),
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384': method(
    'ecdsa',
    sha384,
    'http://www.w3.org/2001/04/xmldsig-more#sha384',
  ),
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512': method(
    'ecdsa',
    sha512,
    'http://www.w3.org/2001/04/xmlenc#sha512',
  ),
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256': method(
    'rsa-pkcs1',
    sha256,
    'http://www.w3.org/2001/04/xmlenc#sha256',
  ),
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512': method(
    'rsa-pkcs1',
    sha512,
    'http://www.w3.org/2001/04/xmlenc#sha512',
  ),
} as const satisfies Readonly<Record<string, SignatureMethod>>

export type SignatureAlgorithm = keyof typeof signatureAlgorithms

/** R-CR-18: three PSS and three ECDSA; PKCS#1 v1.5 is not among them. */
export const eidasSignatureAlgorithms: readonly SignatureAlgorithm[] = [
  'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
  'http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1',
  'http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1',
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384',
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512',
]

/** National peers may also sign with PKCS#1 v1.5: most SAML products know nothing else for RSA. */
export const nationalSignatureAlgorithms: readonly SignatureAlgorithm[] = [
  ...eidasSignatureAlgorithms,
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
]

/** Content encryption (R-CR-13): AES-GCM, IV of 96 bits in front, tag of 128 behind. No CBC. */
export const dataCiphers = {
  'http://www.w3.org/2009/xmlenc11#aes256-gcm': { cipher: 'aes-256-gcm', keyOctets: 32 },
  'http://www.w3.org/2009/xmlenc11#aes128-gcm': { cipher: 'aes-128-gcm', keyOctets: 16 },
  'http://www.w3.org/2009/xmlenc11#aes192-gcm': { cipher: 'aes-192-gcm', keyOctets: 24 },
} as const

export type DataCipher = keyof typeof dataCiphers

/**
 * Key transport (R-CR-15). A row is one exact combination of algorithm, OAEP digest and mask generation; the digest of
 * OAEP and that of MGF1 are always the same here, because WebCrypto and OpenSSL's safe interface know nothing else.
 */
export interface KeyTransport {
  readonly uri: string
  readonly digestUri: string
  readonly mgfUri: string
  readonly hash: Hash
}

const RSA_OAEP = 'http://www.w3.org/2009/xmlenc11#rsa-oaep'
const RSA_OAEP_MGF1P = 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p'

/** What a missing DigestMethod or MGF means (XML Encryption 1.1, 5.5.2). */
export const oaepDefaults = {
  digestUri: 'http://www.w3.org/2000/09/xmldsig#sha1',
  mgfUri: 'http://www.w3.org/2009/xmlenc11#mgf1sha1',
} as const

export const keyTransports = {
  sha256: {
    uri: RSA_OAEP,
    digestUri: 'http://www.w3.org/2001/04/xmlenc#sha256',
    mgfUri: 'http://www.w3.org/2009/xmlenc11#mgf1sha256',
    hash: sha256,
  },
  sha384: {
    uri: RSA_OAEP,
    digestUri: 'http://www.w3.org/2001/04/xmldsig-more#sha384',
    mgfUri: 'http://www.w3.org/2009/xmlenc11#mgf1sha384',
    hash: sha384,
  },
  sha512: {
    uri: RSA_OAEP,
    digestUri: 'http://www.w3.org/2001/04/xmlenc#sha512',
    mgfUri: 'http://www.w3.org/2009/xmlenc11#mgf1sha512',
    hash: sha512,
  },
  sha1: { uri: RSA_OAEP, ...oaepDefaults, hash: sha1 },
  mgf1p: { uri: RSA_OAEP_MGF1P, ...oaepDefaults, hash: sha1 },
} as const satisfies Readonly<Record<string, KeyTransport>>

/** Key agreement (R-CR-16): ephemeral-static ECDH, ConcatKDF, AES key wrap. */
export const ECDH_ES = 'http://www.w3.org/2009/xmlenc11#ECDH-ES'
export const CONCAT_KDF = 'http://www.w3.org/2009/xmlenc11#ConcatKDF'

export const keyWraps = {
  'http://www.w3.org/2001/04/xmlenc#kw-aes256': { cipher: 'id-aes256-wrap', keyOctets: 32 },
  'http://www.w3.org/2001/04/xmlenc#kw-aes128': { cipher: 'id-aes128-wrap', keyOctets: 16 },
} as const

export type KeyWrap = keyof typeof keyWraps

/** The initial value of AES key wrap (RFC 3394, 2.2.3.1). */
export const KEY_WRAP_IV: Uint8Array = Buffer.alloc(8, 0xa6)

/** Canonicalisation and transforms of a signature: one each (section 4 of the SAML signature profile, Core 5.4). */
export const EXC_C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#'
/**
 * Comments are no part of what a same-document reference leads to (XML Signature 4.4.3.3), and SignedInfo has none: a
 * document in which one stood there does not verify.
 */
export const EXC_C14N_WITH_COMMENTS = 'http://www.w3.org/2001/10/xml-exc-c14n#WithComments'
export const ENVELOPED_SIGNATURE = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'

/**
 * Canonicalisations that exist and are refused by their own code. What inclusive ones make of an element depends on what is
 * around it, which no signature of the element covers.
 */
export const refusedCanonicalisations: ReadonlySet<string> = new Set([
  '',
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments',
  'http://www.w3.org/2006/12/xml-c14n11',
  'http://www.w3.org/2006/12/xml-c14n11#WithComments',
  'http://www.w3.org/2010/xml-c14n2',
])

/** Whether a string from a message is a key of a table; inherited names (`constructor`) are not. */
export function isIn<T extends object>(table: T, uri: string): uri is Extract<keyof T, string> {
  return Object.hasOwn(table, uri)
}
