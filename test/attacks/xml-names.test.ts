import type { FaultCode } from '../../src/errors/faults.ts'
import { ns, prefixOf, samlp, xml, xsi } from '../../src/xml/names.ts'
import { el, writeText } from '../../src/xml/writer.ts'
import type { SigningKey } from '../../src/xmlsec/keys.ts'
import { mintAnswer, openFlow, partiesOf, postAnswer, postRequest } from '../testkit/flow.ts'
import { attempt, everyWay, expectAccepted, expectUnreadable, type Forgery, type WayName } from '../testkit/forge.ts'
import { freshId, mintRequest } from '../testkit/mint.ts'
import {
  all,
  appended,
  at,
  attribute,
  type Change,
  declaring,
  inRoot,
  named,
  stranger,
  swap,
} from '../testkit/surgery.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { signedInfo, withSignature } from '../testkit/text-signature.ts'
import { expectAnswered, expectPage } from '../testkit/verdict.ts'

/*
 * names, namespaces, attributes and identifiers. What is
 * wrong is signed with the rest wherever a writer can write it.
 */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

const EVIL = 'urn:evil'
const root = (...changes: readonly Change[]): Forgery => ({ part: all(...changes) })
const issuer = (...changes: readonly Change[]): Forgery => ({ part: at('Issuer', all(...changes)) })
const afterSigning = (markup: string): Forgery => ({ octets: inRoot(markup) })
const evil = (local: string, prefix = 'evil', namespace = EVIL) => ({ namespace, local, prefix })

/** An ID that is signed as it is: the reference names it, and so does the attribute. */
const withId = (id: string): Forgery => root(attribute('ID', id))

