import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { MemoryShelf } from '../../src/store/memory.ts'
import { openRedisShelf } from '../../src/store/redis.ts'
import { sealer } from '../../src/store/seal.ts'
import { oneShelf, type Shelf, type Stores, storesOn } from '../../src/store/store.ts'
import { startRedis } from '../testkit/redis.ts'

/** What a contract suite runs on: the stores, and what somebody sees and does who stands behind them. */
export interface Bench {
  readonly stores: Stores
  /** A second instance of the node on the same shelf. */
  readonly otherInstance: Stores
  /** Everything that is stored, keys and octets. */
  dump(): Promise<ReadonlyMap<string, Uint8Array>>
  overwrite(key: string, octets: Uint8Array): Promise<void>
  close(): Promise<void>
}

/** Remembers what is on a shelf, since MemoryShelf cannot be looked into. */
function watched(shelf: Shelf): { readonly shelf: Shelf; readonly seen: Map<string, Uint8Array> } {
  const seen = new Map<string, Uint8Array>()
  return {
    seen,
    shelf: {
      put: async (key, octets, ttl) => {
        await shelf.put(key, octets, ttl)
        seen.set(key, octets)
      },
      take: (key) => {
        seen.delete(key)
        return shelf.take(key)
      },
      claim: (key, ttl) => {
        seen.set(key, new Uint8Array(0))
        return shelf.claim(key, ttl)
      },
      reachable: () => shelf.reachable(),
      close: () => shelf.close(),
    },
  }
}

async function memoryBench(): Promise<Bench> {
  const { shelf, seen } = watched(new MemoryShelf({ monotonic: () => performance.now() }))
  const stores = storesOn({
    shelves: oneShelf(shelf),
    sealer: sealer([randomBytes(32)], randomBytes),
    prefix: '',
    now: Date.now,
  })
  return {
    stores,
    otherInstance: stores,
    dump: async () => new Map(seen),
    overwrite: (key, octets) => shelf.put(key, octets, 60),
    close: () => stores.close(),
  }
}

async function redisBench(): Promise<Bench> {
  const server = await startRedis()
  const keys = [randomBytes(32)]
  const open = async (): Promise<Stores> =>
    storesOn({
      shelves: oneShelf(await openRedisShelf({ url: server.url })),
      sealer: sealer(keys, randomBytes),
      prefix: 'passerelle:',
      now: Date.now,
    })
  const [stores, otherInstance, raw] = [await open(), await open(), new Redis(server.url)]
  return {
    stores,
    otherInstance,
    dump: () => dumpOf(raw),
    overwrite: async (key, octets) => void (await raw.set(key, Buffer.from(octets), 'KEEPTTL')),
    close: async () => {
      await Promise.all([stores.close(), otherInstance.close(), raw.quit()])
      await server.stop()
    },
  }
}

async function dumpOf(raw: Redis): Promise<ReadonlyMap<string, Uint8Array>> {
  const dump = new Map<string, Uint8Array>()
  for (const key of await raw.keys('*')) dump.set(key, (await raw.getBuffer(key)) ?? new Uint8Array(0))
  return dump
}

/** Every suite of a store's port runs on each of these. */
export const benches = [
  { name: 'memory', open: memoryBench },
  { name: 'Redis', open: redisBench },
] as const
