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
    ['A-066 empty Extensions', request.replace(/<saml2p:Ext.*ns>/, '<saml2p:Extensions/>')],
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
    ['RequestedAttribute without Name', request.replace(/ Name="[^"]*"/, '')],
    ['RequestedAttribute with an odd isRequired', request.replace('isRequired="true"', 'isRequired="perhaps"')],
    ['SPType with an element in it', request.replace('>public<', '><saml2:x/><')],
    ['another root', '<eidas:Unknown xmlns:eidas="http://eidas.europa.eu/saml-extensions"/>'],
  ])('%s is refused', (_, text) => invalid(text))

  test('an assertion alone is valid as such', () => {
    validate(assertion(valued('')), 'assertion')
    invalid(assertion('x'), 'assertion')
  })
})

describe('attribute values', () => {
  const types = {
    n: [
      ...['PersonIdentifier', 'CurrentFamilyName', 'CurrentGivenName', 'DateOfBirth', 'BirthName', 'PlaceOfBirth'],
      ...['CurrentAddress', 'Gender', 'Nationality', 'CountryOfBirth', 'TownOfBirth', 'CountryOfResidence'],
      ...['PhoneNumber', 'EmailAddress'],
    ],
    l: [
      ...['LegalPersonIdentifier', 'LegalName', 'LegalPersonAddress', 'VATRegistrationNumber', 'TaxReference', 'LEI'],
      ...['D-2012-17-EUIdentifier', 'EORI', 'SEED', 'SIC', 'LegalPhoneNumber', 'LegalEmailAddress'],
    ],
  }

  test('every type of the attribute profile resolves, in the namespaces of representatives too (R-AP-3)', () => {
    const values = Object.entries(types).flatMap(([prefix, names]) =>
      names.flatMap((name) => [prefix, `${prefix}r`].map((space) => valued(` xsi:type="${space}:${name}Type"`))),
    )
    expect(values).toHaveLength(52)
    const all = assertion(values.join('').replaceAll(valueSpaces, ''))
    validate(response(all.replace('<saml2:Assertion', `<saml2:Assertion${valueSpaces}`)))
  })

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
    ['a value that is not of its XML Schema type', valued(' xsi:type="xs:date"', 'secret')],
    ['A-044 an element in a typed value', valued(' xsi:type="n:GenderType"', 'Male<saml2:x/>')],
    ['an odd LatinScript', valued(' xsi:type="n:CurrentFamilyNameType" n:LatinScript="maybe"')],
    ['an unknown attribute on a typed value', valued(' xsi:type="n:GenderType" Other="x"')],
  ])('%s is refused', (_, value) => invalid(response(assertion(value))))
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

  test.each([
    ['a mask generation function without algorithm', data(oaep.replace(/<xenc11:MGF[^>]*>/, '<xenc11:MGF/>'), '')],
    ['an unknown parameter of XML Encryption 1.1', data('<xenc11:Evil/>', '')],
    ['explicit curve parameters', data('', agreement(kdf, '<ds11:ECParameters/>'))],
    ['no curve', data('', agreement(kdf, ''))],
    [
      'key derivation without parameters',
      data('', agreement(kdf.replace(/<xenc11:ConcatKDFParams.*Params>/, ''), curve)),
    ],
    [
      'key derivation parameters that are not hexadecimal',
      data('', agreement(kdf.replace('AlgorithmID="00"', 'AlgorithmID="zz"'), curve)),
    ],
  ])('%s is refused', (_, text) => invalid(text))
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
    ['a key size that is none', entity(extensions.replace('"256"', '"many"') + sp)],
    ['entity attributes that are none', entity(extensions.replaceAll('saml2:Attribute', 'md:Attribute') + sp)],
    ['a request', request],
  ])('%s is refused', (_, text) => invalid(text, 'metadata'))
})

test('metadata is no message', () => {
  expect(() => validate(`<md:EntityDescriptor xmlns:md="${ns.md}"/>`)).toThrow(
    expect.objectContaining({ code: 'XML_NS' }),
  )
})

test('A-035 once the schemas are compiled, libxml2 can open nothing, not even them', () => {
  for (const file of ['eidas.xsd', 'xmldsig-core-schema.xsd', 'file:///etc/passwd', '/etc/passwd']) {
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
      expect.stringMatching(/ForceAuthn': is not a valid value of the atomic type 'xs:boolean'\.$/),
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
    response(assertion(valued(' xsi:type="n:secretType"'))),
    response(assertion(valued(' xsi:type="xs:date"', 'secret'))),
    response(assertion(valued(' xsi:type="xs:date"', "secret' is not a valid value of the atomic type 'secret'."))),
    response(assertion(valued(' xsi:type="xs:base64Binary"', 'secret!'))),
    response(assertion(valued(' xsi:type="xs:language"', 'secret secret secret'))),
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
