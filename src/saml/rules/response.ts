import { NodeFault } from '../../errors/node-fault.ts'
import type { Response } from '../response.ts'
import { isSuccess } from '../status.ts'
import { SAML_VERSION, statuses } from '../uris.ts'
import { type AnswerContext, expectEntity, type Rule } from './rule.ts'
import { expectRecent } from './time.ts'

export interface ResponseContext extends AnswerContext {
  readonly response: Response
}

type ResponseRule = Rule<ResponseContext>

/** SAML Core 3.2.2, Version: "2.0". */
const versionIs2: ResponseRule = ({ response }) => {
  if (response.version !== SAML_VERSION) throw new NodeFault('SAML_VERSION', 'a response of another version')
}

/** SAML Core 3.2.2, IssueInstant: the response was issued just now. */
const issuedJustNow: ResponseRule = ({ response, ...window }) => {
  expectRecent(response.issueInstant, 'IssueInstant', window)
}

/** SAML Core 3.2.2, InResponseTo: it answers the request we sent, and never comes unasked (R-IA-15). */
const answersOurRequest: ResponseRule = ({ response, asked }) => {
  if (response.inResponseTo !== asked.messageId) throw new NodeFault('SAML_IRT', 'InResponseTo of the response')
}

/** SAML Bindings 3.5.5.2: a signed message names the location where it was sent, to the letter. */
const destinationIsUs: ResponseRule = ({ response, endpoint }) => {
  if (response.destination !== endpoint) throw new NodeFault('SAML_DEST', response.destination ?? 'no Destination')
}

/** SAML Profiles 4.1.4.2, Issuer of a signed response: present, and an entity. */
const issuerIsEntity: ResponseRule = ({ response }) => {
  expectEntity(response.issuer)
}

/** SAML Profiles 4.1.4.2: the issuer is the party that was asked. */
const issuerWasAsked: ResponseRule = ({ response, asked }) => {
  if (response.issuer?.value !== asked.entityId) throw new NodeFault('SAML_MIXUP', response.issuer?.value)
}

/** SAML Core 3.2.2.2: the top-level status code is one of the four. */
const statusIsKnown: ResponseRule = ({ response }) => {
  const known: readonly string[] = Object.values(statuses)
  if (!known.includes(response.status.codes[0] ?? '')) throw new NodeFault('SAML_STATUS', 'unknown top-level code')
}

/** SAML Core 3.2.2.2: a success has no second-level code that takes it back. */
const successIsPlain: ResponseRule = ({ response: { status } }) => {
  if (isSuccess(status) && status.codes.length > 1) throw new NodeFault('SAML_STATUS', 'a success with a sub-code')
}

/**
 * SAML Profiles 4.1.4.2: a success carries an assertion, and here exactly one. What an error carries is not looked at
 * (R-MF-59): it stays the error it says.
 */
const oneAssertionInSuccess: ResponseRule = ({ response }) => {
  if (isSuccess(response.status) && count(response) !== 1) {
    throw new NodeFault('SAML_COUNT', `${count(response)} assertions`)
  }
}

/** What every Response keeps, whatever the profile, before its assertion is looked at. */
export const responseRules: readonly ResponseRule[] = [
  versionIs2,
  issuedJustNow,
  answersOurRequest,
  destinationIsUs,
  issuerIsEntity,
  issuerWasAsked,
  statusIsKnown,
  successIsPlain,
  oneAssertionInSuccess,
]

function count({ assertions, encryptedAssertions }: Response): number {
  return assertions.length + encryptedAssertions.length
}
