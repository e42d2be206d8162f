import { type FaultCode, faults } from '../errors/faults.ts'
import { asFault, type NodeFault } from '../errors/node-fault.ts'
import type { Rule } from '../saml/rules/rule.ts'

/**
 * Inspection: a message or metadata out of its context, judged by the node's own parser, verification, readers and rules,
 * with everything that is wrong with it and not only what a node would stumble over first. It owns no rule a node
 * decides by; it decides nothing for a node, opens no connection and writes no file. cli/inspect.ts alone may import it.
 */

/**
 * An error is what this node refuses. A warning is what a specification says otherwise and this node takes all the same
 * (R-IA-1). A note is what a reader of the rest should know.
 */
export type Severity = 'error' | 'warning' | 'note'

/** Notes that are about the inspection and not about a fault. */
export type NoteCode = 'OFFLINE' | 'NOT_DECRYPTED' | 'NOT_JUDGED' | 'NO_HINT' | 'IGNORED'

export interface Finding {
  readonly code: FaultCode | NoteCode
  readonly severity: Severity
  readonly text: string
  /** R-…; the section of a specification where no number exists, or null. */
  readonly requirement: string | null
}

/** Which requirement a fault breaks. */
export type Citing = (code: FaultCode) => string | null

/** What came of something that may fault: a value, or what was wrong. */
export interface Attempt<T> {
  readonly value?: T
  readonly findings: readonly Finding[]
}

export interface FindingOptions {
  readonly severity?: Severity
  /** Of which part of the message it is, in front of the text. */
  readonly about?: string | undefined
}

/** A fault in words: what its code means, and the detail that a node would log. */
export function findingOf({ code, detail }: NodeFault, cite: Citing, options: FindingOptions = {}): Finding {
  const { severity = 'error', about } = options
  const words = detail === '' ? faults[code].meaning : `${faults[code].meaning}: ${detail}`
  return { code, severity, text: about === undefined ? words : `${about}: ${words}`, requirement: cite(code) }
}

export function note(code: NoteCode, text: string, requirement: string | null = null): Finding {
  return { code, severity: 'note', text, requirement }
}

/** Tries, and turns the fault, if there is one, into a finding. */
export function attempt<T>(run: () => T, cite: Citing, options: FindingOptions = {}): Attempt<T> {
  try {
    return { value: run(), findings: [] }
  } catch (thrown) {
    return { findings: [findingOf(asFault(thrown), cite, options)] }
  }
}

/** As attempt, for what takes its time. */
export async function attemptLater<T>(
  run: () => Promise<T>,
  cite: Citing,
  options: FindingOptions = {},
): Promise<Attempt<T>> {
  try {
    return { value: await run(), findings: [] }
  } catch (thrown) {
    return { findings: [findingOf(asFault(thrown), cite, options)] }
  }
}

/** Runs every rule, whichever are broken. `requirements` is by the rule's name. */
export function judge<C>(
  rules: readonly Rule<C>[],
  context: C,
  requirements: Readonly<Record<string, string>>,
  options: FindingOptions = {},
): readonly Finding[] {
  const found = rules.flatMap((rule) => {
    const requirement = requirements[rule.name] ?? null
    return attempt(
      () => rule(context),
      () => requirement,
      options,
    ).findings
  })
  return distinct(found)
}

/** Rules that look at the same missing thing say so in the same words: once is enough. */
export function distinct(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter((one, at) => findings.findIndex((other) => isSame(one, other)) === at)
}

/** Those whose code is not among others: for what a node says at its first fault, of which all is known already. */
export function unheard(findings: readonly Finding[], heard: readonly Finding[]): readonly Finding[] {
  const errors = heard.filter(({ severity }) => severity === 'error')
  return findings.filter(({ code }) => !errors.some((other) => other.code === code))
}

function isSame(a: Finding, b: Finding): boolean {
  return a.code === b.code && a.text === b.text && a.severity === b.severity
}
