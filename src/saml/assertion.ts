import { ds, saml } from '../xml/names.ts'
import { attribute, expectNamed, many, onlyAttributes, onlyChildren, optional } from '../xml/reader.ts'
import { el, type XmlPart } from '../xml/writer.ts'
import type { SignedElement } from '../xmlsec/signed.ts'
import { type Attribute, readAttributeStatement, writeAttributeStatement } from './attribute.ts'
import { type AuthnStatement, readAuthnStatement, writeAuthnStatement } from './authn-statement.ts'
import { type Conditions, readConditions, writeConditions } from './conditions.ts'
import { readId } from './ids.ts'
import { readInstant, writeInstant } from './instants.ts'
import { type Issuer, readIssuer, writeIssuer } from './issuer.ts'
import { atMostOne, requiredAttribute } from './lexical.ts'
import { readSubject, type Subject, writeSubject } from './subject.ts'

/** SAML Core 2.3.3. `V` is SignedElement where it was read and XmlPart where it is to be written. */
export interface Assertion<V = SignedElement> {
  readonly id: string
  readonly version: string
  /** Epoch milliseconds. */
  readonly issueInstant: number
  readonly issuer: Issuer
  readonly subject?: Subject | undefined
  readonly conditions?: Conditions | undefined
  readonly authnStatements: readonly AuthnStatement[]
  readonly attributeStatements: readonly (readonly Attribute<V>[])[]
  /** Advice is noticed, not read: a rule refuses it. */
  readonly hasAdvice: boolean
}

/** A Signature may still be here: that of an assertion inside a signed response, verified with it. */
const CHILDREN = [
  saml('Issuer'),
  ds('Signature'),
  saml('Subject'),
  saml('Conditions'),
  saml('Advice'),
  saml('AuthnStatement'),
  saml('AttributeStatement'),
]

export function readAssertion(element: SignedElement): Assertion {
  expectNamed(element, saml('Assertion'))
  onlyAttributes(element, ['ID', 'Version', 'IssueInstant'])
  onlyChildren(element, CHILDREN)
  const subject = atMostOne(element, saml('Subject'), 'SAML_COUNT')
  const conditions = atMostOne(element, saml('Conditions'), 'SAML_COUNT')
  return {
    id: readId(attribute(element, 'ID')),
    version: requiredAttribute(element, 'Version', 'SAML_VERSION'),
    issueInstant: readInstant(requiredAttribute(element, 'IssueInstant', 'SAML_TIME')),
    issuer: readIssuer(element),
    subject: subject && readSubject(subject),
    conditions: conditions && readConditions(conditions),
    authnStatements: many(element, saml('AuthnStatement')).map(readAuthnStatement),
    attributeStatements: many(element, saml('AttributeStatement')).map(readAttributeStatement),
    hasAdvice: optional(element, saml('Advice')) !== undefined,
  }
}

export function writeAssertion(assertion: Assertion<XmlPart>): XmlPart {
  if (assertion.hasAdvice) throw new TypeError('Advice is not written')
  const attributes = {
    ID: assertion.id,
    Version: assertion.version,
    IssueInstant: writeInstant(assertion.issueInstant),
  }
  return el(
    saml('Assertion'),
    attributes,
    writeIssuer(assertion.issuer),
    assertion.subject && writeSubject(assertion.subject),
    assertion.conditions && writeConditions(assertion.conditions),
    ...assertion.authnStatements.map(writeAuthnStatement),
    ...assertion.attributeStatements.map(writeAttributeStatement),
  )
}
