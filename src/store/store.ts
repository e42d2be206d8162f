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
 * A shelf whose entries somebody can roll back (a copy of Redis put back, a replica promoted before it had the last
 * writes) may show a handle or a claim again as unused. That is why a flow is single use, bound to a cookie, and lives
 * for minutes only, and why a Response needs the claim as well as the flow.
 */
export interface Shelf {
  put(key: string, octets: Uint8Array, ttlSeconds: number): Promise<void>
  /** Atomic: one of two concurrent takes gets the octets. */
  take(key: string): Promise<Uint8Array | undefined>
  /** Atomic: true for the first until the time is over. */
  claim(key: string, ttlMilliseconds: number): Promise<boolean>
  /** Whether the shelf answers and keeps what it is given. Never rejects. */
  reachable(): Promise<boolean>
  close(): Promise<void>
}

/** What the node is built from. */
export interface Stores {
  /** Flows of one half; a handle of the other half means nothing here. */
  exchanges(half: Half): ExchangeStore
  /** What outlives the flows of one half: where they began, under keys at which no flow is looked for. */
  traces(half: Half): ExchangeStore
  readonly replay: ReplayGuard
  reachable(): Promise<boolean>
  /** Whether the instances that share the store open what each other seals, as far as they told lately. */
  sealKeys(): SealKeyState
  close(): Promise<void>
}

export interface StoresOptions {
  readonly shelf: Shelf
  /** Where traces are kept, if not there: they last longest and matter least. */
  readonly traceShelf?: Shelf
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
  const { shelf, traceShelf = shelf } = options
  return {
    exchanges: (half) => exchangeStore(options, 'exchange', half),
    traces: (half) => exchangeStore({ ...options, shelf: traceShelf }, 'trace', half),
    replay: replayGuard(options),
    reachable: () => shelf.reachable(),
    sealKeys: options.sealKeys ?? (() => ({ equal: true, atFault: false })),
    async close() {
      await Promise.all([...new Set([shelf, traceShelf])].map((one) => one.close()))
    },
  }
}

function exchangeStore(
  { shelf, sealer, prefix }: StoresOptions,
  kind: 'exchange' | 'trace',
  half: Half,
): ExchangeStore {
  const keyOf = (handle: string): string => shelfKey(`${prefix}${kind}:`, [half, handle])
  return {
    async put(handle, exchange, ttlSeconds) {
      if (!Number.isInteger(ttlSeconds) || ttlSeconds < 1) throw new TypeError('ttlSeconds must be a positive integer')
      const key = keyOf(handle)
      await shelf.put(key, sealer.seal(writeExchange(exchange), key), ttlSeconds)
    },
    async take(handle) {
      const key = keyOf(handle)
      const sealed = await shelf.take(key)
      return sealed === undefined ? undefined : readExchange(sealer.open(sealed, key))
    },
  }
}

function replayGuard({ shelf, prefix, now }: StoresOptions): ReplayGuard {
  return {
    async claim(issuer, id, until) {
      if (!Number.isSafeInteger(until)) throw new TypeError('until must be whole epoch milliseconds')
      const remaining = Math.max(until - Math.floor(now()), SHORTEST_CLAIM_MILLISECONDS)
      return shelf.claim(shelfKey(`${prefix}claim:`, [issuer, id]), remaining)
    },
  }
}
