import { NodeFault } from '../../errors/node-fault.ts'
import { clark, type QName, type XmlElement } from '../../xml/element.ts'
import { xml } from '../../xml/names.ts'
import { attribute, many, qualifiedAttribute, text } from '../../xml/reader.ts'
import { trimmed } from '../../xml/white-space.ts'
import { el, withQualified, type XmlPart } from '../../xml/writer.ts'
import { eachReadable, type Tell, untold } from './left-out.ts'

/*
 * Texts and counts in metadata. Metadata is written by many hands and pretty-printed, so white space around and
 * within an element's text is layout; unknown elements are passed over (R-MF-21). What is used is held to the letter.
 */

/** A text with its language, as given in xml:lang. */
export interface LocalizedText {
  readonly lang: string
  readonly value: string
}

const TEXT_LIMIT = 1_024

/** Control, format (direction, zero width) and private characters have no place in what people read. */
const ODD = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u

/** The text of an element with its layout collapsed; MD_TEXT when it is too long or odd. */
export function layoutText(element: XmlElement): string {
  const value = text(element)
    .replace(/[ \t\r\n]+/g, ' ')
    .replace(/^ | $/g, '')
  if (value.length > TEXT_LIMIT || ODD.test(value)) throw new NodeFault('MD_TEXT', clark(element))
  return value
}

/** The texts of all children of that name, without those that are empty or cannot be used. */
export function layoutTexts(parent: XmlElement, name: QName, tell: Tell = untold): readonly string[] {
  return eachReadable(many(parent, name), layoutText, tell).filter((value) => value !== '')
}

/** The text of the first child of that name that has one. */
export function firstText(parent: XmlElement, name: QName): string | undefined {
  return layoutTexts(parent, name)[0]
}

/** An attribute of type xs:anyURI, whose white space collapses, or undefined. */
export function uriAttribute(element: XmlElement, local: string): string | undefined {
  const value = attribute(element, local)
  return value === undefined ? undefined : trimmed(value)
}

/** The same for one that must be there; MD_STRUCT when it is not. */
export function requiredUri(element: XmlElement, local: string): string {
  const value = uriAttribute(element, local)
  if (value === undefined) throw new NodeFault('MD_STRUCT', `no ${local} on ${clark(element)}`)
  return value
}

/** The child of that name or undefined; two are MD_STRUCT. */
export function singleChild<E extends XmlElement>(parent: E, name: QName): E | undefined {
  const found = many(parent, name)
  if (found.length > 1) throw new NodeFault('MD_STRUCT', `${found.length} x ${clark(name)}`)
  return found[0]
}

/** The text of the child of that name, or undefined; two are MD_STRUCT. */
export function singleText(parent: XmlElement | undefined, name: QName): string | undefined {
  const child = parent && singleChild(parent, name)
  return child && layoutText(child)
}

/** Without those that cannot be used. */
export function readLocalized(parent: XmlElement, name: QName, tell: Tell = untold): readonly LocalizedText[] {
  const read = (element: XmlElement) => ({
    lang: qualifiedAttribute(element, xml('lang')) ?? '',
    value: layoutText(element),
  })
  return eachReadable(many(parent, name), read, tell)
}

export function writeLocalized(name: QName, texts: readonly LocalizedText[]): readonly XmlPart[] {
  return texts.map(({ lang, value }) => withQualified(el(name, {}, value), [[xml('lang'), lang]]))
}
