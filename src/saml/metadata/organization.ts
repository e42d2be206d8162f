import { md } from '../../xml/names.ts'
import { attribute } from '../../xml/reader.ts'
import { el, type XmlPart } from '../../xml/writer.ts'
import type { SignedElement } from '../../xmlsec/signed.ts'
import type { Tell } from './left-out.ts'
import { firstText, type LocalizedText, layoutTexts, readLocalized, writeLocalized } from './texts.ts'

/** SAML Metadata 2.3.2.1 (R-MF-9). */
export interface Organization {
  readonly names: readonly LocalizedText[]
  readonly displayNames: readonly LocalizedText[]
  /** As given; the code that shows one as a link checks it first. */
  readonly urls: readonly LocalizedText[]
}

/** SAML Metadata 2.3.2.2 (R-MF-10). */
export interface ContactPerson {
  /** technical, support, administrative, billing or other. */
  readonly contactType: string
  readonly company?: string | undefined
  readonly givenName?: string | undefined
  readonly surName?: string | undefined
  readonly emailAddresses: readonly string[]
  readonly telephoneNumbers: readonly string[]
}

export function readOrganization(organization: SignedElement, tell?: Tell): Organization {
  return {
    names: readLocalized(organization, md('OrganizationName'), tell),
    displayNames: readLocalized(organization, md('OrganizationDisplayName'), tell),
    urls: readLocalized(organization, md('OrganizationURL')),
  }
}

export function writeOrganization({ names, displayNames, urls }: Organization): XmlPart {
  return el(
    md('Organization'),
    {},
    ...writeLocalized(md('OrganizationName'), names),
    ...writeLocalized(md('OrganizationDisplayName'), displayNames),
    ...writeLocalized(md('OrganizationURL'), urls),
  )
}

export function readContactPerson(contact: SignedElement): ContactPerson {
  return {
    contactType: attribute(contact, 'contactType') ?? 'other',
    company: firstText(contact, md('Company')),
    givenName: firstText(contact, md('GivenName')),
    surName: firstText(contact, md('SurName')),
    emailAddresses: layoutTexts(contact, md('EmailAddress')),
    telephoneNumbers: layoutTexts(contact, md('TelephoneNumber')),
  }
}

export function writeContactPerson(contact: ContactPerson): XmlPart {
  const { contactType, company, givenName, surName, emailAddresses, telephoneNumbers } = contact
  return el(
    md('ContactPerson'),
    { contactType },
    company === undefined ? undefined : el(md('Company'), {}, company),
    givenName === undefined ? undefined : el(md('GivenName'), {}, givenName),
    surName === undefined ? undefined : el(md('SurName'), {}, surName),
    ...emailAddresses.map((address) => el(md('EmailAddress'), {}, address)),
    ...telephoneNumbers.map((number) => el(md('TelephoneNumber'), {}, number)),
  )
}
