import { NodeFault } from '../../errors/node-fault.ts'
import type { AttributeDefinition } from '../../identity/attributes.ts'
import type { AttributeValue } from '../../identity/outcome.ts'
import type { QName, XmlElement } from '../../xml/element.ts'
import { ns, prefixOf, saml, xsi } from '../../xml/names.ts'
import { text } from '../../xml/reader.ts'
import { trimmed } from '../../xml/white-space.ts'
import { el, withQualified, type XmlPart } from '../../xml/writer.ts'
import { isLatinText } from './text.ts'
import { isEmpty, naming, readValue, type ValueReading } from './value-rules.ts'

/*
 * saml2:AttributeValue of the eIDAS attributes (Attribute Profile 1.4, 2.2 to 2.4). The type of a value follows from
 * the attribute's Name; xsi:type is written and never read (R-AP-3).
 */

/**
 * Reads the values of one attribute: as many as its kind allows, at most one of them not Latin. Empty ones are none
 * (R-MF-53): an optional attribute without any other is not said, a mandatory one is missing.
 */
export function readValues(
  definition: AttributeDefinition,
  elements: readonly XmlElement[],
  reading: ValueReading,
): readonly AttributeValue[] {
  const values = elements.flatMap((element) => readFilled(definition, element, reading))
  if (values.length === 0) return noValue(definition)
  expectCount(definition, values)
  expectLatin(definition, values)
  return values
}

function readFilled(
  definition: AttributeDefinition,
  element: XmlElement,
  reading: ValueReading,
): readonly AttributeValue[] {
  return naming(definition, () => {
    const raw = text(element)
    if (isEmpty(raw) && !definition.mandatory) return []
    return [{ value: readValue(definition, raw, reading), latin: !definition.transliterable || isLatin(element) }]
  })
}

/** As if the attribute had not been said; EID_MDS where it must be. */
export function noValue({ name, mandatory }: AttributeDefinition): readonly AttributeValue[] {
  if (mandatory) throw new NodeFault('EID_MDS', `${name} has no value`)
  return []
}

/** R-AP-42, R-AP-44: one value, or one Latin and one original; several only where the profile says so. */
export function expectCount(definition: AttributeDefinition, values: readonly AttributeValue[]): void {
  const { name, multiple, transliterable } = definition
  if (values.length === 0) throw new NodeFault('SAML_ATTR', `${name} without a value`)
  if (values.length === 1 || multiple) return
  if (!transliterable) throw new NodeFault('SAML_ATTR', `${values.length} values of ${name} where one is expected`)
  if (values.length > 2 || values[0]?.latin === values[1]?.latin) {
    const wanted = 'one is expected, or one in Latin letters and one that is marked as not'
    throw new NodeFault('EID_LATIN', `${values.length} values of ${name} where ${wanted}`)
  }
}

/**
 * R-AP-43: a value without a mark is taken as Latin, so it is in Latin letters. A name in other letters is marked, beside a
 * Latin value or alone (R-AP-44).
 */
function expectLatin({ name, transliterable }: AttributeDefinition, values: readonly AttributeValue[]): void {
  if (!transliterable || values.every(({ value, latin }) => !latin || isLatinText(value))) return
  throw new NodeFault('EID_LATIN', `${name} in other letters and not marked so, without a value in Latin ones`)
}

/** Writes a value with its xsi:type, and with the qualified LatinScript that EU nodes read (R-AP-45). */
function writeValue(definition: AttributeDefinition, { value, latin }: AttributeValue): XmlPart {
  const set = setOf(definition)
  const type = [xsi('type'), `${set.prefix}:${definition.type}`] as const
  const marks = latin ? [type] : [notLatin(definition), type]
  return withQualified(el(saml('AttributeValue'), {}, value), marks, [set])
}

/** The mark of the original-script value of a pair. */
export function notLatin(definition: AttributeDefinition) {
  return [{ ...setOf(definition), local: 'LatinScript' }, 'false'] as const
}

/** The order in which every peer writes and expects them. */
export function latinFirst(values: readonly AttributeValue[]): readonly AttributeValue[] {
  return [...values].sort((a, b) => Number(b.latin) - Number(a.latin))
}

export function writeValues(definition: AttributeDefinition, values: readonly AttributeValue[]): readonly XmlPart[] {
  expectCount(definition, values)
  return latinFirst(values).map((value) => writeValue(definition, value))
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
])

/** R-AP-43, R-AP-45: LatinScript in any namespace or none, true by default. */
function isLatin(element: XmlElement): boolean {
  const [flag, second] = element.attributes.filter(({ local }) => local === 'LatinScript')
  if (second !== undefined) throw new NodeFault('EID_LATIN', 'LatinScript twice')
  if (flag === undefined) return true
  const latin = booleans.get(trimmed(flag.value))
  if (latin === undefined) throw new NodeFault('EID_LATIN', 'LatinScript is no boolean')
  return latin
}

type SetName = 'eidasNatural' | 'eidasLegal' | 'eidasNaturalRepresentative' | 'eidasLegalRepresentative' | 'xs'

/** Namespace and prefix of the types of a data set; additional attributes are plain strings of XML Schema. */
function setOf({ person, representative, additional }: AttributeDefinition): Omit<QName, 'local'> {
  if (additional) return { namespace: ns.xs, prefix: prefixOf('xs') }
  const kind = person === 'natural' ? 'eidasNatural' : 'eidasLegal'
  const set: SetName = representative ? `${kind}Representative` : kind
  return { namespace: ns[set], prefix: prefixOf(set) }
}
