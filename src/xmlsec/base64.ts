import { anyOf } from '../xml/any-of.ts'
import { trimmed } from '../xml/white-space.ts'

/*
 * Base64 as it stands in XML. Peers fold it (line feeds, `&#13;`, indentation); inside the fold it is strict: the usual
 * alphabet, padded, and exactly what encoding the octets again would give.
 */

const fold = /[ \t\r\n]+/g
const isFolded = anyOf(' \t\r\n')

/** The octets, or undefined when the text is not strict base64 between its white space. */
export function fromBase64(text: string): Buffer | undefined {
  return strict(isFolded(text) ? text.replace(fold, '') : text)
}

/** As fromBase64, but white space may stand around the value and as line ends in it, not as blanks between digits. */
export function fromFoldedBase64(text: string): Buffer | undefined {
  return strict(trimmed(text).replace(/[\r\n]+/g, ''))
}

function strict(text: string): Buffer | undefined {
  const octets = Buffer.from(text, 'base64')
  return octets.toString('base64') === text ? octets : undefined
}

export function toBase64(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('base64')
}
