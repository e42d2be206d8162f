import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import type { KeyText } from './config/key-files.ts'
import { type LoadedConfig, readSuspended } from './config/load.ts'
import { connectorAddresses } from './connector/addresses.ts'
import { createConnector } from './connector/connector.ts'
import { connectorMetadata } from './connector/metadata.ts'
import { NodeFault } from './errors/node-fault.ts'
import type { PassportScheme } from './faces/passport.ts'
import { attributesWith } from './identity/attributes.ts'
import type { Identified } from './identity/outcome.ts'
import type { IdentityRequest, Representation } from './identity/request.ts'
import { readHealth } from './observe/health.ts'
import type { Log } from './observe/log.ts'
import { eidasProfile } from './profiles/eidas/profile.ts'
import { type NationalClaims, readNationalClaims } from './profiles/national/claims.ts'
import type { NationalMapping } from './profiles/national/mapping.ts'
import { nationalProfile } from './profiles/national/profile.ts'
import type { PeerFacts } from './profiles/profile.ts'
import { proxyServiceAddresses } from './proxy-service/addresses.ts'
import { offeredAttributes, proxyServiceMetadata } from './proxy-service/metadata.ts'
import { createProxyService } from './proxy-service/proxy-service.ts'
import type { NationalScheme } from './proxy-service/upstream.ts'
import type { Asked, Reply } from './relay/faces.ts'
import type { Relay } from './relay/relay.ts'
import { newId } from './saml/ids.ts'
import type { EntityDescriptor } from './saml/metadata/entity.ts'
import { memoryStores } from './store/memory.ts'
import { redisStores } from './store/redis.ts'
import type { Stores } from './store/store.ts'
import { createFetch } from './trust/fetch.ts'
import { originsOf } from './trust/origins.ts'
import { keepPublished, type PublishedDocuments, publishMetadata } from './trust/publication.ts'
import { type KeptTrust, keepTrust, type TrustLog } from './trust/refresh.ts'
import { isSchemeSuspended } from './trust/suspension.ts'
import { type Route, webApp } from './web/app.ts'
import { pageStatus } from './web/errors.ts'
import { webServer } from './web/server.ts'
import { prepareSchemas } from './xml/schema.ts'
import { eidasSignatureAlgorithms, nationalSignatureAlgorithms } from './xmlsec/algorithms.ts'
import {
  type DecryptionKey,
  decryptionKey,
  expectSeparateKeys,
  type SigningKey,
  signingKey,
  verificationKey,
} from './xmlsec/keys.ts'
import { nationalSigningKey } from './xmlsec/national-key.ts'
import { selfTest } from './xmlsec/self-test.ts'
import { type SigningChoice, signingChoice } from './xmlsec/signing-choice.ts'

/**
 * The composition root: configuration in, a listening server out. The only place that builds adapters, and the only
 * one that imports clock, randomness and network; everything below is handed them.
 */

/** What a Passport strategy has to know of the node it is plugged into. */
export interface StrategyContext {
  readonly country: string
  /** Our entityID towards national identity providers, should it be SAML. */
  readonly entityId: string
  /** Where answers come back. */
  readonly callback: string
  readonly mapping: NationalMapping
  /** Judges what the strategy learnt of the citizen and puts it into eIDAS' names. */
  readonly read: (claims: NationalClaims, request: IdentityRequest, asked: Asked) => Identified
}

export type StrategyFactory = (context: StrategyContext) => PassportScheme

export interface NodeOptions {
  /** By the name the configuration uses. */
  readonly strategies?: Readonly<Record<string, StrategyFactory>>
  /** Hears of everything that happens in a flow, and of what an operator should know. */
  readonly log: Pick<Log, 'listen' | 'fault' | 'info' | 'warn'>
  /** Flow cookies that any client keeps over plain http, for parties of one site; warns at start. */
  readonly allowPlainCookiesForDemo?: true
}

export interface RunningNode {
  readonly port: number
  /** Applies suspensions at once and reads the metadata of peers anew. Never rejects. */
  refresh(): Promise<void>
  stop(): Promise<void>
}

interface NodeKeys {
  readonly messages: SigningKey
  readonly metadata: SigningKey
  /** The same key as national parties verify it: what they know of RSA is PKCS#1. */
  readonly nationalMetadata: SigningKey
  readonly national: SigningKey
  /** Every way to sign messages with these two keys. */
  readonly ways: { readonly messages: SigningChoice; readonly national: SigningChoice }
  /** The one that is published first, then the one before it. */
  readonly encryption: readonly DecryptionKey[]
  readonly nationalEncryption: readonly DecryptionKey[]
  /** Certificates of all that may sign our messages, base64 of DER: more than one while keys are changed. */
  readonly published: { readonly messages: readonly string[]; readonly national: readonly string[] }
}