const attacks: readonly (readonly [title: string, forgery: Forgery, code: FaultCode])[] = [
  ['A-045 the same attribute twice', afterSigning('Version="2.0"'), 'XML_PARSE'],
  ['A-046 ID in the namespace of the protocol', root(attribute(samlp('ID'), '_evil')), 'XML_SCHEMA'],
  ['A-046 Id beside ID', root(attribute('Id', '_evil')), 'XML_SCHEMA'],
  ['A-046 id beside ID', root(attribute('id', '_evil')), 'XML_SCHEMA'],
  ['A-046 iD beside ID', root(attribute('iD', '_evil')), 'XML_SCHEMA'],
  ['A-046 xml:id beside ID', root(attribute(xml('id'), '_evil')), 'XML_SCHEMA'],
  ['A-046 an attribute of another namespace', root(attribute(evil('x', 'p', ns.eidas), '1')), 'XML_SCHEMA'],
  ['A-046 AssertionID beside ID', root(attribute('AssertionID', '_evil')), 'XML_SCHEMA'],
  ['A-047 the same local name in another namespace', root(appended(stranger(EVIL, 'Issuer'))), 'XML_SCHEMA'],
  [
    'A-047 an element in no namespace',
    root(appended(el({ namespace: '', local: 'Issuer', prefix: '' }))),
    'XML_SCHEMA',
  ],
  ['A-047 a namespace with a space behind it', root(appended(stranger(`${ns.saml} `, 'Issuer'))), 'XML_NS'],
  ['A-047 a namespace in capitals', root(appended(stranger(ns.saml.toUpperCase(), 'Issuer'))), 'XML_SCHEMA'],
  [
    'R-IA-33, A-047 the Issuer in the namespace of the protocol',
    { part: at('Issuer', named(samlp('Issuer'))) },
    'XML_SCHEMA',
  ],
  [
    'A-047 the prefix of the assertion means the protocol further down',
    { part: at('Issuer', named({ namespace: ns.samlp })) },
    'XML_SCHEMA',
  ],
  ['A-047 xml means something else', afterSigning(`xmlns:xml="${ns.saml}"`), 'XML_NS'],
  ['A-047 xmlns as a prefix', afterSigning(`xmlns:xmlns="${ns.saml}"`), 'XML_NS'],
  ['A-048 a name in a relative namespace', root(appended(stranger('1', 'Issuer'))), 'XML_NS'],
  ['A-048 an attribute in a relative namespace', issuer(attribute(evil('x', 'p', 'evil/x'), '1')), 'XML_NS'],
  ['A-048 an empty namespace', { octets: inRoot('xmlns:n=""') }, 'XML_NS'],
  ['A-048 a namespace with a control of C1 in it', root(declaring('n', 'urn:\u0080')), 'XML_CHAR'],
  ['A-049 two colons', { octets: swap(/saml2:Issuer/g, 'a:b:Issuer') }, 'XML_PARSE'],
  ['A-049 a leading colon', { octets: swap(/saml2:Issuer/g, ':Issuer') }, 'XML_PARSE'],
  ['A-049 a trailing colon on an attribute', afterSigning('a:="1"'), 'XML_PARSE'],
  ['A-049 an undeclared prefix', { octets: swap(/saml2:Issuer/g, 'none:Issuer') }, 'XML_PARSE'],
  ['A-049 an undeclared prefix on an attribute', afterSigning('none:x="1"'), 'XML_PARSE'],
  ['A-063 an ID that is an XPath', withId(`x" or "1"="1`), 'XML_ID'],
  ['A-063 an ID with a quote', withId("_a'b"), 'XML_ID'],
  ['A-063 an empty ID', { octets: swap(/ ID="[^"]*"/, ' ID=""') }, 'XML_ID'],
  ['A-063 an ID of 129 characters', withId(`_${'x'.repeat(128)}`), 'XML_ID'],
  ['A-064 white space in the ID, normalised', { octets: swap(/ ID="_/, ' ID="_\n\t') }, 'XML_ID'],
  ['A-064 white space in the ID by reference', withId('_a\nb'), 'XML_ID'],
  ['A-064 white space around the ID', withId(' _a '), 'XML_ID'],
  ['A-065 a Cyrillic letter in a name', { part: at('Issuer', named({ local: '\u0406ssuer' })) }, 'XML_SCHEMA'],
  ['A-065 a joiner in a name', { part: at('Issuer', named({ local: 'Iss\u200duer' })) }, 'XML_SCHEMA'],
  ['A-071 xml:base', root(attribute(xml('base'), 'http://evil.example/')), 'XML_SCHEMA'],
  ['A-071 xml:space', issuer(attribute(xml('space'), 'preserve')), 'XML_SCHEMA'],
  ['A-071 xml:lang where the schema has none', issuer(attribute(xml('lang'), 'en')), 'XML_SCHEMA'],
]

/**
 * What used to be refused over a whole document, because it could mislead another parser. It is covered by the signature,
 * and nobody reads it: every value is what it is without it.
 */
const passedOver: readonly (readonly [title: string, forgery: Forgery])[] = [
  ['A-040 xsi:schemaLocation', root(attribute(xsi('schemaLocation'), `${ns.saml} http://evil.example/x.xsd`))],
  ['A-040 a file for a schema', issuer(attribute(xsi('schemaLocation'), `${ns.saml} file:///etc/passwd`))],
  ['A-040 xsi:noNamespaceSchemaLocation', issuer(attribute(xsi('noNamespaceSchemaLocation'), 'http://evil.example/'))],
  ['A-047 xsi means something else', root(declaring('xsi', ns.saml))],
  ['A-047 xs means something else', root(declaring('xs', ns.saml))],
  ['A-047 the default namespace taken back', { octets: swap('<saml2:Issuer', '<saml2:Issuer xmlns=""') }],
  ['A-048 a relative namespace that no name uses', { octets: inRoot('xmlns:n="1"') }],
  ['A-048 a relative namespace on the way', { octets: swap('<saml2:Issuer', '<saml2:Issuer xmlns:n="evil/x"') }],
  ['A-048 a relative default namespace that no name uses', { octets: inRoot('xmlns="1"') }],
  ['A-048 a namespace with a space in it', { octets: inRoot('xmlns:n="urn:a b"') }],
  ['A-048 a namespace nobody knows', root(declaring('n', EVIL))],
  ['A-065 a Greek letter in a prefix', root(declaring('s\u03b1ml2', ns.saml))],
  ['A-067 xsi:nil', issuer(attribute(xsi('nil'), 'true'))],
  ['A-067 xsi:type on an Issuer', issuer(declaring('xs', ns.xs), attribute(xsi('type'), 'xs:integer'))],
  ['A-067 a type nobody defined on the root', root(attribute(xsi('type'), 'evil:Type'))],
]

/** Signs the assertion inside an encryption too. */
const alive = (signed: string): string => signed

describe.each(everyWay)('%s', (way) => {
  test.each(attacks)('%s is refused', async (_, forgery, code) => {
    await expectUnreadable(await attempt(target, way, { octets: alive, ...forgery }), code)
  })

  test.each(passedOver)('%s changes nothing', async (_, forgery) => {
    await expectAccepted(await attempt(target, way, { octets: alive, ...forgery }))
  })

  test('A-047 names are read by namespace, whatever the prefix', async () => {
    const forgery = root(named({ prefix: '' }), at('Issuer', named({ prefix: 'a' })))
    await expectAccepted(await attempt(target, way, forgery))
  })

  test('A-063 an ID of 128 characters is one', async () => {
    await expectAccepted(await attempt(target, way, withId(`_${freshId()}`.padEnd(128, 'x'))))
  })
})

const valueWays = ['proxy-service acs', 'connector acs, sealed assertion'] as const satisfies readonly WayName[]

/** Changes the first value of the assertion this way leads to. */
const inValue = (way: WayName, ...changes: readonly Change[]): Forgery => {
  const path = 'AttributeStatement/Attribute/AttributeValue'
  return { octets: alive, part: at(way.includes('assertion') ? path : `Assertion/${path}`, all(...changes)) }
}

const typed = (type: string) => attribute(xsi('type'), type)
const bare: Change = (part) => ({ ...part, attributes: [] })
const latin = (prefix: string) => attribute({ namespace: ns.eidasNatural, local: 'LatinScript', prefix }, 'true')
const natural = declaring(prefixOf('eidasNatural'), ns.eidasNatural)

describe.each(valueWays)('%s', (way) => {
  test.each<[string, readonly Change[]]>([
    ['A-067 a type nobody defined', [declaring('xs', ns.xs), typed('xs:nothing')]],
    ['A-067 a type whose prefix nobody declared', [typed('none:string')]],
    ['A-067 a type that is abstract', [declaring('saml2', ns.saml), typed('saml2:StatementAbstractType')]],
    ['A-067 a value that is not of its type', [declaring('xs', ns.xs), typed('xs:date')]],
    ['A-067 the type of another attribute', [natural, typed('eidas-natural:DateOfBirthType')]],
    ['A-067 xsi:nil', [attribute(xsi('nil'), 'true')]],
    ['A-046 an attribute of no namespace', [natural, typed('eidas-natural:PersonIdentifierType'), attribute('x', '1')]],
    ['A-046 Id on a value', [attribute('Id', '_evil')]],
    ['A-046 an attribute of others', [attribute(evil('OriginalIssuer'), 'urn:evil')]],
  ])('%s changes nothing: a value is judged by the name of its attribute', async (_, changes) => {
    const released = await expectAccepted(await attempt(target, way, inValue(way, bare, ...changes)))
    expect(Object.values(released?.attributes ?? {})).toContainEqual([expect.stringContaining('02635542Y')])
  })

  test('A-045 the same attribute by two prefixes is refused', async () => {
    await expectUnreadable(await attempt(target, way, inValue(way, bare, latin('a'), latin('b'))), 'XML_PARSE')
  })
})

/*
 * A-048 void canonicalisation (CVE-2025-66475, CVE-2025-66568): with a relative namespace C14N stops, and whoever goes on
 * digests nothing. Both signatures verify over zero octets.
 */
describe('a signature over nothing', () => {
  const forge = async (text: string, key: SigningKey, isInfoVoid: boolean): Promise<Uint8Array> => {
    const [, id = ''] = / ID="([^"]+)"/.exec(text) ?? []
    const info = writeText(signedInfo(id, key, ''))
    const value = await key.sign(Buffer.from(isInfoVoid ? '' : info))
    return Buffer.from(withSignature(inRoot('xmlns:ns="1" ns:a="b"')(text), info, value, key))
  }

  test.each([
    ['connector', true],
    ['connector', false],
    ['proxy-service', true],
    ['proxy-service', false],
  ] as const)('%s: A-048 is refused, SignedInfo void %s', async (half, isInfoVoid) => {
    const { asker } = partiesOf(target, half)
    const message = await forge(writeText(mintRequest(asker)), asker.signing, isInfoVoid)
    expectPage(target, await postRequest(target, asker, message), 'XML_NS')

    const flow = await openFlow(target, half)
    const response = await forge(writeText(await mintAnswer(flow)), flow.answerer.signing, isInfoVoid)
    expectAnswered(flow, await postAnswer(flow, response), 'XML_NS')
  })
})
