import { NodeFault } from '../errors/node-fault.ts'
import { escapeText, qualified, writeAttributes, writeDeclarations } from './canonical-form.ts'
import type { XmlElement } from './element.ts'

/*
 * Exclusive XML Canonicalization 1.0 without comments, of trees that the scanner read. Signatures are held against these
 * octets. What is in a tree was admitted before: every element is in a namespace, and a default namespace is never
 * undeclared. Linear in the tree, and it ends at the cap.
 */

interface Canonical {
  /** The child, at whatever depth, that is left out. */
  readonly without?: XmlElement | undefined
  /** InclusiveNamespaces PrefixList; '#default' for the default namespace. */
  readonly prefixes?: readonly string[]
  /** Octets at most. */
  readonly cap: number
}

/** The canonical octets of the element. Fault: C14N_SIZE. */
export function canonicalOctets(apex: XmlElement, { without, prefixes = [], cap }: Canonical): Uint8Array {
  const inclusive = prefixes.map((prefix) => (prefix === '#default' ? '' : prefix)).filter((prefix) => prefix !== 'xml')
  const canonicaliser = new Canonicaliser(without, inclusive, cap)
  canonicaliser.element(apex, nothingRendered)
  return octetsOf(canonicaliser.text, cap)
}

export interface CanonicalDocument {
  readonly octets: Uint8Array
  /** Without this child of the root; no other element is written otherwise for its absence. Undefined for no child. */
  without(child: XmlElement): Uint8Array | undefined
}

/** A whole document, with no InclusiveNamespaces. Fault: C14N_SIZE. */
export function canonicalDocument(root: XmlElement, cap: number): CanonicalDocument {
  const canonicaliser = new Canonicaliser(undefined, [], cap)
  const places = canonicaliser.root(root)
  const { text } = canonicaliser
  return {
    octets: octetsOf(text, cap),
    without: (child) => {
      const place = places.get(child)
      return place && Buffer.from(text.slice(0, place.start) + text.slice(place.end), 'utf8')
    },
  }
}

function octetsOf(text: string, cap: number): Uint8Array {
  const octets = Buffer.from(text, 'utf8')
  if (octets.length > cap) throw tooLong(cap)
  return octets
}

/** In the characters of the canonical form. */
interface Place {
  readonly start: number
  readonly end: number
}

/** Prefix to namespace, as the ancestors in the output have it. */
type Rendered = ReadonlyMap<string, string>

const nothingRendered: Rendered = new Map()

class Canonicaliser {
  readonly #without: XmlElement | undefined
  readonly #inclusive: readonly string[]
  readonly #cap: number
  text = ''

  constructor(without: XmlElement | undefined, inclusive: readonly string[], cap: number) {
    this.#without = without
    this.#inclusive = inclusive
    this.#cap = cap
  }

  element(element: XmlElement, above: Rendered): void {
    const rendered = this.#start(element, above)
    for (const child of element.children) this.#child(child, rendered)
    this.#end(element)
  }

  /** As `element`, and where its children came to stand. */
  root(element: XmlElement): ReadonlyMap<XmlElement, Place> {
    const places = new Map<XmlElement, Place>()
    const rendered = this.#start(element, nothingRendered)
    for (const child of element.children) {
      const start = this.text.length
      this.#child(child, rendered)
      if (typeof child !== 'string') places.set(child, { start, end: this.text.length })
    }
    this.#end(element)
    return places
  }

  #start(element: XmlElement, above: Rendered): Rendered {
    const fresh = this.#fresh(element, above)
    const tag = qualified(element.prefix, element.local)
    this.text += `<${tag}${writeDeclarations(fresh)}${writeAttributes(element.attributes)}>`
    // Never shorter in octets than in characters.
    if (this.text.length > this.#cap) throw tooLong(this.#cap)
    return fresh.length === 0 ? above : new Map([...above, ...fresh])
  }

  #child(child: XmlElement | string, rendered: Rendered): void {
    if (typeof child === 'string') this.text += escapeText(child)
    else if (child !== this.#without) this.element(child, rendered)
  }

  #end(element: XmlElement): void {
    this.text += `</${qualified(element.prefix, element.local)}>`
  }

  /** Exclusive C14N 3: what the element's names use and what is inclusive, where the output does not say so already. */
  #fresh(element: XmlElement, above: Rendered): readonly (readonly [string, string])[] {
    const fresh: [string, string][] = []
    const use = (prefix: string, namespace: string | undefined): void => {
      if (namespace === undefined || above.get(prefix) === namespace) return
      if (!fresh.some(([known]) => known === prefix)) fresh.push([prefix, namespace])
    }
    use(element.prefix, element.namespace)
    for (const { prefix, namespace } of element.attributes)
      if (prefix !== '' && prefix !== 'xml') use(prefix, namespace)
    for (const prefix of this.#inclusive) use(prefix, element.scope.get(prefix))
    return fresh
  }
}

function tooLong(cap: number): NodeFault {
  return new NodeFault('C14N_SIZE', `more than ${cap} octets`)
}
