import { NodeFault } from '../errors/node-fault.ts'
import { definitionOf } from '../identity/attributes.ts'
import { isNotified } from '../identity/loa.ts'
import type { ReleasedAttribute } from '../identity/outcome.ts'
import { representativeKinds } from '../identity/person.ts'
import { type PersonIdentifier, readPersonIdentifier } from '../identity/person-identifier.ts'
import { readValues } from '../profiles/eidas/attribute-values.ts'
import { eidasProfile } from '../profiles/eidas/profile.ts'
import { eidasOutcomeRules, type IdentifiedContext } from '../profiles/outcome-rules.ts'
import { silentPeer } from '../profiles/peer-facts.ts'
import { type Assertion, readAssertion } from '../saml/assertion.ts'
import type { Attribute } from '../saml/attribute.ts'
import type { Response } from '../saml/response.ts'
import { assertionRules } from '../saml/rules/assertion.ts'
import { attributeNameFormats } from '../saml/uris.ts'
import type { SignedElement } from '../xmlsec/signed.ts'
import { windowAt } from './context.ts'
import { attempt, type Finding, judge, note, unheard } from './findings.ts'
import { assertionRequirements, citing, outcomeRequirements } from './requirements.ts'

/* An assertion against the rules of SAML and eIDAS, all of them, and each attribute on its own. */

const cite = citing('response')

/** `response` is the message it came in, if it came in one. */
export function judgeAssertion(
  element: SignedElement,
  response: Response | undefined,
  now: number,
): readonly Finding[] {
  const { value: assertion, findings } = attempt(() => readAssertion(element), cite)
  if (assertion === undefined) return findings
  const saml = judge(assertionRules, samlContext(assertion, response, now), assertionRequirements)
  const read = assertion.attributeStatements.flat().map((attribute) => readOne(attribute, assertion.issueInstant))
  const content = contentOf(
    assertion,
    read.flatMap(({ value }) => value ?? []),
  )
  const own = [
    ...saml,
    ...read.flatMap((one) => one.findings),
    ...judge(eidasOutcomeRules, content, outcomeRequirements),
    ...actingFor(content.outcome.attributes),
  ]
  const node = eidasProfile({ country: destinationIn(content.outcome.attributes) })
  const asNode = attempt(() => node.readOutcome(assertion, content), cite).findings
  return [...own, ...unheard(asNode, own)]
}

/** It answers what the response answers, to where that goes, from whom that comes; we are the audience it names. */
function samlContext(assertion: Assertion, response: Response | undefined, now: number) {
  const bearer = assertion.subject?.confirmations[0]?.data
  const [[us = ''] = []] = assertion.conditions?.audienceRestrictions ?? []
  return {
    assertion,
    asked: {
      messageId: (response === undefined ? bearer?.inResponseTo : response.inResponseTo) ?? '',
      entityId: response?.issuer?.value ?? assertion.issuer.value,
      at: Number.NEGATIVE_INFINITY,
    },
    us,
    endpoint: (response === undefined ? bearer?.recipient : response.destination) ?? '',
    ...windowAt(now),
  }
}

interface ReadAttribute {
  /** Absent when the profile does not know it, without values when those are wrong. */
  readonly value?: ReleasedAttribute
  readonly findings: readonly Finding[]
}

/**
 * What the profile does with one attribute, so that one bad value does not hide the next. What is wrong with an optional
 * attribute is a warning: a node leaves it out and goes on, unless its operator has said `strict`.
 */
function readOne({ name, nameFormat, friendlyName, values }: Attribute, now: number): ReadAttribute {
  const definition = definitionOf(name)
  if (definition === undefined) {
    return { findings: [note('IGNORED', `${name} is not of the profile and is passed over`, 'R-IA-4')] }
  }
  const about = name
  const severity = definition.mandatory ? 'error' : 'warning'
  const format = attempt(() => expectUri(nameFormat), cite, { about, severity })
  const friendly = attempt(
    () => expectPaired(friendlyName, definition.friendlyName),
    () => 'R-AP-2',
    {
      about,
      severity: 'warning',
    },
  )
  const reading = { strict: false, now }
  const read = attempt(() => readValues(definition, values, reading), cite, { about, severity })
  const findings = [...format.findings, ...friendly.findings, ...read.findings]
  return { value: { name, values: read.value ?? [] }, findings }
}

/** R-AP-1. */
function expectUri(nameFormat: string | undefined): void {
  if (nameFormat !== attributeNameFormats.uri) throw new NodeFault('SAML_ATTR', 'NameFormat is not uri')
}

/** R-AP-2: a FriendlyName is not matched, and must still be right. */
function expectPaired(given: string | undefined, paired: string): void {
  if (given !== undefined && given !== paired) throw new NodeFault('SAML_ATTR', `FriendlyName is not ${paired}`)
}

/** What was asked for is what came, at the level that was reached, from the country of the identifier. */
function contentOf(assertion: Assertion, attributes: readonly ReleasedAttribute[]): IdentifiedContext {
  const loa = assertion.authnStatements[0]?.classRefs[0] ?? ''
  return {
    outcome: {
      kind: 'identified',
      loa,
      attributes,
      authenticatedAt: assertion.issueInstant,
    },
    request: {
      relyingParty: { type: 'public' },
      attributes: attributes.map(({ name }) => ({ name, required: false })),
      loa: { comparison: isNotified(loa) ? 'minimum' : 'exact', levels: [loa] },
      nameIdFormat: 'unspecified',
      representation: 'accept',
    },
    peer: silentPeer(assertion.issuer.value),
    country: countryOf(attributes),
  }
}

/** The country of the first identifier, which those after it must agree with. */
function countryOf(attributes: readonly ReleasedAttribute[]): string {
  return firstIdentifier(attributes)?.origin ?? ''
}

/** The country it was made for, which is ours here. */
function destinationIn(attributes: readonly ReleasedAttribute[]): string {
  return firstIdentifier(attributes)?.destination ?? ''
}

function firstIdentifier(attributes: readonly ReleasedAttribute[]): PersonIdentifier | undefined {
  const identifiers = attributes.filter(({ name }) => definitionOf(name)?.kind === 'identifier')
  const [value] = identifiers.flatMap(({ values }) => values)
  return value && readPersonIdentifier(value.value)
}

/** R-AP-55: it depends on the service whether that is acceptable. */
function actingFor(attributes: readonly ReleasedAttribute[]): readonly Finding[] {
  const kinds = representativeKinds(attributes.map(({ name }) => name))
  if (kinds.length === 0) return []
  const text = 'a representative acts for the person: a connector whose service is not prepared for that refuses'
  return [{ code: 'EID_REPR', severity: 'warning', text, requirement: 'R-AP-55' }]
}
