import type { AttributeDefinition, ValueKind } from '../../../src/identity/attributes.ts'
import type { AttributeValue } from '../../../src/identity/outcome.ts'
import { profileCode } from '../../../src/identity/person-identifier.ts'
import { writeAddress } from '../../../src/profiles/eidas/address.ts'
import { isLatinText } from '../../../src/profiles/eidas/text.ts'
import fc from '../../testkit/properties.ts'
import { NOW } from './samples.ts'

/** What eIDAS attributes may say, for properties. */

const text = fc.stringMatching(/^[A-Za-zÀ-ÿΑ-Ωа-я0-9'., &<>"-]{1,60}$/).filter((value) => value.trim() === value)

const day = fc
  .date({ min: new Date('1000-01-01T00:00:00Z'), max: new Date(NOW), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

const valuesOf: Readonly<Record<ValueKind, fc.Arbitrary<string>>> = {
  text,
  identifier: fc.stringMatching(/^[A-Z]{2}\/[A-Z]{2}\/[!-~]{1,100}$/),
  date: day,
  gender: fc.constantFrom('Male', 'Female', 'Unspecified'),
  country: fc.stringMatching(/^[A-Z]{2}$/).map(profileCode),
  address: text.map((PostName) => writeAddress({ PostName })),
  phone: fc.stringMatching(/^\+[1-9][0-9]{1,14}$/),
  email: fc.emailAddress().filter((value) => value.length < 64),
}

const otherText = text.filter((value) => !isLatinText(value))

/** A name without a mark is in Latin letters. */
const latinText = text.filter(isLatinText)

/** One value; or one in each of two scripts, or several, where the attribute may have them. */
export function valuesFor({
  kind,
  transliterable,
  multiple,
}: AttributeDefinition): fc.Arbitrary<readonly AttributeValue[]> {
  const one = transliterable ? latinText : valuesOf[kind]
  const single = one.map((value): readonly AttributeValue[] => [{ value, latin: true }])
  const original = otherText.map((value): readonly AttributeValue[] => [{ value, latin: false }])
  const pair = fc.tuple(latinText, text).map(([a, b]) => [
    { value: a, latin: true },
    { value: b, latin: false },
  ])
  const several = fc
    .array(valuesOf[kind], { minLength: 1, maxLength: 3 })
    .map((all) => all.map((value) => ({ value, latin: true })))
  if (transliterable) return fc.oneof(single, original, pair)
  return multiple ? several : single
}
