import { nationalIdpEntity, nationalSpEntity } from '../../src/profiles/national/metadata.ts'
import { writeEntityDescriptor } from '../../src/saml/metadata/entity.ts'
import { readAnchors } from '../../src/trust/chain.ts'
import type { LoadedTrust } from '../../src/trust/document.ts'
import type { Role } from '../../src/trust/registry.ts'
import { readMetadata } from '../../src/trust/sources.ts'
import { writeText } from '../../src/xml/writer.ts'
import { testKey } from '../testkit/keys.ts'
import { signDocument } from '../testkit/sign-document.ts'
import { inspected } from '../unit/inspect/samples.ts'
import { connector, DAY, NOW, proxyService } from '../unit/trust/samples.ts'

/**
 * Metadata in forms that others write it in and that public bug reports are about. The titles say the rule; the number in
 * brackets is the form's.
 */

const [federation, signing, encryption] = await Promise.all([
  testKey('federation'),
  testKey('messages'),
  testKey('encryption', 'P-256', 'encryption'),
])
const certificates = {
  signing: [signing.verification.certificate],
  encryption: [encryption.verification.certificate],
}
const organization = { name: 'Agency', displayName: 'Agency of XA', url: 'https://agency.example/', lang: 'en' }

const PORTAL = 'https://portal.xa.example/metadata'
const OTHER = 'https://portal2.xa.example/metadata'
const BANK = 'https://bank.xa.example/metadata'

const common = (entityId: string) => ({
  entityId,
  id: `_${entityId.replaceAll(/\W/g, '')}`,
  validUntil: NOW + 7 * DAY,
  keys: certificates,
  organization,
})

const portal = (entityId = PORTAL) =>
  writeText(writeEntityDescriptor(nationalSpEntity(common(entityId), [entityId.replace('metadata', 'acs')])))
const bank = () => writeText(writeEntityDescriptor(nationalIdpEntity(common(BANK), 'https://bank.xa.example/sso')))

const group = (inner: string, attributes = `ID="_all" validUntil="${new Date(NOW + 5 * DAY).toISOString()}"`) =>
  `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" ${attributes}>${inner}</md:EntitiesDescriptor>`

async function load(
  text: string,
  { roles = ['service-provider'] as readonly Role[], keyInfo = '', country = '' } = {},
) {
  const octets = await signDocument(text, federation.signing(), keyInfo)
  const source = { place: 'federation.xml', roles, ...(country === '' ? {} : { country }) }
  return readMetadata(octets, source, readAnchors([federation.certificate]), NOW)
}

const ids = ({ entities }: LoadedTrust) => entities.map(({ entityId }) => entityId)
const codes = ({ problems }: LoadedTrust) =>
  problems.map(({ entityId, isUsed, fault }) => [entityId, isUsed, fault.code])

/** The text with this in the place of that, which must be there. */
function changed(text: string, from: string | RegExp, to: string): string {
  const after = text.replace(from, to)
  if (after === text) throw new TypeError(`nothing to change: ${from}`)
  return after
}

const ACS = /<md:AssertionConsumerService[^>]*>/
const acs = (binding: string, location: string, more = 'index="7"') =>
  `<md:AssertionConsumerService Binding="${binding}" Location="${location}" ${more}></md:AssertionConsumerService>`
const POST = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'

