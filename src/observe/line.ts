/*
 * One line of the log. Peers choose much of what is written, so a line is printable ASCII whatever they send: JSON
 * escapes quotes and C0 controls, and everything beyond ASCII is escaped as well, which takes in C1 controls (terminals
 * obey some), U+2028 and direction characters. What reads the line as JSON gets the text back as it was.
 */

export type Line = Readonly<Record<string, string | readonly string[]>>

/** No entityID or message ID is longer (SAML Core 8.3.6). */
export const LONGEST_TEXT = 1024

export function lineOf(line: Line): string {
  const capped = Object.fromEntries(
    Object.entries(line).map(([name, value]) => [name, typeof value === 'string' ? cap(value) : value.map(cap)]),
  )
  return `${escaped(JSON.stringify(capped))}\n`
}

function cap(text: string): string {
  const surplus = text.length - LONGEST_TEXT
  return surplus > 0 ? `${text.slice(0, LONGEST_TEXT)}[+${surplus}]` : text
}

/** Only texts hold characters that are not printable ASCII, so each may be written as the escape JSON has for it. */
function escaped(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
