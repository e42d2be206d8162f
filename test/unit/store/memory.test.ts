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
    expect(await stores.replay('connector').claim('i', '_1', wall + 300_000)).toBe(true)
    for (const step of [3_600_000, -7_200_000]) {
      wall += step
      expect(await stores.replay('connector').claim('i', '_1', wall + 300_000)).toBe(false)
    }
  })

  test('A-251: what is over takes no place from whoever signs in', async () => {
    const stores = memoryStores({ monotonic: () => 0, now: () => 0, random: randomBytes, maxEntries: 10 })
    const [flows, traces] = [stores.exchanges('connector'), stores.traces('connector')]
    const by = (at: number) => ({ ...askedExchange, requester: { entityId: `https://sp${at}.example`, name: 'one' } })
    const left = await Promise.allSettled(Array.from({ length: 20 }, (_, at) => traces.put(`t${at}`, by(at), 1_800)))
    expect(left.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
    for (let at = 0; at < 10; at += 1) await flows.put(`h${at}`, by(at), 600)
    await expect(flows.put('one more', by(10), 600)).rejects.toMatchObject(full)
    expect(await traces.take('t0')).toEqual(by(0))
  })

  test('A-304: an owner has half of the shelf at most, and what it gives back it may have again', async () => {
    const { shelf, pass } = bounded({ maxEntries: 4, maxOctets: 1_000 })
    const share = { code: 'ST_FULL' }
    await shelf.put('a1', octets, 60, 'a')
    expect(await shelf.claim('a2', 1_000, 'a')).toBe(true)
    await expect(shelf.put('a3', octets, 60, 'a')).rejects.toMatchObject(share)
    await expect(shelf.claim('a3', 60_000, 'a')).rejects.toMatchObject(share)
    expect(await shelf.claim('a2', 60_000, 'a')).toBe(false)
    await shelf.put('b1', octets, 60, 'b')
    await shelf.take('a1')
    await shelf.put('a3', octets, 60, 'a')
    await shelf.put('a3', octets, 60, 'a')
    await expect(shelf.put('a4', octets, 60, 'a')).rejects.toMatchObject(share)
    pass(1_000)
    await shelf.put('a4', octets, 60, 'a')
  })

  test('A-304: an owner has half of the octets at most', async () => {
    const { shelf } = bounded({ maxOctets: 40 })
    await shelf.put('a1', octets, 60, 'a')
    await shelf.put('a2', octets, 60, 'a')
    await expect(shelf.put('a3', octets, 60, 'a')).rejects.toMatchObject({ code: 'ST_FULL' })
    await shelf.put('b1', octets, 60, 'b')
    await shelf.put('b2', octets, 60, 'b')
    await expect(shelf.put('c1', octets, 60, 'c')).rejects.toMatchObject(full)
  })

  test('A-304: a half that is full takes nothing from the other, and the store stays ready', async () => {
    const stores = memoryStores({ monotonic: () => 0, now: () => 0, random: randomBytes, maxEntries: 4 })
    const by = (entityId: string) => ({ ...askedExchange, requester: { entityId, name: 'one of many' } })
    const [mine, other] = [stores.exchanges('connector'), stores.exchanges('proxy-service')]
    for (let at = 0; at < 4; at += 1) await mine.put(`h${at}`, by(`https://sp${at}.example`), 600)
    await expect(mine.put('one more', by('https://new.example'), 600)).rejects.toMatchObject(full)
    for (let at = 0; at < 12; at += 1) await stores.replay('connector').claim(`i${at}`, '_1', 60_000)
    await expect(stores.replay('connector').claim('i', '_1', 60_000)).rejects.toMatchObject(full)
    await other.put('h0', askedExchange, 600)
    expect(await stores.replay('proxy-service').claim('i', '_1', 60_000)).toBe(true)
    expect(await stores.reachable()).toBe(true)
    for (let at = 0; at < 3; at += 1) await other.put(`p${at}`, by(`https://c${at}.example`), 600)
    expect(await stores.reachable()).toBe(false)
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
    await expect(stores.replay('connector').claim('i', '_1', 1)).rejects.toMatchObject(full)
  })
})
