import { GONE_AFTER_MILLISECONDS, readInstance, sealKeyState, writeInstance } from '../../../src/store/instances.ts'

const one = { id: 'a', keys: ['k1'], since: 1_000, at: 500_000 }

describe('seal keys of instances', () => {
  test('an instance reads what another wrote', () => {
    expect(readInstance('a', writeInstance(one))).toEqual(one)
  })

  test.each(['', 'x 1 k', '1 x k', '1 2', '1e3 2 k'])('%j is no instance', (text) => {
    expect(readInstance('a', text)).toBeUndefined()
  })

  test('of two that differ the later one is at fault; of two of one start, the greater name', () => {
    const other = { ...one, id: 'b', keys: ['k2'], since: 2_000 }
    expect(sealKeyState(one, [one, other])).toEqual({ equal: false, atFault: false })
    expect(sealKeyState(other, [one, other])).toEqual({ equal: false, atFault: true })
    const twin = { ...other, since: one.since }
    expect(sealKeyState(twin, [one, twin])).toEqual({ equal: false, atFault: true })
  })

  test('an instance that opens what others seal, but seals with what they cannot open, is unequal', () => {
    const other = { ...one, id: 'b', keys: ['k2', 'k1'], since: 2_000 }
    expect(sealKeyState(other, [one, other])).toEqual({ equal: false, atFault: true })
    expect(sealKeyState({ ...other, keys: ['k1', 'k2'] }, [one])).toEqual({ equal: true, atFault: false })
  })

  test('an instance that has told nothing for a minute is gone', () => {
    const other = { ...one, id: 'b', keys: ['k2'], at: one.at - GONE_AFTER_MILLISECONDS }
    expect(sealKeyState(one, [other])).toEqual({ equal: true, atFault: false })
    expect(sealKeyState(one, [{ ...other, at: other.at + 1 }])).toMatchObject({ equal: false })
  })
})
