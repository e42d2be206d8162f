import { messageLimits, metadataLimits } from '../../../src/xml/limits.ts'
import { ns } from '../../../src/xml/names.ts'
import { attribute } from '../../../src/xml/reader.ts'
import { scan } from '../../../src/xml/scanner.ts'
import { advice, octets } from './samples.ts'

function read(text: string) {
  return scan(octets(text), messageLimits)
}

function refused(text: string, code: string, limits = messageLimits) {
  expect(() => scan(octets(text), limits)).toThrow(expect.objectContaining({ code }))
}

const declared = ` xmlns:xsi="${ns.xsi}" xmlns:xs="${ns.xs}" xmlns:n="${ns.eidasNatural}" xmlns:saml2p="${ns.samlp}" xmlns:eidas="${ns.eidas}"`

function value(attributes: string): string {
  return advice(`<saml2:AttributeValue${attributes}>x</saml2:AttributeValue>`, declared)
}

describe('identifiers', () => {
  test.each([
    ['A-046 Id on a SAML element', ' Id="_b"'],
    ['A-046 id on a SAML element', ' id="_b"'],
    ['A-046 iD on a SAML element', ' iD="_b"'],
    ['A-046 a second ID in the namespace of the protocol', ' saml2p:ID="_b"'],
    ['A-046 ID in the namespace of its own element', ' saml2:ID="_b"'],
    ['A-046 a prefixed id in another letter case', ' saml2p:iD="_b"'],
  ])('%s is no identifier of it, but no element has it for one', (_, attributes) => {
    const root = (inside: string) => advice(inside, ` xmlns:saml2p="${ns.samlp}" ID="_a"${attributes}`)
    expect(attribute(read(root('')), 'ID')).toBe('_a')
    refused(root('<saml2:Advice ID="_b"/>'), 'XML_DUP_ID')
    refused(root('').replace('"_b"', '"_a"'), 'XML_DUP_ID')
    expect(read(root('').replace('"_b"', '"1 2"'))).toMatchObject({ local: 'Advice' })
  })

  test('A-046 xml:id is an identifier wherever it stands', () => {
    expect(read(advice('', ' xml:id="_a"'))).toMatchObject({ local: 'Advice' })
    refused(advice('', ' xml:id="1"'), 'XML_ID')
    refused(advice('', ' xml:id="_a" ID="_a"'), 'XML_DUP_ID')
    refused(advice('<x:a xmlns:x="urn:x" xml:id="_a"/>', ' xml:id="_a"'), 'XML_DUP_ID')
  })

  test('A-046 Id is the identifier of an element of XML Signature or Encryption', () => {
    for (const uri of [ns.ds, ns.ds11, ns.xenc, ns.xenc11]) {
      refused(`<s:Signature xmlns:s="${uri}" Id="1"/>`, 'XML_ID')
      expect(read(`<s:Signature xmlns:s="${uri}" ID="1"/>`)).toMatchObject({ local: 'Signature' })
      expect(read(`<s:Signature xmlns:s="${uri}" Id="_a"/>`).attributes).toMatchObject([{ local: 'Id', value: '_a' }])
    }
  })

  test.each(['_', '_a', 'a.b-c_d', 'é1', 'Ω', `_${'x'.repeat(127)}`])('%j is an identifier', (id) => {
    expect(read(advice('', ` ID="${id}"`)).attributes).toMatchObject([{ value: id }])
  })

  test.each([
    ['A-063 an XPath expression', 'x&quot; or &quot;1&quot;=&quot;1'],
    ['A-063 an apostrophe', "x'"],
    ['A-064 white space inside', 'a\n\tb'],
    ['A-064 white space by reference', 'a&#10;b'],
    ['A-068 white space around', ' _a '],
    ['an empty one', ''],
    ['a leading digit', '1a'],
    ['a colon', 'a:b'],
    ['a fragment', '#a'],
    ['one of 129 characters', `_${'x'.repeat(128)}`],
  ])('%s is refused', (_, id) => refused(advice('', ` ID="${id}"`), 'XML_ID'))

  test('the same identifier twice is refused, wherever and however spelt', () => {
    refused(advice('<saml2:Advice ID="_a"/>', ' ID="_a"'), 'XML_DUP_ID')
    refused(advice('<saml2:Advice ID="_a"/><saml2:Advice ID="_a"/>'), 'XML_DUP_ID')
    refused(advice(`<ds:Object xmlns:ds="${ns.ds}" Id="_a"/>`, ' ID="_a"'), 'XML_DUP_ID')
    refused(advice('<saml2:Advice ID="&#95;a"/>', ' ID="_a"'), 'XML_DUP_ID')
  })

  test('two identifiers may differ in letter case', () => {
    expect(read(advice('<saml2:Advice ID="_A"/>', ' ID="_a"'))).toMatchObject({ local: 'Advice' })
  })

  test.each([
    ['messages', messageLimits],
    ['metadata', metadataLimits],
  ])(
    'the elements of others may have what looks like one, as they like and as often, but not one of ours: %s',
    (_, limits) => {
      const text = (...ids: readonly string[]) =>
        `<md:A xmlns:md="${ns.md}" ID="_a">${ids.map((id) => `<x:B xmlns:x="urn:x" id="${id}" x:id="${id}${id}"/>`).join('')}</md:A>`
      expect(scan(octets(text('_b', '1', '', '1', '_b')), limits)).toMatchObject({ local: 'A' })
      refused(text('_a'), 'XML_DUP_ID', limits)
      refused(text('_b').replace('<md:A', '<md:A Id="_c"').replace('_b_b', '_a'), 'XML_DUP_ID', limits)
      refused(`<x:A xmlns:x="urn:x" id="_a"><md:B xmlns:md="${ns.md}" ID="_a"/></x:A>`, 'XML_DUP_ID', limits)
    },
  )
})

