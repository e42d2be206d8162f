import { ParseOption, XmlDocument } from 'libxml2-wasm'
import { withDocument } from '../../../src/xml/document.ts'
import { messageLimits, metadataLimits } from '../../../src/xml/limits.ts'
import { ns } from '../../../src/xml/names.ts'
import { prepareSchemas, type SchemaName } from '../../../src/xml/schema.ts'
import { withoutValues } from '../../../src/xml/schema-detail.ts'
import { assertion, octets, request, response, signature } from './samples.ts'

beforeAll(prepareSchemas)

function validate(text: string, schema: SchemaName = 'protocol') {
  withDocument(octets(text), schema === 'metadata' ? metadataLimits : messageLimits, (document) => {
    document.validate(schema)
  })
}

function invalid(text: string, schema: SchemaName = 'protocol', detail: unknown = expect.any(String)) {
  expect(() => validate(text, schema)).toThrow(expect.objectContaining({ code: 'XML_SCHEMA', detail }))
}

const valueSpaces = ` xmlns:xsi="${ns.xsi}" xmlns:xs="${ns.xs}" xmlns:n="${ns.eidasNatural}" xmlns:l="${ns.eidasLegal}" xmlns:nr="${ns.eidasNaturalRepresentative}" xmlns:lr="${ns.eidasLegalRepresentative}"`

function valued(attributes: string, content = 'x'): string {
  return `<saml2:AttributeValue${valueSpaces}${attributes}>${content}</saml2:AttributeValue>`
}

describe('messages', () => {
  test.each([
    ['a request', request],
    ['a signed request', request.replace('</saml2:Issuer>', `</saml2:Issuer>${signature('_request')}`)],
    ['a response without assertion', response('')],
    ['a response with a signed assertion', response(assertion(valued(''), signature('_assertion')), signature('_r'))],
    [
      'what is in extensions',
      request
        .replace(
          /<saml2p:Extensions>.*<\/saml2p:Extensions>/,
          '<saml2p:Extensions><a b="c">d<e/></a><saml2:Audience x="y"/>text is not</saml2p:Extensions>',
        )
        .replace('text is not', ''),
    ],
    ['empty extensions', request.replace(/<saml2p:Ext.*ns>/, '<saml2p:Extensions/>')],
    [
      'a StatusDetail',
      response('').replace(
        '</saml2p:Status>',
        '<saml2p:StatusDetail><a/><saml2:Issuer x="y"/></saml2p:StatusDetail></saml2p:Status>',
      ),
    ],
    ['SPType after RequestedAttributes', request.replace(/(<eidas:SPType>.*SPType>)(.*)(<\/saml2p:Ext)/, '$2$1$3')],
  ])('%s is valid', (_, text) => validate(text))

  test.each([
    ['A-066 a missing Version', request.replace('Version="2.0" ', '')],
    ['A-066 a second Issuer', request.replace('<saml2p:Ext', '<saml2:Issuer>x</saml2:Issuer><saml2p:Ext')],
    ['A-066 Extensions before Issuer', request.replace(/(<saml2:Issuer>.*Issuer>)(<saml2p:E.*ns>)/, '$2$1')],
    ['A-066 an unknown element', request.replace('<saml2p:Ext', '<saml2p:Evil/><saml2p:Ext')],
    ['A-066 an unknown attribute', request.replace('ForceAuthn', 'Force')],
    ['A-066 a boolean that is none', request.replace('ForceAuthn="true"', 'ForceAuthn="maybe"')],
    ['A-066 an instant that is none', request.replace('2025-01-01T', '2025-13-01T')],
    ['A-066 text between elements', request.replace('<saml2p:Ext', 'x<saml2p:Ext')],
    ['A-044 an element in NameID', response(assertion(valued('')).replace('ES/AT/1', 'admin<saml2:x>.evil</saml2:x>'))],
    [
      'an assertion in a request',
      request.replace('</saml2p:AuthnRequest>', `${assertion(valued(''))}</saml2p:AuthnRequest>`),
    ],
    [
      'A-076 an assertion around the assertion',
      assertion(valued('')).replace('<saml2:Subject>', `${response('')}<saml2:Subject>`),
    ],
    ['a response without Status', response('').replace(/<saml2p:Status>.*Status>/, '')],
    ['a Reference without DigestValue', response('', signature('_r').replace(/<ds:DigestValue>.*DigestValue>/, ''))],
    ['A-085 SignedInfo without Reference', response('', signature('_r').replace(/<ds:Reference .*ds:Reference>/, ''))],
    ['two SignedInfo', response('', signature('_r').replace(/(<ds:SignedInfo>.*SignedInfo>)/, '$1$1'))],
    ['another root', '<eidas:Unknown xmlns:eidas="http://eidas.europa.eu/saml-extensions"/>'],
  ])('%s is refused', (_, text) => invalid(text))

  test('an assertion alone is valid as such', () => {
    validate(assertion(valued('')), 'assertion')
    invalid(assertion('x'), 'assertion')
  })
})

