import { ns, saml, samlp, xsi } from '../../src/xml/names.ts'
import { el, type XmlPart } from '../../src/xml/writer.ts'
import { withVerified } from '../../src/xmlsec/verify.ts'
import { type DoorName, doorNames, doors } from '../testkit/doors.ts'
import { openFlow, partiesOf } from '../testkit/flow.ts'
import { attempt, everyWay, expectAccepted, type Forgery, type WayName } from '../testkit/forge.ts'
import { afterwards, inSignedInfo, whole } from '../testkit/forgeries.ts'
import { testKey } from '../testkit/keys.ts'
import { all, appended, at, attribute, type Change, content, declaring, inRoot } from '../testkit/surgery.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { forge, type Forgery as SignatureForgery } from '../unit/xmlsec/forge.ts'
import { expectingMetadata, metadata, trusting } from '../unit/xmlsec/samples.ts'

/*
 * XML of others, at every door of a node: what nobody uses harms nobody. Each row is a form that products write, or that
 * XML allows like it; what is read is what would be read without it.
 */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

const foreign = (local: string, prefix = 'a', namespace = 'urn:other') => ({ namespace, local, prefix })
const microsoft = foreign('OriginalIssuer', 'a', 'http://schemas.xmlsoap.org/ws/2009/09/identity/claims')
const PERSON = '02635542Y'

/** The doors that take an assertion with attributes, in whatever form. */
const valueWays = [
  'connector acs, sealed assertion',
  'proxy-service acs',
  'proxy-service acs, sealed assertion',
] as const

/** Changes the assertion. */
const inAssertion = (way: WayName, path: string, ...changes: readonly Change[]): Forgery => ({
  part: at(way.includes('assertion') ? path : `Assertion/${path}`, all(...changes)),
})
const withUnmapped = (way: WayName, value: XmlPart): Forgery =>
  inAssertion(way, 'AttributeStatement', appended(el(saml('Attribute'), { Name: 'urn:unmapped' }, value)))
const value = (...children: readonly (XmlPart | string)[]) => el(saml('AttributeValue'), {}, ...children)

describe.each(valueWays)('01, 32, 33, 35: an answer at the %s', (way) => {
  const expectPerson = async (forgery: Forgery) => {
    const released = await expectAccepted(await attempt(target, way, forgery))
    expect(Object.values(released?.attributes ?? {})).toContainEqual([expect.stringContaining(PERSON)])
  }

  test.each<readonly [string, Change]>([
    ['01 an OriginalIssuer', attribute(microsoft, 'urn:microsoft:cgg2010:fpsts')],
    ['another name of the attribute, in another namespace', attribute(foreign('Name'), 'urn:evil')],
    ['a type', all(declaring('xs', ns.xs), attribute(xsi('type'), 'xs:nothing'))],
    ['a language', attribute({ namespace: ns.xml, local: 'lang', prefix: 'xml' }, 'en')],
  ])('%s on an attribute is passed over', async (_, change) => {
    await expectPerson(inAssertion(way, 'AttributeStatement/Attribute', change))
  })

  test.each<readonly [string, XmlPart]>([
    ['33 XML of others', value(el(foreign('claim'), { id: '1' }, el(foreign('claim'), { id: '1' }, 'x')))],
    ['XML in no namespace', value(el({ namespace: '', local: 'Assertion', prefix: '' }, {}, 'x'))],
    ['XML of SAML that is not valid', value(el(saml('Subject'), { Odd: '1' }, el(saml('Assertion'))))],
    ['a signature', value(el({ namespace: ns.ds, local: 'Signature', prefix: 'ds' }, {}, 'x'))],
    ['text and XML', value('a', el(foreign('b')), 'c')],
    ['35 nothing, as xsi:nil says', attribute(xsi('nil'), 'true')(value())],
    ['xsi:nil and a value', attribute(xsi('nil'), 'true')(value('x'))],
    ['a type that is not known', attribute(xsi('type'), 'x:Unknown')(value('x'))],
  ])('%s as value of an attribute that nobody maps is passed over', async (_, one) => {
    await expectPerson(withUnmapped(way, one))
  })
})

