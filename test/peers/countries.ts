import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { citizensOf } from '../../demo/citizens.ts'
import { type PreparedNode, prepareNode } from '../../demo/demo-node.ts'
import { identityProviderApp } from '../../demo/identity-provider.ts'
import { identityProviderMetadata } from '../../demo/identity-provider-metadata.ts'
import { type NationalMapping, nationalSchemes } from '../../demo/national-schemes.ts'
import { openServer } from '../../demo/party.ts'
import { newPartyKeys } from '../../demo/party-keys.ts'
import { passportSamlScheme } from '../../demo/passport-scheme.ts'
import { portalApp } from '../../demo/portal.ts'
import { portalMetadata } from '../../demo/portal-metadata.ts'
import { type NodeOptions, startNode } from '../../src/node.ts'
import { freePort } from '../testkit/ports.ts'
import { type IdentityProviderPlan, nationalFacesOf, type Peer, type PeerPlan, wanted } from './peer.ts'
import { newRegistrar } from './registrar.ts'

/**
 * Two countries. The parties of XA are products of others: an identity provider behind the proxy service, service
 * providers in front of the connector. XB is the other half of the demo: a portal on passport-saml, an identity provider
 * on samlify. Every sign-in crosses the border.
 */
export interface Countries {
  /** Address of XB's portal. */
  readonly portal: string
  /** What went wrong in either node since last asked: country, code and detail, in order. */
  takeFaults(): readonly string[]
  stop(): Promise<void>
}

/** Which products are the parties of XA. */
export interface Cast<P> {
  /** Address and entityID of the identity provider. */
  readonly provider: { readonly host: string; entityId(host: string, port: number): string }
  /** How the identity provider calls attributes and levels, when not as the scheme of the demo does. */
  readonly mapping?: NationalMapping
  start(stage: Stage): Promise<{
    /** What the tests want to know of. */
    readonly peers: P
    /** Whom the node is told of. */
    readonly provider: Peer
    readonly services: readonly Peer[]
  }>
}

/** What the products of XA are started with. */
export interface Stage {
  readonly provider: IdentityProviderPlan
  service(name: string, host: string): Promise<PeerPlan>
  /** Has a peer end with everything else. */
  started<R extends Pick<Peer, 'stop'>>(starting: Promise<R>): Promise<R>
}

type Ending = () => Promise<unknown>

const ATTEMPTS = 2

export async function startCountries<P>(cast: Cast<P>): Promise<Countries & P> {
  // Somebody else may take a free port before whoever it is for does.
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(cast)
    } catch (thrown) {
      if (attempt === ATTEMPTS) throw thrown
    }
  }
}

async function startOnce<P>(cast: Cast<P>): Promise<Countries & P> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-peers-'))
  await chmod(folder, 0o755)
  const endings: Ending[] = [() => leave(folder)]
  const stop = async () => {
    for (const end of endings.splice(0).reverse()) await end()
  }
  try {
    return { ...(await start(cast, folder, (end) => endings.push(end))), stop }
  } catch (thrown) {
    await stop()
    throw thrown
  }
}

/** With PASSERELLE_KEEP set, configuration and logs of all products stay, to find out what one of them did not like. */
async function leave(folder: string): Promise<void> {
  if (process.env['PASSERELLE_KEEP'] === undefined) return rm(folder, { recursive: true, force: true })
  console.warn(`kept: ${folder}`)
}

async function start<P>(cast: Cast<P>, folder: string, ending: (end: Ending) => void) {
  const { host, entityId } = cast.provider
  const port = await freePort(host)
  const [xa, xb] = await Promise.all([
    prepareNode({
      country: 'XA',
      other: 'XB',
      parent: folder,
      port: await freePort('localhost'),
      scheme: { kind: 'saml', entityId: entityId(host, port), ...mapped(cast.mapping) },
      // Some of the products verify nothing but RSA.
      metadataKey: 'RSA-3072',
      // mod_auth_mellon's RelayState is the address of the page.
      serviceProviders: { relayStateOctets: 512 },
    }),
    prepareNode({
      country: 'XB',
      other: 'XA',
      parent: folder,
      port: await freePort('localhost'),
      scheme: { kind: 'passport', strategy: 'national' },
    }),
  ])
  await xa.meet(xb)
  await xb.meet(xa)
  const peers = await startPeers(cast, { xa, folder, port, ending })
  const faults: string[] = []
  ending(await open(xa, faults))
  return { ...peers, portal: await openXB(xb, faults, ending), takeFaults: () => faults.splice(0) }
}

