import { NodeFault } from '../../errors/node-fault.ts'
import { md, saml } from '../../xml/names.ts'
import { attribute, elements, many } from '../../xml/reader.ts'
import { el, type XmlPart } from '../../xml/writer.ts'
import type { SignedElement } from '../../xmlsec/signed.ts'
import { booleanAttribute, requiredAttribute, shortAttribute } from '../lexical.ts'
import { attributeNameFormats } from '../uris.ts'
import { eachReadable, type Tell, untold } from './left-out.ts'
import { type LocalizedText, layoutText, readLocalized, uriAttribute, writeLocalized } from './texts.ts'

/** An attribute an identity provider publishes (R-MF-14): its name, no values. */
export interface PublishedAttribute {
  readonly name: string
  readonly nameFormat?: string | undefined
  readonly friendlyName?: string | undefined
}

/** SAML Metadata 2.4.4.2. */
export interface RequestedAttribute extends PublishedAttribute {
  readonly isRequired?: boolean | undefined
}

/** SAML Metadata 2.4.4.1. */
export interface AttributeConsumingService {
  readonly index: number
  readonly isDefault?: boolean | undefined
  readonly serviceNames: readonly LocalizedText[]
  readonly requestedAttributes: readonly RequestedAttribute[]
}

/** Name to values (mdattr:EntityAttributes); what is said of one name in two places is taken together. */
export type EntityAttributes = ReadonlyMap<string, readonly string[]>

export function readPublishedAttribute(element: SignedElement): PublishedAttribute {
  return {
    name: requiredAttribute(element, 'Name', 'MD_STRUCT'),
    nameFormat: uriAttribute(element, 'NameFormat'),
    friendlyName: attribute(element, 'FriendlyName'),
  }
}

export function writePublishedAttribute(published: PublishedAttribute): XmlPart {
  return el(saml('Attribute'), writeNames(published))
}

export function readAttributeConsumingService(service: SignedElement, tell: Tell = untold): AttributeConsumingService {
  const index = shortAttribute(service, 'index')
  if (index === undefined) throw new NodeFault('MD_STRUCT', 'an AttributeConsumingService without index')
  const read = (requested: SignedElement): RequestedAttribute => ({
    ...readPublishedAttribute(requested),
    isRequired: booleanAttribute(requested, 'isRequired'),
  })
  return {
    index,
    isDefault: booleanAttribute(service, 'isDefault'),
    serviceNames: readLocalized(service, md('ServiceName')),
    requestedAttributes: eachReadable(many(service, md('RequestedAttribute')), read, tell),
  }
}

export function writeAttributeConsumingService(service: AttributeConsumingService): XmlPart {
  return el(
    md('AttributeConsumingService'),
    { index: service.index.toString(), isDefault: service.isDefault?.toString() },
    ...writeLocalized(md('ServiceName'), service.serviceNames),
    ...service.requestedAttributes.map((requested) =>
      el(md('RequestedAttribute'), { ...writeNames(requested), isRequired: requested.isRequired?.toString() }),
    ),
  )
}

/** An attribute without a name, or a value that is no plain text, is none that a profile knows. */
export function readEntityAttributes(holders: readonly SignedElement[]): EntityAttributes {
  const found = new Map<string, readonly string[]>()
  for (const element of holders.flatMap((holder) => many(holder, saml('Attribute')))) {
    const name = attribute(element, 'Name')
    if (name === undefined) continue
    const values = eachReadable(many(element, saml('AttributeValue')).filter(isText), layoutText, untold)
    found.set(name, [...(found.get(name) ?? []), ...values.filter((value) => value !== '')])
  }
  return found
}

/** R-MF-12: every entity attribute has the name format uri. */
export function writeEntityAttributes(attributes: EntityAttributes): readonly XmlPart[] {
  return [...attributes].map(([name, values]) =>
    el(
      saml('Attribute'),
      { Name: name, NameFormat: attributeNameFormats.uri },
      ...values.map((value) => el(saml('AttributeValue'), {}, value)),
    ),
  )
}

/** Values that are elements belong to other profiles. */
function isText(value: SignedElement): boolean {
  return elements(value).length === 0
}

function writeNames({ name, nameFormat, friendlyName }: PublishedAttribute) {
  return { Name: name, NameFormat: nameFormat, FriendlyName: friendlyName }
}
