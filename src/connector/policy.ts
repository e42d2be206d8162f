import type { IdentityRequest, SuggestingRequest } from '../identity/request.ts'
import type { MaximumLoA } from '../profiles/profile.ts'
import { shortName } from '../profiles/provider-name.ts'
import { shownName } from '../profiles/shown-name.ts'
import type { Downstream, Requester } from '../relay/faces.ts'
import type { TrustRegistry } from '../trust/registry.ts'
import { countriesFor } from './steps.ts'

/**
 * R-MF-38: the citizen abroad reads who asks: what its verified metadata calls a service provider, whatever it calls itself
 * in its request; of a service behind a hub, what the operator calls it.
 */
export function namingRequesters(downstream: Downstream): Downstream {
  return {
    ...downstream,
    async receive(input) {
      const received = await downstream.receive(input)
      return { ...received, read: () => named(received.read(), received.requester) }
    },
  }
}

function named(request: SuggestingRequest, { name, entityId }: Requester): SuggestingRequest {
  const { relyingParty } = request
  if (relyingParty.name !== undefined || name === entityId) return request
  const shown = shownName(name)
  return shown === undefined ? request : { ...request, relyingParty: { ...relyingParty, name: shortName(shown) } }
}

/**
 * SAML Core 3.4.1.3: a service provider may name the proxy services it has in mind. Where all that are known are of one
 * country, and that country would be offered, the citizen is not asked for it. The list decides nothing else.
 */
export function takingSuggestions(downstream: Downstream, trust: TrustRegistry, maximumLoA: MaximumLoA): Downstream {
  return {
    ...downstream,
    async receive(input) {
      const received = await downstream.receive(input)
      return { ...received, read: () => suggested(received.read(), trust, maximumLoA) }
    },
  }
}

function suggested(
  { suggested: entityIds = [], ...request }: SuggestingRequest,
  trust: TrustRegistry,
  maximumLoA: MaximumLoA,
): IdentityRequest {
  const known = entityIds.flatMap((entityId) => trust.find(entityId, 'proxy-service')?.country ?? [])
  const [country, ...more] = new Set(known)
  if (country === undefined || more.length > 0) return request
  return countriesFor(trust, request, maximumLoA).includes(country) ? { ...request, country } : request
}
