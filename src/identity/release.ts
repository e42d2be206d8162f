import { NodeFault } from '../errors/node-fault.ts'
import { definitionOf } from './attributes.ts'
import { satisfies } from './loa.ts'
import type { Identified } from './outcome.ts'
import type { IdentityRequest } from './request.ts'

/**
 * What may be passed on of what was identified, on either side: never below the level asked (R-IA-20, R-IA-21), never
 * without an attribute that was required (R-MF-54), never one that was not asked for. Where a representative is
 * not accepted he is refused, not trimmed: no relying party may believe that the represented person acts herself
 * (R-AP-55). Where he is accepted, his data travel unasked (R-AP-50, R-AP-51).
 */
export function releaseOnly(request: IdentityRequest, outcome: Identified): Identified {
  const { representation = 'reject' } = request
  if (!satisfies(outcome.loa, request.loa)) throw new NodeFault('EID_LOA', outcome.loa)
  for (const { name } of outcome.attributes) {
    if (representation === 'reject' && definitionOf(name)?.representative) throw new NodeFault('EID_REPR', name)
  }
  const asked = new Set(request.attributes.map(({ name }) => name))
  const attributes = outcome.attributes.filter(({ name }) => asked.has(name) || definitionOf(name)?.representative)
  for (const { name, required } of request.attributes) {
    if (required && !attributes.some((attribute) => attribute.name === name)) throw new NodeFault('EID_MDS', name)
  }
  return { ...outcome, attributes }
}
