import { parentPort, workerData } from 'node:worker_threads'
import type { FaultCode } from '../errors/faults.ts'
import { asFault } from '../errors/node-fault.ts'
import type { Anchors } from './chain.ts'
import type { TrustProblem } from './document.ts'
import type { TrustedEntity } from './registry.ts'
import { type ReadOrder, type ReadTrust, readHere } from './sources.ts'
import { readCertificate } from './x509.ts'

/* The thread that reads one metadata document, and ends. Only trust/threads.ts starts it. */

/** A fault as it travels between threads, which errors do not. */
export interface Told {
  readonly code: FaultCode
  readonly detail: string
}

export interface WrittenOrder extends Omit<ReadOrder, 'anchors'> {
  /** Certificates as base64 of DER. */
  readonly anchors: Omit<Anchors, 'certificates'> & { readonly certificates: readonly string[] }
}

/** What the thread says first: what is wrong with the document, or how many batches there are of what it says. */
export type Head =
  | { readonly fault: Told }
  | {
      readonly batches: number
      readonly validUntil: number | undefined
      readonly cacheDuration: number | undefined
      readonly issued: number | undefined
      /** Base64 of DER, from the signer to the anchor. */
      readonly path: readonly string[]
    }

export interface Batch {
  readonly entities: readonly TrustedEntity[]
  readonly problems: readonly (Omit<TrustProblem, 'fault'> & { readonly fault: Told })[]
}

/** Entities, and problems, of a batch: taking one over costs a millisecond. */
const OF_A_BATCH = 20

const told = ({ code, detail }: Told): Told => ({ code, detail })

async function answer(order: WrittenOrder): Promise<void> {
  const certificates = order.anchors.certificates.map(readCertificate)
  const { loaded, path } = await readHere({ ...order, anchors: { ...order.anchors, certificates } })
  parentPort?.on('message', (at: number) => parentPort?.postMessage(batchAt(loaded, at)))
  const { entities, problems, validUntil, cacheDuration, issued } = loaded
  const batches = Math.ceil(Math.max(entities.length, problems.length) / OF_A_BATCH)
  const head: Head = { batches, validUntil, cacheDuration, issued, path: path.map(({ base64 }) => base64) }
  parentPort?.postMessage(head)
}

function batchAt({ entities, problems }: ReadTrust['loaded'], at: number): Batch {
  const [start, end] = [at * OF_A_BATCH, (at + 1) * OF_A_BATCH]
  return {
    entities: entities.slice(start, end),
    problems: problems.slice(start, end).map((one) => ({ ...one, fault: told(one.fault) })),
  }
}

const order: WrittenOrder = workerData
await answer(order).catch((thrown) => {
  const head: Head = { fault: told(asFault(thrown)) }
  parentPort?.postMessage(head)
})
