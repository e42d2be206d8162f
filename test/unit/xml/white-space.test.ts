import { trimmed } from '../../../src/xml/white-space.ts'

test('R-AP-5: white space of XML around a text is layout, other blanks are not', () => {
  expect(trimmed(' \r\n\tA \n B\n ')).toBe('A \n B')
  expect(trimmed('\u00a0A')).toBe('\u00a0A')
  expect(trimmed('A')).toBe('A')
  expect(trimmed(' \n ')).toBe('')
  expect(trimmed('')).toBe('')
})

test('A-253: a long run of blanks costs no more than passing over it', () => {
  const text = `A${' '.repeat(90_000)}A`
  const start = performance.now()
  expect(trimmed(text)).toBe(text)
  expect(performance.now() - start).toBeLessThan(200)
})
