import { isNamed, type QName, type XmlElement } from '../xml/element.ts'
import { attribute, elements, many } from '../xml/reader.ts'

/* Ways to show an element tree whatever is wrong with it: nothing here faults, and nothing here may be acted on. */

/** The first element at the end of a path of names. */
export function first(element: XmlElement | undefined, ...path: readonly QName[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>(
    (parent, name) => (parent === undefined ? undefined : many(parent, name)[0]),
    element,
  )
}

/** All text below an element, as it is. */
export function wholeText(element: XmlElement | undefined): string | null {
  if (element === undefined) return null
  return element.children.map((child) => (typeof child === 'string' ? child : wholeText(child))).join('')
}

export function attributeOf(element: XmlElement | undefined, local: string): string | null {
  return element === undefined ? null : (attribute(element, local) ?? null)
}

/** The first element of that name at any depth, the element itself included. */
export function anywhere(element: XmlElement, name: QName): XmlElement | undefined {
  if (isNamed(element, name)) return element
  for (const child of elements(element)) {
    const found = anywhere(child, name)
    if (found !== undefined) return found
  }
  return undefined
}

/** The same tree without any element of that name below. */
export function withoutAny(element: XmlElement, name: QName): XmlElement {
  const kept = element.children.filter((child) => typeof child === 'string' || !isNamed(child, name))
  return { ...element, children: kept.map((child) => (typeof child === 'string' ? child : withoutAny(child, name))) }
}

/** Every prefix that is declared anywhere, for canonicalisation that must not lose one. */
export function declaredPrefixes(element: XmlElement): readonly string[] {
  const found = new Set<string>()
  const visit = (one: XmlElement): void => {
    for (const prefix of one.scope.keys()) found.add(prefix)
    for (const child of elements(one)) visit(child)
  }
  visit(element)
  found.delete('xml')
  return [...found].map((prefix) => (prefix === '' ? '#default' : prefix))
}
