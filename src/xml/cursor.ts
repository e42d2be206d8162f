import { NodeFault } from '../errors/node-fault.ts'
import { isSpace } from './white-space.ts'

/** A place in a document's characters, and the ways to move on. Each way costs what it passes over and never goes back. */
export class Cursor {
  readonly #source: string
  #at: number
  /** The next `<`, as long as it is not behind the place. */
  #less = -1

  constructor(source: string, start: number) {
    this.#source = source
    this.#at = start
  }

  /** The place, in UTF-16 units from the start. */
  get at(): number {
    return this.#at
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#source.length
  }

  /** The UTF-16 unit at the place or `ahead` of it; NaN beyond the end. */
  unit(ahead = 0): number {
    return this.#source.charCodeAt(this.#at + ahead)
  }

  isAt(text: string): boolean {
    return this.#source.startsWith(text, this.#at)
  }

  advance(count: number): void {
    this.#at += count
  }

  /** Passes over one expected character. */
  expect(unit: number, otherwise: string): void {
    if (this.unit() !== unit) throw malformed(otherwise)
    this.#at += 1
  }

  /** What stands before the next `mark`, where the place is then. */
  upTo(mark: string, otherwise: string): string {
    return this.#until(this.#source.indexOf(mark, this.#at), otherwise)
  }

  /** What stands before the next `<`, where the place is then. */
  upToTag(otherwise: string): string {
    const less = this.#nextLess()
    return this.#until(less < this.#source.length ? less : -1, otherwise)
  }

  /** What stands before the next `mark`, where the place is then; undefined when there is a `<` before it. */
  withinTag(mark: string, otherwise: string): string | undefined {
    const less = this.#nextLess()
    const found = this.upTo(mark, otherwise)
    return less < this.#at ? undefined : found
  }

  #nextLess(): number {
    if (this.#less < this.#at) {
      const found = this.#source.indexOf('<', this.#at)
      this.#less = found < 0 ? this.#source.length : found
    }
    return this.#less
  }

  #until(end: number, otherwise: string): string {
    if (end < 0) throw malformed(otherwise)
    return this.take(end - this.#at)
  }

  /** Passes over white space; says whether there was any. */
  space(): boolean {
    const start = this.#at
    while (isSpace(this.#source.charCodeAt(this.#at))) this.#at += 1
    return this.#at > start
  }

  /** Characters of what may be a name, judged by where it ends and no further. */
  nameLength(): number {
    let end = this.#at
    while (mayContinueName(this.#source.charCodeAt(end))) end += 1
    return end - this.#at
  }

  /** Passes over that many characters and gives them. */
  take(length: number): string {
    const start = this.#at
    this.#at = start + length
    return this.#source.slice(start, this.#at)
  }
}

export function malformed(what: string): NodeFault {
  return new NodeFault('XML_PARSE', what)
}

/** Letters, digits, `-`, `.`, `:` and all beyond ASCII's `>`; written so that the end of the source (NaN) is none. */
function mayContinueName(unit: number): boolean {
  return unit > 0x3e || (unit >= 0x2d && unit <= 0x3a && unit !== 0x2f)
}
