import { NodeFault } from '../errors/node-fault.ts'
import { escapeText, qualified, writeAttributes, writeDeclarations } from './canonical-form.ts'
import type { Instruction, XmlElement } from './element.ts'
import { isUsable } from './namespaces.ts'

/*
 * Exclusive XML Canonicalization 1.0 without comments, of trees that the scanner read. Signatures are held against these
 * octets. Linear in the tree, and it ends at the cap.
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
    for (const piece of piecesOf(element)) this.#piece(piece, rendered)
    this.#end(element)
  }

  /** As `element`, and where its children came to stand. */
  root(element: XmlElement): ReadonlyMap<XmlElement, Place> {
    const places = new Map<XmlElement, Place>()
    const rendered = this.#start(element, nothingRendered)
    for (const piece of piecesOf(element)) {
      const start = this.text.length
      this.#piece(piece, rendered)
      if (typeof piece !== 'string' && !isInstruction(piece)) places.set(piece, { start, end: this.text.length })
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

  #piece(piece: Piece, rendered: Rendered): void {
    if (typeof piece === 'string') this.text += escapeText(piece)
    else if (isInstruction(piece)) this.text += piece.written
    else if (piece !== this.#without) this.element(piece, rendered)
  }

  #end(element: XmlElement): void {
    this.text += `</${qualified(element.prefix, element.local)}>`
  }

  /**
   * Exclusive C14N 3: what the element's names use and what is inclusive, where the output does not say so already. A
   * default namespace that is none is said where the output has one (Canonical XML 2.3).
   */
  #fresh(element: XmlElement, above: Rendered): readonly (readonly [string, string])[] {
    const fresh: [string, string][] = []
    const use = (prefix: string, namespace: string | undefined): void => {
      if (namespace === undefined || (above.get(prefix) ?? unsaid(prefix)) === namespace) return
      if (!fresh.some(([known]) => known === prefix)) fresh.push([prefix, namespace])
    }
    use(element.prefix, element.namespace)
    for (const { prefix, namespace } of element.attributes)
      if (prefix !== '' && prefix !== 'xml') use(prefix, namespace)
    for (const prefix of this.#inclusive) use(prefix, inclusiveNamespace(element, prefix))
    return fresh
  }
}

/** What a prefix means where the output has not said it. */
function unsaid(prefix: string): string | undefined {
  return prefix === '' ? '' : undefined
}

/** What is in scope for a prefix of the list; there is no canonical form with a namespace that no name can use. */
function inclusiveNamespace(element: XmlElement, prefix: string): string | undefined {
  const namespace = element.scope.get(prefix) ?? unsaid(prefix)
  if (namespace !== undefined && !isUsable(namespace)) throw new NodeFault('XML_NS', `prefix '${prefix}' of a list`)
  return namespace
}

type Piece = XmlElement | string | Instruction

function isInstruction(piece: XmlElement | Instruction): piece is Instruction {
  return 'written' in piece
}

/** The children, and processing instructions where they stand: both are in document order, and passed through once. */
function piecesOf(element: XmlElement): readonly Piece[] {
  const { children, instructions } = element
  if (instructions === undefined) return children
  let next = 0
  const pieces = children.flatMap<Piece>((child, index) => {
    const first = next
    while (instructions[next]?.child === index) next += 1
    const here = instructions.slice(first, next)
    return typeof child === 'string' ? textPieces(child, here) : [...here, child]
  })
  return [...pieces, ...instructions.slice(next)]
}

function textPieces(text: string, instructions: readonly Instruction[]): readonly Piece[] {
  let done = 0
  const pieces = instructions.flatMap<Piece>((instruction) => {
    const before = text.slice(done, instruction.offset)
    done = instruction.offset
    return [before, instruction]
  })
  return [...pieces, text.slice(done)]
}

function tooLong(cap: number): NodeFault {
  return new NodeFault('C14N_SIZE', `more than ${cap} octets`)
}
