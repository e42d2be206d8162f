import { readAssertion, writeAssertion } from '../../../src/saml/assertion.ts'
import { withDocument } from '../../../src/xml/document.ts'
import { messageLimits } from '../../../src/xml/limits.ts'
import { saml } from '../../../src/xml/names.ts'
import { text } from '../../../src/xml/reader.ts'
import { el, writeXml } from '../../../src/xml/writer.ts'
import fc from '../../testkit/properties.ts'
import { attributes, authnStatements, conditions, ids, instants, maybe, subjects, texts, uris } from './arbitraries.ts'
import { assertion, signed, tampered } from './samples.ts'

const assertions = fc.record({
  id: ids,
  version: fc.constant('2.0'),
  issueInstant: instants,
  issuer: fc.record({ value: texts, format: maybe(uris) }),
  subject: maybe(subjects),
  conditions: maybe(conditions),
  authnStatements: fc.array(authnStatements, { maxLength: 2 }),
  attributeStatements: fc.array(fc.array(attributes, { minLength: 1, maxLength: 3 }), { maxLength: 2 }),
  hasAdvice: fc.constant(false),
})

describe('Assertion', () => {
  test('read after write is identity, whatever is in it', () => {
    fc.assert(
      fc.property(assertions, (value) => {
        const attributeStatements = value.attributeStatements.map((all) =>
          all.map((one) => ({ ...one, values: one.values.map((it) => el(saml('AttributeValue'), {}, it)) })),
        )
        const read = readAssertion(signed(writeAssertion({ ...value, attributeStatements })))
        const readStatements = read.attributeStatements.map((all) =>
          all.map((one) => ({ ...one, values: one.values.map(text) })),
        )
        expect({ ...read, attributeStatements: readStatements }).toEqual(value)
      }),
    )
  })

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
