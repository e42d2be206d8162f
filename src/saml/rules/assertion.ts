import { NodeFault } from '../../errors/node-fault.ts'
import type { Assertion } from '../assertion.ts'
import type { Attribute } from '../attribute.ts'
import type { AuthnStatement } from '../authn-statement.ts'
import type { Conditions } from '../conditions.ts'
import type { SubjectConfirmationData } from '../subject.ts'
import { confirmationMethods, SAML_VERSION } from '../uris.ts'
import { type AnswerContext, expectEntity, type Rule } from './rule.ts'
import { expectAuthenticatedSince, expectBegun, expectRecent, isAhead } from './time.ts'

export interface AssertionContext extends AnswerContext {
  readonly assertion: Assertion
  /** Where a peer is granted less than the rules; absent grants nothing. */
  readonly grants?: AssertionGrants | undefined
}

export interface AssertionGrants {
  /** Longest time between NotBefore and NotOnOrAfter, instead of one hour. */
  readonly conditionsSeconds?: number
  /** AuthenticatingAuthority may be there: the peer is a proxy itself. */
  readonly authenticatingAuthority?: boolean
  /** How long before our request the citizen may have been authenticated, in seconds; not at all unless it is said. */
  readonly earlierAuthenticationSeconds?: number
  /** An audience may be our assertion consumer service, as the example of the Message Format has it (R-MF-57). */
  readonly audienceByAcs?: boolean
}

type AssertionRule = Rule<AssertionContext>

const CONDITIONS_SECONDS = 3_600

/** SAML Core 2.3.3, Version: "2.0". */
const versionIs2: AssertionRule = ({ assertion }) => {
  if (assertion.version !== SAML_VERSION) throw new NodeFault('SAML_VERSION', 'an assertion of another version')
}

/** SAML Core 2.3.3, IssueInstant: the assertion was issued just now. */
const issuedJustNow: AssertionRule = ({ assertion, ...window }) => {
  expectRecent(assertion.issueInstant, 'IssueInstant', window)
}

/** SAML Profiles 4.1.4.2, Issuer of an assertion: the party that was asked, as an entity. */
const issuerWasAsked: AssertionRule = ({ assertion: { issuer }, asked }) => {
  expectEntity(issuer)
  if (issuer.value !== asked.entityId) throw new NodeFault('SAML_ISSUER', 'assertion of another issuer')
}

/** SAML Profiles 4.1.4.2: the assertion has a Subject. */
const subjectIsThere: AssertionRule = ({ assertion }) => {
  if (assertion.subject === undefined) throw new NodeFault('SAML_COUNT', 'no Subject')
}

/** R-MF-51: the Subject has a NameID, and a value in it. */
const nameIdIsThere: AssertionRule = ({ assertion }) => {
  if ((assertion.subject?.nameId?.value ?? '') === '') throw new NodeFault('SAML_NAMEID', 'no NameID')
}

/** SAML Core 8.3.7 and 8.3.8: an SPNameQualifier names the party the identifier was made for, which is us. */
const nameIdIsForUs: AssertionRule = ({ assertion, us }) => {
  const qualifier = assertion.subject?.nameId?.spNameQualifier
  if (qualifier !== undefined && qualifier !== us) throw new NodeFault('SAML_NAMEID', 'SPNameQualifier of others')
}

/** SAML Profiles 4.1.4.2: confirmed by bearer, and here by nothing beside it. */
const oneBearer: AssertionRule = ({ assertion }) => {
  const methods = assertion.subject?.confirmations.map(({ method }) => method) ?? []
  if (methods.length !== 1 || methods[0] !== confirmationMethods.bearer) {
    throw new NodeFault('SAML_CONFIRM', `${methods.length} confirmations, not exactly one bearer`)
  }
}

