import { ns } from '../names.ts'

/*
 * Schemas for the eIDAS extension and attribute namespaces (Message Format 5, Attribute Profile 2.2 and 2.3), in our own
 * words. They fix structure and the names of types. The rules of the values (dates, country codes, enumerations) are the
 * profile's, which has a fault of its own for them and must apply them to untyped values too.
 */

/** SAML extensions of requests and metadata. EU nodes leave isRequired out at times. */
export const extensions = `
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:eidas="${ns.eidas}" targetNamespace="${ns.eidas}" elementFormDefault="qualified">
  <xs:element name="SPType" type="xs:string"/>
  <xs:element name="NodeCountry" type="xs:string"/>
  <xs:element name="RequestedAttributes">
    <xs:complexType>
      <xs:sequence><xs:element ref="eidas:RequestedAttribute" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
    </xs:complexType>
  </xs:element>
  <xs:element name="RequestedAttribute">
    <xs:complexType>
      <xs:sequence><xs:element ref="eidas:AttributeValue" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
      <xs:attribute name="Name" type="xs:string" use="required"/>
      <xs:attribute name="NameFormat" type="xs:anyURI" use="required"/>
      <xs:attribute name="FriendlyName" type="xs:string"/>
      <xs:attribute name="isRequired" type="xs:boolean"/>
      <xs:anyAttribute namespace="##other" processContents="lax"/>
    </xs:complexType>
  </xs:element>
  <xs:element name="AttributeValue" type="xs:anyType"/>
</xs:schema>`

const naturalTypes = [
  ...['PersonIdentifier', 'CurrentFamilyName', 'CurrentGivenName', 'DateOfBirth', 'BirthName', 'PlaceOfBirth'],
  ...['CurrentAddress', 'Gender', 'Nationality', 'CountryOfBirth', 'TownOfBirth', 'CountryOfResidence'],
  ...['PhoneNumber', 'EmailAddress'],
] as const

const legalTypes = [
  ...['LegalPersonIdentifier', 'LegalName', 'LegalPersonAddress', 'VATRegistrationNumber', 'TaxReference'],
  ...['D-2012-17-EUIdentifier', 'LEI', 'EORI', 'SEED', 'SIC', 'LegalPhoneNumber', 'LegalEmailAddress'],
] as const

/** The examples of the profile have these two without "Type" in the end (R-AP-3). */
const typesOfExamples = ['LegalPhoneNumber', 'LegalEmailAddress'] as const

const personNamespaces = [
  ns.eidasNatural,
  ns.eidasLegal,
  ns.eidasNaturalRepresentative,
  ns.eidasLegalRepresentative,
] as const

/**
 * Types for AttributeValue. LatinScript is declared globally and so qualified, but half of the world writes it without a
 * namespace or with that of another person type (R-AP-45); which types may have it is the profile's rule.
 */
function personTypes(namespace: string, names: readonly string[]): string {
  const types = names.map(
    (name) => `
  <xs:complexType name="${name}">
    <xs:simpleContent>
      <xs:extension base="xs:string">
        <xs:attribute name="LatinScript" type="xs:boolean"/>
        <xs:anyAttribute namespace="${personNamespaces.join(' ')}" processContents="lax"/>
      </xs:extension>
    </xs:simpleContent>
  </xs:complexType>`,
  )
  return `
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="${namespace}">
  <xs:attribute name="LatinScript" type="xs:boolean"/>${types.join('')}
</xs:schema>`
}

const typed = (names: readonly string[]) => names.map((name) => `${name}Type`)
const legalNames = [...typed(legalTypes), ...typesOfExamples]

export const naturalPerson = personTypes(ns.eidasNatural, typed(naturalTypes))
export const legalPerson = personTypes(ns.eidasLegal, legalNames)
export const naturalRepresentative = personTypes(ns.eidasNaturalRepresentative, typed(naturalTypes))
export const legalRepresentative = personTypes(ns.eidasLegalRepresentative, legalNames)
