import { NodeFault } from '../../errors/node-fault.ts'
import { isNamed, type XmlElement } from '../../xml/element.ts'
import { eidas, md, mdattr } from '../../xml/names.ts'
import { attribute, expectNamed, many } from '../../xml/reader.ts'
import { el, type XmlPart } from '../../xml/writer.ts'
import type { SignedElement } from '../../xmlsec/signed.ts'
import { type AlgorithmSupport, readAlgorithmSupport, writeAlgorithmSupport } from './algorithm-support.ts'
import { type EntityAttributes, readEntityAttributes, writeEntityAttributes } from './attributes.ts'
import { type Lifetime, readLifetime, writeLifetime } from './lifetime.ts'
import {
  type ContactPerson,
  type Organization,
  readContactPerson,
  readOrganization,
  writeContactPerson,
  writeOrganization,
} from './organization.ts'
import { type IdpRole, readIdpRole, readSpRole, type SpRole, writeIdpRole, writeSpRole } from './role.ts'
import { singleChild, singleText } from './texts.ts'

/**
 * Metadata as SAML 2.0 and the eIDAS message format write it: liberal towards what is unknown (R-MF-21), strict in what
 * is used. What an entity may be trusted with is not decided here.
 */

/** SAML Metadata 2.3.2. */
export interface EntityDescriptor extends Lifetime, AlgorithmSupport {
  readonly entityId: string
  readonly id?: string | undefined
  /** Name to values (R-MF-12, R-MF-13, R-MF-20). */
  readonly entityAttributes: EntityAttributes
  /** eidas:SPType of the entity's Extensions (R-MF-17), as given. */
  readonly spType?: string | undefined
  readonly roles: { readonly idp?: IdpRole | undefined; readonly sp?: SpRole | undefined }
  readonly organization?: Organization | undefined
  readonly contacts: readonly ContactPerson[]
}

/** A metadata document of one entity or of several (R-MF-1). */
export interface MetadataDocument extends Lifetime {
  /** The EntityDescriptor elements, no two of one entityID, for readEntityDescriptor. */
  readonly entities: readonly SignedElement[]
}

/** SAML Metadata 2.3.2, entityIDType. */
const ENTITY_ID_CHARACTERS = 1_024

/** An EntityDescriptor, or an EntitiesDescriptor that holds nothing but EntityDescriptors. */
export function readMetadataDocument(root: SignedElement): MetadataDocument {
  if (isNamed(root, md('EntityDescriptor'))) return { ...readLifetime(root), entities: [root] }
  if (!isNamed(root, md('EntitiesDescriptor'))) throw new NodeFault('MD_STRUCT', 'no metadata')
  if (many(root, md('EntitiesDescriptor')).length > 0) throw new NodeFault('MD_STRUCT', 'nested EntitiesDescriptor')
  const entities = many(root, md('EntityDescriptor'))
  if (new Set(entities.map(entityIdOf)).size < entities.length) throw new NodeFault('MD_STRUCT', 'an entityID twice')
  return { ...readLifetime(root), entities }
}

/** The entityID of an EntityDescriptor, exactly as given; MD_STRUCT when it is missing, empty or too long. */
export function entityIdOf(entity: XmlElement): string {
  const entityId = attribute(entity, 'entityID') ?? ''
  if (entityId === '' || entityId.length > ENTITY_ID_CHARACTERS) throw new NodeFault('MD_STRUCT', 'no usable entityID')
  return entityId
}

export function readEntityDescriptor(element: SignedElement): EntityDescriptor {
  expectNamed(element, md('EntityDescriptor'))
  const extensions = singleChild(element, md('Extensions'))
  const organization = singleChild(element, md('Organization'))
  return {
    entityId: entityIdOf(element),
    id: attribute(element, 'ID'),
    ...readLifetime(element),
    ...readAlgorithmSupport(extensions),
    entityAttributes: readEntityAttributes(extensions && singleChild(extensions, mdattr('EntityAttributes'))),
    spType: singleText(extensions, eidas('SPType')),
    roles: { idp: readIdpRole(element), sp: readSpRole(element) },
    organization: organization && readOrganization(organization),
    contacts: many(element, md('ContactPerson')).map(readContactPerson),
  }
}

export function writeEntityDescriptor(entity: EntityDescriptor): XmlPart {
  const { idp, sp } = entity.roles
  return el(
    md('EntityDescriptor'),
    { ID: entity.id, entityID: entity.entityId, ...writeLifetime(entity) },
    ...writeExtensions(entity),
    idp && writeIdpRole(idp),
    sp && writeSpRole(sp),
    entity.organization && writeOrganization(entity.organization),
    ...entity.contacts.map(writeContactPerson),
  )
}

/** R-MF-19: the order inside Extensions is free; this is the order EU nodes write. */
function writeExtensions(entity: EntityDescriptor): readonly XmlPart[] {
  const { entityAttributes, spType } = entity
  const parts = [
    ...(entityAttributes.size === 0
      ? []
      : [el(mdattr('EntityAttributes'), {}, ...writeEntityAttributes(entityAttributes))]),
    ...(spType === undefined ? [] : [el(eidas('SPType'), {}, spType)]),
    ...writeAlgorithmSupport(entity),
  ]
  return parts.length === 0 ? [] : [el(md('Extensions'), {}, ...parts)]
}
