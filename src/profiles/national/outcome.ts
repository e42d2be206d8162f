import type { AttributeDefinition } from '../../identity/attributes.ts'
import type { AttributeValue, Identified, ReleasedAttribute } from '../../identity/outcome.ts'
import type { Assertion } from '../../saml/assertion.ts'
import type { Attribute } from '../../saml/attribute.ts'
import { attributeNameFormats } from '../../saml/uris.ts'
import { saml } from '../../xml/names.ts'
import { text } from '../../xml/reader.ts'
import { el, withQualified, type XmlPart } from '../../xml/writer.ts'
import { bearerAssertion } from '../bearer-assertion.ts'
import { latinFirst, notLatin } from '../eidas/attribute-values.ts'
import { writeNameId } from '../name-id.ts'
import type { AnswerContext, OutcomeContext } from '../profile.ts'
import type { Scripts } from './agreement.ts'
import { readNationalClaims } from './claims.ts'
import { attributeFrom, attributeTo, loaTo, type NationalVocabulary } from './mapping.ts'

/** What a national identity provider says in SAML. Unmapped attributes are not looked into: their values may be XML. */
export function readNationalOutcome(
  assertion: Assertion,
  context: OutcomeContext,
  vocabulary: NationalVocabulary,
): Identified {
  const { mapping, attributes: known } = vocabulary
  const mapped = assertion.attributeStatements
    .flat()
    .filter(({ name }) => attributeFrom(mapping, name, known) !== undefined)
  const claims = {
    classRef: assertion.authnStatements[0]?.classRefs[0] ?? '',
    attributes: mapped.map(({ name, values }) => ({ name, values: values.map((value) => () => text(value)) })),
    issuedAt: assertion.issueInstant,
    authenticatedAt: assertion.authnStatements[0]?.authnInstant ?? Number.NaN,
  }
  return readNationalClaims(claims, context, vocabulary)
}

/** To a service provider: plain strings, under the names it knows. */
export function writeNationalAssertion(
  outcome: Identified,
  context: AnswerContext,
  { scripts, ...vocabulary }: NationalVocabulary & { readonly scripts: Scripts },
): Assertion<XmlPart> {
  return bearerAssertion(context, {
    nameId: writeNameId(context.request.nameIdFormat, outcome.identifier, context.id),
    loa: loaTo(vocabulary.mapping, outcome.loa),
    authenticatedAt: outcome.authenticatedAt,
    attributes: outcome.attributes.map((attribute) => writeAttribute(attribute, vocabulary, scripts)),
  })
}

function writeAttribute(
  { name, values }: ReleasedAttribute,
  { mapping, attributes }: NationalVocabulary,
  scripts: Scripts,
): Attribute<XmlPart> {
  const definition = attributes.definitionOf(name)
  const national = attributeTo(mapping, name)
  return {
    name: national,
    nameFormat: national.includes(':') ? attributeNameFormats.uri : attributeNameFormats.basic,
    friendlyName: definition?.friendlyName,
    values: (scripts === 'both' ? latinFirst(values) : inOneScript(values)).map((one) => writeValue(one, definition)),
  }
}

/** The original is marked as between countries, for services that understand it. */
function writeValue({ value, latin }: AttributeValue, definition: AttributeDefinition | undefined): XmlPart {
  const written = el(saml('AttributeValue'), {}, value)
  return latin || definition === undefined ? written : withQualified(written, [notLatin(definition)])
}

/** R-AP-43: a service provider that takes one value gets the Latin one. */
function inOneScript(values: readonly AttributeValue[]): readonly AttributeValue[] {
  return values.some(({ latin }) => latin) ? values.filter(({ latin }) => latin) : values
}
