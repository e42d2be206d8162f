import type { XmlElement } from '../xml/element.ts'
import { eidas, md, saml, samlp } from '../xml/names.ts'
import { elements, many } from '../xml/reader.ts'
import { trimmed } from '../xml/white-space.ts'
import type { SignatureFacts } from './signature.ts'
import { attributeOf, first, wholeText } from './tree.ts'

/* What a report shows of a document, as it stands there. Whether any of it may be believed, the report says elsewhere. */

export interface ShownAttribute {
  readonly name: string | null
  readonly friendlyName: string | null
  /** Without the white space around them (R-AP-5). */
  readonly values: readonly string[]
}

export interface ShownAssertion {
  readonly signature: SignatureFacts
  readonly nameId: string | null
  readonly loa: string | null
  readonly attributes: readonly ShownAttribute[]
}

export interface ShownRequest {
  readonly destination: string | null
  readonly providerName: string | null
  readonly requesterIds: readonly string[]
  readonly spType: string | null
  readonly loa: { readonly comparison: string | null; readonly levels: readonly string[] }
  readonly nameIdFormat: string | null
  readonly attributes: readonly { readonly name: string | null; readonly required: string | null }[]
}

export interface ShownResponse {
  readonly destination: string | null
  readonly inResponseTo: string | null
  readonly status: readonly string[]
  readonly message: string | null
}

export interface ShownEntity {
  readonly entityId: string | null
  readonly roles: readonly string[]
  readonly country: string | null
  readonly validUntil: string | null
}

export function shownIssuer(root: XmlElement): string | null {
  if (root.local === 'EntityDescriptor') return attributeOf(root, 'entityID')
  return wholeText(first(root, saml('Issuer'))) ?? attributeOf(root, 'Name')
}

export function shownAssertion(assertion: XmlElement, signature: SignatureFacts): ShownAssertion {
  const context = first(assertion, saml('AuthnStatement'), saml('AuthnContext'), saml('AuthnContextClassRef'))
  const statements = many(assertion, saml('AttributeStatement'))
  return {
    signature,
    nameId: wholeText(first(assertion, saml('Subject'), saml('NameID'))),
    loa: wholeText(context),
    attributes: statements.flatMap((statement) => many(statement, saml('Attribute'))).map(shownAttribute),
  }
}

function shownAttribute(attribute: XmlElement): ShownAttribute {
  return {
    name: attributeOf(attribute, 'Name'),
    friendlyName: attributeOf(attribute, 'FriendlyName'),
    values: many(attribute, saml('AttributeValue')).map((value) => trimmedText(value) ?? ''),
  }
}

export function shownRequest(root: XmlElement): ShownRequest {
  const extensions = first(root, samlp('Extensions'))
  const requested = first(extensions, eidas('RequestedAttributes'))
  const context = first(root, samlp('RequestedAuthnContext'))
  return {
    destination: attributeOf(root, 'Destination'),
    providerName: attributeOf(root, 'ProviderName'),
    requesterIds: textsOf(first(root, samlp('Scoping')), samlp('RequesterID')),
    spType: trimmedText(first(extensions, eidas('SPType'))),
    loa: { comparison: attributeOf(context, 'Comparison'), levels: textsOf(context, saml('AuthnContextClassRef')) },
    nameIdFormat: attributeOf(first(root, samlp('NameIDPolicy')), 'Format'),
    attributes: (requested === undefined ? [] : elements(requested)).map((one) => ({
      name: attributeOf(one, 'Name'),
      required: attributeOf(one, 'isRequired'),
    })),
  }
}

export function shownResponse(root: XmlElement): ShownResponse {
  const status = first(root, samlp('Status'))
  const top = first(status, samlp('StatusCode'))
  const codes = [attributeOf(top, 'Value'), attributeOf(first(top, samlp('StatusCode')), 'Value')]
  return {
    destination: attributeOf(root, 'Destination'),
    inResponseTo: attributeOf(root, 'InResponseTo'),
    status: codes.filter((code) => code !== null),
    message: wholeText(first(status, samlp('StatusMessage'))),
  }
}

const roles = { IDPSSODescriptor: 'proxy-service', SPSSODescriptor: 'connector' } as const

export function shownEntities(root: XmlElement): readonly ShownEntity[] {
  const entities = root.local === 'EntityDescriptor' ? [root] : many(root, md('EntityDescriptor'))
  return entities.map((entity) => {
    const found = Object.entries(roles).filter(([local]) => first(entity, md(local)) !== undefined)
    const countries = found.map(([local]) => first(entity, md(local), md('Extensions'), eidas('NodeCountry')))
    return {
      entityId: attributeOf(entity, 'entityID'),
      roles: found.map(([, role]) => role),
      country: trimmedText(countries.find((country) => country !== undefined)),
      validUntil: attributeOf(entity, 'validUntil') ?? attributeOf(root, 'validUntil'),
    }
  })
}

function trimmedText(element: XmlElement | undefined): string | null {
  const text = wholeText(element)
  return text === null ? null : trimmed(text)
}

function textsOf(parent: XmlElement | undefined, name: ReturnType<typeof saml>): readonly string[] {
  return parent === undefined ? [] : many(parent, name).map((one) => wholeText(one) ?? '')
}
