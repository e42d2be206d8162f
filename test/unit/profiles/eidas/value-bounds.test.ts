import { definitionOf } from '../../../../src/identity/attributes.ts'
import { writeAddress } from '../../../../src/profiles/eidas/address.ts'
import { readNationalIdentifier, readValue } from '../../../../src/profiles/eidas/value-rules.ts'
import { outcome } from '../../xmlsec/samples.ts'
import { naturalName } from '../samples.ts'

/* Where each kind of value begins and ends: the last that is one, and the first that is not. */

const strict = { strict: true, now: Date.parse('2026-11-23T12:00:00Z') }
const lenient = { ...strict, strict: false }

function definition(local: string) {
  const found = definitionOf(naturalName(local))
  if (found === undefined) throw new TypeError(local)
  return found
}

const judged = (local: string, value: string, reading = strict): string =>
  outcome(() => expect(readValue(definition(local), value, reading)).toBe(value))

describe.each([
  [
    'DateOfBirth',
    ['1000-01-01', '1980-12-31', '2026-11-23'],
    ['x1980-12-31', '1980-12-310', '1980-12-00', '0999-12-31'],
  ],
  ['CountryOfBirth', ['SE', 'AA', 'ZZ'], ['xSE', 'SEx', 'S']],
  ['PhoneNumber', ['+12', '+123456789012345', '12', '+46 8 123 456'], ['+', '1', '++12', 'x+12', '+12x']],
  ['EmailAddress', ['a@b', `${'a'.repeat(64)}@b`], ['a@', '@ab', `${'a'.repeat(65)}@b`, 'a@b@c', 'a b@c', 'a@b c']],
  ['Gender', ['Male', 'Female', 'Unspecified'], ['male', 'xMale', 'Malex', 'Other']],
] as const)('what we send as %s', (local, values, others) => {
  test.each(values)('may be %s', (value) => expect(judged(local, value)).toBe('accepted'))
  test.each(others)('A-193: is EID_VALUE when it is %s', (value) => expect(judged(local, value)).toBe('EID_VALUE'))
})

describe('a telephone number that a peer sends', () => {
  test.each(['12', '(1', '+1 (0)/2.3-4', `1${'2'.repeat(30)}`])('may be %s', (value) => {
    expect(judged('PhoneNumber', value, lenient)).toBe('accepted')
  })

  test.each(['1', '/12', '++12', 'x12', '12x', `1${'2'.repeat(31)}`])('A-193: is EID_VALUE when it is %s', (value) => {
    expect(judged('PhoneNumber', value, lenient)).toBe('EID_VALUE')
  })
})

describe('a gender that a peer sends', () => {
  const read = (value: string) => readValue(definition('Gender'), value, lenient)

  test.each([
    ['male', 'Male'],
    ['FEMALE', 'Female'],
    ['unSpecified', 'Unspecified'],
  ])('R-IA-1: %s is read as %s', (value, word) => {
    expect(read(value)).toBe(word)
  })

  test.each(['xmale', 'malex', 'other'])('A-193: is EID_VALUE when it is %s', (value) => {
    expect(outcome(() => read(value))).toBe('EID_VALUE')
  })
})

test('A-194: an address is passed on as given once it is known to be one', () => {
  expect(judged('CurrentAddress', 'not base64')).toBe('EID_ADDRESS')
  const written = writeAddress({ PostName: 'Paris' })
  expect(judged('CurrentAddress', written)).toBe('accepted')
})

test('A-193: an e-mail address has at most 254 characters', () => {
  expect(judged('EmailAddress', `a@${'b'.repeat(252)}`)).toBe('accepted')
  expect(judged('EmailAddress', `a@${'b'.repeat(253)}`)).toBe('EID_VALUE')
})

test('A-193: a day begins fourteen hours before it begins in UTC, not earlier', () => {
  const begins = Date.parse('2026-11-24T00:00:00Z') - 14 * 3_600_000
  expect(judged('DateOfBirth', '2026-11-24', { ...strict, now: begins })).toBe('accepted')
  expect(judged('DateOfBirth', '2026-11-24', { ...strict, now: begins - 1 })).toBe('EID_VALUE')
})

test('A-189: what is empty is none: EID_MDS where it is mandatory, else EID_VALUE', () => {
  expect(judged('CurrentFamilyName', ' ')).toBe('EID_MDS')
  expect(judged('PlaceOfBirth', ' ')).toBe('EID_VALUE')
  expect(judged('CurrentFamilyName', '\u00a0')).toBe('EID_MDS')
})

test('A-188: an identifier without countries has 250 characters at most, and no white space', () => {
  const read = (value: string) => outcome(() => readNationalIdentifier(definition('PersonIdentifier'), value))
  expect(read('1')).toBe('accepted')
  expect(read('1'.repeat(250))).toBe('accepted')
  expect(read('1'.repeat(251))).toBe('EID_PID')
  expect(read('1 2')).toBe('EID_PID')
  expect(read('\u2066')).toBe('EID_TEXT')
  expect(read('')).toBe('EID_MDS')
})
