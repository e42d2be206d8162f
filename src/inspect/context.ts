import type { Window } from '../saml/rules/rule.ts'
import { type Finding, note } from './findings.ts'

/*
 * What rules are given where a node would know better. The message is taken at its word: it came to where it says it goes,
 * it answers what it says it answers, and its peer's metadata says nothing. So a rule that compares the message with the
 * node holds it against itself, which still finds what is missing or contradicts itself, and a note says which were so.
 */

/** The windows a node has unless its configuration says otherwise. */
export function windowAt(now: number): Window {
  return { now, clockSkewSeconds: 60, requestAgeSeconds: 300 }
}

/** The one note of what could not be held against anything but the message itself. */
export function offline(...unknown: readonly string[]): Finding {
  return note('OFFLINE', `cannot be known here and was taken as the message has it: ${unknown.join('; ')}`)
}
