/* White space as XML has it: S of XML 1.0, 2.3. */

export function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x09 || unit === 0x0d
}

/**
 * A text without the white space around it. Each end is looked at once: an expression that seeks white space before the
 * end tries anew at every blank of a long run that is not there, which takes seconds for what a message may hold.
 */
export function trimmed(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isSpace(text.charCodeAt(start))) start += 1
  while (start < end && isSpace(text.charCodeAt(end - 1))) end -= 1
  return text.slice(start, end)
}

/** As XML Schema has it of xs:anyURI, xs:dateTime and most other types: none around, and one space for each run inside. */
export function collapsed(text: string): string {
  return trimmed(text).replace(/[ \t\r\n]+/g, ' ')
}
