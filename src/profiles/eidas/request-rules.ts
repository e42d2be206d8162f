import { NodeFault } from '../../errors/node-fault.ts'
import { type AttributeDefinition, type AttributeRegistry, profileAttributes } from '../../identity/attributes.ts'
import { satisfiable } from '../../identity/loa.ts'
import { expectCompleteSubject, subjectKinds } from '../../identity/person.ts'
import type { RequestedAttribute, SectorType } from '../../identity/request.ts'
import type { AuthnRequest } from '../../saml/authn-request.ts'
import type { Rule } from '../../saml/rules/rule.ts'
import { readNameIdFormat } from '../name-id.ts'
import type { PeerFacts } from '../profile.ts'
import { PROVIDER_NAME_CHARACTERS } from '../provider-name.ts'
import type { EidasExtensions } from './extensions.ts'
import { readRequestedLoA } from './requested-loa.ts'
import { dialectOf, hasVersionInCommon } from './versions.ts'

export interface EidasRequestContext {
  readonly request: AuthnRequest
  readonly peer: PeerFacts
  readonly extensions: EidasExtensions
  readonly offer: Offer
  /** What we know; the profile's attributes unless said otherwise. */
  readonly attributes?: AttributeRegistry
}

/** What our proxy service publishes, as far as requests are held against it. */
export interface Offer {
  /** R-MF-13; an empty list promises nothing and refuses nothing. */
  readonly loas: readonly string[]
  /** R-MF-20. */
  readonly requesterIdRequired: boolean
  /** RequesterIDs of the private relying parties that accepted the terms of access; left out, there are none to accept. */
  readonly privateRequesters?: readonly string[]
  /** Name URIs (R-MF-14); left out, everything that is known. */
  readonly attributes?: readonly string[]
}

type RequestRule = Rule<EidasRequestContext>

/** R-MF-12: the peer speaks a version of the protocol that we speak. */
const versionInCommon: RequestRule = ({ peer }) => {
  if (!hasVersionInCommon(peer.protocolVersions)) throw new NodeFault('EID_VERSION', peer.protocolVersions.join(' '))
}

/** R-MF-35: ForceAuthn is true. */
const authenticationIsForced: RequestRule = ({ request }) => {
  if (request.forceAuthn !== true) throw new NodeFault('SAML_REQ', 'ForceAuthn is not true')
}

/** R-MF-36: IsPassive is there and false; a passive request is answered NoPassive (SAML Core 3.4.1). */
const citizenIsAsked: RequestRule = ({ request }) => {
  if (request.isPassive === true) throw new NodeFault('SAML_PASSIVE')
  if (request.isPassive !== false) throw new NodeFault('SAML_REQ', 'IsPassive is not false')
}

/** R-MF-42: a proxy service speaks for its country, and lets no other choose its identity provider by an IDPList. */
const noIdpList: RequestRule = ({ request: { scoping } }) => {
  if (scoping?.hasIdpList) throw new NodeFault('SAML_REQ', 'IDPList')
}

/** R-MF-17: SPType is in the request or in the metadata, not in both and not in neither. */
const spTypeOnce: RequestRule = ({ peer, extensions }) => {
  spTypeOf(peer, extensions)
}

/** R-MF-31: attributes are requested in the extension, and one we know is among them. */
const attributesRequested: RequestRule = (context) => {
  if (knownAttributes(context).length === 0) throw new NodeFault('EID_ATTR', 'no attribute of the profile')
}

/** R-AP-50: representatives are never asked for. */
const noRepresentatives: RequestRule = (context) => {
  const found = knownAttributes(context).find(({ definition }) => definition.representative)
  if (found !== undefined) throw new NodeFault('EID_ATTR', `${found.name} was asked for`)
}

/** R-MF-32: isRequired is fixed by the data set; of additional attributes it is free. */
const requiredAsFixed: RequestRule = (context) => {
  const odd = knownAttributes(context).find(
    ({ required, definition }) => !definition.additional && required !== definition.mandatory,
  )
  if (odd !== undefined) throw new NodeFault('EID_ATTR', `isRequired=${odd.required} on ${odd.name}`)
}

/** R-MF-33: of each data set that is asked for, all mandatory attributes are. */
const dataSetsComplete: RequestRule = (context) => {
  expectCompleteSubject(namesOf(context))
}

/** R-MF-33: one kind of person in a request, unless the peer is older than that sentence. */
const oneKindOfPerson: RequestRule = (context) => {
  if (subjectKinds(namesOf(context)).length > 1 && !dialectOf(context.peer.protocolVersions).mixesPersons) {
    throw new NodeFault('EID_ATTR', 'natural and legal attributes in one request')
  }
}

/** R-MF-54: what must be answered is something that we publish, so no citizen signs in for nothing. */
const requiredOffered: RequestRule = (context) => {
  const missing = knownAttributes(context).find(({ name, required }) => required && !isOffered(context, name))
  if (missing !== undefined) throw new NodeFault('EID_MDS', `${missing.name} is not offered`)
}

