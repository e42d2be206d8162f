import { randomBytes } from 'node:crypto'
import { fromBase64, fromFoldedBase64, toBase64 } from '../../../src/xmlsec/base64.ts'
import fc from '../../testkit/properties.ts'

test('reading what was written gives the same octets, folded or not', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom('\n', '\r\n', '\n    ', '\t'), (octets, fold) => {
      const written = toBase64(octets)
      expect(fromBase64(written)).toEqual(Buffer.from(octets))
      expect(fromBase64(written.replace(/.{16}/g, `$&${fold}`))).toEqual(Buffer.from(octets))
    }),
  )
})

test.each(['A', 'AA', 'AAA', 'QR==', 'QQ=', 'QQ===', 'QQ==QQ==', 'Q-_=', 'QQ==!', '*', '=', '====', 'QQ==\u00a0'])(
  'A-016: not strict base64: "%s"',
  (text) => {
    expect(fromBase64(text)).toBeUndefined()
    expect(fromFoldedBase64(text)).toBeUndefined()
  },
)

test('A-126: where blanks inside are not taken, line ends still are', () => {
  const written = toBase64(randomBytes(32))
  const cut = (by: string): string => `  ${written.slice(0, 20)}${by}${written.slice(20)}\n\t `
  expect(fromFoldedBase64(cut('\r\n'))).toEqual(Buffer.from(written, 'base64'))
  expect(fromFoldedBase64(cut(' '))).toBeUndefined()
  expect(fromFoldedBase64(cut('\t'))).toBeUndefined()
})

test('a view into a larger buffer is written without its neighbours (A-257)', () => {
  expect(toBase64(Buffer.from('secret-secret').subarray(6, 7))).toBe('LQ==')
})
