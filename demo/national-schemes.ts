/**
 * The two invented national eID schemes of the demo: which names their SAML speaks for attributes and levels. XA uses
 * plain words, XB object identifiers, so that neither looks like eIDAS. The right-hand sides are what a proxy service
 * maps them to.
 */

const ATTRIBUTES = 'http://eidas.europa.eu/attributes/'
const NATURAL = `${ATTRIBUTES}naturalperson/`
const LOA = 'http://eidas.europa.eu/LoA/'

export type DemoCountry = 'XA' | 'XB'

/** What is known of a citizen, by the suffix of the eIDAS attribute it becomes. */
export type Fact =
  | 'PersonIdentifier'
  | 'CurrentFamilyName'
  | 'CurrentGivenName'
  | 'DateOfBirth'
  | 'BirthName'
  | 'PlaceOfBirth'
  | 'CurrentAddress'
  | 'Gender'
  | 'Nationality'
  | 'CountryOfBirth'
  | 'TownOfBirth'
  | 'CountryOfResidence'
  | 'PhoneNumber'
  | 'EmailAddress'

/** What is known of a company and of who acts for it, by the part of the Name URI behind `attributes/`. */
export type CompanyFact =
  | 'legalperson/LegalPersonIdentifier'
  | 'legalperson/LegalName'
  | 'legalperson/VATRegistrationNumber'
  | 'naturalperson/representative/PersonIdentifier'
  | 'naturalperson/representative/CurrentFamilyName'
  | 'naturalperson/representative/CurrentGivenName'
  | 'naturalperson/representative/DateOfBirth'

export type Level = 'low' | 'substantial' | 'high'

export interface NationalScheme {
  readonly country: DemoCountry
  readonly countryName: string
  /** SAML NameFormat of the scheme's attribute names. */
  readonly nameFormat: string
  readonly attributeNames: Readonly<Record<Fact, string>>
  readonly companyNames: Readonly<Record<CompanyFact, string>>
  /** AuthnContextClassRef of each level. */
  readonly levels: Readonly<Record<Level, string>>
}

export const nationalSchemes: Readonly<Record<DemoCountry, NationalScheme>> = {
  XA: {
    country: 'XA',
    countryName: 'Arcadia',
    nameFormat: 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic',
    attributeNames: {
      PersonIdentifier: 'nationalId',
      CurrentFamilyName: 'surname',
      CurrentGivenName: 'givenName',
      DateOfBirth: 'birthDate',
      BirthName: 'birthName',
      PlaceOfBirth: 'birthPlace',
      CurrentAddress: 'address',
      Gender: 'gender',
      Nationality: 'nationality',
      CountryOfBirth: 'birthCountry',
      TownOfBirth: 'birthTown',
      CountryOfResidence: 'residenceCountry',
      PhoneNumber: 'phone',
      EmailAddress: 'email',
    },
    companyNames: {
      'legalperson/LegalPersonIdentifier': 'companyId',
      'legalperson/LegalName': 'companyName',
      'legalperson/VATRegistrationNumber': 'companyVat',
      'naturalperson/representative/PersonIdentifier': 'actingId',
      'naturalperson/representative/CurrentFamilyName': 'actingSurname',
      'naturalperson/representative/CurrentGivenName': 'actingGivenName',
      'naturalperson/representative/DateOfBirth': 'actingBirthDate',
    },
    levels: { low: 'urn:xa:eid:level2', substantial: 'urn:xa:eid:level3', high: 'urn:xa:eid:level4' },
  },
  XB: {
    country: 'XB',
    countryName: 'Bellmare',
    nameFormat: 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri',
    attributeNames: {
      PersonIdentifier: 'urn:oid:2.5.4.5',
      CurrentFamilyName: 'urn:oid:2.5.4.4',
      CurrentGivenName: 'urn:oid:2.5.4.42',
      DateOfBirth: 'urn:oid:1.3.6.1.5.5.7.9.1',
      BirthName: 'urn:xb:attribute:birthName',
      PlaceOfBirth: 'urn:oid:1.3.6.1.5.5.7.9.2',
      CurrentAddress: 'urn:oid:2.5.4.16',
      Gender: 'urn:oid:1.3.6.1.5.5.7.9.3',
      Nationality: 'urn:oid:1.3.6.1.5.5.7.9.4',
      CountryOfBirth: 'urn:xb:attribute:countryOfBirth',
      TownOfBirth: 'urn:xb:attribute:townOfBirth',
      CountryOfResidence: 'urn:oid:1.3.6.1.5.5.7.9.5',
      PhoneNumber: 'urn:oid:2.5.4.20',
      EmailAddress: 'urn:oid:0.9.2342.19200300.100.1.3',
    },
    companyNames: {
      'legalperson/LegalPersonIdentifier': 'urn:oid:2.5.4.97',
      'legalperson/LegalName': 'urn:oid:2.5.4.10',
      'legalperson/VATRegistrationNumber': 'urn:xb:attribute:vat',
      'naturalperson/representative/PersonIdentifier': 'urn:xb:attribute:actor:number',
      'naturalperson/representative/CurrentFamilyName': 'urn:xb:attribute:actor:surname',
      'naturalperson/representative/CurrentGivenName': 'urn:xb:attribute:actor:givenName',
      'naturalperson/representative/DateOfBirth': 'urn:xb:attribute:actor:dateOfBirth',
    },
    levels: {
      low: 'urn:xb:assurance:basic',
      substantial: 'urn:xb:assurance:enhanced',
      high: 'urn:xb:assurance:qualified',
    },
  },
}

export interface NationalMapping {
  /** National attribute name to eIDAS Name URI. */
  readonly attributes: Readonly<Record<string, string>>
  /** National AuthnContextClassRef to eIDAS LoA URI. */
  readonly loa: Readonly<Record<string, string>>
}

/** The scheme as a proxy service's configuration wants it. */
export function mappingOf({ attributeNames, companyNames, levels }: NationalScheme): NationalMapping {
  return {
    attributes: Object.fromEntries([
      ...Object.entries(attributeNames).map(([fact, name]) => [name, NATURAL + fact]),
      ...Object.entries(companyNames).map(([fact, name]) => [name, ATTRIBUTES + fact]),
    ]),
    loa: Object.fromEntries(Object.entries(levels).map(([level, name]) => [name, LOA + level])),
  }
}
