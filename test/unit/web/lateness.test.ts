import { BEAT_MILLISECONDS, createLateness } from '../../../src/web/lateness.ts'

describe('whether the event loop keeps up', () => {
  const after = (...lags: readonly number[]) => {
    let now = 0
    const lateness = createLateness(() => now)
    for (const lag of lags) {
      now += BEAT_MILLISECONDS + lag
      lateness.beat()
    }
    return lateness.isLate()
  }

  test.each([
    ['no beat yet', [], false],
    ['beats in time', [0, 5, 20], false],
    ['one long piece of work', [0, 5_000], false],
    ['one long piece of work, then none', [5_000, 0], false],
    ['more work than can be done', [0, 2_500, 2_500], true],
    ['almost', [2_500, 2_499], false],
    ['over again', [3_000, 3_000, 10], false],
  ] as const)('%s: %j', (_, lags, isLate) => {
    expect(after(...lags)).toBe(isLate)
  })
})
