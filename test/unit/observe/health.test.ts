import { readHealth, toldHealth } from '../../../src/observe/health.ts'

describe('health', () => {
  test.each([
    [true, true, { healthy: true, store: 'ok', trust: 'ok', sealKeys: 'ok' }],
    [false, true, { healthy: false, store: 'unreachable', trust: 'ok', sealKeys: 'ok' }],
    [true, false, { healthy: false, store: 'ok', trust: 'empty', sealKeys: 'ok' }],
    [false, false, { healthy: false, store: 'unreachable', trust: 'empty', sealKeys: 'ok' }],
  ])('store %j and trust %j', async (store, trust, health) => {
    expect(await readHealth({ storeReachable: async () => store, trustLoaded: () => trust })).toEqual(health)
  })

  test('the log says why it is 503, once for each reason, and when it is over', async () => {
    const lines: string[] = []
    let state = [true, true]
    const read = () =>
      readHealth({ storeReachable: async () => state[0] === true, trustLoaded: () => state[1] === true })
    const health = toldHealth(read, { info: (text) => lines.push(text), error: (text) => lines.push(`! ${text}`) })
    for (const next of [
      [true, true],
      [false, true],
      [false, true],
      [false, false],
      [true, true],
      [true, true],
    ]) {
      state = next
      expect(await health()).toMatchObject({ healthy: next.every((one) => one) })
    }
    expect(lines).toEqual([
      '! /health says 503: the store does not answer, is full, or may forget',
      '! /health says 503: the store does not answer, is full, or may forget, no node of another country is trusted',
      '/health says 200 again',
    ])
  })

  test.each([
    [
      'the later of two instances with other seal keys is not healthy',
      { equal: false, atFault: true },
      false,
      'unequal',
    ],
    ['the earlier one goes on', { equal: false, atFault: false }, true, 'others'],
    ['equal seal keys are well', { equal: true, atFault: false }, true, 'ok'],
  ])('%s', async (_, state, healthy, sealKeys) => {
    const sources = { storeReachable: async () => true, trustLoaded: () => true, sealKeys: () => state }
    expect(await readHealth(sources)).toMatchObject({ healthy, sealKeys })
  })

  test('what cannot be learnt is not well', async () => {
    const storeReachable = () => Promise.reject(new Error('no'))
    const trustLoaded = () => {
      throw new Error('no')
    }
    expect(await readHealth({ storeReachable, trustLoaded: () => true })).toMatchObject({ healthy: false })
    expect(await readHealth({ storeReachable: async () => true, trustLoaded })).toMatchObject({ healthy: false })
  })
})
