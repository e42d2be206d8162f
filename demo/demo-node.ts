import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  connectorAddresses,
  createCertificate,
  createKey,
  type KeyName,
  type KeyTexts,
  type LoadedConfig,
  loadConfig,
  nodeKeys,
  nodeMetadata,
  parseConfig,
  proxyServiceAddresses,
} from '../src/index.ts'
import { type DemoCountry, mappingOf, type NationalMapping, nationalSchemes } from './national-schemes.ts'
import type { PartyKeys } from './party.ts'

/** A node of the demo before it runs: its folder with keys, anchors, metadata of others, and its configuration. */
export interface PreparedNode {
  readonly country: DemoCountry
  readonly baseUrl: string
  readonly national: PartyKeys
  readonly nationalEncryption: PartyKeys
  /** PEM of the certificate that signs its metadata: the trust anchor it hands to others (R-IA-24). */
  readonly anchor: string
  /** Its signed metadata documents, by path. */
  published(): Promise<ReadonlyMap<string, Uint8Array>>
  /** Takes the anchor and the metadata of another country's node. */
  meet(other: PreparedNode): Promise<void>
  /** Takes a national party's metadata, signed by this certificate. */
  admit(role: 'service-provider' | 'identity-provider', metadata: string, anchor: string): Promise<void>
  /** Writes the configuration and reads it as any operator's. */
  load(environment: Readonly<Record<string, string>>): Promise<LoadedConfig>
}

export type SchemeChoice =
  | { readonly kind: 'saml'; readonly entityId: string; readonly mapping?: NationalMapping }
  | { readonly kind: 'passport'; readonly strategy: string }

/** A kind of key: RSA or a curve. */
export type KeyKind = Parameters<typeof createKey>[0]

/** XA signs with ECDSA and is encrypted to by RSA-OAEP; XB signs with RSASSA-PSS and is encrypted to by ECDH-ES. */
const kinds: Readonly<Record<DemoCountry, { readonly messages: KeyKind; readonly encryption: KeyKind }>> = {
  XA: { messages: 'P-256', encryption: 'RSA-3072' },
  XB: { messages: 'RSA-3072', encryption: 'P-256' },
}

const LOA = 'http://eidas.europa.eu/LoA/'

/** What a node of the demo is made from. */
export interface NodePlan {
  readonly country: DemoCountry
  readonly other: DemoCountry
  /** A folder of its own for each node is made in here. */
  readonly parent: string
  readonly port: number
  readonly scheme: SchemeChoice
  /** Further `proxyService.schemes` of the configuration. */
  readonly moreSchemes?: readonly object[]
  /** What signs and what is encrypted to between the countries; a mixture when left out. */
  readonly keys?: KeyKind
  /** What signs its metadata; P-256 when left out. */
  readonly metadataKey?: KeyKind
  /** `connector.serviceProviders` of the configuration. */
  readonly serviceProviders?: object
}

export async function prepareNode(plan: NodePlan): Promise<PreparedNode> {
  const { country, port } = plan
  const folder = join(plan.parent, country)
  await Promise.all(['keys', 'certs', 'metadata'].map((name) => mkdir(join(folder, name), { recursive: true })))
  const baseUrl = `http://localhost:${port}`
  const pairs = await newPairs(plan)
  for (const [name, pair] of Object.entries(pairs)) {
    await writeFile(join(folder, 'keys', `${name}.key.pem`), pair.privateKey, { mode: 0o600 })
    await writeFile(join(folder, 'keys', `${name}.crt.pem`), pair.certificate)
  }
  const value = configOf(plan, baseUrl)
  const keep = async (name: string, document: Uint8Array | string, anchor: string) => {
    await writeFile(join(folder, 'metadata', `${name}.xml`), document)
    await writeFile(join(folder, 'certs', `${name}.crt.pem`), anchor)
  }
  return {
    country,
    baseUrl,
    national: pairs.national,
    nationalEncryption: pairs.nationalEncryption,
    anchor: pairs.metadata.certificate,
    published: () => nodeMetadata({ config: parseConfig(value, folder) }, nodeKeys({ keys: textsOf(pairs) })),
    async meet(other) {
      const documents = await other.published()
      const of = (entityId: string) => documents.get(new URL(entityId).pathname) ?? new Uint8Array(0)
      await keep('connector', of(connectorAddresses(other.baseUrl).eidasMetadata), other.anchor)
      await keep('proxy-service', of(proxyServiceAddresses(other.baseUrl).eidasMetadata), other.anchor)
    },
    admit: keep,
    async load(environment) {
      const file = join(folder, 'node.json')
      await writeFile(file, JSON.stringify(value, undefined, 2))
      return loadConfig({ file, environment, now: Date.now() })
    },
  }
}

