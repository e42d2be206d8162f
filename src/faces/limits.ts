/** Times that messages are held to; seconds. */
export interface FaceLimits {
  readonly clockSkewSeconds: number
  /** By entityID: peers whose clocks are known to be off by more, or to be exact. */
  readonly peerClockSkewSeconds?: Readonly<Record<string, number>>
  readonly requestAgeSeconds: number
  readonly assertionSeconds: number
}

/**
 * The limits for messages of one peer: its own clock skew where it has one. They go by entityID and not by role: a clock is
 * of a machine, and the slack counts only for messages that verify with keys of the holder of that role.
 */
export function limitsFor(limits: FaceLimits, entityId: string): FaceLimits {
  const { peerClockSkewSeconds = {} } = limits
  const own = Object.hasOwn(peerClockSkewSeconds, entityId) ? peerClockSkewSeconds[entityId] : undefined
  return own === undefined ? limits : { ...limits, clockSkewSeconds: own }
}

/** Until when a message of that instant could be taken again: replay entries outlive every such window. */
export function lastsUntil({ requestAgeSeconds, clockSkewSeconds }: FaceLimits, instant: number): number {
  return instant + (requestAgeSeconds + 2 * clockSkewSeconds) * 1000
}

/**
 * As lastsUntil, for a message whose time is not judged yet. One from the future is refused now: remembered until its own
 * time, it would keep its place for as long as its sender likes.
 */
export function lastsAtMost(limits: FaceLimits, instant: number, now: number): number {
  return lastsUntil(limits, Math.min(instant, now + limits.clockSkewSeconds * 1000))
}
