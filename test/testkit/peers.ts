import { randomBytes } from 'node:crypto'
import { type ConnectorAddresses, connectorAddresses } from '../../src/connector/addresses.ts'
import { connectorEntity, proxyServiceEntity } from '../../src/profiles/eidas/metadata.ts'
import { nationalIdpEntity, nationalSpEntity } from '../../src/profiles/national/metadata.ts'
import { type ProxyServiceAddresses, proxyServiceAddresses } from '../../src/proxy-service/addresses.ts'
import { newId } from '../../src/saml/ids.ts'
import type { EntityDescriptor } from '../../src/saml/metadata/entity.ts'
import type { Role } from '../../src/trust/registry.ts'
import type { KeyKind } from '../../src/xmlsec/certificate.ts'
import type { SigningKey } from '../../src/xmlsec/keys.ts'
import { type TestKey, testKey } from './keys.ts'

/**
 * The neighbours of a target node: a portal and an identity provider of its own country XA, a connector and a proxy
 * service of XB, a proxy service of XC. All are the test itself, which holds their keys; nobody listens at their
 * addresses.
 */
export interface Peer {
  readonly role: Role
  readonly profile: 'eidas' | 'national'
  readonly entityId: string
  /** What it signs its messages with. */
  readonly signing: SigningKey
  readonly signingKey: TestKey
  readonly encryptionKey: TestKey
  /** Where the node sends the browser to it: its ACS (portal, connector) or its SSO (proxy service, identity provider). */
  readonly endpoint: string
  /** Where it sends the browser to the node: the node's SSO or ACS. */
  readonly destination: string
  /** The node's entityID towards it. */
  readonly node: string
  /** Its metadata before it is signed. */
  readonly metadata: EntityDescriptor
}

export interface Peers {
  readonly portal: Peer
  readonly connector: Peer
  readonly proxyService: Peer
  readonly otherProxyService: Peer
  readonly identityProvider: Peer
}

export type PeerName = keyof Peers

export const OWN_COUNTRY = 'XA'
export const FOREIGN_COUNTRY = 'XB'
export const OTHER_COUNTRY = 'XC'
export const LOA = 'http://eidas.europa.eu/LoA/'

/** How the identity provider of XA calls things; the right-hand sides are what the target's configuration maps them to. */
export const nationalNames = {
  PersonIdentifier: 'nationalId',
  CurrentFamilyName: 'surname',
  CurrentGivenName: 'givenName',
  DateOfBirth: 'birthDate',
  PlaceOfBirth: 'birthPlace',
} as const

export const NATIONAL_SUBSTANTIAL = 'urn:xa:eid:level3'

const DAY = 86_400_000

/** What is said of every neighbour alike. */
async function commonOf(host: string, keys: { readonly signing: TestKey; readonly encryption: TestKey }) {
  return {
    entityId: `https://${host}/metadata`,
    id: newId(randomBytes),
    validUntil: Date.now() + DAY,
    keys: {
      signing: [keys.signing.verification.certificate],
      encryption: [keys.encryption.verification.certificate],
    },
    organization: { name: host, displayName: `Service at ${host}`, url: `https://${host}/`, lang: 'en' },
  }
}

async function keysOf(name: string, kind: KeyKind) {
  const [signing, encryption] = await Promise.all([testKey(name, kind), testKey(name, kind, 'encryption')])
  return { signing, encryption }
}

type Common = Awaited<ReturnType<typeof commonOf>>
type Position = Pick<Peer, 'role' | 'profile' | 'endpoint' | 'destination' | 'node'>

async function newPeer(
  kind: KeyKind,
  position: Position,
  describe: (common: Common) => EntityDescriptor,
): Promise<Peer> {
  const { host } = new URL(position.endpoint)
  const keys = await keysOf(host, kind)
  const metadata = describe(await commonOf(host, keys))
  const own = { signing: keys.signing.signing(), signingKey: keys.signing, encryptionKey: keys.encryption }
  return { ...position, ...own, entityId: metadata.entityId, metadata }
}

const APPLICATION = { applicationIdentifier: 'test:test:1' }

/** The neighbours of a node at this base URL. */
export async function newPeers(baseUrl: string, foreignKeys: KeyKind): Promise<Peers> {
  const [portal, connector, proxyService, otherProxyService, identityProvider] = await Promise.all([
    newPortal(connectorAddresses(baseUrl)),
    newForeignConnector(proxyServiceAddresses(baseUrl), foreignKeys),
    newForeignProxyService(connectorAddresses(baseUrl), foreignKeys, FOREIGN_COUNTRY),
    newForeignProxyService(connectorAddresses(baseUrl), 'P-256', OTHER_COUNTRY),
    newIdentityProvider(proxyServiceAddresses(baseUrl)),
  ])
  return { portal, connector, proxyService, otherProxyService, identityProvider }
}

function newPortal({ sso: destination, nationalMetadata: node }: ConnectorAddresses): Promise<Peer> {
  const endpoint = 'https://portal.xa.example/acs'
  const position = { role: 'service-provider', profile: 'national', endpoint, destination, node } as const
  return newPeer('P-256', position, (common) => nationalSpEntity(common, [endpoint]))
}

/** The one of the scheme `national`. */
function newIdentityProvider({ acsOf, nationalMetadata: node }: ProxyServiceAddresses): Promise<Peer> {
  const destination = acsOf('national')
  const endpoint = 'https://idp.xa.example/sso'
  const position = { role: 'identity-provider', profile: 'national', endpoint, destination, node } as const
  return newPeer('P-256', position, (common) => nationalIdpEntity(common, endpoint))
}

function newForeignConnector({ sso, eidasMetadata: node }: ProxyServiceAddresses, keys: KeyKind): Promise<Peer> {
  const endpoint = 'https://connector.xb.example/acs'
  const position = { role: 'connector', profile: 'eidas', endpoint, destination: sso, node } as const
  return newPeer(keys, position, (common) =>
    connectorEntity({ ...common, ...APPLICATION, country: FOREIGN_COUNTRY, assertionConsumerService: endpoint }),
  )
}

function newForeignProxyService(
  { acs, eidasMetadata: node }: ConnectorAddresses,
  keys: KeyKind,
  country: string,
): Promise<Peer> {
  const endpoint = `https://proxy.${country.toLowerCase()}.example/sso`
  const position = { role: 'proxy-service', profile: 'eidas', endpoint, destination: acs, node } as const
  return newPeer(keys, position, (common) =>
    proxyServiceEntity({
      ...common,
      ...APPLICATION,
      country,
      singleSignOnService: endpoint,
      loas: ['low', 'substantial', 'high'].map((level) => LOA + level),
      requesterIdRequired: false,
    }),
  )
}
