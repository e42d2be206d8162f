import { md, saml } from '../../xml/names.ts'
import { attribute, elements, many } from '../../xml/reader.ts'
import { el, type XmlPart } from '../../xml/writer.ts'
import type { SignedElement } from '../../xmlsec/signed.ts'
import { booleanAttribute, requiredAttribute, shortAttribute } from '../lexical.ts'
import { attributeNameFormats } from '../uris.ts'
import { type LocalizedText, layoutText, readLocalized, writeLocalized } from './texts.ts'

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
    nameFormat: attribute(element, 'NameFormat'),
    friendlyName: attribute(element, 'FriendlyName'),
  }
}

export function writePublishedAttribute(published: PublishedAttribute): XmlPart {
  return el(saml('Attribute'), writeNames(published))
}

export function readAttributeConsumingService(service: SignedElement): AttributeConsumingService {
  return {
    index: shortAttribute(service, 'index') ?? 0,
    isDefault: booleanAttribute(service, 'isDefault'),
    serviceNames: readLocalized(service, md('ServiceName')),
    requestedAttributes: many(service, md('RequestedAttribute')).map((requested) => ({
      ...readPublishedAttribute(requested),
      isRequired: booleanAttribute(requested, 'isRequired'),
    })),
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

export function readEntityAttributes(attributes: SignedElement | undefined): EntityAttributes {
  const found = new Map<string, readonly string[]>()
  for (const element of attributes === undefined ? [] : many(attributes, saml('Attribute'))) {
    const name = requiredAttribute(element, 'Name', 'MD_STRUCT')
    const values = many(element, saml('AttributeValue')).filter(isText).map(layoutText)
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
