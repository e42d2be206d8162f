import { asFault, NodeFault } from '../../errors/node-fault.ts'
import { isNamed, type XmlElement } from '../../xml/element.ts'
import { eidas, md, mdattr, mdrpi } from '../../xml/names.ts'
import { attribute, elements, expectNamed, many } from '../../xml/reader.ts'
import { el, type XmlPart } from '../../xml/writer.ts'
import type { SignedElement } from '../../xmlsec/signed.ts'
import { writeInstant } from '../instants.ts'
import { instantAttribute } from '../lexical.ts'
import { type AlgorithmSupport, readAlgorithmSupport, writeAlgorithmSupport } from './algorithm-support.ts'
import { type EntityAttributes, readEntityAttributes, writeEntityAttributes } from './attributes.ts'
import { readable, type Tell, untold } from './left-out.ts'
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
import { singleChild, singleText, uriAttribute } from './texts.ts'

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
  /** When the document was issued (mdrpi:PublicationInfo of the root), epoch milliseconds; undefined where it does not say. */
  readonly issued: number | undefined
  /** No two of one entityID. */
  readonly entities: readonly DescribedEntity[]
  /** What is left out of the document, and of which entity that is. */
  readonly leftOut: readonly LeftOut[]
}

/** An entity of a document, not read yet. */
export interface DescribedEntity {
  readonly entityId: string
  /** The EntityDescriptor, for readEntityDescriptor. */
  readonly element: SignedElement
  /** The earliest validUntil of the elements around it, epoch milliseconds. */
  readonly validUntil: number | undefined
}

export interface LeftOut {
  readonly entityId?: string
  /** The rest of the entity, or of the document, is used. */
  readonly isUsed?: true
  readonly fault: NodeFault
}

/** SAML Metadata 2.3.2, entityIDType. */
const ENTITY_ID_CHARACTERS = 1_024

/** An EntityDescriptor, or an EntitiesDescriptor with all that is in it, at whatever level. */
export function readMetadataDocument(root: SignedElement): MetadataDocument {
  const leftOut: LeftOut[] = []
  const lifetime = readLifetime(root, (fault) => leftOut.push({ isUsed: true, fault }))
  const { validUntil } = lifetime
  const found: DescribedEntity[] = []
  const take = (element: SignedElement, until: number | undefined) =>
    readable(
      () => found.push({ entityId: entityIdOf(element), element, validUntil: until }),
      (fault) => leftOut.push({ fault }),
    )
  if (isNamed(root, md('EntityDescriptor'))) take(root, validUntil)
  else if (isNamed(root, md('EntitiesDescriptor')))
    flatten(root, validUntil, { level: 1, take, tell: (fault) => leftOut.push({ fault }) })
  else throw new NodeFault('MD_STRUCT', 'no metadata')
  const entities = firstOfEach(found, leftOut)
  const issued = readable(
    () => issuedIn(root),
    (fault) => leftOut.push({ isUsed: true, fault }),
  )
  return { ...lifetime, issued, entities, leftOut }
}

/** SAML Metadata Extensions for Registration and Publication Information 2.2.1. Fault: MD_TIME for what is no instant. */
function issuedIn(root: SignedElement): number | undefined {
  const [extensions] = many(root, md('Extensions'))
  const [publication] = extensions === undefined ? [] : many(extensions, mdrpi('PublicationInfo'))
  return publication === undefined ? undefined : instantAttribute(publication, 'creationInstant', 'MD_TIME')
}

/** Levels of EntitiesDescriptor: federations of federations have two or three. */
const LEVELS = 8

interface Flattening {
  readonly level: number
  readonly take: (element: SignedElement, validUntil: number | undefined) => void
  readonly tell: Tell
}

/** SAML Metadata 2.3.1: what is said of a group is said of all in it; of several dates the earliest counts. */
function flatten(group: SignedElement, validUntil: number | undefined, { level, take, tell }: Flattening): void {
  for (const child of elements(group)) {
    if (isNamed(child, md('EntityDescriptor'))) take(child, validUntil)
    if (!isNamed(child, md('EntitiesDescriptor'))) continue
    if (level >= LEVELS) {
      tell(new NodeFault('MD_STRUCT', `more than ${LEVELS} levels of EntitiesDescriptor`))
      continue
    }
    const lifetime = readable(() => readLifetime(child), tell)
    if (lifetime !== undefined)
      flatten(child, earlier(validUntil, lifetime.validUntil), { level: level + 1, take, tell })
  }
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b)
}

