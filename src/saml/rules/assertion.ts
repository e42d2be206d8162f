import { NodeFault } from '../../errors/node-fault.ts'
import type { Assertion } from '../assertion.ts'
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
  /** Whether its author is of our own country: SAML counts, without what the eIDAS profile adds to it. */
  readonly atHome?: boolean
  /** Whether anything is made of an attribute of this name; of all of them unless it is said. */
  readonly usesAttribute?: (name: string) => boolean
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

/**
 * SAML Profiles 4.1.4.2: confirmed by bearer, among others. R-MF-57: from abroad by one bearer and nothing beside it, for
 * no node there has a use for a second one.
 */
const oneBearer: AssertionRule = ({ assertion, atHome }) => {
  const methods = assertion.subject?.confirmations.map(({ method }) => method) ?? []
  const bearers = methods.filter((method) => method === confirmationMethods.bearer)
  if (bearers.length === 0 || (!atHome && methods.length !== 1)) {
    throw new NodeFault('SAML_CONFIRM', `${methods.length} confirmations, ${bearers.length} of them bearer`)
  }
}

type BearerRule = (data: SubjectConfirmationData | undefined, context: AssertionContext) => void

/** SAML Profiles 4.1.4.2: Recipient is the assertion consumer service it was delivered to, to the letter (R-MF-57). */
const recipientFits: BearerRule = (data, { endpoint }) => {
  if (data?.recipient !== endpoint) throw new NodeFault('SAML_RECIPIENT', data?.recipient ?? 'no Recipient')
}

/** SAML Profiles 4.1.4.2: the bearer has a NotOnOrAfter, and it is not reached. */
const endFits: BearerRule = (data, window) => {
  const end = data?.notOnOrAfter
  if (end === undefined || !isAhead(end, window)) throw new NodeFault('SAML_CONFIRM', 'NotOnOrAfter of the bearer')
}

/** SAML Profiles 4.1.4.2: the bearer has no NotBefore. */
const beginningFits: BearerRule = (data) => {
  if (data?.notBefore !== undefined) throw new NodeFault('SAML_CONFIRM', 'NotBefore of the bearer')
}

/** SAML Profiles 4.1.4.2: the bearer's InResponseTo is the ID of our request. */
const requestFits: BearerRule = (data, { asked }) => {
  if (data?.inResponseTo !== asked.messageId) throw new NodeFault('SAML_IRT', 'InResponseTo of the bearer')
}

const bearerRules: readonly BearerRule[] = [recipientFits, endFits, beginningFits, requestFits]

/** SAML Profiles 4.1.4.2: of several bearers, one that keeps all its rules is enough; where none does, the first is told. */
function expectOfBearer(rule: BearerRule, context: AssertionContext): void {
  const { confirmations = [] } = context.assertion.subject ?? {}
  const bearers = confirmations.filter(({ method }) => method === confirmationMethods.bearer).map(({ data }) => data)
  const fits = bearers.some((data) => bearerRules.every((one) => keeps(() => one(data, context))))
  if (!fits) rule(bearers[0], context)
}

const recipientIsUs: AssertionRule = (context) => expectOfBearer(recipientFits, context)
const bearerLasts: AssertionRule = (context) => expectOfBearer(endFits, context)
const bearerHasBegun: AssertionRule = (context) => expectOfBearer(beginningFits, context)
const bearerAnswersOurRequest: AssertionRule = (context) => expectOfBearer(requestFits, context)

/**
 * SAML Core 2.5.1.2: valid from NotBefore until before NotOnOrAfter, in order, and not far apart. NotBefore may be left
 * out: then it is valid since it was issued. An end is needed, so that an assertion does not count for ever.
 */
const withinConditions: AssertionRule = ({ assertion, grants, ...window }) => {
  const { notBefore = assertion.issueInstant, notOnOrAfter } = conditionsOf(assertion)
  if (notOnOrAfter === undefined) throw new NodeFault('SAML_TIME', 'Conditions without NotOnOrAfter')
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

/** SAML Core 2.6.1: Advice may be ignored, and is, at home; the eIDAS profile has none, so from abroad it is refused. */
const noAdvice: AssertionRule = ({ assertion, atHome }) => {
  if (assertion.hasAdvice && !atHome) throw new NodeFault('XML_SCHEMA', 'Advice')
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

/** R-MF-53: the attributes that anything is made of are in one AttributeStatement. */
const oneAttributeStatement: AssertionRule = ({ assertion: { attributeStatements }, usesAttribute = () => true }) => {
  const used = attributeStatements.filter((attributes) => attributes.some(({ name }) => usesAttribute(name)))
  if (attributeStatements.length === 0 || used.length > 1) {
    throw new NodeFault('SAML_COUNT', `${attributeStatements.length} AttributeStatements, ${used.length} of them used`)
  }
}

/** SAML Core 2.7.3: there are attributes. What must be said of each is the profile's business, if it uses it at all. */
const attributesAreThere: AssertionRule = ({ assertion }) => {
  if (assertion.attributeStatements.flat().length === 0) throw new NodeFault('SAML_ATTR', 'no attribute')
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
  attributesAreThere,
]

function keeps(rule: () => void): boolean {
  try {
    rule()
    return true
  } catch (thrown) {
    if (thrown instanceof NodeFault) return false
    throw thrown
  }
}

function conditionsOf(assertion: Assertion): Conditions {
  if (assertion.conditions === undefined) throw new NodeFault('SAML_TIME', 'no Conditions')
  return assertion.conditions
}

function statementOf({ authnStatements: [statement] }: Assertion): AuthnStatement {
  if (statement === undefined) throw new NodeFault('SAML_COUNT', 'no AuthnStatement')
  return statement
}
