import { asFault, NodeFault } from '../../errors/node-fault.ts'
import type { QName } from '../../xml/element.ts'
import { eidas, md, mdui, saml } from '../../xml/names.ts'
import { attribute, many } from '../../xml/reader.ts'
import { el, type XmlPart } from '../../xml/writer.ts'
import type { SignedElement } from '../../xmlsec/signed.ts'
import { booleanAttribute } from '../lexical.ts'
import { bindings, PROTOCOL } from '../uris.ts'
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
import { distinctBy, eachReadable, readable, type Tell, untold } from './left-out.ts'
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

/** The role for SAML 2.0, or undefined when there is none that can be used. */
export function readIdpRole(entity: SignedElement, tell: Tell = untold): IdpRole | undefined {
  const used = Object.values(bindings)
  return usable(entity, IDP, tell, (role) => ({
    ...readRole(role, tell),
    wantAuthnRequestsSigned: stated(role, 'WantAuthnRequestsSigned'),
    singleSignOn: readEndpoints(role, { name: md('SingleSignOnService'), used, tell }),
    attributes: eachReadable(many(role, saml('Attribute')), readPublishedAttribute, tell),
  }))
}

/** The same. R-IA-14: answers go by POST, so an endpoint of another binding is of no use. */
export function readSpRole(entity: SignedElement, tell: Tell = untold): SpRole | undefined {
  const used = [bindings.post]
  return usable(entity, SP, tell, (role) => ({
    ...readRole(role, tell),
    authnRequestsSigned: stated(role, 'AuthnRequestsSigned'),
    wantAssertionsSigned: stated(role, 'WantAssertionsSigned'),
    assertionConsumer: readIndexedEndpoints(role, { name: md('AssertionConsumerService'), used, tell }),
    attributeConsumingServices: attributeServices(role, tell),
  }))
}

/** Of two with one index the first counts. */
function attributeServices(role: SignedElement, tell: Tell): readonly AttributeConsumingService[] {
  const name = md('AttributeConsumingService')
  const services = eachReadable(many(role, name), (one) => readAttributeConsumingService(one, tell), tell)
  const twice = ({ index }: AttributeConsumingService) =>
    new NodeFault('MD_STRUCT', `index ${index} twice in ${name.local}`)
  return distinctBy(services, ({ index }) => index, twice, tell)
}

/** What a role says of signing decides nothing here: requests are signed whatever it says. */
function stated(role: SignedElement, local: string): boolean | undefined {
  return readable(() => booleanAttribute(role, local), untold)
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

/** The first role of that name for SAML 2.0 that can be read; roles for other protocols alone are passed over. */
function usable<R>(entity: SignedElement, name: QName, tell: Tell, read: (role: SignedElement) => R): R | undefined {
  const about = (thrown: unknown) => {
    const { code, detail } = asFault(thrown)
    return new NodeFault(code, `${name.local}: ${detail}`, { cause: thrown })
  }
  const spoken = many(entity, name).filter((role) => isSaml2(role, name, tell))
  const [first, ...more] = eachReadable(spoken, read, (fault) => tell(about(fault)))
  if (more.length > 0)
    tell(new NodeFault('MD_STRUCT', `${more.length + 1} x ${name.local}, of which the first is used`))
  return first
}

function isSaml2(role: SignedElement, name: QName, tell: Tell): boolean {
  const protocols = attribute(role, 'protocolSupportEnumeration')
  if (protocols === undefined) tell(new NodeFault('MD_STRUCT', `${name.local} without protocolSupportEnumeration`))
  return protocols?.split(/[ \t\r\n]+/).includes(PROTOCOL) ?? false
}

function readRole(role: SignedElement, tell: Tell): RoleDescriptor {
  const extensions = singleChild(role, md('Extensions'))
  const uiInfos = extensions === undefined ? [] : many(extensions, mdui('UIInfo'))
  return {
    ...readLifetime(role),
    ...readAlgorithmSupport(extensions, tell),
    nodeCountry: singleText(extensions, eidas('NodeCountry')),
    displayNames: uiInfos.flatMap((uiInfo) => readLocalized(uiInfo, mdui('DisplayName'), tell)),
    keys: eachReadable(many(role, md('KeyDescriptor')), readKeyDescriptor, tell),
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
