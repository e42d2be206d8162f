import type { FaultCode } from '../errors/faults.ts'
import { NodeFault } from '../errors/node-fault.ts'
import { clark, isNamed, type QName, type XmlElement } from '../xml/element.ts'
import { elements } from '../xml/reader.ts'

/*
 * Closed shapes: an element of a signature or of encrypted data has exactly the attributes and children written down
 * for it, in that order. The schemas of both standards are open in many places; these checks are not.
 */

/** The child elements of an element, taken one after the other; the caller says when that is all. */
export class ChildSequence {
  readonly #parent: XmlElement
  readonly #code: FaultCode
  readonly #children: readonly XmlElement[]
  #next = 0

  constructor(parent: XmlElement, code: FaultCode, attributes: readonly string[]) {
    expectAttributes(parent, attributes, code)
    this.#parent = parent
    this.#code = code
    this.#children = onlyElements(parent, code)
  }

  /** The next child if it has that name. */
  optional(name: QName): XmlElement | undefined {
    const candidate = this.#children[this.#next]
    if (candidate === undefined || !isNamed(candidate, name)) return undefined
    this.#next += 1
    return candidate
  }

  /** The next child, which must have that name. */
  one(name: QName): XmlElement {
    const found = this.optional(name)
    if (found === undefined) throw new NodeFault(this.#code, `${clark(name)} is missing in ${clark(this.#parent)}`)
    return found
  }

  end(): void {
    const stray = this.#children[this.#next]
    if (stray !== undefined) throw new NodeFault(this.#code, `${clark(stray)} in ${clark(this.#parent)}`)
  }
}

export function sequenceOf(parent: XmlElement, code: FaultCode, attributes: readonly string[] = []): ChildSequence {
  return new ChildSequence(parent, code, attributes)
}

/** Refuses children of any kind and attributes but those named. */
export function expectEmpty(element: XmlElement, code: FaultCode, attributes: readonly string[] = []): void {
  sequenceOf(element, code, attributes).end()
}

/** The child elements of an element that holds nothing else but white space. */
export function onlyElements(element: XmlElement, code: FaultCode): readonly XmlElement[] {
  if (element.children.some((child) => typeof child === 'string' && /[^ \t\r\n]/.test(child))) {
    throw new NodeFault(code, `text in ${clark(element)}`)
  }
  return elements(element)
}

/** The text of an element that holds nothing else. */
export function onlyText(element: XmlElement, code: FaultCode, attributes: readonly string[] = []): string {
  expectAttributes(element, attributes, code)
  if (elements(element).length > 0) throw new NodeFault(code, `elements in ${clark(element)}`)
  return element.children.join('')
}

export function expectAttributes(element: XmlElement, allowed: readonly string[], code: FaultCode): void {
  const stray = element.attributes.find(({ namespace, local }) => namespace !== '' || !allowed.includes(local))
  if (stray !== undefined) throw new NodeFault(code, `attribute ${clark(stray)} on ${clark(element)}`)
}

/** A value from a message, short enough for a line of the log. */
export function brief(value: string | undefined): string {
  if (value === undefined) return 'none'
  return value.length > 120 ? `${value.slice(0, 120)} (${value.length} characters)` : value
}
