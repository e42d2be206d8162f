import { NodeFault } from '../errors/node-fault.ts'
import { readPeerFacts } from '../profiles/peer-facts.ts'
import type { EntityDescriptor } from '../saml/metadata/entity.ts'
import type { KeyUse } from '../saml/metadata/key-descriptor.ts'
import type { IdpRole, SpRole } from '../saml/metadata/role.ts'
import type { Rule } from '../saml/rules/rule.ts'
import { bindings } from '../saml/uris.ts'
import { eidasTrust, type TrustPolicy } from '../trust/policy.ts'
import { recipient } from '../xmlsec/encrypt.ts'
import { type VerificationKey, verificationKey } from '../xmlsec/keys.ts'
import type { SignedElement } from '../xmlsec/signed.ts'
import { attempt } from './findings.ts'

/*
 * What a node refuses metadata of eIDAS for, sentence by sentence: trust/peers.ts says so at its first objection, and is
 * asked as well.
 */

export interface MetadataContext {
  readonly entity: EntityDescriptor
  /** The EntityDescriptor as verified, for what readers pass over. */
  readonly element: SignedElement
  readonly idp?: IdpRole | undefined
  readonly sp?: SpRole | undefined
  readonly role: IdpRole | SpRole
  readonly now: number
  /** What a node holds the role to. */
  readonly policy: TrustPolicy
  /** validUntil of the whole document, or the earliest of the groups it is in. */
  readonly documentValidUntil: number | undefined
  /** Certificates in the document's signature. */
  readonly chain: number
}

export type MetadataRule = Rule<MetadataContext>

const DAY = 24 * 60 * 60 * 1000

/** R-MF-2: the document says how long it is valid. */
const validityIsSaid: MetadataRule = ({ documentValidUntil, entity }) => {
  if (documentValidUntil === undefined && entity.validUntil === undefined)
    throw new NodeFault('MD_TIME', 'no validUntil')
}

/** R-IA-25: and not for long, for a stolen key is of use until then. */
const validityIsShort: MetadataRule = ({ documentValidUntil, entity, role, now, policy: { validityDays } }) => {
  const said = [documentValidUntil, entity.validUntil, role.validUntil].filter((end) => end !== undefined)
  if (said.length > 0 && !(Math.min(...said) <= now + validityDays * DAY)) {
    throw new NodeFault('MD_TIME', `validUntil is more than ${validityDays} days off`)
  }
}

/** R-IA-30: the date is not over, nor that of the entity or the role. */
const notExpired: MetadataRule = ({ documentValidUntil, entity, role, now }) => {
  const over = [documentValidUntil, entity.validUntil, role.validUntil].some((end) => end !== undefined && !(end > now))
  if (over) throw new NodeFault('MD_TIME', 'expired')
}

/** R-MF-15: the role says its country, in two capitals. */
const countryIsSaid: MetadataRule = ({ role: { nodeCountry } }) => {
  if (nodeCountry === undefined) throw new NodeFault('MD_STRUCT', 'no NodeCountry in the Extensions of the role')
  if (!/^[A-Z]{2}$/.test(nodeCountry)) throw new NodeFault('MD_STRUCT', 'NodeCountry is not two capitals')
}

/** R-MF-17: an SPType is one of the two words. */
const spTypeIsKnown: MetadataRule = ({ entity, idp, sp }) => {
  readPeerFacts(entity, { idp, sp })
}

/** R-MF-6: every key says what it is for. */
const keysSayTheirUse: MetadataRule = ({ role }) => {
  if (role.keys.some(({ use }) => use === undefined)) throw new NodeFault('MD_KEY', 'a key without use')
}

/** R-MF-6: and is a certificate. */
const keysAreCertificates: MetadataRule = ({ role }) => {
  if (role.keys.some(({ certificates }) => certificates.length === 0)) {
    throw new NodeFault('MD_KEY', 'a key that is no certificate')
  }
}

/** R-CR-18, R-CR-19: RSA of 3072 bits or a named curve. */
const signingKeysAreStrong: MetadataRule = ({ role, policy }) => {
  for (const certificate of certificatesFor(role, 'signing')) verificationKey(certificate, policy)
}

/** R-CR-15, R-CR-16: the same for what is encrypted to. */
const encryptionKeysAreStrong: MetadataRule = ({ role, sp, policy }) => {
  if (sp === undefined) return
  for (const certificate of certificatesFor(role, 'encryption')) verificationKey(certificate, policy)
}

/** R-CR-13, R-CR-15, R-CR-16: what it decrypts is something we encrypt with. */
const ciphersInCommon: MetadataRule = ({ sp, policy: { encryption, minimumRsaBits } }) => {
  for (const { use, certificates, encryptionMethods: methods } of sp?.keys ?? []) {
    const [certificate] = certificates
    if (use === 'signing' || certificate === undefined) continue
    const { findings } = attempt(
      () => verificationKey(certificate, { minimumRsaBits }),
      () => null,
    )
    if (findings.length === 0) recipient(certificate, { policy: encryption, minimumRsaBits, methods })
  }
}

/** R-MF-6: there is a key to verify with, whose certificate is valid. */
const signingKeyIsCurrent: MetadataRule = ({ role, now, policy }) => {
  if (!hasCurrentKey(role, 'signing', { now, policy })) throw new NodeFault('MD_KEY', 'no valid key to verify with')
}

