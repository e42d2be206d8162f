import type { QName } from './element.ts'

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

function emit(part: XmlPart, rendered: ReadonlyMap<string, string>): string {
  const inScope = new Map(rendered)
  const fresh: [prefix: string, namespace: string][] = []
  const use = (prefix: string, namespace: string): void => {
    if (prefix === 'xml' || (inScope.get(prefix) ?? '') === namespace) return
    inScope.set(prefix, namespace)
    fresh.push([prefix, namespace])
  }
  use(part.name.prefix, part.name.namespace)
  const attributes = part.attributes.map(([name, value]) => {
    if (typeof name === 'string') return { space: '', local: name, tag: name, value }
    use(name.prefix, name.namespace)
    return { space: name.namespace, local: name.local, tag: `${name.prefix}:${name.local}`, value }
  })
  for (const { prefix, namespace } of part.declare) use(prefix, namespace)
  fresh.sort(([a], [b]) => byCodePoint(a, b))
  attributes.sort((a, b) => byCodePoint(a.space, b.space) || byCodePoint(a.local, b.local))

  const tag = part.name.prefix === '' ? part.name.local : `${part.name.prefix}:${part.name.local}`
  let out = `<${tag}`
  for (const [prefix, namespace] of fresh) {
    out += prefix === '' ? ` xmlns="${escapeAttribute(namespace)}"` : ` xmlns:${prefix}="${escapeAttribute(namespace)}"`
  }
  for (const { tag: name, value } of attributes) out += ` ${name}="${escapeAttribute(value)}"`
  out += '>'
  for (const child of part.children) out += typeof child === 'string' ? escapeText(child) : emit(child, inScope)
  return `${out}</${tag}>`
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Canonical XML 1.0, 2.3: text nodes. */
function escapeText(value: string): string {
  if (!/[&<>\r]/.test(value)) return value
  return value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\r/g, '&#xD;')
}

/** Canonical XML 1.0, 2.3: attribute values. */
function escapeAttribute(value: string): string {
  if (!/[&<"\t\n\r]/.test(value)) return value
  return value
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/"/g, '&quot;')
    .replace(/\t/g, '&#x9;')
    .replace(/\n/g, '&#xA;')
    .replace(/\r/g, '&#xD;')
}
