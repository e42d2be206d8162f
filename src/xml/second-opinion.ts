import { XmlC14NMode, type XmlDocument } from 'libxml2-wasm'
import { NodeFault } from '../errors/node-fault.ts'

/*
 * Two parsers read every document: the scanner and libxml2. libxml2 canonicalises what it read, and that must be, octet
 * for octet, what ours is. Never its string form: the decoder of libxml2-wasm swallows U+FEFF at the start of an output
 * chunk, so two texts can have one string.
 */

/**
 * Refuses a document that libxml2 reads otherwise than `octets`, its exclusive canonical form without comments, have it.
 * Nothing of libxml2's is kept: its output ends where it differs. Fault: XML_DIFF.
 */
export function expectSameReading(document: XmlDocument, octets: Uint8Array): void {
  const expected = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength)
  let length = 0
  const sink = {
    write(chunk: Uint8Array): number {
      const end = length + chunk.length
      if (end > expected.length || expected.compare(chunk, 0, chunk.length, length, end) !== 0) return -1
      length = end
      return chunk.length
    },
    close: () => true,
  }
  try {
    document.canonicalize(sink, { mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0 })
  } catch (cause) {
    throw new NodeFault('XML_DIFF', 'libxml2 reads something else', { cause })
  }
  if (length !== expected.length) throw new NodeFault('XML_DIFF', 'libxml2 reads less')
}