type Pairs = Readonly<Record<KeyName, PartyKeys>>

async function newPairs({ country, keys, metadataKey = 'P-256' }: NodePlan): Promise<Pairs> {
  const kind = keys === undefined ? kinds[country] : { messages: keys, encryption: keys }
  const [messages, encryption, metadata, national, nationalEncryption] = await Promise.all([
    newPair(`Messages of ${country}`, kind.messages, 'signing'),
    newPair(`Encryption of ${country}`, kind.encryption, 'encryption'),
    newPair(`Metadata of ${country}`, metadataKey, 'signing'),
    newPair(`National messages of ${country}`, 'RSA-3072', 'signing'),
    newPair(`National encryption of ${country}`, 'RSA-3072', 'encryption'),
  ])
  return { messages, encryption, metadata, national, nationalEncryption }
}

async function newPair(commonName: string, kind: KeyKind, usage: 'signing' | 'encryption'): Promise<PartyKeys> {
  const key = await createKey(kind)
  const certificate = createCertificate({ subject: { commonName }, key, now: Date.now(), days: 30, usage })
  return { privateKey: key, certificate }
}

function textsOf({ messages, encryption, metadata, national, nationalEncryption }: Pairs): KeyTexts {
  const text = ({ privateKey, certificate }: PartyKeys) => ({ privateKey, certificates: [certificate] })
  return {
    messages: text(messages),
    encryption: text(encryption),
    metadata: text(metadata),
    national: text(national),
    nationalEncryption: text(nationalEncryption),
  }
}

/** The configuration as an operator would write it. */
function configOf(plan: NodePlan, baseUrl: string) {
  const { country, other, port, serviceProviders = {}, moreSchemes = [] } = plan
  const { countryName } = nationalSchemes[country]
  const scheme = {
    name: `${country.toLowerCase()}-eid`,
    displayName: `${countryName} eID`,
    mapping: mappingOf(nationalSchemes[country]),
    ...plan.scheme,
  }
  const pair = (name: KeyName) => ({ privateKey: `keys/${name}.key.pem`, certificates: [`keys/${name}.crt.pem`] })
  const source = (role: string, more: object) => ({
    files: [`metadata/${role}.xml`],
    anchors: [`certs/${role}.crt.pem`],
    roles: [role],
    ...more,
  })
  return {
    country,
    baseUrl,
    allowHttpForDemo: true,
    listen: { host: 'localhost', port },
    operator: {
      name: `eIDAS node of ${countryName}`,
      displayName: `eIDAS node of ${countryName}`,
      url: `https://eidas.${country.toLowerCase()}.example/`,
    },
    contacts: {
      support: `support@eidas.${country.toLowerCase()}.example`,
      technical: `technical@eidas.${country.toLowerCase()}.example`,
    },
    keys: {
      messages: pair('messages'),
      encryption: pair('encryption'),
      metadata: pair('metadata'),
      national: pair('national'),
      nationalEncryption: pair('nationalEncryption'),
    },
    trust: {
      sources: [
        source('connector', { country: other }),
        source('proxy-service', { country: other }),
        source('service-provider', {}),
        source('identity-provider', {}),
      ],
    },
    connector: { serviceProviders },
    proxyService: {
      representation: 'accept',
      loas: ['low', 'substantial', 'high'].map((level) => LOA + level),
      schemes: [scheme, ...moreSchemes],
    },
    store: { prefix: `passerelle-demo-${country.toLowerCase()}:` },
  }
}