describe('attribute values', () => {
  test.each([
    ['no type', valued('')],
    ['xs:string, as national identity providers send', valued(' xsi:type="xs:string"')],
    ['xs:anyType', valued(' xsi:type="xs:anyType"')],
    ['an empty value', valued(' xsi:type="xs:string"', '')],
    ['white space around', valued(' xsi:type="n:DateOfBirthType"', '\n  1980-01-01\n')],
    ['LatinScript in the namespace of the type', valued(' xsi:type="n:CurrentFamilyNameType" n:LatinScript="false"')],
    ['LatinScript without namespace (R-AP-45)', valued(' xsi:type="n:CurrentFamilyNameType" LatinScript="false"')],
    ['LatinScript of the represented type', valued(' xsi:type="nr:CurrentFamilyNameType" n:LatinScript="0"')],
    ['R-AP-3 a type as the example of the profile spells it', valued(' xsi:type="l:LegalPhoneNumber"', '+34912739000')],
    ['R-AP-3 and the other one', valued(' xsi:type="l:LegalEmailAddress"', 'a@b.example')],
    ['a value that breaks a rule of the profile, which has its own fault', valued(' xsi:type="n:GenderType"', 'X')],
  ])('%s is valid', (_, value) => validate(response(assertion(value))))

  test.each([
    ['A-067 a type that does not exist', valued(' xsi:type="n:EvilType"')],
    ['A-067 a type by an undeclared prefix', valued(' xsi:type="evil:Type"')],
    ['A-067 a type that is abstract', valued(' xsi:type="saml2:StatementAbstractType"')],
    ['a value that is not of its XML Schema type', valued(' xsi:type="xs:date"', 'secret')],
    ['A-044 an element in a typed value', valued(' xsi:type="n:GenderType"', 'Male<saml2:x/>')],
    ['an odd LatinScript', valued(' xsi:type="n:CurrentFamilyNameType" n:LatinScript="maybe"')],
    ['an unknown attribute on a typed value', valued(' xsi:type="n:GenderType" Other="x"')],
    ['A-067 xsi:nil', valued(' xsi:nil="true"', '')],
    ['A-067 xsi:nil with a value, and no boolean', valued(' xsi:nil="perhaps"')],
    ['XML of others', valued('', '<a xmlns=""><b c="d"/></a><saml2:Issuer Odd="x"/>')],
  ])('%s is passed over: a value is judged by who reads it', (_, value) => validate(response(assertion(value))))

  test('A-066 something else than a value is refused', () => {
    invalid(response(assertion('<x:Value xmlns:x="urn:x"/>')))
    invalid(response(assertion('<Value/>')))
  })
})

describe('what a message says to validators', () => {
  const declared = request.replace(
    '<saml2p:AuthnRequest',
    `<saml2p:AuthnRequest xmlns:xsi="${ns.xsi}" xmlns:xs="${ns.xs}"`,
  )
  const on = (name: string, attributes: string) => declared.replace(`<${name}`, `<${name} ${attributes}`)

  test.each([
    ['A-040 a schema location', on('saml2p:AuthnRequest', 'xsi:schemaLocation="urn:x file:///etc/passwd"')],
    ['A-040 a schema location for SAML', on('saml2:Issuer', `xsi:schemaLocation="${ns.saml} http://x/x.xsd"`)],
    ['A-040 a location without namespace', on('saml2:Issuer', 'xsi:noNamespaceSchemaLocation="http://x/x.xsd"')],
    ['A-067 xsi:nil', on('saml2:Issuer', 'xsi:nil="true"')],
    ['A-067 a type that exists', on('saml2:Issuer', 'xsi:type="xs:string"')],
    ['A-067 a type that does not exist', on('saml2p:AuthnRequest', 'xsi:type="evil:Type"')],
    ['an attribute that xsi does not have', on('saml2:Issuer', 'xsi:other="x"')],
  ])('%s changes nothing', (_, text) => validate(text))

  test.each([
    ['A-067 a type with more attributes', on('saml2:Issuer', 'xsi:type="saml2:AttributeType" Name="x"')],
    [
      'A-067 a type that may be anything',
      on('saml2:Issuer', 'xsi:type="xs:anyType"').replace('</saml2:Iss', '<saml2:x/></saml2:Iss'),
    ],
    [
      'A-067 a type that makes something of what is abstract',
      declared.replace(
        '</saml2p:Extensions>',
        '</saml2p:Extensions><saml2:Conditions><saml2:Condition xsi:type="saml2:OneTimeUseType"/></saml2:Conditions>',
      ),
    ],
    [
      'A-067 no content because it is nil',
      declared.replace(/<saml2:Issuer>.*<\/saml2:Issuer>/, '<saml2:Issuer xsi:nil="true" Odd="x"/>'),
    ],
  ])('%s makes nothing valid', (_, text) => invalid(text))
})

