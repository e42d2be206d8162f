import type { NodeFault } from '../errors/node-fault.ts'
import type { TrustedEntity } from './registry.ts'

/* A document of metadata, wherever it is, and what it comes to. */

export interface TrustProblem {
  /** File or URL. */
  readonly place: string
  readonly entityId?: string
  readonly fault: NodeFault
}

export interface LoadedTrust {
  readonly entities: readonly TrustedEntity[]
  readonly problems: readonly TrustProblem[]
  /** validUntil of the document, epoch milliseconds. */
  readonly validUntil?: number | undefined
  /** cacheDuration of the document, seconds. */
  readonly cacheDuration?: number | undefined
}

export interface TrustDocument {
  /** File or URL. */
  readonly place: string
  octets(): Promise<Uint8Array>
  /** `now` in epoch milliseconds; 'held' for octets that counted already. Rejects with the fault of the document. */
  verified(octets: Uint8Array, now: number, standing?: 'held'): Promise<LoadedTrust>
  /** Where what was verified last is kept; only documents that are fetched have one. */
  readonly copy?: DocumentCopy
}

export interface DocumentCopy {
  read(): Promise<Uint8Array | undefined>
  write(octets: Uint8Array): Promise<void>
}

/** A configured source. */
export interface Origin {
  /** What the operator calls it. */
  readonly name?: string | undefined
  /** The documents there are now; rejects when that cannot be learnt. */
  documents(): Promise<readonly TrustDocument[]>
}
