import { NodeFault } from '../errors/node-fault.ts'
import type { SectorType } from '../identity/request.ts'
import type { AttributeConsumingService } from '../saml/metadata/attributes.ts'
import type { EntityDescriptor } from '../saml/metadata/entity.ts'
import type { IdpRole, SpRole } from '../saml/metadata/role.ts'
import { entityAttributeNames, REQUESTER_ID_CATEGORY } from './eidas/metadata.ts'
import type { AttributeService, PeerFacts } from './profile.ts'

/** One role of an entity, and the country it was found to be of. */
export interface PeerRole {
  readonly idp?: IdpRole | undefined
  readonly sp?: SpRole | undefined
  readonly country?: string | undefined
}

/** What profiles need to know of a peer, from its verified metadata. National peers say less; nothing is made up. */
export function readPeerFacts(entity: EntityDescriptor, { idp, sp, country }: PeerRole): PeerFacts {
  const spType = idp !== undefined && sp === undefined ? undefined : readSpType(entity.spType)
  return {
    entityId: entity.entityId,
    ...(country === undefined ? {} : { country }),
    ...(spType === undefined ? {} : { spType }),
    protocolVersions: protocolVersionsOf(entity),
    loas: valuesOf(entity, entityAttributeNames.loa),
    attributes: (idp?.attributes ?? []).map(({ name }) => name),
    requesterIdRequired: valuesOf(entity, entityAttributeNames.category).includes(REQUESTER_ID_CATEGORY),
    nameIdFormats: (idp ?? sp)?.nameIdFormats ?? [],
    attributeServices: inOrder(sp?.attributeConsumingServices ?? []),
  }
}

/** A peer without metadata, or whose metadata says nothing but who it is: the rules of 1.4. */
export function silentPeer(entityId: string): PeerFacts {
  return {
    entityId,
    protocolVersions: [],
    loas: [],
    attributes: [],
    requesterIdRequired: false,
    nameIdFormats: [],
    attributeServices: [],
  }
}

export function protocolVersionsOf(entity: EntityDescriptor): readonly string[] {
  return valuesOf(entity, entityAttributeNames.protocolVersion).flatMap(listed)
}

function valuesOf({ entityAttributes }: EntityDescriptor, name: string): readonly string[] {
  return entityAttributes.get(name) ?? []
}

/** R-MF-12: one value each, but some peers put several into one. */
function listed(value: string): readonly string[] {
  return value
    .split(/[,;]/)
    .map((one) => one.trim())
    .filter((one) => one !== '')
}

function readSpType(text: string | undefined): SectorType | undefined {
  if (text === undefined || text === 'public' || text === 'private') return text
  throw new NodeFault('MD_STRUCT', 'SPType is neither public nor private')
}

/** SAML Metadata 2.4.4: the default is the one marked so, else the first not marked otherwise, else the first. */
function inOrder(services: readonly AttributeConsumingService[]): readonly AttributeService[] {
  const chosen =
    services.find(({ isDefault }) => isDefault === true) ??
    services.find(({ isDefault }) => isDefault === undefined) ??
    services[0]
  return services.map((service) => ({
    index: service.index,
    isDefault: service === chosen,
    attributes: service.requestedAttributes.map(({ name, isRequired = false }) => ({ name, required: isRequired })),
  }))
}
