import { NodeFault } from '../errors/node-fault.ts'
import { checkAttribute } from './attributes.ts'
import { isAsciiNcName, isNcName, readText, readValue } from './characters.ts'
import { clark, type XmlAttribute, type XmlElement } from './element.ts'
import type { XmlLimits } from './limits.ts'
import { checkDeclaration, outermost, type Scope } from './namespaces.ts'
import { readCharacters } from './octets.ts'

/*
 * The gate in front of libxml2 and, being the same code, the reader of canonical octets. It accepts a small XML 1.0: one
 * element tree in UTF-8 with the five entities and character references. DOCTYPE, processing instructions, CDATA and
 * (in messages) comments are refused, not skipped: each of them has made two parsers disagree about a signed message.
 * Linear in the octets; nothing is read that a limit has not admitted first.
 */

/** The element tree of a document. Faults: XML_*. The result is as trustworthy as the octets were. */
export function scan(octets: Uint8Array, limits: XmlLimits): XmlElement {
  const { source, start } = readCharacters(octets, limits)
  return new Scanner(source, start, limits).document()
}

interface RawName {
  readonly prefix: string
  readonly local: string
}

interface RawAttribute {
  readonly name: RawName
  readonly value: string
}

class Scanner {
  readonly #source: string
  readonly #limits: XmlLimits
  readonly #names = new Map<string, RawName>()
  readonly #ids = new Set<string>()
  #at: number
  #nodes = 0
  #declarations = 0

  constructor(source: string, start: number, limits: XmlLimits) {
    this.#source = source
    this.#at = start
    this.#limits = limits
  }

