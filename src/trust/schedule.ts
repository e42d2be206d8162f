import type { Lived, Refresh } from './document.ts'
import type { Renewal } from './renewal.ts'

/* When a document that is fetched is fetched again. What is in files is read at every refresh. */

const HOUR = 3_600_000

export interface Appointment {
  /** Epoch milliseconds. */
  readonly due: number
  /** How often it has failed since it was last good. */
  readonly failures: number
}

/**
 * After a success, when the document says (cacheDuration), or in an hour; in any case at half its remaining life and
 * within a day. After a failure sooner, and from failure to failure later. Never before the `period` is over.
 */
export function nextAppointment(
  { held, problem }: Renewal<Lived>,
  before: Appointment | undefined,
  { clock, period }: Pick<Refresh, 'clock' | 'period'>,
): Appointment {
  const now = clock()
  if (problem !== undefined) {
    const failures = (before?.failures ?? 0) + 1
    return { failures, due: now + Math.max(period, Math.min(period * 2 ** (failures - 1), HOUR)) }
  }
  const { cacheDuration, validUntil } = held?.loaded ?? {}
  const wanted = cacheDuration === undefined ? HOUR : cacheDuration * 1000
  const life = validUntil === undefined ? 24 * HOUR : validUntil - now
  return { failures: 0, due: now + Math.max(period, Math.min(wanted, life / 2, 24 * HOUR)) }
}
