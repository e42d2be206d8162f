import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { faults } from '../../src/errors/faults.ts'
import catalogue from '../attacks/catalogue.json' with { type: 'json' }
import { attacks, attacksDocument } from '../attacks/document.js'
import { testsIn } from '../documents/naming.js'

const root = join(import.meta.dirname, '..', '..')
/** Not written out, so that this file names no attack itself. */
const entry = (number: number): string => `A-${String(number).padStart(3, '0')}`
const codesIn = (source: string): readonly (readonly string[])[] =>
  testsIn(source, attacks, (word) => Object.hasOwn(faults, word)).map(({ codes }) => codes)

describe('docs/attacks.md', () => {
  const text = attacksDocument()
  const rows = text.split('\n').filter((line) => /^\| A-\d/.test(line))

  test('is current; `npm run documents` makes it so', () => {
    expect(readFileSync(join(root, 'docs', 'attacks.md'), 'utf8')).toBe(text)
  })

  test('has every entry of the catalogue once, in its order; numbers beyond 260 are given out in ranges', () => {
    const entries = catalogue.classes.flatMap(({ attacks }) => Object.keys(attacks))
    const first = entries.filter((name) => Number(name.slice(2)) <= 260)
    expect(first).toEqual(Array.from({ length: 260 }, (_, index) => entry(index + 1)))
    expect(new Set(entries).size).toBe(entries.length)
    expect(rows.map((row) => row.split(' ', 2)[1])).toEqual(entries)
  })

  test.each(Object.entries(catalogue.withoutTest))('%s has no test, so its reason is still needed', (named, reason) => {
    expect(rows.find((row) => row.startsWith(`| ${named} `))).toContain(`| ${reason} |`)
  })
})

test('a text names entries one by one and in ranges', () => {
  expect(attacks.entriesIn(`${entry(7)}, ${entry(9)} to ${entry(11)}: RSA-3072`)).toEqual([7, 9, 10, 11].map(entry))
})

describe('the codes of a test', () => {
  test.each([
    ['stand in its title', `test('${entry(1)} is XML_PI', () => { expect('DS_SIG') })`],
    ['stand in its row', `test.each([['${entry(1)}', 'what', 'XML_PI'], ['x', 'DS_SIG']])('%s', () => {})`],
    ['stand in the test', `test('${entry(1)}', () => { refused('XML_PI') }); test('other', () => refused('DS_SIG'))`],
    ['are those of the table', `test.each([['${entry(1)} a'], ['${entry(1)} b']])('%s', () => refused('XML_PI'))`],
    [
      'are those of what uses the table',
      `const t = [['${entry(1)}', 'x']]; test.each(t)('%s', () => refused('XML_PI'))`,
    ],
  ])('%s', (_, source) => {
    for (const codes of codesIn(source)) expect(codes).toEqual(['XML_PI'])
    expect(codesIn(source)).not.toEqual([])
  })

  test('are not those of a neighbour that names an attack of its own', () => {
    const source = `test.each([['${entry(1)}'], ['${entry(2)}', 'DS_SIG']])('%s', () => refused('XML_PI'))`
    expect(codesIn(source)).toEqual([['XML_PI'], ['DS_SIG']])
  })
})

test('a title may stand in the cell beside its entry', () => {
  const [named] = testsIn(`const rows = [['${entry(1)}', 'a comment']]`, attacks, () => false)
  expect(named).toMatchObject({ title: `${entry(1)} a comment`, entries: [entry(1)] })
})
