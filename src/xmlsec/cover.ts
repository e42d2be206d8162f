import { createHash, timingSafeEqual, verify } from 'node:crypto'
import { asFault, NodeFault } from '../errors/node-fault.ts'
import { type OpenDocument, sameTree } from '../xml/document.ts'
import type { XmlElement } from '../xml/element.ts'
import type { XmlLimits } from '../xml/limits.ts'
import { scan } from '../xml/scanner.ts'
import { type SignatureAlgorithm, signatureAlgorithms } from './algorithms.ts'
import { curveOfKey, signatureParameters, type TrustedKeys, type VerificationKey } from './keys.ts'
import { expectReference, type ReferenceForm, type SignatureStructure } from './signature.ts'
import { readSignedInfo, type SignedInfo } from './signed-info.ts'

/*
 * The cryptography of a signature whose structure is known: what SignedInfo says is read from its canonical octets, those
 * octets are held against the signature value, and the canonical octets of the element against the digest.
 */

export interface Covered {
  readonly structure: SignatureStructure
  /** The canonical octets of SignedInfo, and what they say. */
  readonly octets: Uint8Array
  readonly info: SignedInfo
}

/** By which of the trusted keys and which algorithm a message was signed. */
export interface SignedBy {
  readonly key: VerificationKey
  readonly algorithm: SignatureAlgorithm
}

/** Rule 11, A-085, A-087: algorithms, reference and digest are read from the octets that the signature covers. */
export function readCovered(
  document: OpenDocument,
  structure: SignatureStructure,
  limits: XmlLimits,
  form: ReferenceForm,
): Covered {
  const octets = document.canonical([...structure.path, 0], { prefixes: structure.claimed.ownPrefixes })
  const signedInfo = scanCanonical(octets, limits)
  if (!sameTree(signedInfo, structure.signedInfo)) throw new NodeFault('XML_DIFF', 'SignedInfo')
  const info = readSignedInfo(signedInfo)
  expectReference(info.uri, structure, document.root, form)
  return { structure, octets, info }
}

/** Canonical octets may be longer and declare more often than what was received; every other bound stays. */
export function scanCanonical(octets: Uint8Array, limits: XmlLimits): XmlElement {
  return scan(octets, { ...limits, octets: limits.canonical, scopes: Number.POSITIVE_INFINITY })
}

/** Faults: DS_ALG, DS_KEY, DS_KEYTYPE, DS_SIG. */
export function verifySignature({ structure, octets, info }: Covered, trusted: TrustedKeys): SignedBy {
  const { algorithm } = info
  if (!trusted.algorithms.includes(algorithm)) throw new NodeFault('DS_ALG', algorithm)
  const candidates = hinted(structure.certificates, trusted.keys)
  const fitting = candidates.filter(({ kind }) => kind === signatureAlgorithms[algorithm].key)
  if (fitting.length === 0) throw new NodeFault('DS_KEYTYPE', algorithm)
  const key = signerOf(octets, structure.value, algorithm, fitting)
  if (key === undefined) throw new NodeFault('DS_SIG', algorithm)
  return { key, algorithm }
}

/**
 * Rule 14: the trusted keys that KeyInfo points at, or all of them when it points at none. Certificates that are not
 * trusted do no harm beside one that is; named alone they say that another has signed.
 */
function hinted(certificates: readonly string[], keys: readonly VerificationKey[]): readonly VerificationKey[] {
  const found = certificates.length === 0 ? keys : keys.filter(({ certificate }) => certificates.includes(certificate))
  if (found.length > 0) return found
  throw new NodeFault('DS_KEY', `${keys.length} trusted, none of the ${certificates.length} named is one of them`)
}

/** The first of the keys, all of the algorithm's type, that made this signature (rules 13, 16). */
export function signerOf(
  octets: Uint8Array,
  signature: Uint8Array,
  algorithm: SignatureAlgorithm,
  keys: readonly VerificationKey[],
): VerificationKey | undefined {
  const method = signatureAlgorithms[algorithm]
  const parameters = signatureParameters(method)
  return keys.find((key) => {
    if (key.kind !== method.key || signature.length !== signatureOctets(key)) return false
    return verify(method.hash.node, octets, { key: key.publicKey, ...parameters }, signature) === true
  })
}

/** A signature has one length only: that of the modulus, or of r and s as coordinates. */
function signatureOctets(key: VerificationKey): number {
  return key.kind === 'ec' ? 2 * curveOfKey(key).octets : Math.ceil(key.bits / 8)
}

/** The canonical octets of the signed element, held against the digest. Faults: DS_DIGEST, DS_C14N, C14N_SIZE. */
export function verifyDigest(document: OpenDocument, { structure, info }: Covered): Uint8Array {
  const { parentPath, path } = structure
  const octets = document.canonical(parentPath, { without: path, prefixes: info.prefixes })
  const covered = info.uri === '' ? document.whole(octets) : octets
  const digest = createHash(info.digest.node).update(covered).digest()
  if (digest.length !== info.digestValue.length || !timingSafeEqual(digest, info.digestValue))
    throw new NodeFault('DS_DIGEST', 'changed after it was signed')
  return octets
}

/**
 * As verifySignature and verifyDigest, for the signature of an assertion inside: one bad signature spoils the message,
 * however good the other is. Faults: DS_KEY, DS_ASSERTION.
 */
export function verifyInner(document: OpenDocument, covered: Covered, trusted: TrustedKeys | undefined): Uint8Array {
  if (trusted === undefined) throw new NodeFault('DS_KEY', 'no party is expected to have signed this')
  try {
    verifySignature(covered, trusted)
    return verifyDigest(document, covered)
  } catch (cause) {
    throw new NodeFault('DS_ASSERTION', asFault(cause).message, { cause })
  }
}
