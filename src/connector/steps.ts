import { NodeFault } from '../errors/node-fault.ts'
import { notifiedLevels, satisfiable, withinReach } from '../identity/loa.ts'
import { missingMandatory, subjectKinds } from '../identity/person.ts'
import type { IdentityRequest } from '../identity/request.ts'
import type { MaximumLoA } from '../profiles/profile.ts'
import type { AskingStep } from '../relay/steps.ts'
import type { TrustedEntity, TrustRegistry } from '../trust/registry.ts'

/**
 * R-IA-16: only countries whose proxy service can reach the level that is asked, for the kind of person asked about.
 * Without any the request is refused: EID_LOA when none reaches the level, EID_MDS when none of those knows such a person.
 */
export function countriesFor(
  trust: TrustRegistry,
  request: IdentityRequest,
  maximumLoA: MaximumLoA,
): readonly string[] {
  const known = trust.all('proxy-service')
  if (known.length === 0) throw new NodeFault('EID_COUNTRY', 'no other country is trusted')
  const reaching = known.filter((entity) => reaches(entity, request, maximumLoA))
  if (reaching.length === 0) throw new NodeFault('EID_LOA', `no country reaches ${request.loa.levels.join(' ')}`)
  const delivering = reaching.filter((entity) => delivers(entity, request))
  if (delivering.length === 0) throw new NodeFault('EID_MDS', 'no country at that level delivers what is mandatory')
  return [...new Set(delivering.flatMap(({ country }) => country ?? []))].sort()
}

function reaches({ facts, country = '' }: TrustedEntity, { loa }: IdentityRequest, maximumLoA: MaximumLoA): boolean {
  const publishes = facts.loas.length === 0 || satisfiable(loa, facts.loas)
  return publishes && withinReach(loa, maximumLoA(country) ?? notifiedLevels[2])
}

/** Whether this proxy service can give what is asked, by what it publishes. */
export function canGive(entity: TrustedEntity, request: IdentityRequest, maximumLoA: MaximumLoA): boolean {
  return reaches(entity, request, maximumLoA) && delivers(entity, request)
}

function delivers({ facts: { attributes: published } }: TrustedEntity, { attributes }: IdentityRequest): boolean {
  if (published.length === 0) return true
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
