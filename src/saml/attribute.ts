import { saml } from '../xml/names.ts'
import { attribute, many, onlyAttributes, onlyChildren } from '../xml/reader.ts'
import { el, type XmlPart } from '../xml/writer.ts'
import type { SignedElement } from '../xmlsec/signed.ts'
import { requiredAttribute, uriAttribute } from './lexical.ts'

/** SAML Core 2.7.3.1. `V` is SignedElement where it was read and XmlPart where it is to be written. */
export interface Attribute<V = SignedElement> {
  readonly name: string
  readonly nameFormat?: string | undefined
  readonly friendlyName?: string | undefined
  /** The AttributeValue elements as they are; what is in them is the profile's business. */
  readonly values: readonly V[]
}

export function readAttribute(element: SignedElement): Attribute {
  onlyAttributes(element, ['Name', 'NameFormat', 'FriendlyName'])
  onlyChildren(element, [saml('AttributeValue')])
  return {
    name: requiredAttribute(element, 'Name', 'SAML_ATTR'),
    nameFormat: uriAttribute(element, 'NameFormat'),
    friendlyName: attribute(element, 'FriendlyName'),
    values: many(element, saml('AttributeValue')),
  }
}

export function writeAttribute(value: Attribute<XmlPart>): XmlPart {
  const { name, nameFormat, friendlyName, values } = value
  return el(saml('Attribute'), { FriendlyName: friendlyName, Name: name, NameFormat: nameFormat }, ...values)
}

/** SAML Core 2.7.3: attributes in the clear only (R-MF-53: EncryptedAttribute is not used). */
export function readAttributeStatement(statement: SignedElement): readonly Attribute[] {
  onlyAttributes(statement, [])
  onlyChildren(statement, [saml('Attribute')])
  return many(statement, saml('Attribute')).map(readAttribute)
}

export function writeAttributeStatement(attributes: readonly Attribute<XmlPart>[]): XmlPart {
  return el(saml('AttributeStatement'), {}, ...attributes.map(writeAttribute))
}