describe('what is passed over in metadata, whatever is in it', () => {
  const role = '<md:SPSSODescriptor'
  const ahead = (what: string) => changed(portal(), role, `${what}$&`)
  const extensions = (what: string) => changed(portal(), '<md:Extensions>', `$&${what}`)
  const FOREIGN = 'xmlns:f="urn:x-foreign"'

  test.each([
    [
      '[15] a role of WS-Federation',
      ahead(
        '<md:RoleDescriptor xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:fed="http://docs.oasis-open.org/wsfed/federation/200706" xsi:type="fed:SecurityTokenServiceType" protocolSupportEnumeration="http://docs.oasis-open.org/wsfed/federation/200706"><fed:TokenTypesOffered><fed:TokenType Uri="urn:x"></fed:TokenType></fed:TokenTypesOffered></md:RoleDescriptor>',
      ),
    ],
    [
      '[15] a role of WS-Federation whose type nobody knows',
      ahead(
        '<md:RoleDescriptor xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:f="urn:x-f" xsi:type="f:Unheard" protocolSupportEnumeration=""></md:RoleDescriptor>',
      ),
    ],
    [
      '[15] a role of a kind that no schema has',
      ahead(`<f:Role ${FOREIGN}></f:Role><md:QueryDescriptor></md:QueryDescriptor>`),
    ],
    [
      '[15] a PDP, an attribute authority without an endpoint',
      ahead('<md:PDPDescriptor></md:PDPDescriptor><md:AttributeAuthorityDescriptor></md:AttributeAuthorityDescriptor>'),
    ],
    [
      '[19] the type of the official schema on the entity',
      changed(
        portal(),
        'entityID=',
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="md:EntityDescriptorType" entityID=',
      ),
    ],
    [
      '[19] the type of the official schema on an endpoint and on a key',
      changed(
        changed(
          portal(),
          '<md:AssertionConsumerService',
          '$& xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="md:IndexedEndpointType"',
        ),
        '<md:KeyDescriptor',
        '$& xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="md:KeyDescriptorType"',
      ),
    ],
    [
      '[19] a type that is another one than the element has',
      changed(
        portal(),
        '<md:SPSSODescriptor',
        '$& xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="md:IDPSSODescriptorType"',
      ),
    ],
    [
      '[19] the place of a schema',
      changed(
        portal(),
        'entityID=',
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:oasis:names:tc:SAML:2.0:metadata saml-schema-metadata-2.0.xsd" entityID=',
      ),
    ],
    [
      'registration and publication that are not complete',
      extensions('<m:RegistrationInfo xmlns:m="urn:oasis:names:tc:SAML:metadata:rpi"></m:RegistrationInfo>'),
    ],
    [
      'entity attributes without a name, without values, of assertions',
      extensions(
        '<m:EntityAttributes xmlns:m="urn:oasis:names:tc:SAML:metadata:attribute"><a:Attribute xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion"></a:Attribute><a:Assertion xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion"></a:Assertion></m:EntityAttributes><m:EntityAttributes xmlns:m="urn:oasis:names:tc:SAML:metadata:attribute"></m:EntityAttributes>',
      ),
    ],
    ['attributes of other namespaces', changed(portal(), '<md:AssertionConsumerService', `$& ${FOREIGN} f:order="x"`)],
    [
      'contacts of an unknown type, without addresses, with invisible characters',
      changed(
        portal(),
        '</md:EntityDescriptor>',
        '<md:ContactPerson><md:Company>a\u200bb</md:Company><md:Company></md:Company></md:ContactPerson>$&',
      ),
    ],
    [
      'an organisation without the names the schema wants',
      changed(portal(), /<md:OrganizationURL.*?<\/md:OrganizationURL>/, ''),
    ],
    ['a lifetime for the cache that is none', changed(portal(), 'entityID=', 'cacheDuration="a day" entityID=')],
    [
      'a service of attributes that asks for none',
      changed(
        portal(),
        '</md:SPSSODescriptor>',
        '<md:AttributeConsumingService index="1"></md:AttributeConsumingService>$&',
      ),
    ],
    [
      '[24] an endpoint of SAML 1 at an address with a blank',
      changed(
        portal(),
        ACS,
        `$&</md:AssertionConsumerService>${acs('urn:oasis:names:tc:SAML:1.0:profiles:browser-post', 'https://portal.xa.example/saml 1/acs').replace('</md:AssertionConsumerService>', '')}`,
      ),
    ],
    [
      '[24] an artifact endpoint at a relative address with the index of another',
      changed(
        portal(),
        ACS,
        `$&</md:AssertionConsumerService>${acs('urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact', '/acs', 'index="0"').replace('</md:AssertionConsumerService>', '')}`,
      ),
    ],
    [
      '[24] an endpoint of PAOS without an index, and one without an address',
      changed(
        portal(),
        ACS,
        `$&</md:AssertionConsumerService><md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:PAOS" Location="soap://x"></md:AssertionConsumerService><md:AssertionConsumerService Binding="urn:x">`,
      ),
    ],
    [
      '[24] a logout service at an address that is none',
      changed(
        portal(),
        '<md:NameIDFormat',
        '<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="(none)"></md:SingleLogoutService>$&',
      ),
    ],
  ] as const)('%s', async (_, text) => {
    const loaded = await load(text)
    expect(ids(loaded)).toEqual([PORTAL])
    expect(loaded.entities[0]?.acs).toMatchObject([{ location: 'https://portal.xa.example/acs', index: 0 }])
    expect(loaded.entities[0]?.keys.keys.map(({ certificate }) => certificate)).toEqual(certificates.signing)
  })
})

