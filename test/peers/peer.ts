import { connectorAddresses } from '../../src/connector/addresses.ts'
import type { PreparedNode } from '../../src/demo/demo-node.ts'
import { proxyServiceAddresses } from '../../src/proxy-service/addresses.ts'

/** What a piece of other people's software needs to know before it starts. */
export interface PeerPlan {
  /** An existing folder of its own, which everybody may enter. */
  readonly folder: string
  /** A loopback address of its own: cookies are kept by host, whatever the port. */
  readonly host: string
  readonly port: number
  readonly node: NodeFace
}

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
