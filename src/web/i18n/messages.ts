import type { SentenceKey } from '../../errors/faults.ts'
import type { Html } from '../html.ts'

/** Friendly names of the eIDAS attributes, in the order of the Attribute Profile; 'Representative…' follows from them. */
export const attributeNames = [
  'PersonIdentifier',
  'FamilyName',
  'FirstName',
  'DateOfBirth',
  'BirthName',
  'PlaceOfBirth',
  'CurrentAddress',
  'Gender',
  'Nationality',
  'CountryOfBirth',
  'TownOfBirth',
  'CountryOfResidence',
  'PhoneNumber',
  'EmailAddress',
  'LegalPersonIdentifier',
  'LegalName',
  'LegalAddress',
  'VATRegistration',
  'TaxReference',
  'D-2012-17-EUIdentifier',
  'LEI',
  'EORI',
  'SEED',
  'SIC',
  'LegalPhoneNumber',
  'LegalEmailAddress',
] as const

export type AttributeName = (typeof attributeNames)[number]

/** Everything the node says to a citizen. A language that misses a key does not compile. */
export interface Messages {
  readonly tagline: string
  readonly footer: string
  /** A country that has a code but no name. */
  readonly country: (code: string) => string

  readonly country_title: string
  readonly country_lead: (party: Html) => Html
  readonly country_question: string
  readonly country_hint: string

  readonly scheme_title: string
  readonly scheme_lead: (party: Html) => Html
  readonly scheme_leadAbroad: (party: Html, country: string) => Html
  readonly scheme_question: string
  readonly scheme_hint: string

  readonly consent_title: string
  readonly consent_lead: (party: Html) => Html
  readonly consent_leadAbroad: (party: Html, country: string) => Html
  readonly consent_acting: (representative: Html, person: Html) => Html
  readonly consent_table: string
  readonly consent_name: string
  readonly consent_value: string
  readonly consent_loa: string
  readonly consent_hint: string
  readonly consent_agree: string

  readonly fault_title: string
  readonly fault_cancelled: string
  readonly fault_over: string
  readonly fault_unknownPage: string
  readonly fault_supportCode: string
  readonly fault_supportHint: string
  readonly fault_backLink: (party: Html) => Html
  readonly fault_backTo: (party: Html) => Html
  readonly fault_back: string

  readonly form_title: string
  readonly form_lead: (host: Html) => Html
  readonly form_leadHere: string
  readonly form_hint: string
  readonly form_continue: string

  readonly cancel: string
  readonly levels: Readonly<Record<'low' | 'substantial' | 'high', string>>
  readonly sentences: Readonly<Record<SentenceKey, string>>
  readonly attributes: Readonly<Record<AttributeName, string>>
  readonly representative: (attribute: string) => string
}