const APPLICATION = 'Passerelle:passerelle:0.1.0'
const HOUR = 3_600_000
const MINUTE = 60_000

/** Reads peers, opens the store and listens; rejects with the first thing that makes it impossible. */
export async function startNode(loaded: LoadedConfig, options: NodeOptions): Promise<RunningNode> {
  const { config } = loaded
  for (const warning of loaded.warnings) options.log.warn(warning)
  if (options.allowPlainCookiesForDemo) options.log.warn('flow cookies are not Secure; for demonstrations only')
  await prepareSchemas()
  const keys = nodeKeys(loaded)
  await testKernel(keys)
  const trust = await openTrust(loaded, options.log)
  const stores = await openStores(loaded, options)
  const published = await publication(loaded, keys, options.log)
  const halves = createHalves(loaded, keys, trust, stores, options)
  const listener = webApp({
    routes: [...halfRoutes(loaded, halves), ...published.routes],
    onFault: options.log.fault,
    newSupportCode,
    health: () =>
      readHealth({
        storeReachable: () => stores.reachable(),
        trustLoaded: () => trust.registry.all('proxy-service').length > 0,
      }),
    https: config.baseUrl.startsWith('https:'),
    formRedirects: config.web.formRedirects,
  })
  const server = webServer(listener)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(config.listen.port, config.listen.host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    refresh: trust.refresh,
    async stop() {
      published.stop()
      trust.stop()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
        setTimeout(() => server.closeAllConnections(), 2_000).unref()
      })
      await stores.close()
    },
  }
}

/** Every key judged, and none of them doing two jobs (R-CR-30). */
export function nodeKeys({ keys }: Pick<LoadedConfig, 'keys'>): NodeKeys {
  const own = {
    messages: signingKey(keys.messages),
    metadata: signingKey(keys.metadata),
    nationalMetadata: nationalSigningKey(keys.metadata),
    national: nationalSigningKey(keys.national),
    encryption: decryptionKeys(keys.encryption),
    nationalEncryption: decryptionKeys(keys.nationalEncryption),
  }
  const signing = [own.messages, own.metadata, own.national]
  expectSeparateKeys(signing, [...own.encryption, ...own.nationalEncryption])
  const published = { messages: certificatesOf(keys.messages), national: certificatesOf(keys.national) }
  const ways = {
    messages: signingChoice(keys.messages, own.messages, eidasSignatureAlgorithms),
    national: signingChoice(keys.national, own.national, nationalSignatureAlgorithms),
  }
  return { ...own, ways, published }
}

function decryptionKeys({ previous, ...current }: KeyText): readonly DecryptionKey[] {
  return [current, ...(previous === undefined ? [] : [previous])].map(decryptionKey)
}

/** Its own, and those of keys that take over from it or that it took over from. */
function certificatesOf({ certificates: [own = ''], next = [] }: KeyText): readonly string[] {
  return [own, ...next].map((pem) => verificationKey(pem).certificate)
}

/** The self-test, with the keys this node has. Fault: SELF_TEST. */
export function testKernel(keys: NodeKeys): Promise<void> {
  return selfTest({
    signing: [keys.messages, keys.metadata, keys.nationalMetadata, keys.national],
    decryption: [...keys.encryption, ...keys.nationalEncryption],
  })
}

/** R-IA-28: the four documents, by the path each is served at. */
export async function nodeMetadata(
  { config }: Pick<LoadedConfig, 'config'>,
  keys: NodeKeys,
): Promise<PublishedDocuments> {
  const { country, operator, contacts, baseUrl, connector } = config
  const common = () => ({
    country,
    applicationIdentifier: APPLICATION,
    organization: operator,
    contacts,
    id: newId(randomBytes),
    validUntil: Date.now() + config.metadataLifetimeHours * HOUR,
  })
  const signing = keys.published.messages
  const national = { signing: keys.published.national }
  const encryption = currentOf(keys.encryption)
  const ofConnector = connectorMetadata(
    common(),
    connectorAddresses(baseUrl),
    { eidas: { signing, encryption }, national },
    connector.spType,
  )
  const ofProxyService = proxyServiceMetadata(
    common(),
    proxyServiceAddresses(baseUrl),
    { eidas: { signing }, national: { ...national, encryption: currentOf(keys.nationalEncryption) } },
    { ...offerOf(config), known: attributesWith(config.attributes) },
  )
  const documents = [
    published(ofConnector.national, keys.nationalMetadata),
    published(ofConnector.eidas, keys.metadata),
    published(ofProxyService.eidas, keys.metadata),
    published(ofProxyService.national, keys.nationalMetadata),
  ]
  return new Map(await Promise.all(documents))
}