describe('encryption', () => {
  const data = (method: string, keyInfo: string) =>
    response(
      `<saml2:EncryptedAssertion><xenc:EncryptedData xmlns:xenc="${ns.xenc}" xmlns:xenc11="${ns.xenc11}" xmlns:ds="${ns.ds}" xmlns:ds11="${ns.ds11}" Type="http://www.w3.org/2001/04/xmlenc#Element"><xenc:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes256-gcm"/><ds:KeyInfo><xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="urn:x">${method}</xenc:EncryptionMethod>${keyInfo}<xenc:CipherData><xenc:CipherValue>AAAA</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo><xenc:CipherData><xenc:CipherValue>AAAA</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData></saml2:EncryptedAssertion>`,
    )
  const oaep =
    '<ds:DigestMethod Algorithm="urn:d"/><xenc11:MGF Algorithm="http://www.w3.org/2009/xmlenc11#mgf1sha256"/>'
  const agreement = (derivation: string, curve: string) =>
    `<ds:KeyInfo><xenc:AgreementMethod Algorithm="http://www.w3.org/2009/xmlenc11#ECDH-ES">${derivation}<xenc:OriginatorKeyInfo><ds:KeyValue><ds11:ECKeyValue>${curve}<ds11:PublicKey>AAAA</ds11:PublicKey></ds11:ECKeyValue></ds:KeyValue></xenc:OriginatorKeyInfo></xenc:AgreementMethod></ds:KeyInfo>`
  const kdf =
    '<xenc11:KeyDerivationMethod Algorithm="http://www.w3.org/2009/xmlenc11#ConcatKDF"><xenc11:ConcatKDFParams AlgorithmID="00" PartyUInfo="00" PartyVInfo="00"><ds:DigestMethod Algorithm="urn:d"/></xenc11:ConcatKDFParams></xenc11:KeyDerivationMethod>'
  const curve = '<ds11:NamedCurve URI="urn:oid:1.2.840.10045.3.1.7"/>'

  test('RSA-OAEP with its mask generation function is valid', () => validate(data(oaep, '')))

  test('ECDH-ES with ConcatKDF over a named curve is valid', () => validate(data('', agreement(kdf, curve))))

  test('A-140 what KeyInfo holds is judged by who reads it', () => validate(data('', agreement('<a/>', '<b/>'))))
})

