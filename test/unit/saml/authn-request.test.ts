import { type AuthnRequest, readAuthnRequest, writeAuthnRequest } from '../../../src/saml/authn-request.ts'
import { comparisons } from '../../../src/saml/uris.ts'
import { withDocument } from '../../../src/xml/document.ts'
import { messageLimits } from '../../../src/xml/limits.ts'
import type { XmlPart } from '../../../src/xml/writer.ts'
import { writeXml } from '../../../src/xml/writer.ts'
import fc from '../../testkit/properties.ts'
import { ids, instants, maybe, shorts, texts, uris } from './arbitraries.ts'
import { request, signed, signedText, tampered } from './samples.ts'

const requests: fc.Arbitrary<AuthnRequest<XmlPart>> = fc.record({
  id: ids,
  version: fc.constant('2.0'),
  issueInstant: instants,
  destination: maybe(uris),
  consent: maybe(uris),
  forceAuthn: maybe(fc.boolean()),
  isPassive: maybe(fc.boolean()),
  protocolBinding: maybe(uris),
  assertionConsumerServiceURL: maybe(uris),
  assertionConsumerServiceIndex: maybe(shorts),
  attributeConsumingServiceIndex: maybe(shorts),
  providerName: maybe(texts),
  issuer: fc.record({ value: texts, format: maybe(uris) }),
  extensions: fc.constant([]),
  nameIdPolicy: maybe(
    fc.record({ format: maybe(uris), spNameQualifier: maybe(texts), allowCreate: maybe(fc.boolean()) }),
  ),
  requestedAuthnContext: maybe(
    fc.record({
      comparison: maybe(fc.constantFrom(...comparisons)),
      classRefs: fc.array(uris, { minLength: 1, maxLength: 3 }),
      declRefs: fc.constant([]),
    }),
  ),
  scoping: maybe(
    fc.record({
      proxyCount: maybe(shorts),
      hasIdpList: fc.constant(false),
      requesterIds: fc.array(uris, { maxLength: 2 }),
    }),
  ),
  hasSubject: fc.constant(false),
  hasConditions: fc.constant(false),
})

describe('AuthnRequest', () => {
  test('read after write is identity, and what is written is valid', () => {
    fc.assert(
      fc.property(requests, (value) => {
        const part = writeAuthnRequest(value)
        expect(readAuthnRequest(signed(part))).toEqual(value)
        withDocument(writeXml(part), messageLimits, (document) => document.validate('protocol'))
      }),
    )
  })

  test('Extensions are handed on as they are', () => {
    const [extension] = readAuthnRequest(signed(writeAuthnRequest(request))).extensions
    expect(extension?.local).toBe('SPType')
  })

  test.each([
    ['A-152 no ID', / ID="[^"]*"/, '', 'SAML_ID'],
    ['A-153 no Version', / Version="2.0"/, '', 'SAML_VERSION'],
    ['A-154 no IssueInstant', / IssueInstant="[^"]*"/, '', 'SAML_TIME'],
    ['A-154 an empty IssueInstant', / IssueInstant="[^"]*"/, ' IssueInstant=""', 'SAML_TIME'],
    ['A-154 an IssueInstant without zone', /Z"/, '"', 'SAML_TIME'],
    ['A-164 no Issuer', /<saml2:Issuer.*<\/saml2:Issuer>/, '', 'SAML_ISSUER'],
    ['an unknown Comparison', 'minimum', 'least', 'XML_SCHEMA'],
    ['a ForceAuthn that is no boolean', 'ForceAuthn="true"', 'ForceAuthn="TRUE"', 'XML_SCHEMA'],
    ['an unknown attribute', ' ID=', ' Extra="1" ID=', 'XML_ATTR'],
    [
      'A-083 a stray Assertion',
      '</saml2p:AuthnRequest>',
      '<saml2:Assertion xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion"/></saml2p:AuthnRequest>',
      'XML_SCHEMA',
    ],
    ['text between the children', '</saml2p:AuthnRequest>', 'x</saml2p:AuthnRequest>', 'XML_MIXED'],
    ['two Scoping', '<saml2p:Scoping>', '<saml2p:Scoping/><saml2p:Scoping>', 'XML_SCHEMA'],
    ['A-169 a LogoutRequest', /AuthnRequest/g, 'LogoutRequest', 'SAML_TYPE'],
  ])('%s is refused', (_, from, to, code) => {
    const element = tampered(writeAuthnRequest(request), from, to)
    expect(() => readAuthnRequest(element)).toThrow(expect.objectContaining({ code }))
  })

  test('A-175 Subject, Conditions and IDPList are noticed', () => {
    const read = readAuthnRequest(
      signedText(
        '<saml2p:AuthnRequest ID="_a" Version="2.0" IssueInstant="2026-11-23T12:00:00Z"><saml2:Issuer>a</saml2:Issuer><saml2:Subject/><saml2:Conditions/><saml2p:Scoping><saml2p:IDPList/></saml2p:Scoping></saml2p:AuthnRequest>',
      ),
    )
    expect([read.hasSubject, read.hasConditions, read.scoping?.hasIdpList]).toEqual([true, true, true])
  })
})
