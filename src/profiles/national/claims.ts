import { NodeFault } from '../../errors/node-fault.ts'
import type { AttributeDefinition } from '../../identity/attributes.ts'
import type { AttributeValue, Identified } from '../../identity/outcome.ts'
import type { IdentityRequest } from '../../identity/request.ts'
import { readSaid, type SaidAttribute } from '../attribute-reading.ts'
import { expectCount, noValue } from '../eidas/attribute-values.ts'
import { isLatinText } from '../eidas/text.ts'
import { isEmpty, naming, readNationalIdentifier, readValue, type ValueReading } from '../eidas/value-rules.ts'
import { type Claimed, nationalOutcomeRules, onlyAsked } from '../outcome-rules.ts'
import type { OutcomeContext } from '../profile.ts'
import { attributeFrom, loaFrom, type NationalVocabulary } from './mapping.ts'

/** A value, or what reads it when it is needed, and throws for what is no text. */
export type NationalValue = string | (() => string)

/** What a national identity provider says of a citizen, by whatever protocol, in its own words. */
export interface NationalClaims {
  /** Its name for the level of assurance. */
  readonly classRef: string
  readonly attributes: readonly { readonly name: string; readonly values: readonly NationalValue[] }[]
  /** Epoch milliseconds. */
  readonly issuedAt: number
  /** When the citizen was authenticated: epoch milliseconds. It is passed on abroad. */
  readonly authenticatedAt: number
}

/**
 * The same in eIDAS' names, judged by eIDAS' rules before it may leave the country. Identifiers stay national here: which
 * country they are for is known to the face that answers (R-AP-20).
 */
export function readNationalClaims(
  claims: NationalClaims,
  context: OutcomeContext,
  vocabulary: NationalVocabulary,
): Identified {
  const { classRef, issuedAt, authenticatedAt } = claims
  const reading = { strict: true, now: issuedAt, request: context.request }
  const outcome: Claimed = {
    kind: 'identified',
    loa: loaFrom(vocabulary.mapping, classRef),
    ...readSaid(saidIn(claims, vocabulary, reading), context.request, vocabulary.mapping.optionalAttributes),
    authenticatedAt,
  }
  for (const rule of nationalOutcomeRules) rule({ ...context, outcome })
  return onlyAsked({ ...context, outcome })
}

interface ClaimsReading extends ValueReading {
  readonly request: IdentityRequest
}

/**
 * Attributes that are not mapped or not asked for are national business: they are not judged and go no further. Two names for
 * one thing are that thing twice.
 */
function saidIn(
  { attributes }: NationalClaims,
  { mapping, attributes: known }: NationalVocabulary,
  reading: ClaimsReading,
): readonly SaidAttribute[] {
  return attributes.flatMap(({ name, values }) => {
    const definition = known.definitionOf(attributeFrom(mapping, name, known) ?? '')
    if (definition === undefined || !isWanted(definition, reading.request)) return []
    return [{ definition, read: () => readValues(definition, values, reading) }]
  })
}

/** What an answer needs, and what tells who acts for whom. */
function isWanted({ name, mandatory, representative }: AttributeDefinition, { attributes }: IdentityRequest): boolean {
  return mandatory || representative || attributes.some((asked) => asked.name === name)
}

/** National protocols have no LatinScript, so the letters decide (R-AP-46). Two in the same letters are one too many. */
function readValues(
  definition: AttributeDefinition,
  values: readonly NationalValue[],
  reading: ValueReading,
): readonly AttributeValue[] {
  const read = definition.kind === 'identifier' ? readNationalIdentifier : readValue
  const filled = values.flatMap((value) =>
    naming(definition, () => {
      const said = typeof value === 'string' ? value : value()
      return isEmpty(said) && !definition.mandatory ? [] : [read(definition, said, reading)]
    }),
  )
  if (filled.length === 0) return noValue(definition)
  const found = filled.map((value) => ({ value, latin: !definition.transliterable || isLatinText(value) }))
  const [first, second] = found
  if (second !== undefined && !definition.multiple && first?.latin === second.latin) {
    throw new NodeFault('SAML_ATTR', `${found.length} values of ${definition.name} where one is expected`)
  }
  expectCount(definition, found)
  return found
}