const extended: Change = (part) => {
  const more = [
    el(foreign('hint')),
    el({ namespace: '', local: 'none', prefix: '' }),
    el(saml('Issuer'), {}, 'urn:evil'),
  ]
  const has = part.children.some((child) => typeof child === 'object' && child.name.local === 'Extensions')
  if (has) return at('Extensions', appended(...more))(part)
  const [issuer = '', ...rest] = part.children
  return content(issuer, el(samlp('Extensions'), {}, ...more), ...rest)(part)
}

const nothing: Forgery = {}
const octets = (change: (signed: string) => string | Uint8Array): Forgery => ({ octets: change })

/** On the root of what is signed, whatever it is. */
const roots: readonly (readonly [string, Forgery])[] = [
  ['nothing odd', nothing],
  ['43 a namespace that is not used', octets(inRoot('xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"'))],
  ['a hundred of them', octets(inRoot(Array.from({ length: 100 }, (_, i) => `xmlns:n${i}="urn:n${i}"`).join(' ')))],
  ['xsi bound to a mistyped namespace', octets(inRoot('xmlns:xsi="http://www.w3.org/2001/XMLSchemainstance"'))],
  ['xs bound to that of xsi', octets(inRoot(`xmlns:xs="${ns.xsi}"`))],
  ['a namespace with a blank', octets(inRoot('xmlns:x="urn:a b"'))],
  ['a default namespace that is not used', octets(inRoot('xmlns="urn:other"'))],
  ['45 xsi:schemaLocation', { part: attribute(xsi('schemaLocation'), `${ns.samlp} http://x.example/saml.xsd`) }],
  ['xsi:noNamespaceSchemaLocation', { part: attribute(xsi('noNamespaceSchemaLocation'), 'saml.xsd') }],
  ['19 xsi:type', { part: attribute(xsi('type'), 'saml2p:RequestAbstractType') }],
  ['46 a byte order mark', octets((signed) => `\ufeff${signed}`)],
  [
    'a byte order mark and a declaration',
    octets((signed) => `\ufeff<?xml version="1.0" encoding="utf-8"?>\r\n${signed}`),
  ],
]

describe.each(everyWay)('43, 45, 46: at the %s', (way) => {
  test.each(roots)('%s is passed over', async (_, forgery) => {
    await expectAccepted(await attempt(target, way, { octets: (signed) => signed, ...forgery }))
  })
})

test.each(['connector sso', 'proxy-service sso', 'connector acs', 'proxy-service acs'] as const)(
  '42: at the %s extensions that nobody knows are passed over',
  async (way) => {
    await expectAccepted(await attempt(target, way, { part: extended }))
  },
)

const keyValue =
  '<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AQAB</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>'