describe.each([
  ['messages', messageLimits],
  ['metadata', metadataLimits],
])('namespaced attributes of %s', (_, limits) => {
  test.each([
    ['xsi:type on a SAML attribute value', value(' xsi:type="xs:string"')],
    ['xsi:type on an eIDAS attribute value', advice('<eidas:AttributeValue xsi:type="xs:string"/>', declared)],
    ['A-067 xsi:type on another element', advice('', `${declared} xsi:type="saml2:AdviceType"`)],
    ['A-067 xsi:nil', value(' xsi:nil="true"')],
    ['A-047 xsi:nil by another prefix', advice(`<saml2:AttributeValue xmlns:i="${ns.xsi}" i:nil="true"/>`)],
    ['A-040 xsi:schemaLocation', advice('', `${declared} xsi:schemaLocation="urn:x http://x"`)],
    ['A-040 xsi:noNamespaceSchemaLocation', advice('', `${declared} xsi:noNamespaceSchemaLocation="http://x"`)],
    ['LatinScript', value(' n:LatinScript="false" xsi:type="n:CurrentFamilyNameType"')],
    ['LatinScript without namespace', value(' LatinScript="false"')],
    ['xml:lang', advice('<saml2:Audience xml:lang="en"/>')],
    ['A-071 xml:base', advice('', ' xml:base="http://evil/"')],
    ['A-071 xml:space', advice('', ' xml:space="preserve"')],
    ['an attribute of others', advice('', ' xmlns:x="urn:x" x:OriginalIssuer="urn:y"')],
  ])('%s is read, and is no attribute without a namespace', (_title, text) => {
    const root = scan(octets(text), limits)
    expect(root).toMatchObject({ local: 'Advice' })
    for (const local of ['type', 'nil', 'lang', 'base', 'space', 'OriginalIssuer']) {
      expect(attribute(root, local)).toBeUndefined()
    }
  })
})