describe('what XML allows, and says nothing of parties, is passed over in metadata', () => {
  const BOM = '\ufeff'
  const XSI = 'http://www.w3.org/2001/XMLSchema-instance'
  const declaring = (what: string) => changed(portal(), ' entityID=', ` ${what}$&`)
  const beforeEnd = (what: string) => changed(portal(), '</md:EntityDescriptor>', `${what}$&`)
  const inName = (what: string) => changed(portal(), '>Agency of XA<', `>${what}<`)

  test.each([
    [
      '[11] the prefix xsi bound to a mistyped namespace and not used',
      declaring('xmlns:xsi="http://www.w3.org/2001/XMLSchema"'),
    ],
    ['[11] well-known prefixes bound to anything', declaring('xmlns:ds="urn:x" xmlns:saml="urn:y" xmlns:xs="urn:z"')],
    ['[11] a second prefix for the namespace of xsi', declaring(`xmlns:i="${XSI}" i:schemaLocation="urn:a b"`)],
    ['[11] the prefix xsi bound oddly, and used', declaring('xmlns:xsi="urn:odd" xsi:type="x"')],
    [
      '[11] prefixes of SPID and others that nothing uses',
      declaring('xmlns:spid="https://spid.gov.it/saml-extensions" xmlns:fpa="urn:f"'),
    ],
    ['[15] an empty default namespace', beforeEnd('<f:x xmlns:f="urn:f" xmlns="urn:d"><f:y xmlns=""></f:y></f:x>')],
    [
      '[15] an empty default namespace for names without a prefix',
      beforeEnd('<x xmlns="urn:d"><y xmlns=""><z></z></y></x>'),
    ],
    ['[15] an empty default namespace where it was empty', beforeEnd('<x xmlns=""><y xmlns=""></y></x>')],
    [
      '[15] a default namespace taken away and given back',
      beforeEnd('<x xmlns="urn:d"><f:y xmlns:f="urn:f" xmlns=""><z xmlns="urn:d"></z></f:y></x>'),
    ],
    ['[16] a byte order mark', `${BOM}${portal()}`],
    ['[16] a byte order mark and a declaration', `${BOM}<?xml version="1.0" encoding="UTF-8"?>\n${portal()}`],
    ['[16] a byte order mark and a comment', `${BOM}<!-- by a registrar -->${portal()}`],
    ['[16] a declaration, line ends around the root', `<?xml version="1.0" encoding="utf-8"?>\r\n${portal()}\r\n`],
    ['[17] xml:base on the entity', declaring('xml:base="swamid-1.0/portal.xml"')],
    [
      '[17] xml:base on role and endpoint',
      changed(
        changed(portal(), '<md:SPSSODescriptor', '$& xml:base="https://evil.example/"'),
        '<md:AssertionConsumerService',
        '$& xml:base="https://evil.example/"',
      ),
    ],
    ['[17] xml:base that is no address', declaring('xml:base="::"')],
    ['[17] xml:space and xml:lang', declaring('xml:space="preserve" xml:lang="de"')],
    ['[26] a CDATA section as the whole of a name', inName('<![CDATA[Agency of XA]]>')],
    ['[26] CDATA sections and text', inName('Agency<![CDATA[ of]]> X<![CDATA[A]]>')],
    [
      '[26] a processing instruction before the root',
      `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="x.xsl"?>${portal()}`,
    ],
    ['[26] a processing instruction inside, and behind the root', `${beforeEnd('<?registrar checked?>')}<?end?>`],
    [
      '[26] comments in names and between elements',
      changed(inName('Agency<!-- x --> of XA'), '<md:SPSSODescriptor', '<!-- y -->$&'),
    ],
  ])('%s', async (_, text) => {
    const loaded = await load(text)
    expect(ids(loaded)).toEqual([PORTAL])
    expect(loaded.entities[0]).toMatchObject({ name: 'Agency of XA' })
    expect(loaded.entities[0]?.acs).toMatchObject([{ location: 'https://portal.xa.example/acs', index: 0 }])
    expect(loaded.entities[0]?.keys.keys.map(({ certificate }) => certificate)).toEqual(certificates.signing)
    expect(codes(loaded)).toEqual([])
  })

  test('A-276: two byte order marks, another encoding and a document type are refused', async () => {
    const signed = Buffer.from(await signDocument(portal(), federation.signing())).toString()
    const source = { place: 'federation.xml', roles: ['service-provider'] as const }
    const read = (octets: Uint8Array) => () => readMetadata(octets, source, readAnchors([federation.certificate]), NOW)
    expect(ids(read(Buffer.from(signed))())).toEqual([PORTAL])
    for (const octets of [
      Buffer.from(BOM + BOM + signed),
      Buffer.from(BOM + signed, 'utf16le'),
      Buffer.from(`${BOM}<!DOCTYPE md:EntityDescriptor>${signed}`),
    ])
      expect(read(octets)).toThrow(expect.objectContaining({ code: expect.stringMatching(/^XML_/) }))
  })

  test('[18] an aggregate whose entities declare their own prefixes', async () => {
    const wordy = (at: number) => {
      const text = changed(portal(`https://portal${at}.xa.example/metadata`), / ID="[^"]*"/, '')
      return changed(
        text,
        ' entityID=',
        ` ${['a', 'b', 'c', 'd', 'e', 'f'].map((p) => `xmlns:${p}="urn:${p}:${at}"`).join(' ')}$&`,
      )
    }
    const loaded = await load(group(Array.from({ length: 150 }, (_, at) => wordy(at)).join('')))
    expect(loaded.entities).toHaveLength(150)
    expect(codes(loaded)).toEqual([])
  })

  test.each([
    [
      '[18] eighty declarations on one element',
      Array.from({ length: 80 }, (_, at) => `xmlns:p${at}="urn:p"`).join(' '),
    ],
    [
      '[18] forty declarations on the root of the aggregate',
      Array.from({ length: 40 }, (_, at) => `xmlns:q${at}="urn:q:${at}"`).join(' '),
    ],
  ])('%s', async (_, declarations) => {
    const loaded = await load(changed(group(portal() + portal(OTHER)), ' ID="_all"', ` ${declarations}$&`))
    expect(ids(loaded)).toEqual([PORTAL, OTHER])
  })

  test('[18] the same prefix means something else in each entity', async () => {
    const other = (at: number) => {
      const text = changed(portal(`https://portal${at}.xa.example/metadata`), / ID="[^"]*"/, '')
      return changed(text, '</md:EntityDescriptor>', `<p:x xmlns:p="urn:p:${at}" p:y="1"></p:x>$&`)
    }
    expect((await load(group([1, 2, 3, 4].map(other).join('')))).entities).toHaveLength(4)
  })
})

