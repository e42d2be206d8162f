import { escapeText, qualified, writeAttributes, writeDeclarations } from './canonical-form.ts'
import type { QName, XmlAttribute } from './element.ts'

/*
 * An element builder that emits exclusive canonical XML 1.0 (without comments) directly: a namespace is declared where
 * its prefix is first visibly used, attributes are sorted, nothing is left to a serialiser. What needs its prefix in
 * content (xsi:type) says so with `declare`, and the signer lists that prefix in InclusiveNamespaces.
 */

/** A namespace declaration that content, not a name, needs. */
export interface Declaration {
  readonly prefix: string
  readonly namespace: string
}

export interface XmlPart {
  readonly name: QName
  readonly attributes: readonly (readonly [name: QName | string, value: string])[]
  readonly children: readonly (XmlPart | string)[]
  readonly declare: readonly Declaration[]
}

type AttributeMap = Readonly<Record<string, string | undefined>>
type Child = XmlPart | string | undefined

/** Builds an element; attributes are unprefixed, undefined ones and undefined children are left out. */
export function el(name: QName, attributes: AttributeMap = {}, ...children: readonly Child[]): XmlPart {
  return {
    name,
    attributes: Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined),
    children: children.filter((child) => child !== undefined),
    declare: [],
  }
}

/** The same element with namespaced attributes and declarations for prefixes used in content. */
export function withQualified(
  part: XmlPart,
  attributes: readonly (readonly [QName, string])[],
  declare: readonly Declaration[] = [],
): XmlPart {
  return { ...part, attributes: [...part.attributes, ...attributes], declare: [...part.declare, ...declare] }
}

/** The canonical octets of a part as the apex of its own document or node set. */
export function writeXml(part: XmlPart): Uint8Array {
  return Buffer.from(writeText(part), 'utf8')
}

/** As writeXml, as a string. */
export function writeText(part: XmlPart): string {
  return emit(part, new Map())
}

type Rendered = ReadonlyMap<string, string>

function emit(part: XmlPart, rendered: Rendered): string {
  const inScope = withUsed(part, rendered)
  const tag = qualified(part.name.prefix, part.name.local)
  let out = `<${tag}`
  if (inScope !== rendered) out += writeDeclarations(fresh(inScope, rendered))
  if (part.attributes.length > 0) out += writeAttributes(part.attributes.map(attribute))
  out += '>'
  for (const child of part.children) out += typeof child === 'string' ? escapeText(child) : emit(child, inScope)
  return `${out}</${tag}>`
}

/** What is rendered at the part's start tag: the same map when nothing new is used. */
function withUsed(part: XmlPart, rendered: Rendered): Rendered {
  let inScope = use(rendered, rendered, part.name)
  for (const [name] of part.attributes) if (typeof name !== 'string') inScope = use(inScope, rendered, name)
  for (const declaration of part.declare) inScope = use(inScope, rendered, declaration)
  if (inScope !== rendered) refuseContradiction(part, inScope)
  return inScope
}

/** A prefix has one meaning in a start tag; two are a mistake of the caller that no reader could notice. */
function refuseContradiction(part: XmlPart, inScope: Rendered): void {
  const names = part.attributes.flatMap(([name]) => (typeof name === 'string' ? [] : [name]))
  for (const { prefix, namespace } of [part.name, ...names, ...part.declare]) {
    if (prefix !== 'xml' && (inScope.get(prefix) ?? '') !== namespace)
      throw new TypeError(`two meanings of '${prefix}'`)
  }
}

function use(inScope: Rendered, rendered: Rendered, { prefix, namespace }: Declaration): Rendered {
  if (prefix === 'xml' || (inScope.get(prefix) ?? '') === namespace) return inScope
  return (inScope === rendered ? new Map(rendered) : new Map(inScope)).set(prefix, namespace)
}

function fresh(inScope: Rendered, rendered: Rendered): readonly (readonly [string, string])[] {
  return [...inScope].filter(([prefix, namespace]) => rendered.get(prefix) !== namespace)
}

function attribute([name, value]: XmlPart['attributes'][number]): XmlAttribute {
  if (typeof name === 'string') return { namespace: '', local: name, prefix: '', value }
  return { namespace: name.namespace, local: name.local, prefix: name.prefix, value }
}
