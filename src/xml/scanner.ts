import { NodeFault } from '../errors/node-fault.ts'
import { checkAttribute } from './attributes.ts'
import { type Plain, plain, readText, readValue } from './characters.ts'
import { Cursor, malformed } from './cursor.ts'
import { clark, type QName, type XmlAttribute, type XmlElement } from './element.ts'
import type { XmlLimits } from './limits.ts'
import { checkDeclaration, outermost, type Scope } from './namespaces.ts'
import { readCharacters } from './octets.ts'
import { readName, type WrittenName } from './written-name.ts'

/*
 * The gate in front of libxml2 and, being the same code, the reader of canonical octets. It accepts a small XML 1.0: one
 * element tree in UTF-8 with the five entities and character references. DOCTYPE, processing instructions, CDATA and
 * (in messages) comments are refused, not skipped: each of them has made two parsers disagree about a signed message.
 * Linear in the octets; nothing is read that a limit has not admitted first.
 */

/** The element tree of a document. Faults: XML_*. The result is as trustworthy as the octets were. */
export function scan(octets: Uint8Array, limits: XmlLimits): XmlElement {
  const { source, start } = readCharacters(octets, limits)
  return new Scanner(new Cursor(source, start), plain(source), limits).document()
}

interface StartTag {
  readonly name: WrittenName
  /** Those with a prefix do not have their namespace yet. */
  readonly attributes: XmlAttribute[]
  readonly declared: Declared
  readonly isEmpty: boolean
}

type Declared = readonly (readonly [prefix: string, uri: string])[]

interface OpenedScope {
  readonly outer: Scope
  readonly declared: Declared
  readonly scope: Scope
}

const SLASH = 0x2f
const EQUALS = 0x3d
const LESS = 0x3c
const GREATER = 0x3e
const BANG = 0x21
const QUESTION = 0x3f
const QUOTE = 0x22
const APOSTROPHE = 0x27

class Scanner {
  readonly #cursor: Cursor
  readonly #plain: Plain
  readonly #limits: XmlLimits
  readonly #ids = new Set<string>()
  #opened: OpenedScope = { outer: outermost, declared: [], scope: outermost }
  #nodes = 0
  #declarations = 0

  constructor(cursor: Cursor, isPlain: Plain, limits: XmlLimits) {
    this.#cursor = cursor
    this.#plain = isPlain
    this.#limits = limits
  }

  document(): XmlElement {
    this.#outside()
    if (this.#cursor.unit() !== LESS) throw malformed('no root element')
    const root = this.#element(outermost, 1)
    this.#outside()
    if (!this.#cursor.isAtEnd) throw malformed('something after the root element')
    return root
  }

  /** White space, and comments where they are passed over, before and after the root. */
  #outside(): void {
    this.#cursor.space()
    while (this.#cursor.isAt('<!') || this.#cursor.isAt('<?')) {
      this.#skipComment()
      this.#cursor.space()
    }
  }

  /** From `<` to the end of the end tag. */
  #element(outer: Scope, depth: number): XmlElement {
    if (depth > this.#limits.depth) throw new NodeFault('XML_DEPTH')
    this.#count()
    const tag = this.#startTag()
    const scope = tag.declared.length === 0 ? outer : this.#inner(outer, tag.declared)
    const name = elementName(tag.name, scope)
    const { attributes } = tag
    if (attributes.length > 0) this.#resolve(attributes, scope, name)
    const children = tag.isEmpty ? [] : this.#content(tag.name, scope, depth)
    // Spelled out: a spread here doubles the time of the whole scan.
    return { namespace: name.namespace, local: name.local, prefix: name.prefix, attributes, children, scope }
  }

  #content(tag: WrittenName, scope: Scope, depth: number): readonly (XmlElement | string)[] {
    let children: (XmlElement | string)[] = []
    let text = ''
    for (;;) {
      text += this.#text()
      const next = this.#cursor.unit(1)
      if (next === BANG || next === QUESTION) {
        this.#skipComment()
        continue
      }
      if (text !== '') {
        this.#count()
        this.#bounded(text)
        // An array grows by many places at once; most have one child, which is text.
        if (children.length === 0) children = [text]
        else children.push(text)
        text = ''
      }
      if (next === SLASH) break
      children.push(this.#element(scope, depth + 1))
    }
    this.#endTag(tag)
    return children
  }

  #text(): string {
    if (this.#cursor.unit() === LESS) return ''
    const raw = this.#cursor.upToTag('an element is not closed')
    return this.#plain.text ? raw : readText(raw, this.#limits)
  }

  #endTag(tag: WrittenName): void {
    this.#cursor.advance(2)
    if (!this.#cursor.isAt(tag.written)) throw malformed('an end tag does not match')
    this.#cursor.advance(tag.written.length)
    this.#cursor.space()
    this.#cursor.expect(GREATER, 'an end tag does not match or is not closed')
  }

  /** From `<` to `>` or `/>`: values are normalised, names not yet resolved. */
  #startTag(): StartTag {
    this.#cursor.advance(1)
    const name = this.#name()
    const attributes: XmlAttribute[] = []
    const declared: [string, string][] = []
    while (this.#cursor.space() && !this.#isAtTagEnd()) {
      const { prefix, local } = this.#name()
      const value = this.#value()
      const isDefault = prefix === '' && local === 'xmlns'
      if (isDefault || prefix === 'xmlns') this.#declare(declared, isDefault ? '' : local, value)
      else attributes.push({ namespace: '', local, prefix, value })
      if (attributes.length > this.#limits.attributes) throw new NodeFault('XML_SIZE', 'attributes of one element')
    }
    const isEmpty = this.#cursor.unit() === SLASH
    if (isEmpty) this.#cursor.advance(1)
    this.#cursor.expect(GREATER, 'a tag is not closed')
    return { name, attributes, declared, isEmpty }
  }

  #isAtTagEnd(): boolean {
    const unit = this.#cursor.unit()
    return unit === GREATER || unit === SLASH
  }

