import { randomBytes } from 'node:crypto'
import { sealer } from '../../../src/store/seal.ts'
import fc from '../../testkit/properties.ts'

const first = randomBytes(32)
const second = randomBytes(32)
const text = Buffer.from('a value at rest')
const tampered = expect.objectContaining({ code: 'ST_TAMPER' })

describe('sealing', () => {
  test('what was sealed opens in its context, whatever the octets', () => {
    const seal = sealer([first], randomBytes)
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), (octets, context) => {
        expect(Buffer.from(seal.open(seal.seal(octets, context), context))).toEqual(Buffer.from(octets))
      }),
    )
  })

  test('A-227: ST_TAMPER for every single bit that is flipped', () => {
    const seal = sealer([first], randomBytes)
    const sealed = seal.seal(text, 'k')
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const forged = Uint8Array.from(sealed)
      forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(() => seal.open(forged, 'k')).toThrow(tampered)
    }
  })

  test('A-227: ST_TAMPER for every shorter and one longer form (a tag is 16 octets, never fewer)', () => {
    const seal = sealer([first], randomBytes)
    const sealed = seal.seal(text, 'k')
    for (let length = 0; length < sealed.length; length++) {
      expect(() => seal.open(sealed.subarray(0, length), 'k')).toThrow(tampered)
    }
    expect(() => seal.open(Buffer.concat([sealed, Buffer.of(0)]), 'k')).toThrow(tampered)
  })

  test('A-227: ST_TAMPER in another context', () => {
    const seal = sealer([first], randomBytes)
    expect(() => seal.open(seal.seal(text, 'one'), 'two')).toThrow(tampered)
    expect(() => seal.open(seal.seal(text, 'one'), '')).toThrow(tampered)
  })

  test('rotation: the first key seals, all keys open, a removed key opens nothing', () => {
    const before = sealer([first], randomBytes)
    const during = sealer([second, first], randomBytes)
    const after = sealer([second], randomBytes)
    const old = before.seal(text, 'k')
    expect(Buffer.from(during.open(old, 'k'))).toEqual(text)
    expect(() => after.open(old, 'k')).toThrow(tampered)
    expect(Buffer.from(after.open(during.seal(text, 'k'), 'k'))).toEqual(text)
    expect(() => before.open(during.seal(text, 'k'), 'k')).toThrow(tampered)
  })

  test('neither the value nor the key shows in the sealed octets', () => {
    const sealed = Buffer.from(sealer([first], randomBytes).seal(text, 'k'))
    expect(sealed.includes(text)).toBe(false)
    expect(sealed.includes(first.subarray(0, 8))).toBe(false)
  })

  test('each sealing takes 12 fresh random octets', () => {
    const asked: number[] = []
    const seal = sealer([first], (octets) => {
      asked.push(octets)
      return randomBytes(octets)
    })
    expect(seal.seal(text, 'k')).not.toEqual(seal.seal(text, 'k'))
    expect(asked).toEqual([12, 12])
  })

  test('no key, or one that is not 32 octets, is a mistake of ours', () => {
    expect(() => sealer([], randomBytes)).toThrow(TypeError)
    expect(() => sealer([randomBytes(16)], randomBytes)).toThrow(TypeError)
    expect(() => sealer([first, randomBytes(33)], randomBytes)).toThrow(TypeError)
  })
})
