import type { FaultCode } from '../errors/faults.ts'
import { NodeFault } from '../errors/node-fault.ts'
import { clark, type QName, type XmlElement } from '../xml/element.ts'
import { attribute, many, text } from '../xml/reader.ts'
import { collapsed } from '../xml/white-space.ts'
import { readInstant } from './instants.ts'

/*
 * Lexical forms of the XML Schema types that SAML's attributes have, and the count of children with the fault that SAML
 * gives them.
 */

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
])

/** An optional xs:boolean attribute. */
export function booleanAttribute(element: XmlElement, local: string): boolean | undefined {
  const text = attribute(element, local)
  if (text === undefined) return undefined
  const value = BOOLEANS.get(text)
  if (value === undefined) throw new NodeFault('XML_SCHEMA', `${local} of ${clark(element)} is no boolean`)
  return value
}

/** An optional attribute that holds a whole number from 0 to 65535 (xs:unsignedShort and smaller counts). */
export function shortAttribute(element: XmlElement, local: string): number | undefined {
  const text = attribute(element, local)
  if (text === undefined) return undefined
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new NodeFault('XML_SCHEMA', `${local} of ${clark(element)} is no short number`)
  }
  return Number(text)
}

/** An optional instant as epoch milliseconds; `code` when it is malformed. */
export function instantAttribute(element: XmlElement, local: string, code: FaultCode): number | undefined {
  const text = attribute(element, local)
  return text === undefined ? undefined : readInstant(text, code)
}

/** An optional xs:anyURI attribute: white space around it is none of it. */
export function uriAttribute(element: XmlElement, local: string): string | undefined {
  const value = attribute(element, local)
  return value === undefined ? undefined : collapsed(value)
}

/** The text of an element of type xs:anyURI. */
export function uriText(element: XmlElement): string {
  return collapsed(text(element))
}

/** An attribute that must be there; `code` when it is not. */
export function requiredAttribute(element: XmlElement, local: string, code: FaultCode): string {
  const value = attribute(element, local)
  if (value === undefined) throw new NodeFault(code, `no ${local} on ${clark(element)}`)
  return value
}

/** The child of that name or undefined; `code` when there are two. */
export function atMostOne<E extends XmlElement>(parent: E, name: QName, code: FaultCode): E | undefined {
  const found = many(parent, name)
  if (found.length > 1) throw new NodeFault(code, `${found.length} x ${clark(name)} in ${clark(parent)}`)
  return found[0]
}

/** The one child of that name; `code` when there is none or two. */
export function exactlyOne<E extends XmlElement>(parent: E, name: QName, code: FaultCode): E {
  const found = atMostOne(parent, name, code)
  if (found === undefined) throw new NodeFault(code, `no ${clark(name)} in ${clark(parent)}`)
  return found
}
