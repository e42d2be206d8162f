import { NodeFault } from '../errors/node-fault.ts'
import {
  type DescribedEntity,
  type EntityDescriptor,
  readEntityDescriptor,
  readMetadataDocument,
} from '../saml/metadata/entity.ts'
import { eachReadable, readable, type Tell } from '../saml/metadata/left-out.ts'
import { md } from '../xml/names.ts'
import { type Anchored, type AnchoredKind, anchored } from './anchored.ts'
import type { Anchors, CertificatePath, SignerPin } from './chain.ts'
import type { LoadedTrust, TrustProblem } from './document.ts'
import { admitEntity, type PeerSource, roleOf } from './peers.ts'
import { eidasTrust, nationalTrust, policyOf, type TrustPolicy } from './policy.ts'
import type { Role, TrustedEntity } from './registry.ts'
import type { CheckPath, RevocationPolicy } from './revocation.ts'

/*
 * Metadata documents. Each is verified against the anchors of its source before anything is read from it (R-IA-9,
 * R-IA-30). A bad document, or a bad entity in one, is reported and harms no other.
 */

/** One metadata document, and what the operator trusts it with. */
export interface TrustSource extends PeerSource {
  /** The parts its entities may play; anything else they are is passed over. */
  readonly roles: readonly Role[]
  /** The one entity that is expected; without it, every entity of the document. */
  readonly entityId?: string | undefined
  /** Who is to be there, by a list of metadata; without it, all that are there. */
  readonly endpoints?: readonly Endpoint[] | undefined
  /** SHA-256 fingerprints (`AB:CD:…`) of certificates that count no more. */
  readonly revoked?: readonly string[] | undefined
  /** Lets authorities from abroad sign certificates with PKCS#1 v1.5 (R-CR-20); those at home may anyway. */
  readonly pkcs1Certificates?: boolean | undefined
  /** Who signs, where that is not every certificate under the anchors. */
  readonly signer?: SignerPin | undefined
  /** Without it hard for other countries, soft at home. */
  readonly revocation?: RevocationPolicy | undefined
}

export interface Endpoint {
  readonly entityId: string
  readonly role: Role
}

/** Reads verified metadata. Faults of the document are thrown, those of an entity in it are problems. */
export function readMetadata(octets: Uint8Array, source: TrustSource, anchors: Anchors, now: number): LoadedTrust {
  return loadedFrom(anchored(octets, metadataKind(source), anchors, now), source, now)
}

/** What else metadata is held to, beside its own octets. */
export interface MetadataContext {
  readonly anchors: Anchors
  /** Epoch milliseconds. */
  readonly now: number
  readonly check: CheckPath
  /** This thread reads it unless said otherwise. */
  readonly read?: ReadMetadata | undefined
  /** What counted already does not cease to because the status of its signer cannot be learnt for the moment. */
  readonly standing?: 'held' | undefined
}

/** Reads it and asks whether its signer still counts (R-IA-30). */
export async function verifiedMetadata(
  octets: Uint8Array,
  source: TrustSource,
  { anchors, now, check, standing, read = readHere }: MetadataContext,
): Promise<LoadedTrust> {
  const { loaded, path } = await read({ octets, source, anchors, now })
  await check(path, revocationPolicy(source, standing), now, anchors)
  return loaded
}

export interface ReadOrder {
  readonly octets: Uint8Array
  readonly source: TrustSource
  readonly anchors: Anchors
  /** Epoch milliseconds. */
  readonly now: number
}

export interface ReadTrust {
  readonly loaded: LoadedTrust
  /** From the signer to the anchor. */
  readonly path: CertificatePath
}

/** Reads a document, here or elsewhere; rejects with its fault. */
export type ReadMetadata = (order: ReadOrder) => Promise<ReadTrust>

export const readHere: ReadMetadata = async ({ octets, source, anchors, now }) => {
  const found = anchored(octets, metadataKind(source), anchors, now)
  return { loaded: loadedFrom(found, source, now), path: found.path }
}

/** Hard for other countries, unless the operator says otherwise. */
export function revocationPolicy(
  source: Pick<TrustSource, 'roles' | 'revocation'>,
  standing?: 'held',
): RevocationPolicy {
  const policy = source.revocation ?? (policyFor(source).eidas ? 'hard' : 'soft')
  return policy === 'hard' && standing === 'held' ? 'soft' : policy
}

/** How far clocks may be apart. */
const SKEW = 60_000

