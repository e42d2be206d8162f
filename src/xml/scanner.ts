import { NodeFault } from '../errors/node-fault.ts'
import { collectIdentifier, type Identifiers } from './attributes.ts'
import { isNcName, type Plain, plain, readText, readValue, withLineFeeds } from './characters.ts'
import { Cursor, malformed } from './cursor.ts'
import { clark, type Instruction, type QName, type XmlAttribute, type XmlElement } from './element.ts'
import type { XmlLimits } from './limits.ts'
import { ns } from './names.ts'
import { checkDeclaration, isUsable, outermost, type Scope } from './namespaces.ts'
import { readCharacters } from './octets.ts'
import { readName, type WrittenName } from './written-name.ts'

/*
 * The gate in front of libxml2 and, being the same code, the reader of canonical octets. It accepts a small XML 1.0: one
 * element tree in UTF-8 with the five entities and character references. DOCTYPE is refused, and in messages processing
 * instructions, CDATA and comments too: each of them has made two parsers disagree about a signed message. Names and
 * namespaces are whatever XML lets them be; what is not used is not judged. Linear in the octets; nothing is read that a
 * limit has not admitted first.
 */

export interface Scanned {
  readonly root: XmlElement
  /** Processing instructions before and after the root, as the canonical form of the whole document has them. */
  readonly before: string
  readonly after: string
  /** Whether an element other than an AttributeValue has an attribute that is meant for schema validators. */
  readonly speaksToValidators: boolean
  /** The document with harmless namespaces in place of those that no name can use; undefined when there are none. */
  readonly usable: () => Uint8Array | undefined
}

/** The element tree of a document. Faults: XML_*. The result is as trustworthy as the octets were. */
export function scan(octets: Uint8Array, limits: XmlLimits): XmlElement {
  return scanDocument(octets, limits).root
}

/** As scan, with what is known of the document beside its tree. */
export function scanDocument(octets: Uint8Array, limits: XmlLimits): Scanned {
  const { source, start } = readCharacters(octets, limits)
  return new Scanner(source, new Cursor(source, start), limits).document()
}

interface StartTag {
  readonly name: WrittenName
  /** Those with a prefix do not have their namespace yet. */
  readonly attributes: XmlAttribute[]
  readonly declared: Declared
  readonly isEmpty: boolean
}

type Declared = readonly (readonly [prefix: string, uri: string])[]

/** Characters of the document, from the first to before the last. */
type Range = readonly [start: number, end: number]

interface Content {
  readonly children: readonly (XmlElement | string)[]
  readonly instructions: readonly Instruction[]
}

const noInstructions: readonly Instruction[] = []
const noContent: Content = { children: [], instructions: noInstructions }

/** Instead of a namespace that no name can use. */
const HARMLESS = 'urn:x'

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

/** Target, and data after white space. */
const INSTRUCTION = /^([^ \t\r\n]+)(?:[ \t\r\n]+([\s\S]*))?$/

class Scanner {
  readonly #source: string
  readonly #cursor: Cursor
  readonly #plain: Plain
  readonly #limits: XmlLimits
  readonly #identifiers: Identifiers = { own: new Set(), foreign: new Set() }
  readonly #unusable: Range[] = []
  readonly #unusableNamespaces = new Set<string>()
  #opened: OpenedScope = { outer: outermost, declared: [], scope: outermost }
  #nodes = 0
  #scopes = 0
  #speaksToValidators = false

  constructor(source: string, cursor: Cursor, limits: XmlLimits) {
    this.#source = source
    this.#cursor = cursor
    this.#plain = plain(source)
    this.#limits = limits
  }

