import { NodeFault } from '../../errors/node-fault.ts'
import { type AttributeDefinition, definitionOf } from '../../identity/attributes.ts'
import type { AttributeValue, Identified, ReleasedAttribute } from '../../identity/outcome.ts'
import { identifierName, subjectKinds } from '../../identity/person.ts'
import type { Assertion } from '../../saml/assertion.ts'
import type { Attribute } from '../../saml/attribute.ts'
import { attributeNameFormats, nameIdFormats } from '../../saml/uris.ts'
import { saml } from '../../xml/names.ts'
import { text } from '../../xml/reader.ts'
import { el, type XmlPart } from '../../xml/writer.ts'
import { bearerAssertion } from '../bearer-assertion.ts'
import { expectCount } from '../eidas/attribute-values.ts'
import { isLatinText } from '../eidas/text.ts'
import { readNationalIdentifier, readValue, type ValueReading } from '../eidas/value-rules.ts'
import { nameIdFormatUri } from '../name-id.ts'
import { nationalOutcomeRules, onlyAsked } from '../outcome-rules.ts'
import type { AnswerContext, OutcomeContext } from '../profile.ts'
import { attributeFrom, attributeTo, loaFrom, loaTo, type NationalMapping } from './mapping.ts'

/**
 * What a national identity provider says, in eIDAS' names and judged by eIDAS' rules before it may leave the country.
 * Identifiers stay national here: which country they are for is known to whoever answers (R-AP-20).
 */
export function readNationalOutcome(
  assertion: Assertion,
  context: OutcomeContext,
  mapping: NationalMapping,
): Identified {
  const reading = { strict: true, now: assertion.issueInstant }
  const outcome: Identified = {
    kind: 'identified',
    loa: loaFrom(mapping, assertion.authnStatements[0]?.classRefs[0] ?? ''),
    attributes: readAttributes(assertion.attributeStatements.flat(), mapping, reading),
    nameId: readNameId(assertion),
  }
  for (const rule of nationalOutcomeRules) rule({ ...context, outcome })
  return onlyAsked({ ...context, outcome })
}

/** Attributes that nobody mapped are national business and go no further; two names for one thing are SAML_DUP_ATTR. */
function readAttributes(
  attributes: readonly Attribute[],
  mapping: NationalMapping,
  reading: ValueReading,
): readonly ReleasedAttribute[] {
  const read = attributes.flatMap((attribute) => {
    const name = attributeFrom(mapping, attribute.name)
    const definition = name === undefined ? undefined : definitionOf(name)
    return definition === undefined
      ? []
      : [{ name: definition.name, values: readValues(definition, attribute, reading) }]
  })
  const names = read.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new NodeFault('SAML_DUP_ATTR', twice)
  return read
}

/** National SAML has no LatinScript, so the letters decide (R-AP-46). */
function readValues(
  definition: AttributeDefinition,
  attribute: Attribute,
  reading: ValueReading,
): readonly AttributeValue[] {
  const read = definition.kind === 'identifier' ? readNationalIdentifier : readValue
  const values = attribute.values.map((element) => {
    const value = read(definition, text(element), reading)
    return { value, latin: !definition.transliterable || isLatinText(value) }
  })
  expectCount(definition, values)
  return values
}

/** Whatever the provider calls its subject: nothing was asked of it, and abroad the person's identifier is used. */
function readNameId({ subject }: Assertion): Identified['nameId'] {
  const nameId = subject?.nameId
  if (nameId === undefined || nameId.value === '') throw new NodeFault('SAML_NAMEID', 'no NameID')
  return { format: nameId.format === nameIdFormats.persistent ? 'persistent' : 'unspecified', value: nameId.value }
}

/** To a service provider: plain strings, under the names it knows; one script only, the Latin one where there are two. */
export function writeNationalAssertion(
  outcome: Identified,
  context: AnswerContext,
  mapping: NationalMapping,
): Assertion<XmlPart> {
  return bearerAssertion(context, {
    nameId: writeNameId(outcome, context),
    loa: loaTo(mapping, outcome.loa),
    attributes: outcome.attributes.map((attribute) => writeAttribute(attribute, mapping)),
  })
}

function writeAttribute({ name, values }: ReleasedAttribute, mapping: NationalMapping): Attribute<XmlPart> {
  const national = attributeTo(mapping, name)
  return {
    name: national,
    nameFormat: national.includes(':') ? attributeNameFormats.uri : attributeNameFormats.basic,
    friendlyName: definitionOf(name)?.friendlyName,
    values: inOneScript(values).map(({ value }) => el(saml('AttributeValue'), {}, value)),
  }
}

/** R-AP-43: a service provider that takes one value gets the Latin one. */
function inOneScript(values: readonly AttributeValue[]): readonly AttributeValue[] {
  return values.some(({ latin }) => latin) ? values.filter(({ latin }) => latin) : values
}

/**
 * Persistent, unless something else was asked for: what the foreign node calls the person, or else the identifier.
 * A transient one is the ID of the assertion, random and used once.
 */
function writeNameId({ nameId, attributes }: Identified, { id, request }: AnswerContext) {
  const format = request.nameIdFormat === 'unspecified' ? 'persistent' : request.nameIdFormat
  if (format === 'transient') return { format: nameIdFormatUri(format), value: id }
  const [kind = 'natural'] = subjectKinds(attributes.map(({ name }) => name))
  const identifier = attributes.find(({ name }) => name === identifierName(kind))?.values[0]?.value
  const value = nameId.format === 'persistent' ? nameId.value : identifier
  if (value === undefined) throw new NodeFault('SAML_NAMEID', 'nothing persistent is known of the person')
  return { format: nameIdFormatUri(format), value }
}
