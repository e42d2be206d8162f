import { tags, unreadable } from './der.ts'
import { DerWalk } from './der-walk.ts'

/* revokedCertificates of a revocation list (RFC 5280, 5.1.2.6), searched where they stand. */

/**
 * Looks at every entry once: each has a serial number, and nothing that is critical, since we understand no extension of
 * an entry (5.3). `wrong` makes the fault of one that does. Fault otherwise: TRUST_CERT.
 */
export function expectPlainEntries(entries: Uint8Array, wrong: (what: string) => Error): void {
  const entry = new DerWalk(entries).over(0, entries.length)
  const field = new DerWalk(entries)
  const extension = new DerWalk(entries)
  const part = new DerWalk(entries)
  while (entry.next()) {
    field.over(entry.start, entry.end)
    if (!field.next()) throw unreadable()
    if (!field.next() || !field.next()) continue
    extension.over(field.start, field.end)
    while (extension.next()) expectPlain(part.over(extension.start, extension.end), entries, wrong)
  }
}

/** An extension is its type, perhaps whether it is critical, and its value. */
function expectPlain(part: DerWalk, entries: Uint8Array, wrong: (what: string) => Error): void {
  let parts = 0
  let critical = false
  while (part.next()) {
    parts += 1
    if (parts === 2 && part.tag === tags.boolean) critical = entries[part.start] !== 0
  }
  if (parts < 2) throw unreadable()
  if (critical) throw wrong('a critical extension of an entry')
}

/** Whether one of the entries has this serial number (DER). Most lists do not have these octets anywhere. */
export function hasEntry(entries: Uint8Array, serial: Uint8Array): boolean {
  const octets = Buffer.from(entries.buffer, entries.byteOffset, entries.byteLength)
  if (!octets.includes(Buffer.from(serial))) return false
  const entry = new DerWalk(octets).over(0, octets.length)
  const field = new DerWalk(octets)
  while (entry.next()) {
    if (
      field.over(entry.start, entry.end).next() &&
      octets.compare(serial, 0, serial.length, field.begin, field.end) === 0
    )
      return true
  }
  return false
}
