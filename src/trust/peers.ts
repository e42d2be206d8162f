import { NodeFault } from '../errors/node-fault.ts'
import { profileCode } from '../identity/person-identifier.ts'
import { dialectOf } from '../profiles/eidas/versions.ts'
import { protocolVersionsOf, readPeerFacts } from '../profiles/peer-facts.ts'
import { nameToShow } from '../profiles/shown-name.ts'
import type { AlgorithmSupport } from '../saml/metadata/algorithm-support.ts'
import type { EntityDescriptor } from '../saml/metadata/entity.ts'
import type { KeyDescriptor, KeyUse } from '../saml/metadata/key-descriptor.ts'
import { eachReadable, type Tell, untold } from '../saml/metadata/left-out.ts'
import type { IdpRole, RoleDescriptor, SpRole } from '../saml/metadata/role.ts'
import type { LocalizedText } from '../saml/metadata/texts.ts'
import { bindings } from '../saml/uris.ts'
import { type Recipient, recipient } from '../xmlsec/encrypt.ts'
import { type TrustedKeys, type VerificationKey, verificationKey } from '../xmlsec/keys.ts'
import { policyOf, type TrustPolicy } from './policy.ts'
import type { AssertionConsumer, Role, SingleSignOn, TrustedEntity } from './registry.ts'

/* From metadata that verified to an entity that may be talked to: every key, endpoint, date and name is judged here. */

/** What the operator says of the place the metadata comes from. */
export interface PeerSource {
  /** File or URL. */
  readonly place: string
  /** What the operator calls the source; the place when left out. */
  readonly source?: string | undefined
  /** Two capitals; demanded for eIDAS roles, which must be of this country. */
  readonly country?: string | undefined
  /** How far ahead validUntil may be, where it is more than usual. */
  readonly validityDays?: number | undefined
  /** Lets endpoints on this machine be plain http: for the demo only, never a default. */
  readonly allowHttpForDemo?: boolean | undefined
}

export interface Admission {
  readonly role: Role
  readonly source: PeerSource
  /** Epoch milliseconds. */
  readonly now: number
  /** validUntil of the document around the entity, or the earliest of the groups it is in. */
  readonly documentValidUntil: number | undefined
  /** Hears of keys and endpoints that are left out. */
  readonly tell?: Tell | undefined
}

/** The role of an entity that plays this part, or undefined when it has none such. */
export function roleOf({ roles }: EntityDescriptor, role: Role): IdpRole | SpRole | undefined {
  return role === 'proxy-service' || role === 'identity-provider' ? roles.idp : roles.sp
}

/** Admits an entity in a role it has. Faults: MD_*, EID_COUNTRY. */
export function admitEntity(entity: EntityDescriptor, admission: Admission): TrustedEntity {
  const { role, source, now, tell = untold } = admission
  const policy = policyOf[role]
  const described = roleOf(entity, role)
  if (described === undefined) throw new NodeFault('MD_STRUCT', `${entity.entityId} is no ${role}`)
  const idp = described === entity.roles.idp ? entity.roles.idp : undefined
  const sp = described === entity.roles.sp ? entity.roles.sp : undefined
  const validUntil = validUntilOf(entity, described, admission, policy)
  const country = countryOf(entity, described, source, policy)
  const encryptTo = sp && recipientOf(sp, { policy, now, tell })
  if (role === 'connector' && encryptTo === undefined) throw new NodeFault('MD_KEY', 'no key to encrypt to')
  const home = homeOf(entity, source)
  return {
    entityId: entity.entityId,
    role,
    ...(country === undefined ? {} : { country }),
    name: nameOf(entity, described),
    ...(home === undefined ? {} : { home }),
    keys: keysOf(entity, described, { policy, now, tell }),
    verifies: supportOf(entity, described),
    ...(encryptTo === undefined ? {} : { recipient: encryptTo }),
    sso: idp === undefined ? [] : singleSignOn(idp, source, tell),
    acs: sp === undefined ? [] : assertionConsumers(sp, source, tell),
    facts: readPeerFacts(entity, { idp, sp, country }),
    validUntil,
    place: source.place,
    source: source.source ?? source.place,
  }
}

const DAY = 24 * 60 * 60 * 1000

