import { ParseOption, XmlDocument } from 'libxml2-wasm'
import { canonicalOctets } from '../../../src/xml/canonical.ts'
import { withDocument } from '../../../src/xml/document.ts'
import { messageLimits, metadataLimits } from '../../../src/xml/limits.ts'
import { ns } from '../../../src/xml/names.ts'
import { advice, octets } from './samples.ts'

/** What libxml2 makes of a document that no scanner has seen. */
function unscanned(text: string, cap = 1 << 20): Uint8Array {
  const document = XmlDocument.fromString(text, { option: ParseOption.XML_PARSE_NONET })
  try {
    return canonicalOctets(document, { prefixes: [], cap })
  } finally {
    document.dispose()
  }
}

function fault(code: string) {
  return expect.objectContaining({ code })
}

test('A-070 U+FEFF is in the octets wherever in an output chunk it falls', () => {
  for (let padding = 3800; padding <= 4100; padding += 1) {
    // A text is one write: to stand at the start of a chunk it follows the start tag whose write filled the last one.
    const text = `<saml2:Audience>${'x'.repeat(padding)}</saml2:Audience><saml2:Audience>\ufeffadmin</saml2:Audience>`
    const document = octets(advice(text))
    const canonical = withDocument(document, messageLimits, (open) => open.canonical([]))
    expect(Buffer.compare(canonical, document)).toBe(0)
  }
})

test('octets are kept when later ones are written', () => {
  const document = octets(advice('é'.repeat(40_000)))
  expect(
    Buffer.compare(
      withDocument(document, messageLimits, (open) => open.canonical([])),
      document,
    ),
  ).toBe(0)
})

test('A-097 a canonicalisation that stops half-way is fatal, though part of it was written', () => {
  expect(() => unscanned('<r><a>before</a><b xmlns:ns="1"><ns:c/></b></r>')).toThrow(fault('DS_C14N'))
})

test('A-097 a canonicalisation of nothing is fatal', () => {
  const document = XmlDocument.fromString('<r/>')
  const elsewhere = XmlDocument.fromString('<r/>')
  try {
    expect(() => canonicalOctets(document, { apex: elsewhere.root, prefixes: [], cap: 100 })).toThrow(fault('DS_C14N'))
  } finally {
    document.dispose()
    elsewhere.dispose()
  }
})

test('A-061 output ends at the cap, and the library works on', () => {
  const uri = `urn:${'x'.repeat(40_000)}`
  const text = `<r xmlns:a="${uri}">${'<a:b/>'.repeat(30_000)}</r>`
  expect(() => unscanned(text)).toThrow(fault('C14N_SIZE'))
  expect(Buffer.from(unscanned('<r a="1"/>')).toString()).toBe('<r a="1"></r>')
})

test('the cap is exact', () => {
  expect(unscanned('<r/>', 7)).toHaveLength(7)
  expect(() => unscanned('<r/>', 6)).toThrow(fault('C14N_SIZE'))
})

test('A-061 a document may not grow to more than four times its length', () => {
  const flood = (uri: string) => `<r:R xmlns:r="urn:r" xmlns:a="${uri}">${'<a:b/>'.repeat(1000)}</r:R>`
  expect(() =>
    withDocument(octets(flood(`urn:${'x'.repeat(250)}`)), metadataLimits, (open) => open.canonical([])),
  ).toThrow(fault('C14N_SIZE'))
  expect(() =>
    withDocument(octets(advice('<x:A/>'.repeat(1000), ` xmlns:x="${ns.samlp}"`)), messageLimits, (open) =>
      open.canonical([]),
    ),
  ).toThrow(fault('C14N_SIZE'))
})

/** As many elements below as many declarations as are admitted, in few levels. */
function crowd(children: number): { document: Uint8Array; names: readonly string[]; elements: number } {
  const names = Array.from({ length: messageLimits.declarations }, (_, index) => `n${index}`)
  const text = names.reduceRight(
    (inside, _, index) =>
      index % 7 === 0 ? `<saml2:a${declared(names.slice(index, index + 7))}>${inside}</saml2:a>` : inside,
    '<saml2:b/>'.repeat(children),
  )
  const document = octets(text.replace(` xmlns:n0="${ns.saml}"`, ` xmlns:saml2="${ns.saml}"`))
  return { document, names, elements: children + Math.ceil(names.length / 7) }
}

test('A-060, A-252 a PrefixList and elements that multiply are refused before anything is canonicalised', () => {
  const { inclusivePrefixes, prefixLookups } = messageLimits
  const most = Math.floor(prefixLookups / inclusivePrefixes) - crowd(0).elements
  const attempt = (children: number) => {
    const { document, names } = crowd(children)
    const prefixes = names.slice(-inclusivePrefixes)
    return withDocument(document, messageLimits, (open) => open.canonical([], { prefixes }).length)
  }
  expect(attempt(most)).toBeGreaterThan(most)
  expect(() => attempt(most + 1)).toThrow(fault('DS_C14N'))
})

test('A-060 as many elements as are admitted need no PrefixList to be read', () => {
  const { document } = crowd(3000)
  expect(withDocument(document, messageLimits, (open) => open.canonical([]).length)).toBeGreaterThan(3000)
})

function declared(names: readonly string[]): string {
  return names.map((name) => ` xmlns:${name}="${ns.saml}"`).join('')
}

test('A-060 a PrefixList that is too long is refused before anything is canonicalised', () => {
  const prefixes = Array.from({ length: messageLimits.inclusivePrefixes + 1 }, (_, index) => `n${index}`)
  withDocument(octets(advice()), messageLimits, (open) => {
    expect(() => open.canonical([], { prefixes })).toThrow(fault('DS_C14N'))
    expect(open.canonical([], { prefixes: prefixes.slice(1) }).length).toBeGreaterThan(0)
  })
})

test('InclusiveNamespaces renders a declaration that no name uses, and #default the default one', () => {
  const document = octets(
    `<p:R xmlns:p="${ns.samlp}" xmlns="${ns.saml}" xmlns:xs="${ns.xs}"><p:Extensions><p:a/></p:Extensions></p:R>`,
  )
  const canonical = (prefixes: readonly string[]) =>
    withDocument(document, messageLimits, (open) => Buffer.from(open.canonical([0], { prefixes })).toString())
  const rest = `xmlns:p="${ns.samlp}"`
  const end = '><p:a></p:a></p:Extensions>'
  expect(canonical([])).toBe(`<p:Extensions ${rest}${end}`)
  expect(canonical(['xs'])).toBe(`<p:Extensions ${rest} xmlns:xs="${ns.xs}"${end}`)
  expect(canonical(['#default'])).toBe(`<p:Extensions xmlns="${ns.saml}" ${rest}${end}`)
  expect(canonical(['unknown'])).toBe(`<p:Extensions ${rest}${end}`)
})
