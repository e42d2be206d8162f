import type { LoadedConfig } from '../config/load.ts'
import { connectorAddresses } from '../connector/addresses.ts'
import { connectorMetadata } from '../connector/metadata.ts'
import { attributesWith } from '../identity/attributes.ts'
import type { Log } from '../observe/log.ts'
import { proxyServiceAddresses } from '../proxy-service/addresses.ts'
import { proxyServiceMetadata } from '../proxy-service/metadata.ts'
import type { Reply } from '../relay/faces.ts'
import { newId } from '../saml/ids.ts'
import type { EntityDescriptor } from '../saml/metadata/entity.ts'
import { keepPublished, type PublishedDocuments, publishMetadata } from '../trust/publication.ts'
import type { Route } from '../web/app.ts'
import type { DecryptionKey, SigningKey } from '../xmlsec/keys.ts'
import type { NodeKeys } from './keys.ts'
import { offerOf } from './offer.ts'
import { random } from './random.ts'

const APPLICATION = 'Passerelle:passerelle:0.1.0'
const HOUR = 3_600_000

/** R-IA-28: the four documents, by the path each is served at. */
export async function nodeMetadata(
  { config }: Pick<LoadedConfig, 'config'>,
  keys: NodeKeys,
): Promise<PublishedDocuments> {
  const { country, operator, contacts, baseUrl, connector } = config
  const issued = Date.now()
  const common = () => ({
    country,
    applicationIdentifier: APPLICATION,
    organization: operator,
    contacts,
    id: newId(random),
    validUntil: issued + config.metadataLifetimeHours * HOUR,
  })
  const signing = keys.published.messages
  const national = { signing: keys.published.national }
  const encryption = currentOf(keys.encryption)
  const ofConnector = connectorMetadata(
    common(),
    connectorAddresses(baseUrl),
    { eidas: { signing, encryption }, national },
    connector.spType,
  )
  const ofProxyService = proxyServiceMetadata(
    common(),
    proxyServiceAddresses(baseUrl),
    { eidas: { signing }, national: { ...national, encryption: currentOf(keys.nationalEncryption) } },
    { ...offerOf(config), known: attributesWith(config.attributes) },
    config.proxyService.schemes,
  )
  const documents = [
    published(ofConnector.national, keys.nationalMetadata, issued),
    published(ofConnector.eidas, keys.metadata, issued),
    published(ofProxyService.eidas, keys.metadata, issued),
    published(ofProxyService.national, keys.nationalMetadata, issued),
  ]
  return new Map(await Promise.all(documents))
}

/** Publishes the current encryption key only. */
function currentOf(keys: readonly DecryptionKey[]): readonly string[] {
  return keys.slice(0, 1).map(({ certificate }) => certificate)
}

async function published(
  entity: EntityDescriptor,
  key: SigningKey,
  issued: number,
): Promise<readonly [path: string, Uint8Array]> {
  const fresh = { ...entity, id: newId(random) }
  return [new URL(entity.entityId).pathname, await publishMetadata(fresh, key, issued)]
}

/** Our own metadata, each document at the path its entityID names. */
export async function publication(loaded: LoadedConfig, keys: NodeKeys, { warn }: Pick<Log, 'warn'>) {
  const period = (loaded.config.metadataLifetimeHours * HOUR) / 4
  const { documents, stop } = await keepPublished(() => nodeMetadata(loaded, keys), period, warn)
  const routes = [...documents().keys()].map(
    (path): Route => ({
      methods: ['GET'],
      path,
      receive: async (): Promise<Reply> => ({
        kind: 'document',
        contentType: 'application/samlmetadata+xml',
        body: documents().get(path) ?? new Uint8Array(0),
        maxAgeSeconds: Math.min(HOUR, period) / 1000,
      }),
    }),
  )
  return { routes, stop }
}
