import { messageLimits, metadataLimits, metadataLimitsFor, type XmlLimits } from '../../../src/xml/limits.ts'
import { scan } from '../../../src/xml/scanner.ts'
import { octets } from './samples.ts'

const open = '<r:R xmlns:r="http://eidas.europa.eu/saml-extensions"'

function root(inside: string, attributes = ''): string {
  return `${open}${attributes}>${inside}</r:R>`
}

/** `count` elements, each within the one before. */
function nested(count: number): string {
  return root('<r:a>'.repeat(count - 1) + '</r:a>'.repeat(count - 1))
}

function numbered(count: number, one: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => one(index)).join('')
}

/** Each bound, with a document just within it and one just beyond. */
const bounds: readonly (readonly [string, (limits: XmlLimits) => number, (count: number) => string, string])[] = [
  ['A-059 octets', ({ octets }) => octets, (count) => root('').padEnd(count, ' '), 'XML_SIZE'],
  ['A-058 levels', ({ depth }) => depth, nested, 'XML_DEPTH'],
  ['A-059 nodes, all elements', ({ nodes }) => nodes, (count) => root('<r:a/>'.repeat(count - 1)), 'XML_SIZE'],
  [
    'A-059 nodes, half text',
    ({ nodes }) => nodes,
    (count) => root('<r:a/>x'.repeat(count / 2 - 1) + '<r:a/>'.repeat((count % 2) + 1)),
    'XML_SIZE',
  ],
  [
    'A-059 nodes, half attributes',
    ({ nodes }) => nodes,
    (count) => root('<r:a b=""/>'.repeat(count / 2 - 1) + '<r:a/>'.repeat((count % 2) + 1)),
    'XML_SIZE',
  ],
  [
    'attributes',
    ({ attributes }) => attributes,
    (count) =>
      root(
        '',
        numbered(count, (i) => ` a${i}=""`),
      ),
    'XML_SIZE',
  ],
  [
    'A-060 declarations on one element',
    ({ declarations }) => declarations - 1,
    (count) =>
      root(
        '',
        numbered(count - 1, (i) => ` xmlns:n${i}="http://eidas.europa.eu/saml-extensions"`),
      ),
    'XML_NS_COUNT',
  ],
  [
    'A-060 declarations in scope at one place',
    ({ declarations }) => declarations - 1,
    (count) =>
      root(
        `<r:a${numbered(count - 101, (i) => ` xmlns:m${i}="urn:x"`)}/>`,
        numbered(100, (i) => ` xmlns:n${i}="urn:x"`),
      ),
    'XML_NS_COUNT',
  ],
  ['A-062 a local name', ({ name }) => name, (count) => root(`<r:${'a'.repeat(count - 2)}/>`), 'XML_SIZE'],
  ['A-062 an attribute name', ({ name }) => name, (count) => root('', ` ${'a'.repeat(count)}=""`), 'XML_SIZE'],
  ['A-062 a text', ({ value }) => value, (count) => root('x'.repeat(count)), 'XML_SIZE'],
  ['A-062 an attribute value', ({ value }) => value, (count) => root('', ` a="${'x'.repeat(count)}"`), 'XML_SIZE'],
]

for (const [name, limits] of [
  ['messages', messageLimits],
  ['metadata', metadataLimits],
] as const) {
  describe(`bounds of ${name}`, () => {
    test.each(bounds)('%s: at the bound read, beyond it refused', (_, bound, document, code) => {
      const at = bound(limits)
      expect(scan(octets(document(at)), limits)).toMatchObject({ local: 'R' })
      expect(() => scan(octets(document(at + 1)), limits)).toThrow(expect.objectContaining({ code }))
    })
  })
}

describe('A-060 how much a document may declare grows with its length', () => {
  /** Each of them brings 102 declarations into scope: of the root, of its own, and xml. */
  const wide = (count: number, padding: number) =>
    octets(
      root(
        '<r:a xmlns:m="urn:x"/><r:a xmlns:n="urn:x"/>'.repeat(count / 2) + ' '.repeat(padding),
        numbered(99, (i) => ` xmlns:n${i}="urn:x"`),
      ),
    )

  test.each([
    ['messages', messageLimits],
    ['metadata', metadataLimits],
  ] as const)('%s', (_, limits) => {
    expect(scan(wide(300, 0), limits)).toMatchObject({ local: 'R' })
    expect(() => scan(wide(700, 0), limits)).toThrow(expect.objectContaining({ code: 'XML_NS_COUNT' }))
    expect(scan(wide(400, 90_000), limits)).toMatchObject({ local: 'R' })
  })

  test('siblings that declare the same share what is in scope', () => {
    const same = root(
      '<r:a xmlns:m="urn:x"/>'.repeat(3_000),
      numbered(99, (i) => ` xmlns:n${i}="urn:x"`),
    )
    expect(scan(octets(same), messageLimits)).toMatchObject({ local: 'R' })
  })
})

test('A-061 a namespace URI: at the bound read, beyond it refused, whatever its use', () => {
  const document = (length: number) => `<r:R xmlns:r="${'urn:x:'.padEnd(length, 'x')}"/>`
  expect(scan(octets(document(256)), metadataLimits)).toMatchObject({ local: 'R' })
  for (const limits of [metadataLimits, messageLimits]) {
    expect(() => scan(octets(document(257)), limits)).toThrow(expect.objectContaining({ code: 'XML_SIZE' }))
  }
})

test('text on both sides of a comment counts as one text', () => {
  const half = 'x'.repeat(metadataLimits.value / 2)
  expect(scan(octets(root(`${half}<!---->${half}`)), metadataLimits)).toMatchObject({ local: 'R' })
  expect(() => scan(octets(root(`${half}<!---->${half}x`)), metadataLimits)).toThrow(
    expect.objectContaining({ code: 'XML_SIZE' }),
  )
})

test('A-273 in metadata what may be in a document grows with the document, and no faster', () => {
  const long = metadataLimitsFor(10 * 1024 * 1024)
  expect(long).toMatchObject({ octets: metadataLimits.octets, depth: metadataLimits.depth, nodes: 1_048_576 })
  expect(long.canonical).toBe(20 * 1024 * 1024)
  expect(metadataLimitsFor(1_000)).toMatchObject({ nodes: 20_000, canonical: metadataLimits.canonical })
  const document = (length: number) => root('<r:a/>'.repeat(25_000), ` a="${'x'.repeat(length)}"`)
  const [short, padded] = [octets(document(1)), octets(document(200_000))]
  expect(() => scan(short, metadataLimitsFor(short.length))).toThrow(expect.objectContaining({ code: 'XML_SIZE' }))
  expect(scan(padded, metadataLimitsFor(padded.length))).toMatchObject({ local: 'R' })
})

test('the limits are those of the attack catalogue', () => {
  expect(messageLimits).toMatchObject({ octets: 131072, depth: 40, nodes: 4000, inclusivePrefixes: 16 })
  expect(messageLimits).toMatchObject({ markup: 'refuse', characters: 'plain' })
  expect(metadataLimits).toMatchObject({ octets: 33554432, inclusivePrefixes: 16 })
})
