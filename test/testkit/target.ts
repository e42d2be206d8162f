import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../../src/config/load.ts'
import { type ConnectorAddresses, connectorAddresses } from '../../src/connector/addresses.ts'
import type { FaultCode } from '../../src/errors/faults.ts'
import { type NodeOptions, startNode } from '../../src/node.ts'
import { jsonLog, type Log } from '../../src/observe/log.ts'
import { type ProxyServiceAddresses, proxyServiceAddresses } from '../../src/proxy-service/addresses.ts'
import type { RelayEvent } from '../../src/relay/events.ts'
import { type EntityDescriptor, readEntityDescriptor } from '../../src/saml/metadata/entity.ts'
import type { KeyUse } from '../../src/saml/metadata/key-descriptor.ts'
import { metadataLimits } from '../../src/xml/limits.ts'
import { md } from '../../src/xml/names.ts'
import { nationalSignatureAlgorithms } from '../../src/xmlsec/algorithms.ts'
import type { KeyKind } from '../../src/xmlsec/certificate.ts'
import { type Recipient, recipient } from '../../src/xmlsec/encrypt.ts'
import { type TrustedKeys, verificationKey } from '../../src/xmlsec/keys.ts'
import { withVerified } from '../../src/xmlsec/verify.ts'
import type { TestKey } from './keys.ts'
import { newPeers, type PeerName, type Peers } from './peers.ts'
import { freePort } from './ports.ts'
import { type FileOptions, writeTarget } from './target-files.ts'
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
  /** Where its figures are, if the configuration says so. */
  readonly metricsPort?: number
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

export interface TargetOptions extends FileOptions {
  /** Keys of the connector and the proxy service of the other country. */
  readonly foreignKeys?: KeyKind
  /** Passport strategies the node is built with. */
  readonly strategies?: NodeOptions['strategies']
  /** Hears who the neighbours are, before the node starts. */
  readonly prepare?: (peers: Peers) => Promise<void>
  /** What the operator sets in the environment: REDIS_URL and what goes with it. */
  readonly environment?: Readonly<Record<string, string>>
}

export async function startTarget(options: TargetOptions = {}): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-target-'))
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const peers = await newPeers(origin, options.foreignKeys ?? 'P-256')
  const files = await writeTarget(folder, port, peers, options)
  await options.prepare?.(peers)

  const heard = listening(origin)
  const loaded = await loadConfig({ file: files.config, environment: options.environment ?? {}, now: Date.now() })
  const node = await startNode(loaded, { log: heard.log, strategies: options.strategies ?? {} })
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
    ...(node.metricsPort === undefined ? {} : { metricsPort: node.metricsPort }),
    folder,
    refresh: node.refresh,
    peers,
    wire,
    events: heard.events,
    logged: heard.lines,
    faults: () => heard.faults,
    connector: connectorAddresses(origin),
    proxyService: proxyServiceAddresses(origin),
    published: await readPublished(wire, peers, files.metadataKey),
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
    return publishedIn(withVerified(Buffer.from(body), expected, (root) => readEntityDescriptor(root)))
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
