import { NodeFault } from '../../errors/node-fault.ts'
import type { AttributeDefinition } from '../../identity/attributes.ts'
import type { AttributeValue, Identified, ReleasedAttribute } from '../../identity/outcome.ts'
import type { IdentityRequest } from '../../identity/request.ts'
import { expectCount } from '../eidas/attribute-values.ts'
import { isLatinText } from '../eidas/text.ts'
import { readNationalIdentifier, readValue, type ValueReading } from '../eidas/value-rules.ts'
import { type Claimed, nationalOutcomeRules, onlyAsked } from '../outcome-rules.ts'
import type { OutcomeContext } from '../profile.ts'
import { attributeFrom, loaFrom, type NationalVocabulary } from './mapping.ts'

/** What a national identity provider says of a citizen, by whatever protocol, in its own words. */
export interface NationalClaims {
  /** Its name for the level of assurance. */
  readonly classRef: string
  readonly attributes: readonly { readonly name: string; readonly values: readonly string[] }[]
  /** Epoch milliseconds. */
  readonly issuedAt: number
  /** When the citizen was authenticated: epoch milliseconds. It is passed on abroad. */
  readonly authenticatedAt: number
}

/**
 * The same in eIDAS' names, judged by eIDAS' rules before it may leave the country. Identifiers stay national here: which
 * country they are for is known to whoever answers (R-AP-20).
 */
export function readNationalClaims(
  claims: NationalClaims,
  context: OutcomeContext,
  vocabulary: NationalVocabulary,
): Identified {
  const { classRef, issuedAt, authenticatedAt } = claims
  const outcome: Claimed = {
    kind: 'identified',
    loa: loaFrom(vocabulary.mapping, classRef),
    attributes: readAttributes(claims, vocabulary, { strict: true, now: issuedAt, request: context.request }),
    authenticatedAt,
  }
  for (const rule of nationalOutcomeRules) rule({ ...context, outcome })
  return onlyAsked({ ...context, outcome })
}

interface ClaimsReading extends ValueReading {
  readonly request: IdentityRequest
}

/**
 * Attributes that nobody mapped or asked for are national business: they are not judged and go no further. Two names for
 * one thing are SAML_DUP_ATTR.
 */
function readAttributes(
  { attributes }: NationalClaims,
  { mapping, attributes: known }: NationalVocabulary,
  reading: ClaimsReading,
): readonly ReleasedAttribute[] {
  const read = attributes.flatMap(({ name, values }) => {
    const definition = known.definitionOf(attributeFrom(mapping, name, known) ?? '')
    if (definition === undefined || !isWanted(definition, reading.request)) return []
    return [{ name: definition.name, values: readValues(definition, values, reading) }]
  })
  const names = read.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new NodeFault('SAML_DUP_ATTR', twice)
  return read
}

/** What an answer needs, and what tells who acts for whom. */
function isWanted({ name, mandatory, representative }: AttributeDefinition, { attributes }: IdentityRequest): boolean {
  return mandatory || representative || attributes.some((asked) => asked.name === name)
}

/** National protocols have no LatinScript, so the letters decide (R-AP-46). */
function readValues(
  definition: AttributeDefinition,
  texts: readonly string[],
  reading: ValueReading,
): readonly AttributeValue[] {
  const read = definition.kind === 'identifier' ? readNationalIdentifier : readValue
  const values = texts.map((text) => {
    const value = read(definition, text, reading)
    return { value, latin: !definition.transliterable || isLatinText(value) }
  })
  expectCount(definition, values)
  return values
}
