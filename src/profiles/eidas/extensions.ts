import { NodeFault } from '../../errors/node-fault.ts'
import { type AttributeRegistry, profileAttributes } from '../../identity/attributes.ts'
import type { RequestedAttribute, SectorType } from '../../identity/request.ts'
import { booleanAttribute, requiredAttribute } from '../../saml/lexical.ts'
import { attributeNameFormats } from '../../saml/uris.ts'
import { isNamed, type XmlElement } from '../../xml/element.ts'
import { eidas } from '../../xml/names.ts'
import { elements, onlyAttributes, onlyChildren, text } from '../../xml/reader.ts'
import { trimmed } from '../../xml/white-space.ts'
import { el, type XmlPart } from '../../xml/writer.ts'

/** What eIDAS puts into samlp:Extensions of an AuthnRequest (Message Format 1.4, 2.3.2 and 5). */
export interface EidasExtensions {
  readonly spType?: SectorType
  /** In the order of the message; absent when there is no eidas:RequestedAttributes. */
  readonly requestedAttributes?: readonly RequestedAttribute[]
}

const SP_TYPE = eidas('SPType')
const REQUESTED_ATTRIBUTES = eidas('RequestedAttributes')
const REQUESTED_ATTRIBUTE = eidas('RequestedAttribute')

/** Reads the extensions. Those that are not known are passed over (Implementation Annex 1.3); one of ours twice is a fault. */
export function readExtensions(extensions: readonly XmlElement[]): EidasExtensions {
  const [spType, secondType] = extensions.filter((one) => isNamed(one, SP_TYPE))
  const [requested, second] = extensions.filter((one) => isNamed(one, REQUESTED_ATTRIBUTES))
  if (secondType !== undefined) throw new NodeFault('EID_SPTYPE', 'SPType twice in the request')
  if (second !== undefined) throw new NodeFault('XML_SCHEMA', 'RequestedAttributes twice')
  return {
    ...(spType === undefined ? {} : { spType: readSpType(spType) }),
    ...(requested === undefined ? {} : { requestedAttributes: readRequestedAttributes(requested) }),
  }
}

/** Extensions that no profile of ours reads. */
export function unknownExtensions(extensions: readonly XmlElement[]): readonly XmlElement[] {
  return extensions.filter((one) => !isNamed(one, SP_TYPE) && !isNamed(one, REQUESTED_ATTRIBUTES))
}

/** SPType first, as every peer writes it (R-MF-17, R-MF-31). */
export function writeExtensions(
  { spType, requestedAttributes }: EidasExtensions,
  known: AttributeRegistry = profileAttributes,
): readonly XmlPart[] {
  return [
    ...(spType === undefined ? [] : [writeSpType(spType)]),
    ...(requestedAttributes === undefined
      ? []
      : [el(REQUESTED_ATTRIBUTES, {}, ...requestedAttributes.map((one) => writeRequestedAttribute(one, known)))]),
  ]
}

/** EID_SPTYPE for another word. */
function readSpType(element: XmlElement): SectorType {
  const type = trimmed(text(element))
  if (type !== 'public' && type !== 'private') throw new NodeFault('EID_SPTYPE', 'neither public nor private')
  return type
}

function writeSpType(type: SectorType): XmlPart {
  return el(SP_TYPE, {}, type)
}

function readRequestedAttributes(element: XmlElement): readonly RequestedAttribute[] {
  onlyAttributes(element, [])
  onlyChildren(element, [REQUESTED_ATTRIBUTE])
  const requested = elements(element).map(readRequestedAttribute)
  const names = requested.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new NodeFault('SAML_DUP_ATTR', twice)
  return requested
}

/** Matched by Name alone (R-AP-2); FriendlyName and requested values are not looked at. Absent isRequired is false. */
function readRequestedAttribute(element: XmlElement): RequestedAttribute {
  onlyAttributes(element, ['Name', 'NameFormat', 'FriendlyName', 'isRequired'])
  const name = requiredAttribute(element, 'Name', 'SAML_ATTR')
  const format = trimmed(requiredAttribute(element, 'NameFormat', 'SAML_ATTR'))
  if (format !== attributeNameFormats.uri) throw new NodeFault('SAML_ATTR', 'NameFormat is not uri')
  return { name, required: booleanAttribute(element, 'isRequired') ?? false }
}

function writeRequestedAttribute({ name, required }: RequestedAttribute, known: AttributeRegistry): XmlPart {
  return el(REQUESTED_ATTRIBUTE, {
    FriendlyName: known.definitionOf(name)?.friendlyName,
    Name: name,
    NameFormat: attributeNameFormats.uri,
    isRequired: required.toString(),
  })
}