const encoded = '<ds11:DEREncodedKeyValue xmlns:ds11="http://www.w3.org/2009/xmldsig11#">AAAA</ds11:DEREncodedKeyValue>'
const inX509 = (more: string) => afterwards('</ds:X509Data>', `${more}</ds:X509Data>`)
const C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const listed = (list: string) =>
  inSignedInfo(
    /(<ds:Transform [^>]*exc-c14n#"[^>]*>)/,
    `$1<ec:InclusiveNamespaces xmlns:ec="${C14N}" PrefixList="${list}"></ec:InclusiveNamespaces>`,
  )

const signatures: readonly (readonly [string, SignatureForgery])[] = [
  ['14 a KeyValue behind X509Data', afterwards('</ds:X509Data>', `$&${keyValue}`)],
  ['a KeyValue before X509Data', afterwards('<ds:X509Data>', `${keyValue}$&`)],
  ['14 a DEREncodedKeyValue', afterwards('</ds:X509Data>', `$&${encoded}`)],
  ['14 a KeyValue alone', afterwards(/<ds:X509Data>.*?<\/ds:X509Data>/s, keyValue)],
  ['14 a CRL', inX509('<ds:X509CRL>AAAA</ds:X509CRL>')],
  [
    '14 a digest',
    inX509('<d:X509Digest xmlns:d="http://www.w3.org/2009/xmldsig11#" Algorithm="urn:x">AAAA</d:X509Digest>'),
  ],
  ['a certificate of somebody else beside it', inX509('<ds:X509Certificate>AAAA</ds:X509Certificate>')],
  ['no KeyInfo', afterwards(whole.keyInfo, '')],
  ['50 #default in the list', listed('#default saml2p saml2')],
  ['50 prefixes that are declared nowhere', listed('#default samlp saml ds xs xsi')],
  [
    '51 canonicalisation of SignedInfo with comments',
    inSignedInfo(`Method Algorithm="${C14N}"`, `Method Algorithm="${C14N}WithComments"`),
  ],
  [
    '51 canonicalisation of the message with comments',
    inSignedInfo(`Transform Algorithm="${C14N}"`, `Transform Algorithm="${C14N}WithComments"`),
  ],
]

describe.each(doorNames)('14, 50, 51: a signature at the %s', (door: DoorName) => {
  test.each(signatures)('%s is taken', async (_, forgery) => {
    const visit = await doors[door](target)
    await visit.accepted(await forge(visit.message, visit.sender.signing, forgery))
  })

  test('51: inclusive canonicalisation of SignedInfo is refused, and the log says why', async () => {
    const visit = await doors[door](target)
    const inclusive = inSignedInfo(
      `Method Algorithm="${C14N}"`,
      'Method Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"',
    )
    await visit.refused(await forge(visit.message, visit.sender.signing, inclusive), 'DS_C14N')
    expect(target.faults().some(({ detail }) => detail.startsWith('inclusive canonicalisation'))).toBe(true)
  })
})

describe('54: an encrypted assertion is read with the prefixes around it', () => {
  test.each<readonly [string, RegExp]>([
    ['of the assertion', / xmlns:saml2="[^"]*"/],
    ['of the types of values', / xmlns:eidas-natural="[^"]*"/g],
    ['of xsi:type', / xmlns:xsi="[^"]*"/g],
  ])('that %s', async (_, declaration) => {
    const way = 'connector acs, sealed assertion'
    await openFlow(target)
    expect(partiesOf(target, 'connector').answerer.entityId).toContain('xb')
    await expectAccepted(
      await attempt(target, way, { octets: (signed) => unsignedText(signed).replace(declaration, '') }),
    )
  })
})

/** Without the signature of its own, which would be over the declarations. */
function unsignedText(signed: string): string {
  return signed.replace(/<ds:Signature .*<\/ds:Signature>/s, '')
}

describe('12: metadata', () => {
  const key = () => testKey('metadata')
  const read = async (forgery: SignatureForgery) => {
    const { verification, signing } = await key()
    const xml = await forge(metadata('_md'), signing(), forgery)
    return withVerified(xml, expectingMetadata(trusting(verification)), ({ local }) => local)
  }
  test.each<readonly [string, SignatureForgery]>([
    ['12 a KeyValue beside the certificate', afterwards('</ds:X509Data>', `$&${keyValue}`)],
    ['12 a KeyValue in front of it', afterwards('<ds:X509Data>', `${keyValue}$&`)],
    [
      'a KeyName and a MgmtData',
      afterwards('</ds:X509Data>', '$&<ds:KeyName>x</ds:KeyName><ds:MgmtData>x</ds:MgmtData>'),
    ],
    ['51 canonicalisation with comments', inSignedInfo(new RegExp(`"${C14N}"`, 'g'), `"${C14N}WithComments"`)],
    ['16 a byte order mark', { message: (xml) => `\ufeff${xml}` }],
    ['26 a style sheet', { message: (xml) => `<?xml-stylesheet href="x"?>\n${xml}<?x?>` }],
    ['a comment in front', { message: (xml) => `<!-- x -->${xml}` }],
    [
      '11 xsi bound to a mistyped namespace',
      { message: inRoot('xmlns:xsi="http://www.w3.org/2001/XMLSchemainstance"') },
    ],
  ])('%s is passed over', async (_, forgery) => {
    expect(await read(forgery)).toBe('EntityDescriptor')
  })
})
