import { type Assertion, readAssertion, writeAssertion } from '../../../../src/saml/assertion.ts'
import { readAuthnRequest, writeAuthnRequest } from '../../../../src/saml/authn-request.ts'
import { readResponse, writeResponse } from '../../../../src/saml/response.ts'
import { assertionRules } from '../../../../src/saml/rules/assertion.ts'
import { requestRules } from '../../../../src/saml/rules/request.ts'
import { responseRules } from '../../../../src/saml/rules/response.ts'
import { confirmationMethods } from '../../../../src/saml/uris.ts'
import { outcome } from '../../xmlsec/samples.ts'
import { ACS, assertion, CONNECTOR, NOW, request, response, SERVICE, signed } from '../samples.ts'

/*
 * Rules stand in a list, and most of what is missing is refused by the first that needs it. Here each is asked alone, so
 * that none leans on those before it: it refuses by its own code, or has nothing to say.
 */

const context = {
  asked: { messageId: '_request', entityId: SERVICE, at: NOW },
  us: CONNECTOR,
  endpoint: ACS,
  now: NOW,
  clockSkewSeconds: 60,
  requestAgeSeconds: 300,
}

const good = readAssertion(signed(writeAssertion(assertion)))
const confirmation = { method: confirmationMethods.bearer, data: undefined }
const attribute = good.attributeStatements[0]?.[0]

const refusals = (changes: Partial<Assertion>): readonly string[] =>
  assertionRules
    .map((rule) => outcome(() => rule({ ...context, assertion: { ...good, ...changes } })))
    .filter((code) => code !== 'accepted')

describe('each rule for an Assertion, alone', () => {
  const bearer = ['SAML_RECIPIENT', 'SAML_CONFIRM', 'SAML_IRT']

  test('keeps a good one', () => expect(refusals({})).toEqual([]))

  test.each([
    ['no Subject', { subject: undefined }, ['SAML_COUNT', 'SAML_NAMEID', 'SAML_CONFIRM', ...bearer]],
    ['an empty Subject', { subject: { confirmations: [] } }, ['SAML_NAMEID', 'SAML_CONFIRM', ...bearer]],
    ['a bearer without data', { subject: { ...good.subject, confirmations: [confirmation] } }, bearer],
    ['no Conditions', { conditions: undefined }, ['SAML_TIME', 'SAML_AUDIENCE']],
    ['no AuthnStatement', { authnStatements: [] }, Array.from({ length: 4 }, () => 'SAML_COUNT')],
    ['no AttributeStatement', { attributeStatements: [] }, ['SAML_COUNT', 'SAML_ATTR']],
  ])('refuses %s by a code', (_, changes, codes) => {
    expect(refusals(changes)).toEqual(codes)
  })

  test('an attribute without name or value is the business of who uses it', () => {
    if (attribute === undefined) throw new TypeError('the sample has attributes')
    expect(refusals({ attributeStatements: [[attribute, { name: 'b', values: [] }]] })).toEqual([])
    expect(refusals({ attributeStatements: [[{ ...attribute, name: '' }, attribute]] })).toEqual([])
  })
})

test('each rule for a Response, alone: nothing but a version and a time', () => {
  const valid = readResponse(signed(writeResponse({ ...response, assertions: [writeAssertion(assertion)] })))
  const { id, version, issueInstant, assertions, encryptedAssertions } = valid
  const bare = { id, version, issueInstant, assertions, encryptedAssertions, status: { codes: [] } }
  const codes = responseRules.map((rule) => outcome(() => rule({ ...context, response: bare })))
  const ours = ['SAML_IRT', 'SAML_DEST', 'SAML_ISSUER', 'SAML_MIXUP', 'SAML_STATUS']
  expect(codes.filter((code) => code !== 'accepted')).toEqual(ours)
})

test('each rule for an AuthnRequest, alone: nothing but what its type demands', () => {
  const { id, version, issueInstant, issuer, extensions } = readAuthnRequest(signed(writeAuthnRequest(request)))
  const bare = { id, version, issueInstant, issuer, extensions, hasSubject: false, hasConditions: false }
  const acs = [{ binding: 'urn:other', location: ACS, index: 1 }]
  const codes = requestRules.map((rule) => outcome(() => rule({ ...context, request: bare, acs })))
  expect(codes.filter((code) => code !== 'accepted')).toEqual(['SAML_DEST', 'SAML_ACS'])
})
