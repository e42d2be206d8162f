import type { XmlAttribute, XmlElement } from './element.ts'

/*
 * Element trees held against each other. What the scanner read from the octets received and what it reads from the
 * canonical octets that libxml2 made of them must be the same tree, or two parsers disagree about the message.
 */

/** A place in a tree: indexes among the child elements, from the root down; [] is the root. */
export type ElementPath = readonly number[]

/**
 * Whether two trees have the same names, prefixes, attributes (in any order) and text. Scopes are not compared:
 * exclusive canonicalisation drops the declarations that are not used.
 */
export function sameTree(a: XmlElement, b: XmlElement): boolean {
  return (
    a.local === b.local &&
    a.namespace === b.namespace &&
    a.prefix === b.prefix &&
    sameAttributes(a.attributes, b.attributes) &&
    a.children.length === b.children.length &&
    a.children.every((child, index) => sameChild(child, b.children[index]))
  )
}

function sameChild(a: XmlElement | string, b: XmlElement | string | undefined): boolean {
  if (typeof a === 'string' || typeof b === 'string' || b === undefined) return a === b
  return sameTree(a, b)
}

function sameAttributes(a: readonly XmlAttribute[], b: readonly XmlAttribute[]): boolean {
  return a.length === b.length && a.every((attribute) => b.some((other) => sameAttribute(attribute, other)))
}

function sameAttribute(a: XmlAttribute, b: XmlAttribute): boolean {
  return a.local === b.local && a.namespace === b.namespace && a.prefix === b.prefix && a.value === b.value
}

/**
 * The same tree without the element at `path` (not []); text before and after it is joined. On the way there processing
 * instructions are left out too.
 */
export function withoutChild(parent: XmlElement, path: ElementPath): XmlElement {
  const [first, ...rest] = path
  if (first === undefined) throw new TypeError('an element cannot be left out of itself')
  const at = childPosition(parent, first)
  const child = parent.children[at]
  if (typeof child !== 'object') throw new TypeError('no element at that path')
  const kept = rest.length === 0 ? [] : [withoutChild(child, rest)]
  const children = joined([...parent.children.slice(0, at), ...kept, ...parent.children.slice(at + 1)])
  const { namespace, local, prefix, attributes, scope } = parent
  return { namespace, local, prefix, attributes, children, scope }
}

function childPosition(parent: XmlElement, index: number): number {
  let seen = -1
  return parent.children.findIndex((child) => {
    if (typeof child !== 'string') seen += 1
    return seen === index
  })
}

function joined(children: readonly (XmlElement | string)[]): readonly (XmlElement | string)[] {
  const out: (XmlElement | string)[] = []
  for (const child of children) {
    const last = out.at(-1)
    if (typeof child === 'string' && typeof last === 'string') out[out.length - 1] = last + child
    else out.push(child)
  }
  return out
}
