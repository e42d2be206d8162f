/** Every bound on XML input in one place. Each has a test that stands just below and just above it. */
export interface XmlLimits {
  /** Octets of the document. */
  readonly octets: number
  /** Levels of nesting. */
  readonly depth: number
  /** Elements, attributes and text nodes together. */
  readonly nodes: number
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
  /** Namespaces that may be declared, or 'any' absolute URI. */
  readonly namespaces: ReadonlySet<string> | 'any'
  /** Whether comments are refused, or passed over because the signature does not cover them. */
  readonly comments: 'refuse' | 'skip'
}
