import { NodeFault } from '../errors/node-fault.ts'
import { notifiedLevels, satisfiable, withinReach } from '../identity/loa.ts'
import { missingMandatory, subjectKinds } from '../identity/person.ts'
import type { IdentityRequest } from '../identity/request.ts'
import type { MaximumLoA } from '../profiles/profile.ts'
import type { AskingStep } from '../relay/steps.ts'
import type { TrustRegistry } from '../trust/registry.ts'

/** R-IA-16: only countries whose proxy service can reach the level that is asked, for the kind of person asked about. */
function countriesFor(trust: TrustRegistry, request: IdentityRequest, maximumLoA: MaximumLoA): readonly string[] {
  const countries = trust
    .all('proxy-service')
    .filter(({ facts }) => facts.loas.length === 0 || satisfiable(request.loa, facts.loas))
    .filter(({ facts }) => facts.attributes.length === 0 || delivers(facts.attributes, request))
    .flatMap(({ country }) => (country === undefined ? [] : [country]))
    .filter((country) => withinReach(request.loa, maximumLoA(country) ?? notifiedLevels[2]))
  return [...new Set(countries)].sort()
}

function delivers(published: readonly string[], { attributes }: IdentityRequest): boolean {
  const kinds = subjectKinds(attributes.map(({ name }) => name))
  return kinds.every((kind) => missingMandatory(published, kind).length === 0)
}

/** Asks the citizen for the country of her eID, unless the portal said it. */
export function countryStep(trust: TrustRegistry, maximumLoA: MaximumLoA): AskingStep {
  return {
    name: 'country',
    pose(request, requester, form) {
      if (request.country !== undefined) return undefined
      const countries = countriesFor(trust, request, maximumLoA)
      if (countries.length === 0) throw new NodeFault('EID_COUNTRY', 'no country can meet the request')
      return { page: 'country', form, relyingParty: request.relyingParty.name ?? requester.name, countries }
    },
    apply(request, { country }) {
      if (country === undefined || !countriesFor(trust, request, maximumLoA).includes(country)) {
        throw new NodeFault('EID_COUNTRY', 'a country that was not offered')
      }
      return { ...request, country }
    },
  }
}
