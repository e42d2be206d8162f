import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { openRedisShelf, redisStores } from '../../src/store/redis.ts'
import type { Shelf, Stores } from '../../src/store/store.ts'
import { askedExchange } from '../testkit/exchanges.ts'
import { startRedis, type TestRedis } from '../testkit/redis.ts'

const FAST_MILLISECONDS = 2000

function storesAt(url: string, onTrouble?: (message: string) => void): Promise<Stores> {
  const trouble = onTrouble === undefined ? {} : { onTrouble }
  return redisStores({
    url,
    sealKeys: [randomBytes(32)],
    prefix: 'passerelle:',
    now: Date.now,
    random: randomBytes,
    ...trouble,
  })
}

async function expectFastRefusals(stores: Stores): Promise<void> {
  const calls = [
    () => stores.replay('connector').claim('https://node.example/metadata', '_x', Date.now() + 60_000),
    () => stores.exchanges('connector').take('h'),
    () => stores.exchanges('connector').put('h', askedExchange, 60),
  ]
  for (const call of calls) {
    const start = performance.now()
    await expect(call()).rejects.toMatchObject({ code: 'ST_STORE' })
    expect(performance.now() - start).toBeLessThan(FAST_MILLISECONDS)
  }
  expect(await stores.reachable()).toBe(false)
}

/** A connection that was cut takes its time to come back, the more the busier the machine is. */
async function claimsAgain({ replay }: Stores): Promise<boolean> {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    const claim = replay('connector').claim('https://node.example/metadata', `_after-${attempt}`, Date.now() + 60_000)
    const claimed = await claim.catch((fault: unknown) => {
      expect(fault).toMatchObject({ code: 'ST_STORE' })
      return undefined
    })
    if (claimed !== undefined) return claimed
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return false
}

