import { asFault } from '../errors/node-fault.ts'
import type { LoadedTrust, Origin, Refresh, TrustDocument, TrustProblem } from './document.ts'
import { type Renewal, recalled, renewed, stillVerified } from './renewal.ts'
import { type Appointment, nextAppointment } from './schedule.ts'

/* The documents of one source, read again and again, each held to what it said before. */

/** How much of a source is read; or of all sources only the document that is there. */
export type Which = Refresh['which'] | { readonly only: string }

interface Known {
  readonly renewal: Renewal
  readonly appointment: Appointment
  /** When it was last held against anchors and revocation; epoch milliseconds. */
  readonly judged: number
}

/** What waits longer for its appointment is judged again meanwhile: its signer may have been revoked (R-IA-30). */
const JUDGED_AGAIN = 3_600_000

/** Reads the documents of one source, each held to what it said before; whatever is wrong is a problem of its own. */
export function originReader(origin: Origin, { clock, period }: Pick<Refresh, 'clock' | 'period'>) {
  let documents: readonly TrustDocument[] = []
  let isUnknown = true
  let problems: readonly TrustProblem[] = []
  let known: ReadonlyMap<string, Known> = new Map()
  const read = async (document: TrustDocument, which: Refresh['which']): Promise<Known> => {
    if (which === 'copies' && document.copy !== undefined) {
      const appointment = { due: clock(), failures: 0 }
      return { renewal: { held: await recalled(document, clock) }, appointment, judged: clock() }
    }
    const before = known.get(document.place)
    const waits = which === 'due' && document.copy !== undefined && before !== undefined
    const stands = waits && clock() < before.appointment.due ? await standing(document, before, clock) : undefined
    if (stands !== undefined) return stands
    const renewal = await renewed(document, before?.renewal.held, clock)
    const appointment = nextAppointment(renewal, before?.appointment, { clock, period })
    return { renewal, appointment, judged: clock() }
  }
  const readAll = async (which: Refresh['which']) => {
    const listing = await listed(origin, { which, clock, period }, documents)
    documents = listing.documents
    isUnknown = listing.isUnknown
    problems = listing.problems
    known = new Map(
      await Promise.all(documents.map(async (document) => [document.place, await read(document, which)] as const)),
    )
  }
  const readOnly = async (place: string) => {
    const document = documents.find((one) => one.place === place)
    const before = known.get(place)
    if (document === undefined || before === undefined) return
    known = new Map([...known, [place, await readChanges(document, before, { clock, period })]])
  }
  const readSome = async (which: Which): Promise<readonly LoadedTrust[]> => {
    if (typeof which === 'object') await readOnly(which.only)
    else await readAll(which)
    return [...[...known.values()].map(({ renewal }) => loadedOf(renewal)), { entities: [], problems }]
  }
  const isHeld = ({ place }: TrustDocument) => (known.get(place)?.renewal.held?.loaded.entities ?? []).length > 0
  /** Nothing that is fetched is missing. */
  const isComplete = () => !isUnknown && documents.every((document) => document.copy === undefined || isHeld(document))
  return { read: readSome, isComplete }
}

/** Reads a document before its appointment. One that has not changed costs nothing more than the fetch. */
async function readChanges(
  document: TrustDocument,
  before: Known,
  { clock, period }: Pick<Refresh, 'clock' | 'period'>,
): Promise<Known> {
  const { held } = before.renewal
  const octets = document.octets()
  const isSame = await octets.then(
    (found) => held !== undefined && Buffer.compare(held.octets, found) === 0,
    () => false,
  )
  if (isSame) return before
  const renewal = await renewed({ ...document, octets: () => octets }, held, clock)
  return { renewal, appointment: nextAppointment(renewal, before.appointment, { clock, period }), judged: clock() }
}

/** What waits for its appointment; undefined when it would not be taken any more, and so does not wait. */
async function standing(document: TrustDocument, before: Known, clock: () => number): Promise<Known | undefined> {
  const { held } = before.renewal
  if (held === undefined || clock() - before.judged < JUDGED_AGAIN) return before
  const still = await stillVerified(document, held, clock())
  return still && { ...before, renewal: { ...before.renewal, held: still }, judged: clock() }
}

/** Sources that cannot be looked at have the documents they had. */
async function listed(origin: Origin, refresh: Refresh, before: readonly TrustDocument[]) {
  try {
    const { documents, problems = [], isUnknown = false } = await origin.documents(refresh)
    return { documents, problems, isUnknown }
  } catch (thrown) {
    const fault = asFault(thrown)
    return { documents: before, problems: [{ place: origin.name ?? 'a source', fault }], isUnknown: false }
  }
}

function loadedOf({ held, problem }: Renewal): LoadedTrust {
  const { entities = [], problems = [] } = held?.loaded ?? {}
  return { entities, problems: problem === undefined ? problems : [...problems, problem] }
}
