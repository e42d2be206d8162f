import { randomBytes, randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import getPort, { portNumbers } from 'get-port'
import {
  connectorAddresses,
  type NodeOptions,
  nodeKeys,
  nodeMetadata,
  proxyServiceAddresses,
  type RunningNode,
  startNode,
} from '../src/index.ts'
import { citizens, companies } from './citizens.ts'
import { type KeyKind, type PreparedNode, prepareNode } from './demo-node.ts'
import type { Federation, Party } from './federation-model.ts'
import { homeApp } from './home.ts'
import { identityProviderMetadata, providerIdOf } from './identity-provider-metadata.ts'
import { type DemoCountry, nationalSchemes } from './national-schemes.ts'
import { type DemoServer, openServer } from './party.ts'
import { newPartyKeys } from './party-keys.ts'
import { passportSamlScheme } from './passport-scheme.ts'
import { portalApp } from './portal.ts'
import { entityIdOf, type PortalSite, portalMetadata } from './portal-metadata.ts'
import { doorsOf, newProvider, type Provider, providerApp, schemesOf } from './provider.ts'

/**
 * The demo federation: two countries on this machine, each a complete node with its own portal and identity provider.
 * Every key is made here at start and lives in a temporary folder; every peer is known by signed metadata, as in
 * earnest. Country XA's identity provider is known by its metadata, XB's is plugged in as a Passport strategy; XB has a
 * second scheme, known by its metadata.
 */
export interface FederationOptions {
  /** The first of seven ports in a row, or free ones. */
  readonly ports: number | 'free'
  /** What both nodes sign with and are encrypted to across the border; a mixture when left out. */
  readonly keys?: KeyKind
  /** Where both nodes keep their state; in this process when left out. */
  readonly redisUrl?: string
  /** The log of each node; nothing is logged when left out. */
  readonly logOf?: (country: DemoCountry) => NodeOptions['log']
}

const countries = ['XA', 'XB'] as const satisfies readonly DemoCountry[]

/** Whether the portal accepts a representative of a company; where it does not, the connector says so. */
const representation = { XA: 'reject', XB: 'accept' } as const

const NATURAL = 'http://eidas.europa.eu/attributes/naturalperson/'

const services = { XA: 'City of Windlesea: moving house', XB: 'Bellmare Library: reader card' } as const

const silence: NodeOptions['log'] = {
  listen: () => undefined,
  fault: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

interface Country {
  readonly code: DemoCountry
  readonly node: PreparedNode
  readonly portal: { readonly site: PortalSite; readonly server: DemoServer }
  readonly provider: Provider
}

/** Starts everything; what was started is stopped again when something cannot be. */
export async function startFederation(options: FederationOptions): Promise<Federation> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-demo-'))
  const started: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })]
  const stop = async () => {
    for (const end of started.reverse()) await end()
  }
  try {
    const port = (offset: number) => (options.ports === 'free' ? 0 : options.ports + offset)
    // The nodes' configurations name their ports before they listen.
    const nodePort = async (index: number) => (options.ports === 'free' ? freePort() : options.ports + 1 + index)
    const open = async (offset: number) => {
      const server = await openServer(port(offset))
      started.push(() => server.stop())
      return server
    }
    const home = await open(0)
    const prepared = await Promise.all(
      countries.map(async (code, index) => {
        const provider = await newProvider(code, await open(5 + index))
        const portal = await newPortal(code, await open(3 + index))
        const plan = {
          country: code,
          other: code === 'XA' ? 'XB' : 'XA',
          parent: folder,
          port: await nodePort(index),
          ...schemesOf(provider),
          ...(options.keys === undefined ? {} : { keys: options.keys }),
          serviceProviders: { representation: { [entityIdOf(portal.site)]: representation[code] } },
        } as const
        return { code, provider, portal, node: await prepareNode(plan) }
      }),
    )
    for (const country of prepared) {
      started.push(await startCountry(country, prepared, options))
    }
    home.serve(homeApp(prepared.flatMap(partiesOf), citizens, companies))
    return {
      home: `${home.url}/`,
      portals: prepared.map(({ code, portal }) => ({ country: code, url: portal.site.url })),
      citizens,
      companies,
      stop,
    }
  } catch (thrown) {
    await stop()
    throw thrown
  }
}

