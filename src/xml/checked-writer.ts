import { NodeFault } from '../errors/node-fault.ts'
import { clark, type XmlElement } from './element.ts'
import { messageLimits, type XmlLimits } from './limits.ts'
import { scan } from './scanner.ts'
import { writeXml, type XmlPart } from './writer.ts'

/**
 * Writes a part and reads it back through the strict scanner before anybody else sees it: what was written must be, name
 * for name and character for character, what was meant. OUT_SELFCHECK otherwise; also when the message
 * would be larger than what peers accept.
 */
export function writeChecked(part: XmlPart, limits: XmlLimits = messageLimits): Uint8Array {
  const octets = writeXml(part)
  const difference = differs(part, readBack(octets, limits))
  if (difference !== undefined) throw new NodeFault('OUT_SELFCHECK', difference)
  return octets
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
  const here = clark(meant.name)
  if (read.local !== meant.name.local || read.namespace !== meant.name.namespace) return here
  if (read.attributes.length !== meant.attributes.length) return `attributes of ${here}`
  for (const [name, value] of meant.attributes) {
    const { local, namespace } = typeof name === 'string' ? { local: name, namespace: '' } : name
    const found = read.attributes.find((attribute) => attribute.local === local && attribute.namespace === namespace)
    if (found?.value !== value) return `${local} of ${here}`
  }
  const children = joined(meant.children)
  if (children.length !== read.children.length) return `children of ${here}`
  for (const [index, child] of children.entries()) {
    const other = read.children[index]
    if (typeof child === 'string' || typeof other === 'string' || other === undefined) {
      if (child !== other) return `text of ${here}`
      continue
    }
    const inner = differs(child, other)
    if (inner !== undefined) return inner
  }
  return undefined
}

/** Adjacent texts are one text, and an empty one is none. */
function joined(children: readonly (XmlPart | string)[]): readonly (XmlPart | string)[] {
  const result: (XmlPart | string)[] = []
  for (const child of children) {
    const last = result.at(-1)
    if (typeof child !== 'string') result.push(child)
    else if (typeof last === 'string') result[result.length - 1] = last + child
    else if (child !== '') result.push(child)
  }
  return result
}
