import { anyOf } from './any-of.ts'
import type { XmlAttribute } from './element.ts'

/*
 * What a start tag and a text look like in canonical XML, for those who write it: the writer from parts of our own, the
 * canonicaliser from what was scanned.
 */

type Namespace = readonly [prefix: string, uri: string]

export function qualified(prefix: string, local: string): string {
  return prefix === '' ? local : `${prefix}:${local}`
}

/** Exclusive C14N 3 with Canonical XML 2.2: by prefix, the default namespace first. */
export function writeDeclarations(fresh: readonly Namespace[]): string {
  let out = ''
  for (const [prefix, uri] of fresh.length < 2 ? fresh : fresh.toSorted(([a], [b]) => byCodePoint(a, b)))
    out += ` xmlns${prefix === '' ? '' : `:${prefix}`}="${escapeAttribute(uri)}"`
  return out
}

/** Canonical XML 2.2: by namespace, then by local name; those in no namespace first. */
export function sortAttributes(given: readonly XmlAttribute[]): readonly XmlAttribute[] {
  return isSorted(given) ? given : given.toSorted(byName)
}

function isSorted(given: readonly XmlAttribute[]): boolean {
  let last: XmlAttribute | undefined
  for (const one of given) {
    if (last !== undefined && byName(last, one) > 0) return false
    last = one
  }
  return true
}

function byName(a: XmlAttribute, b: XmlAttribute): number {
  return byCodePoint(a.namespace, b.namespace) || byCodePoint(a.local, b.local)
}

export function writeAttributes(given: readonly XmlAttribute[]): string {
  let out = ''
  for (const { prefix, local, value } of sortAttributes(given))
    out += ` ${qualified(prefix, local)}="${escapeAttribute(value)}"`
  return out
}

function byCodePoint(a: string, b: string): number {
  if (a === b) return 0
  for (let at = 0; at < a.length && at < b.length; at += 1) {
    const difference = rank(a.charCodeAt(at)) - rank(b.charCodeAt(at))
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Surrogates are halves of the highest code points, and yet lower units than U+E000 to U+FFFF. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}

const isEscapedInText = anyOf('&<>\r')
const isEscapedInAttribute = anyOf('&<"\t\n\r')

/** Canonical XML 1.0, 2.3: text nodes. */
export function escapeText(value: string): string {
  if (!isEscapedInText(value)) return value
  return value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\r/g, '&#xD;')
}

/** Canonical XML 1.0, 2.3: attribute values. */
function escapeAttribute(value: string): string {
  if (!isEscapedInAttribute(value)) return value
  return value
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/"/g, '&quot;')
    .replace(/\t/g, '&#x9;')
    .replace(/\n/g, '&#xA;')
    .replace(/\r/g, '&#xD;')
}
