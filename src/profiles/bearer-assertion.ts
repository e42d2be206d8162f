import type { Assertion } from '../saml/assertion.ts'
import type { Attribute } from '../saml/attribute.ts'
import type { NameID } from '../saml/subject.ts'
import { confirmationMethods, nameIdFormats, SAML_VERSION } from '../saml/uris.ts'
import type { XmlPart } from '../xml/writer.ts'
import type { AnswerContext } from './profile.ts'

/** What an answer says of the citizen, in the words of its profile. */
export interface Statement {
  readonly nameId: NameID
  /** AuthnContextClassRef. */
  readonly loa: string
  /** When the citizen was authenticated; epoch milliseconds. */
  readonly authenticatedAt: number
  readonly attributes: readonly Attribute<XmlPart>[]
}

/**
 * An assertion as the Web SSO profile wants it for a bearer (SAML Profiles 4.1.4.2, R-MF-57): for one audience, one
 * recipient and one request, for a few minutes. When the citizen was authenticated is passed on as it was said; a clock
 * that is ahead of ours has no say in what is the future.
 */
export function bearerAssertion(context: AnswerContext, statement: Statement): Assertion<XmlPart> {
  const { id, now, issuer, audience, recipient, inResponseTo, lifetimeSeconds } = context
  const notOnOrAfter = now + lifetimeSeconds * 1000
  return {
    id,
    version: SAML_VERSION,
    issueInstant: now,
    issuer: { value: issuer, format: nameIdFormats.entity },
    subject: {
      nameId: statement.nameId,
      confirmations: [{ method: confirmationMethods.bearer, data: { notOnOrAfter, recipient, inResponseTo } }],
    },
    conditions: { notBefore: now, notOnOrAfter, audienceRestrictions: [[audience]], oneTimeUse: false, others: [] },
    authnStatements: [
      {
        authnInstant: Math.min(statement.authenticatedAt, now),
        classRefs: [statement.loa],
        declRefs: [],
        hasDeclaration: false,
        authenticatingAuthorities: [],
      },
    ],
    attributeStatements: [statement.attributes],
    hasAdvice: false,
  }
}
