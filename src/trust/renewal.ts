import type { FaultCode } from '../errors/faults.ts'
import { fileTrouble } from '../errors/file-trouble.ts'
import { asFault, NodeFault } from '../errors/node-fault.ts'
import type { Lived, LoadedTrust, TrustDocument, TrustProblem } from './document.ts'

/* What a document says now, held against what it said before and against what others say. */

/** A document as it was last verified. */
export interface HeldDocument<T extends Lived = LoadedTrust> {
  readonly octets: Uint8Array
  readonly loaded: T
  /** Whether these octets are in its copy, where it has one. */
  readonly isCopied: boolean
  /** When these octets were first there, as far as this process knows; epoch milliseconds. */
  readonly seen: number
}

export interface Renewal<T extends Lived = LoadedTrust> {
  /** What counts from now on; undefined when nothing does. */
  readonly held: HeldDocument<T> | undefined
  /** Why the document could not be renewed. */
  readonly problem?: TrustProblem
}

/**
 * Reads a document anew. While that fails, what it said last counts, as long as that still verifies: metadata outlives
 * neither its validUntil nor its signer (R-IA-25). Older metadata never replaces newer. What a verified
 * document no longer says is gone, as that is how a peer takes back a key.
 */
export async function renewed<T extends Lived>(
  document: TrustDocument<T>,
  before: HeldDocument<T> | undefined,
  clock: () => number,
): Promise<Renewal<T>> {
  const { held, trouble } = before === undefined ? await fromCopy(document, clock()) : { held: before }
  try {
    const octets = await document.octets()
    const loaded = await document.verified(octets, clock())
    if (held !== undefined) expectNewer(loaded, held, document.rollback)
    const problem = await copied(document, octets, held)
    const isSame = held !== undefined && Buffer.compare(held.octets, octets) === 0
    const seen = isSame ? held.seen : clock()
    return { held: { octets, loaded, isCopied: problem === undefined, seen }, ...(problem && { problem }) }
  } catch (thrown) {
    const { code, detail } = asFault(thrown)
    const said = [detail, ...(trouble === undefined ? [] : [`its copy ${trouble}`])].join('; ')
    const problem = { place: document.place, fault: new NodeFault(code, said, { cause: thrown }) }
    return { held: held && (await stillVerified(document, held, clock())), problem }
  }
}

/** What the copy of a document says, without asking for the document; undefined when it says nothing that counts. */
export async function recalled<T extends Lived>(
  document: TrustDocument<T>,
  clock: () => number,
): Promise<HeldDocument<T> | undefined> {
  return (await fromCopy(document, clock())).held
}

async function fromCopy<T extends Lived>(
  document: TrustDocument<T>,
  now: number,
): Promise<{ readonly held?: HeldDocument<T> | undefined; readonly trouble?: string }> {
  try {
    const octets = await document.copy?.read()
    return octets === undefined
      ? {}
      : { held: await stillVerified(document, { octets, isCopied: true, seen: now }, now) }
  } catch (thrown) {
    return { trouble: fileTrouble(thrown) }
  }
}

/** If the copy cannot be written, the peer is kept and the problem is logged. */
async function copied(
  { copy, place }: Pick<TrustDocument, 'copy' | 'place'>,
  octets: Uint8Array,
  held: Pick<HeldDocument, 'octets' | 'isCopied'> | undefined,
): Promise<TrustProblem | undefined> {
  if (copy === undefined || (held?.isCopied && Buffer.compare(held.octets, octets) === 0)) return undefined
  try {
    await copy.write(octets)
    return undefined
  } catch (cause) {
    const fault = new NodeFault('MD_FETCH', `its copy ${fileTrouble(cause, 'written')}`, { cause })
    return { place, isUsed: true, fault }
  }
}

/**
 * of two documents that say when they were issued, the later counts, however long it is valid. One that says
 * nothing never replaces one that does: it may be from before that. One that says it replaces one that does not when it was
 * issued after that had been seen. Else only how long they are valid can tell.
 */
function expectNewer(
  next: Lived,
  { loaded: held, seen }: Pick<HeldDocument<Lived>, 'loaded' | 'seen'>,
  code: FaultCode = 'MD_ROLLBACK',
): void {
  if (next.issued !== undefined && held.issued !== undefined) {
    if (next.issued < held.issued) throw new NodeFault(code, 'a later one was seen')
    return
  }
  if (held.issued !== undefined)
    throw new NodeFault(code, 'it does not say when it was issued, and the one before does')
  if (next.issued !== undefined && next.issued > seen) return
  const isOlder = (next.validUntil ?? 0) < (held.validUntil ?? 0)
  if (isOlder) throw new NodeFault(code, 'it was valid for longer before')
}

/** Anchors, certificates and time have moved on since it was read, and a copy may have been changed. */
export async function stillVerified<T extends Lived>(
  document: TrustDocument<T>,
  { octets, isCopied, seen }: Pick<HeldDocument<T>, 'octets' | 'isCopied' | 'seen'>,
  now: number,
): Promise<HeldDocument<T> | undefined> {
  try {
    return { octets, isCopied, seen, loaded: await document.verified(octets, now, 'held') }
  } catch {
    // Nothing is lost by it but what would have been used while the document cannot be read anew, which is told.
    return undefined
  }
}
