import type { TrustedEntity } from './registry.ts'

/** Whom the operator does not want to hear of for the time being, although their metadata is good. */
export interface Suspension {
  /** Two capitals. */
  readonly countries: readonly string[]
  readonly entityIds: readonly string[]
  /** Names of sources. */
  readonly sources: readonly string[]
}

export const nobodySuspended: Suspension = { countries: [], entityIds: [], sources: [] }

/** `source` is the name of the source the entity came from. */
export function isSuspended(
  { country, entityId }: TrustedEntity,
  source: string | undefined,
  { countries, entityIds, sources }: Suspension,
): boolean {
  return (
    entityIds.includes(entityId) ||
    (country !== undefined && countries.includes(country)) ||
    (source !== undefined && sources.includes(source))
  )
}

export function suspensionText({ countries, entityIds, sources }: Suspension): string {
  const all = [...countries, ...entityIds, ...sources]
  return all.length === 0 ? 'nobody is suspended' : `suspended: ${all.join(' ')}`
}
