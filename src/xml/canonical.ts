import { type XmlElement as LibxmlElement, XmlC14NMode, type XmlDocument } from 'libxml2-wasm'
import { NodeFault } from '../errors/node-fault.ts'

/*
 * Exclusive canonicalisation into octets of our own. Never libxml2-wasm's string form: its decoder swallows U+FEFF at the
 * start of an output chunk, so two texts can have one string. Every failure is fatal, an empty result too: a relative
 * namespace makes libxml2 stop half-way with part of the output already written.
 */

interface Canonical {
  /** The subtree to canonicalise; left out for the whole document. */
  readonly apex?: LibxmlElement
  /** InclusiveNamespaces PrefixList; '#default' for the default namespace. */
  readonly prefixes: readonly string[]
  /** Octets at most. */
  readonly cap: number
}

/** Exclusive C14N 1.0 without comments. Faults: C14N_SIZE, DS_C14N. */
export function canonicalOctets(document: XmlDocument, { apex, prefixes, cap }: Canonical): Uint8Array {
  const chunks: Uint8Array[] = []
  let length = 0
  const sink = {
    write(chunk: Uint8Array): number {
      length += chunk.length
      if (length > cap) return -1
      chunks.push(Uint8Array.prototype.slice.call(chunk))
      return chunk.length
    },
    close: () => true,
  }
  const options = {
    mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0,
    inclusiveNamespacePrefixes: [...prefixes],
    ...(apex === undefined ? {} : { nodeSet: new Set([apex]) }),
  }
  try {
    document.canonicalize(sink, options)
  } catch (cause) {
    if (length > cap) throw new NodeFault('C14N_SIZE', `more than ${cap} octets`, { cause })
    throw new NodeFault('DS_C14N', 'canonicalisation failed', { cause })
  }
  if (length > cap) throw new NodeFault('C14N_SIZE', `more than ${cap} octets`)
  if (length === 0) throw new NodeFault('DS_C14N', 'canonicalisation of nothing')
  return Buffer.concat(chunks, length)
}
