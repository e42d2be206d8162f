import { createSamlIdp } from '../faces/saml-idp.ts'
import type { SamlSpParts } from '../faces/saml-sp.ts'
import type { AttributeRegistry } from '../identity/attributes.ts'
import type { Profile } from '../profiles/profile.ts'
import { createRelay, type GivenParts, type Relay } from '../relay/relay.ts'
import { addressedTo } from './policy.ts'
import { consentStep, schemeStep } from './steps.ts'
import { type NationalScheme, openScheme, schemesUpstream, type UpstreamParts } from './upstream.ts'

/**
 * The proxy service: connectors of other countries in front, this country's identity providers behind. It owns the
 * citizen's choice of scheme and her consent, and refuses to release without it. Built by node.ts only.
 */
export interface ProxyServiceParts extends UpstreamParts, GivenParts {
  /** The attributes that are known here. */
  readonly attributes: AttributeRegistry
  /** Whether the citizen is shown what is about to leave. */
  readonly consent: boolean
  readonly eidas: { readonly profile: Profile; readonly signing: SamlSpParts['signing'] }
  /** In the order citizens are shown them. */
  readonly schemes: readonly NationalScheme[]
}

export function createProxyService(parts: ProxyServiceParts): Relay {
  const { addresses, trust, clock, random, limits } = parts
  const schemes = parts.schemes.map((scheme) => openScheme(scheme, parts))
  return createRelay({
    ...parts,
    half: 'proxy-service',
    downstream: createSamlIdp({
      profile: parts.eidas.profile,
      trust,
      requesters: 'connector',
      entityId: addresses.eidasMetadata,
      location: addresses.sso,
      signing: parts.eidas.signing,
      clock,
      random,
      limits,
    }),
    upstream: schemesUpstream(schemes, addresses),
    beforeAsking: [schemeStep(schemes)],
    beforeAnswering: parts.consent ? [consentStep(parts.attributes)] : [],
    prepare: addressedTo(parts.country),
    stepPath: new URL(addresses.step).pathname,
  })
}
