import { constants, type KeyObject, verify } from 'node:crypto'
import { readSignature, type SignatureIdentifier, type Tlv, unreadable } from './der.ts'

/* What is signed as RFC 5280 has it: contents, algorithm, bit string. Certificates, CRLs and OCSP answers are. */

const PSS = '1.2.840.113549.1.1.10'

const hashes: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}

const ecdsa: Readonly<Record<string, string>> = {
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
}

/** R-CR-20 wants PSS of RSA: certificates are signed like this where that is granted, CRLs and OCSP answers anyway. */
const pkcs1: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
}

export interface DerSignatureMethod {
  readonly kind: 'ecdsa' | 'pss' | 'pkcs1'
  readonly hash: string
}

/** Undefined for what is not strong enough, or unknown. */
export function signatureMethod({ algorithm, hash: named = '' }: SignatureIdentifier): DerSignatureMethod | undefined {
  if (algorithm === PSS) return methodIn('pss', hashes, named)
  return methodIn('ecdsa', ecdsa, algorithm) ?? methodIn('pkcs1', pkcs1, algorithm)
}

function methodIn(
  kind: DerSignatureMethod['kind'],
  table: Readonly<Record<string, string>>,
  oid: string,
): DerSignatureMethod | undefined {
  const hash = Object.hasOwn(table, oid) ? table[oid] : undefined
  return hash === undefined ? undefined : { kind, hash }
}

/** The contents, when one of the keys has signed them; undefined otherwise. */
export function signedContents(parts: readonly Tlv[], keys: readonly KeyObject[]): Tlv | undefined {
  const [contents, identifier, bits] = parts
  if (contents === undefined || identifier === undefined || bits === undefined) throw unreadable()
  const method = signatureMethod(readSignature(identifier))
  if (method === undefined) return undefined
  const signature = bits.value.subarray(1)
  return keys.some((key) => verifies(contents.raw, signature, key, method)) ? contents : undefined
}

function verifies(contents: Uint8Array, signature: Uint8Array, key: KeyObject, { kind, hash }: DerSignatureMethod) {
  const padding = kind === 'pss' ? { padding: constants.RSA_PKCS1_PSS_PADDING } : {}
  try {
    return verify(hash, contents, { key, ...padding }, signature)
  } catch {
    // A key of another kind than the algorithm's.
    return false
  }
}