/** of two descriptors of one entityID the first counts: the signer says both, and one has to be the one. */
function firstOfEach(found: readonly DescribedEntity[], leftOut: LeftOut[]): readonly DescribedEntity[] {
  const seen = new Set<string>()
  return found.filter(({ entityId }) => {
    if (!seen.has(entityId)) return seen.add(entityId)
    const fault = new NodeFault('MD_STRUCT', 'its entityID twice, of which the first is used')
    leftOut.push({ entityId, isUsed: true, fault })
    return false
  })
}

/** Control, direction and private characters, which could say something else in a line of the log. */
const ODD = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u

/**
 * The entityID of an EntityDescriptor, without white space around it (it is an anyURI); MD_STRUCT when it is missing,
 * empty, too long, or has characters that no URI has and that are not seen.
 */
function entityIdOf(entity: XmlElement): string {
  const entityId = uriAttribute(entity, 'entityID') ?? ''
  if (entityId === '' || entityId.length > ENTITY_ID_CHARACTERS || ODD.test(entityId))
    throw new NodeFault('MD_STRUCT', 'no usable entityID')
  return entityId
}

export interface EntityOptions {
  /** The roles that are of interest; nothing is said of another, whatever is wrong with it. */
  readonly wanted?: readonly (keyof EntityDescriptor['roles'])[]
  /** Hears of roles, endpoints, keys and names that are left out. */
  readonly tell?: Tell
}

/** Faults are of what the whole entity rests on; what is wrong with a part leaves that part out. */
export function readEntityDescriptor(element: SignedElement, options: EntityOptions = {}): EntityDescriptor {
  const { wanted = ['idp', 'sp'], tell = untold } = options
  expectNamed(element, md('EntityDescriptor'))
  const extensions = singleChild(element, md('Extensions'))
  const [organization] = many(element, md('Organization'))
  const spType = wanted.includes('sp') ? attempted(() => singleText(extensions, eidas('SPType'))) : {}
  if (spType.fault !== undefined) tell(spType.fault)
  return {
    entityId: entityIdOf(element),
    id: attribute(element, 'ID'),
    ...readLifetime(element),
    ...readAlgorithmSupport(extensions, tell),
    entityAttributes: readEntityAttributes(
      extensions === undefined ? [] : many(extensions, mdattr('EntityAttributes')),
    ),
    spType: spType.value,
    roles: {
      idp: wanted.includes('idp') ? readIdpRole(element, tell) : undefined,
      // The sector of a service provider is part of who it is.
      sp: wanted.includes('sp') && spType.fault === undefined ? readSpRole(element, tell) : undefined,
    },
    organization: organization && readOrganization(organization, tell),
    contacts: many(element, md('ContactPerson')).map(readContactPerson),
  }
}

function attempted<T>(read: () => T): { readonly value?: T; readonly fault?: NodeFault } {
  try {
    return { value: read() }
  } catch (thrown) {
    return { fault: asFault(thrown) }
  }
}

/** `issued`, epoch milliseconds, is for the root of a document: the entity publishes itself. */
export function writeEntityDescriptor(entity: EntityDescriptor, issued?: number): XmlPart {
  const { idp, sp } = entity.roles
  return el(
    md('EntityDescriptor'),
    { ID: entity.id, entityID: entity.entityId, ...writeLifetime(entity) },
    ...writeExtensions(entity, issued),
    idp && writeIdpRole(idp),
    sp && writeSpRole(sp),
    entity.organization && writeOrganization(entity.organization),
    ...entity.contacts.map(writeContactPerson),
  )
}

/** R-MF-19: the order inside Extensions is free; this is the order EU nodes write, and what they do not write comes last. */
function writeExtensions(entity: EntityDescriptor, issued: number | undefined): readonly XmlPart[] {
  const { entityId, entityAttributes, spType } = entity
  const parts = [
    ...(entityAttributes.size === 0
      ? []
      : [el(mdattr('EntityAttributes'), {}, ...writeEntityAttributes(entityAttributes))]),
    ...(spType === undefined ? [] : [el(eidas('SPType'), {}, spType)]),
    ...writeAlgorithmSupport(entity),
    ...(issued === undefined ? [] : [writePublication(entityId, issued)]),
  ]
  return parts.length === 0 ? [] : [el(md('Extensions'), {}, ...parts)]
}

/** SAML Metadata Extensions for Registration and Publication Information 2.2.1; its publisher is required. */
function writePublication(publisher: string, issued: number): XmlPart {
  return el(mdrpi('PublicationInfo'), { publisher, creationInstant: writeInstant(issued) })
}
