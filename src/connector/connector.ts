import { NodeFault } from '../errors/node-fault.ts'
import { createSamlIdp } from '../faces/saml-idp.ts'
import { createSamlSp, type SamlSpParts } from '../faces/saml-sp.ts'
import type { IdentityRequest } from '../identity/request.ts'
import type { MaximumLoA, Profile } from '../profiles/profile.ts'
import { createRelay, type GivenParts, type Relay } from '../relay/relay.ts'
import type { TrustedEntity, TrustRegistry } from '../trust/registry.ts'
import type { ConnectorAddresses } from './addresses.ts'
import { namingRequesters, takingSuggestions } from './policy.ts'
import { canGive, countryStep } from './steps.ts'

/**
 * The connector: portals of this country in front, proxy services of the others behind. It owns which country is asked
 * and refuses one that is not in the trust registry. Built by node.ts only.
 */
export interface ConnectorParts
  extends GivenParts,
    Pick<SamlSpParts, 'decryption' | 'clock' | 'random' | 'limits' | 'trust'> {
  readonly addresses: ConnectorAddresses
  readonly maximumLoA: MaximumLoA
  /** entityIDs of proxy services that call us by our assertion consumer service (R-MF-57). */
  readonly audienceByAcs: readonly string[]
  /** Octets of RelayState that service providers may send. */
  readonly relayStateOctets: number
  readonly national: { readonly profile: Profile; readonly signing: SamlSpParts['signing'] }
  readonly eidas: { readonly profile: Profile; readonly signing: SamlSpParts['signing'] }
}

export function createConnector(parts: ConnectorParts): Relay {
  const { addresses, trust, clock, random, limits } = parts
  return createRelay({
    ...parts,
    half: 'connector',
    downstream: takingSuggestions(
      namingRequesters(
        createSamlIdp({
          profile: parts.national.profile,
          trust,
          requesters: 'service-provider',
          entityId: addresses.nationalMetadata,
          location: addresses.sso,
          signing: parts.national.signing,
          clock,
          random,
          limits,
          relayStateOctets: parts.relayStateOctets,
        }),
      ),
      trust,
      parts.maximumLoA,
    ),
    upstream: createSamlSp({
      profile: parts.eidas.profile,
      trust,
      answerers: 'proxy-service',
      choose: (request) => proxyServiceOf(trust, request, parts.maximumLoA),
      entityId: addresses.eidasMetadata,
      location: addresses.acs,
      signing: parts.eidas.signing,
      decryption: parts.decryption,
      clock,
      random,
      limits,
      grantsOf: (entityId) => ({ audienceByAcs: parts.audienceByAcs.includes(entityId) }),
    }),
    beforeAsking: [countryStep(trust, parts.maximumLoA)],
    beforeAnswering: [],
    stepPath: new URL(addresses.step).pathname,
  })
}

/** R-IA-6: a proxy service of the chosen country whose metadata was verified: the first that can give what is asked. */
function proxyServiceOf(trust: TrustRegistry, request: IdentityRequest, maximumLoA: MaximumLoA): TrustedEntity {
  const those = trust.all('proxy-service').filter(({ country }) => country === request.country)
  const found = those.find((entity) => canGive(entity, request, maximumLoA)) ?? those[0]
  if (found === undefined) throw new NodeFault('EID_COUNTRY', `no proxy service of ${request.country}`)
  return found
}
