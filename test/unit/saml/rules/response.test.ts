import { writeAssertion } from '../../../../src/saml/assertion.ts'
import { readResponse, writeResponse } from '../../../../src/saml/response.ts'
import { type ResponseContext, responseRules } from '../../../../src/saml/rules/response.ts'
import { nameIdFormats, statuses } from '../../../../src/saml/uris.ts'
import { ACS, assertion, CONNECTOR, NOW, response, SERVICE, signed } from '../samples.ts'

const valid = readResponse(signed(writeResponse({ ...response, assertions: [writeAssertion(assertion)] })))

type Changes = Partial<typeof valid>

function codeOf(changes: Changes): string {
  const context: ResponseContext = {
    response: { ...valid, ...changes },
    asked: { messageId: '_request', entityId: SERVICE, at: NOW },
    us: CONNECTOR,
    endpoint: ACS,
    now: NOW,
    clockSkewSeconds: 60,
    requestAgeSeconds: 300,
  }
  try {
    for (const rule of responseRules) rule(context)
    return 'kept'
  } catch (fault) {
    return fault instanceof Error && 'code' in fault ? String(fault.code) : String(fault)
  }
}

const failed = { codes: [statuses.responder, 'urn:oasis:names:tc:SAML:2.0:status:AuthnFailed'] }

describe('rules for every Response', () => {
  test('a good success and a good failure keep them all', () => {
    expect(codeOf({})).toBe('kept')
    expect(codeOf({ status: failed, assertions: [] })).toBe('kept')
    expect(codeOf({ assertions: [], encryptedAssertions: valid.assertions })).toBe('kept')
  })

  test.each(['1.1', '2', ' 2.0', ''])('A-153 version %j is SAML_VERSION', (version) => {
    expect(codeOf({ version })).toBe('SAML_VERSION')
  })

  test.each([NOW + 60_001, NOW - 360_001, Number.NaN])('A-155, A-156 IssueInstant %d is SAML_TIME', (issueInstant) => {
    expect(codeOf({ issueInstant })).toBe('SAML_TIME')
  })

  test.each([undefined, '', '_other', '_request ', '_REQUEST'])(
    'A-162, A-163 InResponseTo %j is SAML_IRT',
    (inResponseTo) => {
      expect(codeOf({ inResponseTo })).toBe('SAML_IRT')
    },
  )

  test.each([undefined, '', `${ACS}/`, `${ACS}?a`, ACS.toUpperCase(), `https://connector.example@evil.example/acs`])(
    'A-161 Destination %j is SAML_DEST',
    (destination) => {
      expect(codeOf({ destination })).toBe('SAML_DEST')
    },
  )

  test.each([undefined, { value: SERVICE, format: nameIdFormats.persistent }, { value: SERVICE, format: '' }])(
    'A-164 Issuer %j is SAML_ISSUER',
    (issuer) => {
      expect(codeOf({ issuer })).toBe('SAML_ISSUER')
    },
  )

  test('an Issuer without Format is an entity', () => {
    expect(codeOf({ issuer: { value: SERVICE } })).toBe('kept')
  })

  test.each(['https://other.example/metadata', ` ${SERVICE}`, `${SERVICE}/`, SERVICE.toUpperCase()])(
    'A-164, A-165 an answer of %j, who was not asked, is SAML_MIXUP',
    (value) => {
      expect(codeOf({ issuer: { value } })).toBe('SAML_MIXUP')
    },
  )

  test.each([
    ['no code', []],
    ['an unknown code', ['urn:oasis:names:tc:SAML:2.0:status:success']],
    ['a second-level code on top', ['urn:oasis:names:tc:SAML:2.0:status:AuthnFailed']],
    ['a success with a sub-code', [statuses.success, statuses.responder]],
  ])('A-168 %s is SAML_STATUS', (_, codes) => {
    expect(codeOf({ status: { codes }, assertions: codes[0] === statuses.success ? valid.assertions : [] })).toBe(
      'SAML_STATUS',
    )
  })

  test('A-168, A-200 a failure with assertions is the failure it says, encrypted or not', () => {
    expect(codeOf({ status: failed })).toBe('kept')
    expect(codeOf({ status: failed, assertions: [], encryptedAssertions: valid.assertions })).toBe('kept')
    expect(codeOf({ status: failed, encryptedAssertions: valid.assertions })).toBe('kept')
  })

  test('A-075, A-167 a success without assertion, or with two, is SAML_COUNT', () => {
    expect(codeOf({ assertions: [] })).toBe('SAML_COUNT')
    expect(codeOf({ assertions: [...valid.assertions, ...valid.assertions] })).toBe('SAML_COUNT')
    expect(codeOf({ encryptedAssertions: valid.assertions })).toBe('SAML_COUNT')
  })
})
