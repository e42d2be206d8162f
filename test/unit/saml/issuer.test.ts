import { claimedIssuer, readIssuer, readOptionalIssuer, writeIssuer } from '../../../src/saml/issuer.ts'
import { nameIdFormats } from '../../../src/saml/uris.ts'
import { samlp } from '../../../src/xml/names.ts'
import { el } from '../../../src/xml/writer.ts'
import fc from '../../testkit/properties.ts'
import { maybe, texts, uris } from './arbitraries.ts'
import { signed, signedText } from './samples.ts'

function issuerOf(inner: string) {
  return readIssuer(signedText(`<saml2p:Response>${inner}</saml2p:Response>`))
}

describe('Issuer', () => {
  test('read after write is identity', () => {
    fc.assert(
      fc.property(fc.record({ value: texts, format: maybe(uris) }), (issuer) => {
        expect(readIssuer(signed(el(samlp('Response'), {}, writeIssuer(issuer))))).toEqual(issuer)
      }),
    )
  })

  test('A-068 white space around the value stays part of it', () => {
    expect(issuerOf('<saml2:Issuer> https://a </saml2:Issuer>').value).toBe(' https://a ')
  })

  test.each([
    ['no Issuer', ''],
    ['an empty Issuer', '<saml2:Issuer/>'],
    ['two Issuers', '<saml2:Issuer>a</saml2:Issuer><saml2:Issuer>b</saml2:Issuer>'],
    ['an Issuer of another namespace', '<saml2p:Issuer>a</saml2p:Issuer>'],
  ])('A-164 %s is SAML_ISSUER', (_, inner) => {
    expect(() => issuerOf(inner)).toThrow(expect.objectContaining({ code: 'SAML_ISSUER' }))
  })

  test('elements in an Issuer are refused', () => {
    expect(() => issuerOf('<saml2:Issuer>a<saml2:x/>b</saml2:Issuer>')).toThrow(
      expect.objectContaining({ code: 'XML_MIXED' }),
    )
  })

  test('qualifiers, which mean nothing here, are passed over', () => {
    const issuer = `<saml2:Issuer Format="${nameIdFormats.entity}" NameQualifier="x">a</saml2:Issuer>`
    expect(issuerOf(issuer)).toEqual({ value: 'a', format: nameIdFormats.entity })
  })

  test('where it may be absent it is undefined, and never empty', () => {
    expect(readOptionalIssuer(signedText('<saml2p:Response/>'))).toBeUndefined()
    expect(() => readOptionalIssuer(signedText('<saml2p:Response><saml2:Issuer/></saml2p:Response>'))).toThrow(
      expect.objectContaining({ code: 'SAML_ISSUER' }),
    )
  })

  test('the claim of an unverified message is its one Issuer child, to the letter', () => {
    expect(claimedIssuer(signedText('<saml2p:Response><saml2:Issuer>a </saml2:Issuer></saml2p:Response>'))).toBe('a ')
  })
})
