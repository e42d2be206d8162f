import { XmlElement as LibxmlElement, ParseOption, XmlDocument, XmlParseError } from 'libxml2-wasm'
import { NodeFault } from '../errors/node-fault.ts'
import { canonicalOctets } from './canonical.ts'
import type { XmlElement } from './element.ts'
import type { XmlLimits } from './limits.ts'
import { scan } from './scanner.ts'
import { type SchemaName, validate } from './schema.ts'
import type { ElementPath } from './tree.ts'

/*
 * A received document, open for as long as it is needed: scanned first, then parsed by libxml2, which serves for schema
 * validation and canonicalisation only. Nothing is read from libxml2's tree; values come from `root` (unverified) or,
 * better, from the canonical octets. No DTD, no entities, no network, no input provider.
 */

export interface OpenDocument {
  /** As scanned from the octets received. Not verified: read nothing from it but what leads to the key. */
  readonly root: XmlElement
  /** Faults: XML_SCHEMA. */
  validate(schema: SchemaName): void
  /**
   * Exclusive C14N of the element at `target` ([] is the root) without the one at `without`, with `prefixes` as
   * InclusiveNamespaces. The document is the same afterwards: calls may come in any order. Cheapest is: what lies outside
   * `without` before, nothing after. Faults: C14N_SIZE, DS_C14N.
   */
  canonical(
    target: ElementPath,
    options?: { readonly without?: ElementPath; readonly prefixes?: readonly string[] },
  ): Uint8Array
}

/** Opens a document, lets `use` work with it and closes it whatever happens. Faults: XML_*. */
export function withDocument<R>(octets: Uint8Array, limits: XmlLimits, use: (document: OpenDocument) => R): R {
  const root = scan(octets, limits)
  const parsed = new ParsedDocument(octets)
  const cap = Math.min(AMPLIFICATION * octets.length, limits.canonical)
  try {
    return use({
      root,
      validate: (schema) => validate(parsed.whole(), schema),
      canonical: (target, { without, prefixes = [] } = {}) => {
        expectAffordable(prefixes, root, limits)
        const document = without === undefined ? parsed.whole() : parsed.without(without, target)
        const apex = target.length === 0 ? {} : { apex: elementAt(document, target) }
        return canonicalOctets(document, { ...apex, prefixes, cap })
      },
    })
  } finally {
    parsed.close()
  }
}

/** what InclusiveNamespaces costs is bounded before it is spent (F4). */
function expectAffordable(prefixes: readonly string[], root: XmlElement, limits: XmlLimits): void {
  const lookups = prefixes.length === 0 ? 0 : prefixes.length * countElements(root)
  if (prefixes.length > limits.inclusivePrefixes || lookups > limits.prefixLookups) {
    throw new NodeFault('DS_C14N', `${prefixes.length} prefixes, ${lookups} look-ups`)
  }
}

function countElements(element: XmlElement): number {
  return element.children.reduce<number>(
    (sum, child) => (typeof child === 'string' ? sum : sum + countElements(child)),
    1,
  )
}

/** How many times its own length a document may grow to in canonical form. */
const AMPLIFICATION = 4

const PARSE_OPTIONS = ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NONET

/**
 * libxml2's document. Taking an element out of it is far cheaper than canonicalising around it, and parsing again is
 * cheap; so it is taken out, and the next one who needs the whole document parses again.
 */
class ParsedDocument {
  readonly #octets: Uint8Array
  #document: XmlDocument | undefined
  #missing: string | undefined

  constructor(octets: Uint8Array) {
    this.#octets = octets
    this.#document = parse(octets)
  }

  whole(): XmlDocument {
    const document = this.#open()
    if (this.#missing === undefined) return document
    document.dispose()
    this.#missing = undefined
    this.#document = parse(this.#octets)
    return this.#document
  }

  /** `path` must lead into `target`, or taking it out would move what target means. */
  without(path: ElementPath, target: ElementPath): XmlDocument {
    if (path.length <= target.length || target.some((index, level) => index !== path[level])) {
      throw new TypeError('what is left out must be inside the target')
    }
    const missing = path.join('/')
    if (this.#missing === missing) return this.#open()
    const document = this.whole()
    elementAt(document, path).remove()
    this.#missing = missing
    return document
  }

  close(): void {
    this.#document?.dispose()
    this.#document = undefined
  }

  #open(): XmlDocument {
    if (this.#document === undefined) throw new TypeError('the document is closed')
    return this.#document
  }
}

function parse(octets: Uint8Array): XmlDocument {
  const document = parseOctets(octets)
  if (document.dtd !== null) {
    document.dispose()
    throw new NodeFault('XML_DOCTYPE')
  }
  return document
}

function parseOctets(octets: Uint8Array): XmlDocument {
  try {
    return XmlDocument.fromBuffer(octets, { encoding: 'utf-8', option: PARSE_OPTIONS })
  } catch (cause) {
    // Without a diagnosis it is the memory that ran out; with one, libxml2 and the scanner disagree.
    if (cause instanceof XmlParseError && cause.details.length > 0)
      throw new NodeFault('XML_DIFF', 'libxml2 refuses', { cause })
    throw new NodeFault('XML_OOM', '', { cause })
  }
}

/** The element at a path; a path that leads nowhere is the caller's mistake. */
function elementAt(document: XmlDocument, path: ElementPath): LibxmlElement {
  return path.reduce((parent, index) => childElement(parent, index), document.root)
}

function childElement(parent: LibxmlElement, index: number): LibxmlElement {
  let seen = 0
  for (let child = parent.firstChild; child !== null; child = child.next) {
    if (!(child instanceof LibxmlElement)) continue
    if (seen === index) return child
    seen += 1
  }
  throw new TypeError('no element at that path')
}

/* The trees that documents are held against. */
export { sameTree, withoutChild } from './tree.ts'
