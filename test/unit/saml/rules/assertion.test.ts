import { type Assertion, readAssertion, writeAssertion } from '../../../../src/saml/assertion.ts'
import type { AuthnStatement } from '../../../../src/saml/authn-statement.ts'
import type { Conditions } from '../../../../src/saml/conditions.ts'
import { type AssertionContext, assertionRules } from '../../../../src/saml/rules/assertion.ts'
import type { NameID, SubjectConfirmation, SubjectConfirmationData } from '../../../../src/saml/subject.ts'
import { confirmationMethods, nameIdFormats } from '../../../../src/saml/uris.ts'
import { ACS, assertion, CONNECTOR, NOW, SERVICE, signed } from '../samples.ts'

const valid = readAssertion(signed(writeAssertion(assertion)))
const HOUR = 3_600_000

function codeOf(
  changes: Partial<Assertion>,
  grants?: AssertionContext['grants'],
  others: Partial<AssertionContext> = {},
): string {
  const context: AssertionContext = {
    assertion: { ...valid, ...changes },
    asked: { messageId: '_request', entityId: SERVICE, at: NOW },
    us: CONNECTOR,
    endpoint: ACS,
    now: NOW,
    clockSkewSeconds: 60,
    requestAgeSeconds: 300,
    grants,
    ...others,
  }
  try {
    for (const rule of assertionRules) rule(context)
    return 'kept'
  } catch (fault) {
    return fault instanceof Error && 'code' in fault ? String(fault.code) : String(fault)
  }
}

const goodData = { notOnOrAfter: NOW + 300_000, recipient: ACS, inResponseTo: '_request' }
const nameId: NameID = { value: 'x' }

function withData(data: SubjectConfirmationData | undefined, method: string = confirmationMethods.bearer) {
  return { subject: { nameId, confirmations: [{ method, data }] } }
}

function withNameId(changed: NameID | undefined) {
  return { subject: { nameId: changed, confirmations: [{ method: confirmationMethods.bearer, data: goodData }] } }
}

function withConditions(changes: Partial<Conditions>) {
  const conditions = { audienceRestrictions: [[CONNECTOR]], oneTimeUse: false, others: [] }
  return { conditions: { notBefore: NOW, notOnOrAfter: NOW + 300_000, ...conditions, ...changes } }
}

function withStatement(changes: Partial<AuthnStatement>) {
  return { authnStatements: valid.authnStatements.map((statement) => ({ ...statement, ...changes })) }
}

