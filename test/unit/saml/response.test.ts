import { writeAssertion } from '../../../src/saml/assertion.ts'
import { readResponse, writeResponse } from '../../../src/saml/response.ts'
import { withDocument } from '../../../src/xml/document.ts'
import { messageLimits } from '../../../src/xml/limits.ts'
import { saml } from '../../../src/xml/names.ts'
import { el, writeXml } from '../../../src/xml/writer.ts'
import fc from '../../testkit/properties.ts'
import { ids, instants, maybe, texts, uris } from './arbitraries.ts'
import { assertion, response, signed, tampered } from './samples.ts'

const responses = fc.record({
  id: ids,
  version: fc.constant('2.0'),
  issueInstant: instants,
  destination: maybe(uris),
  inResponseTo: maybe(ids),
  consent: maybe(uris),
  issuer: maybe(fc.record({ value: texts, format: maybe(uris) })),
  status: fc.record({ codes: fc.array(uris, { minLength: 1, maxLength: 2 }), message: maybe(texts) }),
  assertions: fc.constant([]),
  encryptedAssertions: fc.constant([]),
})

describe('Response', () => {
  test('read after write is identity, and what is written is valid', () => {
    fc.assert(
      fc.property(responses, (value) => {
        const part = writeResponse(value)
        expect(readResponse(signed(part))).toEqual(value)
        withDocument(writeXml(part), messageLimits, (document) => document.validate('protocol'))
      }),
    )
  })

  test('A-167 every Assertion and EncryptedAssertion is counted', () => {
    const encrypted = el(saml('EncryptedAssertion'))
    const assertions = ['_a', '_b'].map((id) => writeAssertion({ ...assertion, id }))
    const read = readResponse(signed(writeResponse({ ...response, assertions, encryptedAssertions: [encrypted] })))
    expect([read.assertions.length, read.encryptedAssertions.length]).toEqual([2, 1])
  })

  test('A-079 Extensions are passed over', () => {
    const extensions = '<saml2p:Extensions><saml2p:Status/></saml2p:Extensions>'
    const element = tampered(writeResponse(response), '<saml2p:Status>', `${extensions}<saml2p:Status>`)
    expect(readResponse(element)).toEqual(readResponse(signed(writeResponse(response))))
  })

  test.each([
    ['A-152 no ID', / ID="[^"]*"/, '', 'SAML_ID'],
    ['A-153 no Version', / Version="2.0"/, '', 'SAML_VERSION'],
    ['A-154 a day that does not exist', '2026-11-23T', '2026-02-30T', 'SAML_TIME'],
    ['A-164 two Issuers', /<saml2:Issuer.*<\/saml2:Issuer>/, '$&$&', 'SAML_ISSUER'],
    ['A-169 an ArtifactResponse', /saml2p:Response/g, 'saml2p:ArtifactResponse', 'SAML_TYPE'],
  ])('%s is refused', (_, from, to, code) => {
    const element = tampered(writeResponse(response), from, to)
    expect(() => readResponse(element)).toThrow(expect.objectContaining({ code }))
  })
})
