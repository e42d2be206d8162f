import { escapeText, qualified, sortAttributes, writeAttributes, writeDeclarations } from './canonical-form.ts'
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
  readonly attributes: readonly XmlAttribute[]
  readonly children: readonly (XmlPart | string)[]
  readonly declare: readonly Declaration[]
}

/** What parts are as an apex, where that is known already. A changed part is another one, which is not here. */
const written = new WeakMap<XmlPart, string>()

type AttributeMap = Readonly<Record<string, string | undefined>>
type Child = XmlPart | string | undefined

const nothing: readonly never[] = []
const noAttributes: AttributeMap = {}

/** Builds an element; attributes are unprefixed, undefined ones and undefined children are left out. */
export function el(name: QName, attributes: AttributeMap = noAttributes, ...children: readonly Child[]): XmlPart {
  const present = children.every(isPresent) ? children : children.filter(isPresent)
  return { name, attributes: sortAttributes(attributesOf(attributes)), children: present, declare: nothing }
}

function attributesOf(map: AttributeMap): readonly XmlAttribute[] {
  if (map === noAttributes) return nothing
  const given: XmlAttribute[] = []
  for (const local of Object.keys(map)) {
    const value = map[local]
    if (value !== undefined) given.push({ namespace: '', local, prefix: '', value })
  }
  return given
}

function isPresent(child: Child): child is XmlPart | string {
  return child !== undefined
}

/** The same element with namespaced attributes and declarations for prefixes used in content. */
export function withQualified(
  { name, attributes, children, declare }: XmlPart,
  qualifiedAttributes: readonly (readonly [QName, string])[],
  declarations: readonly Declaration[] = [],
): XmlPart {
  const more = qualifiedAttributes.map(([{ namespace, local, prefix }, value]) => ({ namespace, local, prefix, value }))
  return {
    name,
    attributes: [...attributes, ...more],
    children,
    declare: [...declare, ...declarations],
  }
}

/** The canonical octets of a part as the apex of its own document or node set. */
export function writeXml(part: XmlPart): Uint8Array {
  return Buffer.from(writeText(part), 'utf8')
}

/** As writeXml, as a string. */
export function writeText(part: XmlPart): string {
  return written.get(part) ?? emit(part, undefined)
}

/** A part that was written before one of its children was known. */
export interface Insertable {
  /** Canonical, of the part as an apex without that child. */
  readonly octets: Uint8Array
  /** The part with the child; what is written of it is what was written already, with the child in it. */
  readonly insert: (child: XmlPart) => XmlPart
}

/** The child will stand before the one at `at`. */
export function writeInsertable(part: XmlPart, at: number): Insertable {
  const { name, attributes, declare } = part
  const [before, after] = [part.children.slice(0, at), part.children.slice(at)]
  const { start, end, inside } = tags(part, undefined)
  const head = start + emitAll(before, inside)
  const tail = emitAll(after, inside) + end
  const insert = (child: XmlPart): XmlPart => {
    const whole = { name, attributes, children: [...before, child, ...after], declare }
    written.set(whole, head + emit(child, inside) + tail)
    return whole
  }
  return { octets: Buffer.from(head + tail, 'utf8'), insert }
}

/** What is declared at a place: this, and what its surroundings declare; undefined outside the apex. */
interface Rendered {
  readonly prefix: string
  readonly namespace: string
  readonly outer: Rendered | undefined
}

function emit(part: XmlPart, rendered: Rendered | undefined): string {
  const { start, end, inside } = tags(part, rendered)
  return start + emitAll(part.children, inside) + end
}

function emitAll(children: XmlPart['children'], rendered: Rendered | undefined): string {
  let out = ''
  for (const child of children) out += typeof child === 'string' ? escapeText(child) : emit(child, rendered)
  return out
}

function tags(part: XmlPart, outer: Rendered | undefined) {
  const fresh = freshOf(part, outer)
  let inside = outer
  for (const [prefix, namespace] of fresh) inside = { prefix, namespace, outer: inside }
  const tag = qualified(part.name.prefix, part.name.local)
  const declarations = fresh.length === 0 ? '' : writeDeclarations(fresh)
  return { start: `<${tag}${declarations}${writeAttributes(part.attributes)}>`, end: `</${tag}>`, inside }
}

/** What the part's start tag has to declare. */
function freshOf(part: XmlPart, rendered: Rendered | undefined): readonly (readonly [string, string])[] {
  if (isDeclared(rendered, part.name) && part.declare.length === 0 && !part.attributes.some(isQualified)) return nothing
  const used = [part.name, ...part.attributes.filter(isQualified), ...part.declare]
  const fresh: [string, string][] = []
  for (const one of used) {
    if (!isDeclared(rendered, one) && !fresh.some(([known]) => known === one.prefix))
      fresh.push([one.prefix, one.namespace])
  }
  for (const one of used) refuseContradiction(one, fresh)
  return fresh
}

function isQualified({ namespace }: XmlAttribute): boolean {
  return namespace !== ''
}

function isDeclared(rendered: Rendered | undefined, { prefix, namespace }: Declaration): boolean {
  if (prefix === 'xml') return true
  let at = rendered
  while (at !== undefined && at.prefix !== prefix) at = at.outer
  return (at?.namespace ?? '') === namespace
}

/** A prefix has one meaning in a start tag; two are a mistake of the caller that no reader could notice. */
function refuseContradiction({ prefix, namespace }: Declaration, fresh: readonly (readonly [string, string])[]): void {
  const declared = fresh.find(([known]) => known === prefix)
  if (declared !== undefined && declared[1] !== namespace) throw new TypeError(`two meanings of '${prefix}'`)
}
