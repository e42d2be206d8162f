import {
  type AttributeDefinition,
  attributeDefinitions,
  attributesWith,
  definitionOf,
} from '../../../../src/identity/attributes.ts'
import { readValues, writeValues } from '../../../../src/profiles/eidas/attribute-values.ts'
import type { ValueReading } from '../../../../src/profiles/eidas/value-rules.ts'
import { withDocument } from '../../../../src/xml/document.ts'
import type { XmlElement } from '../../../../src/xml/element.ts'
import { messageLimits } from '../../../../src/xml/limits.ts'
import { ns, saml } from '../../../../src/xml/names.ts'
import { many } from '../../../../src/xml/reader.ts'
import { scan } from '../../../../src/xml/scanner.ts'
import { el, writeText } from '../../../../src/xml/writer.ts'
import fc, { runs } from '../../../testkit/properties.ts'
import { valuesFor } from '../arbitraries.ts'
import { fault, legalName, NOW, naturalName } from '../samples.ts'

const lenient = { strict: false, now: NOW }
const strict = { strict: true, now: NOW }

function definition(name: string): AttributeDefinition {
  const found = definitionOf(name)
  if (found === undefined) throw new TypeError(name)
  return found
}

type Raw = string | readonly [attributes: string, text: string]

/** AttributeValue elements of this inner text, in an Attribute that binds the usual prefixes. */
function elementsOf(...values: readonly Raw[]): readonly XmlElement[] {
  const inner = values.map((value) => {
    const [attributes, text] = typeof value === 'string' ? ['', value] : value
    return `<s:AttributeValue ${attributes}>${text}</s:AttributeValue>`
  })
  const scope = `xmlns:s="${ns.saml}" xmlns:n="${ns.eidasNatural}" xmlns:l="${ns.eidasLegal}" xmlns:xsi="${ns.xsi}" xmlns:xs="${ns.xs}"`
  return many(
    scan(Buffer.from(`<s:Attribute ${scope}>${inner.join('')}</s:Attribute>`), messageLimits),
    saml('AttributeValue'),
  )
}

function read(local: string, ...values: readonly Raw[]) {
  return readValues(definition(naturalName(local)), elementsOf(...values), lenient)
}

const one = (value: string, latin = true) => [{ value, latin }]

