import { NodeFault } from '../../errors/node-fault.ts'
import { isMisusedLoA, isNotified, notifiedLevels, type RequestedLoA } from '../../identity/loa.ts'
import type { RequestedAuthnContext } from '../../saml/authn-request.ts'

/** Countries have a handful; all of them are kept with the sign-in, and asked for again. */
const MOST_LEVELS = 50

/**
 * Levels of assurance as requests name them (R-MF-39, R-MF-60 to R-MF-62). EID_LOA_REQ for a RequestedAuthnContext that
 * is missing, empty or beyond measure, repeats itself, compares in another way, orders what has no order, or leaves a gap above a
 * notified level.
 */
export function readRequestedLoA(context: RequestedAuthnContext | undefined): RequestedLoA {
  const levels = context?.classRefs ?? []
  const comparison = context?.comparison ?? 'exact'
  if (levels.length === 0) throw fault('no level')
  if (levels.length > MOST_LEVELS) throw fault(`${levels.length} levels`)
  if (new Set(levels).size < levels.length) throw fault('a level twice')
  if (levels.some(isMisusedLoA)) throw fault('a level that is only spelt like a notified one')
  if (comparison !== 'minimum' && comparison !== 'exact') throw fault(`comparison ${comparison}`)
  const asked: RequestedLoA = { comparison, levels }
  if (comparison === 'minimum') expectMinimum(asked)
  else expectExact(asked)
  return asked
}

/** R-MF-60: minimum has one level, and only notified ones are ordered. */
function expectMinimum({ levels }: RequestedLoA): void {
  if (levels.length > 1) throw fault('a minimum of several levels')
  if (!levels.every(isNotified)) throw fault('a minimum without order')
}

/** R-MF-62: exact is for non-notified levels; a notified one beside them brings all higher ones along. */
function expectExact({ levels }: RequestedLoA): void {
  if (levels.every(isNotified)) throw fault('exact, with notified levels only')
  if (closedUpwards(levels).some((level) => !levels.includes(level))) throw fault('a higher notified level is missing')
}

/** What was asked as the profile expresses it: notified levels as a minimum, with others as the closed exact list. */
export function writeRequestedLoA({ levels }: RequestedLoA): RequestedAuthnContext {
  const [lowest, ...higher] = closedUpwards(levels)
  const others = levels.filter((level) => !isNotified(level))
  if (others.length === 0 && lowest !== undefined) return { comparison: 'minimum', classRefs: [lowest], declRefs: [] }
  if (others.length === 0) throw fault('no level')
  const notified = lowest === undefined ? [] : [lowest, ...higher]
  return { comparison: 'exact', classRefs: [...notified, ...others], declRefs: [] }
}

/** The lowest notified level among these and all above it. */
export function closedUpwards(levels: readonly string[]): readonly string[] {
  const lowest = notifiedLevels.findIndex((level) => levels.includes(level))
  return lowest < 0 ? [] : notifiedLevels.slice(lowest)
}

function fault(detail: string): NodeFault {
  return new NodeFault('EID_LOA_REQ', detail)
}
