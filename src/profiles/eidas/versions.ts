/** Protocol versions this node speaks, newest first (R-MF-12). */
export const protocolVersions: readonly string[] = ['1.4', '1.3', '1.2']

/** Whether the peer speaks one of ours; one that says nothing is taken to speak the newest. */
export function hasVersionInCommon(published: readonly string[]): boolean {
  return published.length === 0 || published.some((version) => protocolVersions.includes(minorOf(version)))
}

/**
 * R-MF-33: from 1.4 on, natural and legal attributes are not in one request; with peers whose highest version is older
 * they may be. Silence, and every version that is not on this list, means 1.4.
 */
const mixing: readonly string[] = ['1.0', '1.1', '1.2', '1.3']

export function allowsMixedRequests(published: readonly string[]): boolean {
  return published.length > 0 && published.every((version) => mixing.includes(minorOf(version)))
}

/** `1.4` of `1.4.1`: patches of a specification change no message. */
function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.')
}