describe('A-230: Redis in trouble refuses, and never says "not seen before"', () => {
  const servers: TestRedis[] = []
  const open: { close(): Promise<void> }[] = []
  const start = async (...more: readonly string[]): Promise<TestRedis> => {
    const server = await startRedis(more)
    servers.push(server)
    return server
  }
  const opened = async (server: TestRedis, hear: (message: string) => void = () => undefined): Promise<Shelf> => {
    const shelf = await openRedisShelf({ url: server.url, onTrouble: hear, onRecovery: hear })
    open.push(shelf)
    return shelf
  }
  afterEach(async () => {
    await Promise.all(open.splice(0).map((shelf) => shelf.close()))
    await Promise.all(servers.splice(0).map((server) => server.stop()))
  })

  test('ST_STORE at once when Redis was stopped, and one word of it to the operator', async () => {
    const server = await start()
    const heard: string[] = []
    const stores = await storesAt(server.url, (message) => heard.push(message))
    open.push(stores)
    await server.stop()
    await expectFastRefusals(stores)
    await new Promise((resolve) => setTimeout(resolve, 500))
    await expect(stores.exchanges('connector').take('h')).rejects.toMatchObject({
      detail: expect.stringContaining('ECONNREFUSED'),
    })
    await stores.close()
    expect(heard).toHaveLength(1)
  })

  test('ST_STORE within the time limit when Redis hangs, and service again when it wakes', async () => {
    const server = await start()
    const stores = await storesAt(server.url)
    open.push(stores)
    server.freeze()
    await expectFastRefusals(stores)
    server.thaw()
    expect(await claimsAgain(stores)).toBe(true)
    await stores.close()
  }, 40_000)

  test('ST_STORE at start when nobody listens', async () => {
    const server = await start()
    await server.stop()
    const began = performance.now()
    await expect(storesAt(server.url)).rejects.toMatchObject({ code: 'ST_STORE' })
    expect(performance.now() - began).toBeLessThan(FAST_MILLISECONDS)
  })

  test('the fault at start says why there is no connection', async () => {
    const server = await start('--requirepass', 'right-password')
    const wrong = server.url.replace('redis://', 'redis://:wrong-password@')
    await expect(storesAt(wrong)).rejects.toMatchObject({ detail: expect.stringContaining('WRONGPASS') })
    await server.stop()
    await expect(storesAt(server.url)).rejects.toMatchObject({ detail: expect.stringContaining('ECONNREFUSED') })
  })

  test('ST_STORE at start without the database of the URL, which is not exchanged for another', async () => {
    const { url } = await start('--databases', '2')
    open.push(await storesAt(`${url}/1`))
    await expect(storesAt(`${url}/2`)).rejects.toMatchObject({
      code: 'ST_STORE',
      detail: expect.stringContaining('DB index is out of range'),
    })
  })

  test('ST_STORE at start when the server hangs', async () => {
    const server = await start()
    server.freeze()
    const began = performance.now()
    await expect(storesAt(server.url)).rejects.toMatchObject({ code: 'ST_STORE' })
    expect(performance.now() - began).toBeLessThan(2 * FAST_MILLISECONDS)
  })

  test('ST_STORE at start with a wrong password, which the fault does not repeat', async () => {
    const server = await start('--requirepass', 'right-password')
    const url = server.url.replace('redis://', 'redis://:wrong-password@')
    const fault: unknown = await storesAt(url).catch((thrown: unknown) => thrown)
    expect(fault).toMatchObject({ code: 'ST_STORE' })
    expect(String(fault)).not.toContain('wrong-password')
  })

  test.each(['allkeys-lru', 'volatile-lru', 'volatile-ttl', 'allkeys-random'])(
    'ST_STORE at start when the server may evict claims (%s)',
    async (policy) => {
      const server = await start('--maxmemory', '64mb', '--maxmemory-policy', policy)
      await expect(openRedisShelf({ url: server.url })).rejects.toMatchObject({
        code: 'ST_STORE',
        detail: expect.stringContaining(policy),
      })
    },
  )

  test('no limit on memory, or noeviction under a limit, is accepted', async () => {
    for (const more of [
      ['--maxmemory-policy', 'allkeys-lru'],
      ['--maxmemory', '64mb', '--maxmemory-policy', 'noeviction'],
    ]) {
      const shelf = await opened(await start(...more))
      expect(await shelf.reachable()).toBe(true)
    }
  })

  test('not ready, and no more writes, once an operator lets a running server evict', async () => {
    const server = await start()
    const heard: string[] = []
    const shelf = await opened(server, (message) => heard.push(message))
    const operator = new Redis(server.url)
    await operator.config('SET', 'maxmemory', '64mb', 'maxmemory-policy', 'allkeys-lru')
    expect(await shelf.reachable()).toBe(false)
    await expect(shelf.claim('k', 1000)).rejects.toMatchObject({ code: 'ST_STORE' })
    expect(heard).toEqual(['Redis: maxmemory-policy must be noeviction, is allkeys-lru'])
    await operator.config('SET', 'maxmemory-policy', 'noeviction')
    expect(await shelf.reachable()).toBe(true)
    expect(heard.slice(1)).toEqual(['Redis answers again'])
    await operator.quit()
  })

  test('ST_STORE when Redis is full, rather than a claim evicted', async () => {
    const server = await start('--maxmemory', '64mb', '--maxmemory-policy', 'noeviction')
    const heard: string[] = []
    const shelf = await opened(server, (message) => heard.push(message))
    expect(await shelf.claim('first', 60_000)).toBe(true)
    await shelf.put('kept', new Uint8Array(9), 60)
    const operator = new Redis(server.url)
    await operator.config('SET', 'maxmemory', '1kb')
    await expect(shelf.claim('second', 60_000)).rejects.toMatchObject({ code: 'ST_STORE' })
    await expect(shelf.put('third', new Uint8Array(9), 60)).rejects.toMatchObject({ code: 'ST_STORE' })
    expect(await shelf.reachable()).toBe(false)
    expect(await shelf.reachable()).toBe(false)
    expect(heard).toEqual(['Redis: it is full: maxmemory is 1024'])
    expect(await shelf.take('kept')).toHaveLength(9)
    await operator.config('SET', 'maxmemory', '64mb')
    expect(await shelf.claim('first', 60_000)).toBe(false)
    expect(await shelf.reachable()).toBe(true)
    expect(heard.slice(1)).toEqual(['Redis answers again'])
    await operator.quit()
  })

  test('a closed store refuses, and closing twice is no mistake', async () => {
    const server = await start()
    const stores = await storesAt(server.url)
    open.push(stores)
    await stores.close()
    await stores.close()
    await expect(stores.exchanges('connector').take('h')).rejects.toMatchObject({ code: 'ST_STORE' })
  })
})
