import { NodeFault } from '../errors/node-fault.ts'
import { anyOf } from './any-of.ts'
import type { XmlLimits } from './limits.ts'

/* Characters, references and values, as XML 1.0 (fifth edition) has them: 2.2, 2.3, 2.11, 3.3.3, 4.1, 4.6. */

/** Not a Char of XML 1.0, 2.2. Surrogates cannot come out of UTF-8, but can be meant by a reference. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to refuse
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/
/** These too: DEL, C1 controls, Unicode's line and paragraph separators; XML allows them, a message has no use for them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to refuse
const UNWANTED = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]/
/** Those of them that are ASCII. */
const isUnwantedAscii = anyOf(
  Array.from({ length: 0x80 }, (_, code) => String.fromCharCode(code))
    .filter((one) => UNWANTED.test(one))
    .join(''),
)

const NAME_START =
  ':A-Z_a-z\\u{c0}-\\u{d6}\\u{d8}-\\u{f6}\\u{f8}-\\u{2ff}\\u{370}-\\u{37d}\\u{37f}-\\u{1fff}\\u{200c}\\u{200d}\\u{2070}-\\u{218f}\\u{2c00}-\\u{2fef}\\u{3001}-\\u{d7ff}\\u{f900}-\\u{fdcf}\\u{fdf0}-\\u{fffd}\\u{10000}-\\u{effff}'
const NC_START = NAME_START.slice(1)
const NC_REST = `${NC_START}\\-.0-9\\u{b7}\\u{300}-\\u{36f}\\u{203f}\\u{2040}`
const NCNAME = new RegExp(`^[${NC_START}][${NC_REST}]*$`, 'u')
const ASCII_NCNAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/
const ASCII_QNAME = /^(?:[A-Za-z_][A-Za-z0-9_.-]*:)?[A-Za-z_][A-Za-z0-9_.-]*$/

const CDATA_END = ']]>'
const isMarked = anyOf('&\r')
const isSpaced = anyOf('\t\n\r')

export function isNcName(value: string): boolean {
  return ASCII_NCNAME.test(value) || NCNAME.test(value)
}

export function isAsciiQName(value: string): boolean {
  return ASCII_QNAME.test(value)
}

/** Refuses literal characters that XML or the limits' policy forbid; ASCII alone is known to be so from its octets. */
export function checkCharacters(source: string, isAscii: boolean, limits: XmlLimits): void {
  const found = isAscii && limits.characters === 'plain' ? isUnwantedAscii(source) : isForbidden(source, limits)
  if (found) throw new NodeFault('XML_CHAR', 'literal')
}

function isForbidden(source: string, limits: XmlLimits): boolean {
  return (limits.characters === 'plain' ? UNWANTED : FORBIDDEN).test(source)
}

/** What a whole document is free of need not be looked for in each of its texts and values. */
export interface Plain {
  readonly text: boolean
  readonly values: boolean
}

/** Whether all texts and all values of a document mean what is written: no references, nothing to normalise or refuse. */
export function plain(source: string): Plain {
  const bare = !isMarked(source)
  return { text: bare && !source.includes(CDATA_END), values: bare && !isSpaced(source) }
}

/** Text with references resolved and line ends normalised. */
export function readText(raw: string, limits: XmlLimits): string {
  if (raw.includes(CDATA_END)) throw new NodeFault('XML_PARSE', ']]> in text')
  return resolve(withLineFeeds(raw), limits)
}

/** Line ends as XML 1.0, 2.11 has them. */
export function withLineFeeds(raw: string): string {
  return raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw
}

/** An attribute value with white space and references as XML 1.0, 3.3.3 has it for CDATA. */
export function readValue(raw: string, limits: XmlLimits): string {
  return resolve(isSpaced(raw) ? raw.replace(/\r\n|[\t\n\r]/g, ' ') : raw, limits)
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function resolve(raw: string, limits: XmlLimits): string {
  let ampersand = raw.indexOf('&')
  if (ampersand < 0) return raw
  let out = ''
  let done = 0
  while (ampersand >= 0) {
    const end = raw.indexOf(';', ampersand)
    if (end < 0) throw new NodeFault('XML_PARSE', 'a stray &')
    out += raw.slice(done, ampersand) + reference(raw.slice(ampersand + 1, end), limits)
    done = end + 1
    ampersand = raw.indexOf('&', done)
  }
  return out + raw.slice(done)
}

/** What a reference (without & and ;) stands for: one of the five entities, or an allowed character by number. */
function reference(body: string, limits: XmlLimits): string {
  if (Object.hasOwn(named, body)) return named[body] ?? ''
  const match = /^#(?:x([0-9A-Fa-f]{1,8})|([0-9]{1,8}))$/.exec(body)
  if (match === null) throw new NodeFault('XML_PARSE', 'an unknown entity or malformed reference')
  const point = match[1] === undefined ? Number.parseInt(match[2] ?? '', 10) : Number.parseInt(match[1], 16)
  if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) throw new NodeFault('XML_CHAR', 'by reference')
  const character = String.fromCodePoint(point)
  if (isForbidden(character, limits)) throw new NodeFault('XML_CHAR', 'by reference')
  return character
}
