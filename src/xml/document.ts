import { ParseOption, XmlDocument, XmlParseError } from 'libxml2-wasm'
import { NodeFault } from '../errors/node-fault.ts'
import { type CanonicalDocument, canonicalDocument, canonicalOctets } from './canonical.ts'
import type { XmlElement } from './element.ts'
import type { XmlLimits } from './limits.ts'
import { ns } from './names.ts'
import { elements } from './reader.ts'
import { type Scanned, scanDocument } from './scanner.ts'
import { type SchemaName, validate } from './schema.ts'
import { expectSameReading } from './second-opinion.ts'
import type { ElementPath } from './tree.ts'

/*
 * A received document, open for as long as it is needed: scanned first, then parsed by libxml2, which must read the same
 * and serves for schema validation. Nothing is read from libxml2's tree; values come from `root` (unverified) or, better,
 * from the canonical octets. No DTD, no entities, no network, no input provider.
 */

export interface OpenDocument {
  /** As scanned from the octets received. Not verified: read nothing from it but what leads to the key. */
  readonly root: XmlElement
  /** Faults: XML_SCHEMA. */
  validate(schema: SchemaName): void
  /**
   * Exclusive C14N of the element at `target` ([] is the root) without the one at `without`, which is inside, with
   * `prefixes` as InclusiveNamespaces. Faults: C14N_SIZE, DS_C14N.
   */
  canonical(
    target: ElementPath,
    options?: { readonly without?: ElementPath; readonly prefixes?: readonly string[] },
  ): Uint8Array
  /** The canonical octets of the root, with the processing instructions before and after it: of the whole document. */
  whole(root: Uint8Array): Uint8Array
}

/**
 * Opens a document, lets `use` work with it and closes it whatever happens. Faults: XML_*, C14N_SIZE; XML_DIFF when the
 * scanner and libxml2 read two documents (rule 5 of docs/verify-path.md, A-122).
 */
export function withDocument<R>(octets: Uint8Array, limits: XmlLimits, use: (document: OpenDocument) => R): R {
  const scanned = scanDocument(octets, limits)
  const { root } = scanned
  const cap = Math.min(AMPLIFICATION * octets.length, limits.canonical)
  const whole = canonicalDocument(root, cap)
  const parsed = parse(scanned.usable() ?? octets)
  let isOpen = true
  const expectOpen = (): void => {
    if (!isOpen) throw new TypeError('the document is closed')
  }
  try {
    expectSameReading(parsed, surrounded(scanned, whole.octets))
    return use({
      root,
      validate: (schema) => {
        expectOpen()
        if (scanned.speaksToValidators) silence(parsed)
        validate(parsed, schema)
      },
      canonical: (target, { without, prefixes = [] } = {}) => {
        expectOpen()
        const left = without === undefined ? undefined : insideOf(target, without, root)
        const known = target.length > 0 || prefixes.length > 0 ? undefined : knownForm(whole, left)
        if (known !== undefined) return known
        expectAffordable(prefixes, root, limits)
        return canonicalOctets(elementAt(root, target), { without: left, prefixes, cap })
      },
      whole: (octets) => surrounded(scanned, octets),
    })
  } finally {
    isOpen = false
    parsed.dispose()
  }
}

/** Canonical XML 1.0, 2.1: processing instructions outside the root are part of the document. */
function surrounded({ before, after }: Scanned, octets: Uint8Array): Uint8Array {
  return before === '' && after === '' ? octets : Buffer.concat([Buffer.from(before), octets, Buffer.from(after)])
}

/**
 * Takes xsi:type, xsi:nil, xsi:schemaLocation and whatever else is said to validators out of what is validated. What an
 * element must be follows from its name; nothing that a message says about schemas is looked up.
 */
function silence(document: XmlDocument): void {
  for (const attribute of document.find(`//@*[namespace-uri()='${ns.xsi}']`)) attribute.remove()
}

/** The whole, or the whole without a child of the root: written already. */
function knownForm(whole: CanonicalDocument, left: XmlElement | undefined): Uint8Array | undefined {
  return left === undefined ? whole.octets : whole.without(left)
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

/** The element to leave out, which has to be inside the target. */
function insideOf(target: ElementPath, without: ElementPath, root: XmlElement): XmlElement {
  if (without.length <= target.length || target.some((index, level) => index !== without[level])) {
    throw new TypeError('what is left out must be inside the target')
  }
  return elementAt(root, without)
}

/** The element at a path; a path that leads nowhere is the caller's mistake. */
function elementAt(root: XmlElement, path: ElementPath): XmlElement {
  return path.reduce((parent, index) => {
    const child = elements(parent)[index]
    if (child === undefined) throw new TypeError('no element at that path')
    return child
  }, root)
}

/* The trees that documents are held against. */
export { sameTree, withoutChild } from './tree.ts'
