import { expectPlainText } from './eidas/text.ts'

/** Characters without a picture that are no white space: Braille, musical, Khitan and Egyptian blanks. */
const BLANKS = '\\u2800\\u{1d159}\\u{16fe4}\\u{13441}\\u{13442}'
/** Nothing that is seen: white space, controls, format and default-ignorable characters (U+3164), marks on nothing, blanks. */
const unseen = new RegExp(`^[\\p{White_Space}\\p{C}\\p{DI}\\p{M}${BLANKS}]*$`, 'u')

/** The same for names of metadata, where another name may do: undefined for one that may not be shown, too. */
export function nameToShow(name: string | undefined): string | undefined {
  try {
    return shownName(name)
  } catch {
    return undefined
  }
}

/**
 * A name that people are shown: undefined for an invisible one, EID_TEXT for one that could look like another.
 * A name without anything to see is none, so that what else is known of who asks is shown in its place.
 */
export function shownName(name: string | undefined): string | undefined {
  if (name === undefined || unseen.test(name)) return undefined
  expectPlainText(name)
  return name
}