/** R-MF-2, A-206: the document or its entity says until when. The earliest date counts: it is to come, and not far off. */
function validUntilOf(
  entity: EntityDescriptor,
  role: RoleDescriptor,
  { now, documentValidUntil, source }: Admission,
  policy: TrustPolicy,
): number {
  const { validityDays = policy.validityDays } = source
  const whole = documentValidUntil ?? entity.validUntil
  if (whole === undefined) throw new NodeFault('MD_TIME', 'no validUntil')
  const end = Math.min(whole, entity.validUntil ?? whole, role.validUntil ?? whole)
  if (!(end <= now + validityDays * DAY)) {
    const until = new Date(end).toJSON()
    throw new NodeFault('MD_TIME', `validUntil ${until} is more than ${validityDays} days off`)
  }
  if (!(end > now)) throw new NodeFault('MD_TIME', `expired at ${new Date(end).toJSON()}`)
  return end
}

/** R-MF-15, A-217: an eIDAS node says its country, and it is the one this source is for; R-AP-27: once that was GR. */
function countryOf(
  entity: EntityDescriptor,
  { nodeCountry }: RoleDescriptor,
  source: PeerSource,
  { eidas }: TrustPolicy,
): string | undefined {
  if (eidas && source.country === undefined) throw new NodeFault('CFG_INVALID', `no country for ${source.place}`)
  if (nodeCountry === undefined) {
    if (eidas) throw new NodeFault('MD_STRUCT', 'no NodeCountry')
    return source.country
  }
  const { saysGR } = dialectOf(protocolVersionsOf(entity))
  const country = saysGR ? profileCode(nodeCountry) : nodeCountry
  if (!/^[A-Z]{2}$/.test(country)) throw new NodeFault('MD_STRUCT', 'NodeCountry is not two capitals')
  if (source.country !== undefined && country !== source.country) {
    throw new NodeFault('EID_COUNTRY', `NodeCountry ${country} in a source of ${source.country}`)
  }
  return country
}

interface Judging {
  readonly policy: TrustPolicy
  readonly now: number
  readonly tell: Tell
}

/** A rollover has two of each kind at a time. A message that names no key is held against all of them, by any sender. */
const MOST_KEYS = 10

/** keys of this role, for signing, and not many; algorithms of ours that the peer has too. */
function keysOf(entity: EntityDescriptor, role: RoleDescriptor, { policy, now, tell }: Judging): TrustedKeys {
  const { candidates, faults } = certificatesFor(role, 'signing', policy)
  const fit = eachReadable(
    candidates,
    ({ certificate }) => verificationKey(certificate, policy),
    (fault) => faults.push(fault),
  )
  const current = fit.filter((key) => !policy.eidas || isCurrent(key, now))
  const different = new Map(current.map((key) => [key.certificate, key]))
  const keys = [...different.values()].slice(0, MOST_KEYS)
  if (different.size > MOST_KEYS)
    faults.push(new NodeFault('MD_KEY', `${different.size} keys, of which the first ${MOST_KEYS} count`))
  if (keys.length === 0) throw faults[0] ?? new NodeFault('MD_KEY', 'no valid key to verify with')
  faults.forEach(tell)
  const { signingMethods: stated } = supportOf(entity, role)
  const algorithms = policy.signatures.filter(
    (ours) => stated.length === 0 || stated.some(({ algorithm }) => algorithm === ours),
  )
  if (algorithms.length === 0) throw new NodeFault('MD_ALG', stated.map(({ algorithm }) => algorithm).join(' '))
  return { keys, algorithms }
}

/** What is said of the role, or else of the whole entity. */
function supportOf(entity: EntityDescriptor, role: RoleDescriptor): AlgorithmSupport {
  const { digestMethods, signingMethods } = role
  return {
    digestMethods: digestMethods.length > 0 ? digestMethods : entity.digestMethods,
    signingMethods: signingMethods.length > 0 ? signingMethods : entity.signingMethods,
  }
}

/** The first encryption key that is valid, with ciphers both sides know; undefined when the peer publishes none. */
function recipientOf(role: RoleDescriptor, { policy, now, tell }: Judging): Recipient | undefined {
  const { candidates, faults } = certificatesFor(role, 'encryption', policy)
  const isNone = candidates.length + faults.length === 0
  const { encryption, minimumRsaBits } = policy
  const fit = eachReadable(
    candidates,
    ({ certificate, descriptor }) =>
      recipient(certificate, { policy: encryption, minimumRsaBits, methods: descriptor.encryptionMethods }),
    (fault) => faults.push(fault),
  )
  const [first] = fit.filter((key) => !policy.eidas || isCurrent(key, now))
  if (first === undefined && !isNone) throw faults[0] ?? new NodeFault('MD_KEY', 'no valid key to encrypt to')
  faults.forEach(tell)
  return first
}

