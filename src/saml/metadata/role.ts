import { NodeFault } from '../../errors/node-fault.ts'
import type { QName } from '../../xml/element.ts'
import { eidas, md, mdui, saml } from '../../xml/names.ts'
import { many } from '../../xml/reader.ts'
import { el, type XmlPart } from '../../xml/writer.ts'
import type { SignedElement } from '../../xmlsec/signed.ts'
import { booleanAttribute, requiredAttribute } from '../lexical.ts'
import { PROTOCOL } from '../uris.ts'
import { type AlgorithmSupport, readAlgorithmSupport, writeAlgorithmSupport } from './algorithm-support.ts'
import {
  type AttributeConsumingService,
  type PublishedAttribute,
  readAttributeConsumingService,
  readPublishedAttribute,
  writeAttributeConsumingService,
  writePublishedAttribute,
} from './attributes.ts'
import {
  type Endpoint,
  type IndexedEndpoint,
  readEndpoints,
  readIndexedEndpoints,
  writeEndpoint,
  writeIndexedEndpoint,
} from './endpoints.ts'
import { type KeyDescriptor, readKeyDescriptor, writeKeyDescriptor } from './key-descriptor.ts'
import { type Lifetime, readLifetime, writeLifetime } from './lifetime.ts'
import { type LocalizedText, layoutTexts, readLocalized, singleChild, singleText, writeLocalized } from './texts.ts'

/** SAML Metadata 2.4.1, as far as either role uses it. Only SAML 2.0 roles are read. */
export interface RoleDescriptor extends Lifetime, AlgorithmSupport {
  /** eidas:NodeCountry of the role's Extensions (R-MF-15), as given. */
  readonly nodeCountry?: string | undefined
  /** mdui:DisplayName of the role's Extensions. */
  readonly displayNames: readonly LocalizedText[]
  readonly keys: readonly KeyDescriptor[]
  readonly nameIdFormats: readonly string[]
}

/** SAML Metadata 2.4.3: identity providers and eIDAS services. */
export interface IdpRole extends RoleDescriptor {
  readonly wantAuthnRequestsSigned?: boolean | undefined
  readonly singleSignOn: readonly Endpoint[]
  /** The attributes it supports (R-MF-14). */
  readonly attributes: readonly PublishedAttribute[]
}

/** SAML Metadata 2.4.4: service providers and eIDAS connectors. */
export interface SpRole extends RoleDescriptor {
  readonly authnRequestsSigned?: boolean | undefined
  readonly wantAssertionsSigned?: boolean | undefined
  readonly assertionConsumer: readonly IndexedEndpoint[]
  readonly attributeConsumingServices: readonly AttributeConsumingService[]
}

const IDP = md('IDPSSODescriptor')
const SP = md('SPSSODescriptor')

export function readIdpRole(entity: SignedElement): IdpRole | undefined {
  const role = saml2Role(entity, IDP)
  return (
    role && {
      ...readRole(role),
      wantAuthnRequestsSigned: booleanAttribute(role, 'WantAuthnRequestsSigned'),
      singleSignOn: readEndpoints(role, md('SingleSignOnService')),
      attributes: many(role, saml('Attribute')).map(readPublishedAttribute),
    }
  )
}

export function readSpRole(entity: SignedElement): SpRole | undefined {
  const role = saml2Role(entity, SP)
  return (
    role && {
      ...readRole(role),
      authnRequestsSigned: booleanAttribute(role, 'AuthnRequestsSigned'),
      wantAssertionsSigned: booleanAttribute(role, 'WantAssertionsSigned'),
      assertionConsumer: readIndexedEndpoints(role, md('AssertionConsumerService')),
      attributeConsumingServices: many(role, md('AttributeConsumingService')).map(readAttributeConsumingService),
    }
  )
}

export function writeIdpRole(role: IdpRole): XmlPart {
  return el(
    IDP,
    { ...writeRoleAttributes(role), WantAuthnRequestsSigned: role.wantAuthnRequestsSigned?.toString() },
    ...writeRoleHead(role),
    ...role.singleSignOn.map((endpoint) => writeEndpoint(md('SingleSignOnService'), endpoint)),
    ...role.attributes.map(writePublishedAttribute),
  )
}

export function writeSpRole(role: SpRole): XmlPart {
  const attributes = {
    ...writeRoleAttributes(role),
    AuthnRequestsSigned: role.authnRequestsSigned?.toString(),
    WantAssertionsSigned: role.wantAssertionsSigned?.toString(),
  }
  return el(
    SP,
    attributes,
    ...writeRoleHead(role),
    ...role.assertionConsumer.map((endpoint) => writeIndexedEndpoint(md('AssertionConsumerService'), endpoint)),
    ...role.attributeConsumingServices.map(writeAttributeConsumingService),
  )
}

/** The role for SAML 2.0; roles for other protocols alone are passed over, two for SAML 2.0 are a fault. */
function saml2Role(entity: SignedElement, name: QName): SignedElement | undefined {
  const roles = many(entity, name).filter((role) => protocolsOf(role).includes(PROTOCOL))
  if (roles.length > 1) throw new NodeFault('MD_STRUCT', `${roles.length} x ${name.local}`)
  return roles[0]
}

function protocolsOf(role: SignedElement): readonly string[] {
  return requiredAttribute(role, 'protocolSupportEnumeration', 'MD_STRUCT').split(/[ \t\r\n]+/)
}

function readRole(role: SignedElement): RoleDescriptor {
  const extensions = singleChild(role, md('Extensions'))
  const uiInfo = extensions && singleChild(extensions, mdui('UIInfo'))
  return {
    ...readLifetime(role),
    ...readAlgorithmSupport(extensions),
    nodeCountry: singleText(extensions, eidas('NodeCountry')),
    displayNames: uiInfo === undefined ? [] : readLocalized(uiInfo, mdui('DisplayName')),
    keys: many(role, md('KeyDescriptor')).map(readKeyDescriptor),
    nameIdFormats: layoutTexts(role, md('NameIDFormat')),
  }
}

function writeRoleAttributes(role: RoleDescriptor) {
  return { ...writeLifetime(role), protocolSupportEnumeration: PROTOCOL }
}

/** What both roles begin with, in the schema's order. */
function writeRoleHead(role: RoleDescriptor): readonly XmlPart[] {
  const { nodeCountry, displayNames, keys, nameIdFormats } = role
  const extensions = [
    ...(nodeCountry === undefined ? [] : [el(eidas('NodeCountry'), {}, nodeCountry)]),
    ...writeAlgorithmSupport(role),
    ...(displayNames.length === 0
      ? []
      : [el(mdui('UIInfo'), {}, ...writeLocalized(mdui('DisplayName'), displayNames))]),
  ]
  return [
    ...(extensions.length === 0 ? [] : [el(md('Extensions'), {}, ...extensions)]),
    ...keys.map(writeKeyDescriptor),
    ...nameIdFormats.map((format) => el(md('NameIDFormat'), {}, format)),
  ]
}
