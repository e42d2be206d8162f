import { messageLimits } from '../../../src/xml/limits.ts'
import { ds, ns, saml, xsi } from '../../../src/xml/names.ts'
import {
  attribute,
  elements,
  expectNamed,
  many,
  one,
  onlyAttributes,
  onlyChildren,
  optional,
  qualifiedAttribute,
  text,
} from '../../../src/xml/reader.ts'
import { scan } from '../../../src/xml/scanner.ts'
import { advice, octets } from './samples.ts'

function tree(inside: string, attributes = '') {
  return scan(octets(advice(inside, attributes)), messageLimits)
}

function fault(code: string) {
  return expect.objectContaining({ code })
}

const family = tree(
  ` <saml2:Name>a</saml2:Name><saml2:Audience/><p:Name xmlns:p="${ns.samlp}"/><saml2:Name>b</saml2:Name>`,
)

test('elements leaves text out and keeps the order', () => {
  expect(elements(family).map(({ local }) => local)).toEqual(['Name', 'Audience', 'Name', 'Name'])
})

test('A-047 many compares namespace and local name, never the prefix', () => {
  expect(many(family, saml('Name')).map(text)).toEqual(['a', 'b'])
  expect(many(family, { ...saml('Name'), prefix: 'other' })).toHaveLength(2)
  expect(many(family, ds('Name'))).toEqual([])
})

test('many looks at children, not at descendants', () => {
  expect(many(tree('<saml2:Advice><saml2:Name/></saml2:Advice>'), saml('Name'))).toEqual([])
})

test('one gives exactly one; none and two are refused', () => {
  expect(one(family, saml('Audience'))).toMatchObject({ local: 'Audience' })
  expect(() => one(family, saml('Name'))).toThrow(fault('XML_SCHEMA'))
  expect(() => one(family, saml('Issuer'))).toThrow(fault('XML_SCHEMA'))
})

test('optional gives one or none; two are refused', () => {
  expect(optional(family, saml('Audience'))).toMatchObject({ local: 'Audience' })
  expect(optional(family, saml('Issuer'))).toBeUndefined()
  expect(() => optional(family, saml('Name'))).toThrow(fault('XML_SCHEMA'))
})

test('A-068 text is given as it stands, white space and all', () => {
  expect(text(tree(' a\n b '))).toBe(' a\n b ')
  expect(text(tree(''))).toBe('')
})

test('A-044 an element inside text is refused', () => {
  expect(() => text(tree('admin<saml2:x>.evil</saml2:x>'))).toThrow(fault('XML_MIXED'))
  expect(() => text(tree('<saml2:x/>'))).toThrow(fault('XML_MIXED'))
})

test('A-046 attribute finds unprefixed ones only, qualifiedAttribute those of its namespace only', () => {
  const [value] = elements(
    tree(`<saml2:AttributeValue xmlns:xsi="${ns.xsi}" xmlns:xs="${ns.xs}" xsi:type="xs:string" Name="n"/>`),
  )
  if (value === undefined) throw new TypeError()
  expect(attribute(value, 'Name')).toBe('n')
  expect(attribute(value, 'type')).toBeUndefined()
  expect(qualifiedAttribute(value, xsi('type'))).toBe('xs:string')
  expect(qualifiedAttribute(value, xsi('Name'))).toBeUndefined()
})

test('an attribute that is empty is there', () => {
  expect(attribute(tree('', ' Name=""'), 'Name')).toBe('')
})

test('expectNamed refuses another element', () => {
  expect(() => expectNamed(family, saml('Advice'))).not.toThrow()
  expect(() => expectNamed(family, saml('Assertion'))).toThrow(fault('SAML_TYPE'))
  expect(() => expectNamed(family, ds('Advice'))).toThrow(fault('SAML_TYPE'))
})

test('A-066 onlyChildren refuses strays and text, and lets white space be', () => {
  expect(() => onlyChildren(tree(' \t\r\n<saml2:Name/> '), [saml('Name')])).not.toThrow()
  expect(() => onlyChildren(tree('<saml2:Name/>'), [ds('Name')])).toThrow(fault('XML_SCHEMA'))
  expect(() => onlyChildren(tree('x<saml2:Name/>'), [saml('Name')])).toThrow(fault('XML_MIXED'))
  expect(() => onlyChildren(tree('\u00a0'), [])).toThrow(fault('XML_MIXED'))
})

test('A-046 onlyAttributes refuses others; those of other namespaces are not looked at, and are none of those named', () => {
  expect(() => onlyAttributes(tree('', ' ID="_a" Name="n"'), ['ID', 'Name'])).not.toThrow()
  expect(() => onlyAttributes(tree('', ' Name="n"'), ['ID'])).toThrow(fault('XML_ATTR'))
  const foreign = tree('', ' xml:lang="en"')
  expect(() => onlyAttributes(foreign, [])).not.toThrow()
  expect(attribute(foreign, 'lang')).toBeUndefined()
})
