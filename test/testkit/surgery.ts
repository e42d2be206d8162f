import { sortAttributes } from '../../src/xml/canonical-form.ts'
import type { QName } from '../../src/xml/element.ts'
import { el, type XmlPart } from '../../src/xml/writer.ts'

/*
 * Changes to the tree and to the text of a message that a writer of messages would never make.
 */

export type Change = (part: XmlPart) => XmlPart

/** Applies changes one after the other. */
export const all =
  (...changes: readonly Change[]): Change =>
  (part) =>
    changes.reduce((changed, change) => change(changed), part)

/** Changes the first descendant at this path of local names. */
export function at(path: string, change: Change): Change {
  const [first = '', ...rest] = path.split('/')
  return (part) => {
    const index = part.children.findIndex((child) => typeof child !== 'string' && child.name.local === first)
    const child = part.children[index]
    if (typeof child !== 'object') throw new TypeError(`no ${first} in ${part.name.local}`)
    const changed = rest.length === 0 ? change(child) : at(rest.join('/'), change)(child)
    return { ...part, children: part.children.with(index, changed) }
  }
}

/** With this attribute, whatever it was before; undefined takes it away. */
export function attribute(name: QName | string, value: string | undefined): Change {
  return (part) => {
    const { namespace, local, prefix } = typeof name === 'string' ? { namespace: '', local: name, prefix: '' } : name
    const others = part.attributes.filter(
      (other) => other.local !== local || other.namespace !== namespace || other.prefix !== prefix,
    )
    return {
      ...part,
      attributes: sortAttributes(value === undefined ? others : [...others, { namespace, local, prefix, value }]),
    }
  }
}

export const named =
  (change: Partial<QName>): Change =>
  (part) => ({ ...part, name: { ...part.name, ...change } })

export const content =
  (...children: readonly (XmlPart | string)[]): Change =>
  (part) => ({ ...part, children })

export const appended =
  (...more: readonly (XmlPart | string)[]): Change =>
  (part) => ({ ...part, children: [...part.children, ...more] })

export const prepended =
  (...more: readonly (XmlPart | string)[]): Change =>
  (part) => ({ ...part, children: [...more, ...part.children] })

export const declaring =
  (prefix: string, namespace: string): Change =>
  (part) => ({ ...part, declare: [...part.declare, { prefix, namespace }] })

/** Without the children of that local name. */
export const without =
  (local: string): Change =>
  (part) => ({
    ...part,
    children: part.children.filter((child) => typeof child === 'string' || child.name.local !== local),
  })

/** The children of that local name twice. */
export const doubled =
  (local: string): Change =>
  (part) => ({
    ...part,
    children: part.children.flatMap((child) =>
      typeof child !== 'string' && child.name.local === local ? [child, child] : [child],
    ),
  })

/** The children the other way round. */
export const reversed: Change = (part) => ({ ...part, children: [...part.children].reverse() })

/** An element of a namespace that is not ours to write. */
export const stranger = (namespace: string, local = 'x', prefix = 'evil'): XmlPart => el({ namespace, local, prefix })

/** Replaces the first occurrence; there must be one. */
export const swap =
  (from: string | RegExp, to: string | ((found: string, ...groups: string[]) => string)) =>
  (text: string): string => {
    const changed = text.replace(from, typeof to === 'string' ? () => to : to)
    if (changed === text) throw new TypeError(`nothing to change: ${from}`)
    return changed
  }

/** Changes the text in the first element of that name. */
export const inText = (name: string, change: (text: string) => string) =>
  swap(new RegExp(`(<${name}(?: [^>]*)?>)([^<]*)(</${name}>)`), (_, start = '', text = '', end = '') =>
    [start, change(text), end].join(''),
  )

/** Puts attributes or declarations into the start tag of the root. */
export const inRoot = (markup: string) => swap(/^<[^ >]+/, (start) => `${start} ${markup}`)

/** Text with something in the middle. */
export const halved =
  (middle: string) =>
  (text: string): string => {
    const half = Math.floor(text.length / 2)
    return text.slice(0, half) + middle + text.slice(half)
  }
