import { clark } from './element.ts'
import { ns } from './names.ts'

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
  /** Namespace declarations in the whole document (C14N is super-linear in them). */
  readonly declarations: number
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
  /** Namespaces that may be declared, or 'any' absolute URI. */
  readonly namespaces: ReadonlySet<string> | 'any'
  /** Namespaced attributes that may occur, as `{namespace}local`, or 'any' but xml:id, xml:base, xsi:nil and ID in disguise. */
  readonly qualifiedAttributes: ReadonlySet<string> | 'any'
  /** Whether C1 controls and Unicode line separators, which XML allows, are refused. */
  readonly characters: 'plain' | 'any'
  /** Whether comments are refused, or passed over because the signature does not cover them. */
  readonly comments: 'refuse' | 'skip'
}

const KIB = 1024

const personNamespaces = [
  ns.eidasNatural,
  ns.eidasLegal,
  ns.eidasNaturalRepresentative,
  ns.eidasLegalRepresentative,
] as const

/** The vocabularies a request or response is written in; all else is refused before a parser sees it. */
const messageNamespaces: ReadonlySet<string> = new Set([
  ...[ns.samlp, ns.saml, ns.ds, ns.ds11, ns.ec, ns.xenc, ns.xenc11, ns.eidas],
  ...personNamespaces,
  ...[ns.xs, ns.xsi, ns.xml],
])

/**
 * Requests, responses, and the assertion inside an EncryptedAssertion. A response of the EU node declares two namespaces
 * on every AttributeValue, so two full data sets with transliterations come to about 100 declarations; 256 cost C14N
 * less than a millisecond.
 */
export const messageLimits: XmlLimits = {
  octets: 128 * KIB,
  depth: 40,
  nodes: 4000,
  attributes: 64,
  declarations: 256,
  namespaceUri: 256,
  name: 128,
  value: 96 * KIB,
  canonical: 1024 * KIB,
  inclusivePrefixes: 16,
  prefixLookups: 16_000,
  namespaces: messageNamespaces,
  qualifiedAttributes: new Set([
    clark({ namespace: ns.xsi, local: 'type' }),
    clark({ namespace: ns.xml, local: 'lang' }),
    ...personNamespaces.map((namespace) => clark({ namespace, local: 'LatinScript' })),
  ]),
  characters: 'plain',
  comments: 'refuse',
}

/**
 * Requests: what may come from anybody is bounded to what one can need. All attributes that are known, two
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
  namespaceUri: 256,
  name: 128,
  value: 1024 * KIB,
  canonical: 2048 * KIB,
  inclusivePrefixes: 16,
  prefixLookups: 320_000,
  namespaces: 'any',
  qualifiedAttributes: 'any',
  characters: 'any',
  comments: 'skip',
}

/** Metadata of so many octets: what is in a long document may be as much more as the document is longer. */
export function metadataLimitsFor(octets: number): XmlLimits {
  const nodes = Math.max(metadataLimits.nodes, Math.ceil(octets / OCTETS_OF_A_NODE))
  return {
    ...metadataLimits,
    nodes,
    declarations: Math.max(metadataLimits.declarations, Math.ceil(octets / OCTETS_OF_A_DECLARATION)),
    canonical: Math.max(metadataLimits.canonical, 2 * octets),
    prefixLookups: metadataLimits.inclusivePrefixes * nodes,
  }
}

/** Federations write one element, attribute or text in thirty octets or more. */
const OCTETS_OF_A_NODE = 10
const OCTETS_OF_A_DECLARATION = 100
