import { connectorEntity, type EidasNodeMetadata, proxyServiceEntity } from '../../../src/profiles/eidas/metadata.ts'
import { nationalIdpEntity, nationalSpEntity } from '../../../src/profiles/national/metadata.ts'
import { readPeerFacts } from '../../../src/profiles/peer-facts.ts'
import {
  type EntityDescriptor,
  readEntityDescriptor,
  writeEntityDescriptor,
} from '../../../src/saml/metadata/entity.ts'
import { bindings, nameIdFormats } from '../../../src/saml/uris.ts'
import { withDocument } from '../../../src/xml/document.ts'
import { metadataLimits } from '../../../src/xml/limits.ts'
import { writeXml } from '../../../src/xml/writer.ts'
import { markSigned } from '../../../src/xmlsec/signed.ts'
import { testKey } from '../../testkit/keys.ts'
import { fault, high, low, NOW, naturalName, substantial } from './samples.ts'

async function node(): Promise<EidasNodeMetadata> {
  const [signing, encryption] = await Promise.all([testKey('signing'), testKey('encryption', 'P-256', 'encryption')])
  return {
    entityId: 'https://xa.example/metadata',
    id: '_metadata',
    validUntil: NOW + 86_400_000,
    keys: { signing: [signing.verification.certificate], encryption: [encryption.verification.certificate] },
    organization: { name: 'Agency', displayName: 'The Agency', url: 'https://agency.example/', lang: 'en' },
    contacts: { support: 'support@agency.example', technical: 'tech@agency.example' },
    country: 'XA',
    applicationIdentifier: 'Passerelle:passerelle:0.1.0',
  }
}

/** Through octets and schema. */
function published(entity: EntityDescriptor): EntityDescriptor {
  return withDocument(writeXml(writeEntityDescriptor(entity)), metadataLimits, (document) => {
    document.validate('metadata')
    return readEntityDescriptor(markSigned(document.root))
  })
}

describe('our metadata for other countries', () => {
  test('R-MF-2 to R-MF-12: the connector', async () => {
    const entity = published(
      connectorEntity({ ...(await node()), assertionConsumerService: 'https://xa.example/acs', spType: 'public' }),
    )
    expect(entity).toMatchObject({
      entityId: 'https://xa.example/metadata',
      id: '_metadata',
      validUntil: NOW + 86_400_000,
      spType: 'public',
      digestMethods: expect.arrayContaining(['http://www.w3.org/2001/04/xmlenc#sha512']),
      organization: { displayNames: [{ lang: 'en', value: 'The Agency' }] },
      contacts: [{ contactType: 'support' }, { contactType: 'technical' }],
      roles: {
        idp: undefined,
        sp: {
          nodeCountry: 'XA',
          authnRequestsSigned: true,
          nameIdFormats: [nameIdFormats.persistent, nameIdFormats.transient, nameIdFormats.unspecified],
          assertionConsumer: [
            { binding: bindings.post, location: 'https://xa.example/acs', index: 0, isDefault: true },
          ],
          keys: [
            { use: 'signing' },
            {
              use: 'encryption',
              encryptionMethods: [
                { algorithm: 'http://www.w3.org/2009/xmlenc11#aes256-gcm' },
                { algorithm: 'http://www.w3.org/2009/xmlenc11#aes128-gcm' },
              ],
            },
          ],
        },
      },
    })
    expect(entity.entityAttributes.get('http://eidas.europa.eu/entity-attributes/protocol-version')).toEqual([
      '1.4',
      '1.3',
      '1.2',
    ])
    expect(entity.entityAttributes.get('http://eidas.europa.eu/entity-attributes/application-identifier')).toEqual([
      'Passerelle:passerelle:0.1.0',
    ])
  })

  test('R-CR-18, R-MF-11: six signature algorithms with their sizes of key, no PKCS#1', async () => {
    const { signingMethods } = connectorEntity({
      ...(await node()),
      assertionConsumerService: 'https://xa.example/acs',
    })
    expect(signingMethods).toHaveLength(6)
    expect(signingMethods).toContainEqual({
      algorithm: 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
      minKeySize: 3072,
      maxKeySize: 8192,
    })
  })

  test('R-MF-8, R-MF-13, R-MF-14, R-MF-20: the proxy service', async () => {
    const entity = published(
      proxyServiceEntity({
        ...(await node()),
        singleSignOnService: 'https://xa.example/sso',
        loas: [low, substantial, high],
        requesterIdRequired: true,
      }),
    )
    expect(entity.roles.idp).toMatchObject({
      nodeCountry: 'XA',
      wantAuthnRequestsSigned: true,
      singleSignOn: [{ binding: bindings.redirect }, { binding: bindings.post, location: 'https://xa.example/sso' }],
    })
    expect(entity.roles.idp?.attributes).toHaveLength(26)
    expect(entity.roles.idp?.attributes[0]).toHaveProperty('friendlyName')
    const facts = readPeerFacts(entity, { idp: entity.roles.idp, country: 'XA' })
    expect(facts).toMatchObject({
      loas: [low, substantial, high],
      requesterIdRequired: true,
      protocolVersions: ['1.4', '1.3', '1.2'],
    })
    expect(facts.attributes).toContain(naturalName('DateOfBirth'))
  })

  test('R-AP-50: no representative attribute is published', async () => {
    const { roles } = proxyServiceEntity({
      ...(await node()),
      singleSignOnService: 'https://xa.example/sso',
      loas: [low],
      requesterIdRequired: false,
    })
    expect(roles.idp?.attributes.filter(({ name }) => name.includes('representative'))).toEqual([])
  })
})

describe('our metadata for our own country', () => {
  test('the connector is an identity provider, the proxy service a service provider', async () => {
    const idp = published(nationalIdpEntity(await node(), 'https://xa.example/sso'))
    expect(idp.roles.idp?.singleSignOn).toHaveLength(2)
    expect(idp.roles.idp?.nodeCountry).toBeUndefined()
    expect(idp.signingMethods).toContainEqual({
      algorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
      minKeySize: 2048,
      maxKeySize: 8192,
    })
    const sp = published(nationalSpEntity(await node(), ['https://xa.example/acs/a', 'https://xa.example/acs/b']))
    expect(sp.roles.sp?.assertionConsumer).toMatchObject([
      { location: 'https://xa.example/acs/a', index: 0, isDefault: true },
      { location: 'https://xa.example/acs/b', index: 1, isDefault: false },
    ])
  })
})

describe('what is known of a peer', () => {
  const bare: EntityDescriptor = {
    entityId: 'https://peer.example',
    entityAttributes: new Map(),
    digestMethods: [],
    signingMethods: [],
    roles: {},
    contacts: [],
  }

  test('R-MF-21: nothing is made up', () => {
    expect(readPeerFacts(bare, {})).toEqual({
      entityId: 'https://peer.example',
      protocolVersions: [],
      loas: [],
      attributes: [],
      requesterIdRequired: false,
      nameIdFormats: [],
      attributeServices: [],
    })
  })

  test('R-MF-12: several versions in one value', () => {
    const entityAttributes = new Map([
      ['http://eidas.europa.eu/entity-attributes/protocol-version', ['1.3; 1.2', '1.1,1.0']],
    ])
    expect(readPeerFacts({ ...bare, entityAttributes }, {}).protocolVersions).toEqual(['1.3', '1.2', '1.1', '1.0'])
  })

  test('A-197: an SPType that is neither', () => {
    expect(() => readPeerFacts({ ...bare, spType: 'both' }, {})).toThrow(fault('MD_STRUCT'))
  })
})
