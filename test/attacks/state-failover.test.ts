import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { complete, openFlow, postAnswer, postRequest, signedAnswer } from '../testkit/flow.ts'
import { freshId, mintRequest, sign } from '../testkit/mint.ts'
import { startRedis, type TestRedis } from '../testkit/redis.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectAnswered, expectPage, expectRefused, expectStillOpen, releasedIn } from '../testkit/verdict.ts'

/*
 * a replica of Redis is promoted before it had the last writes. Nobody can tell that it forgot; what it forgot must
 * not be enough by itself, and not be of use for longer than a sign-in takes.
 */

const DAY = 86_400_000

let redis: TestRedis
let client: Redis
let target: Target
beforeAll(async () => {
  redis = await startRedis()
  client = new Redis(redis.url)
  const environment = { REDIS_URL: redis.url, PASSERELLE_SEAL_KEYS: randomBytes(32).toString('base64') }
  target = await startTarget({ environment })
}, 60_000)
afterAll(async () => {
  await target.stop()
  client.disconnect()
  await redis.stop()
})

const keysOf = (kind: 'exchange' | 'trace' | 'claim') => client.keys(`passerelle:${kind}:*`)

/** Everything of a kind as it is now, to be put back. */
async function copyOf(kind: 'exchange' | 'claim') {
  const copies = await Promise.all(
    (await keysOf(kind)).map(async (key) => ({ key, octets: await client.dumpBuffer(key) })),
  )
  return async () => {
    for (const { key, octets } of copies) await client.restore(key, 60_000, octets, 'REPLACE')
  }
}

describe.each(['connector', 'proxy-service'] as const)('in the %s', (half) => {
  test('A-231 a flow that is there again, though it was used, is not answered with the same message', async () => {
    const flow = await openFlow(target, half)
    const putBack = await copyOf('exchange')
    const message = await signedAnswer(flow)
    await releasedIn(target, await complete(flow, message))
    await putBack()
    expectAnswered(flow, await postAnswer(flow, message), 'SAML_REPLAY')
  })

  test('A-231 with all claims forgotten, a message that was taken finds its flow used', async () => {
    const flow = await openFlow(target, half)
    const message = await signedAnswer(flow)
    await releasedIn(target, await complete(flow, message))
    expect(await client.del(...(await keysOf('claim')))).toBeGreaterThan(0)
    expectPage(target, await postAnswer(flow, message), 'ST_GONE')
  })
})

test.each(['connector', 'proxy-service'] as const)(
  'A-230 an answer that finds Redis full is not lost in the %s: ST_STORE to whoever asked',
  async (half) => {
    const flow = await openFlow(target, half)
    await client.config('SET', 'maxmemory', '1')
    try {
      expectAnswered(flow, await postAnswer(flow, await signedAnswer(flow)), 'ST_STORE')
    } finally {
      await client.config('SET', 'maxmemory', '0')
    }
  },
)

test('A-235 a handle at a stage it is not at is refused, and gets no more time by it', async () => {
  const flow = await openFlow(target)
  for (const key of await keysOf('exchange')) await client.expire(key, 100)
  const step = [['flow', flow.handle] as const, ['action', 'cancel'] as const]
  expectPage(target, await target.wire.post(target.connector.step, step, { cookies: flow.cookies }), 'ST_GONE')
  for (const key of await keysOf('exchange')) expect(await client.ttl(key)).toBeLessThanOrEqual(100)
  await expectStillOpen(flow)
})

test('A-231 a request of the far future is refused, and its ID not kept until then', async () => {
  const { portal } = target.peers
  const id = freshId()
  const message = await sign(mintRequest(portal, { id, issueInstant: Date.now() + 365 * DAY }), portal.signing)
  expectRefused(target, await postRequest(target, portal, message), 'SAML_TIME', id)
  const seconds = await Promise.all((await keysOf('claim')).map((key) => client.ttl(key)))
  expect(Math.max(...seconds)).toBeLessThanOrEqual(720)
})

test('A-231 nothing is kept for longer than it could be of use: ten minutes for a step, twelve for the ID of a message, thirty for where a sign-in began', async () => {
  const flow = await openFlow(target, 'connector')
  await complete(flow)
  await openFlow(target, 'connector')
  const secondsOf = async (kind: 'exchange' | 'trace' | 'claim') =>
    Promise.all((await keysOf(kind)).map((key) => client.ttl(key)))
  for (const [kind, most] of [
    ['exchange', 600],
    ['claim', 720],
    ['trace', 1800],
  ] as const) {
    const seconds = await secondsOf(kind)
    expect(seconds.length).toBeGreaterThan(0)
    for (const left of seconds) {
      expect(left).toBeGreaterThan(0)
      expect(left).toBeLessThanOrEqual(most)
    }
  }
})
