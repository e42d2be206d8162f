import { NodeFault } from '../errors/node-fault.ts'
import { createPassportUpstream, type PassportScheme } from '../faces/passport.ts'
import { createSamlIdp } from '../faces/saml-idp.ts'
import { createSamlSp, type SamlSpParts } from '../faces/saml-sp.ts'
import type { AttributeRegistry } from '../identity/attributes.ts'
import type { Profile } from '../profiles/profile.ts'
import type { Upstream } from '../relay/faces.ts'
import { createRelay, type Relay, type RelayParts } from '../relay/relay.ts'
import type { ProxyServiceAddresses } from './addresses.ts'
import { addressedTo } from './policy.ts'
import { consentStep } from './steps.ts'

/**
 * The proxy service: connectors of other countries in front, this country's identity providers behind. It owns the
 * citizen's consent and refuses to release without it. Built by node.ts only.
 */
export interface ProxyServiceParts
  extends Pick<
      RelayParts,
      'store' | 'replay' | 'listen' | 'newSupportCode' | 'pageStatus' | 'flowSeconds' | 'representation'
    >,
    Pick<SamlSpParts, 'decryption' | 'clock' | 'random' | 'limits' | 'trust'> {
  readonly country: string
  /** The attributes that are known here. */
  readonly attributes: AttributeRegistry
  /** Whether the citizen is shown what is about to leave. */
  readonly consent: boolean
  readonly addresses: ProxyServiceAddresses
  readonly eidas: { readonly profile: Profile; readonly signing: SamlSpParts['signing'] }
  readonly scheme: NationalScheme
}

/** The national side: an identity provider known by SAML metadata, or any Passport strategy. */
export type NationalScheme =
  | {
      readonly kind: 'saml'
      readonly entityId: string
      readonly profile: Profile
      readonly signing: SamlSpParts['signing']
    }
  | { readonly kind: 'passport'; readonly scheme: PassportScheme }

export function createProxyService(parts: ProxyServiceParts): Relay {
  const { addresses, trust, clock, random, limits } = parts
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
    upstream: upstreamOf(parts),
    beforeAsking: [],
    beforeAnswering: parts.consent ? [consentStep(parts.attributes)] : [],
    prepare: addressedTo(parts.country),
    stepPath: new URL(addresses.step).pathname,
  })
}

function upstreamOf(parts: ProxyServiceParts): Upstream {
  const { scheme, addresses, trust } = parts
  if (scheme.kind === 'passport') return createPassportUpstream(scheme.scheme, parts.country)
  return createSamlSp({
    profile: scheme.profile,
    trust,
    answerers: 'identity-provider',
    choose: () => {
      const found = trust.find(scheme.entityId, 'identity-provider')
      if (found === undefined) throw new NodeFault('AUTHN_FAILED', `no identity provider ${scheme.entityId}`)
      return found
    },
    entityId: addresses.nationalMetadata,
    location: addresses.acs,
    signing: scheme.signing,
    decryption: parts.decryption,
    clock: parts.clock,
    random: parts.random,
    limits: parts.limits,
  })
}
