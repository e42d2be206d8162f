import { NodeFault } from '../errors/node-fault.ts'
import { definitionOf } from '../identity/attributes.ts'
import { isAbove, isMisusedLoA, type NotifiedLoA, satisfies } from '../identity/loa.ts'
import type { Identified } from '../identity/outcome.ts'
import { expectCompleteSubject, expectNoRepresentative, expectRepresentable, identifierIn } from '../identity/person.ts'
import { readPersonIdentifier } from '../identity/person-identifier.ts'
import type { Rule } from '../saml/rules/rule.ts'
import type { OutcomeContext } from './profile.ts'

/** What was said of the citizen, before the rules. */
export type Claimed = Omit<Identified, 'identifier'>

export interface IdentifiedContext extends OutcomeContext {
  readonly outcome: Claimed
  /** The highest level this country is believed. */
  readonly maximumLoA?: NotifiedLoA | undefined
  /** The countries that identifiers from there may be made for: ours, and what the operator grants; all unless it is said. */
  readonly madeFor?: readonly string[]
}

type OutcomeRule = Rule<IdentifiedContext>

/** R-MF-52, R-MF-60, R-MF-61: the level reached is one that was asked for. */
const loaSatisfies: OutcomeRule = ({ outcome: { loa }, request }) => {
  if (isMisusedLoA(loa) || !satisfies(loa, request.loa)) throw new NodeFault('EID_LOA', loa)
}

/** R-MF-63: it is one the peer publishes. */
const loaPublished: OutcomeRule = ({ outcome: { loa }, peer }) => {
  if (peer.loas.length > 0 && !peer.loas.includes(loa)) throw new NodeFault('EID_LOA', `${loa} is not published`)
}

/** A country that says more than it is believed is not believed at all. */
const loaBelieved: OutcomeRule = ({ outcome: { loa }, country, maximumLoA }) => {
  if (maximumLoA !== undefined && isAbove(loa, maximumLoA)) {
    throw new NodeFault('EID_LOA', `${loa} is more than ${country} is believed`)
  }
}

/** R-AP-25: every identifier, a representative's too, comes from the country that was asked. */
const identifiersOfCountry: OutcomeRule = ({ outcome, country }) => {
  const identifiers = outcome.attributes.filter(({ name }) => definitionOf(name)?.kind === 'identifier')
  for (const { name, values } of identifiers) {
    const stranger = values.find(({ value }) => readPersonIdentifier(value).origin !== country)
    if (stranger !== undefined) throw new NodeFault('EID_COUNTRY', `${name} is not from ${country}`)
  }
}

/** R-AP-26: an identifier that was made for another country is another person's here, or no person's. */
const identifiersForUs: OutcomeRule = ({ outcome, madeFor }) => {
  if (madeFor === undefined) return
  const identifiers = outcome.attributes.filter(({ name }) => definitionOf(name)?.kind === 'identifier')
  for (const { name, values } of identifiers) {
    const destinations = values.map(({ value }) => readPersonIdentifier(value).destination)
    const other = destinations.find((destination) => !madeFor.includes(destination))
    if (other !== undefined) throw new NodeFault('EID_COUNTRY', `${name} was made for ${other}, not for us`)
  }
}

/** R-AP-55: no representative acts for the person, unless the relying party accepts it. */
const representationAccepted: OutcomeRule = ({ outcome, request: { representation = 'reject' } }) => {
  if (representation === 'reject') expectNoRepresentative(saidIn(outcome))
}

/** R-AP-51, R-AP-53, R-AP-57: the persons are of the kind that was asked for, with one representative at most. */
const personsAsAsked: OutcomeRule = ({ outcome, request }) => {
  expectRepresentable(
    saidIn(outcome),
    request.attributes.map(({ name }) => name),
  )
}

/** R-MF-54: the data set is complete. */
const dataSetsComplete: OutcomeRule = ({ outcome }) => {
  expectCompleteSubject(namesOf(outcome))
}

/** R-MF-54: everything that was required is there. */
const requiredReleased: OutcomeRule = ({ outcome, request }) => {
  const present = namesOf(outcome)
  const missing = request.attributes.find(({ name, required }) => required && !present.includes(name))
  if (missing !== undefined) throw new NodeFault('EID_MDS', `no ${missing.name}`)
}

const personRules = [representationAccepted, personsAsAsked, dataSetsComplete, requiredReleased]

/** What the content of an eIDAS assertion keeps, in order. */
export const eidasOutcomeRules: readonly OutcomeRule[] = [
  loaSatisfies,
  loaPublished,
  loaBelieved,
  identifiersOfCountry,
  identifiersForUs,
  ...personRules,
]

/** What a national answer keeps: identifiers get their countries only when they leave ours. */
export const nationalOutcomeRules: readonly OutcomeRule[] = [loaSatisfies, ...personRules]

/**
 * What kept the rules. A-191: of a surplus nothing is passed on but the identifier, which a NameID is written from;
 * R-MF-55: representatives were let in by rule, not by request.
 */
export function onlyAsked({ outcome, request }: IdentifiedContext): Identified {
  const asked = new Set(request.attributes.map(({ name }) => name))
  const isKept = ({ name }: { readonly name: string }) => asked.has(name) || definitionOf(name)?.representative === true
  const attributes = outcome.attributes.filter(isKept)
  const leftOut = (outcome.leftOut ?? []).filter(isKept)
  return {
    ...withoutLeftOut(outcome),
    ...(leftOut.length === 0 ? {} : { leftOut }),
    attributes,
    identifier: identifierIn(outcome.attributes),
  }
}

function withoutLeftOut({ leftOut: _, ...outcome }: Claimed): Claimed {
  return outcome
}

/** Whom an answer speaks of is told by what is left out of it, too: that there is a second person cannot be left out. */
function saidIn({ attributes, leftOut = [] }: Claimed): readonly string[] {
  return [...attributes, ...leftOut].map(({ name }) => name)
}

function namesOf({ attributes }: Claimed): readonly string[] {
  return attributes.map(({ name }) => name)
}
