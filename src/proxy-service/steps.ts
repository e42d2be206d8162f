import { type AttributeRegistry, definitionOf } from '../identity/attributes.ts'
import { readAddress } from '../profiles/eidas/address.ts'
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
        values: outcome.attributes.map(({ name, values }) => ({
          name,
          friendlyName: attributes.definitionOf(name)?.friendlyName ?? name,
          values: values.map(({ value }) => shown(name, value)),
        })),
      }
    },
  }
}

/** R-AP-33: nobody can agree to base64. */
function shown(name: string, value: string): string {
  return definitionOf(name)?.kind === 'address' ? Object.values(readAddress(value)).join(', ') : value
}
