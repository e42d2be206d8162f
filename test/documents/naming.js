import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from '@swc/core'

/*
 * What the tests say of themselves: which entries of a catalogue a title, or a row of a table, names, and the fault codes
 * that stand in it or in the code that runs it. A numbering says how the entries of a catalogue are written.
 */

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Entries such as A-007: the part before the last hyphen, and the digits, filled up with zeros to so many. */
export function numbering(prefixes, digits = 1) {
  const part = `(${prefixes.join('|')})-(\\d{${digits},})`
  const all = new RegExp(`\\b${part}\\b(?: to \\1-(\\d{${digits},})\\b)?`, 'g')
  const alone = new RegExp(`^${part}$`)
  return {
    /** Every entry that a text names, ranges spelt out. */
    entriesIn(text) {
      const entries = [...text.matchAll(all)].flatMap(([, prefix, first, last = first]) =>
        Array.from({ length: last - first + 1 }, (_, index) => {
          return `${prefix}-${String(Number(first) + index).padStart(digits, '0')}`
        }),
      )
      return [...new Set(entries)]
    },
    isAlone: (text) => alone.test(text),
    /** What a text says beside its numbers. */
    wordsOf: (text) => text.replace(all, '').trim(),
  }
}

/** What one test file says: `{ title, entries, codes }` for each title or row that names an entry. */
export function testsIn(source, numbers, isCode) {
  const module = parseSync(source, { syntax: 'typescript', target: 'es2022' })
  const found = []
  walk(module, [], (node, above) => {
    const text = textOf(node) ?? ''
    const entries = numbers.entriesIn(text)
    if (entries.length === 0) return
    const title = titleOf(text, above.at(-1), numbers)
    const codes = [[node], ...scopesOf(module, above)].map((scope) => codesIn(scope, numbers, isCode))
    const isTitle = isSaidOfTest(above) && numbers.wordsOf(title) !== ''
    found.push({ title, isTitle, entries, codes: codes.find(({ length }) => length > 0) ?? [] })
  })
  return found
}

/** What all suites say, with the path of each below `test`. */
export function allTests(numbers) {
  const faults = readFileSync(join(root, 'src', 'errors', 'faults.ts'), 'utf8')
  const codes = new Set([...faults.matchAll(/^ {2}([A-Z][A-Z0-9_]+): row\(/gm)].map(([, code]) => code))
  return readdirSync(join(root, 'test'), { recursive: true })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.test.ts'))
    .sort()
    .flatMap((path) => {
      const tests = testsIn(readFileSync(join(root, 'test', path), 'utf8'), numbers, (word) => codes.has(word))
      return tests.map((test) => ({ path, ...test }))
    })
}

/** Where the code of a refusal may stand, from near to far: the row, the calls around it, the calls that use its table. */
function scopesOf(module, above) {
  const table = above.findLast(({ type }) => type === 'VariableDeclarator')?.id
  const uses = []
  walk(module, [], (node, around) => {
    if (table !== undefined && node !== table && isName(node, table.value)) uses.push(...callsOf(around))
  })
  const row = above.findLast(({ type }) => type === 'ArrayExpression')
  return [...(row === undefined ? [] : [row.elements]), ...callsOf(above), ...uses].map((scope) => [scope].flat())
}

function callsOf(above) {
  const block = above.findLastIndex(({ type }) => type === 'BlockStatement')
  const calls = above.slice(block + 1).filter(({ type }) => type === 'CallExpression')
  return calls.reverse().map((call) => [call.callee, ...call.arguments])
}

/** The codes that stand somewhere in there, but not in a row or test that names an entry of its own. */
function codesIn(nodes, numbers, isCode) {
  const words = []
  walk(nodes, [], (node, above) => {
    if (!above.some((outer) => namesEntry(outer, numbers))) words.push(...((textOf(node) ?? '').match(/\w+/g) ?? []))
  })
  return [...new Set(words.filter(isCode))]
}

function namesEntry({ type, elements, arguments: args }, numbers) {
  const parts = type === 'ArrayExpression' ? elements : type === 'CallExpression' ? args : []
  return parts.some((part) => numbers.entriesIn(textOf(part?.expression ?? {}) ?? '').length > 0)
}

/** A row may have the entry in a cell of its own, and its title in the next. */
function titleOf(text, row, numbers) {
  if (!numbers.isAlone(text)) return text
  const cells = row?.elements?.map(({ expression }) => textOf(expression)) ?? []
  return `${text} ${cells[cells.indexOf(text) + 1] ?? ''}`.trim()
}

/** Whether a text names a test, or stands in a row of a table, and is not what a test expects of the code. */
function isSaidOfTest(above) {
  const nearest = above.findLast(({ type }) => ['ArrayExpression', 'CallExpression', 'BlockStatement'].includes(type))
  return nearest?.type === 'ArrayExpression' || ['describe', 'it', 'test'].includes(calledName(nearest))
}

/** `test` of `test(…)` and of `test.each(…)(…)`. */
function calledName(node) {
  const inner = node?.callee ?? node?.object ?? node?.tag
  return inner === undefined ? node?.value : calledName(inner)
}

function isName({ type, value }, name) {
  return type === 'Identifier' && value === name
}

function textOf({ type, value, quasis }) {
  if (type === 'StringLiteral') return value
  return type === 'TemplateLiteral' ? quasis?.map(({ raw }) => raw).join('…') : undefined
}

function walk(value, above, visit) {
  if (typeof value !== 'object' || value === null) return
  const isNode = value.type !== undefined
  if (isNode) visit(value, above)
  const below = isNode ? [...above, value] : above
  for (const child of Object.values(value)) walk(child, below, visit)
}