function loadedFrom({ root }: Anchored, source: TrustSource, now: number): LoadedTrust {
  const { entities, leftOut, validUntil, cacheDuration, issued } = readMetadataDocument(root)
  if (issued !== undefined && issued > now + SKEW) throw new NodeFault('MD_TIME', 'issued in the future')
  expectEntity(entities, source)
  const parts = entities.map((entity) => admitAll(entity, source, now))
  const problems = [
    ...leftOut.map((one) => ({ place: source.place, ...one })),
    ...parts.flatMap((part) => part.problems),
  ]
  const result = expectEndpoints(source, {
    entities: parts.flatMap((part) => part.entities),
    problems: foremost(problems, source),
    validUntil,
    cacheDuration,
    issued,
  })
  if (result.entities.length + result.problems.length === 0) {
    throw new NodeFault('MD_STRUCT', `no entity that is ${source.roles.join(' or ')}`)
  }
  return result
}

/** one document stands for another only if the operator says so. */
function expectEntity(entities: readonly DescribedEntity[], { entityId }: TrustSource): void {
  if (entityId === undefined) return
  const [found, ...more] = entities.map((entity) => entity.entityId)
  if (found !== entityId || more.length > 0) throw new NodeFault('MD_ENTITY', `not ${entityId} alone, but ${found}`)
}

/** R-MF-70, R-MF-71: where a list says who is there, those are there and no others. */
function expectEndpoints({ endpoints, place }: TrustSource, loaded: LoadedTrust): LoadedTrust {
  if (endpoints === undefined) return loaded
  const isOf = (a: Endpoint, b: Endpoint) => a.entityId === b.entityId && a.role === b.role
  const problem = ({ entityId, role }: Endpoint, what: string) => ({
    place,
    entityId,
    fault: new NodeFault('MD_ENTITY', `${role} ${what}`),
  })
  const strangers = loaded.entities.filter((entity) => !endpoints.some((one) => isOf(one, entity)))
  const missing = endpoints.filter((one) => !loaded.entities.some((entity) => isOf(one, entity)))
  return {
    ...loaded,
    entities: loaded.entities.filter((entity) => !strangers.includes(entity)),
    problems: [
      ...loaded.problems,
      ...strangers.map((one) => problem(one, 'is not in the list')),
      ...missing.map((one) => problem(one, 'is in the list but not there')),
    ],
  }
}

/** In its own country's way: national algorithms only where no party from abroad can come in. */
function metadataKind(source: TrustSource): AnchoredKind {
  return {
    root: [md('EntityDescriptor'), md('EntitiesDescriptor')],
    algorithms: policyFor(source).signatures,
    unsigned: 'MD_SIG',
  }
}

/** National rules only where no party from abroad can come in. */
export function policyFor({ roles }: Pick<TrustSource, 'roles'>): TrustPolicy {
  return roles.some((role) => policyOf[role].eidas) ? eidasTrust : nationalTrust
}

/** Problems of one document that are told: a document may be long, and a thousand lines are enough to read. */
const MOST_PROBLEMS = 1_000

function foremost(problems: readonly TrustProblem[], { place }: TrustSource): readonly TrustProblem[] {
  const more = problems.length - MOST_PROBLEMS
  if (more <= 0) return problems
  const fault = new NodeFault('MD_STRUCT', `${more} more parts that are left out`)
  return [...problems.slice(0, MOST_PROBLEMS), { place, isUsed: true, fault }]
}

type Admitted = Pick<LoadedTrust, 'entities' | 'problems'>

/** One entity in all the parts it may play. What is wrong with a part of it leaves that part out. */
function admitAll(described: DescribedEntity, source: TrustSource, now: number): Admitted {
  const { entityId } = described
  const faults: NodeFault[] = []
  const tell = (fault: NodeFault) => void faults.push(fault)
  const entities = readable(() => admittedRoles(described, source, { now, tell }), tell) ?? []
  const isUsed = entities.length > 0 ? { isUsed: true as const } : {}
  return { entities, problems: faults.map((fault) => ({ place: source.place, entityId, ...isUsed, fault })) }
}

interface Admitting {
  readonly now: number
  readonly tell: Tell
}

function admittedRoles(
  { element, validUntil: documentValidUntil }: DescribedEntity,
  source: TrustSource,
  { now, tell }: Admitting,
): readonly TrustedEntity[] {
  const entity = readEntityDescriptor(element, { wanted: [...new Set(source.roles.map(sideOf))], tell })
  const played = source.roles.filter((role) => roleOf(entity, role) !== undefined)
  return eachReadable(played, (role) => admitEntity(entity, { role, source, now, documentValidUntil, tell }), tell)
}

function sideOf(role: Role): keyof EntityDescriptor['roles'] {
  return role === 'proxy-service' || role === 'identity-provider' ? 'idp' : 'sp'
}
