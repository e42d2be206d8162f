import { asFault, NodeFault } from '../errors/node-fault.ts'
import {
  type EntityDescriptor,
  entityIdOf,
  readEntityDescriptor,
  readMetadataDocument,
} from '../saml/metadata/entity.ts'
import { metadataLimits } from '../xml/limits.ts'
import { md } from '../xml/names.ts'
import { claimedCertificates } from '../xmlsec/key-info.ts'
import type { SignedElement } from '../xmlsec/signed.ts'
import { withVerified } from '../xmlsec/verify.ts'
import { type Anchors, signerKeys } from './chain.ts'
import type { LoadedTrust } from './document.ts'
import { admitEntity, type PeerSource, roleOf } from './peers.ts'
import { eidasTrust, nationalTrust, policyOf, type TrustPolicy } from './policy.ts'
import type { Role, TrustedEntity } from './registry.ts'

/*
 * Metadata documents. Each is verified against the anchors of its source before anything is read from it (R-IA-9,
 * R-IA-30). A bad document, or a bad entity in one, is reported and harms nobody else.
 */

/** One metadata document, and what the operator trusts it with. */
export interface TrustSource extends PeerSource {
  /** The parts its entities may play; anything else they are is passed over. */
  readonly roles: readonly Role[]
  /** The one entity that is expected; without it, whoever is in the document. */
  readonly entityId?: string | undefined
  /** SHA-256 fingerprints (`AB:CD:…`) of certificates that count no more. */
  readonly revoked?: readonly string[] | undefined
}

/** Reads verified metadata. Faults of the document are thrown, those of an entity in it are problems. */
export function readMetadata(octets: Uint8Array, source: TrustSource, anchors: Anchors, now: number): LoadedTrust {
  const root = verifiedRoot(octets, source, anchors, now)
  const { entities, validUntil, cacheDuration } = readMetadataDocument(root)
  expectEntity(entities, source)
  const parts = entities.map((element) => admitAll(element, source, now, validUntil))
  const result = {
    entities: parts.flatMap((part) => part.entities),
    problems: parts.flatMap((part) => part.problems),
    validUntil,
    cacheDuration,
  }
  if (result.entities.length + result.problems.length === 0) {
    throw new NodeFault('MD_STRUCT', `nobody who is ${source.roles.join(' or ')}`)
  }
  return result
}

/** one document stands for another only if the operator says so. */
function expectEntity(entities: readonly SignedElement[], { entityId }: TrustSource): void {
  if (entityId === undefined) return
  const [found, ...more] = entities.map(entityIdOf)
  if (found !== entityId || more.length > 0) throw new NodeFault('MD_ENTITY', `not ${entityId} alone, but ${found}`)
}

/** The whole document, read from the octets that verified. Whatever is wrong with the signature, it is MD_SIG. */
function verifiedRoot(octets: Uint8Array, source: TrustSource, anchors: Anchors, now: number): SignedElement {
  const { signatures: algorithms } = policyFor(source)
  const expected = {
    root: [md('EntityDescriptor'), md('EntitiesDescriptor')],
    schema: 'metadata',
    limits: metadataLimits,
    reference: 'id-or-whole',
    keysFor: (claimed: Parameters<typeof claimedCertificates>[0]) => ({
      keys: signerKeys(claimedCertificates(claimed), anchors, now),
      algorithms,
    }),
  } as const
  try {
    return withVerified(octets, expected, (root) => root)
  } catch (thrown) {
    const fault = asFault(thrown)
    if (!fault.code.startsWith('DS_')) throw fault
    throw new NodeFault('MD_SIG', fault.message, { cause: fault })
  }
}

/** National rules only where nobody from abroad can come in. */
export function policyFor({ roles }: Pick<TrustSource, 'roles'>): TrustPolicy {
  return roles.some((role) => policyOf[role].eidas) ? eidasTrust : nationalTrust
}

/** One entity in all the parts it may play. */
function admitAll(
  element: SignedElement,
  source: TrustSource,
  now: number,
  validUntil: number | undefined,
): LoadedTrust {
  let entityId: string | undefined
  try {
    const entity = readEntityDescriptor(element)
    entityId = entity.entityId
    return { entities: admittedRoles(entity, source, now, validUntil), problems: [] }
  } catch (thrown) {
    const fault = asFault(thrown)
    return { entities: [], problems: [{ place: source.place, ...(entityId === undefined ? {} : { entityId }), fault }] }
  }
}

function admittedRoles(
  entity: EntityDescriptor,
  source: TrustSource,
  now: number,
  documentValidUntil: number | undefined,
): readonly TrustedEntity[] {
  return source.roles
    .filter((role) => roleOf(entity, role) !== undefined)
    .map((role) => admitEntity(entity, { role, source, now, documentValidUntil }))
}