  #declare(declared: [string, string][], prefix: string, uri: string): void {
    this.#declarations += 1
    if (this.#declarations > this.#limits.declarations) throw new NodeFault('XML_NS_COUNT')
    if (declared.some(([other]) => other === prefix)) throw malformed('a prefix is declared twice')
    checkDeclaration(prefix, uri, this.#limits)
    declared.push([prefix, uri])
  }

  #value(): string {
    this.#cursor.space()
    this.#cursor.expect(EQUALS, 'an attribute without value')
    this.#cursor.space()
    const unit = this.#cursor.unit()
    if (unit !== QUOTE && unit !== APOSTROPHE) throw malformed('an attribute value without quotes')
    const quote = unit === QUOTE ? '"' : "'"
    this.#cursor.advance(1)
    const raw = this.#cursor.withinTag(quote, 'an attribute value is not closed')
    if (raw === undefined) throw malformed('< in an attribute value')
    this.#cursor.advance(1)
    return this.#bounded(this.#plain.values ? raw : readValue(raw, this.#limits))
  }

  /** What is in scope inside an element; siblings that declare the same, as attribute values do, have one for all. */
  #inner(outer: Scope, declared: Declared): Scope {
    const last = this.#opened
    if (last.outer === outer && isSame(last.declared, declared)) return last.scope
    const scope = inner(outer, declared)
    this.#opened = { outer, declared, scope }
    return scope
  }

  /** Gives attributes their namespaces, where they stand, and judges them. */
  #resolve(attributes: XmlAttribute[], scope: Scope, owner: QName): void {
    let index = 0
    for (const given of attributes) {
      const attribute = resolved(given, scope)
      attributes[index] = attribute
      index += 1
      if (isSecond(attribute, attributes)) throw malformed(`the same attribute twice on ${clark(owner)}`)
      checkAttribute(attribute, owner, this.#ids, this.#limits)
      this.#count()
    }
  }

  #name(): WrittenName {
    return readName(this.#cursor, this.#limits)
  }

  /** At `<!` or `<?`: passes over a comment if that is allowed; everything else there is refused by its own name. */
  #skipComment(): void {
    if (this.#cursor.isAt('<?')) throw new NodeFault('XML_PI')
    if (this.#cursor.isAt('<!DOCTYPE')) throw new NodeFault('XML_DOCTYPE')
    if (this.#cursor.isAt('<![CDATA[')) throw new NodeFault('XML_CDATA')
    if (!this.#cursor.isAt('<!--')) throw malformed('<! without a meaning')
    if (this.#limits.comments === 'refuse') throw new NodeFault('XML_COMMENT')
    this.#cursor.advance(4)
    this.#cursor.upTo('--', 'a comment is not closed')
    this.#cursor.advance(2)
    this.#cursor.expect(GREATER, '-- in a comment')
  }

  #count(): void {
    this.#nodes += 1
    if (this.#nodes > this.#limits.nodes) throw new NodeFault('XML_SIZE', 'nodes')
  }

  #bounded(value: string): string {
    if (value.length > this.#limits.value) throw new NodeFault('XML_SIZE', 'a value')
    return value
  }
}

/** Whether an attribute before this one has its name. */
function isSecond(attribute: XmlAttribute, all: readonly XmlAttribute[]): boolean {
  for (const other of all) {
    if (other === attribute) return false
    if (other.local === attribute.local && other.namespace === attribute.namespace) return true
  }
  return false
}

function resolved(attribute: XmlAttribute, scope: Scope): XmlAttribute {
  const { local, prefix, value } = attribute
  if (prefix === '') return attribute
  const namespace = scope.get(prefix)
  if (namespace === undefined) throw malformed('an undeclared prefix')
  return { namespace, local, prefix, value }
}

function elementName({ prefix, local }: WrittenName, scope: Scope): QName {
  const namespace = scope.get(prefix)
  if (namespace !== undefined) return { namespace, local, prefix }
  if (prefix !== '') throw malformed('an undeclared prefix')
  throw new NodeFault('XML_NS', `element ${local} in no namespace`)
}

function isSame(a: Declared, b: Declared): boolean {
  if (a.length !== b.length) return false
  for (const [index, [prefix, uri]] of a.entries()) {
    const other = b[index]
    if (other?.[0] !== prefix || other[1] !== uri) return false
  }
  return true
}

function inner(outer: Scope, declared: Declared): Scope {
  const scope = new Map(outer)
  for (const [prefix, uri] of declared) scope.set(prefix, uri)
  return scope
}
