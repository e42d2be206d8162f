import { NodeFault } from '../../errors/node-fault.ts'
import type { Window } from './rule.ts'

/*
 * Comparisons of instants, each written as "refuse unless" so that NaN refuses.
 */

/** Not from the future and not too old. */
export function expectRecent(at: number, what: string, window: Window): void {
  const { now, clockSkewSeconds, requestAgeSeconds } = window
  const oldest = now - (requestAgeSeconds + clockSkewSeconds) * 1000
  if (!(at >= oldest)) throw new NodeFault('SAML_TIME', `${what} is too old`)
  expectBegun(at, what, window)
}

/** The instant is reached, give or take the skew. */
export function expectBegun(at: number, what: string, { now, clockSkewSeconds }: Window): void {
  if (!(at <= now + clockSkewSeconds * 1000)) throw new NodeFault('SAML_TIME', `${what} is in the future`)
}

/**
 * The citizen was authenticated since we asked, give or take the skew, and not in the future: we ask with ForceAuthn (SAML
 * Core 3.4.1). `agoSeconds` is what is granted beyond that. Peers write whole seconds, so the second we asked in counts.
 */
export function expectAuthenticatedSince(asked: number, at: number, window: Window, agoSeconds = 0): void {
  const earliest = Math.floor(asked / 1000) * 1000 - (window.clockSkewSeconds + agoSeconds) * 1000
  if (!(at >= earliest)) throw new NodeFault('SAML_TIME', 'AuthnInstant is before our request, which has ForceAuthn')
  expectBegun(at, 'AuthnInstant', window)
}

/** Whether the instant is still to come, give or take the skew. */
export function isAhead(at: number, { now, clockSkewSeconds }: Window): boolean {
  return at > now - clockSkewSeconds * 1000
}
