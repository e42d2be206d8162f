/**
 * Plain records for XML, as both the scanner (octets received) and the reader (canonical octets) build them. No DOM, no
 * links upward, nothing to dispose. This folder is the only importer of libxml2-wasm; it knows XML and no SAML.
 */

/** A name in a namespace ('' for none) with the prefix we write it with. Two names are equal by namespace and local. */
export interface QName {
  readonly namespace: string
  readonly local: string
  readonly prefix: string
}

export interface XmlAttribute {
  readonly namespace: string
  readonly local: string
  readonly prefix: string
  readonly value: string
}

export interface XmlElement {
  readonly namespace: string
  readonly local: string
  readonly prefix: string
  /** In document order; namespace declarations are not among them. */
  readonly attributes: readonly XmlAttribute[]
  /** Elements and text, adjacent text joined, in document order. */
  readonly children: readonly (XmlElement | string)[]
  /** Prefix ('' for the default) to namespace URI, everything in scope here; a default of '' has been taken back. */
  readonly scope: ReadonlyMap<string, string>
  /** Processing instructions among the children, in document order. They mean nothing, and the canonical form has them. */
  readonly instructions?: readonly Instruction[]
}

/** Where a processing instruction stands: that many characters into a text, or before an element. */
export interface Instruction {
  /** Index among the children; their number for the end. */
  readonly child: number
  readonly offset: number
  /** As canonical XML has it, `<?target data?>`. */
  readonly written: string
}

/** `{namespace}local`, for messages in the log. */
export function clark(name: { readonly namespace: string; readonly local: string }): string {
  return name.namespace === '' ? name.local : `{${name.namespace}}${name.local}`
}

export function isNamed(element: XmlElement, name: QName): boolean {
  return element.local === name.local && element.namespace === name.namespace
}
