import { isUtf8 } from 'node:buffer'

/*
 * Documents with markup that a node refuses or passes over (comments, processing instructions, CDATA sections, a DOCTYPE, a
 * byte order mark) without that markup, so that the rest of them can be shown. What comes out is another document than what went in, and is told
 * apart from it everywhere.
 */

export interface Cleaned {
  readonly octets: Uint8Array
  /** What was taken out, in words. */
  readonly removed: readonly string[]
}

interface Markup {
  readonly open: string
  /** Where it ends, given the text from its beginning; -1 when it does not. */
  readonly end: (text: string, from: number) => number
  readonly what: string
  /** What stands in its place. */
  readonly left: (markup: string) => string
}

const markups: readonly Markup[] = [
  { open: '<!--', end: closedBy('-->'), what: 'comments', left: () => '' },
  { open: '<![CDATA[', end: closedBy(']]>'), what: 'CDATA sections', left: (markup) => escaped(markup.slice(9, -3)) },
  { open: '<!DOCTYPE', end: doctypeEnd, what: 'DOCTYPE', left: () => '' },
  { open: '<?', end: closedBy('?>'), what: 'processing instructions', left: () => '' },
]

/** The document without such markup; undefined when there is none, or when the octets are no text. */
export function cleaned(octets: Uint8Array): Cleaned | undefined {
  if (!isUtf8(octets)) return undefined
  const whole = Buffer.from(octets).toString('utf8')
  const text = whole.replace(/^\ufeff/, '')
  const removed = new Set(text === whole ? [] : ['byte order mark'])
  const kept: string[] = []
  let done = afterDeclaration(text)
  kept.push(text.slice(0, done))
  for (let at = next(text, done); at >= 0; at = next(text, done)) {
    const markup = markups.find(({ open }) => text.startsWith(open, at))
    const end = markup === undefined ? at + 1 : markup.end(text, at)
    if (end < 0) break
    kept.push(text.slice(done, markup === undefined ? end : at))
    if (markup !== undefined) {
      kept.push(markup.left(text.slice(at, end)))
      removed.add(markup.what)
    }
    done = end
  }
  kept.push(text.slice(done))
  return removed.size === 0 ? undefined : { octets: Buffer.from(kept.join('')), removed: [...removed] }
}

/** The XML declaration looks like a processing instruction and is none. */
function afterDeclaration(text: string): number {
  return /^<\?xml[ \t\r\n]/.test(text) ? Math.max(text.indexOf('?>'), 0) : 0
}

/** The next `<!` or `<?`. */
function next(text: string, from: number): number {
  for (let at = text.indexOf('<', from); at >= 0; at = text.indexOf('<', at + 1)) {
    if (text[at + 1] === '!' || text[at + 1] === '?') return at
  }
  return -1
}

function closedBy(mark: string): Markup['end'] {
  return (text, from) => {
    const at = text.indexOf(mark, from)
    return at < 0 ? -1 : at + mark.length
  }
}

/** With an internal subset up to its bracket, otherwise up to the first `>`. */
function doctypeEnd(text: string, from: number): number {
  const end = text.indexOf('>', from)
  const subset = text.indexOf('[', from)
  if (subset < 0 || end < subset) return end < 0 ? -1 : end + 1
  const close = /\][ \t\r\n]*>/g
  close.lastIndex = subset
  return close.exec(text) === null ? -1 : close.lastIndex
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}