describe('metadata', () => {
  const entity = (inside: string, attributes = '') =>
    `<md:EntityDescriptor xmlns:md="${ns.md}" xmlns:ds="${ns.ds}" xmlns:saml2="${ns.saml}" xmlns:eidas="${ns.eidas}" xmlns:alg="${ns.alg}" xmlns:mdattr="${ns.mdattr}" entityID="https://node.example/metadata" validUntil="2025-01-02T00:00:00Z"${attributes}>${inside}</md:EntityDescriptor>`
  const keys =
    '<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:KeyDescriptor use="encryption"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data></ds:KeyInfo><md:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes256-gcm"/></md:KeyDescriptor>'
  const protocol = `protocolSupportEnumeration="${ns.samlp}"`
  const acs =
    '<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://node.example/acs" index="0" isDefault="true"/>'
  const sp = `<md:SPSSODescriptor ${protocol} AuthnRequestsSigned="true"><md:Extensions><eidas:NodeCountry>FR</eidas:NodeCountry></md:Extensions>${keys}<md:NameIDFormat>urn:f</md:NameIDFormat>${acs}</md:SPSSODescriptor>`
  const idp = `<md:IDPSSODescriptor ${protocol} WantAuthnRequestsSigned="true">${keys}<md:SingleSignOnService Binding="urn:b" Location="https://node.example/sso"/><saml2:Attribute Name="urn:a" NameFormat="urn:f"/></md:IDPSSODescriptor>`
  const extensions =
    '<md:Extensions><eidas:SPType>public</eidas:SPType><alg:DigestMethod Algorithm="urn:d"/><alg:SigningMethod Algorithm="urn:s" MinKeySize="256" MaxKeySize="384"/><mdattr:EntityAttributes><saml2:Attribute Name="urn:a"><saml2:AttributeValue>x</saml2:AttributeValue></saml2:Attribute></mdattr:EntityAttributes></md:Extensions>'
  const people =
    '<md:Organization><md:OrganizationName xml:lang="en">N</md:OrganizationName><md:OrganizationDisplayName xml:lang="en">N</md:OrganizationDisplayName><md:OrganizationURL xml:lang="en">https://node.example</md:OrganizationURL></md:Organization><md:ContactPerson contactType="support"><md:Company>C</md:Company><md:EmailAddress>mailto:a@node.example</md:EmailAddress></md:ContactPerson>'

  test.each([
    ['a connector', entity(extensions + sp + people)],
    ['a proxy service', entity(idp)],
    ['both roles in one, signed', entity(signature('_md') + extensions + sp + idp + people, ' ID="_md"')],
    [
      'a list of entities',
      `<md:EntitiesDescriptor xmlns:md="${ns.md}" Name="urn:all" validUntil="2025-01-02T00:00:00Z">${entity(sp)}<md:EntitiesDescriptor>${entity(idp)}</md:EntitiesDescriptor></md:EntitiesDescriptor>`,
    ],
    [
      'entity attributes typed as EU nodes do (R-MF-12)',
      entity(
        `${extensions.replace('<saml2:AttributeValue', `<saml2:AttributeValue xmlns:xsi="${ns.xsi}" xsi:type="xsd:string"`)}${sp}`,
      ),
    ],
    ['extensions of others', entity(`<md:Extensions><x:y xmlns:x="urn:x" z="1"><x:z/></x:y></md:Extensions>${sp}`)],
    ['attributes of others', entity(sp, ' xmlns:x="urn:x" x:y="z"')],
    [
      'xml:base',
      entity(sp.replace('<md:SP', '<md:SP').replace(' protocol', ' xml:base="http://x/" protocol'), ' xml:base="::"'),
    ],
    ['a type that its element has or not', entity(sp, ` xmlns:xsi="${ns.xsi}" xsi:type="md:EntityDescriptorType"`)],
    ['entity attributes that are none', entity(extensions.replaceAll('saml2:Attribute', 'md:Attribute') + sp)],
    [
      'elements in no namespace',
      entity(`<md:Extensions><a/></md:Extensions><md:RoleDescriptor><b xmlns=""/></md:RoleDescriptor>${sp}`),
    ],
    [
      'an attribute authority',
      entity(
        `<md:AttributeAuthorityDescriptor ${protocol}><md:AttributeService Binding="b" Location="l"/></md:AttributeAuthorityDescriptor>`,
      ),
    ],
    [
      'endpoints of all kinds',
      entity(
        idp.replace(
          '<md:SingleSign',
          '<md:ArtifactResolutionService Binding="b" Location="l" index="0"/><md:SingleLogoutService Binding="b" Location="l" ResponseLocation="r"/><md:ManageNameIDService Binding="b" Location="l"/><md:SingleSign',
        ),
      ),
    ],
    [
      'a consuming service',
      entity(
        sp.replace(
          '</md:SPSSO',
          '<md:AttributeConsumingService index="1"><md:ServiceName xml:lang="en">S</md:ServiceName><md:RequestedAttribute Name="urn:a" isRequired="true"/></md:AttributeConsumingService></md:SPSSO',
        ),
      ),
    ],
    [
      'a role of AD FS',
      entity(
        `<md:RoleDescriptor xmlns:xsi="${ns.xsi}" xmlns:fed="http://docs.oasis-open.org/wsfed/federation/200706" xsi:type="fed:SecurityTokenServiceType" ${protocol} ServiceDisplayName="x">${keys}<fed:TokenTypesOffered/></md:RoleDescriptor>${idp}`,
      ),
    ],
    [
      'comments and a schema location',
      `<!-- x -->${entity(sp, ` xmlns:xsi="${ns.xsi}" xsi:schemaLocation="urn:x http://x/x.xsd"`)}`,
    ],
  ])('%s is valid', (_, text) => validate(text, 'metadata'))

  test.each([
    ['no entityID', entity(sp).replace(/ entityID="[^"]*"/, '')],
    ['no role', entity(extensions)],
    ['an entityID of more than 1024 characters', entity(sp).replace('/metadata"', `/${'x'.repeat(1024)}"`)],
    ['a validUntil that is none', entity(sp).replace('2025-01-02T', '2025-02-30T')],
    ['a role without protocol', entity(sp.replace(protocol, ''))],
    ['an SP without consumer service', entity(sp.replace(acs, ''))],
    ['a consumer service without index', entity(sp.replace(' index="0"', ''))],
    ['an identity provider without SSO service', entity(idp.replace(/<md:SingleSignOnService[^>]*>/, ''))],
    ['an odd use of a key', entity(sp.replace('use="signing"', 'use="both"'))],
    ['a contact of an odd type', entity(sp + people.replace('support', 'evil'))],
    ['an organisation without language', entity(sp + people.replace(' xml:lang="en"', ''))],
    ['a signature after the extensions', entity(extensions + signature('_md') + sp)],
    ['a request', request],
  ])('%s is refused', (_, text) => invalid(text, 'metadata'))
})

test('metadata is no message', () => invalid(`<md:EntityDescriptor xmlns:md="${ns.md}"/>`))

test('A-035 once the schemas are compiled, libxml2 can open nothing, not even them', () => {
  for (const file of ['metadata.xsd', 'xmldsig-core-schema.xsd', 'file:///etc/passwd', '/etc/passwd']) {
    const text = `<!DOCTYPE r [<!ENTITY x SYSTEM "${file}">]><r>&x;</r>`
    const document = XmlDocument.fromString(text, { option: ParseOption.XML_PARSE_NOENT })
    expect(document.root.content).toBe('')
    document.dispose()
  }
})

describe('the detail of a schema fault', () => {
  test('names element and rule', () => {
    invalid(
      request.replace('Version="2.0" ', ''),
      'protocol',
      expect.stringContaining("attribute 'Version' is required"),
    )
    invalid(
      request.replace('ForceAuthn="true"', 'ForceAuthn="secret"'),
      'protocol',
      expect.stringMatching(/ForceAuthn': is not a valid value of the atomic type '[^']*boolean'\.$/),
    )
    invalid(
      request.replace('<saml2p:Ext', '<saml2:Issuer/><saml2p:Ext'),
      'protocol',
      expect.stringContaining('not expected'),
    )
  })

  test.each([
    request.replace('ForceAuthn="true"', 'ForceAuthn="secret"'),
    request.replace('2025-01-01T', 'secret'),
    request.replace('<saml2p:Ext', 'secret<saml2p:Ext'),
    request.replace('ForceAuthn="true"', 'ForceAuthn="secret\' This element is not expected. Expected is ( secret )"'),
    request.replace('ForceAuthn="true"', `ForceAuthn="secret' is not a valid value of the atomic type 'secret'."`),
    response('').replace('Value="', 'Value="::%secret%'),
    response('', signature('_r').replace('AAAA</ds:S', 'secret!</ds:S')),
    response('').replace('urn:oasis:names:tc:SAML:2.0:status:Success"', 'x" secret="secret"'),
  ])('holds no value (%#)', (text) => {
    try {
      validate(text)
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: 'XML_SCHEMA' })
      expect(thrown).not.toHaveProperty('cause')
      expect(`${thrown}`.replace(/attribute '?secret'?/g, '').replace('The  is not allowed', '')).not.toContain(
        'secret',
      )
      return
    }
    throw new TypeError('valid')
  })

  test('A-253: a long value made of the words of rules is not searched', () => {
    const rule = 'is not a valid value of the'
    const start = performance.now()
    for (const words of [rule, 'does not resolve to a a'])
      expect(withoutValues(`Element 'x': '${`${words} `.repeat(60_000 / words.length)}' ${rule} type 't'.`)).toBe(
        `Element 'x': ${rule} type 't'.`,
      )
    expect(performance.now() - start).toBeLessThan(150)
  })

  test('is cut, and never fails', () => {
    expect(withoutValues('').length).toBeGreaterThan(0)
    expect(withoutValues(`Element '${'x'.repeat(1000)}': This element is not expected.`)).toBe('not valid')
    expect(withoutValues(`Element 'x': This element is not expected. Expected is ${'y'.repeat(1000)}`)).toHaveLength(
      600,
    )
  })
})
