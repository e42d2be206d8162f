import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EntityDescriptor } from '../../src/saml/metadata/entity.ts'
import { publishMetadata } from '../../src/trust/publication.ts'
import type { KeyKind } from '../../src/xmlsec/certificate.ts'
import { type TestKey, testKey } from './keys.ts'
import {
  FOREIGN_COUNTRY,
  LOA,
  NATIONAL_SUBSTANTIAL,
  nationalNames,
  OTHER_COUNTRY,
  OWN_COUNTRY,
  type PeerName,
  type Peers,
} from './peers.ts'

/*
 * The files a target is started from: its configuration, its keys, and its neighbours' signed metadata.
 */

export interface FileOptions {
  /** The node's own keys. */
  readonly nodeKeys?: KeyKind
  /** Changes what a neighbour's metadata says before it is signed. */
  readonly describe?: (metadata: EntityDescriptor, name: PeerName) => EntityDescriptor
  /** Laid over the configuration, at the top level. */
  readonly config?: Readonly<Record<string, unknown>>
  /** Laid over its proxyService, and over the one scheme there. */
  readonly proxyService?: Readonly<Record<string, unknown>>
  readonly scheme?: Readonly<Record<string, unknown>>
}

export interface TargetFiles {
  /** Path of the configuration. */
  readonly config: string
  /** The key that signs the node's metadata. */
  readonly metadataKey: TestKey
}

/** Writes everything into this folder, for a node on this port. */
export async function writeTarget(
  folder: string,
  port: number,
  peers: Peers,
  options: FileOptions,
): Promise<TargetFiles> {
  await Promise.all(['keys', 'peers'].map((name) => mkdir(join(folder, name))))
  await Promise.all(Object.keys(peers).map((name) => writePeer(folder, name as PeerName, peers, options)))
  const metadataKey = await writeKeys(folder, options.nodeKeys ?? 'P-256')
  const config = join(folder, 'node.json')
  await writeFile(config, JSON.stringify(laidOver(configOf(port, peers), options)))
  return { config, metadataKey }
}

async function writePeer(folder: string, name: PeerName, peers: Peers, { describe }: FileOptions): Promise<void> {
  const peer = peers[name]
  const metadata = describe === undefined ? peer.metadata : describe(peer.metadata, name)
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
async function writeKeys(folder: string, kind: KeyKind): Promise<TestKey> {
  for (const [name, usage] of Object.entries(keyUses)) {
    const key = await testKey(`node ${name}`, kind, usage)
    await writeFile(join(folder, 'keys', `${name}.key`), key.privateKey, { mode: 0o600 })
    await writeFile(join(folder, 'keys', `${name}.pem`), key.certificate)
  }
  return testKey('node metadata', kind)
}

function laidOver(base: ReturnType<typeof configOf>, { config, proxyService, scheme }: FileOptions) {
  const schemes = base.proxyService.schemes.map((one) => ({ ...one, ...scheme }))
  return { ...base, proxyService: { ...base.proxyService, schemes, ...proxyService }, ...config }
}

function configOf(port: number, peers: Peers) {
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
    baseUrl: `http://localhost:${port}`,
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
