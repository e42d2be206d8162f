/* What is known of a certificate for a while. */

export interface Dated {
  /** Epoch milliseconds of its thisUpdate. */
  readonly since: number
  /** Epoch milliseconds until which it is so; after that it has to be asked again. */
  readonly until: number
}

export interface CertificateStatus extends Dated {
  readonly revoked: boolean
}

/** How far clocks may be apart. */
const SKEW = 300_000
/** How old a statement may be that does not say until when it counts. */
const RECENT = 86_400_000

/** Stale or future statements say nothing. */
export function isTimely({ since, until }: Dated, now: number): boolean {
  return since <= now + SKEW && until > now
}

/** RFC 6960 4.2.2.1: without nextUpdate newer knowledge is there all the time; then it counts now and is not kept. */
export function datesOf(thisUpdate: number, nextUpdate: number | undefined, now: number): Dated {
  return { since: thisUpdate, until: nextUpdate ?? Math.min(thisUpdate + RECENT, now + 1) }
}
