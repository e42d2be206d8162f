import { expectPlainText, isLatinText } from '../../../../src/profiles/eidas/text.ts'

const EID_TEXT = expect.objectContaining({ code: 'EID_TEXT' })

describe('text of attributes', () => {
  test.each([
    ['a control', '\u0007'],
    ['a line end', '\n'],
    ['a C1 control', '\u0085'],
    ['a right-to-left override', '\u202e'],
    ['an isolate', '\u2066'],
    ['a zero-width space', '\u200b'],
    ['a zero-width joiner', '\u200d'],
    ['a byte order mark', '\ufeff'],
    ['a soft hyphen', '\u00ad'],
    ['a line separator', '\u2028'],
    ['a tag character', '\u{e0041}'],
    ['a variation selector', '\ufe0f'],
    ['a Hangul filler', '\u3164'],
    ['a private character', '\ue000'],
    ['a noncharacter', '\uffff'],
    ['a lone surrogate', '\ud800'],
  ])('A-196: refused with %s', (_, character) => {
    expect(() => expectPlainText(`Ann${character}a`)).toThrow(EID_TEXT)
  })

  test('A-196: refused when it starts with a combining mark', () => {
    expect(() => expectPlainText('\u0301a')).toThrow(EID_TEXT)
  })

  test('A-196: refused beyond 1024 characters', () => {
    expect(() => expectPlainText('x'.repeat(1024))).not.toThrow()
    expect(() => expectPlainText('x'.repeat(1025))).toThrow(EID_TEXT)
  })

  test.each(['O’Neill-Müller', 'Ωνάσης', 'Иванов', 'e\u0301 decomposed', 'Ð þ ß ŉ', '李', 'a  b'])(
    '%s is taken',
    (text) => {
      expect(() => expectPlainText(text)).not.toThrow()
    },
  )

  test('the fault names the character and nothing else of the text', () => {
    expect(() => expectPlainText('secret\u202e')).toThrow(expect.objectContaining({ detail: 'U+202E' }))
  })

  test.each([
    ['Onases', true],
    ["O'Neill-Müller, 3.", true],
    ['Ωνάσης', false],
    ['Onasησ', false],
    ['Иванов', false],
  ])('R-AP-46: Latin or not: %s', (text, latin) => {
    expect(isLatinText(text)).toBe(latin)
  })
})
