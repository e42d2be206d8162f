import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

/** The numbers of `docs/verify-path.md`, in its order. */
const rules = [...read('docs/verify-path.md').matchAll(/^(\d+)\. \*\*/gm)].map(([, number]) => Number(number))

/** Where a rule of the path is cited: "rule 5", "rules 7 and 19", "Rules 6 to 9, 14". */
const CITATION = /\b[Rr]ules? ((?:\d+)(?:(?:, | and | to |, and )\d+)*)\b/g

const sources = ['src', 'test'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(folder, path)),
)

const citations = sources.flatMap((file) =>
  [...read(file).matchAll(CITATION)].map(([, numbers = '']) => ({
    file,
    numbers: [...numbers.matchAll(/\d+/g)].map(([number]) => Number(number)),
  })),
)

test('the rules of the verify path are numbered without a gap', () => {
  expect(rules).toEqual(rules.map((_, index) => index + 1))
  expect(rules.length).toBeGreaterThan(20)
})

test('every rule of the verify path that the code or a test cites exists', () => {
  expect(citations.length).toBeGreaterThan(20)
  const missing = citations.filter(({ numbers }) => numbers.some((number) => !rules.includes(number)))
  expect(missing).toEqual([])
})
