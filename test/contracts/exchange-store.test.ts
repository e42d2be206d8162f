import { setTimeout as pause } from 'node:timers/promises'
import type { Exchange } from '../../src/relay/exchange.ts'
import { askedExchange, person, releasingExchange } from '../testkit/exchanges.ts'
import { type Bench, benches } from './shelves.ts'

describe.each(benches)('ExchangeStore on $name', ({ open }) => {
  let bench: Bench
  beforeAll(async () => {
    bench = await open()
  })
  afterAll(() => bench.close())

  const keyOf = async (put: () => Promise<void>): Promise<string> => {
    const before = await bench.dump()
    await put()
    const [added] = [...(await bench.dump()).keys()].filter((key) => !before.has(key))
    if (added === undefined) throw new Error('nothing was stored')
    return added
  }

  test('what was put is taken as it was, by any instance', async () => {
    await bench.stores.exchanges('connector').put('h-round', releasingExchange, 60)
    expect(await bench.otherInstance.exchanges('connector').take('h-round')).toEqual(releasingExchange)
  })

  test('A-229: of 50 takes at once exactly one gets the value', async () => {
    await bench.stores.exchanges('connector').put('h-once', askedExchange, 60)
    const instances = [bench.stores.exchanges('connector'), bench.otherInstance.exchanges('connector')]
    const takes = Array.from({ length: 25 }, () => instances.map((store) => store.take('h-once'))).flat()
    const got = (await Promise.all(takes)).filter((exchange) => exchange !== undefined)
    expect(got).toEqual([askedExchange])
  })

  test('a handle nobody put gives undefined', async () => {
    expect(await bench.stores.exchanges('connector').take('h-never')).toBeUndefined()
  })

  test('a value put again under its handle replaces the first', async () => {
    const store = bench.stores.exchanges('connector')
    const closed: Exchange = { stage: 'closed', requester: askedExchange.requester }
    await store.put('h-again', askedExchange, 60)
    await store.put('h-again', closed, 60)
    expect(await store.take('h-again')).toEqual(closed)
  })

  test('a value is gone when its time is over', async () => {
    const store = bench.stores.exchanges('connector')
    await store.put('h-expiry', askedExchange, 1)
    await pause(1100)
    expect(await store.take('h-expiry')).toBeUndefined()
  })

  test('a time to live that is not a positive whole number is a mistake of ours', async () => {
    const store = bench.stores.exchanges('connector')
    for (const ttl of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(store.put('h-ttl', askedExchange, ttl)).rejects.toThrow(TypeError)
    }
  })

  test('A-234: a handle of one half means nothing to the other', async () => {
    await bench.stores.exchanges('connector').put('h-half', askedExchange, 60)
    expect(await bench.stores.exchanges('proxy-service').take('h-half')).toBeUndefined()
    expect(await bench.stores.exchanges('connector').take('h-half')).toEqual(askedExchange)
  })

  test('A-226: a handle with CR LF, colon, star and braces is a handle like others', async () => {
    const store = bench.stores.exchanges('connector')
    const odd = 'a\r\nDEL *\r\n:{tag}*?[x]\u0000'
    const key = await keyOf(() => store.put(odd, askedExchange, 60))
    expect(key).toMatch(/^[a-z:]*exchange:[A-Za-z0-9_-]{43}$/)
    expect(await store.take(odd)).toEqual(askedExchange)
  })

  test('A-226: ST_KEY for a handle of a megabyte, before the store is asked', async () => {
    const store = bench.stores.exchanges('connector')
    const oversize = 'h'.repeat(1024 * 1024)
    await expect(store.take(oversize)).rejects.toMatchObject({ code: 'ST_KEY' })
    await expect(store.put(oversize, askedExchange, 60)).rejects.toMatchObject({ code: 'ST_KEY' })
  })

  test('A-227: ST_TAMPER wherever one bit of a stored value is flipped', async () => {
    const store = bench.stores.exchanges('connector')
    for (const place of [0, 1, 9, 25, -17, -1]) {
      const key = await keyOf(() => store.put('h-tamper', askedExchange, 60))
      const octets = Uint8Array.from((await bench.dump()).get(key) ?? [])
      const at = place < 0 ? octets.length + place : place
      octets[at] = (octets[at] ?? 0) ^ 1
      await bench.overwrite(key, octets)
      await expect(store.take('h-tamper')).rejects.toMatchObject({ code: 'ST_TAMPER' })
    }
  })

  test('A-227: ST_TAMPER for a value that was cut, or never sealed', async () => {
    const store = bench.stores.exchanges('connector')
    for (const forge of [
      (octets: Uint8Array) => octets.slice(0, 20),
      () => Buffer.from(JSON.stringify(askedExchange)),
    ]) {
      const key = await keyOf(() => store.put('h-forged', askedExchange, 60))
      await bench.overwrite(key, forge((await bench.dump()).get(key) ?? new Uint8Array(0)))
      await expect(store.take('h-forged')).rejects.toMatchObject({ code: 'ST_TAMPER' })
    }
  })

  test('A-227: ST_TAMPER for a value moved to another key', async () => {
    const store = bench.stores.exchanges('connector')
    const from = await keyOf(() => store.put('h-from', releasingExchange, 60))
    const to = await keyOf(() => store.put('h-to', askedExchange, 60))
    await bench.overwrite(to, (await bench.dump()).get(from) ?? new Uint8Array(0))
    await expect(store.take('h-to')).rejects.toMatchObject({ code: 'ST_TAMPER' })
  })

  test('R-IA-31, R-LAW-3, R-LAW-25: nothing that is stored shows personal data, nor who asked whom', async () => {
    await bench.stores.exchanges('proxy-service').put('h-privacy', releasingExchange, 60)
    await bench.stores.replay('connector').claim('https://node.example.es/metadata', '_privacy', Date.now() + 60_000)
    const dump = [...(await bench.dump())]
      .map(([key, octets]) => key + Buffer.from(octets).toString('latin1'))
      .join('\n')
    expect(dump.length).toBeGreaterThan(500)
    for (const text of [...Object.values(person), 'h-privacy', '_privacy', 'sp.example', 'node.example', 'outcome']) {
      expect(dump).not.toContain(text)
      expect(dump).not.toContain(Buffer.from(text).toString('base64').replace(/=+$/, ''))
      expect(dump).not.toContain(Buffer.from(text).toString('hex'))
    }
  })

  test('A-304: ST_FULL for an exchange larger than any can be, and it takes no place', async () => {
    const store = bench.stores.exchanges('connector')
    const levels = ['x'.repeat(97 * 1024)]
    const large = {
      ...askedExchange,
      request: { ...askedExchange.request, loa: { comparison: 'minimum', levels } },
    } as const
    const before = (await bench.dump()).size
    await expect(store.put('h-large', large, 60)).rejects.toMatchObject({ code: 'ST_FULL' })
    expect((await bench.dump()).size).toBe(before)
  })

  test('the same value put twice is stored as different octets', async () => {
    const store = bench.stores.exchanges('connector')
    const key = await keyOf(() => store.put('h-iv', askedExchange, 60))
    const first = (await bench.dump()).get(key)
    await store.put('h-iv', askedExchange, 60)
    expect((await bench.dump()).get(key)).not.toEqual(first)
  })

  test('a store that works says so', async () => {
    expect(await bench.stores.reachable()).toBe(true)
  })
})
