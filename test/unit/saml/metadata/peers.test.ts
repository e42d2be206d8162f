import { generateServiceProviderMetadata } from '@node-saml/passport-saml'
import samlify from 'samlify'
import { readEntityDescriptor, readMetadataDocument } from '../../../../src/saml/metadata/entity.ts'
import { bindings, nameIdFormats } from '../../../../src/saml/uris.ts'
import { withDocument } from '../../../../src/xml/document.ts'
import { metadataLimits } from '../../../../src/xml/limits.ts'
import { scan } from '../../../../src/xml/scanner.ts'
import { markSigned } from '../../../../src/xmlsec/signed.ts'
import { testKey } from '../../../testkit/keys.ts'
import { euVector, withEuVectors } from '../../../vectors/eu-files.ts'

/** Metadata as other software writes it. Signatures are not the matter here. */

function validEntityIn(text: string) {
  withDocument(Buffer.from(text), metadataLimits, (document) => document.validate('metadata'))
  return entityIn(Buffer.from(text))
}

function entityIn(octets: Uint8Array) {
  const [entity] = readMetadataDocument(markSigned(scan(octets, metadataLimits))).entities
  if (entity === undefined) throw new TypeError('no entity')
  return readEntityDescriptor(entity.element)
}

function derOf(pem: string): string {
  return pem.replace(/-----[^-]+-----|\s/g, '')
}

describe('metadata of peers', () => {
  test('passport-saml', async () => {
    const key = await testKey('portal')
    const entity = validEntityIn(
      generateServiceProviderMetadata({
        issuer: 'https://portal.example',
        callbackUrl: 'https://portal.example/acs',
        identifierFormat: nameIdFormats.persistent,
        wantAssertionsSigned: true,
        privateKey: key.privateKey,
        publicCerts: key.certificate,
        decryptionPvk: key.privateKey,
        decryptionCert: key.certificate,
      }),
    )
    expect(entity.entityId).toBe('https://portal.example')
    expect(entity.roles.sp).toMatchObject({
      authnRequestsSigned: true,
      wantAssertionsSigned: true,
      nameIdFormats: [nameIdFormats.persistent],
      assertionConsumer: [
        { binding: bindings.post, location: 'https://portal.example/acs', index: 1, isDefault: true },
      ],
      keys: [
        { use: 'signing', certificates: [derOf(key.certificate)] },
        { use: 'encryption', certificates: [derOf(key.certificate)] },
      ],
    })
    expect(entity.roles.sp?.keys[1]?.encryptionMethods).toHaveLength(4)
  })

  test('samlify', async () => {
    const key = await testKey('idp')
    const settings = {
      entityID: 'https://idp.example/metadata',
      signingCert: key.certificate,
      wantAuthnRequestsSigned: true,
      nameIDFormat: [nameIdFormats.persistent],
      elementsOrder: ['KeyDescriptor', 'SingleLogoutService', 'NameIDFormat', 'SingleSignOnService'],
      singleSignOnService: [{ Binding: bindings.post, Location: 'https://idp.example/sso' }],
      singleLogoutService: [{ Binding: bindings.post, Location: 'https://idp.example/slo' }],
    }
    const provider = samlify.IdentityProvider(settings)
    const entity = validEntityIn(provider.getMetadata())
    expect(entity.roles.idp).toMatchObject({
      wantAuthnRequestsSigned: true,
      singleSignOn: [{ binding: bindings.post, location: 'https://idp.example/sso' }],
      keys: [{ use: 'signing', certificates: [derOf(key.certificate)] }],
    })
  })

  withEuVectors('of the EU node', () => {
    test('a connector', () => {
      const entity = entityIn(euVector('ConnectorMetadata.xml'))
      expect(entity.spType).toBe('public')
      expect(entity.entityAttributes.get('http://eidas.europa.eu/entity-attributes/protocol-version')).toEqual(['1.1'])
      expect(entity.digestMethods).toHaveLength(3)
      expect(entity.roles.sp).toMatchObject({
        nodeCountry: 'CA',
        keys: [{ use: 'signing' }, { use: 'encryption' }],
        nameIdFormats: [nameIdFormats.persistent, nameIdFormats.transient, nameIdFormats.unspecified],
      })
      expect(entity.roles.sp?.assertionConsumer.map(({ binding, isDefault }) => [binding, isDefault])).toEqual([
        [bindings.post, true],
        [bindings.redirect, undefined],
      ])
      expect(entity.contacts.map(({ contactType }) => contactType)).toEqual(['support', 'technical'])
    })

    test('a service', () => {
      const entity = entityIn(euVector('ServiceMetadata-content-changed.xml'))
      expect(entity.entityAttributes.get('urn:oasis:names:tc:SAML:attribute:assurance-certification')).toHaveLength(1)
      expect(entity.roles.idp).toMatchObject({ wantAuthnRequestsSigned: true, nodeCountry: 'CA' })
      expect(entity.roles.idp?.singleSignOn.map(({ binding }) => binding)).toEqual([bindings.post, bindings.redirect])
      expect(entity.roles.idp?.attributes.length).toBeGreaterThan(20)
    })
  })

  test('SimpleSAMLphp and Shibboleth: several protocols, other roles, user interface, keys without use', () => {
    const entity = validEntityIn(`<?xml version="1.0"?>
<!-- as published -->
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:shibmd="urn:mace:shibboleth:metadata:1.0" xmlns:mdui="urn:oasis:names:tc:SAML:metadata:ui" entityID="https://idp.example/idp">
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:1.1:protocol urn:mace:shibboleth:1.0
      urn:oasis:names:tc:SAML:2.0:protocol">
    <md:Extensions>
      <shibmd:Scope regexp="false">example</shibmd:Scope>
      <mdui:UIInfo><mdui:DisplayName xml:lang="en">An <!-- odd --> IdP</mdui:DisplayName><mdui:Logo height="1" width="1">https://idp.example/l</mdui:Logo></mdui:UIInfo>
    </md:Extensions>
    <md:KeyDescriptor><ds:KeyInfo><ds:X509Data><ds:X509Certificate>
      QUFB
    </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
    <md:ArtifactResolutionService Binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP" Location="https://idp.example/artifact" index="1"/>
    <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:transient</md:NameIDFormat>
    <md:SingleSignOnService Binding="urn:mace:shibboleth:1.0:profiles:AuthnRequest" Location="https://idp.example/shib"/>
    <md:SingleSignOnService Binding="${bindings.redirect}" Location="https://idp.example/sso"/>
  </md:IDPSSODescriptor>
  <md:AttributeAuthorityDescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:AttributeService Binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP" Location="https://idp.example/aa"/>
  </md:AttributeAuthorityDescriptor>
  <md:ContactPerson contactType="technical"><md:EmailAddress>mailto:a@idp.example</md:EmailAddress></md:ContactPerson>
</md:EntityDescriptor>`)
    expect(entity.roles.idp).toMatchObject({
      displayNames: [{ lang: 'en', value: 'An IdP' }],
      keys: [{ use: undefined, certificates: ['QUFB'] }],
      nameIdFormats: [nameIdFormats.transient],
    })
    expect(entity.roles.idp?.singleSignOn).toHaveLength(2)
  })
})
