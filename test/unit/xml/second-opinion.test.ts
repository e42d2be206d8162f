import { ParseOption, XmlDocument } from 'libxml2-wasm'
import { expectSameReading } from '../../../src/xml/second-opinion.ts'
import { octets } from './samples.ts'

/** What comes of a document that no scanner has seen, held against an alleged canonical form. */
function opinion(text: string, canonical: string): void {
  const document = XmlDocument.fromString(text, { option: ParseOption.XML_PARSE_NONET })
  try {
    expectSameReading(document, octets(canonical))
  } finally {
    document.dispose()
  }
}

const different = expect.objectContaining({ code: 'XML_DIFF' })

test('the same reading passes', () => {
  expect(() => opinion('<r b="1" a="2"/>', '<r a="2" b="1"></r>')).not.toThrow()
  const long = `<r>${'\u00e9'.repeat(40_000)}</r>`
  expect(() => opinion(long, long)).not.toThrow()
})

test.each([
  ['another text', '<r>a</r>', '<r>b</r>'],
  ['less', '<r>a</r>', '<r>a</r'],
  ['more', '<r>a</r>', '<r>a</r> '],
  ['nothing', '<r>a</r>', ''],
  ['the same as long as it goes', '<r>a</r>', '<r>'],
])('A-122 %s is XML_DIFF', (_, text, canonical) => {
  expect(() => opinion(text, canonical)).toThrow(different)
})

test('A-070 U+FEFF counts wherever in an output chunk it falls', () => {
  for (let padding = 3900; padding <= 4200; padding += 1) {
    const text = `<r><a>${'x'.repeat(padding)}</a><a>\ufeffadmin</a></r>`
    expect(() => opinion(text, text)).not.toThrow()
    expect(() => opinion(text, text.replace('\ufeff', ''))).toThrow(different)
  }
})

test.each(['', '<r><a>before</a>', '<r><a>before</a><b xmlns:ns="1"><ns:c></ns:c></b></r>'])(
  'A-097 a canonicalisation that stops half-way is XML_DIFF, whatever it has written: "%s"',
  (canonical) => {
    expect(() => opinion('<r><a>before</a><b xmlns:ns="1"><ns:c/></b></r>', canonical)).toThrow(different)
  },
)

test('A-061 output ends where it differs, and the library works on', () => {
  const uri = `urn:${'x'.repeat(40_000)}`
  const text = `<r xmlns:a="${uri}">${'<a:b/>'.repeat(30_000)}</r>`
  expect(() => opinion(text, '<r>')).toThrow(different)
  expect(() => opinion('<r a="1"/>', '<r a="1"></r>')).not.toThrow()
})
