/** How the entries of a catalogue are written. */
export interface Numbering {
  entriesIn(text: string): readonly string[]
  isAlone(text: string): boolean
  wordsOf(text: string): string
}

/** What a test file says of entries: a title or row, the entries it names, and the codes that stand with it. */
export interface NamedTest {
  readonly title: string
  /** Whether it is the title of a test or a row of a table, and says more than a number. */
  readonly isTitle: boolean
  readonly entries: readonly string[]
  readonly codes: readonly string[]
}

export function numbering(prefixes: readonly string[], digits?: number): Numbering
export function testsIn(source: string, numbers: Numbering, isCode: (word: string) => boolean): readonly NamedTest[]