/** R-MF-60, R-MF-61, R-MF-62. */
const loaAsProfiled: RequestRule = ({ request }) => {
  readRequestedLoA(request.requestedAuthnContext)
}

/** R-IA-19: a level that no scheme of ours can reach is refused. */
const loaWithinReach: RequestRule = ({ request, offer }) => {
  const asked = readRequestedLoA(request.requestedAuthnContext)
  if (offer.loas.length > 0 && !satisfiable(asked, offer.loas)) {
    throw new NodeFault('EID_LOA', `${asked.levels.join(' ')} is not offered`)
  }
}

/** R-MF-30: the wanted NameID format is one we support. */
const nameIdFormatSupported: RequestRule = ({ request }) => {
  readNameIdFormat(request.nameIdPolicy?.format)
}

const REQUESTER_ID_CHARACTERS = 1024

/** R-MF-37: at most one RequesterID, a URI of at most 1024 characters. */
const requesterIdIsUri: RequestRule = ({ request }) => {
  const ids = request.scoping?.requesterIds ?? []
  if (ids.length > 1) throw new NodeFault('EID_REQUESTER', `${ids.length} RequesterIDs`)
  if (!ids.every(isRequesterId)) throw new NodeFault('EID_REQUESTER', 'RequesterID is no URI or too long')
}

/** R-IA-17: where our metadata says so, a private relying party names itself. */
const privatePartyIsNamed: RequestRule = ({ request, peer, extensions, offer }) => {
  if (!offer.requesterIdRequired || spTypeOf(peer, extensions) === 'public') return
  if ((request.scoping?.requesterIds ?? []).length === 0) throw new NodeFault('EID_REQUESTER', 'no RequesterID')
}

/** R-IA-19: a private relying party that has not accepted the terms of access is refused. */
const termsAccepted: RequestRule = ({ request, peer, extensions, offer: { privateRequesters } }) => {
  if (privateRequesters === undefined || spTypeOf(peer, extensions) === 'public') return
  const [id] = request.scoping?.requesterIds ?? []
  if (id === undefined || !privateRequesters.includes(id)) throw new NodeFault('EID_REQUESTER', 'no terms of access')
}

/** R-MF-38: a name to show, not a novel. */
const providerNameIsShort: RequestRule = ({ request }) => {
  if ((request.providerName ?? '').length > PROVIDER_NAME_CHARACTERS) throw new NodeFault('SAML_REQ', 'ProviderName')
}

/** What an eIDAS AuthnRequest keeps beyond SAML, in order. */
export const eidasRequestRules: readonly RequestRule[] = [
  versionInCommon,
  authenticationIsForced,
  citizenIsAsked,
  noIdpList,
  spTypeOnce,
  attributesRequested,
  noRepresentatives,
  requiredAsFixed,
  dataSetsComplete,
  oneKindOfPerson,
  requiredOffered,
  loaAsProfiled,
  loaWithinReach,
  nameIdFormatSupported,
  requesterIdIsUri,
  privatePartyIsNamed,
  termsAccepted,
  providerNameIsShort,
]

/** The one SPType of a request; EID_SPTYPE when it is said twice or not at all. */
export function spTypeOf(peer: PeerFacts, { spType }: EidasExtensions): SectorType {
  if (spType !== undefined && peer.spType !== undefined) throw new NodeFault('EID_SPTYPE', 'in request and metadata')
  const type = spType ?? peer.spType
  if (type === undefined) throw new NodeFault('EID_SPTYPE', 'neither in request nor in metadata')
  return type
}

interface KnownAttribute extends RequestedAttribute {
  readonly definition: AttributeDefinition
}

/** The requested attributes that are known here; R-IA-4: the others are ignored. */
function knownAttributes({
  extensions: { requestedAttributes = [] },
  attributes = profileAttributes,
}: EidasRequestContext): readonly KnownAttribute[] {
  return requestedAttributes.flatMap((requested) => {
    const definition = attributes.definitionOf(requested.name)
    return definition === undefined ? [] : [{ ...requested, definition }]
  })
}

/** R-MF-31: of the known attributes, those that we publish; the others are ignored as well. */
export function offeredAttributes(context: EidasRequestContext): readonly RequestedAttribute[] {
  return knownAttributes(context)
    .filter(({ name }) => isOffered(context, name))
    .map(({ name, required }) => ({ name, required }))
}

function isOffered({ offer }: EidasRequestContext, name: string): boolean {
  return offer.attributes === undefined || offer.attributes.includes(name)
}

function namesOf(context: EidasRequestContext): readonly string[] {
  return knownAttributes(context).map(({ name }) => name)
}

/** An absolute URI without white space, of a length that peers accept. */
export function isRequesterId(id: string): boolean {
  return id.length <= REQUESTER_ID_CHARACTERS && /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/.test(id)
}
