import { readAuthnRequest, writeAuthnRequest } from '../../../../src/saml/authn-request.ts'
import { type AcsEndpoint, type RequestContext, requestRules, resolveAcs } from '../../../../src/saml/rules/request.ts'
import { bindings, nameIdFormats } from '../../../../src/saml/uris.ts'
import { ACS, NOW, request, SSO, signed } from '../samples.ts'

const published: readonly AcsEndpoint[] = [
  { binding: bindings.redirect, location: 'https://connector.example/get', index: 0, isDefault: true },
  { binding: bindings.post, location: 'https://connector.example/first', index: 1 },
  { binding: bindings.post, location: ACS, index: 2 },
]

const valid = readAuthnRequest(signed(writeAuthnRequest(request)))

type Changes = Partial<typeof valid>

function codeOf(changes: Changes, context: Partial<RequestContext> = {}): string {
  const all: RequestContext = {
    request: { ...valid, ...changes },
    endpoint: SSO,
    acs: published,
    now: NOW,
    clockSkewSeconds: 60,
    requestAgeSeconds: 300,
    ...context,
  }
  try {
    for (const rule of requestRules) rule(all)
    return 'kept'
  } catch (fault) {
    return fault instanceof Error && 'code' in fault ? String(fault.code) : String(fault)
  }
}

const scoping = { hasIdpList: false, requesterIds: [] }

describe('rules for every AuthnRequest', () => {
  test('a good request keeps them all', () => {
    expect(codeOf({})).toBe('kept')
  })

  test('what may be absent may be absent', () => {
    expect(
      codeOf({
        consent: undefined,
        issuer: { value: valid.issuer.value },
        nameIdPolicy: undefined,
        requestedAuthnContext: undefined,
        scoping: undefined,
        protocolBinding: undefined,
        assertionConsumerServiceURL: undefined,
      }),
    ).toBe('kept')
  })

  test.each(['1.1', '2', ' 2.0', '2.0 ', '2.00', '3.0', ''])('A-153 version %j is SAML_VERSION', (version) => {
    expect(codeOf({ version })).toBe('SAML_VERSION')
  })

  test.each([
    ['at the edge of the future', NOW + 60_000, 'kept'],
    ['beyond it', NOW + 60_001, 'SAML_TIME'],
    ['at the edge of the past', NOW - 360_000, 'kept'],
    ['before it', NOW - 360_001, 'SAML_TIME'],
    ['A-155 that is no number', Number.NaN, 'SAML_TIME'],
  ])('A-156 an IssueInstant %s', (_, issueInstant, code) => {
    expect(codeOf({ issueInstant })).toBe(code)
  })

  test.each([
    undefined,
    '',
    `${SSO}/`,
    `${SSO}?a=b`,
    ` ${SSO}`,
    SSO.toUpperCase(),
    SSO.replace('https', 'http'),
    SSO.replace('service.example', 'service.example:443'),
    SSO.replace('https://', 'https://service.example@evil.'),
  ])('A-161 Destination %j is SAML_DEST', (destination) => {
    expect(codeOf({ destination })).toBe('SAML_DEST')
  })

  test('A-164 an Issuer of another format is SAML_ISSUER', () => {
    expect(codeOf({ issuer: { ...valid.issuer, format: nameIdFormats.unspecified } })).toBe('SAML_ISSUER')
  })

  test.each<[string, Changes]>([
    ['Subject', { hasSubject: true }],
    ['Conditions', { hasConditions: true }],
    ['a ProxyCount of zero', { scoping: { ...scoping, proxyCount: 0 } }],
    ['a ProtocolBinding other than POST', { protocolBinding: bindings.redirect }],
    ['an unknown Consent', { consent: 'urn:oasis:names:tc:SAML:2.0:consent:Obtained' }],
    ['a declaration asked for', { requestedAuthnContext: { classRefs: [], declRefs: ['urn:a'] } }],
  ])('A-175 %s is SAML_REQ', (_, changes) => {
    expect(codeOf(changes)).toBe('SAML_REQ')
  })

  test('an IDPList is for a profile to judge', () => {
    expect(codeOf({ scoping: { ...scoping, hasIdpList: true } })).toBe('kept')
  })

  test('a ProxyCount above zero is kept', () => {
    expect(codeOf({ scoping: { ...scoping, proxyCount: 1 } })).toBe('kept')
  })

  test('A-176 an SPNameQualifier of others is SAML_NAMEID, that of the requester is kept', () => {
    expect(codeOf({ nameIdPolicy: { spNameQualifier: 'https://other.example' } })).toBe('SAML_NAMEID')
    expect(codeOf({ nameIdPolicy: { spNameQualifier: valid.issuer.value } })).toBe('kept')
  })

  test.each<[string, Changes]>([
    ['a URL that is not published', { assertionConsumerServiceURL: 'https://evil.example/acs' }],
    ['the beginning of a published URL', { assertionConsumerServiceURL: ACS.slice(0, -1) }],
    ['a published URL continued', { assertionConsumerServiceURL: `${ACS}/x` }],
    ['a published URL in capitals', { assertionConsumerServiceURL: ACS.toUpperCase() }],
    ['an empty URL', { assertionConsumerServiceURL: '' }],
    ['a URL published for another binding', { assertionConsumerServiceURL: 'https://connector.example/get' }],
    ['URL and index', { assertionConsumerServiceIndex: 2 }],
    ['an unknown index', { assertionConsumerServiceURL: undefined, assertionConsumerServiceIndex: 7 }],
    ['an index of another binding', { assertionConsumerServiceURL: undefined, assertionConsumerServiceIndex: 0 }],
  ])('A-173 %s is SAML_ACS', (_, changes) => {
    expect(codeOf(changes)).toBe('SAML_ACS')
  })

  test('A-173 without any POST location there is nowhere to answer', () => {
    expect(codeOf({ assertionConsumerServiceURL: undefined }, { acs: published.slice(0, 1) })).toBe('SAML_ACS')
  })
})

describe('the assertion consumer service', () => {
  const unnamed = { ...valid, assertionConsumerServiceURL: undefined }
  const [, first, second] = published

  test('is the one of the index asked for', () => {
    expect(resolveAcs({ ...unnamed, assertionConsumerServiceIndex: 2 }, published)).toBe(ACS)
  })

  test.each([
    ['the one marked as default', [undefined, true], ACS],
    ['the first that is not marked', [false, undefined], ACS],
    ['the first of those not marked', [undefined, undefined], 'https://connector.example/first'],
    ['the first when all are marked otherwise', [false, false], 'https://connector.example/first'],
  ] as const)('is by default %s', (_, [one, two], location) => {
    if (first === undefined || second === undefined) throw new TypeError('two endpoints')
    const acs = [
      { ...first, isDefault: one },
      { ...second, isDefault: two },
    ]
    expect(resolveAcs(unnamed, acs)).toBe(location)
  })
})
