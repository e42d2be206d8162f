import { messageLimits, metadataLimits } from '../../../src/xml/limits.ts'
import { ns } from '../../../src/xml/names.ts'
import { scan } from '../../../src/xml/scanner.ts'
import { advice, octets, request } from './samples.ts'

function refused(text: string, code = 'XML_NS') {
  expect(() => scan(octets(text), messageLimits)).toThrow(expect.objectContaining({ code }))
}

function refusedInMetadata(text: string, code = 'XML_NS') {
  expect(() => scan(octets(text), metadataLimits)).toThrow(expect.objectContaining({ code }))
}

const known = Object.entries(ns).filter(
  ([name]) => !['md', 'mdattr', 'mdui', 'alg', 'serviceList', 'xml'].includes(name),
)

describe('namespaces of messages', () => {
  test.each(known)('%s may be declared', (_, uri) => {
    const prefix = uri === ns.xs ? 'xs' : uri === ns.xsi ? 'xsi' : 'p'
    expect(scan(octets(advice('', ` xmlns:${prefix}="${uri}"`)), messageLimits).scope.get(prefix)).toBe(uri)
  })

  test.each([
    ['A-039 XInclude', 'http://www.w3.org/2001/XInclude'],
    ['A-047 an unknown URN', 'urn:evil'],
    ['A-047 a trailing space', `${ns.saml} `],
    ['A-047 a leading space', ` ${ns.saml}`],
    ['A-047 another letter case', ns.saml.toUpperCase()],
    ['A-047 a line break', `${ns.saml}&#10;`],
    ['SAML 1.1', 'urn:oasis:names:tc:SAML:1.0:assertion'],
    ['metadata', ns.md],
    ['XSLT', 'http://www.w3.org/1999/XSL/Transform'],
    ['A-048 a relative reference', '1'],
    ['A-048 an empty one', ''],
    ['A-048 a C1 character', 'urn:\u0080'.replace('\u0080', '%C2%80')],
    ['a property of every object', 'constructor'],
  ])('%s is refused', (_, uri) => {
    refused(advice('', ` xmlns:p="${uri}"`))
    refused(`<Advice xmlns="${uri}"/>`)
  })

  test('A-047 an element in no namespace is refused', () => {
    refused('<Assertion/>')
    refused('<Assertion ID="_a"></Assertion>')
    refused(advice('<Assertion/>'))
  })

  test('A-047 the default namespace cannot be taken back', () => {
    refused(`<Advice xmlns="${ns.saml}"><Assertion xmlns=""/></Advice>`)
  })

  test('A-047 the default namespace may change among the known ones, and names follow it', () => {
    const text = `<Response xmlns="${ns.samlp}"><Issuer/><Issuer xmlns="${ns.saml}"/></Response>`
    expect(scan(octets(text), messageLimits).children).toMatchObject([{ namespace: ns.samlp }, { namespace: ns.saml }])
  })
})

describe('prefixes of fixed meaning', () => {
  test.each([
    ['A-047 xsi bound to something else', 'xsi', ns.saml],
    ['xs bound to something else', 'xs', ns.eidas],
    ['xsd bound to something else', 'xsd', ns.eidasNatural],
    ['xml bound to something else', 'xml', ns.saml],
    ['xmlns bound to something else', 'xmlns', ns.saml],
    ['xmlns bound to its own', 'xmlns', 'http://www.w3.org/2000/xmlns/'],
    ['another prefix bound to the namespace of xmlns', 'p', 'http://www.w3.org/2000/xmlns/'],
    ['another prefix bound to the namespace of xml', 'p', ns.xml],
  ])('%s is refused', (_, prefix, uri) => {
    refused(advice('', ` xmlns:${prefix}="${uri}"`))
    refusedInMetadata(advice('', ` xmlns:${prefix}="${uri}"`))
  })

  test('xml may be declared as what it is', () => {
    expect(scan(octets(advice('', ` xmlns:xml="${ns.xml}"`)), messageLimits)).toMatchObject({ local: 'Advice' })
  })
})

describe('namespaces of metadata', () => {
  test.each([
    'urn:x',
    'http://example.org/a?b=c#d',
    'https://example.org/%20',
    'tag:example.org,2025:a',
    'http://a',
    'http://a:80?b',
    'urn:a//b',
  ])('%s may be declared', (uri) => {
    expect(scan(octets(`<r:R xmlns:r="${uri}"/>`), metadataLimits)).toMatchObject({ namespace: uri })
  })

  test.each([
    ['A-048 a relative reference', '1'],
    ['A-048 a relative path', 'a/b'],
    ['A-048 a network path', '//example.org/a'],
    ['A-048 an empty one', ''],
    ['A-048 a C1 character', 'urn:a\u0080'],
    ['a space', 'urn:a b'],
    ['a quotation mark', 'urn:a&quot;b'],
    ['a letter beyond ASCII', 'urn:é'],
    ['a scheme alone', 'urn:'],
    ['no host', 'http:///a'],
    ['no host but a port', 'http://:80/a'],
    ['a port that is none', 'http://a:b/'],
    ['two fragments', 'urn:a#b#c'],
    ['a bracket', 'urn:[a'],
    ['a malformed escape', 'urn:a%2'],
    ['a scheme that starts with a digit', '1a:b'],
  ])('%s is refused', (_, uri) => refusedInMetadata(`<r:R xmlns:r="${uri}"/>`))

  test('an element in no namespace is refused', () => refusedInMetadata('<R/>'))
})

test('A-132 a part that is cut out of its context lacks its prefixes', () => {
  const [extensions = ''] = /<saml2p:Extensions>.*<\/saml2p:Extensions>/.exec(request) ?? []
  refused(extensions, 'XML_PARSE')
})
