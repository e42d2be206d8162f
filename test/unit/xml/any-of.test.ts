import { anyOf } from '../../../src/xml/any-of.ts'

const special = ['&', '<', '>', '"', '\t', '\n', '\r', ' ', '\x00', '\x7f', ']', '^', '-', '\\']

describe('any of some characters in a text', () => {
  const isAny = anyOf(special.join(''))

  it.each([1, 31, 32, 33, 200])('finds each of them at the start, inside and at the end of %i characters', (length) => {
    for (const one of special) {
      for (const at of [0, length >> 1, length - 1]) {
        const text = `${'é'.repeat(at)}${one}${'a'.repeat(length - at - 1)}`
        expect([JSON.stringify(one), at, isAny(text)]).toEqual([JSON.stringify(one), at, true])
      }
    }
  })

  it.each([0, 1, 31, 32, 200])('finds none in %i others', (length) => {
    expect(isAny('aé[!'.repeat(length).slice(0, length))).toBe(false)
  })
})
