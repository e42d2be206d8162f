import { readHealth } from '../../../src/observe/health.ts'

describe('health', () => {
  test.each([
    [true, true, { healthy: true, store: 'ok', trust: 'ok' }],
    [false, true, { healthy: false, store: 'unreachable', trust: 'ok' }],
    [true, false, { healthy: false, store: 'ok', trust: 'empty' }],
    [false, false, { healthy: false, store: 'unreachable', trust: 'empty' }],
  ])('store %j and trust %j', async (store, trust, health) => {
    expect(await readHealth({ storeReachable: async () => store, trustLoaded: () => trust })).toEqual(health)
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
