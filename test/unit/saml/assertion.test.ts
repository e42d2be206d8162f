import { readAssertion, writeAssertion } from '../../../src/saml/assertion.ts'
import { withDocument } from '../../../src/xml/document.ts'
import { messageLimits } from '../../../src/xml/limits.ts'
import { text } from '../../../src/xml/reader.ts'
import { writeXml } from '../../../src/xml/writer.ts'
import { assertion, signed, tampered } from './samples.ts'

describe('Assertion', () => {
  test('read after write is identity', () => {
    const read = readAssertion(signed(writeAssertion(assertion)))
    const [statement = []] = assertion.attributeStatements
    expect({ ...read, attributeStatements: [] }).toEqual({ ...assertion, attributeStatements: [] })
    expect(
      read.attributeStatements[0]?.map(({ name, nameFormat, friendlyName }) => [name, nameFormat, friendlyName]),
    ).toEqual(statement.map(({ name, nameFormat, friendlyName }) => [name, nameFormat, friendlyName]))
    expect(read.attributeStatements[0]?.map(({ values }) => values.map(text))).toEqual([[' as given '], ['b', 'c']])
  })

  test('what is written is valid', () => {
    withDocument(writeXml(writeAssertion(assertion)), messageLimits, (document) => document.validate('assertion'))
  })

  test.each([
    ['A-152 no ID', / ID="[^"]*"/, '', 'SAML_ID'],
    ['A-153 no Version', / Version="2.0"/, '', 'SAML_VERSION'],
    ['A-154 no IssueInstant', / IssueInstant="[^"]*"/, '', 'SAML_TIME'],
    ['A-164 an empty Issuer', /(<saml2:Issuer[^>]*>)[^<]*/, '$1', 'SAML_ISSUER'],
    ['A-167 two Subjects', /<saml2:Subject>.*<\/saml2:Subject>/, '$&$&', 'SAML_COUNT'],
    ['A-167 two Conditions', /<saml2:Conditions.*<\/saml2:Conditions>/, '$&$&', 'SAML_COUNT'],
    ['an AuthzDecisionStatement', '<saml2:AttributeStatement>', '<saml2:AuthzDecisionStatement/>$&', 'XML_SCHEMA'],
    ['A-076 a nested Assertion', '<saml2:AttributeStatement>', '<saml2:Assertion/>$&', 'XML_SCHEMA'],
    ['A-169 another element', /saml2:Assertion\b/g, 'saml2:Evidence', 'SAML_TYPE'],
  ])('%s is refused', (_, from, to, code) => {
    const element = tampered(writeAssertion(assertion), from, to)
    expect(() => readAssertion(element)).toThrow(expect.objectContaining({ code }))
  })

  test('A-179 Advice is noticed', () => {
    const read = readAssertion(tampered(writeAssertion(assertion), '</saml2:Conditions>', '$&<saml2:Advice/>'))
    expect(read.hasAdvice).toBe(true)
  })
})
