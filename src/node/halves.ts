import type { LoadedConfig } from '../config/load.ts'
import { connectorAddresses } from '../connector/addresses.ts'
import { createConnector } from '../connector/connector.ts'
import { attributesWith } from '../identity/attributes.ts'
import type { Representation } from '../identity/request.ts'
import { eidasProfile } from '../profiles/eidas/profile.ts'
import type { NationalMapping } from '../profiles/national/mapping.ts'
import { nationalProfile } from '../profiles/national/profile.ts'
import { proxyServiceAddresses } from '../proxy-service/addresses.ts'
import { createProxyService } from '../proxy-service/proxy-service.ts'
import type { NationalScheme } from '../proxy-service/upstream.ts'
import type { RelayListener } from '../relay/events.ts'
import type { Relay } from '../relay/relay.ts'
import type { Stores } from '../store/store.ts'
import type { KeptTrust } from '../trust/refresh.ts'
import { isSchemeSuspended } from '../trust/suspension.ts'
import type { Route } from '../web/app.ts'
import { pageStatus } from '../web/errors.ts'
import type { NodeKeys } from './keys.ts'
import { type Config, offerOf } from './offer.ts'
import { random } from './random.ts'
import { plugIn, type Strategies } from './strategies.ts'

/* Both halves of the node from its configuration, and the addresses they answer at. */

interface Halves {
  readonly connector: Relay
  readonly proxyService: Relay
}

export interface HalvesOptions {
  readonly strategies?: Strategies
  readonly log: { readonly listen: RelayListener }
  readonly allowPlainCookiesForDemo?: true
}

export function createHalves(
  { config }: LoadedConfig,
  keys: NodeKeys,
  trust: KeptTrust,
  stores: Stores,
  options: HalvesOptions,
): Halves {
  const { country, connector, proxyService, limits } = config
  const attributes = attributesWith(config.attributes)
  const maximumLoA = (of: string) => (Object.hasOwn(connector.maximumLoA, of) ? connector.maximumLoA[of] : undefined)
  const eidas = {
    profile: eidasProfile({
      country,
      attributes,
      maximumLoA,
      optionalAttributes: (of) =>
        (Object.hasOwn(connector.optionalAttributes, of) ? connector.optionalAttributes[of] : undefined) ?? 'lenient',
      identifiersFor: (of) =>
        (Object.hasOwn(connector.identifiersFor, of) ? connector.identifiersFor[of] : undefined) ?? [],
      ...(connector.spType === undefined ? {} : { spType: connector.spType }),
      offer: offerOf(config),
    }),
    signing: keys.ways.messages,
  }
  const common = {
    trust: trust.registry,
    limits,
    eidas,
    random,
    clock: Date.now,
    listen: options.log.listen,
    newSupportCode,
    pageStatus,
    flowSeconds: limits.flowSeconds,
    ...(options.allowPlainCookiesForDemo ? { cookiePrefix: '' as const } : {}),
  }
  return {
    connector: createConnector({
      ...common,
      store: stores.exchanges('connector'),
      replay: stores.replay('connector'),
      traces: stores.traces('connector'),
      representation: ({ entityId }) => acceptance(config, entityId),
      maximumLoA,
      audienceByAcs: connector.audienceByAcs,
      addresses: connectorAddresses(config.baseUrl),
      relayStateOctets: connector.serviceProviders.relayStateOctets,
      national: { profile: serviceProviderProfile(config), signing: keys.ways.national },
      decryption: keys.encryption,
    }),
    proxyService: createProxyService({
      ...common,
      country,
      attributes,
      consent: proxyService.consent,
      representation: () => proxyService.representation,
      store: stores.exchanges('proxy-service'),
      replay: stores.replay('proxy-service'),
      traces: stores.traces('proxy-service'),
      addresses: proxyServiceAddresses(config.baseUrl),
      schemes: nationalSchemes(config, keys, options),
      isSuspended: (scheme) => isSchemeSuspended(scheme, trust.suspension()),
      decryption: keys.nationalEncryption,
    }),
  }
}

