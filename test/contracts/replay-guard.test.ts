import { setTimeout as pause } from 'node:timers/promises'
import { type Bench, benches } from './shelves.ts'

const ISSUER = 'https://node.example.es/metadata'
const inAMinute = (): number => Date.now() + 60_000

describe.each(benches)('ReplayGuard on $name', ({ open }) => {
  let bench: Bench
  beforeAll(async () => {
    bench = await open()
  })
  afterAll(() => bench.close())

  test('A-170: the first claim is true, every later one false, on every instance (A-232)', async () => {
    expect(await bench.stores.replay('connector').claim(ISSUER, '_first', inAMinute())).toBe(true)
    expect(await bench.stores.replay('connector').claim(ISSUER, '_first', inAMinute())).toBe(false)
    expect(await bench.otherInstance.replay('connector').claim(ISSUER, '_first', inAMinute())).toBe(false)
  })

  test('A-171: of 100 claims at once exactly one is true', async () => {
    const guards = [bench.stores.replay('connector'), bench.otherInstance.replay('connector')]
    const claims = Array.from({ length: 50 }, () => guards.map((guard) => guard.claim(ISSUER, '_race', inAMinute())))
    const won = (await Promise.all(claims.flat())).filter((first) => first)
    expect(won).toEqual([true])
  })

  test('a claim counts for its issuer only, and where one part ends matters', async () => {
    const guard = bench.stores.replay('connector')
    expect(await guard.claim('https://a.example/x', '_id', inAMinute())).toBe(true)
    expect(await guard.claim('https://b.example/x', '_id', inAMinute())).toBe(true)
    expect(await guard.claim('https://a.example/', 'x_id', inAMinute())).toBe(true)
  })

  test('A-172: a claim holds until its time, and not for ever', async () => {
    const guard = bench.stores.replay('connector')
    expect(await guard.claim(ISSUER, '_expiry', Date.now() + 1300)).toBe(true)
    await pause(900)
    expect(await guard.claim(ISSUER, '_expiry', Date.now() + 1300)).toBe(false)
    await pause(600)
    expect(await guard.claim(ISSUER, '_expiry', Date.now() + 1300)).toBe(true)
  })

  test('a claim whose time is over already still makes one winner of many', async () => {
    const claims = Array.from({ length: 20 }, () =>
      bench.stores.replay('connector').claim(ISSUER, '_past', Date.now() - 5000),
    )
    expect((await Promise.all(claims)).filter((first) => first)).toEqual([true])
  })

  test('a time that is no time is a mistake of ours, never an endless or an empty claim', async () => {
    for (const until of [Number.NaN, Number.POSITIVE_INFINITY, 1.5]) {
      await expect(bench.stores.replay('connector').claim(ISSUER, '_nan', until)).rejects.toThrow(TypeError)
    }
  })

  test('A-226: ST_KEY for an empty, an oversize and a malformed ID', async () => {
    for (const id of ['', '_'.repeat(5000), '_\ud800']) {
      await expect(bench.stores.replay('connector').claim(ISSUER, id, inAMinute())).rejects.toMatchObject({
        code: 'ST_KEY',
      })
    }
  })

  test('a flow and a claim of the same name do not meet', async () => {
    expect(await bench.stores.replay('connector').claim('connector', 'h-same', inAMinute())).toBe(true)
    expect(await bench.stores.exchanges('connector').take('h-same')).toBeUndefined()
    expect(await bench.stores.replay('connector').claim('connector', 'h-same', inAMinute())).toBe(false)
  })
})
