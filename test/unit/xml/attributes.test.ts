import { messageLimits, metadataLimits } from '../../../src/xml/limits.ts'
import { ns } from '../../../src/xml/names.ts'
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
    ['A-046 Id on a SAML element', ' Id="_a"'],
    ['A-046 id on a SAML element', ' id="_a"'],
    ['A-046 iD on a SAML element', ' iD="_a"'],
    ['A-046 a second ID in the namespace of the protocol', ' ID="_a" saml2p:ID="_b"'],
    ['A-046 ID in the namespace of its own element', ' saml2:ID="_a"'],
    ['A-046 xml:id', ' xml:id="_a"'],
    ['A-046 a prefixed id in another letter case', ' saml2p:iD="_a"'],
  ])('%s is refused', (_, attributes) => refused(advice('', ` xmlns:saml2p="${ns.samlp}"${attributes}`), 'XML_ATTR'))

  test('A-046 ID on an element of XML Signature or Encryption is refused, Id is theirs', () => {
    for (const uri of [ns.ds, ns.ds11, ns.xenc, ns.xenc11]) {
      refused(`<s:Signature xmlns:s="${uri}" ID="_a"/>`, 'XML_ATTR')
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

  test('in metadata the elements of others may spell it as they like, but it counts', () => {
    const text = (id: string) => `<md:A xmlns:md="${ns.md}" ID="_a"><x:B xmlns:x="urn:x" id="${id}"/></md:A>`
    expect(scan(octets(text('_b')), metadataLimits)).toMatchObject({ local: 'A' })
    refused(text('_a'), 'XML_DUP_ID', metadataLimits)
    refused(text('1'), 'XML_ID', metadataLimits)
    refused(`<md:A xmlns:md="${ns.md}" Id="_a"/>`, 'XML_ATTR', metadataLimits)
  })
})

describe('namespaced attributes of messages', () => {
  test.each([
    ['xsi:type on a SAML attribute value', value(' xsi:type="xs:string"')],
    ['xsi:type on an eIDAS attribute value', advice('<eidas:AttributeValue xsi:type="xs:string"/>', declared)],
    ['LatinScript', value(' n:LatinScript="false" xsi:type="n:CurrentFamilyNameType"')],
    ['xml:lang', advice('<saml2:Audience xml:lang="en"/>')],
    ['LatinScript without namespace', value(' LatinScript="false"')],
  ])('%s is read', (_, text) => {
    expect(read(text)).toMatchObject({ local: 'Advice' })
  })

  test.each([
    ['A-067 xsi:nil', value(' xsi:nil="true"'), 'XML_XSI'],
    ['A-040 xsi:schemaLocation', advice('', `${declared} xsi:schemaLocation="urn:x http://x"`), 'XML_XSI'],
    [
      'A-040 xsi:noNamespaceSchemaLocation',
      advice('', `${declared} xsi:noNamespaceSchemaLocation="http://x"`),
      'XML_XSI',
    ],
    ['A-067 xsi:type on another element', advice('', `${declared} xsi:type="saml2:AdviceType"`), 'XML_XSI'],
    [
      'A-067 xsi:type on an AttributeValue of another vocabulary',
      advice('<saml2p:AttributeValue xsi:type="xs:string"/>', declared),
      'XML_XSI',
    ],
    ['A-047 xsi:nil by another prefix', advice(`<saml2:AttributeValue xmlns:i="${ns.xsi}" i:nil="true"/>`), 'XML_XSI'],
    ['A-071 xml:base', advice('', ' xml:base="http://evil/"'), 'XML_ATTR'],
    ['A-071 xml:space', advice('', ' xml:space="preserve"'), 'XML_ATTR'],
    ['A-046 an attribute in the namespace of SAML', advice('', ' saml2:Name="x"'), 'XML_ATTR'],
    ['another eIDAS attribute', value(' n:Other="x"'), 'XML_ATTR'],
    ['LatinScript of another namespace', value(' eidas:LatinScript="x"'), 'XML_ATTR'],
  ])('%s is refused', (_, text, code) => refused(text, code))
})

describe('namespaced attributes of metadata', () => {
  const role = (attributes: string) => `<md:R xmlns:md="${ns.md}" xmlns:xsi="${ns.xsi}" xmlns:x="urn:x"${attributes}/>`

  test.each([' x:any="v"', ' xml:lang="en"', ' xsi:type="x:T"', ' xsi:schemaLocation="urn:x x.xsd"'])(
    '%s is read',
    (attributes) => {
      expect(scan(octets(role(attributes)), metadataLimits)).toMatchObject({ local: 'R' })
    },
  )

  test.each([
    [' xsi:nil="true"', 'XML_XSI'],
    [' xml:base="http://x/"', 'XML_ATTR'],
    [' xml:id="_a"', 'XML_ATTR'],
    [' x:id="_a"', 'XML_ATTR'],
  ])('%s is refused', (attributes, code) => refused(role(attributes), code, metadataLimits))
})
