import { NodeFault } from '../errors/node-fault.ts'
import { type KeyStrength, type VerificationKey, verificationKey } from '../xmlsec/keys.ts'
import { signatureMethod } from './signed-der.ts'
import {
  allowsUsage,
  basicConstraints,
  extendedUsages,
  keyFingerprint,
  type ReadCertificate,
  readCertificate,
} from './x509.ts'

/*
 * From the certificates in a metadata signature to an anchor of the operator's (R-IA-22, R-IA-26, R-IA-30). An anchor
 * either is the signer's certificate or is an authority at the end of a path of RFC 5280. The certificates of the
 * signature prove nothing; they are the stones a path may be built of.
 */

export interface Anchors {
  readonly certificates: readonly ReadCertificate[]
  /** SHA-256 fingerprints, as OpenSSL prints them, of certificates that count no more. */
  readonly revoked: readonly string[]
  readonly strength: KeyStrength
  /** Which of the certificates under the anchors may sign; without it, every one that is fit to. */
  readonly signer?: SignerPin | undefined
  /** Lets authorities sign certificates with PKCS#1 v1.5, which the specifications do not have (R-CR-20). */
  readonly pkcs1Certificates: boolean
}

/** Who signs, as the operator knows it: by the subject of its certificate, by its key, or by both. */
export interface SignerPin {
  /** As `C=DE, O=Agency, CN=Metadata signer`, in the order of the certificate. */
  readonly subjects?: readonly string[] | undefined
  /** SHA-256 fingerprints of the SubjectPublicKeyInfo. */
  readonly keys?: readonly string[] | undefined
}

/** How certificates below an anchor, and of responders, are held. */
export type CertificateGrants = Pick<Anchors, 'strength' | 'pkcs1Certificates'>

/** Reads anchors from PEM texts, each holding one certificate or several. CFG_INVALID when there is none. */
export function readAnchors(pems: readonly string[], options: Partial<Omit<Anchors, 'certificates'>> = {}): Anchors {
  const blocks = pems.flatMap((pem) => pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [])
  if (blocks.length === 0) throw new NodeFault('CFG_INVALID', 'no trust anchor')
  const { revoked = [], strength = {}, pkcs1Certificates = false, signer } = options
  return { certificates: blocks.map(readCertificate), revoked, strength, pkcs1Certificates, signer }
}

const MAX_CERTIFICATES = 10

/** From the certificate of a signer, first, to an anchor, last. */
export type CertificatePath = readonly ReadCertificate[]

/**
 * The key that may have signed, given the certificates (base64 of DER) the signature names; with none named, any anchor
 * itself. Faults: MD_SIG for a stranger where anchors are signers, TRUST_CHAIN, TRUST_CERT, TRUST_REVOKED, MD_KEY.
 */
export function signerKeys(claimed: readonly string[], anchors: Anchors, now: number): readonly VerificationKey[] {
  return signers(claimed, anchors, now).map(({ key }) => key)
}

export interface Signer {
  readonly key: VerificationKey
  readonly path: CertificatePath
}

/** The same, each with the path that makes it one. */
export function signers(claimed: readonly string[], anchors: Anchors, now: number): readonly Signer[] {
  if (claimed.length === 0) {
    const fitting = anchors.certificates.filter((anchor) => isPinned(anchor, anchors.signer))
    if (fitting.length === 0)
      throw new NodeFault('TRUST_CERT', 'no certificate named, and no anchor is the signer that is pinned')
    return fitting.map((anchor) => signerAt([anchor], anchors, now))
  }
  if (claimed.length > MAX_CERTIFICATES) throw new NodeFault('TRUST_CHAIN', `${claimed.length} certificates`)
  const certificates = [...new Set(claimed)].map(readCertificate)
  return [signerAt(pathFrom(leafOf(certificates), certificates, anchors), anchors, now)]
}

function signerAt(path: CertificatePath, anchors: Anchors, now: number): Signer {
  const [leaf] = path
  if (leaf === undefined) throw new NodeFault('TRUST_CHAIN', 'an empty path')
  expectValidPath(path, anchors, now)
  return { key: verificationKey(leaf.base64, anchors.strength), path }
}

/** The one certificate that issued none of the others, in whatever order they stand. */
function leafOf(certificates: readonly ReadCertificate[]): ReadCertificate {
  const leaves = certificates.filter((one) => !certificates.some((other) => other !== one && isIssuedBy(other, one)))
  const [leaf, second] = leaves
  if (leaf === undefined || second !== undefined) throw new NodeFault('TRUST_CHAIN', `${leaves.length} ends of a chain`)
  return leaf
}

/**
 * Leaf first, anchor last. A stone from which no anchor was reached is not tried again, whichever way leads to it: ten
 * certificates of one name and key issue one another in millions of orders.
 */
function pathFrom(
  leaf: ReadCertificate,
  stones: readonly ReadCertificate[],
  { certificates: anchors }: Anchors,
): readonly ReadCertificate[] {
  const tried = new Set<ReadCertificate>()
  const extend = (path: readonly ReadCertificate[], last: ReadCertificate): readonly ReadCertificate[] | undefined => {
    if (anchors.some((anchor) => anchor.base64 === last.base64)) return path
    const anchor = anchors.find((one) => isIssuedBy(last, one))
    if (anchor !== undefined) return [...path, anchor]
    for (const issuer of stones) {
      if (path.includes(issuer) || tried.has(issuer) || !isIssuedBy(last, issuer)) continue
      tried.add(issuer)
      const found = extend([...path, issuer], issuer)
      if (found !== undefined) return found
    }
    return undefined
  }
  const path = extend([leaf], leaf)
  if (path !== undefined) return path
  const hasAuthority = anchors.some((anchor) => basicConstraints(anchor).authority)
  throw new NodeFault(hasAuthority ? 'TRUST_CHAIN' : 'MD_SIG', 'no path from the signer to an anchor')
}

