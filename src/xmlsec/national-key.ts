import { type SigningKey, signingKey, verificationKey } from './keys.ts'

/**
 * The key for messages within the country. An RSA key signs with PKCS#1 v1.5 and SHA-256, the one algorithm every SAML
 * product verifies; an EC key as it does everywhere. Never used across a border (R-CR-18).
 */
export function nationalSigningKey(input: {
  readonly privateKey: string
  readonly certificates: readonly string[]
}): SigningKey {
  const [certificate = ''] = input.certificates
  const { kind } = verificationKey(certificate)
  return kind === 'ec'
    ? signingKey(input)
    : signingKey({ ...input, algorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256' })
}
