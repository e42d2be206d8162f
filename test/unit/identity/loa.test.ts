import {
  isAbove,
  isMisusedLoA,
  isNotified,
  notifiedLevels,
  satisfiable,
  satisfies,
  withinReach,
} from '../../../src/identity/loa.ts'

const [low, substantial, high] = notifiedLevels
const nonNotified = 'http://eidas.europa.eu/NotNotified/LoA/high'

describe('levels of assurance', () => {
  test('R-MF-60: low < substantial < high', () => {
    const reached = (minimum: string) =>
      notifiedLevels.filter((loa) => satisfies(loa, { comparison: 'minimum', levels: [minimum] }))
    expect(reached(low)).toEqual([low, substantial, high])
    expect(reached(substantial)).toEqual([substantial, high])
    expect(reached(high)).toEqual([high])
  })

  test('R-MF-61: a non-notified level is equal only to itself', () => {
    expect(satisfies(nonNotified, { comparison: 'minimum', levels: [low] })).toBe(false)
    expect(satisfies(high, { comparison: 'minimum', levels: [nonNotified] })).toBe(false)
    expect(satisfies(nonNotified, { comparison: 'minimum', levels: [nonNotified] })).toBe(false)
    expect(satisfies(nonNotified, { comparison: 'exact', levels: [high, nonNotified] })).toBe(true)
    expect(satisfies(substantial, { comparison: 'exact', levels: [high, nonNotified] })).toBe(false)
  })

  test('nothing satisfies a request without a level', () => {
    expect(satisfies(high, { comparison: 'minimum', levels: [] })).toBe(false)
    expect(satisfies(high, { comparison: 'exact', levels: [] })).toBe(false)
  })

  test('R-IA-19: satisfiable when one of the offered levels is enough', () => {
    expect(satisfiable({ comparison: 'minimum', levels: [substantial] }, [low, high])).toBe(true)
    expect(satisfiable({ comparison: 'minimum', levels: [high] }, [low, substantial])).toBe(false)
    expect(satisfiable({ comparison: 'minimum', levels: [low] }, [])).toBe(false)
  })

  test.each([
    'http://eidas.europa.eu/LoA/medium',
    'HTTP://eidas.europa.eu/LoA/high',
    'http://eidas.europa.eu/LoA/High',
    'http://eidas.europa.eu/LoA/high/',
    'http://eidas.europa.eu/LoA/',
  ])('R-MF-62, A-184: %s only pretends to be notified', (loa) => {
    expect(isNotified(loa)).toBe(false)
    expect(isMisusedLoA(loa)).toBe(true)
    expect(satisfies(loa, { comparison: 'minimum', levels: [low] })).toBe(false)
  })

  test('R-MF-62: other URIs are free', () => {
    expect(isMisusedLoA(nonNotified)).toBe(false)
    expect(isMisusedLoA(high)).toBe(false)
  })

  test('above a maximum: by order, or by the claim to be equivalent', () => {
    expect(isAbove(high, substantial)).toBe(true)
    expect(isAbove(nonNotified, substantial)).toBe(true)
    for (const loa of [low, substantial, 'http://eidas.europa.eu/NotNotified/LoA/low', 'urn:x:loa']) {
      expect(isAbove(loa, substantial)).toBe(false)
    }
  })

  test('within reach of a maximum', () => {
    expect(withinReach({ comparison: 'minimum', levels: [substantial] }, substantial)).toBe(true)
    expect(withinReach({ comparison: 'minimum', levels: [high] }, substantial)).toBe(false)
    expect(withinReach({ comparison: 'exact', levels: [high, nonNotified] }, substantial)).toBe(false)
    expect(withinReach({ comparison: 'exact', levels: [high, 'urn:x:loa'] }, substantial)).toBe(true)
  })
})
