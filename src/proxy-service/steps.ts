import { NodeFault } from '../errors/node-fault.ts'
import { type AttributeRegistry, definitionOf } from '../identity/attributes.ts'
import type { Identified } from '../identity/outcome.ts'
import { calledIn } from '../identity/person.ts'
import type { IdentityRequest } from '../identity/request.ts'
import { readAddress } from '../profiles/eidas/address.ts'
import type { ConsentPage, Requester } from '../relay/faces.ts'
import type { AnsweringStep, AskingStep } from '../relay/steps.ts'
import { fittingSchemes, openSchemes, type SchemeOffer } from './policy.ts'

/** R-IA-19: asks the citizen for the scheme, where more than one can give what is asked. */
export function schemeStep(schemes: readonly SchemeOffer[]): AskingStep {
  return {
    name: 'scheme',
    pose(request, requester, form) {
      if (request.scheme !== undefined) return undefined
      const offered = openSchemes(fittingSchemes(schemes, request))
      if (offered.length === 1) return undefined
      return {
        page: 'scheme',
        form,
        ...askerOf(request, requester),
        schemes: offered.map(({ name, displayName }) => ({ name, displayName })),
      }
    },
    apply(request, { scheme }) {
      const chosen = fittingSchemes(schemes, request).filter(({ name }) => name === scheme)
      if (scheme === undefined || chosen.length === 0)
        throw new NodeFault('STEP_INPUT', 'a scheme that was not offered')
      openSchemes(chosen)
      return { ...request, scheme }
    },
  }
}

/** Shows the citizen the values about to leave the country, and to whom. */
export function consentStep(attributes: AttributeRegistry): AnsweringStep {
  return {
    name: 'consent',
    pose(request, requester, outcome, form) {
      return {
        page: 'consent',
        form,
        ...askerOf(request, requester),
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

/** Who wants to know, and in which country. */
function askerOf({ relyingParty: { name, id } }: IdentityRequest, requester: Requester) {
  return { relyingParty: name ?? id ?? requester.name, destination: requester.country ?? '' }
}

/** R-AP-55 on this side of the border: the citizen sees that she is about to act for a person, and for which. */
function actingIn({ attributes }: Identified): Pick<ConsentPage, 'acting'> {
  const representative = calledIn(attributes, true)
  const person = calledIn(attributes, false)
  return representative === undefined || person === undefined ? {} : { acting: { representative, person } }
}

/** R-AP-33: a citizen cannot agree to base64. */
function shown(name: string, value: string): string {
  return definitionOf(name)?.kind === 'address' ? Object.values(readAddress(value)).join(', ') : value
}
