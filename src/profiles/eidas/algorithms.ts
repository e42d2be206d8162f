import type { SigningMethod } from '../../saml/metadata/algorithm-support.ts'
import {
  type DataCipher,
  type DigestAlgorithm,
  eidasSignatureAlgorithms,
  type SignatureAlgorithm,
  signatureAlgorithms,
} from '../../xmlsec/algorithms.ts'

/*
 * The algorithms of the eIDAS Cryptographic Requirements 1.4, as this profile accepts and publishes them (R-CR-12 to
 * R-CR-18). The algorithms themselves are xmlsec's.
 */

export { eidasEncryption as encryption } from '../../xmlsec/encryption-policy.ts'
export { eidasSignatureAlgorithms as signatures }

/** Digests our metadata publishes (R-MF-11). */
export const digests: readonly DigestAlgorithm[] = [
  'http://www.w3.org/2001/04/xmlenc#sha256',
  'http://www.w3.org/2001/04/xmldsig-more#sha384',
  'http://www.w3.org/2001/04/xmlenc#sha512',
]

/** What we verify, with the sizes of key we accept, as metadata says it (R-MF-11, R-CR-18). */
export function signingMethods(
  algorithms: readonly SignatureAlgorithm[],
  minimumRsaBits: 2048 | 3072 = 3072,
): readonly SigningMethod[] {
  const sizes = {
    rsa: { minKeySize: minimumRsaBits, maxKeySize: 8192 },
    ec: { minKeySize: 256, maxKeySize: 521 },
  } as const
  return algorithms.map((algorithm) => ({ algorithm, ...sizes[signatureAlgorithms[algorithm].key] }))
}

/** Content encryption our metadata publishes, the strongest first (R-CR-13). */
export const dataCiphers: readonly DataCipher[] = [
  'http://www.w3.org/2009/xmlenc11#aes256-gcm',
  'http://www.w3.org/2009/xmlenc11#aes128-gcm',
]
