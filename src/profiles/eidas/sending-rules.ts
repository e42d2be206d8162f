import { NodeFault } from '../../errors/node-fault.ts'
import { type AttributeDefinition, type AttributeRegistry, profileAttributes } from '../../identity/attributes.ts'
import { type NotifiedLoA, satisfiable, withinReach } from '../../identity/loa.ts'
import { missingMandatory, representativeKinds, subjectKinds } from '../../identity/person.ts'
import type { IdentityRequest, RequestedAttribute, SectorType } from '../../identity/request.ts'
import type { Rule } from '../../saml/rules/rule.ts'
import type { PeerFacts } from '../profile.ts'
import { isRequesterId } from './request-rules.ts'
import { dialectOf, hasVersionInCommon } from './versions.ts'

export interface SendingContext {
  readonly request: IdentityRequest
  readonly peer: PeerFacts
  /** SPType that our connector's metadata publishes, where it does. */
  readonly publishedSpType: SectorType | undefined
  /** What we know; the profile's attributes unless said otherwise. */
  readonly attributes?: AttributeRegistry
  /** The highest level this country is believed. */
  readonly maximumLoA?: NotifiedLoA | undefined
}

type SendingRule = Rule<SendingContext>

/** R-MF-12. */
const versionInCommon: SendingRule = ({ peer }) => {
  if (!hasVersionInCommon(peer.protocolVersions)) throw new NodeFault('EID_VERSION', peer.protocolVersions.join(' '))
}

/** R-MF-17: metadata that publishes a sector speaks for every request, so no request may be of the other one. */
const sectorAsPublished: SendingRule = ({ request, publishedSpType }) => {
  if (publishedSpType !== undefined && publishedSpType !== request.relyingParty.type) {
    throw new NodeFault('EID_SPTYPE', `our metadata says ${publishedSpType}`)
  }
}

/** R-AP-50. */
const noRepresentatives: SendingRule = ({ request }) => {
  if (representativeKinds(namesOf(request)).length > 0) throw new NodeFault('EID_ATTR', 'representative attributes')
}

/** R-MF-33: some person is asked about. */
const personAsked: SendingRule = ({ request }) => {
  if (subjectKinds(namesOf(request)).length === 0) throw new NodeFault('EID_MDS', 'no attribute of any person')
}

/** R-MF-33. */
const oneKindOfPerson: SendingRule = ({ request, peer }) => {
  if (subjectKinds(namesOf(request)).length > 1 && !dialectOf(peer.protocolVersions).mixesPersons) {
    throw new NodeFault('EID_ATTR', 'natural and legal attributes in one request')
  }
}

/** R-MF-31, R-MF-54: what must be answered is something the peer can answer. */
const mandatoryPublished: SendingRule = (context) => {
  const missing = wanted(context).find(({ name, required }) => required && !isPublished(context.peer, name))
  if (missing !== undefined) throw new NodeFault('EID_MDS', `the peer does not publish ${missing.name}`)
}

/** R-IA-19: the peer publishes a level that is enough. */
const loaPublished: SendingRule = ({ request, peer }) => {
  if (peer.loas.length > 0 && !satisfiable(request.loa, peer.loas)) {
    throw new NodeFault('EID_LOA', `${request.loa.levels.join(' ')} is not published`)
  }
}

/** What is asked for is no more than this country is believed. */
const loaBelieved: SendingRule = ({ request, maximumLoA }) => {
  if (maximumLoA !== undefined && !withinReach(request.loa, maximumLoA)) {
    throw new NodeFault('EID_LOA', `${request.loa.levels.join(' ')} is more than ${request.country} is believed`)
  }
}

/** R-IA-17: a private relying party names itself to a peer that demands it; a RequesterID is a URI. */
const requesterNamed: SendingRule = ({ request: { relyingParty }, peer }) => {
  if (relyingParty.id !== undefined && !isRequesterId(relyingParty.id)) {
    throw new NodeFault('EID_REQUESTER', 'RequesterID is no URI or too long')
  }
  if (peer.requesterIdRequired && relyingParty.type === 'private' && relyingParty.id === undefined) {
    throw new NodeFault('EID_REQUESTER', 'no RequesterID')
  }
}

/** What is found out before a citizen is sent abroad in vain, in order. */
export const eidasSendingRules: readonly SendingRule[] = [
  versionInCommon,
  sectorAsPublished,
  noRepresentatives,
  personAsked,
  oneKindOfPerson,
  mandatoryPublished,
  loaPublished,
  loaBelieved,
  requesterNamed,
]

/** R-MF-31: of what is wanted, that which the peer publishes. */
export function attributesToSend(context: SendingContext): readonly RequestedAttribute[] {
  return wanted(context).filter(({ name }) => isPublished(context.peer, name))
}

/**
 * R-MF-33: a data set is asked for with all its mandatory attributes, whatever few of them the relying party wants; it
 * gets no more than those few. R-MF-32: isRequired is fixed by the data set, and free for additional attributes.
 */
function wanted({ request, attributes = profileAttributes }: SendingContext): readonly RequestedAttribute[] {
  const names = namesOf(request)
  const required = (name: string, { additional, mandatory }: AttributeDefinition) =>
    additional ? request.attributes.some((one) => one.name === name && one.required) : mandatory
  return [...subjectKinds(names).flatMap((kind) => missingMandatory(names, kind)), ...names].flatMap((name) => {
    const definition = attributes.definitionOf(name)
    return definition === undefined ? [] : [{ name, required: required(name, definition) }]
  })
}

/** A peer that publishes no attribute at all is one that left them out (R-MF-21). */
function isPublished({ attributes }: PeerFacts, name: string): boolean {
  return attributes.length === 0 || attributes.includes(name)
}

function namesOf({ attributes }: IdentityRequest): readonly string[] {
  return attributes.map(({ name }) => name)
}
