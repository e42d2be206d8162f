import {
  attributeFrom,
  attributeTo,
  canReach,
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
  test('R-LAW-11: map both ways', () => {
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

  test.each([
    ['minimum', [substantial], true],
    ['minimum', [high], false],
    ['exact', ['urn:xb:own'], true],
    ['exact', ['urn:xb:other'], false],
    ['exact', ['urn:xb:other', substantial], true],
  ] as const)('R-IA-19: %s %j is within reach: %s', (comparison, levels, reached) => {
    const own: NationalMapping = { attributes: {}, loa: { 'urn:3': substantial, 'urn:own': 'urn:xb:own' } }
    expect(canReach(own, { comparison, levels })).toBe(reached)
  })

  test('R-IA-19: without a mapping every level up to the highest is within reach', () => {
    const upTo = { ...noMapping, maximumLoA: substantial }
    expect(canReach(upTo, { comparison: 'exact', levels: ['urn:xb:own'] })).toBe(true)
    expect(canReach(upTo, { comparison: 'minimum', levels: [substantial] })).toBe(true)
    expect(canReach(upTo, { comparison: 'minimum', levels: [high] })).toBe(false)
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
    expect(contextFrom(noMapping, asked(high, notNotified), 'accept')).toEqual({
      comparison: 'exact',
      levels: [high, notNotified],
    })
    expect(contextFrom(noMapping, asked(notNotified, low), 'accept').levels).toEqual([
      low,
      substantial,
      high,
      notNotified,
    ])
    const minimum = { comparison: 'minimum', ...asked(notNotified) } as const
    expect(() => contextFrom(noMapping, minimum, 'accept')).toThrow(fault('EID_LOA_REQ'))
  })

  test('R-MF-64: non-notified levels mean nothing unless they are accepted, mapped or not', () => {
    const notNotified = 'http://eidas.europa.eu/NotNotified/LoA/high'
    const mapped = { attributes: {}, loa: { 'urn:own': 'urn:x:loa' } }
    expect(contextFrom(noMapping, asked(high, notNotified))).toEqual({ comparison: 'minimum', levels: [high] })
    expect(() => contextFrom(noMapping, asked(notNotified))).toThrow(fault('EID_LOA_REQ'))
    expect(() => contextFrom(mapped, asked('urn:own'))).toThrow(fault('EID_LOA_REQ'))
    expect(contextFrom(mapped, asked('urn:own'), 'accept').levels).toEqual(['urn:x:loa'])
  })

  test.each(['better', 'maximum'] as const)('R-MF-62, A-186: refused with %s', (comparison) => {
    expect(() => contextFrom(noMapping, { comparison, ...asked(low) })).toThrow(fault('EID_LOA_REQ'))
  })
})

describe('STORK', () => {
  const qaa = (level: number) => `http://www.stork.gov.eu/1.0/citizenQAALevel/${level}`
  const notNotified = (level: string) => `http://eidas.europa.eu/NotNotified/LoA/${level}`
  const stork: NationalMapping = { attributes: {}, loa: {}, stork: true }

  test.each([
    [2, 'low'],
    [3, 'substantial'],
    [4, 'high'],
  ])('QAA %i is %s and never notified', (level, equivalent) => {
    expect(loaFrom(stork, qaa(level))).toBe(notNotified(equivalent))
    expect(loaTo(stork, notNotified(equivalent))).toBe(qaa(level))
  })

  test.each([qaa(1), qaa(0), qaa(5), `${qaa(3)}/`, high])('%s is nothing', (classRef) => {
    expect(() => loaFrom(stork, classRef)).toThrow(fault('EID_LOA'))
  })

  test('is spoken beside classes that are mapped, and only where it is configured', () => {
    expect(loaFrom({ ...mapping, stork: true }, 'urn:level3')).toBe(substantial)
    expect(loaFrom({ ...mapping, stork: true }, qaa(3))).toBe(notNotified('substantial'))
    expect(() => loaFrom(mapping, qaa(3))).toThrow(fault('EID_LOA'))
  })

  test('is asked for by QAA where the level was asked for exactly, and by no minimum', () => {
    const exact = { comparison: 'exact', levels: [notNotified('substantial'), notNotified('high')] } as const
    expect(contextTo(stork, exact).classRefs).toEqual([qaa(3), qaa(4)])
    expect(() => contextTo(stork, { comparison: 'minimum', levels: [low] })).toThrow(fault('EID_LOA'))
  })
})

describe('a scheme with a highest level', () => {
  const upTo = (maximumLoA: NonNullable<NationalMapping['maximumLoA']>, of: NationalMapping = mapping) => ({
    ...of,
    maximumLoA,
  })

  test('R-LAW-11: never claims more', () => {
    expect(loaFrom(upTo(substantial), 'urn:level3')).toBe(substantial)
    expect(() => loaFrom(upTo(substantial), 'urn:level4')).toThrow(fault('EID_LOA'))
    expect(() => loaFrom(upTo(substantial, noMapping), high)).toThrow(fault('EID_LOA'))
    const notNotified = 'http://eidas.europa.eu/NotNotified/LoA/high'
    expect(() => loaFrom(upTo(substantial, noMapping), notNotified)).toThrow(fault('EID_LOA'))
  })

  test('is asked for no more, and not asked at all for what it does not reach', () => {
    const minimum = { comparison: 'minimum', levels: [low] } as const
    expect(contextTo(upTo(substantial), minimum).classRefs).toEqual(['urn:level2', 'urn:level3', 'urn:level3plus'])
    expect(contextTo(upTo(substantial, noMapping), minimum)).toEqual({
      comparison: 'exact',
      classRefs: [low, substantial],
      declRefs: [],
    })
    expect(() => contextTo(upTo(low), { comparison: 'minimum', levels: [high] })).toThrow(fault('EID_LOA'))
  })
})
