/**
 * HTML as values. Text becomes HTML in one place only, the tag below: literals are taken as written, everything
 * interpolated is escaped for where it stands, and a place where escaping could not help does not build.
 */
class SafeHtml {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

/** Made by the tag alone. */
export type Html = SafeHtml

type Content = Html | string | number | undefined | readonly Content[]

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  // A parser turns a bare CR into LF; a value must come back as it was given.
  '\r': '&#13;',
}

function escapeText(text: string): string {
  return text.replace(/[&<>"'\r]/g, (character) => entities[character] ?? '')
}

/** Where an interpolation stands, told by the literals before it. */
function placeAfter(literals: string): 'text' | 'quotes' | 'tag' {
  const open = literals.lastIndexOf('<')
  if (open <= literals.lastIndexOf('>')) return 'text'
  return literals.slice(open).split('"').length % 2 === 0 ? 'quotes' : 'tag'
}

function write(content: Content): string {
  if (content === undefined) return ''
  if (content instanceof SafeHtml) return content.toString()
  if (typeof content === 'string' || typeof content === 'number') return escapeText(String(content))
  return content.map(write).join('')
}

function writeAt(place: ReturnType<typeof placeAfter>, content: Content): string {
  if (place === 'text') return write(content)
  if (place === 'tag' || typeof content !== 'string') throw new TypeError('html: inside a tag only "text" in quotes')
  return escapeText(content)
}

/** Builds HTML: strings are escaped, HTML goes in as it is, lists one after the other, undefined leaves nothing. */
export function html(literals: TemplateStringsArray, ...contents: readonly Content[]): Html {
  let before = ''
  let text = ''
  literals.forEach((literal, index) => {
    before += literal
    text += literal
    if (index < contents.length) text += writeAt(placeAfter(before), contents[index])
  })
  return new SafeHtml(text)
}

/** A string from outside, whose writing direction must not spill over into ours. */
export function foreign(text: string): Html {
  return html`<bdi>${text}</bdi>`
}
