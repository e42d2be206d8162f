import type { Exchange } from './exchange.ts'

/** Keeps what a flow needs while the citizen is elsewhere. Values expire by themselves. */
export interface ExchangeStore {
  put(handle: string, exchange: Exchange, ttlSeconds: number): Promise<void>
  /** Atomic and single use: of two concurrent takes of one handle, one gets the value and the other undefined. */
  take(handle: string): Promise<Exchange | undefined>
}

/** Remembers which messages were accepted. */
export interface ReplayGuard {
  /**
   * True for the first caller with this issuer and ID, false for everyone after, until `until` (epoch milliseconds).
   * Throws ST_STORE when it cannot know.
   */
  claim(issuer: string, id: string, until: number): Promise<boolean>
}