/** Nobody is to encrypt to the key before. */
function currentOf(keys: readonly DecryptionKey[]): readonly string[] {
  return keys.slice(0, 1).map(({ certificate }) => certificate)
}

async function published(entity: EntityDescriptor, key: SigningKey): Promise<readonly [path: string, Uint8Array]> {
  const fresh = { ...entity, id: newId(randomBytes) }
  return [new URL(entity.entityId).pathname, await publishMetadata(fresh, key)]
}

/** Our own metadata, each document at the path its entityID names. */
async function publication(loaded: LoadedConfig, keys: NodeKeys, { warn }: Pick<Log, 'warn'>) {
  const period = (loaded.config.metadataLifetimeHours * HOUR) / 4
  const { documents, stop } = await keepPublished(() => nodeMetadata(loaded, keys), period, warn)
  const routes = [...documents().keys()].map(
    (path): Route => ({
      methods: ['GET'],
      path,
      receive: async (): Promise<Reply> => ({
        kind: 'document',
        contentType: 'application/samlmetadata+xml',
        body: documents().get(path) ?? new Uint8Array(0),
        maxAgeSeconds: 3600,
      }),
    }),
  )
  return { routes, stop }
}

/** Peers from verified metadata; what is wrong with one is told and harms no other. */
export async function openTrust(
  { config, file }: Pick<LoadedConfig, 'config' | 'file'>,
  log: TrustLog,
): Promise<KeptTrust> {
  const { trust, allowHttpForDemo } = config
  const authorities = await Promise.all(trust.tlsAuthorities.map((path) => readFile(path, 'utf8')))
  return keepTrust({
    origins: originsOf({ ...trust, allowHttpForDemo }, createFetch({ authorities, allowHttpForDemo })),
    suspended: () => readSuspended(file),
    period: trust.refreshMinutes * MINUTE,
    clock: Date.now,
    random: Math.random,
    log,
  })
}

async function openStores({ config, secrets }: LoadedConfig, { log }: NodeOptions): Promise<Stores> {
  const { redisUrl: url, sealKeys } = secrets
  const random = randomBytes
  if (url === undefined) return memoryStores({ monotonic: () => performance.now(), now: Date.now, random })
  return redisStores({ url, sealKeys, prefix: config.store.prefix, now: Date.now, random, onTrouble: log.warn })
}

interface Halves {
  readonly connector: Relay
  readonly proxyService: Relay
}

function createHalves(
  { config }: LoadedConfig,
  keys: NodeKeys,
  trust: KeptTrust,
  stores: Stores,
  options: NodeOptions,
): Halves {
  const { country, connector, proxyService, limits } = config
  const attributes = attributesWith(config.attributes)
  const maximumLoA = (of: string) => (Object.hasOwn(connector.maximumLoA, of) ? connector.maximumLoA[of] : undefined)
  const eidas = {
    profile: eidasProfile({
      country,
      attributes,
      maximumLoA,
      ...(connector.spType === undefined ? {} : { spType: connector.spType }),
      offer: offerOf(config),
    }),
    signing: keys.ways.messages,
  }
  const common = {
    trust: trust.registry,
    limits,
    eidas,
    random: randomBytes,
    clock: Date.now,
    replay: stores.replay,
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
      addresses: proxyServiceAddresses(config.baseUrl),
      schemes: nationalSchemes(config, keys, options),
      isSuspended: (scheme) => isSchemeSuspended(scheme, trust.suspension()),
      decryption: keys.nationalEncryption,
    }),
  }
}

type Config = LoadedConfig['config']

/** R-AP-55: what is agreed with this service provider, or with all. */
function acceptance({ connector: { representation, serviceProviders } }: Config, entityId: string): Representation {
  const agreed = serviceProviders.representation
  return (Object.hasOwn(agreed, entityId) ? agreed[entityId] : undefined) ?? representation
}

