import { attributeDefinitions, definitionOf } from '../../src/identity/attributes.ts'
import { writeValues } from '../../src/profiles/eidas/attribute-values.ts'
import type { Attribute } from '../../src/saml/attribute.ts'
import { attributeNameFormats } from '../../src/saml/uris.ts'
import type { XmlPart } from '../../src/xml/writer.ts'
import type { Forgery } from './forge.ts'
import { mintAttributes } from './mint.ts'

/*
 * What an answer of another country says of the citizen, and ways to say something else: written as its proxy service
 * would, without the rules that keep a writer from writing it.
 */

export const NATURAL = 'http://eidas.europa.eu/attributes/naturalperson/'
export const LEGAL = 'http://eidas.europa.eu/attributes/legalperson/'

export type Attributes = readonly Attribute<XmlPart>[]

/** The right attributes, changed. */
export function releasing(change: (right: Attributes) => Attributes): Forgery {
  return { assertion: (_, { answerer }) => ({ attributeStatements: [change(mintAttributes(answerer))] }) }
}

export interface Said {
  readonly value: string
  readonly latin: boolean
}

/** An attribute with these values, as eIDAS writes one. */
export function written(name: string, ...values: readonly (Said | string)[]): Attribute<XmlPart> {
  const definition = definitionOf(name)
  if (definition === undefined) throw new TypeError(`no attribute ${name}`)
  const said = values.map((one) => (typeof one === 'string' ? { value: one, latin: true } : one))
  return {
    name,
    nameFormat: attributeNameFormats.uri,
    friendlyName: definition.friendlyName,
    values: said.flatMap((one) => writeValues(definition, [one])),
  }
}

/** These values for an attribute of a natural person, instead of the right ones or beside the others. */
export function saying(local: string, ...values: readonly (Said | string)[]): Forgery {
  const name = NATURAL + local
  return releasing((right) => [...right.filter((one) => one.name !== name), written(name, ...values)])
}

export const also = (...more: Attributes): Forgery => releasing((right) => [...right, ...more])

/** One of the right attributes, changed. */
export function changed(local: string, change: (right: Attribute<XmlPart>) => Attribute<XmlPart>): Forgery {
  return releasing((right) => right.map((one) => (one.name === NATURAL + local ? change(one) : one)))
}

const facts: Readonly<Record<string, string>> = { identifier: 'XB/XA/3', text: 'Somebody', date: '1970-01-01' }

/** Somebody who acts for the citizen: the whole data set. */
export function representative(person: 'natural' | 'legal'): Attributes {
  return attributeDefinitions
    .filter((one) => one.representative && one.person === person && one.mandatory)
    .map(({ name, kind }) => written(name, facts[kind] ?? ''))
}

export const legalIdentifier = written(`${LEGAL}LegalPersonIdentifier`, 'XB/XA/9')
export const legalName = written(`${LEGAL}LegalName`, 'Quill Ltd')
