import { NodeFault } from '../errors/node-fault.ts'
import type { Half } from '../relay/events.ts'
import type { ExchangeStore, ReplayGuard } from '../relay/store.ts'
import type { SealKeyState } from './instances.ts'
import { shelfKey } from './key.ts'
import { readExchange, writeExchange } from './record.ts'
import type { Sealer } from './seal.ts'

/**
 * store/ keeps flows and accepted message IDs behind the relay's two ports. It owns keys (hashed), sealing (AEAD) and
 * the stored form (parsed again on the way back); a Shelf only holds octets, so memory and Redis behave alike. It
 * refuses when it cannot know: no answer from Redis is never "not seen before". Imported by node.ts alone.
 *
 * A shelf whose entries can be rolled back (a copy of Redis put back, a replica promoted before it had the last
 * writes) may show a handle or a claim again as unused. That is why a flow is single use, bound to a cookie, and lives
 * for minutes only, and why a Response needs the claim as well as the flow.
 */
export interface Shelf {
  /** `owner` is whose share of the shelf it takes, where the shelf has shares. */
  put(key: string, octets: Uint8Array, ttlSeconds: number, owner?: string): Promise<void>
  /** Atomic: one of two concurrent takes gets the octets. */
  take(key: string): Promise<Uint8Array | undefined>
  /** Atomic: true for the first until the time is over. */
  claim(key: string, ttlMilliseconds: number, owner?: string): Promise<boolean>
  /** Whether the shelf answers and keeps what it is given. Never rejects. */
  reachable(): Promise<boolean>
  close(): Promise<void>
}

/** Where a half keeps what it has: a full one of the other half, or of another kind, takes no place from it. */
export interface HalfShelves {
  readonly flows: Shelf
  readonly claims: Shelf
  readonly traces: Shelf
}

export type Shelves = Readonly<Record<Half, HalfShelves>>

/** One shelf for everything. */
export function oneShelf(shelf: Shelf): Shelves {
  const half = { flows: shelf, claims: shelf, traces: shelf }
  return { connector: half, 'proxy-service': half }
}

/** What the node is built from. */
export interface Stores {
  /** Flows of one half; a handle of the other half means nothing here. */
  exchanges(half: Half): ExchangeStore
  /** What outlives the flows of one half: where they began, under keys at which no flow is looked for. */
  traces(half: Half): ExchangeStore
  replay(half: Half): ReplayGuard
  /** Whether one half at least can begin sign-ins: one that is full takes nothing from the other. */
  reachable(): Promise<boolean>
  /** Whether the instances that share the store open what each other seals, as far as they told lately. */
  sealKeys(): SealKeyState
  close(): Promise<void>
}

export interface StoresOptions {
  readonly shelves: Shelves
  readonly sealer: Sealer
  /** First part of every key: separates nodes that share one Redis. */
  readonly prefix: string
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Where several instances share the shelf; an instance alone agrees with itself. */
  readonly sealKeys?: () => SealKeyState
}

/** A claim lasts at least this long: the clocks of two instances may differ by about as much. */
const SHORTEST_CLAIM_MILLISECONDS = 1000

export function storesOn(options: StoresOptions): Stores {
  const halves = Object.values(options.shelves)
  const all = new Set(halves.flatMap(({ flows, claims, traces }) => [flows, claims, traces]))
  return {
    exchanges: (half) => exchangeStore(options, 'exchange', half),
    traces: (half) => exchangeStore(options, 'trace', half),
    replay: (half) => replayGuard(options, half),
    async reachable() {
      const ready = await Promise.all(halves.map(isReady))
      return ready.includes(true)
    },
    sealKeys: options.sealKeys ?? (() => ({ equal: true, atFault: false })),
    async close() {
      await Promise.all([...all].map((one) => one.close()))
    },
  }
}

async function isReady({ flows, claims }: HalfShelves): Promise<boolean> {
  const each = await Promise.all([...new Set([flows, claims])].map((shelf) => shelf.reachable()))
  return !each.includes(false)
}

/**
 * Octets of one exchange. With both data sets, every optional attribute in two scripts and a name for each it has some
 * 20 KiB; a shelf in Redis has no shares, and this bound is its own.
 */
const LARGEST_EXCHANGE = 96 * 1024

function exchangeStore(
  { shelves, sealer, prefix }: StoresOptions,
  kind: 'exchange' | 'trace',
  half: Half,
): ExchangeStore {
  const shelf = kind === 'trace' ? shelves[half].traces : shelves[half].flows
  const keyOf = (handle: string): string => shelfKey(`${prefix}${kind}:`, [half, handle])
  return {
    async put(handle, exchange, ttlSeconds) {
      if (!Number.isInteger(ttlSeconds) || ttlSeconds < 1) throw new TypeError('ttlSeconds must be a positive integer')
      const key = keyOf(handle)
      const octets = writeExchange(exchange)
      if (octets.length > LARGEST_EXCHANGE) throw new NodeFault('ST_FULL', `an exchange of ${octets.length} octets`)
      await shelf.put(key, sealer.seal(octets, key), ttlSeconds, exchange.requester.entityId)
    },
    async take(handle) {
      const key = keyOf(handle)
      const sealed = await shelf.take(key)
      return sealed === undefined ? undefined : readExchange(sealer.open(sealed, key))
    },
  }
}

function replayGuard({ shelves, prefix, now }: StoresOptions, half: Half): ReplayGuard {
  const { claims } = shelves[half]
  return {
    async claim(issuer, id, until) {
      if (!Number.isSafeInteger(until)) throw new TypeError('until must be whole epoch milliseconds')
      const remaining = Math.max(until - Math.floor(now()), SHORTEST_CLAIM_MILLISECONDS)
      return claims.claim(shelfKey(`${prefix}claim:`, [issuer, id]), remaining, issuer)
    },
  }
}
