/* What is known of a certificate for a while. */

export interface CertificateStatus {
  readonly revoked: boolean
  /** Epoch milliseconds until which it is so; after that it has to be asked again. */
  readonly until: number
}

/** How far clocks may be apart. */
const SKEW = 300_000

/** Stale or future statements say nothing. */
export function isTimely(thisUpdate: number, nextUpdate: number, now: number): boolean {
  return thisUpdate <= now + SKEW && nextUpdate > now
}
