import { randomBytes } from 'node:crypto'
import { redisStores } from '../../src/store/redis.ts'
import type { Stores } from '../../src/store/store.ts'
import { askedExchange } from '../testkit/exchanges.ts'
import { startRedis, type TestRedis } from '../testkit/redis.ts'

/* Seal keys are changed on several instances that share one Redis. */

let redis: TestRedis
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())

const old = randomBytes(32)
const fresh = randomBytes(32)
let started = 0

/** Runs `use` with an instance for each list of keys, in the order in which they started. */
async function withInstances(
  lists: readonly (readonly Uint8Array[])[],
  use: (...instances: readonly Stores[]) => Promise<void>,
): Promise<void> {
  const prefix = `node-${randomBytes(4).toString('hex')}:`
  const open: Stores[] = []
  try {
    for (const sealKeys of lists) {
      started += 1
      const at = 1_800_000_000_000 + started
      open.push(await redisStores({ url: redis.url, sealKeys, prefix, now: () => at, random: randomBytes }))
    }
    await use(...open)
  } finally {
    await Promise.all(open.map((one) => one.close()))
  }
}

/** Whether a sign-in that one instance keeps goes on at the other. */
async function goesOn(from: Stores | undefined, to: Stores | undefined): Promise<boolean> {
  await from?.exchanges('connector').put('handle', askedExchange, 60)
  return (
    (await to
      ?.exchanges('connector')
      .take('handle')
      .catch(() => undefined)) !== undefined
  )
}

test.each([
  ['a key that is introduced read-only', [[old], [old, fresh]]],
  [
    'a key that every instance has and one seals with',
    [
      [old, fresh],
      [fresh, old],
    ],
  ],
  ['an old key that is taken away when none seals with it', [[fresh, old], [fresh]]],
])('%s: sign-ins go on between the instances, in both directions, and the keys count as equal', async (_, lists) => {
  await withInstances(lists, async (first, second) => {
    expect([await goesOn(first, second), await goesOn(second, first)]).toEqual([true, true])
    expect(second?.sealKeys()).toEqual({ equal: true, atFault: false })
  })
})

test('a key that seals before every instance has it shows at the instance that started later', async () => {
  await withInstances([[old], [fresh, old]], async (first, second) => {
    expect(await goesOn(second, first)).toBe(false)
    expect(second?.sealKeys()).toEqual({ equal: false, atFault: true })
  })
})

test('an instance that has stopped does not count', async () => {
  await withInstances([[old]], async (first) => {
    await first?.close()
    await withInstances([[fresh]], async (second) => {
      expect(second?.sealKeys()).toEqual({ equal: true, atFault: false })
    })
  })
})
