import { NodeFault } from '../errors/node-fault.ts'
import { createPassportUpstream, type PassportScheme } from '../faces/passport.ts'
import { type AssertionGrants, createSamlSp, type SamlSpParts } from '../faces/saml-sp.ts'
import type { Profile } from '../profiles/profile.ts'
import type { HttpInput, Upstream } from '../relay/faces.ts'
import type { TrustedEntity } from '../trust/registry.ts'
import type { ProxyServiceAddresses } from './addresses.ts'
import { fittingSchemes, openSchemes, type SchemeOffer } from './policy.ts'

/*
 * The national side: one upstream over all schemes. Which of them is asked is written into what is kept of the flow, and
 * only that one may answer, at its own address.
 */

/** A scheme: an identity provider known by SAML metadata, or any Passport strategy. */
export type NationalScheme = Omit<SchemeOffer, 'isOpen'> &
  (
    | {
        readonly kind: 'saml'
        readonly entityId: string
        /** The source that its metadata must come from, where that is said. */
        readonly source?: string
        readonly profile: Profile
        readonly signing: SamlSpParts['signing']
        readonly grants: AssertionGrants
      }
    | { readonly kind: 'passport'; readonly scheme: PassportScheme }
  )

export interface UpstreamParts extends Pick<SamlSpParts, 'decryption' | 'clock' | 'random' | 'limits' | 'trust'> {
  readonly country: string
  readonly addresses: ProxyServiceAddresses
  readonly isSuspended: (scheme: { readonly name: string; readonly entityId: string }) => boolean
}

export interface OpenScheme extends SchemeOffer {
  readonly upstream: Upstream
}

/** Each scheme with its own way to ask and to judge answers: its own names, its own highest level. */
export function openScheme(scheme: NationalScheme, parts: UpstreamParts): OpenScheme {
  const { name } = scheme
  if (scheme.kind === 'passport') {
    const { entityId } = scheme.scheme
    const { country, clock } = parts
    const upstream = createPassportUpstream({ scheme: scheme.scheme, mapping: scheme.mapping, country, clock })
    return { ...scheme, upstream, isOpen: () => !parts.isSuspended({ name, entityId }) }
  }
  const { entityId } = scheme
  return {
    ...scheme,
    upstream: samlUpstream(scheme, parts),
    isOpen: () => identityProviderOf(scheme, parts) !== undefined && !parts.isSuspended({ name, entityId }),
  }
}

type SamlScheme = Extract<NationalScheme, { kind: 'saml' }>

/** The identity provider of a scheme, from the source that the operator named for it. */
function identityProviderOf({ entityId, source }: SamlScheme, { trust }: UpstreamParts): TrustedEntity | undefined {
  const found = trust.find(entityId, 'identity-provider')
  return source === undefined || found?.source === source ? found : undefined
}

function samlUpstream(scheme: SamlScheme, parts: UpstreamParts): Upstream {
  const { addresses, trust } = parts
  return createSamlSp({
    profile: scheme.profile,
    trust,
    answerers: 'identity-provider',
    choose: () => {
      const found = identityProviderOf(scheme, parts)
      if (found === undefined) throw new NodeFault('AUTHN_FAILED', `no identity provider ${scheme.entityId}`)
      return found
    },
    entityId: addresses.nationalMetadata,
    location: addresses.acsOf(scheme.name),
    signing: scheme.signing,
    grantsOf: () => scheme.grants,
    country: parts.country,
    decryption: parts.decryption,
    clock: parts.clock,
    random: parts.random,
    limits: parts.limits,
  })
}

/** Asks the scheme that was chosen, or the only one that fits; takes an answer from the one that was asked. */
export function schemesUpstream(schemes: readonly OpenScheme[], { acsOf }: ProxyServiceAddresses): Upstream {
  const byPath = new Map(schemes.map((scheme) => [new URL(acsOf(scheme.name)).pathname, scheme]))
  const answering = ({ path }: HttpInput): OpenScheme => {
    const scheme = byPath.get(path)
    if (scheme === undefined) throw new TypeError('a route to no scheme')
    return scheme
  }
  return {
    async ask(request, handle) {
      const eligible = schemes.filter(({ name }) => request.scheme === undefined || name === request.scheme)
      const [scheme, other] = openSchemes(fittingSchemes(eligible, request))
      if (scheme === undefined || other !== undefined)
        throw new TypeError('the citizen has not chosen among the schemes')
      const { reply, asked } = await scheme.upstream.ask(request, handle)
      return { reply, asked: { ...asked, scheme: scheme.name } }
    },
    handleIn: (input) => answering(input).upstream.handleIn(input),
    async receive(input, asked, request) {
      const scheme = answering(input)
      if (scheme.name !== asked.scheme)
        throw new NodeFault('SAML_MIXUP', `${scheme.name} where ${asked.scheme} was asked`)
      if (!scheme.isOpen()) throw new NodeFault('AUTHN_FAILED', `${scheme.name} cannot answer any more`)
      return scheme.upstream.receive(input, asked, request)
    },
  }
}
