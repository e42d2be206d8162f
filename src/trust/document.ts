import type { NodeFault } from '../errors/node-fault.ts'
import type { OwnerWord, SourceId } from './holding.ts'
import type { TrustedEntity } from './registry.ts'

/* A document of metadata, wherever it is, and what it comes to. */

export interface TrustProblem {
  /** File or URL. */
  readonly place: string
  readonly entityId?: string
  /** What is wrong is beside the metadata, which counts. */
  readonly isUsed?: true
  readonly fault: NodeFault
}

/** How long what a document says counts, and which of two documents is the newer one. */
export interface Lived {
  /** Until when it is valid, epoch milliseconds. */
  readonly validUntil?: number | undefined
  /** How long it may be kept, seconds. */
  readonly cacheDuration?: number | undefined
  /** When it was issued, epoch milliseconds: lists say so, and metadata that has a PublicationInfo. */
  readonly issued?: number | undefined
}

export interface LoadedTrust extends Lived {
  readonly entities: readonly TrustedEntity[]
  readonly problems: readonly TrustProblem[]
}

export interface TrustDocument<T extends Lived = LoadedTrust> {
  /** File or URL. */
  readonly place: string
  octets(): Promise<Uint8Array>
  /** `now` in epoch milliseconds; 'held' for octets that counted already. Rejects with the fault of the document. */
  verified(octets: Uint8Array, now: number, standing?: 'held'): Promise<T>
  /** What an older one is called, where it is not metadata. */
  readonly rollback?: 'MDSL_ROLLBACK'
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
  /** Whom it may speak as: one, or one for each country of a list. */
  readonly sources?: readonly SourceId[]
  /** What the operator has said is its own, by naming the entity. */
  readonly owns?: readonly OwnerWord[]
  /** Whether documents of it come over the network, and so have copies. */
  readonly isFetched?: boolean
  /** The documents there are now; rejects when that cannot be learnt, and then they are what they were. */
  documents(refresh: Refresh): Promise<Listing>
}

export interface Refresh {
  /** Everything; or only what its appointment has come for; or, of what is fetched, the copies alone. */
  readonly which: 'all' | 'due' | 'copies'
  /** Epoch milliseconds. */
  readonly clock: () => number
  /** Milliseconds from one refresh to the next. */
  readonly period: number
}

export interface Listing {
  readonly documents: readonly TrustDocument[]
  readonly problems?: readonly TrustProblem[]
  /** What the documents are is not known yet. */
  readonly isUnknown?: boolean
}