/**
 * A free port that kernels do not give away by themselves (Linux gives 32768 and up, others 49152 and up): between asking
 * and listening no other program takes it by chance.
 */
function freePort(): Promise<number> {
  return getPort({ port: portNumbers(16_384 + randomInt(3_072), 20_479), host: 'localhost' })
}

async function newPortal(country: DemoCountry, server: DemoServer): Promise<Country['portal']> {
  const [keys, decryption] = await Promise.all([
    newPartyKeys(`Portal of ${country}`, 'signing'),
    newPartyKeys(`Portal of ${country}`, 'encryption'),
  ])
  const attributes = Object.keys(nationalSchemes[country].attributeNames).map((fact) => ({
    name: NATURAL + fact,
    required: ['PersonIdentifier', 'CurrentFamilyName', 'CurrentGivenName', 'DateOfBirth'].includes(fact),
  }))
  const companyAttributes = ['LegalPersonIdentifier', 'LegalName', 'VATRegistrationNumber'].map((fact) => ({
    name: `http://eidas.europa.eu/attributes/legalperson/${fact}`,
    required: fact !== 'VATRegistrationNumber',
  }))
  const binding = country === 'XA' ? 'redirect' : 'post'
  const site = { country, name: services[country], url: server.url, binding, keys, decryption, attributes } as const
  return { server, site: { ...site, companyAttributes } }
}

/** Exchanges metadata, starts the node, and then its national parties, which know nothing but the node's metadata. */
async function startCountry(
  country: Country,
  all: readonly Country[],
  options: FederationOptions,
): Promise<() => Promise<void>> {
  const { code, node, portal, provider } = country
  for (const other of all) if (other !== country) await node.meet(other.node)
  await node.admit('service-provider', portalMetadata(portal.site), portal.site.keys.certificate)
  const known = provider.second ?? provider.site
  await node.admit('identity-provider', identityProviderMetadata(known), known.keys.certificate)
  const strategy = passportSamlScheme({
    identityProviderMetadata: identityProviderMetadata(provider.site),
    signing: node.national,
    decryption: node.nationalEncryption,
  })
  const loaded = await node.load(
    options.redisUrl === undefined
      ? {}
      : { REDIS_URL: options.redisUrl, PASSERELLE_SEAL_KEYS: randomBytes(32).toString('base64') },
  )
  const running: RunningNode = await startNode(loaded, {
    strategies: { national: strategy },
    log: options.logOf?.(code) ?? silence,
    allowPlainCookiesForDemo: true,
  })
  const published = await nodeMetadata(loaded, nodeKeys(loaded))
  const document = (entityId: string) =>
    Buffer.from(published.get(new URL(entityId).pathname) ?? new Uint8Array(0)).toString('utf8')
  portal.server.serve(portalApp(portal.site, document(connectorAddresses(node.baseUrl).nationalMetadata)))
  provider.server.serve(providerApp(provider, document(proxyServiceAddresses(node.baseUrl).nationalMetadata)))
  return () => running.stop()
}

function partiesOf({ code, node, portal, provider }: Country): readonly Party[] {
  const connector = connectorAddresses(node.baseUrl)
  const proxyService = proxyServiceAddresses(node.baseUrl)
  return [
    {
      kind: 'portal',
      country: code,
      name: portal.site.name,
      url: portal.site.url,
      software: 'passport-saml',
      links: [],
    },
    {
      kind: 'node',
      country: code,
      name: `eIDAS node of ${code}`,
      url: node.baseUrl,
      software: 'Passerelle',
      links: [
        { text: 'connector metadata for portals', url: connector.nationalMetadata },
        { text: 'connector metadata', url: connector.eidasMetadata },
        { text: 'proxy service metadata', url: proxyService.eidasMetadata },
        { text: 'proxy service metadata for identity providers', url: proxyService.nationalMetadata },
      ],
    },
    {
      kind: 'identity provider',
      country: code,
      name: provider.site.name,
      url: provider.site.url,
      software: 'samlify',
      links: doorsOf(provider).map((site) => ({ text: `metadata of ${site.name}`, url: providerIdOf(site) })),
    },
  ]
}