  document(): XmlElement {
    this.#outside()
    if (this.#source[this.#at] !== '<') throw malformed('no root element')
    const root = this.#element(outermost, 1)
    this.#outside()
    if (this.#at < this.#source.length) throw malformed('something after the root element')
    return root
  }

  /** White space, and comments where they are passed over, before and after the root. */
  #outside(): void {
    this.#space()
    while (this.#source.startsWith('<!', this.#at) || this.#source.startsWith('<?', this.#at)) {
      this.#skipComment()
      this.#space()
    }
  }

  /** From `<` to the end of the end tag. */
  #element(outer: Scope, depth: number): XmlElement {
    if (depth > this.#limits.depth) throw new NodeFault('XML_DEPTH')
    this.#count()
    this.#at += 1
    const tag = this.#name()
    const { attributes: raw, declared } = this.#attributes()
    const empty = this.#isEmptyTag()
    const scope = declared.length === 0 ? outer : inner(outer, declared)
    const name = this.#elementName(tag, scope)
    const attributes = this.#resolve(raw, scope, name)
    const children = empty ? [] : this.#content(tag, scope, depth)
    // Spelled out: a spread here doubles the time of the whole scan.
    return { namespace: name.namespace, local: name.local, prefix: name.prefix, attributes, children, scope }
  }

  #content(tag: RawName, scope: Scope, depth: number): readonly (XmlElement | string)[] {
    const children: (XmlElement | string)[] = []
    let text = ''
    const endText = (): void => {
      if (text === '') return
      this.#count()
      children.push(this.#bounded(text))
      text = ''
    }
    for (;;) {
      text += this.#text()
      const next = this.#source.charCodeAt(this.#at + 1)
      if (next === 0x2f /* / */) break
      if (next === 0x21 /* ! */ || next === 0x3f /* ? */) {
        this.#skipComment()
      } else {
        endText()
        children.push(this.#element(scope, depth + 1))
      }
    }
    endText()
    this.#endTag(tag)
    return children
  }

  /** Characters up to the next `<`. */
  #text(): string {
    const end = this.#source.indexOf('<', this.#at)
    if (end < 0) throw malformed('an element is not closed')
    if (end === this.#at) return ''
    const raw = this.#source.slice(this.#at, end)
    this.#at = end
    return readText(raw, this.#limits)
  }

  #endTag(tag: RawName): void {
    this.#at += 2
    if (this.#name() !== tag) throw malformed('an end tag does not match')
    this.#space()
    if (this.#source[this.#at] !== '>') throw malformed('an end tag is not closed')
    this.#at += 1
  }

  #isEmptyTag(): boolean {
    const empty = this.#source[this.#at] === '/'
    if (empty) this.#at += 1
    if (this.#source[this.#at] !== '>') throw malformed('a tag is not closed')
    this.#at += 1
    return empty
  }

  /** Attributes and declarations up to `>` or `/`, values normalised, names not yet resolved. */
  #attributes(): { readonly attributes: readonly RawAttribute[]; readonly declared: readonly [string, string][] } {
    const attributes: RawAttribute[] = []
    const declared: [string, string][] = []
    while (this.#space() && !this.#atTagEnd()) {
      const name = this.#name()
      const value = this.#value()
      if (name.prefix === 'xmlns') this.#declare(declared, name.local, value)
      else if (name.prefix === '' && name.local === 'xmlns') this.#declare(declared, '', value)
      else attributes.push({ name, value })
      if (attributes.length > this.#limits.attributes) throw new NodeFault('XML_SIZE', 'attributes of one element')
    }
    return { attributes, declared }
  }

  #declare(declared: [string, string][], prefix: string, uri: string): void {
    this.#declarations += 1
    if (this.#declarations > this.#limits.declarations) throw new NodeFault('XML_NS_COUNT')
    if (declared.some(([other]) => other === prefix)) throw malformed('a prefix is declared twice')
    checkDeclaration(prefix, uri, this.#limits)
    declared.push([prefix, uri])
  }

  #value(): string {
    this.#space()
    if (this.#source[this.#at] !== '=') throw malformed('an attribute without value')
    this.#at += 1
    this.#space()
    const quote = this.#source[this.#at]
    if (quote !== '"' && quote !== "'") throw malformed('an attribute value without quotes')
    const end = this.#source.indexOf(quote, this.#at + 1)
    if (end < 0) throw malformed('an attribute value is not closed')
    const raw = this.#source.slice(this.#at + 1, end)
    this.#at = end + 1
    return this.#bounded(readValue(raw, this.#limits))
  }

  #elementName(
    tag: RawName,
    scope: Scope,
  ): { readonly namespace: string; readonly local: string; readonly prefix: string } {
    const namespace = scope.get(tag.prefix)
    if (namespace !== undefined) return { namespace, local: tag.local, prefix: tag.prefix }
    if (tag.prefix !== '') throw malformed('an undeclared prefix')
    throw new NodeFault('XML_NS', `element ${tag.local} in no namespace`)
  }

  #resolve(
    raw: readonly RawAttribute[],
    scope: Scope,
    owner: { namespace: string; local: string },
  ): readonly XmlAttribute[] {
    const attributes: XmlAttribute[] = []
    for (const { name, value } of raw) {
      const { prefix, local } = name
      const namespace = prefix === '' ? '' : scope.get(prefix)
      if (namespace === undefined) throw malformed('an undeclared prefix')
      if (attributes.some((other) => other.local === local && other.namespace === namespace)) {
        throw malformed(`the same attribute twice on ${clark(owner)}`)
      }
      const attribute = { namespace, local, prefix, value }
      checkAttribute(attribute, owner, this.#ids, this.#limits)
      this.#count()
      attributes.push(attribute)
    }
    return attributes
  }

  /** A qualified name; the same characters give the same record. */
  #name(): RawName {
    const start = this.#at
    while (mayContinueName(this.#source.charCodeAt(this.#at))) this.#at += 1
    const written = this.#source.slice(start, this.#at)
    const known = this.#names.get(written)
    if (known !== undefined) return known
    const name = this.#qualified(written)
    this.#names.set(written, name)
    return name
  }

  #qualified(written: string): RawName {
    if (written.length > this.#limits.name) throw new NodeFault('XML_SIZE', 'a name')
    const colon = written.indexOf(':')
    const name = { prefix: colon < 0 ? '' : written.slice(0, colon), local: written.slice(colon + 1) }
    if (!isNcName(name.local) || (colon >= 0 && !isNcName(name.prefix))) throw malformed('not a qualified name')
    // The closed vocabularies have names in ASCII only; anything else is a look-alike.
    if (this.#limits.namespaces !== 'any' && !isAsciiNcName(written.replace(':', '_')))
      throw new NodeFault('XML_NS', 'a name')
    return name
  }

  /** At `<!` or `<?`: passes over a comment if that is allowed; everything else there is refused by its own name. */
  #skipComment(): void {
    if (this.#source.startsWith('<?', this.#at)) throw new NodeFault('XML_PI')
    if (this.#source.startsWith('<!DOCTYPE', this.#at)) throw new NodeFault('XML_DOCTYPE')
    if (this.#source.startsWith('<![CDATA[', this.#at)) throw new NodeFault('XML_CDATA')
    if (!this.#source.startsWith('<!--', this.#at)) throw malformed('<! without a meaning')
    if (this.#limits.comments === 'refuse') throw new NodeFault('XML_COMMENT')
    const end = this.#source.indexOf('--', this.#at + 4)
    if (end < 0 || this.#source[end + 2] !== '>') throw malformed('a comment is not closed')
    this.#at = end + 3
  }

  /** Passes over white space; says whether there was any. */
  #space(): boolean {
    const start = this.#at
    while (isSpace(this.#source.charCodeAt(this.#at))) this.#at += 1
    return this.#at > start
  }

  #atTagEnd(): boolean {
    const code = this.#source.charCodeAt(this.#at)
    return code === 0x3e /* > */ || code === 0x2f /* / */
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

function inner(outer: Scope, declared: readonly [string, string][]): Scope {
  const scope = new Map(outer)
  for (const [prefix, uri] of declared) scope.set(prefix, uri)
  return scope
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d
}

/** Letters, digits, `-`, `.`, `:` and all beyond ASCII's `>`; written so that the end of the source (NaN) is none. */
function mayContinueName(code: number): boolean {
  return code > 0x3e || (code >= 0x2d && code <= 0x3a && code !== 0x2f)
}

function malformed(what: string): NodeFault {
  return new NodeFault('XML_PARSE', what)
}