/** SAML Profiles 4.1.4.2: Recipient is the assertion consumer service it was delivered to, to the letter (R-MF-57). */
const recipientIsUs: AssertionRule = ({ assertion, endpoint }) => {
  if (bearerOf(assertion)?.recipient !== endpoint)
    throw new NodeFault('SAML_RECIPIENT', bearerOf(assertion)?.recipient ?? 'no Recipient')
}

/** SAML Profiles 4.1.4.2: the bearer has a NotOnOrAfter, and it is not reached. */
const bearerLasts: AssertionRule = ({ assertion, ...window }) => {
  const end = bearerOf(assertion)?.notOnOrAfter
  if (end === undefined || !isAhead(end, window)) throw new NodeFault('SAML_CONFIRM', 'NotOnOrAfter of the bearer')
}

/** SAML Profiles 4.1.4.2: the bearer has no NotBefore. */
const bearerHasBegun: AssertionRule = ({ assertion }) => {
  if (bearerOf(assertion)?.notBefore !== undefined) throw new NodeFault('SAML_CONFIRM', 'NotBefore of the bearer')
}

/** SAML Profiles 4.1.4.2: the bearer's InResponseTo is the ID of our request. */
const bearerAnswersOurRequest: AssertionRule = ({ assertion, asked }) => {
  if (bearerOf(assertion)?.inResponseTo !== asked.messageId) {
    throw new NodeFault('SAML_IRT', 'InResponseTo of the bearer')
  }
}

/** SAML Core 2.5.1.2: valid from NotBefore until before NotOnOrAfter; both are there, in order, and not far apart. */
const withinConditions: AssertionRule = ({ assertion, grants, ...window }) => {
  const { notBefore, notOnOrAfter } = conditionsOf(assertion)
  if (notBefore === undefined || notOnOrAfter === undefined) throw new NodeFault('SAML_TIME', 'Conditions without end')
  const longest = (grants?.conditionsSeconds ?? CONDITIONS_SECONDS) * 1000
  if (!(notBefore < notOnOrAfter && notOnOrAfter - notBefore <= longest)) {
    const seconds = (notOnOrAfter - notBefore) / 1000
    throw new NodeFault('SAML_TIME', `Conditions of ${seconds} s, not of 1 to ${longest / 1000}`)
  }
  expectBegun(notBefore, 'NotBefore', window)
  if (!isAhead(notOnOrAfter, window)) throw new NodeFault('SAML_TIME', 'Conditions are over')
}

/** SAML Core 2.5.1.4: there is an AudienceRestriction, and every one of them names us, to the letter (R-MF-57). */
const audienceIsUs: AssertionRule = ({ assertion, us, endpoint, grants }) => {
  const restrictions = assertion.conditions?.audienceRestrictions ?? []
  const ours = grants?.audienceByAcs ? [us, endpoint] : [us]
  if (restrictions.length === 0 || !restrictions.every((audiences) => audiences.some((one) => ours.includes(one)))) {
    throw new NodeFault('SAML_AUDIENCE', restrictions.map((audiences) => audiences.join(' ')).join(' and '))
  }
}

/** SAML Core 2.5.1.1: a condition that is not understood leaves the assertion's validity unknown. OneTimeUse is kept. */
const conditionsAreKnown: AssertionRule = ({ assertion }) => {
  const others = assertion.conditions?.others ?? []
  if (others.length > 0) throw new NodeFault('XML_SCHEMA', `unknown conditions: ${others.join(' ')}`)
}

/** SAML Core 2.6.1: Advice may be ignored; here it is refused, for assertions have been hidden in it. */
const noAdvice: AssertionRule = ({ assertion }) => {
  if (assertion.hasAdvice) throw new NodeFault('XML_SCHEMA', 'Advice')
}

/** SAML Profiles 4.1.4.2: an AuthnStatement, and here exactly one (R-MF-52). */
const oneAuthnStatement: AssertionRule = ({ assertion: { authnStatements } }) => {
  if (authnStatements.length !== 1) throw new NodeFault('SAML_COUNT', `${authnStatements.length} AuthnStatements`)
}

