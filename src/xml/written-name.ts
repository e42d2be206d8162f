import { NodeFault } from '../errors/node-fault.ts'
import { isAsciiQName, isNcName } from './characters.ts'
import { type Cursor, malformed } from './cursor.ts'
import type { XmlLimits } from './limits.ts'

/** A qualified name as it stands in a tag. */
export interface WrittenName {
  readonly written: string
  readonly prefix: string
  readonly local: string
}

/**
 * Names that were judged already: the same few dozen stand in every message. One name a place, the last one that came
 * there, so strangers can neither fill it nor keep anything in it.
 */
const known: (WrittenName | undefined)[] = Array.from({ length: 1024 })
const KNOWN_CHARACTERS = 64

/** Passes over a qualified name (Namespaces in XML 1.0, 4). Faults: XML_PARSE, XML_SIZE. */
export function readName(cursor: Cursor, limits: XmlLimits): WrittenName {
  const length = cursor.nameLength()
  if (length > limits.name) throw new NodeFault('XML_SIZE', 'a name')
  const place = placeOf(cursor, length)
  const found = known[place]
  if (found?.written.length === length && cursor.isAt(found.written)) {
    cursor.advance(length)
    return found
  }
  const written = cursor.take(length)
  if (!isAsciiQName(written)) return rareName(written)
  if (length > KNOWN_CHARACTERS) return split(written)
  // Characters of its own: a part of a document would keep all of it.
  const name = split(Buffer.from(written, 'latin1').toString('latin1'))
  known[place] = name
  return name
}

function placeOf(cursor: Cursor, length: number): number {
  return (31 * (31 * length + cursor.unit(length >> 1)) + cursor.unit(length - 1)) & (known.length - 1)
}

/** With letters beyond ASCII. */
function rareName(written: string): WrittenName {
  const name = split(written)
  if (!isNcName(name.local) || (name.local !== written && !isNcName(name.prefix)))
    throw malformed('not a qualified name')
  return name
}

function split(written: string): WrittenName {
  const colon = written.indexOf(':')
  return { written, prefix: colon < 0 ? '' : written.slice(0, colon), local: written.slice(colon + 1) }
}
