import { type AttributeRegistry, definitionOf } from '../identity/attributes.ts'
import type { Identified } from '../identity/outcome.ts'
import { calledIn } from '../identity/person.ts'
import { readAddress } from '../profiles/eidas/address.ts'
import type { ConsentPage } from '../relay/faces.ts'
import type { AnsweringStep } from '../relay/steps.ts'

/** Shows the citizen the values about to leave the country, and to whom. */
export function consentStep(attributes: AttributeRegistry): AnsweringStep {
  return {
    name: 'consent',
    pose(request, requester, outcome, form) {
      return {
        page: 'consent',
        form,
        relyingParty: request.relyingParty.name ?? request.relyingParty.id ?? requester.name,
        destination: requester.country ?? '',
        loa: outcome.loa,
        ...actingIn(outcome),
        values: outcome.attributes.map(({ name, values }) => ({
          name,
          friendlyName: attributes.definitionOf(name)?.friendlyName ?? name,
          values: values.map(({ value }) => shown(name, value)),
        })),
      }
    },
  }
}

/** R-AP-55 on this side of the border: the citizen sees that she is about to act for somebody, and for whom. */
function actingIn({ attributes }: Identified): Pick<ConsentPage, 'acting'> {
  const representative = calledIn(attributes, true)
  const person = calledIn(attributes, false)
  return representative === undefined || person === undefined ? {} : { acting: { representative, person } }
}

/** R-AP-33: nobody can agree to base64. */
function shown(name: string, value: string): string {
  return definitionOf(name)?.kind === 'address' ? Object.values(readAddress(value)).join(', ') : value
}
