import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { type LoginOrder, login } from '../../demo/browse.ts'
import { citizensOf } from '../../demo/citizens.ts'
import { startFederation } from '../../demo/federation.ts'
import type { Federation } from '../../demo/federation-model.ts'
import { freePorts } from '../testkit/ports.ts'
import { startRedis, type TestRedis } from '../testkit/redis.ts'

/** The same federation with its state in a real Redis. */
let redis: TestRedis
let federation: Federation
beforeAll(async () => {
  redis = await startRedis()
  federation = await startFederation({ ports: await freePorts(7), redisUrl: redis.url })
}, 60_000)
afterAll(async () => {
  await federation.stop()
  await redis.stop()
})

const [citizen] = citizensOf('XB')
const portal = () => federation.portals.find(({ country }) => country === 'XA')?.url ?? ''

/** What instances tell each other is a hash, everything else a string. */
async function storedIn(client: Redis, key: string): Promise<string> {
  if ((await client.type(key)) === 'hash') return JSON.stringify(await client.hgetall(key))
  return (await client.getBuffer(key))?.toString('latin1') ?? ''
}

/** Everything Redis holds, keys and values, as octets in latin1. */
async function dump(): Promise<string> {
  const client = new Redis(redis.url)
  try {
    const keys = await client.keys('*')
    const values = await Promise.all(keys.map((key) => storedIn(client, key)))
    return [...keys, ...values].join('\n')
  } finally {
    client.disconnect()
  }
}

test('a citizen signs in, and a dump of Redis holds nothing of her', async () => {
  if (citizen === undefined) throw new TypeError('XB has citizens')
  const { country, user, password, facts } = citizen
  const result = await login({ portal: portal(), country, user, password })
  expect(result.status).toBe('')
  const held = await dump()
  // A used exchange is gone; what outlives it says where the sign-in began.
  expect(held).not.toContain('exchange:')
  expect(held).toContain('trace:')
  // Two letters of a country stand somewhere in any few thousand sealed octets by chance.
  for (const value of [...Object.values(facts).flat(), user].filter(({ length }) => length > 3)) {
    expect(held).not.toContain(Buffer.from(value).toString('latin1'))
  }
})

test('A-230 when Redis stops answering the portal is told within seconds, and all is well when it is back', async () => {
  if (citizen === undefined) throw new TypeError('XB has citizens')
  const { country, user, password } = citizen
  const order = { portal: portal(), country, user, password }
  redis.freeze()
  try {
    expect(await login(order)).toMatchObject({ loa: '', attributes: {}, status: 'Responder' })
  } finally {
    redis.thaw()
  }
  expect(await signsIn(order)).toBe(true)
})

/** The connection takes a moment to come back. */
async function signsIn(order: LoginOrder): Promise<boolean> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    if ((await login(order)).status === '') return true
    await pause(250)
  }
  return false
}
