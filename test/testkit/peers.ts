import { randomBytes } from 'node:crypto'
import { connectorAddresses } from '../../src/connector/addresses.ts'
import { connectorEntity, proxyServiceEntity } from '../../src/profiles/eidas/metadata.ts'
import { nationalIdpEntity, nationalSpEntity } from '../../src/profiles/national/metadata.ts'
import { proxyServiceAddresses } from '../../src/proxy-service/addresses.ts'
import { newId } from '../../src/saml/ids.ts'
import type { EntityDescriptor } from '../../src/saml/metadata/entity.ts'
import type { Role } from '../../src/trust/registry.ts'
import type { KeyKind } from '../../src/xmlsec/certificate.ts'
import type { SigningKey } from '../../src/xmlsec/keys.ts'
import { type TestKey, testKey } from './keys.ts'

/**
 * The neighbours of a target node: a portal and an identity provider of its own country XA, a connector and a proxy
 * service of XB. All four are the test itself, which holds their keys; nobody listens at their addresses.
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
  readonly identityProvider: Peer
}

export type PeerName = keyof Peers

export const OWN_COUNTRY = 'XA'
export const FOREIGN_COUNTRY = 'XB'
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

/** The four neighbours of a node at this base URL. */
export async function newPeers(baseUrl: string, foreignKeys: KeyKind): Promise<Peers> {
  const connector = connectorAddresses(baseUrl)
  const proxyService = proxyServiceAddresses(baseUrl)
  const make = async (
    name: string,
    place: Pick<Peer, 'role' | 'profile' | 'endpoint' | 'destination' | 'node'>,
    describe: (common: Awaited<ReturnType<typeof commonOf>>) => EntityDescriptor,
  ): Promise<Peer> => {
    const keys = await keysOf(name, place.profile === 'eidas' ? foreignKeys : 'P-256')
    const metadata = describe(await commonOf(new URL(place.endpoint).host, keys))
    const own = { signing: keys.signing.signing(), signingKey: keys.signing, encryptionKey: keys.encryption }
    return { ...place, ...own, entityId: metadata.entityId, metadata }
  }
  const eidas = { country: FOREIGN_COUNTRY, applicationIdentifier: 'test:test:1' }
  const endpoints = {
    portal: 'https://portal.xa.example/acs',
    connector: 'https://connector.xb.example/acs',
    proxyService: 'https://proxy.xb.example/sso',
    identityProvider: 'https://idp.xa.example/sso',
  }
  const [portal, foreignConnector, foreignProxyService, identityProvider] = await Promise.all([
    make(
      'portal',
      {
        role: 'service-provider',
        profile: 'national',
        endpoint: endpoints.portal,
        destination: connector.sso,
        node: connector.nationalMetadata,
      },
      (common) => nationalSpEntity(common, endpoints.portal),
    ),
    make(
      'foreign connector',
      {
        role: 'connector',
        profile: 'eidas',
        endpoint: endpoints.connector,
        destination: proxyService.sso,
        node: proxyService.eidasMetadata,
      },
      (common) => connectorEntity({ ...common, ...eidas, assertionConsumerService: endpoints.connector }),
    ),
    make(
      'foreign proxy service',
      {
        role: 'proxy-service',
        profile: 'eidas',
        endpoint: endpoints.proxyService,
        destination: connector.acs,
        node: connector.eidasMetadata,
      },
      (common) =>
        proxyServiceEntity({
          ...common,
          ...eidas,
          singleSignOnService: endpoints.proxyService,
          loas: ['low', 'substantial', 'high'].map((level) => LOA + level),
          requesterIdRequired: false,
        }),
    ),
    make(
      'identity provider',
      {
        role: 'identity-provider',
        profile: 'national',
        endpoint: endpoints.identityProvider,
        destination: proxyService.acs,
        node: proxyService.nationalMetadata,
      },
      (common) => nationalIdpEntity(common, endpoints.identityProvider),
    ),
  ])
  return { portal, connector: foreignConnector, proxyService: foreignProxyService, identityProvider }
}
