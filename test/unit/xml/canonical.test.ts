import { canonicalOctets } from '../../../src/xml/canonical.ts'
import { withDocument } from '../../../src/xml/document.ts'
import { messageLimits, metadataLimits } from '../../../src/xml/limits.ts'
import { ns } from '../../../src/xml/names.ts'
import { scan } from '../../../src/xml/scanner.ts'
import { advice, octets } from './samples.ts'

/** The canonical form of a document under the limits of metadata, which have no closed vocabulary. */
function canonical(text: string, cap = 1 << 20): string {
  return Buffer.from(canonicalOctets(scan(octets(text), metadataLimits), { cap })).toString()
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

test('the cap is exact, and counts octets', () => {
  const text = '<a:r xmlns:a="urn:a">\u00e9</a:r>'
  expect(canonical(text, 29)).toBe(text)
  expect(() => canonical(text, 28)).toThrow(fault('C14N_SIZE'))
})

test('A-061 nothing is written far beyond the cap', () => {
  const text = `<a:r xmlns:a="urn:a" xmlns:b="urn:${'x'.repeat(200)}">${'<b:b/>'.repeat(9_000)}</a:r>`
  expect(() => canonical(text, 1_000)).toThrow(fault('C14N_SIZE'))
})

describe('order', () => {
  test('declarations stand by prefix, the default one first, and where they are used first', () => {
    const text = '<b:r xmlns:c="urn:c" xmlns:b="urn:b" xmlns="urn:d" xmlns:unused="urn:u" c:m="1"><e/></b:r>'
    expect(canonical(text)).toBe('<b:r xmlns:b="urn:b" xmlns:c="urn:c" c:m="1"><e xmlns="urn:d"></e></b:r>')
  })

  test('attributes stand by namespace, those in none first, then by local name', () => {
    const text = '<a:r xmlns:a="urn:z" xmlns:b="urn:a" b:n="1" a:m="2" z="3" b:m="4" xml:lang="en" m="5"/>'
    const sorted = 'm="5" z="3" xml:lang="en" b:m="4" b:n="1" a:m="2"'
    expect(canonical(text)).toBe(`<a:r xmlns:a="urn:z" xmlns:b="urn:a" ${sorted}></a:r>`)
  })

  test('names are ordered by code point, not by UTF-16 unit', () => {
    const text = '<a:r xmlns:a="urn:a" \u{10400}="2" \ufdf0="3" \u00e9="4" e="5" ee="6"/>'
    expect(canonical(text)).toBe('<a:r xmlns:a="urn:a" e="5" ee="6" \u00e9="4" \ufdf0="3" \u{10400}="2"></a:r>')
  })

  test('a prefix bound anew is declared anew, and its old meaning again further down', () => {
    const text = '<a:r xmlns:a="urn:1"><a:s xmlns:a="urn:2"><a:t xmlns:a="urn:1"></a:t></a:s><a:u></a:u></a:r>'
    expect(canonical(text)).toBe(text)
  })
})

describe('a default namespace that is taken back', () => {
  test.each([
    ['is said where the output has one', '<a xmlns="urn:1"><b xmlns=""><c></c></b><d></d></a>'],
    ['is said again further down', '<a xmlns="urn:1"><b xmlns=""><c xmlns="urn:1"><d xmlns=""></d></c></b></a>'],
    ['is not said where no name uses one', '<p:a xmlns:p="urn:1"><b><c xmlns="urn:2"></c></b></p:a>'],
  ])('%s', (_, text) => expect(canonical(text)).toBe(text))

  test('is not said of an element that the output has in no namespace already', () => {
    expect(canonical('<a><b xmlns=""/><p:c xmlns:p="urn:1" xmlns=""><d/></p:c></a>')).toBe(
      '<a><b></b><p:c xmlns:p="urn:1"><d></d></p:c></a>',
    )
  })
})

test('a CDATA section is text, a processing instruction stands where it stood, with one space in it', () => {
  const text = '<r:a xmlns:r="urn:r">x<?p   q  ?>y<![CDATA[<&>]]><?p?><r:b/><?z\r\na?>w<r:c><?only?></r:c><?end?></r:a>'
  expect(canonical(text)).toBe(
    '<r:a xmlns:r="urn:r">x<?p q  ?>y&lt;&amp;&gt;<?p?><r:b></r:b><?z a?>w<r:c><?only?></r:c><?end?></r:a>',
  )
})

test('processing instructions outside the root are of the whole document, and not of the root', () => {
  const text = '<?a b?>\n<!-- c -->\n<?d?><r:a xmlns:r="urn:r"/>\n\n<?e f?><?g?>'
  withDocument(octets(text), metadataLimits, (open) => {
    const root = open.canonical([])
    expect(Buffer.from(root).toString()).toBe('<r:a xmlns:r="urn:r"></r:a>')
    expect(Buffer.from(open.whole(root)).toString()).toBe('<?a b?>\n<?d?>\n<r:a xmlns:r="urn:r"></r:a>\n<?e f?>\n<?g?>')
  })
})

test('what XML would read otherwise is escaped, in text and in values', () => {
  const text = `<a:r xmlns:a="urn:a" m="&amp;&lt;&gt;&quot;&apos;&#9;&#10;&#13;">&amp;&lt;&gt;"'&#13;&#10;&#9;</a:r>`
  expect(canonical(text)).toBe(
    `<a:r xmlns:a="urn:a" m="&amp;&lt;>&quot;'&#x9;&#xA;&#xD;">&amp;&lt;&gt;"'&#xD;\n\t</a:r>`,
  )
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
  const names = Array.from({ length: messageLimits.declarations - 1 }, (_, index) => `n${index}`)
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
  const inclusive = (prefixes: readonly string[]) =>
    withDocument(document, messageLimits, (open) => Buffer.from(open.canonical([0], { prefixes })).toString())
  const rest = `xmlns:p="${ns.samlp}"`
  const end = '><p:a></p:a></p:Extensions>'
  expect(inclusive([])).toBe(`<p:Extensions ${rest}${end}`)
  expect(inclusive(['xs'])).toBe(`<p:Extensions ${rest} xmlns:xs="${ns.xs}"${end}`)
  expect(inclusive(['#default'])).toBe(`<p:Extensions xmlns="${ns.saml}" ${rest}${end}`)
  expect(inclusive(['unknown'])).toBe(`<p:Extensions ${rest}${end}`)
  expect(inclusive(['xml'])).toBe(`<p:Extensions ${rest}${end}`)
})
