import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { NodeFault } from '../errors/node-fault.ts'
import type { LoadedTrust, TrustProblem } from './document.ts'
import type { TrustedEntity } from './registry.ts'
import { type ReadMetadata, type ReadOrder, type ReadTrust, readHere } from './sources.ts'
import type { Batch, Head, Told, WrittenOrder } from './thread.ts'
import { readCertificate } from './x509.ts'

/*
 * Large metadata is read in a thread of its own (docs/adr/0011), so that sign-ins go on meanwhile: what comes back comes
 * in batches that are small enough not to be felt. A document that is small is read where it is asked for.
 */

/** What is read here costs a few milliseconds. */
const READ_HERE = 64 * 1024
/** Far more than the largest document takes; the thread ends then, whatever it is doing. */
const MILLISECONDS = 600_000

const compiled = new URL('./thread.js', import.meta.url)

/** One thread at a time: each takes many times the memory of its document, and gives all of it back when it ends. */
export function readInThreads(thread: URL = compiled): ReadMetadata {
  let last: Promise<unknown> = Promise.resolve()
  return (order) => {
    if (order.octets.length <= READ_HERE) return readHere(order)
    const mine = last.then(() => readInThread(order, thread))
    last = mine.catch(() => undefined)
    return mine
  }
}

async function readInThread(order: ReadOrder, thread: URL): Promise<ReadTrust> {
  const signal = AbortSignal.timeout(MILLISECONDS)
  const worker = new Worker(thread, { workerData: written(order) })
  try {
    const [head]: readonly Head[] = await once(worker, 'message', { signal })
    if (head === undefined) throw new TypeError('a thread that says nothing')
    if ('fault' in head) throw faultOf(head.fault)
    const { entities, problems } = await batchesOf(worker, head.batches, signal)
    const { validUntil, cacheDuration, issued, path } = head
    return { loaded: { entities, problems, validUntil, cacheDuration, issued }, path: path.map(readCertificate) }
  } catch (cause) {
    if (cause instanceof NodeFault) throw cause
    if (signal.aborted) throw new NodeFault('XML_SIZE', `not read within ${MILLISECONDS / 1000} seconds`, { cause })
    throw new NodeFault('XML_OOM', `the thread that reads it: ${String(Object(cause).code)}`, { cause })
  } finally {
    await worker.terminate()
  }
}

/** Each is asked for when the one before has been taken, so that there is time for everything else in between. */
async function batchesOf(worker: Worker, count: number, signal: AbortSignal): Promise<LoadedTrust> {
  const entities: TrustedEntity[] = []
  const problems: TrustProblem[] = []
  for (let taken = 0; taken < count; taken += 1) {
    worker.postMessage(taken)
    const [batch]: readonly Batch[] = await once(worker, 'message', { signal })
    entities.push(...(batch?.entities ?? []))
    problems.push(...(batch?.problems ?? []).map(({ fault, ...rest }) => ({ ...rest, fault: faultOf(fault) })))
  }
  return { entities, problems }
}

/** Certificates travel as octets: what OpenSSL makes of them does not, and is made anew. */
function written({ octets, source, anchors: { certificates, ...anchors }, now }: ReadOrder): WrittenOrder {
  return { octets, source, anchors: { ...anchors, certificates: certificates.map(({ base64 }) => base64) }, now }
}

function faultOf({ code, detail }: Told): NodeFault {
  return new NodeFault(code, detail)
}
