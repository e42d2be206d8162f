import { NodeFault } from '../errors/node-fault.ts'
import { readAnchors, signerKeys } from '../trust/chain.ts'
import { type ReadCertificate, readCertificate } from '../trust/x509.ts'
import type { XmlElement } from '../xml/element.ts'
import { claimedCertificates } from '../xmlsec/key-info.ts'
import { type KeyStrength, type VerificationKey, verificationKey } from '../xmlsec/keys.ts'
import { attempt, type Citing, type Finding } from './findings.ts'

/*
 * Who may have signed: for a message the certificates of --trust themselves, as if verified metadata had named them; for
 * metadata also the parties that an authority among them vouches for, as the node's anchors do.
 */

/** Keys that count as the signer's, and what is wrong with those that were given. */
export interface Signers {
  /** Whether --trust was given at all. */
  readonly given: boolean
  /** What a node verifies with; throws as the node does. */
  readonly keys: () => readonly VerificationKey[]
  /** Those of --trust, whether or not a node would verify with them: what they signed is known to be theirs, no more. */
  readonly known: readonly VerificationKey[]
  readonly findings: readonly Finding[]
}

/** The certificates of a PEM text; CFG_INVALID when there is none, TRUST_CERT for one that cannot be read. */
export function certificatesIn(pem: string): readonly ReadCertificate[] {
  return readAnchors([pem]).certificates
}

export function messageSigners(trusted: readonly ReadCertificate[], cite: Citing): Signers {
  // A key without a signature here harms nothing; the signer's own is judged with its signature.
  const options = { about: '--trust', severity: 'warning' } as const
  const tried = trusted.map(({ base64 }) => attempt(() => verificationKey(base64), cite, options))
  const keys = tried.flatMap(({ value }) => value ?? [])
  return {
    given: trusted.length > 0,
    keys: () => keys,
    known: embeddedKeys(trusted.map(({ base64 }) => base64)),
    findings: tried.flatMap(({ findings }) => findings),
  }
}

/** The key of this document's signer, if a path leads from its certificate to --trust. */
export function metadataSigners(
  root: XmlElement,
  trusted: readonly ReadCertificate[],
  now: number,
  cite: Citing,
): Signers {
  if (trusted.length === 0) return { given: false, keys: () => [], known: [], findings: [] }
  const anchors = { certificates: trusted, revoked: [], strength: {}, pkcs1Certificates: false }
  const keys = () => signerKeys(claimedCertificates(root), anchors, now)
  const { value = [], findings } = attempt(keys, cite)
  return {
    given: true,
    keys,
    known: [...value, ...embeddedKeys(trusted.map(({ base64 }) => base64))],
    // What is wrong with the signature itself is found where the signature is looked at.
    findings: findings.filter(({ code }) => !code.startsWith('DS_')),
  }
}

/** What a national peer may have; weaker keys are looked at no further. */
const weakest: KeyStrength = { minimumRsaBits: 2048 }

/** The keys in a message's own certificates: good for arithmetic, proof of nothing. */
export function embeddedKeys(certificates: readonly string[]): readonly VerificationKey[] {
  return certificates.flatMap(
    (one) =>
      attempt(
        () => verificationKey(one, weakest),
        () => null,
      ).value ?? [],
  )
}

/** What a node has against a key that a signature fits. */
export function objectionsTo(key: VerificationKey, now: number, cite: Citing): readonly Finding[] {
  const about = 'the signer'
  const strength = attempt(() => verificationKey(key.certificate), cite, { about }).findings
  const validity = attempt(() => expectCurrent(key, now), cite, { about }).findings
  return [...strength, ...validity]
}

/** Keys whose certificates are out of their time are left out when a node reads the metadata they are in. */
function expectCurrent({ notBefore, notAfter }: VerificationKey, now: number): void {
  if (!(notBefore <= now && now <= notAfter)) throw new NodeFault('MD_KEY', 'its certificate is not valid at this time')
}

/** Whom a certificate (base64 of DER) names, in one line, and its SHA-256. */
export function nameOf(certificate: string): { readonly signer: string; readonly fingerprint: string | null } {
  const { value } = attempt(
    () => readCertificate(certificate).x509,
    () => null,
  )
  if (value === undefined) return { signer: 'a certificate that cannot be read', fingerprint: null }
  return { signer: value.subject.split('\n').reverse().join(', '), fingerprint: value.fingerprint256 }
}