describe('rules for every Assertion', () => {
  test('a good assertion keeps them all', () => {
    expect(codeOf({})).toBe('kept')
  })

  test('A-153, A-156, A-155 version and IssueInstant', () => {
    expect(codeOf({ version: '1.1' })).toBe('SAML_VERSION')
    expect(codeOf({ issueInstant: NOW + 60_001 })).toBe('SAML_TIME')
    expect(codeOf({ issueInstant: NOW - 360_001 })).toBe('SAML_TIME')
    expect(codeOf({ issueInstant: Number.NaN })).toBe('SAML_TIME')
  })

  test.each([
    { value: 'https://other.example' },
    { value: `${SERVICE} ` },
    { value: SERVICE, format: nameIdFormats.transient },
  ])('A-164 Issuer %j is SAML_ISSUER', (issuer) => {
    expect(codeOf({ issuer })).toBe('SAML_ISSUER')
  })

  test('A-167 no Subject is SAML_COUNT', () => {
    expect(codeOf({ subject: undefined })).toBe('SAML_COUNT')
  })

  test('A-176 no NameID, an empty one, or one made for others is SAML_NAMEID', () => {
    expect(codeOf(withNameId(undefined))).toBe('SAML_NAMEID')
    expect(codeOf(withNameId({ value: '' }))).toBe('SAML_NAMEID')
    expect(codeOf(withNameId({ value: 'x', spNameQualifier: 'https://other.example' }))).toBe('SAML_NAMEID')
    expect(codeOf(withNameId({ value: 'x', spNameQualifier: CONNECTOR, nameQualifier: 'any' }))).toBe('kept')
  })

  test.each([
    ['none', []],
    ['two', [confirmationMethods.bearer, confirmationMethods.bearer]],
    ['a bearer beside another', [confirmationMethods.bearer, 'urn:oasis:names:tc:SAML:2.0:cm:sender-vouches']],
    ['holder-of-key', ['urn:oasis:names:tc:SAML:2.0:cm:holder-of-key']],
    ['sender-vouches', ['urn:oasis:names:tc:SAML:2.0:cm:sender-vouches']],
    ['an empty method', ['']],
  ])('A-166 confirmation by %s is SAML_CONFIRM, from abroad', (_, methods) => {
    const confirmations = methods.map((method) => ({ method, data: goodData }))
    expect(codeOf({ subject: { nameId, confirmations } })).toBe('SAML_CONFIRM')
  })

  describe('A-293: at home one bearer that keeps every rule is enough', () => {
    const others = { method: 'urn:oasis:names:tc:SAML:2.0:cm:holder-of-key' }
    const by = (data: SubjectConfirmationData) => ({ method: confirmationMethods.bearer, data })
    const home = (...confirmations: readonly SubjectConfirmation[]) =>
      codeOf({ subject: { nameId, confirmations } }, undefined, { atHome: true })

    test.each<[string, readonly SubjectConfirmation[]]>([
      ['beside another method', [others, by(goodData)]],
      ['before another method', [by(goodData), others]],
      ['twice', [by(goodData), by(goodData)]],
      ['after one that is for another', [by({ ...goodData, recipient: 'https://other.example' }), by(goodData)]],
      ['after one that is over', [by({ ...goodData, notOnOrAfter: NOW - HOUR }), by(goodData)]],
    ])('%s', (_, all) => expect(home(...all)).toBe('kept'))

    test.each<[string, readonly SubjectConfirmation[], string]>([
      ['none', [], 'SAML_CONFIRM'],
      ['no bearer', [others, others], 'SAML_CONFIRM'],
      [
        'each bearer keeps what the other breaks',
        [by({ ...goodData, recipient: 'https://other.example' }), by({ ...goodData, inResponseTo: '_other' })],
        'SAML_RECIPIENT',
      ],
      [
        'each bearer keeps what the other breaks, the other way round',
        [by({ ...goodData, inResponseTo: '_other' }), by({ ...goodData, recipient: 'https://other.example' })],
        'SAML_IRT',
      ],
      [
        'the right data is that of another method',
        [{ ...others, data: goodData }, by({ ...goodData, inResponseTo: '_other' })],
        'SAML_IRT',
      ],
    ])('not where %s', (_, all, code) => expect(home(...all)).toBe(code))
  })

  test.each([undefined, '', `${ACS}/`, ACS.toUpperCase(), CONNECTOR])(
    'A-160 Recipient %j is SAML_RECIPIENT',
    (recipient) => {
      expect(codeOf(withData({ ...goodData, recipient }))).toBe('SAML_RECIPIENT')
    },
  )

  test.each<[string, Partial<SubjectConfirmationData>, string]>([
    ['absent', { notOnOrAfter: undefined }, 'SAML_CONFIRM'],
    ['just over', { notOnOrAfter: NOW - 60_000 }, 'SAML_CONFIRM'],
    ['just not over', { notOnOrAfter: NOW - 59_999 }, 'kept'],
    ['no number', { notOnOrAfter: Number.NaN }, 'SAML_CONFIRM'],
    ['with a NotBefore beside it', { notBefore: NOW }, 'SAML_CONFIRM'],
  ])('A-158 a bearer whose NotOnOrAfter is %s', (_, changes, code) => {
    expect(codeOf(withData({ ...goodData, ...changes }))).toBe(code)
  })

  test('A-160 a bearer without data is refused', () => {
    expect(codeOf(withData(undefined))).toBe('SAML_RECIPIENT')
  })

  test.each([undefined, '', '_other'])('A-162 InResponseTo %j of the bearer is SAML_IRT', (inResponseTo) => {
    expect(codeOf(withData({ ...goodData, inResponseTo }))).toBe('SAML_IRT')
  })

  test.each<[string, Partial<Conditions>, string]>([
    ['without NotBefore', { notBefore: undefined }, 'kept'],
    ['without NotBefore, for more than an hour', { notBefore: undefined, notOnOrAfter: NOW + HOUR + 1 }, 'SAML_TIME'],
    ['without NotBefore, and over', { notBefore: undefined, notOnOrAfter: NOW - 60_000 }, 'SAML_TIME'],
    ['no NotOnOrAfter', { notOnOrAfter: undefined }, 'SAML_TIME'],
    ['not yet', { notBefore: NOW + 60_001 }, 'SAML_TIME'],
    ['just begun', { notBefore: NOW + 60_000 }, 'kept'],
    ['just over', { notBefore: NOW - 120_000, notOnOrAfter: NOW - 60_000 }, 'SAML_TIME'],
    ['just not over', { notBefore: NOW - 120_000, notOnOrAfter: NOW - 59_999 }, 'kept'],
    ['inverted', { notBefore: NOW + 2, notOnOrAfter: NOW + 1 }, 'SAML_TIME'],
    ['of no length', { notBefore: NOW, notOnOrAfter: NOW }, 'SAML_TIME'],
    ['an hour long', { notBefore: NOW, notOnOrAfter: NOW + HOUR }, 'kept'],
    ['longer than an hour', { notBefore: NOW, notOnOrAfter: NOW + HOUR + 1 }, 'SAML_TIME'],
    ['no number', { notBefore: Number.NaN }, 'SAML_TIME'],
  ])('A-157 Conditions that are %s', (_, changes, code) => {
    expect(codeOf(withConditions(changes))).toBe(code)
  })

  test('A-157 no Conditions at all are SAML_TIME', () => {
    expect(codeOf({ conditions: undefined })).toBe('SAML_TIME')
  })

  test.each([
    ['none', [], 'SAML_AUDIENCE'],
    ['an empty one', [[]], 'SAML_AUDIENCE'],
    ['another', [['https://other.example']], 'SAML_AUDIENCE'],
    ['in capitals', [[CONNECTOR.toUpperCase()]], 'SAML_AUDIENCE'],
    ['with a slash more', [[`${CONNECTOR}/`]], 'SAML_AUDIENCE'],
    ['with a blank', [[` ${CONNECTOR}`]], 'SAML_AUDIENCE'],
    ['us and, apart, another', [[CONNECTOR], ['https://other.example']], 'SAML_AUDIENCE'],
    ['us or another', [['https://other.example', CONNECTOR]], 'kept'],
    ['us twice', [[CONNECTOR], [CONNECTOR]], 'kept'],
  ])('A-159 the audience is %s', (_, audienceRestrictions, code) => {
    expect(codeOf(withConditions({ audienceRestrictions }))).toBe(code)
  })

  test('A-180 an unknown condition is XML_SCHEMA, OneTimeUse is kept', () => {
    expect(codeOf(withConditions({ others: ['ProxyRestriction'] }))).toBe('XML_SCHEMA')
    expect(codeOf(withConditions({ oneTimeUse: true }))).toBe('kept')
  })

  test('A-179 Advice is XML_SCHEMA from abroad and ignored at home', () => {
    expect(codeOf({ hasAdvice: true })).toBe('XML_SCHEMA')
    expect(codeOf({ hasAdvice: true }, undefined, { atHome: true })).toBe('kept')
  })

  test('A-167 none or two AuthnStatements or AttributeStatements are SAML_COUNT', () => {
    const { authnStatements, attributeStatements } = valid
    expect(codeOf({ authnStatements: [] })).toBe('SAML_COUNT')
    expect(codeOf({ authnStatements: [...authnStatements, ...authnStatements] })).toBe('SAML_COUNT')
    expect(codeOf({ attributeStatements: [] })).toBe('SAML_COUNT')
    expect(codeOf({ attributeStatements: [...attributeStatements, ...attributeStatements] })).toBe('SAML_COUNT')
  })

  test('SAML Core 2.7.2: AuthnInstant is not in the future and the session is not over', () => {
    expect(codeOf(withStatement({ authnInstant: NOW + 60_001 }))).toBe('SAML_TIME')
    expect(codeOf(withStatement({ authnInstant: Number.NaN }))).toBe('SAML_TIME')
    expect(codeOf(withStatement({ sessionNotOnOrAfter: NOW - 60_000 }))).toBe('SAML_TIME')
    expect(codeOf(withStatement({ sessionNotOnOrAfter: NOW + 1 }))).toBe('kept')
  })

  test.each<[string, number, AssertionContext['grants'], string]>([
    ['of 1970', 0, undefined, 'SAML_TIME'],
    ['of 30 days ago', NOW - 30 * 24 * HOUR, undefined, 'SAML_TIME'],
    ['a second beyond the skew', NOW - 61_000, undefined, 'SAML_TIME'],
    ['within the skew', NOW - 60_000, undefined, 'kept'],
    ['an hour ago', NOW - HOUR, { earlierAuthenticationSeconds: 3_599 - 60 }, 'SAML_TIME'],
    ['an hour ago, where that is granted', NOW - HOUR, { earlierAuthenticationSeconds: 3_600 }, 'kept'],
    ['of 1970, where an hour is granted', 0, { earlierAuthenticationSeconds: 3_600 }, 'SAML_TIME'],
  ])('A-291, R-MF-35: an authentication %s, at ForceAuthn', (_, authnInstant, grants, code) => {
    expect(codeOf(withStatement({ authnInstant }), grants)).toBe(code)
  })

  test.each<[string, Partial<AuthnStatement>]>([
    ['no class ref', { classRefs: [] }],
    ['an empty class ref', { classRefs: [''] }],
    ['two class refs', { classRefs: ['a', 'b'] }],
    ['a declaration', { hasDeclaration: true }],
    ['a declaration by reference', { declRefs: ['a'] }],
    ['an AuthenticatingAuthority', { authenticatingAuthorities: ['https://other.example'] }],
  ])('A-181 %s is SAML_ACR', (_, changes) => {
    expect(codeOf(withStatement(changes))).toBe('SAML_ACR')
  })

  test('what a national peer is granted holds for that peer only', () => {
    const proxied = withStatement({ authenticatingAuthorities: ['https://other.example'] })
    expect(codeOf(proxied, { authenticatingAuthority: true })).toBe('kept')
    const long = withConditions({ notOnOrAfter: NOW + 8 * HOUR })
    expect(codeOf(long, { conditionsSeconds: 8 * 3_600 })).toBe('kept')
    expect(codeOf(long, { conditionsSeconds: 8 * 3_600 - 1 })).toBe('SAML_TIME')
  })

  test('A-178 no attribute at all is SAML_ATTR', () => {
    expect(codeOf({ attributeStatements: [[]] })).toBe('SAML_ATTR')
  })

  test('A-167 a second AttributeStatement is passed over where nothing is made of what is in it', () => {
    const others = [{ name: 'urn:x', values: [] }]
    const attributeStatements = [...valid.attributeStatements, others]
    const usesAttribute = (name: string) => name !== 'urn:x'
    expect(codeOf({ attributeStatements }, undefined, { usesAttribute })).toBe('kept')
    expect(codeOf({ attributeStatements })).toBe('SAML_COUNT')
  })
})
