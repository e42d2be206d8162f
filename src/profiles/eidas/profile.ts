import { NodeFault } from '../../errors/node-fault.ts'
import { type AttributeRegistry, profileAttributes } from '../../identity/attributes.ts'
import type { Identified, OptionalAttributes, ReleasedAttribute } from '../../identity/outcome.ts'
import { identifierIn, identifierName } from '../../identity/person.ts'
import { addressedIdentifier } from '../../identity/person-identifier.ts'
import type { IdentityRequest, SectorType } from '../../identity/request.ts'
import type { Assertion } from '../../saml/assertion.ts'
import type { Attribute } from '../../saml/attribute.ts'
import type { AuthnRequest } from '../../saml/authn-request.ts'
import { attributeNameFormats, consents, nameIdFormats, SAML_VERSION } from '../../saml/uris.ts'
import type { XmlPart } from '../../xml/writer.ts'
import { readSaid, type SaidAttribute } from '../attribute-reading.ts'
import { bearerAssertion } from '../bearer-assertion.ts'
import { expectNameId, readNameIdFormat, writeNameId, writeNameIdPolicy } from '../name-id.ts'
import { type Claimed, eidasOutcomeRules, onlyAsked } from '../outcome-rules.ts'
import type { AnswerContext, AskContext, MaximumLoA, OutcomeContext, PeerFacts, Profile } from '../profile.ts'
import { shortName } from '../provider-name.ts'
import { shownName } from '../shown-name.ts'
import { encryption, signatures } from './algorithms.ts'
import { readValues, writeValues } from './attribute-values.ts'
import { readExtensions, writeExtensions } from './extensions.ts'
import { eidasRequestRules, type Offer, offeredAttributes, spTypeOf } from './request-rules.ts'
import { readRequestedLoA, writeRequestedLoA } from './requested-loa.ts'
import { attributesToSend, eidasSendingRules } from './sending-rules.ts'
import { readValue, type ValueReading } from './value-rules.ts'
import { dialectOf } from './versions.ts'

/** What our own half of the node is, as far as messages depend on it. */
export interface EidasNode {
  /** Our country, two capitals. */
  readonly country: string
  /** SPType that our connector's metadata publishes, where it does (R-MF-17). */
  readonly spType?: SectorType
  /** What our proxy service's metadata publishes. */
  readonly offer?: Offer
  /** What is asked for and answered; the profile's own attributes unless the operator added some. */
  readonly attributes?: AttributeRegistry
  /** How far other countries are believed. */
  readonly maximumLoA?: MaximumLoA
  /** For which countries beside ours the identifiers of a country may be made; absent means none. */
  readonly identifiersFor?: (country: string) => readonly string[]
  /** What becomes of optional attributes of a country that break a rule; they are left out unless it is said. */
  readonly optionalAttributes?: (country: string) => OptionalAttributes
}

/**
 * The second-level status codes that the EU node takes. At any other its connector ends in an error of its own, and the
 * service hears nothing. Why it was refused is in the StatusMessage.
 */
const secondLevels = ['AuthnFailed', 'InvalidAttrNameOrValue', 'InvalidNameIDPolicy', 'RequestDenied'] as const

/** The eIDAS SAML Message Format and Attribute Profile 1.4, as a profile of the faces towards other countries. */
export function eidasProfile(node: EidasNode): Profile {
  return {
    name: 'eidas',
    signatures,
    encryption,
    requiresEncryption: true,
    signsAssertions: false,
    secondLevels,
    usesAttribute: (_, name) => (node.attributes ?? profileAttributes).definitionOf(name) !== undefined,
    readRequest: (request, peer) => readRequest(node, request, peer),
    writeRequest: (request, context) => writeRequest(node, request, context),
    readOutcome: (assertion, context) => readOutcome(node, assertion, context),
    writeAssertion: (outcome, context) => writeAssertion(node, outcome, context),
  }
}

const noOffer: Offer = { loas: [], requesterIdRequired: false }

function readRequest(node: EidasNode, request: AuthnRequest, peer: PeerFacts): IdentityRequest {
  const { offer = noOffer, attributes = profileAttributes } = node
  const extensions = readExtensions(request.extensions)
  const context = { request, peer, extensions, offer, attributes }
  for (const rule of eidasRequestRules) rule(context)
  const [id] = request.scoping?.requesterIds ?? []
  const name = shownName(request.providerName)
  return {
    relyingParty: {
      type: spTypeOf(peer, extensions),
      ...(id === undefined ? {} : { id }),
      ...(name === undefined ? {} : { name }),
    },
    attributes: offeredAttributes(context),
    loa: readRequestedLoA(request.requestedAuthnContext),
    nameIdFormat: readNameIdFormat(request.nameIdPolicy?.format),
  }
}

const [consentUnspecified] = consents