describe('KeyInfo of the signature of metadata is a hint beside the certificates', () => {
  const rsa =
    '<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AQAB</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>'
  test.each([
    ['[12] a key value', rsa],
    ['[12] a key value and the name of a key', `<ds:KeyName>federation</ds:KeyName>${rsa}`],
    [
      '[12] a key as DER',
      '<d:DEREncodedKeyValue xmlns:d="http://www.w3.org/2009/xmldsig11#">AAAA</d:DEREncodedKeyValue>',
    ],
    ['[12] a reference that nobody follows', '<ds:RetrievalMethod URI="http://evil.example/key"></ds:RetrievalMethod>'],
    ['[12] a revocation list', '<ds:X509Data><ds:X509CRL>AAAA</ds:X509CRL></ds:X509Data>'],
    [
      '[12] a digest of a certificate',
      '<ds:X509Data><d:X509Digest xmlns:d="http://www.w3.org/2009/xmldsig11#" Algorithm="urn:x">AAAA</d:X509Digest></ds:X509Data>',
    ],
  ])('%s', async (_, keyInfo) => {
    const loaded = await load(portal(), { keyInfo })
    expect(ids(loaded)).toEqual([PORTAL])
    expect(codes(loaded)).toEqual([])
  })
})

describe('an anyURI is read without the white space around it', () => {
  test.each([
    ['a location', changed(portal(), 'Location="', 'Location="&#10;  ')],
    ['a binding', changed(portal(), `Binding="${POST}"`, `Binding=" ${POST}&#9;"`)],
    ['the entityID', changed(portal(), `entityID="${PORTAL}"`, `entityID="&#10;${PORTAL} "`)],
    ['an algorithm of encryption', changed(portal(), '<md:EncryptionMethod Algorithm="', '$&&#10;')],
  ])('%s', async (_, text) => {
    const loaded = await load(text)
    expect(ids(loaded)).toEqual([PORTAL])
    expect(loaded.entities[0]?.acs).toMatchObject([{ binding: POST, location: 'https://portal.xa.example/acs' }])
    expect(codes(loaded)).toEqual([])
  })
})

