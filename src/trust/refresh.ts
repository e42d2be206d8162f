import { asFault } from '../errors/node-fault.ts'
import { changesBetween, problemText } from './changes.ts'
import type { LoadedTrust, Origin, Refresh, TrustDocument, TrustProblem } from './document.ts'
import { createRegistry, type RenewableRegistry, type Role, type TrustedEntity } from './registry.ts'
import { type Renewal, recalled, renewed, stillVerified, withoutDoubles } from './renewal.ts'
import { type Appointment, nextAppointment } from './schedule.ts'
import { isSuspended, nobodySuspended, type Suspension, suspensionText, unmetSuspensions } from './suspension.ts'

/*
 * Keeps the registry true to the sources while the node runs: every document is read anew from time to time, on its
 * own, and what comes of it replaces the registry whole.
 */

export interface RefreshOptions {
  readonly origins: readonly Origin[]
  /** Reads whom the operator suspends; asked at every refresh. */
  readonly suspended: () => Promise<Suspension>
  /** Names of our own schemes, which can be suspended too. */
  readonly schemes?: readonly string[]
  /** Milliseconds from one refresh to the next, more or less. */
  readonly period: number
  /** Epoch milliseconds. */
  readonly clock: () => number
  /** From 0 to 1, so that many nodes started at once do not ask all at once. */
  readonly random: () => number
  readonly log: TrustLog
  /** Not to wait for sources that are slow or away when there is a good copy of everything that is fetched. */
  readonly startsFromCopies?: boolean
}

export interface TrustLog {
  info(message: string): void
  warn(message: string): void
}

export interface KeptTrust {
  readonly registry: RenewableRegistry
  /** Whom the operator suspends at present. */
  suspension(): Suspension
  /** What is wrong with the sources at present. */
  problems(): readonly TrustProblem[]
  /** Applies suspensions at once, then reads every source. Never rejects. */
  refresh(): Promise<void>
  stop(): void
}

/** Resolves when every source has been read once, well or not, or a good copy of each is there to start from. */
export async function keepTrust(options: RefreshOptions): Promise<KeptTrust> {
  const { origins, schemes = [], period, clock, random, log } = options
  const registry = createRegistry([], clock)
  const readers = origins.map((origin) => ({ name: origin.name, ...originReader(origin, options) }))
  let problems: readonly TrustProblem[] = []
  let told: readonly TrustedEntity[] = []
  let suspension = nobodySuspended
  let unmet: readonly string[] = []
  /** By entity, the name of the source it came from. */
  let nameOf: ReadonlyMap<TrustedEntity, string | undefined> = new Map()

  const tellChanges = () => {
    const trusted = roles.flatMap((role) => registry.all(role))
    for (const change of changesBetween(told, trusted)) log.info(change)
    told = trusted
  }
  const tellUnmet = () => {
    const sources = origins.flatMap(({ name }) => (name === undefined ? [] : [name]))
    const now = unmetSuspensions(suspension, { entities: registry.held(), sources, schemes })
    for (const text of now) if (!unmet.includes(text)) log.warn(text)
    unmet = now
  }
  const suspend = async () => {
    const next = await options.suspended().catch((thrown) => {
      log.warn(`suspensions stay as they are: ${asFault(thrown).message}`)
      return suspension
    })
    if (suspensionText(next) !== suspensionText(suspension)) log.info(suspensionText(next))
    suspension = next
    tellChanges()
  }
  const read = async (which: Which) => {
    const loaded = await Promise.all(
      readers.map(async (reader) => (await reader.read(which)).map((one) => ({ ...one, name: reader.name }))),
    )
    const { entities, problems: found } = withoutDoubles(loaded.flat())
    nameOf = new Map(loaded.flat().flatMap((one) => one.entities.map((entity) => [entity, one.name] as const)))
    registry.renew(entities)
    if (which === 'copies') return tellChanges()
    // Of copies alone it is not told: what they are copies of may have what is wrong or missing in them.
    tellProblems(found, problems, log)
    problems = found
    tellChanges()
    tellUnmet()
  }
  registry.suspend((entity) => isSuspended(entity, nameOf.get(entity), suspension))

  let running: Promise<void> = Promise.resolve()
  const refresh = async (which: Which) => {
    await suspend()
    running = running.then(() => read(which))
    await running
  }
  const startsFromCopies = options.startsFromCopies && origins.some(({ isFetched }) => isFetched)
  if (startsFromCopies) await refresh('copies')
  const isReady = startsFromCopies && readers.every((reader) => reader.isComplete())
  const first = refresh('all')
  if (!isReady) await first
  const timer = repeat(
    () => refresh('due'),
    () => period * (0.9 + 0.2 * random()),
  )
  return {
    registry,
    suspension: () => suspension,
    problems: () => problems,
    refresh: () => refresh('all'),
    stop: timer.stop,
  }
}

const roles: readonly Role[] = ['connector', 'proxy-service', 'service-provider', 'identity-provider']

type Which = Refresh['which']

interface Known {
  readonly renewal: Renewal
  readonly appointment: Appointment
  /** When it was last held against anchors and revocation; epoch milliseconds. */
  readonly judged: number
}

/** What waits longer for its appointment is judged again meanwhile: its signer may have been revoked (R-IA-30). */
const JUDGED_AGAIN = 3_600_000

/** Reads the documents of one source, each held to what it said before; whatever is wrong is a problem of its own. */
function originReader(origin: Origin, { clock, period }: RefreshOptions) {
  let documents: readonly TrustDocument[] = []
  let isUnknown = true
  let known: ReadonlyMap<string, Known> = new Map()
  const read = async (document: TrustDocument, which: Which): Promise<Known> => {
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
  const readAll = async (which: Which): Promise<readonly LoadedTrust[]> => {
    const listing = await listed(origin, { which, clock, period }, documents)
    documents = listing.documents
    isUnknown = listing.isUnknown
    const all = await Promise.all(
      documents.map(async (document) => [document.place, await read(document, which)] as const),
    )
    known = new Map(all)
    return [...all.map(([, { renewal }]) => loadedOf(renewal)), { entities: [], problems: listing.problems }]
  }
  const isHeld = ({ place }: TrustDocument) => (known.get(place)?.renewal.held?.loaded.entities ?? []).length > 0
  /** Nothing that is fetched is missing. */
  const isComplete = () => !isUnknown && documents.every((document) => document.copy === undefined || isHeld(document))
  return { read: readAll, isComplete }
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

/** Each problem once, when it comes up and when it is over, however often the source is read in between. */
function tellProblems(now: readonly TrustProblem[], before: readonly TrustProblem[], { info, warn }: TrustLog): void {
  const known = before.map(problemText)
  for (const text of now.map(problemText)) if (!known.includes(text)) warn(text)
  const bad = now.map(({ place }) => place)
  const well = new Set(before.map(({ place }) => place).filter((place) => !bad.includes(place)))
  for (const place of well) info(`metadata from ${place} is as it should be again`)
}

/** Calls again and again, never twice at once; `pause` is asked for milliseconds each time. */
function repeat(call: () => Promise<void>, pause: () => number): { readonly stop: () => void } {
  let stopped = false
  let timer: NodeJS.Timeout
  const next = () => {
    if (stopped) return
    timer = setTimeout(() => void call().then(next, next), pause())
    timer.unref()
  }
  next()
  return {
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
