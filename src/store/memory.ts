import { NodeFault } from '../errors/node-fault.ts'
import type { Random } from '../relay/flow-cookie.ts'
import { SEAL_KEY_OCTETS, sealer } from './seal.ts'
import { type HalfShelves, type Shelf, type Stores, storesOn } from './store.ts'

export interface MemoryShelfOptions {
  /** Milliseconds that never go back: a step of the wall clock must not revive a claim. */
  readonly monotonic: () => number
  readonly maxEntries?: number
  /** Octets of all values together. */
  readonly maxOctets?: number
}

interface Entry {
  readonly octets: Uint8Array
  readonly owner: string | undefined
  readonly expires: number
}

/** What an owner has on the shelf. */
interface Holding {
  readonly entries: number
  readonly octets: number
}

const MAX_ENTRIES = 50_000
const MAX_OCTETS = 64 * 1024 * 1024
/** Of the shelf, what one owner may have at most: half of it is left to all others. */
const SHARE = 1 / 2
const NONE: Holding = { entries: 0, octets: 0 }
const SWEEP_MILLISECONDS = 1000
const NOTHING = new Uint8Array(0)

/**
 * A shelf in this process: for one instance, for the demo and for tests. Atomic because nothing here waits. Expired
 * entries are swept on writing, at most once a second, so there is no timer to leak. Full of live entries it refuses
 * (ST_STORE): to evict a claim would let a message be replayed. One owner fills no more than its share (ST_FULL).
 */
export class MemoryShelf implements Shelf {
  private readonly entries = new Map<string, Entry>()
  private readonly holdings = new Map<string, Holding>()
  private readonly options: Required<MemoryShelfOptions>
  private octets = 0
  private swept: number
  private open = true

  constructor(options: MemoryShelfOptions) {
    this.options = { maxEntries: MAX_ENTRIES, maxOctets: MAX_OCTETS, ...options }
    this.swept = options.monotonic()
  }

  async put(key: string, octets: Uint8Array, ttlSeconds: number, owner?: string): Promise<void> {
    this.write(key, Uint8Array.from(octets), ttlSeconds * 1000, owner)
  }

  async take(key: string): Promise<Uint8Array | undefined> {
    this.assertOpen()
    const entry = this.live(key)
    this.remove(key)
    return entry?.octets
  }

  async claim(key: string, ttlMilliseconds: number, owner?: string): Promise<boolean> {
    this.assertOpen()
    if (this.live(key) !== undefined) return false
    this.write(key, NOTHING, ttlMilliseconds, owner)
    return true
  }

  async reachable(): Promise<boolean> {
    this.sweepNowAndThen()
    return this.open && this.hasRoomFor(1)
  }

  async close(): Promise<void> {
    this.open = false
    this.entries.clear()
    this.holdings.clear()
    this.octets = 0
  }

  private write(key: string, octets: Uint8Array, ttlMilliseconds: number, owner: string | undefined): void {
    this.assertOpen()
    const now = this.sweepNowAndThen()
    this.remove(key)
    if (!this.hasRoomFor(octets.length)) {
      throw new NodeFault('ST_STORE', `full: ${this.entries.size} entries, ${this.octets} octets`)
    }
    if (!this.isWithinShare(owner, octets.length)) {
      throw new NodeFault('ST_FULL', `the share of ${owner}: ${this.heldBy(owner).entries} entries`)
    }
    this.entries.set(key, { octets, owner, expires: now + ttlMilliseconds })
    this.count(owner, 1, octets.length)
  }

  private heldBy(owner: string | undefined): Holding {
    return (owner === undefined ? undefined : this.holdings.get(owner)) ?? NONE
  }

  private isWithinShare(owner: string | undefined, more: number): boolean {
    const { entries, octets } = this.heldBy(owner)
    const { maxEntries, maxOctets } = this.options
    return owner === undefined || (entries < maxEntries * SHARE && octets + more <= maxOctets * SHARE)
  }

  /** What is on the shelf, and what of it is the owner's. */
  private count(owner: string | undefined, entries: 1 | -1, octets: number): void {
    this.octets += octets
    if (owner === undefined) return
    const held = this.heldBy(owner)
    const now = { entries: held.entries + entries, octets: held.octets + octets }
    if (now.entries === 0) this.holdings.delete(owner)
    else this.holdings.set(owner, now)
  }

  private live(key: string): Entry | undefined {
    const entry = this.entries.get(key)
    return entry !== undefined && entry.expires > this.options.monotonic() ? entry : undefined
  }

  private remove(key: string): void {
    const entry = this.entries.get(key)
    if (entry === undefined) return
    this.count(entry.owner, -1, -entry.octets.length)
    this.entries.delete(key)
  }

  private hasRoomFor(octets: number): boolean {
    return this.entries.size < this.options.maxEntries && this.octets + octets <= this.options.maxOctets
  }

  private sweepNowAndThen(): number {
    const now = this.options.monotonic()
    if (now - this.swept < SWEEP_MILLISECONDS) return now
    this.swept = now
    for (const [key, entry] of this.entries) if (entry.expires <= now) this.remove(key)
    return now
  }

  private assertOpen(): void {
    if (!this.open) throw new NodeFault('ST_STORE', 'closed')
  }
}

export interface MemoryStoresOptions extends MemoryShelfOptions {
  readonly now: () => number
  readonly random: Random
}

/** A sign-in has an exchange at a time, and up to three claims that outlast it: the request, the Response, the assertion. */
const CLAIMS = 3

/**
 * Sealed like Redis, with a key that dies with the process, so that both keep one contract. `maxEntries` and `maxOctets`
 * are those of the flows of one half. Claims and traces are kept apart: with no place left for traces, there is one for
 * a new sign-in.
 */
export function memoryStores(options: MemoryStoresOptions): Stores {
  const seal = sealer([options.random(SEAL_KEY_OCTETS)], options.random)
  const shelves = { connector: shelvesOf(options), 'proxy-service': shelvesOf(options) }
  return storesOn({ shelves, sealer: seal, prefix: '', now: options.now })
}

function shelvesOf(options: MemoryStoresOptions): HalfShelves {
  const { maxEntries = MAX_ENTRIES, maxOctets = MAX_OCTETS } = options
  const shelf = (entries: number, octets: number) =>
    new MemoryShelf({ monotonic: options.monotonic, maxEntries: entries, maxOctets: octets })
  return {
    flows: shelf(maxEntries, maxOctets),
    claims: shelf(maxEntries * CLAIMS, maxOctets),
    traces: shelf(maxEntries / 2, maxOctets / 4),
  }
}