/** 6.1.3 (a)(1) and (4): names and key identifiers fit, and the signature verifies. Self-signed ones issue only themselves. */
export function isIssuedBy({ x509 }: ReadCertificate, issuer: ReadCertificate): boolean {
  return x509.checkIssued(issuer.x509) && issuer.isAffordable && x509.verify(issuer.x509.publicKey)
}

/** RFC 5280, 6.1.3 to 6.1.5, as far as a path without policies needs it. */
function expectValidPath(path: readonly ReadCertificate[], anchors: Anchors, now: number): void {
  const { revoked, strength } = anchors
  for (const [below, certificate] of path.entries()) {
    expectCurrent(certificate, now)
    expectUnderstood(certificate)
    if (revoked.includes(certificate.x509.fingerprint256)) throw new NodeFault('TRUST_REVOKED', nameOf(certificate))
    if (below > 0) expectAuthority(certificate, below - 1, strength)
    if (below < path.length - 1) {
      expectStrongSignature(certificate, anchors)
      expectPurpose(certificate)
    }
  }
  const [signer] = path
  if (signer === undefined) return
  if (!isPinned(signer, anchors.signer))
    throw new NodeFault('TRUST_CERT', `${nameOf(signer)} is not the signer that is pinned`)
  if (path.length > 1) expectSigner(signer)
}

function isPinned(certificate: ReadCertificate, { subjects, keys }: SignerPin = {}): boolean {
  const isOfSubject = subjects === undefined || subjects.includes(nameOf(certificate))
  return isOfSubject && (keys === undefined || keys.includes(keyFingerprint(certificate)))
}

/** Purposes that signing a document is: any; id-kp-documentSigning (RFC 9336); what Microsoft and Adobe had before it. */
const documentPurposes: readonly string[] = [
  '2.5.29.37.0',
  '1.3.6.1.5.5.7.3.36',
  '1.3.6.1.4.1.311.10.3.12',
  '1.2.840.113583.1.1.5',
]

/** RFC 5280, 4.2.1.12: a certificate that says what it is for is for nothing else, critical or not; so are all below it. */
function expectPurpose(certificate: ReadCertificate): void {
  const purposes = extendedUsages(certificate)
  if (purposes === undefined || purposes.some((one) => documentPurposes.includes(one))) return
  throw new NodeFault('TRUST_CERT', `${nameOf(certificate)} is for ${purposes.join(' ')}, not for signing metadata`)
}

/** 6.1.3 (a)(2); the operator's anchors grow old as well. */
export function expectCurrent(certificate: ReadCertificate, now: number): void {
  const { validFrom, validTo } = certificate.x509
  if (!(Date.parse(validFrom) <= now && now <= Date.parse(validTo))) {
    throw new NodeFault('TRUST_CERT', `${nameOf(certificate)} is valid from ${validFrom} to ${validTo}, not now`)
  }
}

/** Basic constraints, key usage, extended key usage, policies, of which we demand none, and CRL distribution points. */
const understood: ReadonlySet<string> = new Set(['2.5.29.19', '2.5.29.15', '2.5.29.37', '2.5.29.32', '2.5.29.31'])

const NAME_CONSTRAINTS = '2.5.29.30'

/** 4.2: what is critical and not understood makes the certificate unusable. We build no name constraints into paths. */
export function expectUnderstood(certificate: ReadCertificate): void {
  for (const [oid, { critical }] of certificate.extensions) {
    if ((critical && !understood.has(oid)) || oid === NAME_CONSTRAINTS) {
      throw new NodeFault('TRUST_CERT', `${nameOf(certificate)} has extension ${oid}`)
    }
  }
}

/** 6.1.4 (k) to (n): an authority, with a key for that, and room for as many authorities as stand below it. */
function expectAuthority(certificate: ReadCertificate, authoritiesBelow: number, strength: KeyStrength): void {
  const { authority, pathLength } = basicConstraints(certificate)
  if (!authority) throw new NodeFault('TRUST_CERT', `${nameOf(certificate)} is no authority`)
  if (!allowsUsage(certificate, 'keyCertSign')) throw new NodeFault('TRUST_CERT', 'a key not for certificates')
  if (pathLength !== undefined && authoritiesBelow > pathLength) {
    throw new NodeFault('TRUST_CHAIN', `${authoritiesBelow} authorities below ${nameOf(certificate)}`)
  }
  verificationKey(certificate.base64, strength)
}

/** R-CR-20. */
export function expectStrongSignature(certificate: ReadCertificate, { pkcs1Certificates }: CertificateGrants): void {
  const kind = signatureMethod(certificate.signature)?.kind
  if (kind !== undefined && (kind !== 'pkcs1' || pkcs1Certificates)) return
  const how = kind === 'pkcs1' ? 'PKCS#1, which pkcs1Certificates would allow' : certificate.signature.algorithm
  throw new NodeFault('TRUST_CERT', `${nameOf(certificate)} is signed with ${how}`)
}

/** 4.2.1.3: the signer's key is for signatures over data. */
export function expectSigner(certificate: ReadCertificate): void {
  if (allowsUsage(certificate, 'digitalSignature') || allowsUsage(certificate, 'nonRepudiation')) return
  throw new NodeFault('TRUST_CERT', `${nameOf(certificate)} is not for signing`)
}

/** Certificates of metadata signers name organisations, not people. */
function nameOf({ x509 }: ReadCertificate): string {
  return x509.subject.replaceAll('\n', ', ')
}
