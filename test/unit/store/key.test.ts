import { MAX_PART_OCTETS, shelfKey } from '../../../src/store/key.ts'

describe('keys of the shelf', () => {
  test('a key is its prefix and a hash of 43 base64url characters', () => {
    expect(shelfKey('p:', ['connector', 'handle'])).toMatch(/^p:[A-Za-z0-9_-]{43}$/)
    expect(shelfKey('p:', ['a'])).toBe(shelfKey('p:', ['a']))
  })

  test('A-226: the same characters in other parts make another key', () => {
    const keys = [['ab', 'c'], ['a', 'bc'], ['abc'], ['a', 'b', 'c'], ['c', 'ab']].map((parts) => shelfKey('', parts))
    expect(new Set(keys).size).toBe(keys.length)
  })

  test('A-226: nothing of a part is left in the key', () => {
    expect(shelfKey('p:', ['x\r\nFLUSHALL', '*:{tag}'])).toMatch(/^p:[A-Za-z0-9_-]{43}$/)
  })

  test('ST_KEY just above the longest part, in octets and in characters; not at it', () => {
    expect(shelfKey('', ['a'.repeat(MAX_PART_OCTETS)])).toHaveLength(43)
    expect(() => shelfKey('', ['a'.repeat(MAX_PART_OCTETS + 1)])).toThrow(expect.objectContaining({ code: 'ST_KEY' }))
    const wide = 'é'.repeat(MAX_PART_OCTETS / 2)
    expect(shelfKey('', [wide])).toHaveLength(43)
    expect(() => shelfKey('', [`${wide}é`])).toThrow(expect.objectContaining({ code: 'ST_KEY' }))
  })

  test('ST_KEY for an empty part', () => {
    expect(() => shelfKey('', ['a', ''])).toThrow(expect.objectContaining({ code: 'ST_KEY' }))
  })

  test('ST_KEY for lone surrogates, which would share one key; pairs are text like other text', () => {
    for (const lone of ['\ud800', 'a\udfff', '\udc00\ud800']) {
      expect(() => shelfKey('', [lone])).toThrow(expect.objectContaining({ code: 'ST_KEY' }))
    }
    expect(shelfKey('', ['\u{1f600}'])).toHaveLength(43)
  })
})
