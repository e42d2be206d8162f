import type { FaultCode } from '../errors/faults.ts'
import { asFault, NodeFault } from '../errors/node-fault.ts'
import type { XmlElement } from '../xml/element.ts'
import { messageLimits, metadataLimits, metadataLimitsFor, type XmlLimits } from '../xml/limits.ts'
import { ns } from '../xml/names.ts'
import { scan } from '../xml/scanner.ts'
import { cleaned } from './clean.ts'
import { attempt, type Finding, findingOf, note } from './findings.ts'
import { citing, type Subject } from './requirements.ts'

/* From octets to an element tree that can be shown, and what a node's parser says to the same octets. */

export interface Opened {
  /** What is shown and judged: the document, or what is left of it without markup that is refused. */
  readonly octets: Uint8Array
  /** As scanned. Proves nothing. */
  readonly root: XmlElement
  /** Local name of the root. */
  readonly kind: string
  readonly subject: Subject
  /** What a node would read a document of this kind with. */
  readonly limits: XmlLimits
  /** What was taken out to be able to show the rest. */
  readonly removed: readonly string[]
  readonly findings: readonly Finding[]
}

/** A document of which nothing can be shown. */
export interface Unreadable {
  /** Whether it is no message at all, rather than one that is refused. */
  readonly malformed: boolean
  readonly findings: readonly Finding[]
}

/** Wide enough to show what a node refuses: comments passed over, long lists of prefixes. */
export const wideLimits: XmlLimits = {
  ...metadataLimitsFor(metadataLimits.octets),
  inclusivePrefixes: 256,
  prefixLookups: Number.POSITIVE_INFINITY,
}

/** Faults of octets that are no readable XML. */
const malformedCodes: readonly FaultCode[] = ['XML_PARSE', 'XML_UTF8', 'XML_ENCODING', 'XML_VERSION']

export function open(octets: Uint8Array): Opened | Unreadable {
  const first = tryScan(octets)
  if ('root' in first) return opened(octets, octets, first.root, [])
  const clean = cleaned(octets)
  const second = clean === undefined ? first : tryScan(clean.octets)
  if (clean !== undefined && 'root' in second) return opened(octets, clean.octets, second.root, clean.removed)
  return {
    malformed: malformedCodes.includes(first.fault.code) || !namesSaml(octets),
    findings: [findingOf(first.fault, citing('response'))],
  }
}

export function isUnreadable(opening: Opened | Unreadable): opening is Unreadable {
  return 'malformed' in opening
}

type Scanned = { readonly root: XmlElement } | { readonly fault: NodeFault }

function tryScan(octets: Uint8Array): Scanned {
  try {
    return { root: scan(octets, wideLimits) }
  } catch (thrown) {
    return { fault: asFault(thrown) }
  }
}

const namespaces: readonly string[] = [ns.samlp, ns.saml, ns.md]

/** Nothing is a message or metadata without the name of a SAML namespace in it. */
function namesSaml(octets: Uint8Array): boolean {
  return namespaces.some((namespace) => Buffer.from(octets).includes(namespace))
}

function opened(
  received: Uint8Array,
  shown: Uint8Array,
  root: XmlElement,
  removed: readonly string[],
): Opened | Unreadable {
  if (!namespaces.includes(root.namespace)) {
    const fault = new NodeFault('SAML_TYPE', 'neither a SAML message nor metadata')
    return { malformed: true, findings: [findingOf(fault, () => 'R-IA-2')] }
  }
  const subject = subjectOf(root)
  const limits = subject === 'metadata' ? metadataLimitsFor(received.length) : messageLimits
  const common = { root, kind: root.local, subject, limits }
  const strict = attempt(() => scan(received, limits), citing(subject))
  if (strict.findings.length === 0) return { ...common, octets: shown, removed, findings: passedOver(received) }
  // What is refused for its markup may be wrong in more ways than that.
  const clean = cleaned(received)
  if (clean === undefined) return { ...common, octets: shown, removed, findings: strict.findings }
  const again = attempt(() => scan(clean.octets, limits), citing(subject))
  const findings = [...strict.findings, ...again.findings]
  return { ...common, octets: clean.octets, removed: clean.removed, findings }
}

/** The fault that the markup is where it may not stand. */
const codes: Readonly<Record<string, FaultCode>> = {
  comments: 'XML_COMMENT',
  'CDATA sections': 'XML_CDATA',
  'processing instructions': 'XML_PI',
  'byte order mark': 'XML_ENCODING',
}

/** Metadata may have comments and the like: they are in no value. */
function passedOver(octets: Uint8Array): readonly Finding[] {
  const removed = cleaned(octets)?.removed ?? []
  return removed.map((what) => ({ ...note('IGNORED', `passed over: ${what}`), code: codes[what] ?? 'XML_COMMENT' }))
}

/** Of other messages nothing but what they are is told. */
function subjectOf({ namespace, local }: XmlElement): Subject {
  if (namespace === ns.md) return 'metadata'
  return local.endsWith('Request') || local.endsWith('Query') ? 'request' : 'response'
}
