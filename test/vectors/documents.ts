import fc from '../testkit/properties.ts'

/*
 * XML documents as text, full of what canonicalisation has rules for: prefixes bound anew, bound without use and bound to
 * one namespace, attributes in any order, references, line ends, white space in tags, quotes of both kinds. Every element
 * has an ID.
 */

interface Branch {
  readonly declared: readonly (readonly [prefix: string, namespace: string])[]
  readonly prefix: number
  readonly attributes: readonly (readonly [prefix: number, local: string, value: string])[]
  readonly space: string
  readonly quote: string
  readonly children: readonly (Branch | string)[]
}

const pieces = (...of: readonly string[]): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...of), { maxLength: 4 }).map((all) => all.join(''))

const common = ['x', ' ', '\n', '\r\n', '\r', '\t', 'é', '\u{1f600}', '\ufeff', '\u0085', '\u2028']
const references = [
  '&amp;',
  '&lt;',
  '&gt;',
  '&quot;',
  '&apos;',
  '&#13;',
  '&#10;',
  '&#9;',
  '&#x1F600;',
  '&#38;',
  '&#60;',
]
const text = pieces(...common, ...references, '"', "'", '<!-- left out -->', ']]')
const value = pieces(...common, ...references, '>')

const prefix = fc.constantFrom('', 'a', 'b', 'c')
const namespace = fc.constantFrom('urn:one', 'urn:two', 'https://example.org/?a=b', 'urn:one#', 'urn:Zwei')

const { branch } = fc.letrec<{ branch: Branch }>((tie) => ({
  branch: fc.record({
    declared: fc.uniqueArray(fc.tuple(prefix, namespace), { maxLength: 3, selector: ([name]) => name }),
    prefix: fc.nat(),
    attributes: fc.array(fc.tuple(fc.nat(), fc.constantFrom('m', 'n', 'M', 'é'), value), { maxLength: 4 }),
    space: fc.constantFrom(' ', '\n', '\t', '\r\n  '),
    quote: fc.constantFrom('"', "'"),
    children: fc.array(fc.oneof({ maxDepth: 4 }, text, tie('branch')), { maxLength: 4 }),
  }),
}))

/** Well-formed documents of a few elements. */
export const generated: fc.Arbitrary<string> = fc
  .tuple(branch, fc.constantFrom('', '<?xml version="1.0"?>\n', "<?xml version='1.0' encoding='UTF-8'?>"))
  .map(([root, declaration]) => declaration + written(root, new Map([['a', 'urn:one']]), [], true))

function written(branch: Branch, above: ReadonlyMap<string, string>, path: readonly number[], isRoot = false): string {
  const declared = new Map([...(isRoot ? above : []), ...branch.declared])
  const scope = new Map([...above, ...declared])
  const start = tagName(branch, scope)
  const parts = [
    ...[...declared].map(([name, uri]) => [name === '' ? 'xmlns' : `xmlns:${name}`, uri] as const),
    ...attributesOf(branch, scope),
    ['ID', `_${path.join('.')}`] as const,
  ]
  const tag = parts.map(([name, content]) => `${branch.space}${name}=${quoted(content, branch.quote)}`).join('')
  const inside = branch.children.map((child, index) =>
    typeof child === 'string' ? child : written(child, scope, [...path, index]),
  )
  return inside.length === 0 ? `<${start}${tag}/>` : `<${start}${tag}>${inside.join('')}</${start}${branch.space}>`
}

function tagName(branch: Branch, scope: ReadonlyMap<string, string>): string {
  const names = [...scope.keys()].toSorted()
  const chosen = names[branch.prefix % names.length] ?? ''
  return chosen === '' ? 'e' : `${chosen}:e`
}

/** No two of one namespace and local name. */
function attributesOf(branch: Branch, scope: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  const prefixes = ['', ...[...scope.keys()].filter((name) => name !== '').toSorted()]
  const byName = new Map<string, readonly [string, string]>()
  for (const [at, local, content] of branch.attributes) {
    const chosen = prefixes[at % prefixes.length] ?? ''
    const uri = chosen === '' ? '' : (scope.get(chosen) ?? '')
    byName.set(`${uri} ${local}`, [chosen === '' ? local : `${chosen}:${local}`, content])
  }
  return [...byName.values()]
}

function quoted(content: string, quote: string): string {
  return quote + content.replaceAll(quote, '') + quote
}