describe('A-274: one bad part harms nothing beside it', () => {
  const aggregate = (...texts: readonly string[]) => group(texts.join(''))
  const weak = 'MIIBAAAA'

  test('[21] an entityID that is there twice: the first counts, the others stay, and it is told', async () => {
    const loaded = await load(aggregate(portal(), portal(OTHER), changed(portal(OTHER), / ID="[^"]*"/, '')))
    expect(ids(loaded)).toEqual([PORTAL, OTHER])
    expect(codes(loaded)).toEqual([[OTHER, true, 'MD_STRUCT']])
  })

  test.each([
    [
      '[21] three times, with other keys',
      [
        portal(OTHER),
        changed(
          changed(portal(OTHER), certificates.signing[0] ?? '', certificates.encryption[0] ?? ''),
          / ID="[^"]*"/,
          '',
        ),
        changed(portal(OTHER), / ID="[^"]*"/, ''),
      ],
      [OTHER],
    ],
    [
      '[21] once as an identity provider, which is not asked for here',
      [portal(OTHER), changed(bank(), BANK, OTHER)],
      [OTHER],
    ],
    [
      '[21] twice but for white space around it',
      [
        portal(OTHER),
        changed(changed(portal(OTHER), / ID="[^"]*"/, ''), `entityID="${OTHER}"`, `entityID=" ${OTHER} "`),
      ],
      [OTHER],
    ],
    ['an entity without entityID', [changed(portal(OTHER), ` entityID="${OTHER}"`, '')], []],
    ['an entity whose date is none', [changed(portal(OTHER), /validUntil="[^"]*"/, 'validUntil="next year"')], []],
    [
      'an entity that has expired',
      [changed(portal(OTHER), /validUntil="[^"]*"/, 'validUntil="2020-01-01T00:00:00Z"')],
      [],
    ],
    ['an entity without a key', [changed(portal(OTHER), /<md:KeyDescriptor.*<\/md:KeyDescriptor>/, '')], []],
    [
      'an entity whose only endpoint is at no https',
      [changed(portal(OTHER), 'Location="https:', 'Location="http:')],
      [],
    ],
    [
      'an entity with elements where a certificate is expected',
      [changed(portal(OTHER), '<ds:X509Certificate>', '$&<ds:X509Certificate></ds:X509Certificate>')],
      [],
    ],
    [
      'a key that is no certificate beside one that is',
      [
        changed(
          portal(OTHER),
          '<md:KeyDescriptor use="signing">',
          `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${weak}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>$&`,
        ),
      ],
      [OTHER],
    ],
    [
      'a key of an unknown use beside one of a known use',
      [
        changed(
          portal(OTHER),
          '<md:KeyDescriptor use="signing">',
          '<md:KeyDescriptor use="both"></md:KeyDescriptor>$&',
        ),
      ],
      [OTHER],
    ],
    [
      'an endpoint that is no URL beside one that is',
      [changed(portal(OTHER), ACS, `${acs(POST, 'javascript:alert(1)')}$&`)],
      [OTHER],
    ],
    [
      'an index twice',
      [
        changed(
          portal(OTHER),
          ACS,
          `$&</md:AssertionConsumerService><md:AssertionConsumerService Binding="${POST}" Location="https://portal2.xa.example/b" index="0">`,
        ),
      ],
      [OTHER],
    ],
    ['a name of characters that are not seen', [changed(portal(OTHER), '>Agency of XA<', '>A\u202egency<')], [OTHER]],
  ] as const)('%s', async (_, bad, expected) => {
    const loaded = await load(aggregate(portal(), ...bad, portal('https://portal3.xa.example/metadata')))
    expect(ids(loaded)).toEqual([PORTAL, ...expected, 'https://portal3.xa.example/metadata'])
    for (const { acs: found } of loaded.entities)
      expect(found.every(({ location }) => /^https:.*\/acs$/.test(location))).toBe(true)
    expect(loaded.problems.length).toBeGreaterThan(0)
  })

  test('a bad role leaves the other role of its entity', async () => {
    const both = changed(
      bank(),
      '<md:IDPSSODescriptor',
      `${/<md:SPSSODescriptor.*<\/md:SPSSODescriptor>/.exec(portal())?.[0]}$&`,
    )
    const roles = ['service-provider', 'identity-provider'] as const
    const bad = changed(both, /<md:SingleSignOnService[^>]*Redirect[^>]*><\/md:SingleSignOnService>/, '').replace(
      'Location="https://bank',
      'Location="http://bank',
    )
    const loaded = await load(bad, { roles })
    expect(loaded.entities.map(({ role }) => role)).toEqual(['service-provider'])
    expect(codes(loaded)).toEqual([[BANK, true, 'MD_URL']])
  })
})

describe('groups in groups are one list', () => {
  const until = (days: number) => `validUntil="${new Date(NOW + days * DAY).toISOString()}"`
  const lives = ({ entities }: LoadedTrust) => entities.map(({ validUntil }) => Math.round((validUntil - NOW) / DAY))

  test('[23] flattened, and the earliest validUntil on the way counts', async () => {
    const loaded = await load(group(`${portal()}${group(portal(OTHER), until(2))}`))
    expect(ids(loaded)).toEqual([PORTAL, OTHER])
    expect(lives(loaded)).toEqual([5, 2])
  })

  test('[23] a later date inside lengthens nothing', async () => {
    expect(lives(await load(group(group(portal(), until(30)))))).toEqual([5])
  })

  test('[23] a group that is over takes nobody with it that is not in it', async () => {
    const loaded = await load(group(`${group(portal(OTHER), until(-1))}${portal()}`))
    expect(ids(loaded)).toEqual([PORTAL])
    expect(codes(loaded)).toEqual([[OTHER, undefined, 'MD_TIME']])
  })

  test('[23] names and extensions of groups are passed over, and a group may be empty', async () => {
    const odd = group(`<md:Extensions></md:Extensions>${portal()}`, 'Name="a" cacheDuration="PT6H"')
    expect(ids(await load(group(`${odd}${group('', '')}`)))).toEqual([PORTAL])
  })

  test('A-206: where neither the document nor a group says until when, the entity does; where none does, it is left out', async () => {
    const endless = group(`${portal()}${changed(portal(OTHER), / validUntil="[^"]*"/, '')}`, 'ID="_all"')
    const loaded = await load(endless)
    expect(ids(loaded)).toEqual([PORTAL])
    expect(lives(loaded)).toEqual([7])
    expect(codes(loaded)).toEqual([[OTHER, undefined, 'MD_TIME']])
  })
})

describe('A-275: what is passed over changes nothing that is used', () => {
  const evil = '<md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'

  test.each([
    [
      'a whole role in the extensions of the entity',
      changed(portal(), '<md:Extensions>', `$&${evil}${acs(POST, 'https://evil.example/acs')}</md:SPSSODescriptor>`),
    ],
    [
      'an endpoint in another role',
      changed(
        portal(),
        '<md:SPSSODescriptor',
        `<md:PDPDescriptor>${acs(POST, 'https://evil.example/acs')}</md:PDPDescriptor>$&`,
      ),
    ],
    [
      'attributes of another namespace with the names of those that are read',
      changed(
        portal(),
        '<md:AssertionConsumerService',
        '$& xmlns:f="urn:f" f:Location="https://evil.example/acs" f:index="9"',
      ),
    ],
    [
      'an entity inside an endpoint',
      changed(portal(), ACS, `$&<f:x xmlns:f="urn:f">${acs(POST, 'https://evil.example/acs')}</f:x>`),
    ],
    [
      'xsi:type of another role',
      changed(
        portal(),
        '<md:SPSSODescriptor',
        '$& xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="md:IDPSSODescriptorType"',
      ),
    ],
    [
      'the signature of an entity, by somebody else',
      group(
        changed(
          portal(),
          /^(<[^>]*>)/,
          '$1<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo></ds:SignedInfo><ds:KeyInfo><ds:KeyName>evil</ds:KeyName></ds:KeyInfo></ds:Signature>',
        ),
      ),
    ],
  ])('%s', async (_, text) => {
    const loaded = await load(text, { roles: ['service-provider', 'identity-provider'] })
    expect(loaded.entities).toMatchObject([{ entityId: PORTAL, role: 'service-provider' }])
    expect(loaded.entities[0]?.acs).toMatchObject([{ location: 'https://portal.xa.example/acs', index: 0 }])
    expect(loaded.entities[0]?.keys.keys.map(({ certificate }) => certificate)).toEqual(certificates.signing)
  })

  test('two signatures of the document are refused, whichever is right', async () => {
    const twice = changed(
      portal(),
      /^(<[^>]*>)/,
      '$1<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"></ds:Signature>',
    )
    await expect(load(twice)).rejects.toMatchObject({ code: 'MD_SIG' })
  })
})

describe('inspection tells of all that is wrong, and of nothing else', () => {
  const CBC = 'http://www.w3.org/2001/04/xmlenc#aes256-cbc'
  const cbc = (text: string) =>
    text
      .replaceAll(/<md:EncryptionMethod.*?<\/md:EncryptionMethod>/g, '')
      .replaceAll(
        /(<md:KeyDescriptor use="encryption">.*?<\/ds:KeyInfo>)/g,
        `$1<md:EncryptionMethod Algorithm="${CBC}"></md:EncryptionMethod>`,
      )
  const keys = { metadata: federation, signing, encryption }
  const found = async (text: string) => {
    const report = await inspected(await signDocument(text, federation.signing()), { trust: [federation], now: NOW })
    return report.findings
      .filter(({ severity }) => severity === 'error')
      .map(({ code, requirement }) => [code, requirement])
  }

  test('[27] a service that decrypts nothing that we encrypt with', async () => {
    expect(await found(cbc(portal()))).toEqual([['MD_ALG', 'R-CR-13']])
  })

  test('[27] a connector that decrypts nothing that we encrypt with and is valid for too long', async () => {
    const text = writeText(writeEntityDescriptor({ ...connector(keys), validUntil: NOW + 20 * DAY }))
    expect(await found(cbc(text))).toEqual([
      ['MD_TIME', 'R-IA-25'],
      ['MD_ALG', 'R-CR-13'],
    ])
  })

  test('[27] a connector without a country, whose algorithms are none of ours', async () => {
    const text = writeText(writeEntityDescriptor({ ...connector(keys), signingMethods: [{ algorithm: 'urn:x' }] }))
    expect(await found(cbc(text.replace(/<eidas:NodeCountry.*?<\/eidas:NodeCountry>/, '')))).toEqual([
      ['MD_STRUCT', 'R-MF-15'],
      ['MD_ALG', 'R-CR-13'],
      ['MD_ALG', 'R-MF-11'],
    ])
  })

  test.each([
    ['a service of this country', portal()],
    ['an identity provider of this country', bank()],
    ['several parties of this country', group(`${portal()}${bank()}`)],
    ['a connector', writeText(writeEntityDescriptor(connector(keys)))],
    ['a proxy service', writeText(writeEntityDescriptor(proxyService(keys)))],
  ])('nothing is wrong with %s', async (_, text) => {
    expect(await found(text)).toEqual([])
  })
})