  document(): Scanned {
    const before = this.#outside()
    if (this.#cursor.unit() !== LESS) throw malformed('no root element')
    const root = this.#element(outermost, 1)
    const after = this.#outside()
    if (!this.#cursor.isAtEnd) throw malformed('something after the root element')
    return {
      root,
      before: before.map((instruction) => `${instruction}\n`).join(''),
      after: after.map((instruction) => `\n${instruction}`).join(''),
      speaksToValidators: this.#speaksToValidators,
      usable: () => (this.#unusable.length === 0 ? undefined : this.#usable()),
    }
  }

  #usable(): Uint8Array {
    let out = ''
    let done = 0
    for (const [start, end] of this.#unusable) {
      out += this.#source.slice(done, start) + HARMLESS
      done = end
    }
    return Buffer.from(out + this.#source.slice(done), 'utf8')
  }

  /** White space and markup before and after the root; gives the processing instructions. */
  #outside(): readonly string[] {
    const instructions: string[] = []
    this.#cursor.space()
    while (this.#cursor.isAt('<!') || this.#cursor.isAt('<?')) {
      if (this.#cursor.isAt('<?')) instructions.push(this.#instruction())
      else if (this.#cursor.isAt('<![CDATA[')) throw new NodeFault('XML_CDATA', 'outside the root element')
      else this.#skipComment()
      this.#cursor.space()
    }
    return instructions
  }

  /** From `<` to the end of the end tag. */
  #element(outer: Scope, depth: number): XmlElement {
    if (depth > this.#limits.depth) throw new NodeFault('XML_DEPTH')
    this.#count()
    const tag = this.#startTag()
    const scope = tag.declared.length === 0 ? outer : this.#inner(outer, tag.declared)
    const name = elementName(tag.name, scope)
    this.#expectUsable(name)
    const { attributes } = tag
    if (attributes.length > 0) this.#resolve(attributes, scope, name)
    const { children, instructions } = tag.isEmpty ? noContent : this.#content(tag.name, scope, depth)
    // Spelled out: a spread here doubles the time of the whole scan.
    const element = { namespace: name.namespace, local: name.local, prefix: name.prefix, attributes, children, scope }
    return instructions.length === 0 ? element : { ...element, instructions }
  }

  #content(tag: WrittenName, scope: Scope, depth: number): Content {
    let children: (XmlElement | string)[] = []
    const instructions: Instruction[] = []
    let text = ''
    for (;;) {
      text += this.#text()
      const next = this.#cursor.unit(1)
      if (next === QUESTION) {
        const written = this.#instruction()
        instructions.push({ child: children.length, offset: text.length, written })
        continue
      }
      if (next === BANG) {
        if (this.#cursor.isAt('<![CDATA[')) text += this.#characterData()
        else this.#skipComment()
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
    return { children, instructions: instructions.length === 0 ? noInstructions : instructions }
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
    if (declared.length >= this.#limits.declarations) throw new NodeFault('XML_NS_COUNT', 'on one element')
    if (declared.some(([other]) => other === prefix)) throw malformed('a prefix is declared twice')
    checkDeclaration(prefix, uri, this.#limits)
    if (!isUsable(uri)) this.#keepUnusable(uri)
    declared.push([prefix, uri])
  }

  /** Right after the value of the declaration, whose quotation marks are the last two of their kind. */
  #keepUnusable(uri: string): void {
    const end = this.#cursor.at - 1
    this.#unusable.push([this.#source.lastIndexOf(this.#source.charAt(end), end - 1) + 1, end])
    this.#unusableNamespaces.add(uri)
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
    if (scope.size > this.#limits.declarations) throw new NodeFault('XML_NS_COUNT', 'in scope at one place')
    this.#scopes += scope.size
    if (this.#scopes > this.#limits.scopes + this.#source.length / 4) throw new NodeFault('XML_NS_COUNT')
    this.#opened = { outer, declared, scope }
    return scope
  }

  /** Gives attributes their namespaces, where they stand, and judges them. */
  #resolve(attributes: XmlAttribute[], scope: Scope, owner: QName): void {
    let index = 0
    for (const given of attributes) {
      const attribute = resolved(given, scope)
      this.#expectUsable(attribute)
      attributes[index] = attribute
      index += 1
      if (isSecond(attribute, attributes)) throw malformed(`the same attribute twice on ${clark(owner)}`)
      collectIdentifier(attribute, owner, this.#identifiers)
      if (attribute.namespace === ns.xsi && owner.local !== 'AttributeValue') this.#speaksToValidators = true
      this.#count()
    }
  }

  #expectUsable({ namespace, prefix }: QName): void {
    if (this.#unusable.length === 0 || !this.#unusableNamespaces.has(namespace)) return
    throw new NodeFault('XML_NS', `a name with prefix '${prefix}', whose namespace has no canonical form`)
  }

  #name(): WrittenName {
    return readName(this.#cursor, this.#limits)
  }

  /** At `<?`. XML 1.0, 2.6, and Canonical XML 1.0, 2.3: target and data with one space between. */
  #instruction(): string {
    if (this.#limits.markup === 'refuse') throw new NodeFault('XML_PI')
    this.#count()
    this.#cursor.advance(2)
    const whole = this.#cursor.upTo('?>', 'a processing instruction is not closed')
    this.#cursor.advance(2)
    const [, target = '', data = ''] = INSTRUCTION.exec(this.#bounded(whole)) ?? []
    if (!isNcName(target) || target.toLowerCase() === 'xml') throw malformed('the target of a processing instruction')
    return data === '' ? `<?${target}?>` : `<?${target} ${withLineFeeds(data)}?>`
  }

  /** At `<![CDATA[`. XML 1.0, 2.7: text, as it stands. */
  #characterData(): string {
    if (this.#limits.markup === 'refuse') throw new NodeFault('XML_CDATA')
    this.#cursor.advance('<![CDATA['.length)
    const data = this.#cursor.upTo(']]>', 'a CDATA section is not closed')
    this.#cursor.advance(']]>'.length)
    return withLineFeeds(data)
  }

  /** At `<!`: passes over a comment if that is allowed; everything else there is refused by its own name. */
  #skipComment(): void {
    if (this.#cursor.isAt('<!DOCTYPE')) throw new NodeFault('XML_DOCTYPE')
    if (!this.#cursor.isAt('<!--')) throw malformed('<! without a meaning')
    if (this.#limits.markup === 'refuse') throw new NodeFault('XML_COMMENT')
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
  if (namespace === undefined && prefix !== '') throw malformed('an undeclared prefix')
  return { namespace: namespace ?? '', local, prefix }
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
