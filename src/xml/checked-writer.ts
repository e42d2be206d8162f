import { NodeFault } from '../errors/node-fault.ts'
import { sortAttributes } from './canonical-form.ts'
import { clark, isNamed, type XmlAttribute, type XmlElement } from './element.ts'
import { messageLimits, type XmlLimits } from './limits.ts'
import { scan } from './scanner.ts'
import { writeXml, type XmlPart } from './writer.ts'

/**
 * Writes a part and reads it back through the strict scanner before it is used. Fault: OUT_SELFCHECK, also when
 * the message would be larger than what peers accept.
 */
export function writeChecked(part: XmlPart, limits: XmlLimits = messageLimits): Uint8Array {
  const octets = writeXml(part)
  expectReadsBack(part, octets, limits)
  return octets
}

/** What was written must be, name for name and character for character, what was meant. OUT_SELFCHECK. */
export function expectReadsBack(part: XmlPart, octets: Uint8Array, limits: XmlLimits): void {
  const difference = differs(part, readBack(octets, limits))
  if (difference !== undefined) throw new NodeFault('OUT_SELFCHECK', difference)
}

function readBack(octets: Uint8Array, limits: XmlLimits): XmlElement {
  try {
    return scan(octets, limits)
  } catch (cause) {
    throw new NodeFault('OUT_SELFCHECK', cause instanceof NodeFault ? cause.code : '', { cause })
  }
}

/** The first place where what was read is not what was meant, or undefined. */
function differs(meant: XmlPart, read: XmlElement): string | undefined {
  if (!isNamed(read, meant.name)) return clark(meant.name)
  if (read.attributes.length !== meant.attributes.length) return `attributes of ${clark(meant.name)}`
  for (const [index, attribute] of sortAttributes(meant.attributes).entries()) {
    if (!isSame(attribute, read.attributes[index])) return `${attribute.local} of ${clark(meant.name)}`
  }
  const children = joined(meant.children)
  if (children.length !== read.children.length) return `children of ${clark(meant.name)}`
  for (const [index, child] of children.entries()) {
    const other = read.children[index]
    if (typeof child === 'string' || typeof other === 'string' || other === undefined) {
      if (child !== other) return `text of ${clark(meant.name)}`
      continue
    }
    const inner = differs(child, other)
    if (inner !== undefined) return inner
  }
  return undefined
}

function isSame({ namespace, local, value }: XmlAttribute, read: XmlAttribute | undefined): boolean {
  return read?.value === value && read.local === local && read.namespace === namespace
}

function isOneText([first, ...more]: XmlPart['children']): boolean {
  return more.length === 0 && typeof first === 'string' && first !== ''
}

/** Adjacent texts are one text, and an empty one is none. */
function joined(children: XmlPart['children']): XmlPart['children'] {
  if (children.every((child) => typeof child !== 'string') || isOneText(children)) return children
  const result: (XmlPart | string)[] = []
  for (const child of children) {
    const last = result.at(-1)
    if (typeof child !== 'string') result.push(child)
    else if (typeof last === 'string') result[result.length - 1] = last + child
    else if (child !== '') result.push(child)
  }
  return result
}
