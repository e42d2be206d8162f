import { NodeFault } from '../../errors/node-fault.ts'
import { trimmed } from '../../xml/white-space.ts'
import { expectHumanText } from './text.ts'

/*
 * The value of an address attribute: base64 of a run of elements without root and without namespace declaration
 * (Attribute Profile 1.4, 2.2.9). It is not an XML document, peers write it without escaping, and the profile's own
 * example closes a tag by another name; so it is read by the small grammar below and no XML parser ever sees it.
 */

/** R-AP-30: the parts, in schema order. */
export const addressParts = [
  'PoBox',
  'LocatorDesignator',
  'LocatorName',
  'CvaddressArea',
  'Thoroughfare',
  'PostName',
  'AdminunitFirstline',
  'AdminunitSecondline',
  'PostCode',
] as const

export type AddressPart = (typeof addressParts)[number]

export type Address = Readonly<Partial<Record<AddressPart, string>>>

const MAX_BASE64 = 16384

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const name = '[A-Za-z_][A-Za-z0-9_.-]{0,63}'
const qualifiedName = `(?:${name}:)?${name}`
const attributes = `(?:[ \\t\\r\\n]{1,9}${qualifiedName}="[^"<]{0,256}")*`
const space = '[ \\t\\r\\n]*'
/** One element: start tag, text, and whatever end tag comes next, for the names of the two need not agree. */
const element = new RegExp(
  `<(?:${name}:)?(${name})${attributes}${space}(?:/>|>([^<]*)</${qualifiedName}${space}>)${space}`,
  'y',
)

/** Reads a value, white space within the base64 included (R-AP-31); EID_ADDRESS or EID_TEXT. */
export function readAddress(value: string): Address {
  const address: { [part in AddressPart]?: string } = {}
  const fragment = trimmed(fragmentOf(value))
  element.lastIndex = 0
  while (element.lastIndex < fragment.length) {
    const at = element.lastIndex
    const found = element.exec(fragment)
    if (found === null) throw new NodeFault('EID_ADDRESS', `not an address element at ${at}`)
    const [, local, raw = ''] = found
    if (!isAddressPart(local)) continue
    if (address[local] !== undefined) throw new NodeFault('EID_ADDRESS', `${local} twice`)
    const text = trimmed(unescaped(raw))
    if (text === '') continue
    expectHumanText(text)
    address[local] = text
  }
  if (Object.keys(address).length === 0) throw new NodeFault('EID_ADDRESS', 'no part of an address')
  return address
}

/** R-AP-32: prefix eidas, escaped, in schema order, one line of base64. */
export function writeAddress(address: Address): string {
  const fragment = addressParts
    .flatMap((part) => {
      const text = address[part]
      return text === undefined ? [] : [`<eidas:${part}>${escaped(text)}</eidas:${part}>`]
    })
    .join('\n')
  return Buffer.from(fragment, 'utf8').toString('base64')
}

function isAddressPart(local: string | undefined): local is AddressPart {
  return (addressParts as readonly (string | undefined)[]).includes(local)
}

function fragmentOf(value: string): string {
  if (value.length > MAX_BASE64) throw new NodeFault('EID_ADDRESS', `${value.length} characters`)
  const packed = value.replace(/[ \t\r\n]+/g, '')
  if (!base64.test(packed)) throw new NodeFault('EID_ADDRESS', 'not base64')
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(packed, 'base64'))
  } catch (cause) {
    throw new NodeFault('EID_ADDRESS', 'not UTF-8', { cause })
  }
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** The five entities and character references; any other ampersand is one that the writer forgot to escape. */
function unescaped(text: string): string {
  return text.replace(/&(?:#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot|apos));/g, (_, hex, decimal, entity) => {
    if (entity !== undefined) return entities[entity] ?? ''
    const code = hex === undefined ? Number.parseInt(decimal, 10) : Number.parseInt(hex, 16)
    if (code > 0x10ffff) throw new NodeFault('EID_ADDRESS', 'a character reference beyond Unicode')
    return String.fromCodePoint(code)
  })
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}
