import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { testsIn } from '../documents/naming.js'
import catalogue from '../requirements/catalogue.json' with { type: 'json' }
import { namedRequirements, requirementEntries, requirements, requirementsDocument } from '../requirements/document.js'

const root = join(import.meta.dirname, '..', '..')
/** Not written out, so that this file names no requirement itself. */
const entry = (number: number): string => `R-MF-${number}`
const titlesIn = (source: string): readonly string[] =>
  testsIn(source, requirements, () => false).flatMap(({ title, isTitle }) => (isTitle ? [title] : []))

describe('docs/requirements.md', () => {
  const tests = namedRequirements()
  const entries = requirementEntries(tests)
  const known = entries.map((one) => one.entry)

  test('is current; `npm run documents` makes it so', () => {
    expect(readFileSync(join(root, 'docs', 'requirements.md'), 'utf8')).toBe(requirementsDocument(entries))
  })

  test('has every requirement once, each with a sentence and its source', () => {
    expect(entries).toHaveLength(159)
    expect(new Set(known).size).toBe(159)
    for (const { said } of entries) {
      expect(said.states).toMatch(/^[A-Z].*\.$/)
      expect(said.source).toMatch(/^[A-Za-z]/)
    }
  })

  test('has no requirement without either tests or a reason', () => {
    expect(entries.filter(({ tests, without }) => tests.length === 0 && without === 'open')).toEqual([])
  })

  test.each(Object.keys(catalogue.withoutTest))('%s has no test, so its reason is still needed', (named) => {
    expect(entries.find((one) => one.entry === named)?.tests).toEqual([])
  })

  test('has every requirement that a test names', () => {
    expect(tests.flatMap((one) => one.entries.filter((named) => !known.includes(named)))).toEqual([])
  })

  test('has every requirement that the sources cite', () => {
    expect(citedInSources().filter((named) => !known.includes(named))).toEqual([])
  })
})

describe('a requirement is named by', () => {
  test.each([
    ['the title of a test', `test('${entry(7)}: a title', () => {})`],
    ['the title of a table', `test.each([1, 2])('${entry(7)}: a title', () => {})`],
    ['a row', `test.each([['${entry(7)}: a title', 'XML_PI']])('%s', () => {})`],
    ['a group of tests', `describe('${entry(7)}: a title', () => {})`],
  ])('%s', (_, source) => {
    expect(titlesIn(source)).toEqual([`${entry(7)}: a title`])
  })
})

describe('a requirement is not named by', () => {
  test.each([
    ['what a test expects', `test('x', () => { expect(text).toContain('${entry(7)}: a title') })`],
    ['what a helper is told', `test('x', () => { expect(all).toEqual([found('DS_SIG', '${entry(7)} or so')]) })`],
    ['a cell with the number alone', `test.each([['XML_PI', '${entry(7)}', {}]])('%s', () => {})`],
  ])('%s', (_, source) => {
    expect(titlesIn(source)).toEqual([])
  })
})

function citedInSources(): readonly string[] {
  const folder = join(root, 'src')
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
  return paths.flatMap((path) => requirements.entriesIn(readFileSync(join(folder, path), 'utf8')))
}
