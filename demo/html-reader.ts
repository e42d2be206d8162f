/**
 * Reads what a user agent needs of a page: its forms, links and marked elements. A small tokenizer for HTML as our
 * parties write it: comments and raw text skipped, attributes in any order and any quotes, references decoded.
 */

export interface Control {
  readonly name: string
  readonly value: string
  /** `submit` for every kind of submit button; otherwise input's type, `select` or `textarea`. */
  readonly kind: string
  /** For radio, checkbox and a select's options: whether it goes with the form as it stands. */
  readonly chosen: boolean
}

export interface Form {
  readonly action: string
  readonly method: 'get' | 'post'
  readonly controls: readonly Control[]
}

export interface MarkedElement {
  readonly attributes: ReadonlyMap<string, string>
  readonly text: string
}

type Attributes = ReadonlyMap<string, string>
type Token =
  | { readonly kind: 'open'; readonly name: string; readonly attributes: Attributes; readonly empty: boolean }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string }

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' }
const VOID = ['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr']
const TOKEN =
  /<!--[\s\S]*?-->|<(script|style)\b[\s\S]*?<\/\1\s*>|<![^>]*>|<(\/?)([a-z][^\s/>]*)((?:"[^"]*"|'[^']*'|[^'">])*)>|[^<]+|</gi
const ATTRIBUTE = /([^\s=/>"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/g

function decodeReferences(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (reference, decimal, hex, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number.parseInt(decimal, 10))
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
    return NAMED[name] ?? reference
  })
}

function readAttributes(source: string): Attributes {
  const attributes = new Map<string, string>()
  for (const [, name = '', double, single, bare] of source.matchAll(ATTRIBUTE)) {
    const key = name.toLowerCase()
    if (!attributes.has(key)) attributes.set(key, decodeReferences(double ?? single ?? bare ?? ''))
  }
  return attributes
}

function* tokens(page: string): Generator<Token> {
  for (const [whole, raw, slash, name, rest = ''] of page.matchAll(TOKEN)) {
    if (raw !== undefined || whole.startsWith('<!')) continue
    if (name === undefined) yield { kind: 'text', text: decodeReferences(whole) }
    else if (slash) yield { kind: 'close', name: name.toLowerCase() }
    else yield openTag(name.toLowerCase(), rest)
  }
}

function openTag(name: string, rest: string): Token {
  return { kind: 'open', name, attributes: readAttributes(rest), empty: VOID.includes(name) }
}

/** The page's forms in document order, each with its controls; disabled controls and those without a name left out. */
export function readForms(page: string): readonly Form[] {
  const forms: { action: string; method: 'get' | 'post'; controls: Control[] }[] = []
  let open = false
  let select: string | undefined
  for (const token of tokens(page)) {
    if (token.kind === 'close' && token.name === 'form') open = false
    if (token.kind === 'close' && token.name === 'select') select = undefined
    if (token.kind !== 'open') continue
    const { name, attributes } = token
    if (name === 'form') {
      const method = attributes.get('method')?.toLowerCase() === 'post' ? 'post' : 'get'
      forms.push({ action: attributes.get('action') ?? '', method, controls: [] })
      open = true
    }
    if (name === 'select') select = attributes.get('name')
    const control = open ? readControl(name, attributes, select) : undefined
    if (control !== undefined) forms.at(-1)?.controls.push(control)
  }
  return forms
}

function readControl(element: string, attributes: Attributes, select: string | undefined): Control | undefined {
  if (attributes.has('disabled')) return undefined
  const value = attributes.get('value') ?? ''
  if (element === 'option') {
    return select === undefined
      ? undefined
      : { name: select, value, kind: 'select', chosen: attributes.has('selected') }
  }
  const kind = kindOf(element, attributes.get('type')?.toLowerCase())
  const name = attributes.get('name') ?? ''
  if (kind === undefined || (name === '' && kind !== 'submit')) return undefined
  const choice = kind === 'radio' || kind === 'checkbox'
  return { name, value: choice && value === '' ? 'on' : value, kind, chosen: choice ? attributes.has('checked') : true }
}

function kindOf(element: string, type: string | undefined): string | undefined {
  if (element === 'textarea') return 'textarea'
  if (element === 'button') return type === 'button' || type === 'reset' ? undefined : 'submit'
  if (element !== 'input' || type === 'button' || type === 'reset') return undefined
  return type === 'image' ? 'submit' : (type ?? 'text')
}

/** Every element that has this attribute, with the text inside it. */
export function readMarked(page: string, attribute: string): readonly MarkedElement[] {
  const found: { attributes: Attributes; text: string; depth: number }[] = []
  const done: MarkedElement[] = []
  let depth = 0
  for (const token of tokens(page)) {
    if (token.kind === 'text') for (const element of found) element.text += token.text
    if (token.kind === 'close') {
      const element = found.at(-1)
      if (element?.depth === depth) done.push(...found.splice(-1).map(({ attributes, text }) => ({ attributes, text })))
      depth -= 1
    }
    if (token.kind === 'open' && !token.empty) {
      depth += 1
      if (token.attributes.has(attribute)) found.push({ attributes: token.attributes, text: '', depth })
    }
  }
  return done
}

/** Where the page leads by itself (meta refresh), if it does. */
export function readRefresh(page: string): string | undefined {
  for (const token of tokens(page)) {
    if (token.kind !== 'open' || token.name !== 'meta') continue
    if (token.attributes.get('http-equiv')?.toLowerCase() !== 'refresh') continue
    return /^\s*\d+\s*;\s*url\s*=\s*['"]?([^'"]+)/i.exec(token.attributes.get('content') ?? '')?.[1]
  }
  return undefined
}
