import { eidasSignatureAlgorithms, nationalSignatureAlgorithms, type SignatureAlgorithm } from '../xmlsec/algorithms.ts'
import { type EncryptionPolicy, eidasEncryption, nationalEncryption } from '../xmlsec/encryption-policy.ts'
import type { Role } from './registry.ts'

/** What metadata of a kind of peer is held to. */
export interface TrustPolicy {
  /** Whether NodeCountry, a use for every key, and valid certificates are demanded. */
  readonly eidas: boolean
  readonly signatures: readonly SignatureAlgorithm[]
  readonly encryption: EncryptionPolicy
  readonly minimumRsaBits: 2048 | 3072
  /** How far ahead validUntil may be. */
  readonly validityDays: number
}

/** R-CR-12 to R-CR-19; fourteen days, after which a stolen key is worth nothing (R-IA-25). */
export const eidasTrust: TrustPolicy = {
  eidas: true,
  signatures: eidasSignatureAlgorithms,
  encryption: eidasEncryption,
  minimumRsaBits: 3072,
  validityDays: 14,
}

/** Within the country: PKCS#1 and 2048 bits, which most SAML products come with, and metadata renewed by hand. */
export const nationalTrust: TrustPolicy = {
  eidas: false,
  signatures: nationalSignatureAlgorithms,
  encryption: nationalEncryption,
  minimumRsaBits: 2048,
  validityDays: 31,
}

export const policyOf: Readonly<Record<Role, TrustPolicy>> = {
  connector: eidasTrust,
  'proxy-service': eidasTrust,
  'service-provider': nationalTrust,
  'identity-provider': nationalTrust,
}
