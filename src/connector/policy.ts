import type { IdentityRequest } from '../identity/request.ts'
import { shortName } from '../profiles/provider-name.ts'
import { shownName } from '../profiles/shown-name.ts'
import type { Downstream, Requester } from '../relay/faces.ts'

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

function named(request: IdentityRequest, { name, entityId }: Requester): IdentityRequest {
  const { relyingParty } = request
  if (relyingParty.name !== undefined || name === entityId) return request
  const shown = shownName(name)
  return shown === undefined ? request : { ...request, relyingParty: { ...relyingParty, name: shortName(shown) } }
}
