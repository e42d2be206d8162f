import { isUtf8 } from 'node:buffer'
import { NodeFault } from '../errors/node-fault.ts'
import { checkCharacters } from './characters.ts'
import type { XmlLimits } from './limits.ts'

/*
 * From octets to characters. One encoding, one version, checked on the octets themselves, so that no decoder after this
 * one can understand them differently (EsPReSSO's XXE in UTF-16 is the classic case).
 */

/** XML 1.0, 4.3.3: not part of the document. */
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const

/** XML 1.0, appendix F: first octets that betray something other than UTF-8. */
const foreignStarts: readonly (readonly number[])[] = [
  [0xfe, 0xff],
  [0xff, 0xfe],
  [0x4c, 0x6f, 0xa7, 0x94],
]

const DECLARATION =
  /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"([^"<]*)"|'([^'<]*)')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"([^"<]*)"|'([^'<]*)'))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*$/
const DECLARATION_MAX = 200

/** The document's characters after the declaration, all of them allowed. */
export function readCharacters(
  received: Uint8Array,
  limits: XmlLimits,
): { readonly source: string; readonly start: number } {
  if (received.length > limits.octets) throw new NodeFault('XML_SIZE', `${received.length} octets`)
  const octets = startsWith(received, BYTE_ORDER_MARK) ? received.subarray(BYTE_ORDER_MARK.length) : received
  refuseForeignStart(octets)
  const buffer = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength)
  if (!isUtf8(buffer)) {
    // A declared foreign encoding is the better explanation for odd octets.
    readDeclaration(buffer.toString('latin1', 0, DECLARATION_MAX))
    throw new NodeFault('XML_UTF8')
  }
  const source = buffer.toString('utf8')
  const start = readDeclaration(source)
  checkCharacters(source, source.length === octets.length, limits)
  return { source, start }
}

function refuseForeignStart(octets: Uint8Array): void {
  const foreign = foreignStarts.some((signature) => startsWith(octets, signature))
  if (foreign || octets.subarray(0, 4).includes(0)) throw new NodeFault('XML_ENCODING', 'by its first octets')
}

function startsWith(octets: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((octet, index) => octets[index] === octet)
}

/** XML 1.0, 2.8: XMLDecl. Gives the offset after it, 0 without one. */
function readDeclaration(source: string): number {
  if (!/^<\?xml[ \t\r\n]/.test(source)) return 0
  const end = source.slice(0, DECLARATION_MAX).indexOf('?>')
  const match = end < 0 ? null : DECLARATION.exec(source.slice(0, end))
  if (match === null) throw new NodeFault('XML_PARSE', 'malformed XML declaration')
  const [, version = match[2], , encoding = match[4]] = match
  if (version !== '1.0') throw new NodeFault('XML_VERSION')
  if (encoding !== undefined && encoding.toUpperCase() !== 'UTF-8') throw new NodeFault('XML_ENCODING', 'as declared')
  return end + 2
}
