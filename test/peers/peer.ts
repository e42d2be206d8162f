import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Citizen } from '../../demo/citizens.ts'
import type { PreparedNode } from '../../demo/demo-node.ts'
import type { NationalScheme } from '../../demo/national-schemes.ts'
import type { PartyKeys } from '../../demo/party.ts'
import { newPartyKeys } from '../../demo/party-keys.ts'
import { connectorAddresses } from '../../src/connector/addresses.ts'
import { proxyServiceAddresses } from '../../src/proxy-service/addresses.ts'

/** What a piece of other people's software needs to know before it starts. */
export interface PeerPlan {
  /** A folder of its own, made if it is not there; everybody may enter the one around it. */
  readonly folder: string
  /** A loopback address of its own: cookies are kept by host, whatever the port. */
  readonly host: string
  readonly port: number
  readonly node: NodeFace
}

/** What an identity provider needs to know beside that. */
export interface IdentityProviderPlan extends PeerPlan {
  readonly scheme: NationalScheme
  readonly level: keyof NationalScheme['levels']
  readonly citizens: readonly Citizen[]
}

/** What an identity provider says of its users, by `user:password`, in the scheme's names. */
export function namedFacts({ citizens, scheme }: IdentityProviderPlan): Readonly<Record<string, Facts>> {
  const names = new Map<string, string>(Object.entries(scheme.attributeNames))
  const named = (facts: Citizen['facts']): Facts =>
    Object.fromEntries(Object.entries(facts).map(([fact, values]) => [names.get(fact) ?? fact, values]))
  return Object.fromEntries(citizens.map(({ user, password, facts }) => [`${user}:${password}`, named(facts)]))
}

type Facts = Readonly<Record<string, readonly string[]>>

/** What a node says of one of its faces. */
export interface NodeFace {
  readonly entityId: string
  /** The signed document. */
  readonly metadata: Uint8Array
  /** PEM of the certificate that signs it. */
  readonly anchor: string
}

/** A node as the parties of its own country know it. */
export async function nationalFacesOf(node: PreparedNode) {
  const documents = await node.published()
  const face = (entityId: string): NodeFace => ({
    entityId,
    metadata: documents.get(new URL(entityId).pathname) ?? new Uint8Array(0),
    anchor: node.anchor,
  })
  return {
    connector: face(connectorAddresses(node.baseUrl).nationalMetadata),
    proxyService: face(proxyServiceAddresses(node.baseUrl).nationalMetadata),
  }
}

/** A party of the country, running. */
export interface Peer {
  readonly entityId: string
  /** Its metadata, as its own software writes it. */
  readonly metadata: string
  stop(): Promise<void>
}

/** A service provider. */
export interface Service extends Peer {
  /** Address of the page for people who signed in. */
  readonly page: string
}

const NATURAL = 'http://eidas.europa.eu/attributes/naturalperson/'

/** What the service providers ask for, by eIDAS' friendly names: Name URI, and whether it must come. */
export const wanted = [
  { id: 'PersonIdentifier', name: `${NATURAL}PersonIdentifier`, required: true },
  { id: 'FamilyName', name: `${NATURAL}CurrentFamilyName`, required: true },
  { id: 'FirstName', name: `${NATURAL}CurrentGivenName`, required: true },
  { id: 'DateOfBirth', name: `${NATURAL}DateOfBirth`, required: true },
  { id: 'PlaceOfBirth', name: `${NATURAL}PlaceOfBirth`, required: false },
] as const

/** What a service provider calls itself in its requests. */
export const SERVICE = 'Harbour office'

export const SUBSTANTIAL = 'http://eidas.europa.eu/LoA/substantial'
export const HIGH = 'http://eidas.europa.eu/LoA/high'

/** The metadata a party serves of itself. */
export async function publishedAt(address: string): Promise<string> {
  const response = await fetch(address)
  const text = await response.text()
  if (!response.ok) throw new Error(`no metadata at ${address}: ${response.status} ${text.slice(0, 300)}`)
  return text
}

const made = new Map<string, Promise<PartyKeys>>()

/**
 * Writes the key and the certificate of a party where its software reads them, and returns them. They are made when
 * first asked for: RSA keys take their time.
 */
export async function writePair(
  folder: string,
  name: string,
  usage: 'signing' | 'encryption' = 'signing',
): Promise<PartyKeys> {
  const pair = made.get(name + usage) ?? newPartyKeys(name, usage)
  made.set(name + usage, pair)
  const { privateKey, certificate } = await pair
  await writeFile(join(folder, `${name}.key.pem`), privateKey, { mode: 0o600 })
  await writeFile(join(folder, `${name}.crt.pem`), certificate)
  return pair
}
