/** Protocol versions this node speaks, newest first (R-MF-12). */
export const protocolVersions: readonly string[] = ['1.4', '1.3', '1.2']

/** Whether the peer speaks one of ours; one that says nothing is taken to speak the newest. */
export function hasVersionInCommon(published: readonly string[]): boolean {
  return published.length === 0 || published.some((version) => protocolVersions.includes(minorOf(version)))
}

/** What differs by the newest version that a peer speaks. */
export interface Dialect {
  /** R-MF-33: natural and legal attributes may be in one request. */
  readonly mixesPersons: boolean
  /** R-AP-27: Greece may be GR. */
  readonly saysGR: boolean
}

const current: Dialect = { mixesPersons: false, saysGR: false }
const older: Dialect = { mixesPersons: true, saysGR: true }

const olderVersions: readonly string[] = ['1.0', '1.1', '1.2', '1.3']

/** Silence, and every version that is not on this list, means 1.4. */
export function dialectOf(published: readonly string[]): Dialect {
  const isOlder = published.length > 0 && published.every((version) => olderVersions.includes(minorOf(version)))
  return isOlder ? older : current
}

/** `1.4` of `1.4.1`: patches of a specification change no message. */
function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.')
}
