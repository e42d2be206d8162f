/** Every bound on XML input in one place. Each has a test that stands just below and just above it. */
export interface XmlLimits {
  /** Octets of the document. */
  readonly octets: number
  /** Levels of nesting. */
  readonly depth: number
  /** Elements, attributes and text nodes together. */
  readonly nodes: number
  /** Attributes of one element. */
  readonly attributes: number
  /** Namespace declarations in scope at one place: every look-up of a prefix may walk them. */
  readonly declarations: number
  /**
   * Declarations in scope, added up over all elements that declare one, beside a quarter of the document's octets: what
   * the scopes cost to make. A document may declare as much as it is long.
   */
  readonly scopes: number
  /** Characters of a namespace URI. */
  readonly namespaceUri: number
  /** Characters of a name. */
  readonly name: number
  /** Characters of one text or attribute value. */
  readonly value: number
  /** Octets that canonicalisation may write. */
  readonly canonical: number
  /** Prefixes in InclusiveNamespaces (each is looked up at each element). */
  readonly inclusivePrefixes: number
  /** Prefixes in InclusiveNamespaces times elements: each look-up walks the declarations in scope. */
  readonly prefixLookups: number
  /** Whether C1 controls and Unicode line separators, which XML allows, are refused. */
  readonly characters: 'plain' | 'any'
  /** Whether comments, processing instructions and CDATA sections are refused, or read as XML has them. */
  readonly markup: 'refuse' | 'read'
}

const KIB = 1024

/** Requests, responses, and the assertion inside an EncryptedAssertion. */
export const messageLimits: XmlLimits = {
  octets: 128 * KIB,
  depth: 40,
  nodes: 4000,
  attributes: 64,
  declarations: 256,
  scopes: 32 * KIB,
  namespaceUri: 256,
  name: 128,
  value: 96 * KIB,
  canonical: 1024 * KIB,
  inclusivePrefixes: 16,
  prefixLookups: 16_000,
  characters: 'plain',
  markup: 'refuse',
}

/**
 * Requests: what any stranger can send is bounded to what a request can need. All attributes that are known, two
 * certificates in the signature and names in several scripts come to less than half of it.
 */
export const requestLimits: XmlLimits = { ...messageLimits, octets: 32 * KIB, nodes: 1500 }

/** Metadata: read at start and on refresh, from configured sources only, and full of other people's extensions. */
export const metadataLimits: XmlLimits = {
  octets: 32 * 1024 * KIB,
  depth: 40,
  nodes: 20_000,
  attributes: 64,
  declarations: 256,
  scopes: 32 * KIB,
  namespaceUri: 256,
  name: 128,
  value: 1024 * KIB,
  canonical: 2048 * KIB,
  inclusivePrefixes: 16,
  prefixLookups: 320_000,
  characters: 'any',
  markup: 'read',
}

/** Metadata of so many octets: what is in a long document may be as much more as the document is longer. */
export function metadataLimitsFor(octets: number): XmlLimits {
  const nodes = Math.max(metadataLimits.nodes, Math.ceil(octets / OCTETS_OF_A_NODE))
  return {
    ...metadataLimits,
    nodes,
    canonical: Math.max(metadataLimits.canonical, 2 * octets),
    prefixLookups: metadataLimits.inclusivePrefixes * nodes,
  }
}

/** Federations write one element, attribute or text in thirty octets or more. */
const OCTETS_OF_A_NODE = 10
