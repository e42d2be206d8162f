import { definitionOf } from '../identity/attributes.ts'
import type { Identified } from '../identity/outcome.ts'
import { addressedIdentifier } from '../identity/person-identifier.ts'
import type { Requester } from '../relay/faces.ts'

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