/** R-AP-55: what is agreed with this service provider, or with all. */
function acceptance({ connector: { representation, serviceProviders } }: Config, entityId: string): Representation {
  const agreed = serviceProviders.representation
  return (Object.hasOwn(agreed, entityId) ? agreed[entityId] : undefined) ?? representation
}

function serviceProviderProfile({ connector, attributes }: Config) {
  const { loa, spType, sectors, hubs, optionalAttributes, scripts, signsAssertions, mappings } =
    connector.serviceProviders
  return nationalProfile({
    attributes: attributesWith(attributes),
    nonNotified: connector.nonNotified,
    defaultLoA: loa,
    defaultSpType: spType,
    sectorOf: (entityId) => (Object.hasOwn(sectors, entityId) ? sectors[entityId] : undefined),
    servicesOf: (entityId) => (Object.hasOwn(hubs, entityId) ? hubs[entityId] : undefined),
    optionalAttributes,
    signsAssertions,
    scriptsOf: (entityId) => (Object.hasOwn(scripts, entityId) ? scripts[entityId] : undefined),
    mappingOf: (entityId) => (Object.hasOwn(mappings, entityId) ? mappings[entityId] : undefined),
  })
}

/** The schemes citizens of this country use. */
function nationalSchemes(
  config: Config,
  keys: NodeKeys,
  { strategies = {} }: HalvesOptions,
): readonly NationalScheme[] {
  const { attributes } = offerOf(config)
  return config.proxyService.schemes.map((scheme) => {
    const { name, displayName = name, maximumLoA, optionalAttributes } = scheme
    const believed = maximumLoA === undefined ? {} : { maximumLoA }
    const mapping: NationalMapping = { ...scheme.mapping, ...believed, optionalAttributes }
    const delivered = scheme.attributes ?? attributes
    const offer = { name, displayName, mapping, ...(delivered === undefined ? {} : { attributes: delivered }) }
    if (scheme.kind === 'passport') {
      return { ...offer, kind: 'passport', scheme: plugIn(scheme, mapping, config, strategies) }
    }
    const profile = nationalProfile({
      attributes: attributesWith(config.attributes),
      defaultLoA: config.connector.serviceProviders.loa,
      mappingOf: (entityId) => (entityId === scheme.entityId ? mapping : undefined),
    })
    const { entityId, source, conditionsSeconds, authenticatingAuthority, earlierAuthenticationSeconds } = scheme
    const grants = { conditionsSeconds, authenticatingAuthority, earlierAuthenticationSeconds }
    const named = source === undefined ? {} : { source }
    return { ...offer, kind: 'saml', entityId, ...named, profile, signing: keys.ways.national, grants }
  })
}

/** Requests come by POST and Redirect, answers by POST; a strategy may have them by GET. */
export function halfRoutes({ config }: LoadedConfig, { connector, proxyService }: Halves): readonly Route[] {
  const of = (relay: Relay, { sso, step }: { sso: string; step: string }): readonly Route[] => [
    { methods: ['GET', 'POST'], path: new URL(sso).pathname, work: 'begins', receive: relay.begin },
    { methods: ['POST'], path: new URL(step).pathname, work: 'goes on', receive: relay.resume },
  ]
  const answers = (relay: Relay, acs: string, methods: Route['methods']): Route => ({
    methods,
    path: new URL(acs).pathname,
    work: 'goes on',
    receive: relay.finish,
  })
  const [front, back] = [connectorAddresses(config.baseUrl), proxyServiceAddresses(config.baseUrl)]
  return [
    ...of(connector, front),
    answers(connector, front.acs, ['POST']),
    ...of(proxyService, back),
    ...config.proxyService.schemes.map(({ name, kind }) =>
      answers(proxyService, back.acsOf(name), kind === 'passport' ? ['GET', 'POST'] : ['POST']),
    ),
  ]
}

/** Ten characters a citizen can read out on the telephone: no vowels, no look-alikes. */
export function newSupportCode(): string {
  const letters = 'BCDFGHJKLMNPQRSTVWXZ23456789'
  const code = [...random(10)].map((octet) => letters[octet % letters.length]).join('')
  return `${code.slice(0, 5)}-${code.slice(5)}`
}
