import { messageLimits, metadataLimits } from '../../../src/xml/limits.ts'
import { scan } from '../../../src/xml/scanner.ts'
import { advice, octets } from './samples.ts'

function refused(document: Uint8Array, code: string) {
  for (const limits of [messageLimits, metadataLimits]) {
    expect(() => scan(document, limits)).toThrow(expect.objectContaining({ code }))
  }
}

function utf16(text: string, order: 'le' | 'be', mark: boolean): Uint8Array {
  const little = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le')
  return order === 'le' ? little : Buffer.from(little).swap16()
}

function utf32(text: string, order: 'le' | 'be'): Uint8Array {
  const out = Buffer.alloc(text.length * 4)
  for (const [index, character] of [...text].entries()) {
    const point = character.codePointAt(0) ?? 0
    if (order === 'le') out.writeUInt32LE(point, index * 4)
    else out.writeUInt32BE(point, index * 4)
  }
  return out
}

/** The document with these octets in its text. */
function holding(...inside: number[]): Uint8Array {
  const [before = '', after = ''] = advice('|').split('|')
  return Buffer.concat([Buffer.from(before), Buffer.from(inside), Buffer.from(after)])
}

const withDoctype = `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>${advice('&x;')}`

describe('encodings other than UTF-8', () => {
  test.each([
    ['A-033 UTF-16 LE with a mark', utf16(withDoctype, 'le', true)],
    ['A-033 UTF-16 BE with a mark', utf16(withDoctype, 'be', true)],
    ['A-033 UTF-16 LE without a mark', utf16(withDoctype, 'le', false)],
    ['A-033 UTF-16 BE without a mark', utf16(withDoctype, 'be', false)],
    ['A-033 UCS-4 LE', utf32(withDoctype, 'le')],
    ['A-033 UCS-4 BE', utf32(withDoctype, 'be')],
    ['A-053 EBCDIC', Buffer.from([0x4c, 0x6f, 0xa7, 0x94, 0x93])],
    ['a leading NUL', octets(`\0${advice()}`)],
    [
      'A-054 ISO-8859-1 as declared',
      Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${advice('é')}`, 'latin1'),
    ],
  ])('%s is refused', (_, document) => refused(document, 'XML_ENCODING'))

  test('A-053 a byte order mark of UTF-8 is no part of the document, a second one is', () => {
    for (const document of [advice(), `<?xml version="1.0" encoding="UTF-8"?>${advice()}`]) {
      expect(scan(octets(`\ufeff${document}`), messageLimits)).toEqual(scan(octets(document), messageLimits))
    }
    refused(octets(`\ufeff\ufeff${advice()}`), 'XML_PARSE')
  })

  test('A-053 a byte order mark hides no other encoding', () => {
    const mark = Buffer.from([0xef, 0xbb, 0xbf])
    refused(Buffer.concat([mark, utf16(withDoctype, 'le', true)]), 'XML_ENCODING')
    refused(Buffer.concat([mark, utf16(withDoctype, 'be', false)]), 'XML_ENCODING')
    refused(octets(`\ufeff<?xml version="1.0" encoding="UTF-7"?>${advice()}`), 'XML_ENCODING')
  })

  test('A-053 UTF-7 without a declaration is refused', () => {
    refused(octets('+ADw-saml2:Advice/+AD4-'), 'XML_PARSE')
  })
})

describe('malformed UTF-8', () => {
  test.each([
    ['A-055 an overlong <', [0xc0, 0xbc]],
    ['A-055 an overlong NUL', [0xc0, 0x80]],
    ['A-055 an overlong of three octets', [0xe0, 0x80, 0xbc]],
    ['A-055 a surrogate', [0xed, 0xa0, 0x80]],
    ['A-055 a pair of surrogates (CESU-8)', [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]],
    ['A-055 FF', [0xff]],
    ['A-055 FE', [0xfe]],
    ['A-055 a lone continuation', [0x80]],
    ['A-055 a sequence that breaks off', [0xe2, 0x82]],
    ['A-055 beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['A-055 five octets', [0xf8, 0x88, 0x80, 0x80, 0x80]],
    ['ISO-8859-1 without a declaration', [0xe9]],
  ])('%s is refused', (_, inside) => refused(holding(...inside), 'XML_UTF8'))

  test('is refused behind a declaration of UTF-8', () => {
    refused(Buffer.concat([Buffer.from('<?xml version="1.0" encoding="UTF-8"?>'), holding(0xff)]), 'XML_UTF8')
  })
})

test('A-055 NUL inside a document is refused', () => {
  refused(holding(0), 'XML_CHAR')
})

test('a document is read where it lies in a larger buffer', () => {
  const large = Buffer.from(`xx${advice('text')}yy`)
  expect(scan(large.subarray(2, -2), messageLimits).children).toEqual(['text'])
})
