import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../../src/config/load.ts'
import { type ConnectorAddresses, connectorAddresses } from '../../src/connector/addresses.ts'
import type { FaultCode } from '../../src/errors/faults.ts'
import { startNode } from '../../src/node.ts'
import { jsonLog, type Log } from '../../src/observe/log.ts'
import { type ProxyServiceAddresses, proxyServiceAddresses } from '../../src/proxy-service/addresses.ts'
import type { RelayEvent } from '../../src/relay/events.ts'
import type { EntityDescriptor } from '../../src/saml/metadata/entity.ts'
import { readAnchors } from '../../src/trust/chain.ts'
import { publishMetadata } from '../../src/trust/publication.ts'
import type { Role, TrustedEntity } from '../../src/trust/registry.ts'
import { readMetadata } from '../../src/trust/sources.ts'
import { type TestKey, testKey } from './keys.ts'
import {
  FOREIGN_COUNTRY,
  LOA,
  NATIONAL_SUBSTANTIAL,
  nationalNames,
  newPeers,
  OWN_COUNTRY,
  type Peer,
  type PeerName,
  type Peers,
} from './peers.ts'
import { newWire, type Wire } from './wire.ts'

/**
 * One real node on a port of its own, as an operator starts it: configuration, keys and verified metadata from files.
 * Every neighbour of it is the test (peers.ts), which mints messages (mint.ts), drives flows (flow.ts) and judges what
 * comes back (verdict.ts).
 */
export interface Target {
  /** `http://localhost:port` */
  readonly origin: string
  readonly port: number
  readonly connector: ConnectorAddresses
  readonly proxyService: ProxyServiceAddresses
  readonly peers: Peers
  /** What the node's own published metadata says, read as each peer reads it: keys that verify, whom to encrypt to. */
  readonly published: Readonly<Record<PeerName, TrustedEntity>>
  readonly wire: Wire
  readonly events: readonly RelayEvent[]
  /** Lines of the node's log so far. */
  readonly logged: readonly string[]
  /** Every fault so far, whether the relay or the web side told of it. */
  faults(): readonly HeardFault[]
  /** The code behind a support code; a TypeError when nobody told of it. */
  faultFor(supportCode: string): FaultCode
  stop(): Promise<void>
}

export interface HeardFault {
  /** The support code. */
  readonly flow: string
  readonly code: FaultCode
  readonly detail: string
  readonly told: 'citizen' | 'requester'
}

type Kind = 'P-256' | 'RSA-3072'

export interface TargetOptions {
  /** Keys of the connector and the proxy service of the other country. */
  readonly foreignKeys?: Kind
  /** The node's own keys. */
  readonly nodeKeys?: Kind
  /** Changes what a neighbour's metadata says before it is signed. */
  readonly describe?: (metadata: EntityDescriptor, name: PeerName) => EntityDescriptor
  /** Laid over the configuration, at the top level. */
  readonly config?: Readonly<Record<string, unknown>>
}

export async function startTarget(options: TargetOptions = {}): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-target-'))
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const peers = await newPeers(origin, options.foreignKeys ?? 'P-256')
  await Promise.all(Object.entries(peers).map(([name, peer]) => writePeer(folder, name as PeerName, peer, options)))
  const keys = await writeKeys(folder, options.nodeKeys ?? 'P-256')
  const file = join(folder, 'node.json')
  await writeFile(file, JSON.stringify({ ...configOf(origin, port, peers), ...options.config }))

  const heard = listening(origin)
  const loaded = await loadConfig({ file, environment: {}, now: Date.now() })
  const node = await startNode(loaded, { log: heard.log })
  const unused = heard.lines.filter((line) => line.includes('is not used'))
  if (unused.length > 0) throw new TypeError(unused.join('; '))
  const wire = newWire(port)
  return {
    origin,
    port,
    peers,
    wire,
    events: heard.events,
    logged: heard.lines,
    faults: () => heard.faults,
    connector: connectorAddresses(origin),
    proxyService: proxyServiceAddresses(origin),
    published: await readPublished(wire, peers, keys),
    faultFor(supportCode) {
      const found = heard.faults.findLast(({ flow }) => flow === supportCode)
      if (found === undefined) throw new TypeError(`nobody told of ${supportCode}`)
      return found.code
    },
    async stop() {
      wire.close()
      await node.stop()
      await rm(folder, { recursive: true })
    },
  }
}

