import { randomBytes } from 'node:crypto'
import { newId, readId } from '../../../src/saml/ids.ts'

describe('message IDs', () => {
  test('a new ID is an NCName with 160 random bits', () => {
    const id = newId(randomBytes)
    expect(id).toMatch(/^_[0-9a-f]{40}$/)
    expect(readId(id)).toBe(id)
    expect(newId(randomBytes)).not.toBe(id)
  })

  test.each(['_a', 'a.b-c_d', 'ü1', `_${'x'.repeat(127)}`])('%s is taken as an ID', (id) => {
    expect(readId(id)).toBe(id)
  })

  test.each([undefined, '', '1a', 'a b', 'a:b', ' a', 'a\n', 'x" or "1"="1', `_${'x'.repeat(128)}`])(
    'A-152 a missing, empty or malformed ID is refused: %j',
    (id) => {
      expect(() => readId(id)).toThrow(expect.objectContaining({ code: 'SAML_ID' }))
    },
  )
})
