import type { IdentityRequest } from '../identity/request.ts'
import { shortName } from '../profiles/provider-name.ts'
import type { Downstream, Requester } from '../relay/faces.ts'

/**
 * R-MF-38: the citizen abroad reads who asks. A service provider that does not name itself in its request is called what
 * its verified metadata calls it.
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
  return { ...request, relyingParty: { ...relyingParty, name: shortName(name) } }
}
