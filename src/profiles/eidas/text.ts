import { NodeFault } from '../../errors/node-fault.ts'

/** Longest text of an attribute. Peers allow 65535; no name, place or number is that long. */
const MAX_CHARACTERS = 1024

/**
 * Characters that are invisible or reorder what is seen: controls, format characters (bidirectional overrides, zero
 * width, tags), default-ignorable ones, line separators, private use, noncharacters, lone surrogates. Text with one of
 * them is refused, never cleaned: what is passed on is what was verified.
 */
const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{DI}\p{NChar}]/u

/**
 * Characters that are part of how names are written, though they are invisible: the soft hyphen of registers, the joiners of
 * Persian, and marks that say the direction of the character beside them and reorder nothing further on.
 */
const partsOfWriting = /[\u00ad\u200c-\u200f]/gu

/** EID_TEXT as expectPlainText, for what people are called and where they live: those characters are taken as they are. */
export function expectHumanText(text: string): void {
  const seen = text.replace(partsOfWriting, '')
  if (seen.trim() === '') throw new NodeFault('EID_TEXT', 'nothing that can be seen')
  if (text.length > MAX_CHARACTERS) throw new NodeFault('EID_TEXT', `${text.length} characters`)
  expectPlainText(seen)
}

/** EID_TEXT for text that could look like another text, or like none. Composed and decomposed letters are both fine. */
export function expectPlainText(text: string): void {
  if (text.length > MAX_CHARACTERS) throw new NodeFault('EID_TEXT', `${text.length} characters`)
  const found = invisible.exec(text)?.[0]
  if (found !== undefined) throw new NodeFault('EID_TEXT', codePoint(found))
  if (/^\p{M}/u.test(text)) throw new NodeFault('EID_TEXT', 'starts with a combining mark')
}

/** R-AP-46: text without a letter of another script. */
export function isLatinText(text: string): boolean {
  return /^[\p{scx=Latin}\p{scx=Common}\p{scx=Inherited}]*$/u.test(text)
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
