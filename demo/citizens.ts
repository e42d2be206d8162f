import type { CompanyFact, DemoCountry, Fact, Level } from './national-schemes.ts'

/**
 * The test citizens: three in each country, all invented. One has a name in another script with its Latin form, one
 * has every optional attribute, one has an eID that only reaches low. Beside them a company in each country, which one of
 * them acts for.
 */

export interface Citizen {
  readonly country: DemoCountry
  readonly user: string
  readonly password: string
  /** What makes this one worth a try, for the home page. */
  readonly about: string
  readonly level: Level
  /** Values as the country keeps them; of two values the first is the Latin form, the second the original. */
  readonly facts: Readonly<Partial<Record<Fact | CompanyFact, readonly string[]>>>
}

/** An address as eIDAS writes it: base64 of a few elements (Attribute Profile 1.4, 2.2.9). */
function address(house: string, street: string, city: string, postCode: string): string {
  const part = (name: string, text: string) => `<eidas:${name}>${text}</eidas:${name}>`
  const parts = [part('LocatorDesignator', house), part('Thoroughfare', street), part('PostName', city)]
  return Buffer.from([...parts, part('PostCode', postCode)].join('')).toString('base64')
}

export const citizens: readonly Citizen[] = [
  {
    country: 'XA',
    user: 'odette',
    password: 'lantern-7',
    about: 'every optional attribute',
    level: 'high',
    facts: {
      PersonIdentifier: ['840312-0193'],
      CurrentFamilyName: ['Marchbanks'],
      CurrentGivenName: ['Odette Philippa'],
      DateOfBirth: ['1984-03-12'],
      BirthName: ['Odette Philippa Vane'],
      PlaceOfBirth: ['Windlesea, Arcadia'],
      CurrentAddress: [address('7', 'Heron Quay', 'Windlesea', 'A-1180')],
      Gender: ['Female'],
      Nationality: ['XA'],
      CountryOfBirth: ['XA'],
      TownOfBirth: ['Windlesea'],
      CountryOfResidence: ['XA'],
      PhoneNumber: ['+9995550193'],
      EmailAddress: ['odette@marchbanks.example'],
    },
  },
  {
    country: 'XA',
    user: 'irina',
    password: 'samovar-3',
    about: 'a name in Cyrillic and in Latin letters',
    level: 'substantial',
    facts: {
      PersonIdentifier: ['910704-2276'],
      CurrentFamilyName: ['Belozerova', 'Белозёрова'],
      CurrentGivenName: ['Irina', 'Ирина'],
      DateOfBirth: ['1991-07-04'],
      Gender: ['Female'],
    },
  },
  {
    country: 'XA',
    user: 'tobias',
    password: 'inkwell-5',
    about: 'an eID that only reaches low',
    level: 'low',
    facts: {
      PersonIdentifier: ['680125-3318'],
      CurrentFamilyName: ['Quillfeather'],
      CurrentGivenName: ['Tobias'],
      DateOfBirth: ['1968-01-25'],
    },
  },
  {
    country: 'XB',
    user: 'matteo',
    password: 'gondola-9',
    about: 'every optional attribute',
    level: 'high',
    facts: {
      PersonIdentifier: ['BM-55-8801'],
      CurrentFamilyName: ["D'Albescura"],
      CurrentGivenName: ['Matteo Fiore'],
      DateOfBirth: ['1977-11-30'],
      BirthName: ["Matteo Fiore D'Albescura"],
      PlaceOfBirth: ['Porto Nebbia'],
      CurrentAddress: [address('22', 'Via delle Lanterne', 'Porto Nebbia', '55-204')],
      Gender: ['Male'],
      Nationality: ['XB'],
      CountryOfBirth: ['XB'],
      TownOfBirth: ['Porto Nebbia'],
      CountryOfResidence: ['XB'],
      PhoneNumber: ['+9995558801'],
      EmailAddress: ['matteo@albescura.example'],
    },
  },
  {
    country: 'XB',
    user: 'eleni',
    password: 'olive-2',
    about: 'a name in Greek and in Latin letters',
    level: 'substantial',
    facts: {
      PersonIdentifier: ['BM-55-1204'],
      CurrentFamilyName: ['Karavaki', 'Καραβάκη'],
      CurrentGivenName: ['Eleni', 'Ελένη'],
      DateOfBirth: ['1995-05-21'],
      PlaceOfBirth: ['Aigli'],
    },
  },
  {
    country: 'XB',
    user: 'ragna',
    password: 'fjord-4',
    about: 'an eID that only reaches low',
    level: 'low',
    facts: {
      PersonIdentifier: ['BM-55-7730'],
      CurrentFamilyName: ['Stormhaven'],
      CurrentGivenName: ['Ragna'],
      DateOfBirth: ['1959-09-02'],
    },
  },
]

/** The accounts of companies: a sign-in with one acts for the company. */
export const companies: readonly Citizen[] = [
  {
    country: 'XA',
    user: 'ferries',
    password: 'anchor-6',
    about: 'Windlesea Ferries, for whom Odette Philippa Marchbanks acts',
    level: 'high',
    facts: {
      'legalperson/LegalPersonIdentifier': ['C-556000-1'],
      'legalperson/LegalName': ['Windlesea Ferries Ltd'],
      'legalperson/VATRegistrationNumber': ['XA 556 000 101'],
      'naturalperson/representative/PersonIdentifier': ['840312-0193'],
      'naturalperson/representative/CurrentFamilyName': ['Marchbanks'],
      'naturalperson/representative/CurrentGivenName': ['Odette Philippa'],
      'naturalperson/representative/DateOfBirth': ['1984-03-12'],
    },
  },
  {
    country: 'XB',
    user: 'glassworks',
    password: 'furnace-8',
    about: "Vetreria Nebbia, for whom Matteo Fiore D'Albescura acts",
    level: 'substantial',
    facts: {
      'legalperson/LegalPersonIdentifier': ['BM-REG-2204'],
      'legalperson/LegalName': ['Vetreria Nebbia S.p.A.'],
      'naturalperson/representative/PersonIdentifier': ['BM-55-8801'],
      'naturalperson/representative/CurrentFamilyName': ["D'Albescura"],
      'naturalperson/representative/CurrentGivenName': ['Matteo Fiore'],
      'naturalperson/representative/DateOfBirth': ['1977-11-30'],
    },
  },
]

export function citizensOf(country: DemoCountry): readonly Citizen[] {
  return citizens.filter((citizen) => citizen.country === country)
}
