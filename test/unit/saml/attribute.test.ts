import { readAttribute, readAttributeStatement, writeAttribute } from '../../../src/saml/attribute.ts'
import { saml } from '../../../src/xml/names.ts'
import { text } from '../../../src/xml/reader.ts'
import { el } from '../../../src/xml/writer.ts'
import fc from '../../testkit/properties.ts'
import { attributes } from './arbitraries.ts'
import { signed, signedText } from './samples.ts'

describe('Attribute', () => {
  test('read after write is identity, the values to the letter', () => {
    fc.assert(
      fc.property(attributes, (value) => {
        const values = value.values.map((one) => el(saml('AttributeValue'), {}, one))
        const read = readAttribute(signed(writeAttribute({ ...value, values })))
        expect({ ...read, values: read.values.map(text) }).toEqual(value)
      }),
    )
  })

  test('A-178 an attribute without Name is SAML_ATTR', () => {
    expect(() => readAttribute(signedText('<saml2:Attribute/>'))).toThrow(
      expect.objectContaining({ code: 'SAML_ATTR' }),
    )
  })

  test('A-280 attributes of other namespaces on it are passed over', () => {
    expect(
      readAttribute(signedText('<saml2:Attribute xsi:Name="b" Name="a" xsi:type="b" xml:NameFormat="c"/>')),
    ).toEqual(readAttribute(signedText('<saml2:Attribute Name="a"/>')))
  })

  test('R-MF-53 EncryptedAttribute is a stray', () => {
    expect(() =>
      readAttributeStatement(
        signedText('<saml2:AttributeStatement><saml2:EncryptedAttribute/></saml2:AttributeStatement>'),
      ),
    ).toThrow(expect.objectContaining({ code: 'XML_SCHEMA' }))
  })
})
