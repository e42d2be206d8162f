import { NodeFault } from '../errors/node-fault.ts'
import { definitionOf } from '../identity/attributes.ts'
import type { Identified } from '../identity/outcome.ts'
import { addressedIdentifier } from '../identity/person-identifier.ts'
import type { IdentityRequest } from '../identity/request.ts'
import { canReach, type NationalMapping } from '../profiles/national/mapping.ts'
import type { Requester } from '../relay/faces.ts'

/** What is known of a national scheme before it is asked. */
export interface SchemeOffer {
  readonly name: string
  /** What citizens call it. */
  readonly displayName: string
  readonly mapping: NationalMapping
  /** Name URIs of what it delivers; left out, all that is published. */
  readonly attributes?: readonly string[]
  /** Whether it can be asked at this moment: it is known, and not suspended (R-LAW-22). */
  readonly isOpen: () => boolean
}

/**
 * R-IA-19: the schemes that could give what is asked. Without any the request is refused: EID_LOA when none reaches the
 * level, EID_MDS when none of those delivers what is required.
 */
export function fittingSchemes<T extends SchemeOffer>(schemes: readonly T[], request: IdentityRequest): readonly T[] {
  const wanted = request.attributes.filter(({ required }) => required)
  const reaching = schemes.filter(({ mapping }) => canReach(mapping, request.loa))
  if (reaching.length === 0) throw new NodeFault('EID_LOA', `${request.loa.levels.join(' ')} is out of reach here`)
  const delivering = reaching.filter(
    ({ attributes }) => attributes === undefined || wanted.every(({ name }) => attributes.includes(name)),
  )
  if (delivering.length === 0) throw new NodeFault('EID_MDS', 'no scheme delivers what is required at that level')
  return delivering
}

/** R-LAW-22: those of them that can be asked now; AUTHN_FAILED when that is none. */
export function openSchemes<T extends SchemeOffer>(schemes: readonly T[]): readonly T[] {
  const open = schemes.filter(({ isOpen }) => isOpen())
  if (open.length === 0) throw new NodeFault('AUTHN_FAILED', `${namesOf(schemes)} cannot be asked now`)
  return open
}

function namesOf(schemes: readonly SchemeOffer[]): string {
  return schemes.map(({ name }) => name).join(' ')
}

/**
 * Identifiers as they will leave: from this country, for the requester's (R-AP-20). Done before the citizen is asked, so
 * that she sees what is released and not what it is made from.
 */
export function addressedTo(country: string): (outcome: Identified, requester: Requester) => Identified {
  return (outcome, { country: destination }) => {
    if (destination === undefined) return outcome
    const attributes = outcome.attributes.map((attribute) =>
      definitionOf(attribute.name)?.kind === 'identifier'
        ? {
            ...attribute,
            values: attribute.values.map((value) => ({
              ...value,
              value: addressedIdentifier(value.value, country, destination),
            })),
          }
        : attribute,
    )
    return { ...outcome, attributes }
  }
}