/** Message Format 2.4.1, and what EU nodes insist on; no ACS URL and no ProtocolBinding (R-MF-34). */
function writeRequest(node: EidasNode, request: IdentityRequest, context: AskContext): AuthnRequest<XmlPart> {
  const { peer } = context
  const { attributes = profileAttributes } = node
  const maximumLoA = node.maximumLoA?.(request.country ?? peer.country ?? '')
  const sending = { request, peer, publishedSpType: node.spType, attributes, maximumLoA }
  for (const rule of eidasSendingRules) rule(sending)
  const { id, name, type } = request.relyingParty
  const requestedAttributes = attributesToSend(sending)
  return {
    id: context.id,
    version: SAML_VERSION,
    issueInstant: context.now,
    destination: context.destination,
    consent: consentUnspecified,
    forceAuthn: true,
    isPassive: false,
    providerName: name === undefined ? undefined : shortName(name),
    issuer: { value: context.issuer, format: nameIdFormats.entity },
    extensions: writeExtensions(
      node.spType === undefined ? { spType: type, requestedAttributes } : { requestedAttributes },
      attributes,
    ),
    nameIdPolicy: writeNameIdPolicy(request.nameIdFormat, peer.nameIdFormats),
    requestedAuthnContext: writeRequestedLoA(request.loa),
    scoping: id === undefined ? undefined : { requesterIds: [id], hasIdpList: false },
    hasSubject: false,
    hasConditions: false,
  }
}

function readOutcome(node: EidasNode, assertion: Assertion, context: OutcomeContext): Identified {
  const reading = {
    strict: false,
    now: assertion.issueInstant,
    acceptGR: dialectOf(context.peer.protocolVersions).saysGR,
  }
  const { attributes = profileAttributes } = node
  expectNameId(assertion.subject, context.request)
  const said = assertion.attributeStatements
    .flat()
    .flatMap((attribute) => readAttribute(attribute, attributes, reading))
  const outcome: Claimed = {
    kind: 'identified',
    loa: assertion.authnStatements[0]?.classRefs[0] ?? '',
    ...readSaid(said, context.request, node.optionalAttributes?.(context.country)),
    authenticatedAt: assertion.authnStatements[0]?.authnInstant ?? Number.NaN,
  }
  const maximumLoA = node.maximumLoA?.(context.country)
  const madeFor = [node.country, ...(node.identifiersFor?.(context.country) ?? [])]
  for (const rule of eidasOutcomeRules) rule({ ...context, outcome, maximumLoA, madeFor })
  return onlyAsked({ ...context, outcome })
}

/** R-IA-4: an attribute we do not know is none; R-AP-1, R-AP-2: those we know are known by Name and have one format. */
function readAttribute(
  attribute: Attribute,
  known: AttributeRegistry,
  reading: ValueReading,
): readonly SaidAttribute[] {
  const definition = known.definitionOf(attribute.name)
  if (definition === undefined) return []
  const read = () => {
    if (attribute.nameFormat !== attributeNameFormats.uri) {
      throw new NodeFault('SAML_ATTR', `NameFormat of ${attribute.name} is not uri`)
    }
    return readValues(definition, attribute.values, reading)
  }
  return [{ definition, read }]
}

/** Message Format 2.4.2. What leaves the country is judged strictly, wherever it came from (R-IA-1). */
function writeAssertion(node: EidasNode, outcome: Identified, context: AnswerContext): Assertion<XmlPart> {
  const attributes = outcome.attributes.map((attribute) => outgoing(attribute, node, context))
  return bearerAssertion(context, {
    nameId: writeNameId(context.request.nameIdFormat, outgoingIdentifier(outcome, node, context), context.id),
    loa: outcome.loa,
    authenticatedAt: outcome.authenticatedAt,
    attributes: attributes.flatMap((attribute) => writeAttribute(attribute, node.attributes ?? profileAttributes)),
  })
}

function outgoing({ name, values }: ReleasedAttribute, node: EidasNode, context: AnswerContext): ReleasedAttribute {
  const definition = (node.attributes ?? profileAttributes).definitionOf(name)
  if (definition === undefined) throw new NodeFault('EID_ATTR', `${name} is not known here`)
  const reading = { strict: true, now: context.now }
  return {
    name,
    values: values.map(({ value, latin }) => ({
      value: readValue(
        definition,
        definition.kind === 'identifier' ? addressed(value, node, context.peer) : value,
        reading,
      ),
      latin,
    })),
  }
}

/** R-AP-20: a national identifier gets both countries in front, where both are known. */
function addressed(value: string, { country }: EidasNode, peer: PeerFacts): string {
  if (peer.country === undefined) throw new NodeFault('EID_COUNTRY', `no country of ${peer.entityId}`)
  return addressedIdentifier(value, country, peer.country)
}

/** The identifier is judged as an attribute is, though it leaves in the NameID alone where it was not asked for. */
function outgoingIdentifier({ identifier }: Identified, node: EidasNode, context: AnswerContext): string {
  const attribute = { name: identifierName('natural'), values: [{ value: identifier, latin: true }] }
  return identifierIn([outgoing(attribute, node, context)])
}

function writeAttribute({ name, values }: ReleasedAttribute, known: AttributeRegistry): readonly Attribute<XmlPart>[] {
  const definition = known.definitionOf(name)
  if (definition === undefined) return []
  const { friendlyName } = definition
  return [{ name, nameFormat: attributeNameFormats.uri, friendlyName, values: writeValues(definition, values) }]
}