const mapped = (mapping: NationalMapping | undefined) => (mapping === undefined ? {} : { mapping })

interface Place {
  readonly xa: PreparedNode
  readonly folder: string
  /** Of the identity provider. */
  readonly port: number
  readonly ending: (end: Ending) => void
}

/** Starts the products of XA, and tells its node of them what the registrar signed. */
async function startPeers<P>(cast: Cast<P>, { xa, folder, port, ending }: Place): Promise<P> {
  const { connector, proxyService } = await nationalFacesOf(xa)
  const { peers, provider, services } = await cast.start({
    async started(starting) {
      const peer = await starting
      ending(() => peer.stop())
      return peer
    },
    service: async (name, host) => ({ folder: join(folder, name), host, port: await freePort(host), node: connector }),
    provider: {
      folder: join(folder, 'provider'),
      host: cast.provider.host,
      port,
      node: proxyService,
      scheme: nationalSchemes.XA,
      level: 'substantial',
      citizens: citizensOf('XA'),
    },
  })
  const registrar = await newRegistrar(join(folder, 'registrar'))
  const registered = await registrar.register(...services.map(({ metadata }) => metadata))
  await xa.admit('service-provider', registered, registrar.anchor)
  await xa.admit('identity-provider', await registrar.register(provider.metadata), registrar.anchor)
  return peers
}

async function open(node: PreparedNode, faults: string[], strategies: NodeOptions['strategies'] = {}): Promise<Ending> {
  const running = await startNode(await node.load({}), {
    strategies,
    log: {
      listen: (event) => {
        if (event.event === 'fault') faults.push(`${node.country} ${event.code}: ${event.detail}`)
      },
      info: () => undefined,
      fault: ({ code, detail }) => faults.push(`${node.country} ${code}: ${detail}`),
      warn: (message) => {
        if (message.startsWith('metadata')) faults.push(`${node.country} ${message}`)
      },
      error: (message) => faults.push(`${node.country} ${message}`),
    },
  })
  return () => running.stop()
}

/** XB as in the demo; resolves to the address of its portal. */
async function openXB(xb: PreparedNode, faults: string[], ending: (end: Ending) => void): Promise<string> {
  const [portalServer, providerServer] = [await openServer(0), await openServer(0)]
  ending(() => Promise.all([portalServer.stop(), providerServer.stop()]))
  const portal = {
    country: 'XB',
    name: 'Bellmare Library',
    url: portalServer.url,
    binding: 'post',
    keys: await newPartyKeys('Portal of XB', 'signing'),
    decryption: await newPartyKeys('Portal of XB', 'encryption'),
    attributes: wanted,
  } as const
  const provider = {
    scheme: nationalSchemes.XB,
    name: 'Bellmare eID',
    url: providerServer.url,
    keys: await newPartyKeys('eID of XB', 'signing'),
    citizens: citizensOf('XB'),
    encrypts: false,
  }
  const providerMetadata = identityProviderMetadata(provider)
  await xb.admit('service-provider', portalMetadata(portal), portal.keys.certificate)
  await xb.admit('identity-provider', providerMetadata, provider.keys.certificate)
  const { national: signing, nationalEncryption: decryption } = xb
  const strategy = passportSamlScheme({ identityProviderMetadata: providerMetadata, signing, decryption })
  ending(await open(xb, faults, { national: strategy }))
  const { connector, proxyService } = await nationalFacesOf(xb)
  portalServer.serve(portalApp(portal, Buffer.from(connector.metadata).toString('utf8')))
  providerServer.serve(identityProviderApp(provider, Buffer.from(proxyService.metadata).toString('utf8')))
  return portal.url
}
