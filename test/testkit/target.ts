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
import { type EntityDescriptor, readEntityDescriptor } from '../../src/saml/metadata/entity.ts'
import type { KeyUse } from '../../src/saml/metadata/key-descriptor.ts'
import { publishMetadata } from '../../src/trust/publication.ts'
import { metadataLimits } from '../../src/xml/limits.ts'
import { md } from '../../src/xml/names.ts'
import { nationalSignatureAlgorithms } from '../../src/xmlsec/algorithms.ts'
import { type Recipient, recipient } from '../../src/xmlsec/encrypt.ts'
import { type TrustedKeys, verificationKey } from '../../src/xmlsec/keys.ts'
import { withVerified } from '../../src/xmlsec/verify.ts'
import { type TestKey, testKey } from './keys.ts'
import {
  FOREIGN_COUNTRY,
  LOA,
  NATIONAL_SUBSTANTIAL,
  nationalNames,
  newPeers,
  OTHER_COUNTRY,
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
  readonly published: Readonly<Record<PeerName, Published>>
  readonly wire: Wire
  readonly events: readonly RelayEvent[]
  /** Lines of the node's log so far. */
  readonly logged: readonly string[]
  /** Every fault so far, whether the relay or the web side told of it. */
  faults(): readonly HeardFault[]
  /** The code behind a support code; a TypeError when nobody told of it. */
  faultFor(supportCode: string): FaultCode
  /** Where its configuration (`node.json`), keys and the metadata of its neighbours are. */
  readonly folder: string
  /** As SIGHUP does. */
  refresh(): Promise<void>
  stop(): Promise<void>
}

export interface Published {
  readonly entityId: string
  readonly keys: TrustedKeys
  /** Whom to encrypt to, where the node decrypts. */
  readonly recipient?: Recipient
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
  /** Laid over its proxyService, and over the one scheme there. */
  readonly proxyService?: Readonly<Record<string, unknown>>
  readonly scheme?: Readonly<Record<string, unknown>>
}

export async function startTarget(options: TargetOptions = {}): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-target-'))
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const peers = await newPeers(origin, options.foreignKeys ?? 'P-256')
  await Promise.all(Object.entries(peers).map(([name, peer]) => writePeer(folder, name as PeerName, peer, options)))
  const metadataKey = await writeKeys(folder, options.nodeKeys ?? 'P-256')
  const file = join(folder, 'node.json')
  await writeFile(file, JSON.stringify(laidOver(configOf(origin, port, peers), options)))

  const heard = listening(origin)
  const loaded = await loadConfig({ file, environment: {}, now: Date.now() })
  const node = await startNode(loaded, { log: heard.log })
  const stop = async () => {
    await node.stop()
    await rm(folder, { recursive: true })
  }
  const unused = heard.lines.filter((line) => /\b(MD|TRUST|EID|XML|SAML)_/.test(line))
  if (unused.length > 0) {
    await stop()
    throw new TypeError(unused.join('; '))
  }
  const wire = newWire(port)
  return {
    origin,
    port,
    folder,
    refresh: node.refresh,
    peers,
    wire,
    events: heard.events,
    logged: heard.lines,
    faults: () => heard.faults,
    connector: connectorAddresses(origin),
    proxyService: proxyServiceAddresses(origin),
    published: await readPublished(wire, peers, metadataKey),
    faultFor(supportCode) {
      const found = heard.faults.findLast(({ flow }) => flow === supportCode)
      if (found === undefined) throw new TypeError(`nobody told of ${supportCode}`)
      return found.code
    },
    async stop() {
      wire.close()
      await stop()
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

/** Writes the node's keys; returns the one that signs its metadata. */
async function writeKeys(folder: string, kind: Kind): Promise<TestKey> {
  await mkdir(join(folder, 'keys'))
  for (const [name, usage] of Object.entries(keyUses)) {
    const key = await testKey(`node ${name}`, kind, usage)
    await writeFile(join(folder, 'keys', `${name}.key`), key.privateKey, { mode: 0o600 })
    await writeFile(join(folder, 'keys', `${name}.pem`), key.certificate)
  }
  return testKey('node metadata', kind)
}

function laidOver(base: ReturnType<typeof configOf>, { config, proxyService, scheme }: TargetOptions) {
  const schemes = base.proxyService.schemes.map((one) => ({ ...one, ...scheme }))
  return { ...base, proxyService: { ...base.proxyService, schemes, ...proxyService }, ...config }
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
        source('otherProxyService', { country: OTHER_COUNTRY }),
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

/** Reads the node's metadata for each neighbour, held to the certificate its operator handed them. */
async function readPublished(wire: Wire, peers: Peers, metadata: TestKey): Promise<Target['published']> {
  const keysFor = () => ({ keys: [metadata.verification], algorithms: nationalSignatureAlgorithms })
  const expected = {
    root: [md('EntityDescriptor')],
    schema: 'metadata',
    limits: metadataLimits,
    reference: 'id-or-whole',
    keysFor,
  } as const
  const read = async (name: PeerName): Promise<Published> => {
    const { body } = await wire.get(peers[name].node)
    return publishedIn(withVerified(Buffer.from(body), expected, readEntityDescriptor))
  }
  return {
    portal: await read('portal'),
    connector: await read('connector'),
    proxyService: await read('proxyService'),
    otherProxyService: await read('otherProxyService'),
    identityProvider: await read('identityProvider'),
  }
}

function publishedIn({ entityId, roles: { idp, sp } }: EntityDescriptor): Published {
  const certificates = (wanted: KeyUse) =>
    ((idp ?? sp)?.keys ?? []).filter(({ use }) => use === wanted).flatMap((key) => key.certificates)
  const [encryption] = certificates('encryption')
  const keys = certificates('signing').map((certificate) => verificationKey(certificate))
  return {
    entityId,
    keys: { keys, algorithms: nationalSignatureAlgorithms },
    ...(encryption === undefined ? {} : { recipient: recipient(encryption) }),
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
