import type { Role } from './registry.ts'

/* Who the sources are, and what the operator says of them. */

/** A configured source, or one country of a list. */
export interface SourceId {
  /** What the operator calls it, or where it is. */
  readonly label: string
  /** Where it is: a source that gets a name, or another address under its name, stays the same. */
  readonly place: string
}

/** A source without a name is known by where it is; one of files, by the first. */
export function sourceId(name: string | undefined, place: string): SourceId {
  return { label: name ?? place, place }
}

/** The operator's word: this entity, in this role, is this source's. */
export interface OwnerWord {
  readonly role: Role
  readonly entityId: string
  /** Label of the source. */
  readonly source: string
}
