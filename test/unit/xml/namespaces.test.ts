import { withDocument } from '../../../src/xml/document.ts'
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

describe('namespaces of messages', () => {
  test.each([
    ['one of SAML', ns.samlp],
    ['A-039 that of XInclude', 'http://www.w3.org/2001/XInclude'],
    ['A-047 an unknown URN', 'urn:evil'],
    ['A-047 one in another letter case', ns.saml.toUpperCase()],
    ['that of SAML 1.1', 'urn:oasis:names:tc:SAML:1.0:assertion'],
    ['one with an escape', 'urn:%C2%80'],
  ])('%s may be declared, and names in it are of it', (_, uri) => {
    const { children } = scan(octets(advice('<p:Assertion/>', ` xmlns:p="${uri}"`)), messageLimits)
    expect(children).toMatchObject([{ namespace: uri, local: 'Assertion' }])
  })

  test.each([
    ['A-047 one with a trailing space', `${ns.saml} `],
    ['A-047 one with a leading space', ` ${ns.saml}`],
    ['A-047 one with a line break', `${ns.saml}&#10;`],
    ['A-048 a relative reference', '1'],
    ['A-048 a relative path', 'a/b'],
    ['A-048 a network path', '//example.org/a'],
    ['one with letters beyond ASCII', 'urn:é'],
    ['A-123 one with an ampersand', 'urn:a&amp;b'],
    ['a property of every object', 'constructor'],
  ])('%s may be declared and not used: it has no canonical form', (_, uri) => {
    for (const unused of [advice('', ` xmlns:p="${uri}"`), advice(`<saml2:Advice xmlns="${uri}"/>`)]) {
      expect(scan(octets(unused), messageLimits)).toMatchObject({ local: 'Advice' })
      withDocument(octets(unused), messageLimits, (document) =>
        expect(Buffer.from(document.canonical([])).toString()).not.toContain('xmlns:p'),
      )
    }
    refused(advice('<p:Assertion/>', ` xmlns:p="${uri}"`))
    refused(advice('', ` xmlns:p="${uri}" p:Name="x"`))
    refused(`<Advice xmlns="${uri}"/>`)
    const listed = () =>
      withDocument(octets(advice('', ` xmlns:p="${uri}"`)), messageLimits, (document) =>
        document.canonical([], { prefixes: ['p'] }),
      )
    expect(listed).toThrow(expect.objectContaining({ code: 'XML_NS' }))
  })

  test('A-048 a prefix cannot be bound to nothing', () => refused(advice('', ' xmlns:p=""')))

  test('A-047 an element in no namespace is none of SAML', () => {
    const { children } = scan(octets(advice('<Assertion ID="_a"></Assertion>')), messageLimits)
    expect(children).toMatchObject([{ namespace: '', local: 'Assertion' }])
    expect(scan(octets('<Assertion/>'), messageLimits)).toMatchObject({ namespace: '' })
  })

  test('A-047 the default namespace taken back is none', () => {
    const text = `<Advice xmlns="${ns.saml}"><Assertion xmlns=""><Issuer/></Assertion><Issuer/></Advice>`
    expect(scan(octets(text), messageLimits).children).toMatchObject([
      { namespace: '', children: [{ namespace: '' }] },
      { namespace: ns.saml },
    ])
  })

  test('A-047 the default namespace may change, and names follow it', () => {
    const text = `<Response xmlns="${ns.samlp}"><Issuer/><Issuer xmlns="${ns.saml}"/></Response>`
    expect(scan(octets(text), messageLimits).children).toMatchObject([{ namespace: ns.samlp }, { namespace: ns.saml }])
  })
})

describe('prefixes of fixed meaning', () => {
  test.each([
    ['xml bound to something else', 'xml', ns.saml],
    ['xmlns bound to something else', 'xmlns', ns.saml],
    ['xmlns bound to its own', 'xmlns', 'http://www.w3.org/2000/xmlns/'],
    ['another prefix bound to the namespace of xmlns', 'p', 'http://www.w3.org/2000/xmlns/'],
    ['another prefix bound to the namespace of xml', 'p', ns.xml],
  ])('%s is refused', (_, prefix, uri) => {
    refused(advice('', ` xmlns:${prefix}="${uri}"`))
    refusedInMetadata(advice('', ` xmlns:${prefix}="${uri}"`))
  })

  test('the default namespace is neither that of xml nor that of xmlns', () => {
    refused(`<Advice xmlns="${ns.xml}"/>`)
    refused('<Advice xmlns="http://www.w3.org/2000/xmlns/"/>')
  })

  test('xml may be declared as what it is', () => {
    expect(scan(octets(advice('', ` xmlns:xml="${ns.xml}"`)), messageLimits)).toMatchObject({ local: 'Advice' })
  })

  test.each(['xs', 'xsd', 'xsi', 'saml2', 'ds'])('A-047 %s means what it is bound to', (prefix) => {
    const text = `<r:R xmlns:r="urn:r" xmlns:${prefix}="urn:x"><${prefix}:Assertion/></r:R>`
    expect(scan(octets(text), messageLimits).children).toMatchObject([{ namespace: 'urn:x' }])
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
    ['A-123 an ampersand', 'urn:a&amp;b'],
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
})

test('A-132 a part that is cut out of its context lacks its prefixes', () => {
  const [extensions = ''] = /<saml2p:Extensions>.*<\/saml2p:Extensions>/.exec(request) ?? []
  refused(extensions, 'XML_PARSE')
})
