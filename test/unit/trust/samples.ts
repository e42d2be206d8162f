import { connectorEntity, proxyServiceEntity } from '../../../src/profiles/eidas/metadata.ts'
import { nationalIdpEntity } from '../../../src/profiles/national/metadata.ts'
import { writeInstant } from '../../../src/saml/instants.ts'
import { type EntityDescriptor, writeEntityDescriptor } from '../../../src/saml/metadata/entity.ts'
import { md, mdrpi } from '../../../src/xml/names.ts'
import { el, writeXml, type XmlPart } from '../../../src/xml/writer.ts'
import type { SigningKey } from '../../../src/xmlsec/keys.ts'
import { signElement } from '../../../src/xmlsec/sign.ts'
import { type TestKey, testKey } from '../../testkit/keys.ts'

/** Metadata of peers, for tests to break. Certificates of the tests are valid around the real now. */

export const NOW = Date.now()
export const DAY = 86_400_000

export const fault = (code: string) => expect.objectContaining({ code })

export interface PeerKeys {
  /** Signs the metadata. */
  readonly metadata: TestKey
  readonly signing: TestKey
  readonly encryption: TestKey
}

export async function peerKeys(): Promise<PeerKeys> {
  const [metadata, signing, encryption] = await Promise.all([
    testKey('metadata'),
    testKey('messages'),
    testKey('encryption', 'P-256', 'encryption'),
  ])
  return { metadata, signing, encryption }
}

function common({ signing, encryption }: PeerKeys) {
  return {
    id: '_metadata',
    validUntil: NOW + 7 * DAY,
    country: 'XB',
    applicationIdentifier: 'Example:node:1.0',
    keys: { signing: [signing.verification.certificate], encryption: [encryption.verification.certificate] },
    organization: { name: 'Agency', displayName: 'Agency of XB', url: 'https://agency.example/', lang: 'en' },
  }
}

export const CONNECTOR = 'https://xb.example/connector'
export const SERVICE = 'https://xb.example/service'
export const IDP = 'https://idp.example/metadata'

export function connector(keys: PeerKeys): EntityDescriptor {
  return connectorEntity({ ...common(keys), entityId: CONNECTOR, assertionConsumerService: 'https://xb.example/acs' })
}

export function proxyService(keys: PeerKeys): EntityDescriptor {
  return proxyServiceEntity({
    ...common(keys),
    entityId: SERVICE,
    singleSignOnService: 'https://xb.example/sso',
    loas: ['http://eidas.europa.eu/LoA/high'],
    requesterIdRequired: true,
  })
}

export function identityProvider(keys: PeerKeys): EntityDescriptor {
  return nationalIdpEntity({ ...common(keys), entityId: IDP }, 'https://idp.example/sso')
}

/** Octets of the signed document; certificates of the chain come along. */
export async function published(entity: EntityDescriptor | XmlPart, key: SigningKey): Promise<Uint8Array> {
  const part = 'entityId' in entity ? writeEntityDescriptor(entity) : entity
  return writeXml(await signElement(part, key, { chain: true }))
}

/** Several entities in one signed document, which may say when it was issued. */
export function aggregate(
  entities: readonly EntityDescriptor[],
  validUntil: number | undefined = NOW + 7 * DAY,
  issued?: number,
): XmlPart {
  const info = {
    publisher: 'https://xb.example',
    creationInstant: issued === undefined ? undefined : writeInstant(issued),
  }
  return el(
    md('EntitiesDescriptor'),
    { ID: '_aggregate', validUntil: validUntil === undefined ? undefined : writeInstant(validUntil) },
    issued === undefined ? undefined : el(md('Extensions'), {}, el(mdrpi('PublicationInfo'), info)),
    ...entities.map((entity, index) =>
      writeEntityDescriptor({ ...entity, id: `_entity${index}`, validUntil: undefined }),
    ),
  )
}
