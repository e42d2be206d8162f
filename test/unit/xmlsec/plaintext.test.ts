import { messageLimits } from '../../../src/xml/limits.ts'
import { ns, saml } from '../../../src/xml/names.ts'
import { attribute, elements } from '../../../src/xml/reader.ts'
import { inContext, type PlaintextExpected, readPlaintext } from '../../../src/xmlsec/plaintext.ts'
import { signElement } from '../../../src/xmlsec/sign.ts'
import { testKey } from '../../testkit/keys.ts'
import { swap, textOf } from './forge.ts'
import { assertion, outcome, trusting } from './samples.ts'

/* Rule 22: a plaintext is a document like any other. */

const expected: PlaintextExpected = { root: saml('Assertion'), schema: 'assertion', limits: messageLimits }
const one = textOf(assertion())
const verdict = (xml: string, change: Partial<PlaintextExpected> = {}): string =>
  outcome(() => readPlaintext(Buffer.from(xml), { ...expected, ...change }))

const advice = (content: string) => swap('<saml2:AuthnStatement', `<saml2:Advice>${content}</saml2:Advice>$&`)

test('an unsigned one is read as it stands', () => {
  const root = readPlaintext(Buffer.from(one), expected)
  expect(attribute(root, 'ID')).toBe('_a0')
  expect(elements(root).map(({ local }) => local)).toEqual([
    'Issuer',
    'Subject',
    'AuthnStatement',
    'AttributeStatement',
  ])
})

test.each([
  ['A-131: no XML', 'Assertion', 'ENC_PLAINTEXT'],
  ['A-131: a second element', one + textOf(assertion('_a1')), 'ENC_PLAINTEXT'],
  ['A-131: another element', textOf(assertion()).replaceAll('saml2:Assertion', 'saml2:Evidence'), 'ENC_PLAINTEXT'],
  ['R-IA-33: not valid', swap(' Version="2.0"', '')(one), 'XML_SCHEMA'],
  ['an ID that is there twice', advice(textOf(assertion('_a0')))(one), 'XML_DUP_ID'],
  ['too large', swap('SE/NO/1', 'x'.repeat(messageLimits.octets))(one), 'XML_SIZE'],
])('%s', (_, xml, code) => {
  expect(verdict(xml)).toBe(code)
})

describe('a signature', () => {
  const signed = async (id = '_a0') => textOf(await signElement(assertion(id), (await testKey()).signing()))

  test('of its own is verified with the signers and taken out', async () => {
    const signers = trusting((await testKey()).verification)
    const root = readPlaintext(Buffer.from(await signed()), { ...expected, signers })
    expect(elements(root).map(({ local }) => local)).not.toContain('Signature')
    expect(elements(root)).toHaveLength(4)
  })

  test('DS_KEY: that nobody is expected to have made', async () => {
    expect(verdict(await signed())).toBe('DS_KEY')
  })

  test('A-120: of an assertion further down is not looked at, and is no signature of the plaintext', async () => {
    const inner = advice((await signed('_a1')).replace(/ xmlns:saml2="[^"]*"/, ''))
    expect(verdict(inner(one))).toBe('accepted')
    expect(verdict(inner(await signed()))).toBe('DS_KEY')
  })

  test('A-090: over the whole document instead of the ID', async () => {
    expect(verdict(swap('URI="#_a0"', 'URI=""')(await signed()))).toBe('DS_URI')
  })
})

describe('A-286: the declarations around a plaintext', () => {
  const scope = new Map([
    ['xml', ns.xml],
    ['saml2', ns.saml],
    ['evil', ns.saml],
    ['', ns.saml],
  ])
  const given = (xml: string) => Buffer.from(inContext(Buffer.from(xml), scope)).toString()

  test('are added where it uses a prefix that it declares nowhere', () => {
    expect(given('<saml2:a/>')).toBe(`<saml2:a xmlns:saml2="${ns.saml}" xmlns="${ns.saml}"/>`)
    expect(given('<a xsi:b=""/>')).toContain(`xmlns:xsi="${ns.xsi}"`)
    expect(given('\ufeff<?xml version="1.0"?>\n<a/>')).toBe(`\ufeff<?xml version="1.0"?>\n<a xmlns="${ns.saml}"/>`)
  })

  test.each([
    `<saml2:a xmlns:saml2="urn:own" xmlns="urn:own"/>`,
    `<b xmlns="urn:own"><saml2:a xmlns:saml2="urn:own"/></b>`,
    'no XML',
    '',
  ])('change nothing of %j', (xml) => expect(given(xml)).toBe(xml))
})
