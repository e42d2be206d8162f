import { NodeFault } from '../errors/node-fault.ts'
import { clark, isNamed, type QName, type XmlElement } from './element.ts'

/*
 * Ways to look into an element. Every look-up is by qualified name and fixed child path; there is no XPath and no
 * descendant search. The functions are generic so that a brand on the parent (`Signed<XmlElement>`) is kept by what is
 * found below it: a child of verified octets is verified.
 */

/** The child elements, in order. */
export function elements<E extends XmlElement>(parent: E): readonly E[] {
  return parent.children.filter((child): child is E => typeof child !== 'string')
}

/** All children of that name. */
export function many<E extends XmlElement>(parent: E, name: QName): readonly E[] {
  return elements(parent).filter((child) => isNamed(child, name))
}

/** The child of that name, or undefined; two are a fault. */
export function optional<E extends XmlElement>(parent: E, name: QName): E | undefined {
  const found = many(parent, name)
  if (found.length > 1) throw new NodeFault('XML_SCHEMA', `${found.length} x ${clark(name)} in ${clark(parent)}`)
  return found[0]
}

/** The one child of that name; none or two are a fault. */
export function one<E extends XmlElement>(parent: E, name: QName): E {
  const found = optional(parent, name)
  if (found === undefined) throw new NodeFault('XML_SCHEMA', `no ${clark(name)} in ${clark(parent)}`)
  return found
}

/** The text of an element without child elements, exactly as given ('' when empty). */
export function text(element: XmlElement): string {
  if (element.children.some((child) => typeof child !== 'string')) {
    throw new NodeFault('XML_MIXED', `elements in the text of ${clark(element)}`)
  }
  return element.children.join('')
}

/** The value of an unprefixed attribute, or undefined. */
export function attribute(element: XmlElement, local: string): string | undefined {
  return element.attributes.find((candidate) => candidate.local === local && candidate.namespace === '')?.value
}

/** The value of a namespaced attribute, or undefined. */
export function qualifiedAttribute(element: XmlElement, name: QName): string | undefined {
  return element.attributes.find(
    (candidate) => candidate.local === name.local && candidate.namespace === name.namespace,
  )?.value
}

/** Refuses an element that is not of this name. */
export function expectNamed(element: XmlElement, name: QName): void {
  if (!isNamed(element, name)) throw new NodeFault('SAML_TYPE', `${clark(element)} where ${clark(name)} is expected`)
}

/**
 * Refuses children other than those named, and any text between them but white space. Order and count are the
 * business of the schema and of one()/optional().
 */
export function onlyChildren(parent: XmlElement, names: readonly QName[]): void {
  for (const child of parent.children) {
    if (typeof child === 'string') {
      if (/[^ \t\r\n]/.test(child)) throw new NodeFault('XML_MIXED', `text in ${clark(parent)}`)
    } else if (!names.some((name) => isNamed(child, name))) {
      throw new NodeFault('XML_SCHEMA', `${clark(child)} in ${clark(parent)}`)
    }
  }
}

/**
 * Refuses attributes other than the unprefixed ones named. Those of other namespaces stand where the schema lets them, and
 * no code reads them.
 */
export function onlyAttributes(element: XmlElement, locals: readonly string[]): void {
  for (const { namespace, local } of element.attributes) {
    if (namespace === '' && !locals.includes(local)) {
      throw new NodeFault('XML_ATTR', `${clark({ namespace, local })} on ${clark(element)}`)
    }
  }
}