/** The log an operator has, and beside it what it was made from. */
function listening(node: string) {
  const events: RelayEvent[] = []
  const faults: HeardFault[] = []
  const lines: string[] = []
  const log = jsonLog({ out: { write: (line) => lines.push(line) }, now: Date.now, node })
  const listen: Log['listen'] = (event) => {
    events.push(event)
    if (event.event === 'fault') faults.push(event)
    log.listen(event)
  }
  const fault: Log['fault'] = (one, flow) => {
    faults.push({ flow, code: one.code, detail: one.detail, told: 'citizen' })
    log.fault(one, flow)
  }
  return { events, faults, lines, log: { ...log, listen, fault } }
}

async function writePeer(folder: string, name: PeerName, peer: Peer, { describe }: TargetOptions): Promise<void> {
  const metadata = describe === undefined ? peer.metadata : describe(peer.metadata, name)
  await mkdir(join(folder, 'peers'), { recursive: true })
  await writeFile(join(folder, 'peers', `${name}.xml`), await publishMetadata(metadata, peer.signing))
  await writeFile(join(folder, 'peers', `${name}.pem`), peer.signingKey.certificate)
}

const keyUses = {
  messages: 'signing',
  metadata: 'signing',
  national: 'signing',
  encryption: 'encryption',
  nationalEncryption: 'encryption',
} as const

type NodeKeyName = keyof typeof keyUses

async function writeKeys(folder: string, kind: Kind): Promise<Readonly<Record<'metadata', TestKey>>> {
  await mkdir(join(folder, 'keys'))
  for (const [name, usage] of Object.entries(keyUses)) {
    const key = await testKey(`node ${name}`, kind, usage)
    await writeFile(join(folder, 'keys', `${name}.key`), key.privateKey, { mode: 0o600 })
    await writeFile(join(folder, 'keys', `${name}.pem`), key.certificate)
  }
  return { metadata: await testKey('node metadata', kind) }
}

function configOf(origin: string, port: number, peers: Peers) {
  const pair = (name: NodeKeyName) => ({ privateKey: `keys/${name}.key`, certificates: [`keys/${name}.pem`] })
  const source = (name: PeerName, more: object) => ({
    files: [`peers/${name}.xml`],
    anchors: [`peers/${name}.pem`],
    roles: [peers[name].role],
    ...more,
  })
  const attributes = Object.entries(nationalNames).map(([fact, name]) => [name, NATURAL + fact])
  return {
    country: OWN_COUNTRY,
    baseUrl: origin,
    allowHttpForDemo: true,
    listen: { host: 'localhost', port },
    operator: { name: 'Agency', displayName: 'Agency for eID', url: 'https://agency.xa.example/' },
    contacts: { support: 'support@agency.xa.example', technical: 'tech@agency.xa.example' },
    keys: {
      messages: pair('messages'),
      metadata: pair('metadata'),
      national: pair('national'),
      encryption: pair('encryption'),
      nationalEncryption: pair('nationalEncryption'),
    },
    trust: {
      sources: [
        source('portal', {}),
        source('identityProvider', {}),
        source('connector', { country: FOREIGN_COUNTRY }),
        source('proxyService', { country: FOREIGN_COUNTRY }),
      ],
    },
    proxyService: {
      loas: ['low', 'substantial', 'high'].map((level) => LOA + level),
      schemes: [
        {
          kind: 'saml',
          name: 'national',
          entityId: peers.identityProvider.entityId,
          mapping: {
            attributes: Object.fromEntries(attributes),
            loa: { [NATIONAL_SUBSTANTIAL]: `${LOA}substantial` },
          },
        },
      ],
    },
  }
}

const NATURAL = 'http://eidas.europa.eu/attributes/naturalperson/'

/** Which part the node plays for each peer. */
const partFor: Readonly<Record<PeerName, Role>> = {
  portal: 'identity-provider',
  connector: 'proxy-service',
  proxyService: 'connector',
  identityProvider: 'service-provider',
}

async function readPublished(wire: Wire, peers: Peers, { metadata }: { readonly metadata: TestKey }) {
  const read = async (name: PeerName): Promise<TrustedEntity> => {
    const { body } = await wire.get(peers[name].node)
    const source = { file: name, anchors: [], roles: [partFor[name]], country: OWN_COUNTRY, allowHttpForDemo: true }
    const { entities, problems } = readMetadata(
      Buffer.from(body),
      source,
      readAnchors([metadata.certificate]),
      Date.now(),
    )
    const [entity] = entities
    if (entity === undefined) throw problems[0]?.fault ?? new TypeError(`no metadata for ${name}`)
    return entity
  }
  return {
    portal: await read('portal'),
    connector: await read('connector'),
    proxyService: await read('proxyService'),
    identityProvider: await read('identityProvider'),
  }
}

/** A port nobody listens on at this moment: the configuration must name it before the node can take one. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, 'localhost', () => {
      const address = probe.address()
      probe.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject()))
    })
  })
}
