import type { NamedTest, Numbering } from '../documents/naming.js'

/** A requirement of the catalogue: what it says, the tests that name it, and why there is none. */
export interface RequirementEntry {
  readonly entry: string
  readonly said: { readonly states: string; readonly source: string }
  readonly tests: readonly NamedTest[]
  /** `open` when nobody said why. */
  readonly without: string
}

export const requirements: Numbering
export function requirementEntries(named?: readonly NamedTest[]): readonly RequirementEntry[]
export function namedRequirements(): readonly NamedTest[]
export function requirementsDocument(entries?: readonly RequirementEntry[]): string
