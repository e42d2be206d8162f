import { type Document, isCollection, isMap, isNode, isPair, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import { invalid, type Place } from './problem.ts'

/*
 * The configuration file as text: YAML 1.2, of which JSON is a part. `no` is a text (Norway) and not false, as the core
 * schema has it. Nothing of the text is quoted: a value could be a secret in the wrong place.
 */

export interface ConfigText {
  readonly value: unknown
  /** Where the value of a path stands, or the object that lacks it. */
  placeOf(path: readonly PropertyKey[]): Place | undefined
}

const words: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'the same key stands twice in one object',
  BAD_INDENT: 'the indentation does not fit the lines before',
  TAB_AS_INDENT: 'a tab indents; YAML takes blanks',
  MISSING_CHAR: 'a comma, colon, quote or bracket is missing',
  MULTIPLE_DOCS: 'a second document begins; one file holds one',
  MULTILINE_IMPLICIT_KEY: 'a key goes over several lines; is a colon or a quote missing above?',
  BLOCK_AS_IMPLICIT_KEY: 'a nested object begins on the line of another; is the indentation right?',
  BAD_ALIAS: 'an alias without its anchor',
  TAG_RESOLVE_FAILED: 'a tag (!name) has no meaning here',
}

const OPTIONS = { version: '1.2', schema: 'core', strict: true, uniqueKeys: true, prettyErrors: false } as const

/** Reads the text of a configuration file. Fault: CFG_INVALID, with the line and column of each problem. */
export function readConfigText(text: string, file?: string): ConfigText {
  const lines = new LineCounter()
  const document = parseDocument(text, { ...OPTIONS, lineCounter: lines })
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  const problems = [...document.errors, ...document.warnings].map(({ code, pos: [start] }) => ({
    path: [],
    place: at(start),
    message: Object.hasOwn(words, code) ? (words[code] ?? '') : 'is neither YAML nor JSON from here on',
  }))
  if (problems.length > 0) throw invalid(problems, file)
  const poison = poisonIn(document)
  if (poison !== undefined)
    throw invalid([{ path: [], place: at(poison), message: 'the key __proto__ is never one' }], file)
  return { value: document.toJS(), placeOf: (path) => placeIn(document, path, at) }
}

/** where a record would drop a key without a word. */
function poisonIn(document: Document): number | undefined {
  let found: number | undefined
  visit(document, {
    Pair(_, { key }) {
      if (!isScalar(key) || key.value !== '__proto__') return undefined
      found = key.range?.[0] ?? 0
      return visit.BREAK
    },
  })
  return found
}

function placeIn(document: Document, path: readonly PropertyKey[], at: (offset: number) => Place): Place | undefined {
  let place = offsetOf(document.contents)
  let node: unknown = document.contents
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === String(step))
      if (pair === undefined) break
      place = offsetOf(pair.key) ?? place
      node = pair.value
    } else {
      node = isCollection(node) && typeof step === 'number' ? node.get(step, true) : undefined
      place = offsetOf(node) ?? place
    }
  }
  return place === undefined ? undefined : at(place)
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) || isPair(node) ? (Reflect.get(node, 'range')?.[0] ?? undefined) : undefined
}
