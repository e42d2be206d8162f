import { NodeFault } from '../errors/node-fault.ts'
import type { PassportScheme } from '../faces/passport.ts'
import { attributesWith } from '../identity/attributes.ts'
import type { Identified } from '../identity/outcome.ts'
import type { IdentityRequest } from '../identity/request.ts'
import { type NationalClaims, readNationalClaims } from '../profiles/national/claims.ts'
import type { NationalMapping } from '../profiles/national/mapping.ts'
import { silentPeer } from '../profiles/peer-facts.ts'
import { proxyServiceAddresses } from '../proxy-service/addresses.ts'
import type { Asked } from '../relay/faces.ts'
import { expectAuthenticatedSince } from '../saml/rules/time.ts'
import type { Config } from './offer.ts'

/* Passport strategies as national schemes: what they are told of the node, and how the node reads what they learnt. */

/** What a Passport strategy has to know of the node it is plugged into. */
export interface StrategyContext {
  readonly country: string
  /** Our entityID towards national identity providers, should it be SAML. */
  readonly entityId: string
  /** Where the answers of this scheme come back, and of no other. */
  readonly callback: string
  readonly mapping: NationalMapping
  /** Judges what the strategy learnt of the citizen and puts it into eIDAS' names. */
  readonly read: (claims: NationalClaims, request: IdentityRequest, asked: Asked) => Identified
}

export type StrategyFactory = (context: StrategyContext) => PassportScheme

/** By the name the configuration uses. */
export type Strategies = Readonly<Record<string, StrategyFactory>>

type ConfiguredScheme = Extract<Config['proxyService']['schemes'][number], { readonly kind: 'passport' }>

/** The scheme behind its Passport strategy. CFG_INVALID without the strategy, or where two issuers are said of it. */
export function plugIn(
  configured: ConfiguredScheme,
  mapping: NationalMapping,
  config: Config,
  strategies: Strategies,
): PassportScheme {
  const { name, strategy, issuer } = configured
  const factory = Object.hasOwn(strategies, strategy) ? strategies[strategy] : undefined
  if (factory === undefined) throw new NodeFault('CFG_INVALID', `no Passport strategy ${strategy}`)
  const scheme = factory(contextOf(configured, mapping, config))
  if (issuer === undefined) return scheme
  if ((scheme.issuer ?? issuer) !== issuer) {
    throw new NodeFault('CFG_INVALID', `the strategy ${strategy} has another issuer than the scheme ${name}`)
  }
  return { ...scheme, issuer }
}

function contextOf(
  { name, earlierAuthenticationSeconds }: ConfiguredScheme,
  mapping: NationalMapping,
  config: Config,
): StrategyContext {
  const attributes = attributesWith(config.attributes)
  const { acsOf, nationalMetadata } = proxyServiceAddresses(config.baseUrl)
  const { country, limits } = config
  return {
    country,
    entityId: nationalMetadata,
    callback: acsOf(name),
    mapping,
    read: (claims, request, asked) => {
      const window = { ...limits, now: Date.now() }
      expectAuthenticatedSince(asked.at, claims.authenticatedAt, window, earlierAuthenticationSeconds)
      return readNationalClaims(claims, { request, country, peer: silentPeer(asked.entityId) }, { mapping, attributes })
    },
  }
}
