import { writeChecked } from '../../../src/xml/checked-writer.ts'
import { messageLimits } from '../../../src/xml/limits.ts'
import { saml, samlp } from '../../../src/xml/names.ts'
import { el, withQualified, writeXml, type XmlPart } from '../../../src/xml/writer.ts'
import { outcome } from '../xmlsec/samples.ts'

const verdict = (part: XmlPart, limits = messageLimits) => outcome(() => writeChecked(part, limits))
const value = (text: string) => el(saml('Issuer'), {}, text)

test('A-182: markup in a value stays a value', () => {
  const part = value('</saml2:Issuer><saml2:Issuer Format="x">&amp;<!-- -->]]>')
  expect(verdict(part)).toBe('accepted')
  expect(writeChecked(part)).toEqual(writeXml(part))
})

test('texts side by side are one text, and an empty one is none', () => {
  expect(verdict(el(saml('Issuer'), {}, '', 'a', '', 'b', el(saml('NameID'), {}, ''), 'c'))).toBe('accepted')
})

test.each([
  ['a character that XML has not', value('a\u0001b')],
  ['a character that messages do not take', value('a\u2028b')],
  ['half a character, which octets cannot say', value('a\ud800b')],
  ['half a character in an attribute', el(saml('Issuer'), { Format: '\udc00' })],
  ['a name that is none', el({ ...saml('Issuer'), local: 'Issuer Format="x"' })],
  ['a name that closes its tag', el(samlp('Response'), {}, el({ ...saml('Issuer'), local: 'Issuer/' }))],
  ['an attribute that hides another', el(saml('Issuer'), { 'Format="a" Name': 'b' })],
  [
    'an attribute twice',
    withQualified(el(saml('Issuer'), { Format: 'a' }), [[{ ...saml('Format'), namespace: '', prefix: '' }, 'b']]),
  ],
  ['an attribute that declares a prefix', el(saml('Issuer'), { 'xmlns:ds': 'http://www.w3.org/2000/09/xmldsig#' })],
  ['a namespace that has no canonical form', el({ ...saml('Issuer'), namespace: 'other' })],
])('A-183: %s is not sent', (_, part) => {
  expect(verdict(part)).toBe('OUT_SELFCHECK')
})

test('a message as large as peers accept is sent, a larger one is not', () => {
  const part = value('a'.repeat(500))
  const { length } = writeXml(part)
  expect(verdict(part, { ...messageLimits, octets: length })).toBe('accepted')
  expect(verdict(part, { ...messageLimits, octets: length - 1 })).toBe('OUT_SELFCHECK')
})
