import { createHash } from 'node:crypto'
import { NodeFault } from '../errors/node-fault.ts'

/** Longer than any entityID (1024 characters, SAML Core 8.3.6) or message ID in UTF-8 can be. */
export const MAX_PART_OCTETS = 4096

/**
 * A key of the shelf: prefix and SHA-256 over the parts, each behind its length, so that no part can say anything to
 * Redis and ('ab','c') is not ('a','bc'). ST_KEY for a part that is empty, oversize or not Unicode text: lone
 * surrogates all encode alike and would let two parts share a key.
 */
export function shelfKey(prefix: string, parts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const part of parts) {
    const octets = octetsOf(part)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(octets.length)
    hash.update(length).update(octets)
  }
  return prefix + hash.digest('base64url')
}

function octetsOf(part: string): Uint8Array {
  if (part === '') throw new NodeFault('ST_KEY', 'an empty part')
  if (part.length > MAX_PART_OCTETS) throw new NodeFault('ST_KEY', `a part of ${part.length} characters`)
  if (/\p{Surrogate}/u.test(part)) throw new NodeFault('ST_KEY', 'a lone surrogate')
  const octets = Buffer.from(part, 'utf8')
  if (octets.length > MAX_PART_OCTETS) throw new NodeFault('ST_KEY', `a part of ${octets.length} octets`)
  return octets
}
