import { readAuthnStatement, writeAuthnStatement } from '../../../src/saml/authn-statement.ts'
import fc from '../../testkit/properties.ts'
import { authnStatements } from './arbitraries.ts'
import { signed, signedText } from './samples.ts'

const INSTANT = 'AuthnInstant="2026-11-23T12:00:00Z"'

function statementOf(inner: string, attributes = INSTANT) {
  return readAuthnStatement(signedText(`<saml2:AuthnStatement ${attributes}>${inner}</saml2:AuthnStatement>`))
}

describe('AuthnStatement', () => {
  test('read after write is identity', () => {
    fc.assert(
      fc.property(authnStatements, (value) =>
        expect(readAuthnStatement(signed(writeAuthnStatement(value)))).toEqual(value),
      ),
    )
  })

  test('the empty AuthnContextDecl of an EU node declares nothing; one with content does', () => {
    const withDeclaration = (decl: string) =>
      statementOf(`<saml2:AuthnContext>${decl}</saml2:AuthnContext>`).hasDeclaration
    expect(withDeclaration('<saml2:AuthnContextDecl/>')).toBe(false)
    expect(withDeclaration('<saml2:AuthnContextDecl>x</saml2:AuthnContextDecl>')).toBe(true)
    expect(withDeclaration('<saml2:AuthnContextDecl><saml2:x/></saml2:AuthnContextDecl>')).toBe(true)
  })

  test('SubjectLocality is passed over, and nothing hides in it', () => {
    const context = '<saml2:AuthnContext/>'
    expect(statementOf(`<saml2:SubjectLocality Address="192.0.2.1"/>${context}`).classRefs).toEqual([])
    expect(() => statementOf(`<saml2:SubjectLocality><saml2:x/></saml2:SubjectLocality>${context}`)).toThrow(
      expect.objectContaining({ code: 'XML_SCHEMA' }),
    )
  })

  test.each([
    ['no AuthnContext', '', INSTANT, 'SAML_ACR'],
    ['two AuthnContext', '<saml2:AuthnContext/><saml2:AuthnContext/>', INSTANT, 'SAML_ACR'],
    ['no AuthnInstant', '<saml2:AuthnContext/>', '', 'SAML_TIME'],
    ['a malformed SessionNotOnOrAfter', '<saml2:AuthnContext/>', `${INSTANT} SessionNotOnOrAfter="x"`, 'SAML_TIME'],
    ['a stray in the context', '<saml2:AuthnContext><saml2:Assertion/></saml2:AuthnContext>', INSTANT, 'XML_SCHEMA'],
  ])('A-181 %s is refused', (_, inner, attributes, code) => {
    expect(() => statementOf(inner, attributes)).toThrow(expect.objectContaining({ code }))
  })
})
