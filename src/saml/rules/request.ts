import { NodeFault } from '../../errors/node-fault.ts'
import type { AuthnRequest } from '../authn-request.ts'
import { bindings, consents, SAML_VERSION } from '../uris.ts'
import { expectEntity, type Rule, type Window } from './rule.ts'
import { expectRecent } from './time.ts'

/** An assertion consumer service of the requester's metadata. */
export interface AcsEndpoint {
  readonly binding: string
  readonly location: string
  readonly index: number
  readonly isDefault?: boolean | undefined
}

export interface RequestContext extends Window {
  readonly request: AuthnRequest
  /** Our single sign-on location, where the request arrived. */
  readonly endpoint: string
  /** The requester's assertion consumer services, from its verified metadata. */
  readonly acs: readonly AcsEndpoint[]
}

type RequestRule = Rule<RequestContext>

/** SAML Core 3.2.1, Version: "2.0". */
const versionIs2: RequestRule = ({ request }) => {
  if (request.version !== SAML_VERSION) throw new NodeFault('SAML_VERSION', 'a request of another version')
}

/** SAML Core 3.2.1, IssueInstant: the request was issued just now. */
const issuedJustNow: RequestRule = ({ request, ...window }) => {
  expectRecent(request.issueInstant, 'IssueInstant', window)
}

/** SAML Bindings 3.4.5.2 and 3.5.5.2: a signed message names the location where it was sent, to the letter (R-MF-41). */
const destinationIsUs: RequestRule = ({ request, endpoint }) => {
  if (request.destination !== endpoint) throw new NodeFault('SAML_DEST', request.destination ?? 'no Destination')
}

/** SAML Core 3.2.1 and 8.4, Consent: absent or one of the seven identifiers. */
const consentIsKnown: RequestRule = ({ request: { consent } }) => {
  if (consent !== undefined && !consents.includes(consent)) throw new NodeFault('SAML_REQ', 'unknown Consent')
}

/** SAML Profiles 4.1.4.1, Issuer: its Format is absent or that of an entity (R-MF-41). */
const issuerIsEntity: RequestRule = ({ request: { issuer } }) => {
  expectEntity(issuer)
}

/** SAML Profiles 4.1.4.1: a Subject (whom to authenticate) is not supported. */
const noSubject: RequestRule = ({ request }) => {
  if (request.hasSubject) throw new NodeFault('SAML_REQ', 'Subject')
}

/** SAML Core 3.4.1.1.1: an SPNameQualifier other than the requester's own entityID is not supported. */
const namesForTheRequester: RequestRule = ({ request: { nameIdPolicy, issuer } }) => {
  const qualifier = nameIdPolicy?.spNameQualifier
  if (qualifier !== undefined && qualifier !== issuer.value) throw new NodeFault('SAML_NAMEID', 'SPNameQualifier')
}

/** SAML Core 3.4.1: Conditions on the assertion are not supported. */
const noConditions: RequestRule = ({ request }) => {
  if (request.hasConditions) throw new NodeFault('SAML_REQ', 'Conditions')
}

/** SAML Core 3.3.2.2.1: contexts are asked for by class; declarations are not supported. */
const contextByClass: RequestRule = ({ request: { requestedAuthnContext } }) => {
  if ((requestedAuthnContext?.declRefs.length ?? 0) > 0) throw new NodeFault('SAML_REQ', 'AuthnContextDeclRef')
}

/** SAML Core 3.4.1.5.1: with a ProxyCount of zero a node, which is nothing but a proxy, must not go on. */
const proxyingAllowed: RequestRule = ({ request: { scoping } }) => {
  if (scoping?.proxyCount === 0) throw new NodeFault('SAML_REQ', 'ProxyCount of zero')
}

/** SAML Core 3.4.1, ProtocolBinding: responses go by HTTP-POST only (R-IA-14). */
const answersByPost: RequestRule = ({ request: { protocolBinding } }) => {
  if (protocolBinding !== undefined && protocolBinding !== bindings.post) {
    throw new NodeFault('SAML_REQ', 'ProtocolBinding')
  }
}

/** SAML Profiles 4.1.4.1: the assertion consumer service belongs to the requester (R-MF-34). */
const acsIsPublished: RequestRule = ({ request, acs }) => {
  resolveAcs(request, acs)
}

/** What every AuthnRequest keeps, whatever the profile, in the order of the text. */
export const requestRules: readonly RequestRule[] = [
  versionIs2,
  issuedJustNow,
  destinationIsUs,
  consentIsKnown,
  issuerIsEntity,
  noSubject,
  namesForTheRequester,
  noConditions,
  contextByClass,
  proxyingAllowed,
  answersByPost,
  acsIsPublished,
]

/**
 * Where to answer: the location the request names by URL or by index, compared to the letter with the metadata, or the
 * default one (SAML Metadata 2.2.3: marked as default, else the first not marked otherwise, else the first). Only
 * HTTP-POST locations count. SAML_ACS when there is none, or both ways of naming are used (SAML Core 3.4.1).
 */
export function resolveAcs(request: AuthnRequest, acs: readonly AcsEndpoint[]): string {
  const found = named(
    request,
    acs.filter(({ binding }) => binding === bindings.post),
  )
  if (found === undefined)
    throw new NodeFault('SAML_ACS', `${request.issuer.value} does not publish ${askedAcs(request)}`)
  return found.location
}

function askedAcs({ assertionConsumerServiceURL: url, assertionConsumerServiceIndex: index }: AuthnRequest): string {
  return [url, index === undefined ? undefined : `index ${index}`].filter((part) => part !== undefined).join(' and ')
}

function named(request: AuthnRequest, acs: readonly AcsEndpoint[]): AcsEndpoint | undefined {
  const { assertionConsumerServiceURL: url, assertionConsumerServiceIndex: index } = request
  if (url !== undefined && index !== undefined) return undefined
  if (url !== undefined) return acs.find(({ location }) => location === url)
  if (index !== undefined) return acs.find((one) => one.index === index)
  return acs.find(({ isDefault }) => isDefault) ?? acs.find(({ isDefault }) => isDefault === undefined) ?? acs[0]
}