/** SAML Core 3.4.1, ForceAuthn: authenticated anew, for this request. */
const authenticatedAnew: AssertionRule = ({ assertion, asked, grants, ...window }) => {
  const { authnInstant } = statementOf(assertion)
  expectAuthenticatedSince(asked.at, authnInstant, window, grants?.earlierAuthenticationSeconds)
}

/** SAML Core 2.7.2: in a session that is not over. */
const sessionIsOpen: AssertionRule = ({ assertion, ...window }) => {
  const { sessionNotOnOrAfter } = statementOf(assertion)
  if (sessionNotOnOrAfter !== undefined && !isAhead(sessionNotOnOrAfter, window)) {
    throw new NodeFault('SAML_TIME', 'the session is over')
  }
}

/** SAML Core 2.7.2.2: the context is told by one class reference and nothing else (R-MF-52, A-181). */
const oneClassRef: AssertionRule = ({ assertion, grants }) => {
  const { classRefs, declRefs, hasDeclaration, authenticatingAuthorities } = statementOf(assertion)
  if (classRefs.length !== 1 || classRefs[0] === '') throw new NodeFault('SAML_ACR', `${classRefs.length} class refs`)
  if (hasDeclaration || declRefs.length > 0) throw new NodeFault('SAML_ACR', 'a declaration beside the class ref')
  if (authenticatingAuthorities.length > 0 && !grants?.authenticatingAuthority) {
    throw new NodeFault('SAML_ACR', 'AuthenticatingAuthority')
  }
}

/** R-MF-53: the attributes are in one AttributeStatement. */
const oneAttributeStatement: AssertionRule = ({ assertion: { attributeStatements } }) => {
  if (attributeStatements.length !== 1) {
    throw new NodeFault('SAML_COUNT', `${attributeStatements.length} AttributeStatements`)
  }
}

/** SAML Core 2.7.3 and 2.7.3.1: there are attributes, and each has a name and a value. */
const attributesAreFilled: AssertionRule = ({ assertion }) => {
  const attributes = attributesOf(assertion)
  if (attributes.length === 0 || attributes.some(({ name, values }) => name === '' || values.length === 0)) {
    throw new NodeFault('SAML_ATTR', 'an attribute without name or value, or none at all')
  }
}

/** SAML Core 2.7.3.1: an attribute is known by its Name; the same Name twice has no one value. */
const attributesAreDistinct: AssertionRule = ({ assertion }) => {
  const names = attributesOf(assertion).map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new NodeFault('SAML_DUP_ATTR', twice)
}

/** What every Assertion keeps, whatever the profile, in the order of the text. */
export const assertionRules: readonly AssertionRule[] = [
  versionIs2,
  issuedJustNow,
  issuerWasAsked,
  subjectIsThere,
  nameIdIsThere,
  nameIdIsForUs,
  oneBearer,
  recipientIsUs,
  bearerLasts,
  bearerHasBegun,
  bearerAnswersOurRequest,
  withinConditions,
  audienceIsUs,
  conditionsAreKnown,
  noAdvice,
  oneAuthnStatement,
  authenticatedAnew,
  sessionIsOpen,
  oneClassRef,
  oneAttributeStatement,
  attributesAreFilled,
  attributesAreDistinct,
]

function bearerOf(assertion: Assertion): SubjectConfirmationData | undefined {
  return assertion.subject?.confirmations[0]?.data
}

function conditionsOf(assertion: Assertion): Conditions {
  if (assertion.conditions === undefined) throw new NodeFault('SAML_TIME', 'no Conditions')
  return assertion.conditions
}

function statementOf({ authnStatements: [statement] }: Assertion): AuthnStatement {
  if (statement === undefined) throw new NodeFault('SAML_COUNT', 'no AuthnStatement')
  return statement
}

function attributesOf(assertion: Assertion): readonly Attribute[] {
  return assertion.attributeStatements.flat()
}
