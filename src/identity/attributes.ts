/**
 * The attributes of the eIDAS Attribute Profile 1.4 (2.2, 2.3, 2.8): one table, generated into four sets. A row's
 * `name` is the URI attributes are matched by (R-AP-2); everything else follows from the row.
 */

export type PersonKind = 'natural' | 'legal'

/** Whom an attribute speaks of: a person, or the power of one to act for another. */
export type AttributeSubject = PersonKind | 'representation'

/** How a value is written and judged. */
export type ValueKind = 'text' | 'identifier' | 'date' | 'gender' | 'country' | 'address' | 'phone' | 'email'

export interface AttributeDefinition {
  /** The attribute's Name URI. */
  readonly name: string
  readonly friendlyName: string
  readonly person: AttributeSubject
  readonly representative: boolean
  /** Agreed outside the profile (Attribute Profile 2.7): part of no data set, `isRequired` as the asker wants it. */
  readonly additional: boolean
  /** Part of the minimum data set: `isRequired` is fixed by this (R-MF-32). */
  readonly mandatory: boolean
  readonly kind: ValueKind
  /** May carry a Latin and an original value (R-AP-40). */
  readonly transliterable: boolean
  /** May carry more than one value. */
  readonly multiple: boolean
  /** Local name of the xsi:type: in the namespace of the set, or in that of XML Schema for an additional attribute. */
  readonly type: string
}

const BASE = 'http://eidas.europa.eu/attributes/'

type Flag = 'mandatory' | 'transliterable' | 'multiple'
type Seed = readonly [local: string, friendlyName: string, kind: ValueKind, ...flags: readonly Flag[]]

const natural: readonly Seed[] = [
  ['PersonIdentifier', 'PersonIdentifier', 'identifier', 'mandatory'],
  ['CurrentFamilyName', 'FamilyName', 'text', 'mandatory', 'transliterable'],
  ['CurrentGivenName', 'FirstName', 'text', 'mandatory', 'transliterable'],
  ['DateOfBirth', 'DateOfBirth', 'date', 'mandatory'],
  ['BirthName', 'BirthName', 'text', 'transliterable'],
  ['PlaceOfBirth', 'PlaceOfBirth', 'text'],
  ['CurrentAddress', 'CurrentAddress', 'address'],
  ['Gender', 'Gender', 'gender'],
  ['Nationality', 'Nationality', 'country', 'multiple'],
  ['CountryOfBirth', 'CountryOfBirth', 'country'],
  ['TownOfBirth', 'TownOfBirth', 'text'],
  ['CountryOfResidence', 'CountryOfResidence', 'country'],
  ['PhoneNumber', 'PhoneNumber', 'phone'],
  ['EmailAddress', 'EmailAddress', 'email'],
]

const legal: readonly Seed[] = [
  ['LegalPersonIdentifier', 'LegalPersonIdentifier', 'identifier', 'mandatory'],
  ['LegalName', 'LegalName', 'text', 'mandatory', 'transliterable'],
  ['LegalPersonAddress', 'LegalAddress', 'address'],
  ['VATRegistrationNumber', 'VATRegistration', 'text'],
  ['TaxReference', 'TaxReference', 'text'],
  ['D-2012-17-EUIdentifier', 'D-2012-17-EUIdentifier', 'text'],
  ['LEI', 'LEI', 'text'],
  ['EORI', 'EORI', 'text'],
  ['SEED', 'SEED', 'text'],
  ['SIC', 'SIC', 'text'],
  ['LegalPhoneNumber', 'LegalPhoneNumber', 'phone'],
  ['LegalEmailAddress', 'LegalEmailAddress', 'email'],
]

function expand(person: PersonKind, representative: boolean, seeds: readonly Seed[]): readonly AttributeDefinition[] {
  const base = `${BASE}${person}person/${representative ? 'representative/' : ''}`
  return seeds.map(([local, friendlyName, kind, ...flags]) => ({
    name: base + local,
    friendlyName: (representative ? 'Representative' : '') + friendlyName,
    person,
    representative,
    additional: false,
    mandatory: flags.includes('mandatory'),
    kind,
    transliterable: flags.includes('transliterable'),
    multiple: flags.includes('multiple'),
    type: `${local}Type`,
  }))
}

/** All 52: natural (14), legal (12), and both again as representative (26). */
export const attributeDefinitions: readonly AttributeDefinition[] = [
  ...expand('natural', false, natural),
  ...expand('legal', false, legal),
  ...expand('natural', true, natural),
  ...expand('legal', true, legal),
]

/** The attributes a node knows: those of the profile, and what its operator adds. A value, made once and passed on. */
export interface AttributeRegistry {
  readonly definitions: readonly AttributeDefinition[]
  /** The definition of an attribute by its Name URI, exact to the letter; undefined for one that is not known. */
  definitionOf(name: string): AttributeDefinition | undefined
}

/** An attribute of a sector, as those who agreed on it call it. Its values are plain strings. */
export interface AdditionalAttribute {
  readonly name: string
  readonly friendlyName: string
  readonly person: AttributeSubject
  readonly multiple: boolean
}

/** The profile's attributes and these. A name that the profile has already keeps the profile's meaning. */
export function attributesWith(additional: readonly AdditionalAttribute[]): AttributeRegistry {
  const added = additional
    .filter(({ name }) => definitionOf(name) === undefined)
    .map(
      (attribute): AttributeDefinition => ({
        ...attribute,
        representative: false,
        additional: true,
        mandatory: false,
        kind: 'text',
        transliterable: false,
        type: 'string',
      }),
    )
  return registryOf([...attributeDefinitions, ...added])
}

function registryOf(definitions: readonly AttributeDefinition[]): AttributeRegistry {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]))
  return { definitions, definitionOf: (name) => byName.get(name) }
}

/** The profile's own attributes and no other. */
export const profileAttributes: AttributeRegistry = registryOf(attributeDefinitions)

/** An attribute of the profile by its Name URI. */
export function definitionOf(name: string): AttributeDefinition | undefined {
  return profileAttributes.definitionOf(name)
}

/** Whether a Name URI is one the profile keeps for itself, whether or not it has such an attribute. */
export function isProfileName(name: string): boolean {
  return name.toLowerCase().startsWith(`${BASE}naturalperson`) || name.toLowerCase().startsWith(`${BASE}legalperson`)
}

/** The attributes of one data set. */
export function dataSet(person: PersonKind, representative = false): readonly AttributeDefinition[] {
  return attributeDefinitions.filter((d) => d.person === person && d.representative === representative)
}
