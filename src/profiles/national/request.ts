import { NodeFault } from '../../errors/node-fault.ts'
import { type AttributeDefinition, dataSet } from '../../identity/attributes.ts'
import { subjectKinds } from '../../identity/person.ts'
import type {
  IdentityRequest,
  RelyingParty,
  RequestedAttribute,
  SectorType,
  SuggestingRequest,
} from '../../identity/request.ts'
import type { AuthnRequest } from '../../saml/authn-request.ts'
import { bindings, nameIdFormats, SAML_VERSION } from '../../saml/uris.ts'
import type { XmlPart } from '../../xml/writer.ts'
import { type EidasExtensions, readExtensions } from '../eidas/extensions.ts'
import { isRequesterId } from '../eidas/request-rules.ts'
import { readNameIdFormat } from '../name-id.ts'
import type { AskContext, AttributeService, PeerFacts } from '../profile.ts'
import { shortName } from '../provider-name.ts'
import type { NationalAgreement } from './agreement.ts'
import { attributeFrom, contextFrom, contextTo, type NationalMapping, type NationalVocabulary } from './mapping.ts'

interface Terms extends NationalVocabulary {
  readonly agreement: NationalAgreement
}

/**
 * What a service provider asks for. It may say so as eIDAS does, in Extensions; if not, the attributes of its metadata
 * count, or those of the agreement.
 */
export function readNationalRequest(request: AuthnRequest, peer: PeerFacts, terms: Terms): SuggestingRequest {
  // SAML Core 3.4.1: products ask in passing whether the citizen is signed in, and go on after NoPassive.
  if (request.isPassive === true) throw new NodeFault('SAML_PASSIVE')
  const { agreement, mapping } = terms
  const extensions = readExtensions(request.extensions)
  const context = request.requestedAuthnContext
  const suggested = request.scoping?.providerIds
  return {
    ...(suggested === undefined ? {} : { suggested }),
    relyingParty: readRelyingParty(request, extensions, peer, agreement),
    attributes: readAttributes(request, extensions, peer, terms),
    loa:
      context === undefined
        ? { comparison: 'minimum', levels: [agreement.defaultLoA] }
        : contextFrom(mapping, context, agreement.nonNotified),
    nameIdFormat: readNameIdFormat(request.nameIdPolicy?.format),
  }
}

/**
 * who asks is what the operator and the metadata say. A hub asks for the services that the operator lists, and
 * names one of them in RequesterID; a ProviderName is the request's own word, and is not read.
 */
function readRelyingParty(
  request: AuthnRequest,
  extensions: EidasExtensions,
  peer: PeerFacts,
  agreement: NationalAgreement,
): RelyingParty {
  const entityId = request.issuer.value
  const [other, ...more] = (request.scoping?.requesterIds ?? []).filter((id) => id !== entityId)
  if (other === undefined) {
    const type = agreement.sectorOf?.(entityId) ?? peer.spType ?? agreement.defaultSpType ?? 'public'
    return { type: asSaid(extensions, type), ...(isRequesterId(entityId) ? { id: entityId } : {}) }
  }
  const services = agreement.servicesOf?.(entityId) ?? {}
  const service = Object.hasOwn(services, other) ? services[other] : undefined
  if (service === undefined || more.length > 0)
    throw new NodeFault('EID_REQUESTER', `${entityId} may not ask for ${other}`)
  return { type: asSaid(extensions, service.spType), id: other, name: shortName(service.name) }
}

/** a request may say its sector, as long as it is the right one. */
function asSaid({ spType }: EidasExtensions, known: SectorType): SectorType {
  if (spType !== undefined && spType !== known) throw new NodeFault('EID_SPTYPE', `the request says ${spType}`)
  return known
}

function readAttributes(
  request: AuthnRequest,
  extensions: EidasExtensions,
  peer: PeerFacts,
  { agreement, mapping, attributes: known }: Terms,
): readonly RequestedAttribute[] {
  const named = extensions.requestedAttributes ?? serviceOf(request, peer)?.attributes
  if (named === undefined) return defaultAttributes(agreement)
  const asked = named.flatMap(({ name, required }) => {
    const definition = known.definitionOf(attributeFrom(mapping, name, known) ?? '')
    return definition === undefined ? [] : [{ definition, required }]
  })
  const names = new Set(asked.map(({ definition }) => definition.name))
  const representative = asked.find(({ definition }) => definition.representative)
  if (representative !== undefined) throw new NodeFault('EID_ATTR', `${representative.definition.name} was asked for`)
  if (subjectKinds(names).length === 0) throw new NodeFault('EID_ATTR', 'no attribute that is known here')
  return [...names].map((name) => ({ name, required: isRequired(asked.filter((one) => one.definition.name === name)) }))
}

interface Wanted {
  readonly definition: AttributeDefinition
  readonly required: boolean
}

/** R-MF-32: fixed by the data set; of additional attributes it is free. */
function isRequired(wanted: readonly Wanted[]): boolean {
  return wanted.some(({ definition, required }) => (definition.additional ? required : definition.mandatory))
}

/** The natural person's minimum data set, and what the agreement adds. */
function defaultAttributes({ optionalAttributes = [] }: NationalAgreement): readonly RequestedAttribute[] {
  const mandatory = dataSet('natural').filter((definition) => definition.mandatory)
  return [
    ...mandatory.map(({ name }) => ({ name, required: true })),
    ...optionalAttributes.map((name) => ({ name, required: false })),
  ]
}

/** SAML Metadata 2.4.4.1: the service of the index asked for, or the default one. */
function serviceOf(request: AuthnRequest, { attributeServices }: PeerFacts): AttributeService | undefined {
  const index = request.attributeConsumingServiceIndex
  if (index === undefined) return attributeServices.find(({ isDefault }) => isDefault) ?? attributeServices[0]
  const found = attributeServices.find((service) => service.index === index)
  if (found === undefined) throw new NodeFault('SAML_REQ', `no AttributeConsumingService ${index}`)
  return found
}

/** To a national identity provider: authenticate anew, at one of these classes, and answer by POST. Who asks stays here. */
export function writeNationalRequest(
  request: IdentityRequest,
  context: AskContext,
  mapping: NationalMapping,
): AuthnRequest<XmlPart> {
  return {
    id: context.id,
    version: SAML_VERSION,
    issueInstant: context.now,
    destination: context.destination,
    forceAuthn: true,
    isPassive: false,
    protocolBinding: bindings.post,
    assertionConsumerServiceURL: context.acs,
    issuer: { value: context.issuer, format: nameIdFormats.entity },
    extensions: [],
    nameIdPolicy: { allowCreate: true },
    requestedAuthnContext: contextTo(mapping, request.loa),
    hasSubject: false,
    hasConditions: false,
  }
}