interface Certified {
  readonly certificate: string
  readonly descriptor: KeyDescriptor
}

/** R-MF-6: in eIDAS a key says its use; elsewhere a key without one is for both (SAML Metadata 2.4.1.1). */
function certificatesFor({ keys }: RoleDescriptor, use: KeyUse, { eidas }: TrustPolicy) {
  const faults: NodeFault[] = []
  const ofUse = keys.filter((key) => key.use === use || key.use === undefined)
  const read = (descriptor: KeyDescriptor): Certified => {
    if (eidas && descriptor.use === undefined) throw new NodeFault('MD_KEY', 'a key without use')
    const [certificate] = descriptor.certificates
    if (certificate === undefined) throw new NodeFault('MD_KEY', 'a key that is no certificate')
    return { certificate, descriptor }
  }
  return { candidates: eachReadable(ofUse, read, (fault) => faults.push(fault)), faults }
}

function isCurrent({ notBefore, notAfter }: VerificationKey, now: number): boolean {
  return notBefore <= now && now <= notAfter
}

function singleSignOn(idp: IdpRole, source: PeerSource, tell: Tell): readonly SingleSignOn[] {
  const spoken: readonly string[] = Object.values(bindings)
  const found = idp.singleSignOn.filter(({ binding }) => spoken.includes(binding))
  if (found.length === 0) throw new NodeFault('MD_STRUCT', 'no SingleSignOnService by POST or Redirect')
  const admitted = ({ binding, location }: SingleSignOn) => ({ binding, location: admittedUrl(location, source) })
  return someOf(found, admitted, tell)
}

/** R-IA-14: answers go by POST and by nothing else. */
function assertionConsumers(sp: SpRole, source: PeerSource, tell: Tell): readonly AssertionConsumer[] {
  const found = sp.assertionConsumer.filter(({ binding }) => binding === bindings.post)
  if (found.length === 0) throw new NodeFault('MD_STRUCT', 'no AssertionConsumerService by POST')
  const admitted = ({ binding, location, index, isDefault }: AssertionConsumer) => ({
    binding,
    location: admittedUrl(location, source),
    index,
    isDefault,
  })
  return someOf(found, admitted, tell)
}

/** Those that are admitted; the first fault when none is. */
function someOf<P, T>(parts: readonly P[], admit: (part: P) => T, tell: Tell): readonly T[] {
  const faults: NodeFault[] = []
  const admitted = eachReadable(parts, admit, (fault) => faults.push(fault))
  if (admitted.length === 0 && faults[0] !== undefined) throw faults[0]
  faults.forEach(tell)
  return admitted
}

/** R-IA-10, A-212: https, on a host with a name; the demo's parties may be plain http on this machine. */
function admittedUrl(location: string, source: PeerSource): string {
  const { protocol, hostname } = new URL(location)
  if (isDemoHost(hostname, source)) return location
  if (protocol !== 'https:') throw new NodeFault('MD_URL', `${protocol} endpoint`)
  if (hostname.startsWith('[')) throw new NodeFault('MD_URL', 'endpoint on an address')
  return location
}

function isDemoHost(hostname: string, { allowHttpForDemo }: PeerSource): boolean {
  return allowHttpForDemo === true && (hostname === 'localhost' || /^127(\.\d{1,3}){3}$/.test(hostname))
}

/** What people call it: the name for user interfaces, that of the organisation, or its entityID. */
function nameOf({ entityId, organization }: EntityDescriptor, { displayNames }: RoleDescriptor): string {
  const texts = [displayNames, organization?.displayNames ?? [], organization?.names ?? []]
  return (
    texts
      .map(inEnglish)
      .map(nameToShow)
      .find((text) => text !== undefined) ?? entityId
  )
}

/** The English text, or the first. */
function inEnglish(texts: readonly LocalizedText[]): string | undefined {
  return (texts.find(({ lang }) => lang === 'en') ?? texts[0])?.value || undefined
}

/** The organisation's page, where it is one that may be linked to. */
function homeOf({ organization }: EntityDescriptor, source: PeerSource): string | undefined {
  const url = inEnglish(organization?.urls ?? [])
  if (url === undefined || !/^https?:\/\/[^\s@\\]+$/.test(url) || !URL.canParse(url)) return undefined
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || isDemoHost(hostname, source) ? url : undefined
}
