import { unreadable } from './der.ts'

/**
 * A walk over DER values that stand one behind the other, without making anything of them: a revocation list has
 * hundreds of thousands, and an object for each would hold up the node for a second. Reads what der.ts reads.
 * Fault: TRUST_CERT.
 */
export class DerWalk {
  private readonly octets: Uint8Array
  private at = 0
  private limit = 0
  /** Of the value the walk is at: its tag, where it stands with tag and length, and where what is in it begins. */
  tag = 0
  begin = 0
  start = 0
  end = 0

  constructor(octets: Uint8Array) {
    this.octets = octets
  }

  /** Begins anew in front of the first value between two places. */
  over(start: number, limit: number): this {
    this.at = start
    this.limit = limit
    return this
  }

  /** Whether there is another value; then the walk is at it. */
  next(): boolean {
    const { octets, at, limit } = this
    if (at >= limit) return false
    const first = at + 1 < limit ? (octets[at + 1] ?? 0) : 0x80
    const digits = first < 0x80 ? 0 : first - 0x80
    const start = at + 2 + digits
    if (first === 0x80 || digits > 3 || start > limit) throw unreadable()
    let length = digits === 0 ? first : 0
    for (let digit = at + 2; digit < start; digit += 1) length = length * 256 + (octets[digit] ?? 0)
    if (start + length > limit) throw unreadable()
    this.tag = octets[at] ?? 0
    this.begin = at
    this.start = start
    this.end = start + length
    this.at = this.end
    return true
  }
}
