import { NodeFault } from '../errors/node-fault.ts'
import type { Exchange } from './exchange.ts'
import type { ReplayClaim } from './faces.ts'

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

/** Claims one after the other; SAML_REPLAY at the first that was claimed before. */
export async function claimAll(guard: ReplayGuard, claims: readonly ReplayClaim[]): Promise<void> {
  for (const { issuer, id, until } of claims) {
    if (!(await guard.claim(issuer, id, until))) throw new NodeFault('SAML_REPLAY', `${issuer} ${id}`)
  }
}
