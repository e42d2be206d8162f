import { randomBytes } from 'node:crypto'
import { MemoryShelf, memoryStores } from '../../../src/store/memory.ts'
import { askedExchange } from '../../testkit/exchanges.ts'

const full = { code: 'ST_STORE' }
const octets = new Uint8Array(10)

function bounded(bounds: { maxEntries?: number; maxOctets?: number }): {
  shelf: MemoryShelf
  pass: (ms: number) => void
} {
  let now = 0
  const shelf = new MemoryShelf({ monotonic: () => now, ...bounds })
  return {
    shelf,
    pass: (ms) => {
      now += ms
    },
  }
}

describe('the shelf in memory', () => {
  test('A-230: full of live entries it refuses with ST_STORE and forgets nothing', async () => {
    const { shelf } = bounded({ maxEntries: 2 })
    expect(await shelf.claim('a', 60_000)).toBe(true)
    await shelf.put('b', octets, 60)
    await expect(shelf.claim('c', 60_000)).rejects.toMatchObject(full)
    await expect(shelf.put('c', octets, 60)).rejects.toMatchObject(full)
    expect(await shelf.claim('a', 60_000)).toBe(false)
    expect(await shelf.take('b')).toEqual(octets)
    expect(await shelf.claim('c', 60_000)).toBe(true)
  })

  test('its octets are bounded too, and given back when taken or replaced', async () => {
    const { shelf } = bounded({ maxOctets: 25 })
    await shelf.put('a', octets, 60)
    await shelf.put('b', octets, 60)
    await expect(shelf.put('c', octets, 60)).rejects.toMatchObject(full)
    await shelf.put('b', octets, 60)
    await shelf.take('a')
    await shelf.put('c', octets, 60)
    await expect(shelf.put('d', octets, 60)).rejects.toMatchObject(full)
  })

  test('it is not ready while it is full', async () => {
    const { shelf, pass } = bounded({ maxEntries: 1 })
    expect(await shelf.reachable()).toBe(true)
    await shelf.put('a', octets, 1)
    expect(await shelf.reachable()).toBe(false)
    pass(1000)
    expect(await shelf.reachable()).toBe(true)
    const small = bounded({ maxOctets: octets.length }).shelf
    await small.put('a', octets, 1)
    expect(await small.reachable()).toBe(false)
  })

  test('expired entries make room', async () => {
    const { shelf, pass } = bounded({ maxEntries: 1 })
    await shelf.put('a', octets, 1)
    pass(1000)
    await shelf.put('b', octets, 1)
    expect(await shelf.take('a')).toBeUndefined()
    expect(await shelf.take('b')).toEqual(octets)
  })

  test('an entry lives up to its time and not at it', async () => {
    const { shelf, pass } = bounded({})
    await shelf.put('a', octets, 1)
    await shelf.put('b', octets, 1)
    pass(999)
    expect(await shelf.take('a')).toEqual(octets)
    pass(1)
    expect(await shelf.take('b')).toBeUndefined()
  })

  test('A-235: a step of the wall clock back or forth frees no claim', async () => {
    let wall = Date.UTC(2026, 10, 23)
    const stores = memoryStores({ monotonic: () => 0, now: () => wall, random: randomBytes })
    expect(await stores.replay.claim('i', '_1', wall + 300_000)).toBe(true)
    for (const step of [3_600_000, -7_200_000]) {
      wall += step
      expect(await stores.replay.claim('i', '_1', wall + 300_000)).toBe(false)
    }
  })

  test('A-251: what is over takes no place from whoever signs in', async () => {
    const stores = memoryStores({ monotonic: () => 0, now: () => 0, random: randomBytes, maxEntries: 10 })
    const [flows, traces] = [stores.exchanges('connector'), stores.traces('connector')]
    const left = await Promise.allSettled(
      Array.from({ length: 20 }, (_, at) => traces.put(`t${at}`, askedExchange, 1_800)),
    )
    expect(left.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
    for (let at = 0; at < 10; at += 1) await flows.put(`h${at}`, askedExchange, 600)
    await expect(flows.put('one more', askedExchange, 600)).rejects.toMatchObject(full)
    expect(await traces.take('t0')).toEqual(askedExchange)
  })

  test('octets on the shelf are a copy', async () => {
    const { shelf } = bounded({})
    const mine = Uint8Array.of(1, 2, 3)
    await shelf.put('a', mine, 60)
    mine[0] = 9
    expect(await shelf.take('a')).toEqual(Uint8Array.of(1, 2, 3))
  })

  test('closed, it is not reachable and refuses with ST_STORE', async () => {
    const stores = memoryStores({ monotonic: () => 0, now: () => 0, random: randomBytes })
    expect(await stores.reachable()).toBe(true)
    await stores.close()
    expect(await stores.reachable()).toBe(false)
    await expect(stores.exchanges('connector').take('h')).rejects.toMatchObject(full)
    await expect(stores.exchanges('connector').put('h', askedExchange, 1)).rejects.toMatchObject(full)
    await expect(stores.replay.claim('i', '_1', 1)).rejects.toMatchObject(full)
  })
})