describe('attribute values', () => {
  test.each(attributeDefinitions.map((one) => [one.name, one] as const))(
    'read after write is identity and valid: %s',
    (_, one) => {
      fc.assert(
        fc.property(valuesFor(one), (values) => {
          const attribute = el(saml('Attribute'), { Name: one.name }, ...writeValues(one, values))
          const statement = el(saml('AttributeStatement'), {}, attribute)
          const authn = el(
            saml('Assertion'),
            { ID: '_a', Version: '2.0', IssueInstant: '2026-01-01T00:00:00Z' },
            el(saml('Issuer'), {}, 'i'),
            statement,
          )
          const octets = Buffer.from(writeText(authn))
          const root = withDocument(octets, messageLimits, (document) => {
            document.validate('protocol')
            return document.root
          })
          const elements = many(
            many(many(root, saml('AttributeStatement'))[0] ?? root, saml('Attribute'))[0] ?? root,
            saml('AttributeValue'),
          )
          expect(readValues(one, elements, strict)).toEqual(values)
        }),
        runs(15),
      )
    },
  )

  test('R-AP-45: LatinScript is written qualified in the namespace of the type', () => {
    const [latin, original] = writeValues(definition(naturalName('CurrentFamilyName')), [
      { value: 'Ωνάσης', latin: false },
      { value: 'Onases', latin: true },
    ]).map(writeText)
    expect(latin).toContain('xsi:type="eidas-natural:CurrentFamilyNameType">Onases<')
    expect(latin).not.toContain('LatinScript')
    expect(original).toContain(`eidas-natural:LatinScript="false"`)
    expect(original).toContain(`xmlns:eidas-natural="${ns.eidasNatural}"`)
  })

  test('R-AP 4.3: values of representatives are of the types of their own namespace', () => {
    const name = 'http://eidas.europa.eu/attributes/legalperson/representative/LegalName'
    const [value] = writeValues(definition(name), one('Acme')).map(writeText)
    expect(value).toContain(`xmlns:eidas-legal-representative="${ns.eidasLegalRepresentative}"`)
    expect(value).toContain('xsi:type="eidas-legal-representative:LegalNameType"')
  })

  test('R-AP-5: white space around a value is trimmed', () => {
    expect(read('CurrentGivenName', '\n   Sarah Jane\t')).toEqual(one('Sarah Jane'))
  })

  test.each([
    ['none', ''],
    ['that of another set', 'xsi:type="l:LegalNameType"'],
    ['a plain string', 'xsi:type="xs:string"'],
  ])('R-AP-3: xsi:type may be %s', (_, attributes) => {
    expect(read('DateOfBirth', [attributes, '1965-01-01'])).toEqual(one('1965-01-01'))
  })

  describe('transliteration', () => {
    test.each(['n:LatinScript="false"', 'LatinScript="false"', 'l:LatinScript="0"'])(
      'R-AP-42, R-AP-43, R-AP-45: %s is read',
      (attribute) => {
        expect(read('CurrentFamilyName', 'Onases', [attribute, 'Ωνάσης'])).toEqual([
          ...one('Onases'),
          ...one('Ωνάσης', false),
        ])
      },
    )

    test.each([
      ['alone', ['Иванов']],
      ['beside a Latin one that is marked as none', ['Иванов', ['n:LatinScript="false"', 'Ivanov']]],
      ['marked as Latin', [['n:LatinScript="true"', 'Ωνάσης']]],
      ['in letters of two scripts', ['Оnases']],
    ] as const)('A-295, A-195, R-AP-43: a name in other letters and not marked so is EID_LATIN: %s', (_, values) => {
      expect(() => read('CurrentFamilyName', ...values)).toThrow(fault('EID_LATIN'))
    })

    test('R-AP-44: a sole original value is enough', () => {
      expect(read('CurrentFamilyName', ['n:LatinScript="false"', 'Ωνάσης'])).toEqual(one('Ωνάσης', false))
    })

    test.each([
      ['two Latin values', ['Onases', 'Onassis']],
      [
        'two originals',
        [
          ['n:LatinScript="false"', 'Ωνάσης'],
          ['n:LatinScript="false"', 'Ωνάση'],
        ],
      ],
      ['three values', ['a', ['n:LatinScript="false"', 'b'], 'c']],
      ['LatinScript that is no boolean', ['a', ['n:LatinScript="no"', 'b']]],
      ['LatinScript twice', ['a', ['n:LatinScript="false" LatinScript="true"', 'b']]],
    ] as const)('R-AP-42, A-195: refused with %s', (_, values) => {
      expect(() => read('CurrentFamilyName', ...values)).toThrow(fault('EID_LATIN'))
    })

    test('R-AP-40: LatinScript means nothing on other attributes', () => {
      expect(read('PlaceOfBirth', ['LatinScript="false"', 'Athens'])).toEqual(one('Athens'))
    })
  })

  test('A-178: a mandatory one is missing without a value, and any is refused with two where one is allowed', () => {
    expect(() => read('DateOfBirth')).toThrow(fault('EID_MDS'))
    expect(read('PlaceOfBirth')).toEqual([])
    expect(() => read('PlaceOfBirth', 'Athens', 'Rome')).toThrow(
      expect.objectContaining({ detail: `2 values of ${naturalName('PlaceOfBirth')} where one is expected` }),
    )
    expect(() => read('DateOfBirth', '1965-01-01', '1965-01-01')).toThrow(fault('SAML_ATTR'))
  })

  test('R-AP 4.1: Nationality may have several values', () => {
    expect(read('Nationality', 'EL', 'DE', 'SE')).toHaveLength(3)
  })

  test('R-MF-53, A-189: an empty value is none: a mandatory attribute is missing, an optional one not said', () => {
    expect(() => read('CurrentFamilyName', ' \n ')).toThrow(fault('EID_MDS'))
    expect(read('BirthName', '\u00a0')).toEqual([])
    expect(read('Nationality', '', 'EL')).toEqual(one('EL'))
  })

  test('elements inside a value are refused', () => {
    expect(() => read('CurrentFamilyName', '<n:x>a</n:x>')).toThrow(fault('XML_MIXED'))
  })

  test.each(['CurrentFamilyName', 'PlaceOfBirth', 'EmailAddress', 'PersonIdentifier', 'PhoneNumber', 'Nationality'])(
    'A-196: invisible characters are refused in %s',
    (local) => {
      expect(() => read(local, 'XA/XB/a\u2066b')).toThrow(fault('EID_TEXT'))
    },
  )

  test.each([
    '2020-02-30',
    '0000-00-00',
    '0999-12-31',
    '1980-1-1',
    '1980-01-01Z',
    '1980',
    '',
    '2026-11-25',
    '1980-13-01',
  ])('A-193: %j is no date of birth', (value) => {
    expect(() => read('DateOfBirth', value)).toThrow(fault(value === '' ? 'EID_MDS' : 'EID_VALUE'))
  })

  test('a day that has begun somewhere on Earth has begun', () => {
    expect(read('DateOfBirth', '2026-11-24')).toEqual(one('2026-11-24'))
    expect(read('DateOfBirth', '2024-02-29')).toEqual(one('2024-02-29'))
  })

  test('Attribute Profile 2.2.10: gender is read in any case and written as in the profile', () => {
    expect(read('Gender', 'FEMALE')).toEqual(one('Female'))
    expect(() => read('Gender', 'X')).toThrow(fault('EID_VALUE'))
    expect(() => readValues(definition(naturalName('Gender')), elementsOf('FEMALE'), strict)).toThrow(
      fault('EID_VALUE'),
    )
  })

  test.each(['se', 'SWE', 'S1'])('a country is two capitals, not %j', (value) => {
    expect(() => read('CountryOfBirth', value)).toThrow(fault('EID_VALUE'))
  })

  test.each(['0049 (30) 12345-6', '+46 8 123 456', '+34 912 739 000', '+4930123456'])(
    'Attribute Profile 2.2.15: a telephone number is one in both directions: %s',
    (value) => {
      const phone = definition(naturalName('PhoneNumber'))
      for (const reading of [lenient, strict]) expect(readValues(phone, elementsOf(value), reading)).toEqual(one(value))
      expect(() => read('PhoneNumber', 'call me')).toThrow(fault('EID_VALUE'))
    },
  )

  test.each(['\u00ad', '\u200c', '\u200d', '\u200e', '\u200f'])(
    'A-296: a character that is part of how names are written is taken unchanged: %j',
    (character) => {
      for (const local of ['CurrentFamilyName', 'PlaceOfBirth']) {
        expect(read(local, `ab${character}cd`)).toEqual(one(`ab${character}cd`))
        expect(() => read(local, character.repeat(3))).toThrow(fault('EID_TEXT'))
      }
      expect(() => read('PersonIdentifier', `XA/XB/a${character}b`)).toThrow(fault('EID_TEXT'))
      expect(() => read('EmailAddress', `a${character}b@c.example`)).toThrow(fault('EID_TEXT'))
    },
  )

  test.each(['nobody', 'a@b@c', '@b', 'a b@c', `${'a'.repeat(65)}@b`])('%s is no e-mail address', (value) => {
    expect(() => read('EmailAddress', value)).toThrow(fault('EID_VALUE'))
  })

  test('A-188, A-193: malformed identifiers of either person', () => {
    expect(() => read('PersonIdentifier', '4711')).toThrow(fault('EID_PID'))
    expect(() => readValues(definition(legalName('LegalPersonIdentifier')), elementsOf('xa/XB/1'), lenient)).toThrow(
      fault('EID_PID'),
    )
  })

  test('R-AP-27: GR is read as EL where that is configured', () => {
    expect(
      readValues(definition(naturalName('PersonIdentifier')), elementsOf('GR/SE/1'), { ...lenient, acceptGR: true }),
    ).toEqual(one('EL/SE/1'))
  })

  test('R-MF-15: a country that leaves is EL for Greece; one that comes is read so where GR may be said', () => {
    for (const local of ['Nationality', 'CountryOfBirth', 'CountryOfResidence']) {
      const readAs = (reading: Partial<ValueReading>) =>
        readValues(definition(naturalName(local)), elementsOf('GR'), { ...lenient, ...reading })
      expect(readAs({ strict: true })).toEqual(one('EL'))
      expect(readAs({ acceptGR: true })).toEqual(one('EL'))
      expect(readAs({})).toEqual(one('GR'))
    }
  })

  test('R-AP-32: an address that leaves is written anew; one that comes is passed on as given', () => {
    const fragment = '\n<x:PostName>Ulm & Sons</x:PostName><y:Floor>3</y:Floor>\r\n<PoBox>7</PoBox>'
    const folded = Buffer.from(fragment)
      .toString('base64')
      .replace(/(.{20})(?=.)/g, '$1\n')
    const written = Buffer.from('<eidas:PoBox>7</eidas:PoBox>\n<eidas:PostName>Ulm &amp; Sons</eidas:PostName>')
    const values = elementsOf(folded)
    for (const address of [definition(naturalName('CurrentAddress')), definition(legalName('LegalPersonAddress'))]) {
      expect(readValues(address, values, strict)).toEqual(one(written.toString('base64')))
      expect(readValues(address, values, lenient)).toEqual(one(folded))
    }
  })

  test('A-194: an address is judged by its content', () => {
    expect(() => read('CurrentAddress', 'not an address')).toThrow(fault('EID_ADDRESS'))
  })

  test('no value reaches the detail of a fault', () => {
    for (const [local, value] of [
      ['PersonIdentifier', 'SECRET'],
      ['DateOfBirth', 'SECRET'],
      ['Gender', 'SECRET'],
      ['EmailAddress', 'SECRET'],
      ['CurrentAddress', 'SECRET'],
      ['PhoneNumber', 'SECRET'],
    ] as const) {
      expect(() => read(local, value)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('SECRET') }),
      )
    }
  })
})

describe('an additional attribute', () => {
  const name = 'urn:x:role'
  const registry = attributesWith([{ name, friendlyName: 'Role', person: 'natural', multiple: true }])

  test('AP 2.7: is written as xs:string and read back', () => {
    const role = registry.definitionOf(name)
    if (role === undefined) throw new TypeError(name)
    const values = [...one('notary'), ...one('judge')]
    const written = writeText(el(saml('Attribute'), {}, ...writeValues(role, values)))
    expect(written).toContain(`xmlns:xs="${ns.xs}"`)
    expect(written).toContain('xsi:type="xs:string">notary<')
    expect(readValues(role, many(scan(Buffer.from(written), messageLimits), saml('AttributeValue')), strict)).toEqual(
      values,
    )
  })
})
