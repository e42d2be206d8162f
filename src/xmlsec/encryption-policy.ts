import { type DataCipher, type KeyTransport, type KeyWrap, keyTransports } from './algorithms.ts'

/** What may be encrypted how, for decrypting and encrypting alike; the first of a list is what we prefer to write. */
export interface EncryptionPolicy {
  readonly dataCiphers: readonly DataCipher[]
  readonly keyTransports: readonly KeyTransport[]
  readonly keyWraps: readonly KeyWrap[]
  /** What is written to a peer whose metadata names no key transport. */
  readonly unstatedTransport: KeyTransport
  /** Where the encrypted key stands: in the data's KeyInfo, or also right after the data. */
  readonly keyPlace: 'inline' | 'inline-or-sibling'
}

const gcm: readonly DataCipher[] = [
  'http://www.w3.org/2009/xmlenc11#aes256-gcm',
  'http://www.w3.org/2009/xmlenc11#aes128-gcm',
  'http://www.w3.org/2009/xmlenc11#aes192-gcm',
]

const wraps: readonly KeyWrap[] = [
  'http://www.w3.org/2001/04/xmlenc#kw-aes256',
  'http://www.w3.org/2001/04/xmlenc#kw-aes128',
]

/** R-CR-12 to R-CR-16: SHA-2 in every place, the key inline. */
export const eidasEncryption: EncryptionPolicy = {
  dataCiphers: gcm,
  keyTransports: [keyTransports.sha256, keyTransports.sha384, keyTransports.sha512],
  keyWraps: wraps,
  unstatedTransport: keyTransports.sha256,
  keyPlace: 'inline',
}

/**
 * Ordinary SAML peers: OAEP with SHA-1 as well, which most of them write by default and which is sound as OAEP's hash
 * though eIDAS excludes it; never CBC, never PKCS#1 v1.5.
 */
export const nationalEncryption: EncryptionPolicy = {
  dataCiphers: gcm,
  keyTransports: [...eidasEncryption.keyTransports, keyTransports.mgf1p, keyTransports.sha1],
  keyWraps: wraps,
  unstatedTransport: keyTransports.mgf1p,
  keyPlace: 'inline-or-sibling',
}
