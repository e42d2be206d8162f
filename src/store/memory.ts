import { NodeFault } from '../errors/node-fault.ts'
import type { Random } from '../relay/flow-cookie.ts'
import { SEAL_KEY_OCTETS, sealer } from './seal.ts'
import { type Shelf, type Stores, storesOn } from './store.ts'

export interface MemoryShelfOptions {
  /** Milliseconds that never go back: a step of the wall clock must not revive a claim. */
  readonly monotonic: () => number
  readonly maxEntries?: number
  /** Octets of all values together. */
  readonly maxOctets?: number
}

interface Entry {
  readonly octets: Uint8Array
  readonly expires: number
}

const MAX_ENTRIES = 100_000
const MAX_OCTETS = 64 * 1024 * 1024
const SWEEP_MILLISECONDS = 1000
const NOTHING = new Uint8Array(0)

/**
 * A shelf in this process: for one instance, for the demo and for tests. Atomic because nothing here waits. Expired
 * entries are swept on writing, at most once a second, so there is no timer to leak. Full of live entries it refuses
 * (ST_STORE): to evict a claim would let a message be replayed.
 */
export class MemoryShelf implements Shelf {
  private readonly entries = new Map<string, Entry>()
  private readonly options: Required<MemoryShelfOptions>
  private octets = 0
  private swept: number
  private open = true

  constructor(options: MemoryShelfOptions) {
    this.options = { maxEntries: MAX_ENTRIES, maxOctets: MAX_OCTETS, ...options }
    this.swept = options.monotonic()
  }

  async put(key: string, octets: Uint8Array, ttlSeconds: number): Promise<void> {
    this.write(key, Uint8Array.from(octets), ttlSeconds * 1000)
  }

  async take(key: string): Promise<Uint8Array | undefined> {
    this.assertOpen()
    const entry = this.live(key)
    this.remove(key)
    return entry?.octets
  }

  async claim(key: string, ttlMilliseconds: number): Promise<boolean> {
    this.assertOpen()
    if (this.live(key) !== undefined) return false
    this.write(key, NOTHING, ttlMilliseconds)
    return true
  }

  async reachable(): Promise<boolean> {
    this.sweepNowAndThen()
    return this.open && this.hasRoomFor(1)
  }

  async close(): Promise<void> {
    this.open = false
    this.entries.clear()
    this.octets = 0
  }

  private write(key: string, octets: Uint8Array, ttlMilliseconds: number): void {
    this.assertOpen()
    const now = this.sweepNowAndThen()
    this.remove(key)
    if (!this.hasRoomFor(octets.length)) {
      throw new NodeFault('ST_STORE', `full: ${this.entries.size} entries, ${this.octets} octets`)
    }
    this.entries.set(key, { octets, expires: now + ttlMilliseconds })
    this.octets += octets.length
  }

  private live(key: string): Entry | undefined {
    const entry = this.entries.get(key)
    return entry !== undefined && entry.expires > this.options.monotonic() ? entry : undefined
  }

  private remove(key: string): void {
    const entry = this.entries.get(key)
    if (entry === undefined) return
    this.octets -= entry.octets.length
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

/**
 * Sealed like Redis, with a key that dies with the process, so that both keep one contract. Traces are kept apart: with no
 * place left for them, there is one for whoever signs in.
 */
export function memoryStores(options: MemoryStoresOptions): Stores {
  const shelf = new MemoryShelf(options)
  const { maxEntries = MAX_ENTRIES, maxOctets = MAX_OCTETS } = options
  const traceShelf = new MemoryShelf({ ...options, maxEntries: maxEntries / 2, maxOctets: maxOctets / 4 })
  const seal = sealer([options.random(SEAL_KEY_OCTETS)], options.random)
  return storesOn({ shelf, traceShelf, sealer: seal, prefix: '', now: options.now })
}