function serviceProviderProfile({ connector, attributes }: Config) {
  const { loa, spType, optionalAttributes, scripts, signsAssertions, mappings } = connector.serviceProviders
  return nationalProfile({
    attributes: attributesWith(attributes),
    nonNotified: connector.nonNotified,
    defaultLoA: loa,
    defaultSpType: spType,
    optionalAttributes,
    signsAssertions,
    scriptsOf: (entityId) => (Object.hasOwn(scripts, entityId) ? scripts[entityId] : undefined),
    mappingOf: (entityId) => (Object.hasOwn(mappings, entityId) ? mappings[entityId] : undefined),
  })
}

/** The schemes citizens of this country use. */
function nationalSchemes(config: Config, keys: NodeKeys, options: NodeOptions): readonly NationalScheme[] {
  const { attributes } = offerOf(config)
  return config.proxyService.schemes.map((scheme) => {
    const { name, displayName = name, maximumLoA } = scheme
    const mapping: NationalMapping = { ...scheme.mapping, ...(maximumLoA === undefined ? {} : { maximumLoA }) }
    const delivered = scheme.attributes ?? attributes
    const offer = { name, displayName, mapping, ...(delivered === undefined ? {} : { attributes: delivered }) }
    if (scheme.kind === 'passport') {
      return { ...offer, kind: 'passport', scheme: plugIn(scheme.strategy, mapping, config, options) }
    }
    const profile = nationalProfile({
      attributes: attributesWith(config.attributes),
      defaultLoA: config.connector.serviceProviders.loa,
      mappingOf: (entityId) => (entityId === scheme.entityId ? mapping : undefined),
    })
    return { ...offer, kind: 'saml', entityId: scheme.entityId, profile, signing: keys.ways.national }
  })
}

/** The Passport strategy of this name. */
function plugIn(name: string, mapping: NationalMapping, config: Config, { strategies = {} }: NodeOptions) {
  const factory = Object.hasOwn(strategies, name) ? strategies[name] : undefined
  if (factory === undefined) throw new NodeFault('CFG_INVALID', `no Passport strategy ${name}`)
  const attributes = attributesWith(config.attributes)
  const { acs, nationalMetadata } = proxyServiceAddresses(config.baseUrl)
  const { country } = config
  return factory({
    country,
    entityId: nationalMetadata,
    callback: acs,
    mapping,
    read: (claims, request, asked) =>
      readNationalClaims(claims, { request, country, peer: unpublished(asked.entityId) }, { mapping, attributes }),
  })
}

/** What our proxy service publishes and answers for: all of what its schemes can (R-MF-13, R-MF-14). */
function offerOf({ proxyService }: Config) {
  const { attributes: said, ...offer } = proxyService
  const attributes = offeredAttributes(said, proxyService.schemes)
  return { ...offer, ...(attributes === undefined ? {} : { attributes }) }
}

/** What is known of a party without metadata. */
function unpublished(entityId: string): PeerFacts {
  return {
    entityId,
    protocolVersions: [],
    loas: [],
    attributes: [],
    requesterIdRequired: false,
    nameIdFormats: [],
    attributeServices: [],
  }
}

/** Requests come by POST and Redirect, answers by POST; strategies other than SAML's may answer by GET. */
function halfRoutes({ config }: LoadedConfig, { connector, proxyService }: Halves): readonly Route[] {
  const of = (relay: Relay, addresses: { sso: string; step: string; acs: string }, answers: Route['methods']) =>
    [
      { methods: ['GET', 'POST'], path: new URL(addresses.sso).pathname, receive: relay.begin },
      { methods: ['POST'], path: new URL(addresses.step).pathname, receive: relay.resume },
      { methods: answers, path: new URL(addresses.acs).pathname, receive: relay.finish },
    ] satisfies readonly Route[]
  const byStrategy = config.proxyService.schemes.some(({ kind }) => kind === 'passport')
  return [
    ...of(connector, connectorAddresses(config.baseUrl), ['POST']),
    ...of(proxyService, proxyServiceAddresses(config.baseUrl), byStrategy ? ['GET', 'POST'] : ['POST']),
  ]
}

/** Ten characters a citizen can read out on the telephone: no vowels, no look-alikes. */
function newSupportCode(): string {
  const letters = 'BCDFGHJKLMNPQRSTVWXZ23456789'
  const code = [...randomBytes(10)].map((octet) => letters[octet % letters.length]).join('')
  return `${code.slice(0, 5)}-${code.slice(5)}`
}