/** R-MF-6: a connector has a key to encrypt to. */
const encryptionKeyIsCurrent: MetadataRule = ({ role, sp, now, policy }) => {
  if (sp === undefined) return
  const needed = policy.eidas || certificatesFor(role, 'encryption').length > 0
  if (needed && !hasCurrentKey(role, 'encryption', { now, policy }))
    throw new NodeFault('MD_KEY', 'no valid key to encrypt to')
}

/** R-MF-11: what it verifies and signs with is something we do as well. */
const algorithmsInCommon: MetadataRule = ({ entity, role, policy }) => {
  const stated = role.signingMethods.length > 0 ? role.signingMethods : entity.signingMethods
  const ours: readonly string[] = policy.signatures
  if (stated.length > 0 && !stated.some(({ algorithm }) => ours.includes(algorithm))) {
    throw new NodeFault('MD_ALG', stated.map(({ algorithm }) => algorithm).join(' '))
  }
}

/** R-IA-11: a service takes requests by POST or by Redirect. */
const serviceIsReachable: MetadataRule = ({ idp }) => {
  const spoken: readonly string[] = Object.values(bindings)
  if (idp !== undefined && !idp.singleSignOn.some(({ binding }) => spoken.includes(binding))) {
    throw new NodeFault('MD_STRUCT', 'no SingleSignOnService by POST or Redirect')
  }
}

/** R-IA-14: a connector takes answers by POST. */
const connectorIsReachable: MetadataRule = ({ sp }) => {
  if (sp !== undefined && !sp.assertionConsumer.some(({ binding }) => binding === bindings.post)) {
    throw new NodeFault('MD_STRUCT', 'no AssertionConsumerService by POST')
  }
}

/** R-IA-10: every endpoint that is used is at an https URL. */
const endpointsAreHttps: MetadataRule = ({ idp, sp }) => {
  const spoken: readonly string[] = Object.values(bindings)
  const asked = idp?.singleSignOn.filter(({ binding }) => spoken.includes(binding)) ?? []
  const answered = sp?.assertionConsumer.filter(({ binding }) => binding === bindings.post) ?? []
  const odd = [...asked, ...answered].find(({ location }) => !isHttps(location))
  if (odd !== undefined) throw new NodeFault('MD_URL', odd.location)
}

/** What a node refuses metadata for, in the order of the Message Format. */
export const metadataRules: readonly MetadataRule[] = [
  validityIsSaid,
  validityIsShort,
  notExpired,
  countryIsSaid,
  spTypeIsKnown,
  keysSayTheirUse,
  keysAreCertificates,
  signingKeysAreStrong,
  encryptionKeysAreStrong,
  ciphersInCommon,
  signingKeyIsCurrent,
  encryptionKeyIsCurrent,
  algorithmsInCommon,
  serviceIsReachable,
  connectorIsReachable,
  endpointsAreHttps,
]

/** Only nodes of other countries are held to these. */
export const ofNodesAlone: ReadonlySet<string> = new Set(['countryIsSaid', 'spTypeIsKnown', 'keysSayTheirUse'])

export const metadataRequirements: Readonly<Record<string, string>> = {
  validityIsSaid: 'R-MF-2',
  validityIsShort: 'R-IA-25',
  notExpired: 'R-IA-30',
  countryIsSaid: 'R-MF-15',
  spTypeIsKnown: 'R-MF-17',
  keysSayTheirUse: 'R-MF-6',
  keysAreCertificates: 'R-MF-6',
  signingKeysAreStrong: 'R-CR-18',
  encryptionKeysAreStrong: 'R-CR-15',
  ciphersInCommon: 'R-CR-13',
  signingKeyIsCurrent: 'R-MF-6',
  encryptionKeyIsCurrent: 'R-MF-6',
  algorithmsInCommon: 'R-MF-11',
  serviceIsReachable: 'R-IA-11',
  connectorIsReachable: 'R-IA-14',
  endpointsAreHttps: 'R-IA-10',
}

/** Certificates of a use; those without a use are for both (SAML Metadata 2.4.1.1). */
function certificatesFor({ keys }: IdpRole | SpRole, wanted: KeyUse): readonly string[] {
  return keys.filter(({ use }) => (use ?? wanted) === wanted).flatMap(({ certificates }) => certificates.slice(0, 1))
}

/** The keys of a use. A certificate that cannot be read has been told of by another rule. */
export function keysFor(role: IdpRole | SpRole, use: KeyUse, policy = eidasTrust): readonly VerificationKey[] {
  return certificatesFor(role, use).flatMap((certificate) => {
    const { value } = attempt(
      () => verificationKey(certificate, policy),
      () => null,
    )
    return value ?? []
  })
}

function hasCurrentKey(role: IdpRole | SpRole, use: KeyUse, { now, policy }: Pick<MetadataContext, 'now' | 'policy'>) {
  const keys = keysFor(role, use, policy)
  return keys.some(({ notBefore, notAfter }) => !policy.eidas || (notBefore <= now && now <= notAfter))
}

export function isHttps(location: string): boolean {
  return URL.canParse(location) && new URL(location).protocol === 'https:'
}
