import { XmlDocument } from 'libxml2-wasm'
import { NodeFault } from '../../../src/errors/node-fault.ts'
import { withDocument } from '../../../src/xml/document.ts'
import { messageLimits, metadataLimits, type XmlLimits } from '../../../src/xml/limits.ts'
import { scan } from '../../../src/xml/scanner.ts'
import { sameTree } from '../../../src/xml/tree.ts'
import fc, { often } from '../../testkit/properties.ts'
import { assertion, octets, request, response, signature } from './samples.ts'

/*
 * two parsers. Messages are damaged at random; whatever the scanner admits, libxml2 must admit as well and read in
 * the same way, which its canonical form shows. What the scanner refuses, it refuses with a fault of the table.
 */

const RUNS = often(2_000)

const base = [
  request,
  response(assertion('<saml2:AttributeValue>é\r\n&#13;&amp;</saml2:AttributeValue>', signature('_a')), signature('_r')),
  `<?xml version="1.0"?>\n${request.replaceAll('><', '>\r\n\t<').replace('ForceAuthn="true"', "Consent='a\tb\r\nc&#10;&quot;'")}`,
] as const

/** What attacks are made of. */
const tokens = fc.constantFrom(
  ...['<', '>', '&', '"', "'", '/', '=', ' ', '\t', '\r', '\n', '\r\n', ':', '!', '?', '-', ']]>', ';', '#', 'x', '\0'],
  ...['<!--', '-->', '<!DOCTYPE r>', '<![CDATA[', ']]', '<?x?>', '&lt;', '&#10;', '&#xD;', '&#0;', '&e;', '</', '/>'],
  ...[' ID="_x"', ' xmlns=""', ' xmlns:a="1"', ' xmlns:saml2="urn:evil"', ' xml:lang="en"', '<saml2:a/>', ' a="b"'],
  ...['\ufeff', '\u0085', '\u2028', 'é', '😀', '\ufffe', '\u200d', 'Ａ', '&#x1F600;', '&#xFEFF;', '&gt;', '&apos;'],
)

const edit = fc.record({
  at: fc.nat(),
  remove: fc.integer({ min: 0, max: 12 }),
  insert: fc.oneof(fc.constant(''), tokens),
})

const damaged = fc
  .tuple(fc.constantFrom(...base), fc.array(edit, { minLength: 1, maxLength: 3 }))
  .map(([text, edits]) =>
    edits.reduce((now, { at, remove, insert }) => {
      const place = at % (now.length + 1)
      return now.slice(0, place) + insert + now.slice(place + remove)
    }, text),
  )

/** 'refused', or whether both parsers read the same. */
function verdict(document: Uint8Array, limits: XmlLimits): 'refused' | 'same' | 'different' {
  try {
    return withDocument(document, { ...limits, canonical: 1 << 20 }, ({ root, canonical }) => {
      return sameTree(scan(canonical([]), { ...limits, octets: 1 << 20, declarations: 1 << 10 }), root)
        ? 'same'
        : 'different'
    })
  } catch (thrown) {
    if (thrown instanceof NodeFault && thrown.code.startsWith('XML_') && thrown.code !== 'XML_DIFF') return 'refused'
    throw thrown
  }
}

for (const [name, limits] of [
  ['messages', messageLimits],
  ['metadata', metadataLimits],
] as const) {
  test(`A-122 what is admitted under the limits of ${name}, both parsers read in the same way`, () => {
    fc.assert(
      fc.property(damaged, (text) => expect(verdict(octets(text), limits)).not.toBe('different')),
      { numRuns: RUNS },
    )
  })

  test(`A-072 damaged octets are refused with a fault or read in the same way (${name})`, () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(fc.constantFrom(...base), changes, (text, all) => {
        const document = Buffer.from(text)
        for (const [at, octet] of all) document[at % document.length] = octet
        expect(verdict(document, limits)).not.toBe('different')
      }),
      { numRuns: RUNS },
    )
  })
}

test('the damage leaves some messages readable, or the tests above show nothing', () => {
  const verdicts = fc.sample(damaged, 500).map((text) => verdict(octets(text), metadataLimits))
  expect(verdicts.filter((one) => one === 'same').length).toBeGreaterThan(20)
  expect(verdicts.filter((one) => one === 'refused').length).toBeGreaterThan(20)
})

test('the scanner admits nothing that libxml2 finds malformed', () => {
  fc.assert(
    fc.property(damaged, (text) => {
      const admitted = admits(() => scan(octets(text), metadataLimits))
      if (admitted)
        expect(admits(() => XmlDocument.fromBuffer(octets(text), { encoding: 'utf-8' }).dispose())).toBe(true)
    }),
    { numRuns: RUNS },
  )
})

function admits(parse: () => unknown): boolean {
  try {
    parse()
    return true
  } catch {
    return false
  }
}
