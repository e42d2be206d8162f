import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { parseSync } from '@swc/core'

/** One import, export-from, import() or import type of a module. */
export interface ImportEdge {
  /** Path of the importing file from the root of the sources, with `/`. */
  readonly from: string
  /** The same for a file of ours; the package or `node:` name for anything else. */
  readonly to: string
  /** Names that are imported; `*` for all of them. */
  readonly names: readonly string[]
}

/** Every import of every TypeScript file below a folder. */
export function importsBelow(folder: string): readonly ImportEdge[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts'))
    .toSorted()
    .flatMap((path) => importsOf(path, readFileSync(join(folder, path), 'utf8')))
}

/** Every import of one file; the compiler's parser finds them, so comments and strings do not. */
export function importsOf(from: string, source: string): readonly ImportEdge[] {
  const found: ImportEdge[] = []
  walk(parseSync(source, { syntax: 'typescript', target: 'es2022' }), (node) => {
    const specifier = specifierOf(node)
    if (specifier !== undefined) found.push({ from, to: resolve(from, specifier), names: namesOf(node) })
  })
  return found
}

type Node = Readonly<Record<string, unknown>>

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit)
  } else if (isNode(value)) {
    visit(value)
    for (const child of Object.values(value)) walk(child, visit)
  }
}

const declarations = ['ImportDeclaration', 'ExportAllDeclaration', 'ExportNamedDeclaration']

function specifierOf(node: Node): string | undefined {
  if (declarations.includes(String(node['type']))) return stringOf(node['source'])
  if (node['type'] === 'TsImportType') return stringOf(node['argument'])
  if (node['type'] === 'TsExternalModuleReference') return stringOf(node['expression'])
  return node['type'] === 'CallExpression' ? calledModule(node) : undefined
}

/** `import('x')` and `require('x')`; what they load must be a literal, or the walls could not be checked. */
function calledModule({ callee, arguments: args }: Node): string | undefined {
  const calls = isNode(callee) && (callee['type'] === 'Import' || callee['value'] === 'require')
  if (!calls) return undefined
  const [first] = Array.isArray(args) ? args : []
  return stringOf(isNode(first) ? first['expression'] : undefined) ?? '(computed)'
}

function stringOf(node: unknown): string | undefined {
  return isNode(node) && node['type'] === 'StringLiteral' ? String(node['value']) : undefined
}

function namesOf({ specifiers }: Node): readonly string[] {
  if (!Array.isArray(specifiers)) return ['*']
  return specifiers.filter(isNode).map((specifier) => {
    if (specifier['type'] === 'ImportDefaultSpecifier') return 'default'
    const name = specifier['imported'] ?? specifier['orig'] ?? specifier['local']
    const isNamed = specifier['type'] === 'ImportSpecifier' || specifier['type'] === 'ExportSpecifier'
    return isNamed && isNode(name) ? String(name['value']) : '*'
  })
}

function resolve(from: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier)
  if (specifier.startsWith('node:')) return specifier
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}
