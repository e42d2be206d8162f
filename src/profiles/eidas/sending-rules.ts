import { NodeFault } from '../../errors/node-fault.ts'
import { definitionOf } from '../../identity/attributes.ts'
import { satisfiable } from '../../identity/loa.ts'
import { missingMandatory, representativeKinds, subjectKinds } from '../../identity/person.ts'
import type { IdentityRequest, RequestedAttribute, SectorType } from '../../identity/request.ts'
import type { Rule } from '../../saml/rules/rule.ts'
import type { PeerFacts } from '../profile.ts'
import { isRequesterId } from './request-rules.ts'
import { allowsMixedRequests, hasVersionInCommon } from './versions.ts'

export interface SendingContext {
  readonly request: IdentityRequest
  readonly peer: PeerFacts
  /** SPType that our connector's metadata publishes, where it does. */
  readonly publishedSpType: SectorType | undefined
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
  if (subjectKinds(namesOf(request)).length > 1 && !allowsMixedRequests(peer.protocolVersions)) {
    throw new NodeFault('EID_ATTR', 'natural and legal attributes in one request')
  }
}

/** R-MF-31: what must be answered is something the peer can answer. */
const mandatoryPublished: SendingRule = ({ request, peer }) => {
  const missing = completed(request).find((name) => definitionOf(name)?.mandatory && !isPublished(peer, name))
  if (missing !== undefined) throw new NodeFault('EID_MDS', `the peer does not publish ${missing}`)
}

/** R-IA-19: the peer publishes a level that is enough. */
const loaPublished: SendingRule = ({ request, peer }) => {
  if (peer.loas.length > 0 && !satisfiable(request.loa, peer.loas)) {
    throw new NodeFault('EID_LOA', `${request.loa.levels.join(' ')} is not published`)
  }
}

/** R-IA-17: a private relying party names itself to a peer that demands it; whoever names itself does so by URI. */
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
  requesterNamed,
]

/** R-MF-31, R-MF-32: attributes of the profile that the peer publishes, isRequired as the data set fixes it. */
export function attributesToSend({ request, peer }: SendingContext): readonly RequestedAttribute[] {
  return completed(request).flatMap((name) => {
    const definition = definitionOf(name)
    if (definition === undefined || !isPublished(peer, name)) return []
    return [{ name, required: definition.mandatory }]
  })
}

/**
 * R-MF-33: a data set is asked for with all its mandatory attributes, whatever few of them the relying party wants; it
 * gets no more than those few.
 */
function completed(request: IdentityRequest): readonly string[] {
  const names = namesOf(request)
  return [...subjectKinds(names).flatMap((kind) => missingMandatory(names, kind)), ...names]
}

/** A peer that publishes no attribute at all is one that left them out (R-MF-21). */
function isPublished({ attributes }: PeerFacts, name: string): boolean {
  return attributes.length === 0 || attributes.includes(name)
}

function namesOf({ attributes }: IdentityRequest): readonly string[] {
  return attributes.map(({ name }) => name)
}
