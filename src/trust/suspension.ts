import type { TrustedEntity } from './registry.ts'

/** Whom the operator does not want to hear of for the time being, although their metadata is good. */
export interface Suspension {
  /** Two capitals. */
  readonly countries: readonly string[]
  readonly entityIds: readonly string[]
  /** Names of sources. */
  readonly sources: readonly string[]
  /** Names of national schemes of our own. */
  readonly schemes: readonly string[]
}

export const nobodySuspended: Suspension = { countries: [], entityIds: [], sources: [], schemes: [] }

export function isSuspended(
  { country, entityId, source }: TrustedEntity,
  { countries, entityIds, sources }: Suspension,
): boolean {
  return (
    entityIds.includes(entityId) ||
    (country !== undefined && countries.includes(country)) ||
    sources.includes(nameIn(source))
  )
}

/** The label of one country of a list is the name of the list, a slash, and the country; names have no slash. */
function nameIn(label: string): string {
  const [name = ''] = label.split('/')
  return name
}

/** R-LAW-22: a scheme of our own, whether or not it is known by metadata. */
export function isSchemeSuspended(
  { name, entityId }: { readonly name: string; readonly entityId: string },
  { schemes, entityIds }: Suspension,
): boolean {
  return schemes.includes(name) || entityIds.includes(entityId)
}

export function suspensionText({ countries, entityIds, sources, schemes }: Suspension): string {
  const all = [...countries, ...entityIds, ...sources, ...schemes]
  return all.length === 0 ? 'no party is suspended' : `suspended: ${all.join(' ')}`
}

/** What a suspension is held against, to find what is misspelt in it. */
export interface Suspendable {
  readonly entities: readonly TrustedEntity[]
  /** Names. */
  readonly sources: readonly string[]
  readonly schemes: readonly string[]
}

/** One sentence for each word that suspends no party: it may be misspelt, and the party that was meant goes on. */
export function unmetSuspensions(
  { countries, entityIds, sources, schemes }: Suspension,
  known: Suspendable,
): readonly string[] {
  const unmet = (words: readonly string[], met: readonly (string | undefined)[], what: string) =>
    words.filter((word) => !met.includes(word)).map((word) => `${word} is suspended, but ${what}`)
  return [
    ...unmet(
      countries,
      known.entities.map(({ country }) => country),
      'in no metadata',
    ),
    ...unmet(
      entityIds,
      known.entities.map(({ entityId }) => entityId),
      'in no metadata',
    ),
    ...unmet(sources, known.sources, 'no source has this name'),
    ...unmet(schemes, known.schemes, 'no scheme has this name'),
  ]
}
