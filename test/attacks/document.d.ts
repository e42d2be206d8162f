/** What a test file says of one attack: a title or row, the entries it names, and the codes that stand with it. */
export interface NamedAttack {
  readonly title: string
  readonly entries: readonly string[]
  readonly codes: readonly string[]
}
export function entriesNamedIn(text: string): readonly string[]
export function testsIn(source: string, isCode: (word: string) => boolean): readonly NamedAttack[]
export function attacksDocument(): string
