import {
  attributeFrom,
  attributeTo,
  contextFrom,
  contextTo,
  loaFrom,
  loaTo,
  type NationalMapping,
  noMapping,
} from '../../../../src/profiles/national/mapping.ts'
import { fault, high, low, naturalName, substantial } from '../samples.ts'

const mapping: NationalMapping = {
  attributes: { surname: naturalName('CurrentFamilyName'), sn: naturalName('CurrentFamilyName') },
  loa: { 'urn:level2': low, 'urn:level3': substantial, 'urn:level3plus': substantial, 'urn:level4': high },
}

const asked = (...classRefs: readonly string[]) => ({ classRefs, declRefs: [] })

describe('national attribute names', () => {
  test('map to Name URIs; a Name URI is its own name', () => {
    expect(attributeFrom(mapping, 'sn')).toBe(naturalName('CurrentFamilyName'))
    expect(attributeFrom(mapping, naturalName('Gender'))).toBe(naturalName('Gender'))
  })

  test.each(['givenName', 'toString', '__proto__', 'SN'])('%s is nobody mapped', (name) => {
    expect(attributeFrom(mapping, name)).toBeUndefined()
  })

  test('the first name that maps to an attribute is the one that is written', () => {
    expect(attributeTo(mapping, naturalName('CurrentFamilyName'))).toBe('surname')
    expect(attributeTo(mapping, naturalName('Gender'))).toBe(naturalName('Gender'))
  })
})

describe('national levels', () => {
  test('map both ways', () => {
    expect(loaFrom(mapping, 'urn:level3')).toBe(substantial)
    expect(loaTo(mapping, substantial)).toBe('urn:level3')
    expect(loaTo(noMapping, high)).toBe(high)
  })

  test('A-184: where classes are mapped, nothing else means anything', () => {
    expect(() => loaFrom(mapping, 'urn:level5')).toThrow(fault('EID_LOA'))
    expect(() => loaFrom(mapping, high)).toThrow(fault('EID_LOA'))
    expect(() => loaFrom(mapping, 'constructor')).toThrow(fault('EID_LOA'))
  })

  test('R-MF-62: without a mapping the levels are those of eIDAS, to the letter', () => {
    expect(loaFrom(noMapping, high)).toBe(high)
    expect(() => loaFrom(noMapping, 'http://eidas.europa.eu/LoA/High')).toThrow(fault('EID_LOA'))
  })

  test('R-IA-20: all classes that are good enough are asked for', () => {
    expect(contextTo(mapping, { comparison: 'minimum', levels: [substantial] })).toEqual({
      comparison: 'exact',
      classRefs: ['urn:level3', 'urn:level3plus', 'urn:level4'],
      declRefs: [],
    })
    expect(contextTo(noMapping, { comparison: 'minimum', levels: [low] })).toEqual({
      comparison: 'minimum',
      classRefs: [low],
      declRefs: [],
    })
  })

  test('R-IA-19: a level no class reaches', () => {
    const modest = { ...mapping, loa: { 'urn:level2': low } }
    expect(() => contextTo(modest, { comparison: 'minimum', levels: [high] })).toThrow(fault('EID_LOA'))
  })

  test('R-MF-60: notified levels become a minimum, the lowest', () => {
    const minimum = { comparison: 'minimum', levels: [substantial] }
    expect(contextFrom(mapping, asked('urn:level4', 'urn:level3'))).toEqual(minimum)
    expect(contextFrom(noMapping, { comparison: 'minimum', ...asked(substantial) })).toEqual(minimum)
    expect(contextFrom(mapping, asked(high, 'urn:level3'))).toEqual(minimum)
  })

  test('SAML Core 3.3.2.2.1: unknown classes are passed over as long as one is known', () => {
    const password = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport'
    expect(contextFrom(noMapping, asked(password, high)).levels).toEqual([high])
    expect(() => contextFrom(noMapping, asked(password))).toThrow(fault('EID_LOA_REQ'))
    expect(() => contextFrom(noMapping, asked())).toThrow(fault('EID_LOA_REQ'))
  })

  test('R-MF-61: non-notified levels stay exact', () => {
    const notNotified = 'http://eidas.europa.eu/NotNotified/LoA/high'
    expect(contextFrom(noMapping, asked(high, notNotified))).toEqual({
      comparison: 'exact',
      levels: [high, notNotified],
    })
    expect(() => contextFrom(noMapping, { comparison: 'minimum', ...asked(notNotified) })).toThrow(fault('EID_LOA_REQ'))
  })

  test.each(['better', 'maximum'] as const)('R-MF-62, A-186: refused with %s', (comparison) => {
    expect(() => contextFrom(noMapping, { comparison, ...asked(low) })).toThrow(fault('EID_LOA_REQ'))
  })
})
