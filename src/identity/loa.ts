/**
 * Levels of assurance (Message Format 1.4, 2.4.1 and 3.1). Notified levels are ordered; any other URI is non-notified
 * and equal only to itself.
 */

const NOTIFIED = 'http://eidas.europa.eu/LoA/'
const NOT_NOTIFIED = 'http://eidas.europa.eu/NotNotified/LoA/'

/** Notified levels, lowest first. */
export const notifiedLevels = [`${NOTIFIED}low`, `${NOTIFIED}substantial`, `${NOTIFIED}high`] as const

export type NotifiedLoA = (typeof notifiedLevels)[number]

/** Non-notified levels that claim to be equivalent to a notified one (Message Format 3.1), lowest first. */
export const equivalentLevels = [`${NOT_NOTIFIED}low`, `${NOT_NOTIFIED}substantial`, `${NOT_NOTIFIED}high`] as const

/** A level of assurance: a notified URI or any URI outside the notified namespace. */
export type LoA = string

export interface RequestedLoA {
  readonly comparison: 'minimum' | 'exact'
  readonly levels: readonly LoA[]
}

export function isNotified(loa: LoA): loa is NotifiedLoA {
  return (notifiedLevels as readonly string[]).includes(loa)
}

/** Whether a URI pretends to be notified without being one of the three (R-MF-62). */
export function isMisusedLoA(loa: LoA): boolean {
  return loa.toLowerCase().startsWith(NOTIFIED.toLowerCase()) && !isNotified(loa)
}

function rank(loa: LoA): number {
  return (notifiedLevels as readonly string[]).indexOf(loa)
}

/** R-MF-60, R-MF-61: does `reached` satisfy what was asked? */
export function satisfies(reached: LoA, asked: RequestedLoA): boolean {
  if (asked.comparison === 'exact') return asked.levels.includes(reached)
  const minimum = asked.levels[0]
  return minimum !== undefined && isNotified(reached) && isNotified(minimum) && rank(reached) >= rank(minimum)
}

/**
 * Whether a level is above what its issuer is believed: of notified levels by their order, of those that claim to be
 * equivalent by their claim. Other levels have no order, so none of them is above anything.
 */
export function isAbove(loa: LoA, maximum: NotifiedLoA): boolean {
  return Math.max(rank(loa), (equivalentLevels as readonly string[]).indexOf(loa)) > rank(maximum)
}

/** Whether an issuer who is believed up to `maximum` could satisfy the request. */
export function withinReach({ comparison, levels }: RequestedLoA, maximum: NotifiedLoA): boolean {
  const can = (loa: LoA) => !isAbove(loa, maximum)
  return comparison === 'minimum' ? levels.every(can) : levels.some(can)
}

/** Whether one of the `offered` levels could satisfy the request. */
export function satisfiable(asked: RequestedLoA, offered: readonly LoA[]): boolean {
  return offered.some((loa) => satisfies(loa, asked))
}
