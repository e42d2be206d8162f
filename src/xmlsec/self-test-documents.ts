import type { FaultCode } from '../errors/faults.ts'
import { sameTree } from '../xml/document.ts'
import { messageLimits, metadataLimits, type XmlLimits } from '../xml/limits.ts'
import { ns } from '../xml/names.ts'
import { type Check, check, expectRefusal, expectThat } from './self-test-check.ts'

/* Known-good and known-bad documents: scanner, canonicalisation, schema (rules 2 to 6 and 10 of docs/verify-path.md). */

const issuer = (content: string, declarations = '') =>
  `<saml2:Issuer xmlns:saml2="${ns.saml}"${declarations}>${content}</saml2:Issuer>`

const plain = issuer('peer')

/** The start of a request, up to where children stand. */
const request = (content: string) =>
  `<saml2p:AuthnRequest xmlns:saml2p="${ns.samlp}" ID="_q0" IssueInstant="2026-01-01T00:00:00Z" Version="2.0">${content}</saml2p:AuthnRequest>`

function nested(levels: number): string {
  return `<saml2:Advice xmlns:saml2="${ns.saml}">${'<saml2:Advice>'.repeat(levels)}${'</saml2:Advice>'.repeat(levels)}</saml2:Advice>`
}

function declarations(count: number): string {
  return Array.from({ length: count }, (_, index) => ` xmlns:p${index}="${ns.ds}"`).join('')
}

type Refused = readonly [what: string, code: FaultCode, octets: Uint8Array, limits?: XmlLimits]

const utf8 = (text: string) => Buffer.from(text, 'utf8')
const utf16 = (text: string) => Buffer.from(text, 'utf16le')

const refused: readonly Refused[] = [
  ['a document type', 'XML_DOCTYPE', utf8(`<!DOCTYPE x>${plain}`)],
  ['a document type in metadata', 'XML_DOCTYPE', utf8(`<!DOCTYPE x>${plain}`), metadataLimits],
  ['a document type in UTF-16', 'XML_ENCODING', utf16(`\ufeff<!DOCTYPE x>${plain}`)],
  ['UTF-16', 'XML_ENCODING', utf16(plain)],
  ['UTF-16, its other half first', 'XML_ENCODING', utf16(`\ufeff${plain}`).swap16()],
  ['a second byte order mark', 'XML_PARSE', utf8(`\ufeff\ufeff${plain}`)],
  ['another encoding', 'XML_ENCODING', utf8(`<?xml version="1.0" encoding="ISO-8859-1"?>${plain}`)],
  ['malformed UTF-8', 'XML_UTF8', Buffer.from(issuer('\xff'), 'latin1')],
  ['XML 1.1', 'XML_VERSION', utf8(`<?xml version="1.1"?>${plain}`)],
  ['a comment', 'XML_COMMENT', utf8(issuer('pe<!---->er'))],
  ['a processing instruction', 'XML_PI', utf8(issuer('pe<?x?>er'))],
  ['a CDATA section', 'XML_CDATA', utf8(issuer('pe<![CDATA[e]]>r'))],
  ['an entity', 'XML_PARSE', utf8(issuer('&x;'))],
  ['a forbidden character', 'XML_CHAR', utf8(issuer('&#0;'))],
  ['a name in a relative namespace', 'XML_NS', utf8(issuer('<x:a xmlns:x="1"/>'))],
  ['a name in a relative namespace in metadata', 'XML_NS', utf8(issuer('<x:a xmlns:x="1"/>')), metadataLimits],
  ['a reserved prefix for another namespace', 'XML_NS', utf8(issuer('peer', ' xmlns:xml="urn:x"'))],
  ['an xml:id that is none', 'XML_ID', utf8(issuer('peer', ' xml:id="1"'))],
  ['an ID twice', 'XML_DUP_ID', utf8(request(request('')))],
  ['too many levels', 'XML_DEPTH', utf8(nested(messageLimits.depth))],
  ['too many declarations', 'XML_NS_COUNT', utf8(issuer('peer', declarations(messageLimits.declarations)))],
  ['too many octets', 'XML_SIZE', utf8(issuer('x'.repeat(messageLimits.octets)))],
  ['what is not well-formed', 'XML_PARSE', utf8(plain.replace('</saml2:Issuer>', ''))],
]

const scannerChecks = [
  check('scanner reads a document', async (kernel) => {
    const root = kernel.scan(utf8(plain), messageLimits)
    expectThat(root.local === 'Issuer' && root.namespace === ns.saml && root.children[0] === 'peer', 'read differently')
  }),
  ...refused.flatMap(([what, code, octets, limits = messageLimits]) => [
    check(`scanner refuses ${what}`, (kernel) => expectRefusal(code, () => kernel.scan(octets, limits))),
    check(`documents are not opened with ${what}`, (kernel) =>
      expectRefusal(code, () => kernel.withDocument(octets, limits, () => 'opened')),
    ),
  ]),
]

/** Long enough that one of them is the first character of a chunk, wherever libxml2 cuts. */
const marks = issuer('\ufeff'.repeat(4_200))

const canonicalChecks = [
  check('canonicalisation of what is canonical changes nothing', async (kernel) => {
    const octets = utf8(plain)
    const found = kernel.withDocument(octets, messageLimits, (document) => document.canonical([]))
    expectThat(octets.equals(found), 'other octets')
  }),
  check('canonicalisation keeps U+FEFF', async (kernel) => {
    const octets = utf8(marks)
    const found = kernel.withDocument(octets, messageLimits, (document) => document.canonical([]))
    expectThat(octets.equals(found), 'other octets')
  }),
  check('canonicalisation refuses to grow without end', (kernel) =>
    expectRefusal('C14N_SIZE', () =>
      kernel.withDocument(utf8(plain), { ...messageLimits, canonical: 16 }, () => 'opened'),
    ),
  ),
  check('canonicalisation refuses a long list of prefixes', (kernel) =>
    expectRefusal('DS_C14N', () => {
      const prefixes = Array.from({ length: messageLimits.inclusivePrefixes + 1 }, (_, index) => `p${index}`)
      return kernel.withDocument(utf8(plain), messageLimits, (document) => document.canonical([], { prefixes }))
    }),
  ),
  check('both parsers read the same', async (kernel) => {
    const octets = utf8(issuer('a &amp; b&#13;', ` xmlns:saml2p="${ns.samlp}"`))
    const [root, canonical] = kernel.withDocument(octets, messageLimits, (document) => [
      document.root,
      document.canonical([]),
    ])
    expectThat(sameTree(root, kernel.scan(canonical, messageLimits)), 'another tree')
  }),
]

function validity(content: string) {
  return utf8(request(content))
}

const schemaChecks = [
  check('schema takes what is valid', async (kernel) =>
    kernel.withDocument(validity(plain), messageLimits, (document) => document.validate('protocol')),
  ),
  ...(
    [
      ['a stray element', validity(`${plain}<saml2:Advice xmlns:saml2="${ns.saml}"></saml2:Advice>`)],
      ['an element out of its place', validity(`<saml2p:NameIDPolicy></saml2p:NameIDPolicy>${plain}`)],
      ['a missing attribute', utf8(request(plain).replace(' Version="2.0"', ''))],
    ] as const
  ).map(([what, octets]) =>
    check(`schema refuses ${what}`, (kernel) =>
      expectRefusal('XML_SCHEMA', () =>
        kernel.withDocument(octets, messageLimits, (document) => document.validate('protocol')),
      ),
    ),
  ),
]

export const documentChecks: readonly Check[] = [...scannerChecks, ...canonicalChecks, ...schemaChecks]
