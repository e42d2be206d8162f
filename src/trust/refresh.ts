import { asFault } from '../errors/node-fault.ts'
import { changesBetween, problemText } from './changes.ts'
import type { Origin, TrustProblem } from './document.ts'
import { openOwnership, type RecordOfHolders } from './holders.ts'
import type { OwnerWord } from './holding.ts'
import { originReader, type Which } from './reader.ts'
import { refetching } from './refetch.ts'
import { createRegistry, type RenewableRegistry, type Role, type TrustedEntity } from './registry.ts'
import { isSuspended, nobodySuspended, type Suspension, suspensionText, unmetSuspensions } from './suspension.ts'

/*
 * Keeps the registry true to the sources while the node runs: every document is read anew from time to time, on its
 * own, and what comes of it replaces the registry whole.
 */

export interface RefreshOptions {
  readonly origins: readonly Origin[]
  /** Reads whom the operator suspends; asked at every refresh. */
  readonly suspended: () => Promise<Suspension>
  /** Reads whose the operator says an entity is; asked at every refresh. */
  readonly owners?: () => Promise<readonly OwnerWord[]>
  /** What else the operator has said of that, for good. */
  readonly owns?: readonly OwnerWord[]
  /** Where it is kept which source holds which entityID; without it, a restart begins anew. */
  readonly record?: RecordOfHolders | undefined
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
  const readers = origins.map((origin) => originReader(origin, options))
  let problems: readonly TrustProblem[] = []
  let told: readonly TrustedEntity[] = []
  let suspension = nobodySuspended
  let unmet: readonly string[] = []
  let words: readonly OwnerWord[] = []
  const named = origins.flatMap((origin) => origin.owns ?? [])
  const labels = origins.flatMap((origin) => origin.sources ?? [])
  const ownership = await openOwnership(options.record, labels)

  const tellChanges = async () => {
    const trusted = roles.flatMap((role) => registry.all(role))
    const changes = changesBetween(told, trusted)
    told = trusted
    for (const [at, change] of changes.entries()) {
      if (at > 0 && at % LINES_OF_A_TURN === 0) await nextTurn()
      log.info(change)
    }
  }
  const tellUnmet = () => {
    const sources = origins.flatMap(({ name }) => (name === undefined ? [] : [name]))
    const known = labels.map(({ label }) => label)
    const now = [
      ...unmetSuspensions(suspension, { entities: registry.held(), sources, schemes }),
      ...words.flatMap(({ source, entityId }) =>
        known.includes(source) ? [] : [`${entityId} is to be of ${source}, but no source has this name`],
      ),
    ]
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
    await tellChanges()
  }
  const hearOwners = async () => {
    const next = await options.owners?.().catch((thrown) => {
      log.warn(`owners stay as they are: ${asFault(thrown).message}`)
      return words
    })
    words = next ?? words
  }
  const read = async (which: Which) => {
    const loaded = await Promise.all(readers.map((reader) => reader.read(which)))
    const said = [...words, ...(options.owns ?? []), ...named]
    const { entities, problems: found } = await ownership.settle(loaded.flat(), said)
    // Sign-ins have a turn between what was settled and what comes of it: of thousands of entities each takes a while.
    await nextTurn()
    registry.renew(entities)
    if (which === 'copies') return tellChanges()
    // Of copies alone it is not told: what they are copies of may have what is wrong or missing in them.
    tellProblems(found, problems, log)
    problems = found
    await tellChanges()
    tellUnmet()
  }
  registry.suspend((entity) => isSuspended(entity, suspension))

  let running: Promise<void> = Promise.resolve()
  const inTurn = (which: Which) => {
    running = running.then(() => read(which))
    return running
  }
  const refresh = async (which: Which) => {
    await suspend()
    await hearOwners()
    await inTurn(which)
  }
  registry.refetch(refetching((place) => inTurn({ only: place }), { clock, log }))
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

/** Lines of the log written before sign-ins have their turn; the first reading of a federation has thousands. */
const LINES_OF_A_TURN = 100

const roles: readonly Role[] = ['connector', 'proxy-service', 'service-provider', 'identity-provider']

/** Each problem once, when it comes up and when it is over, however often the source is read in between. */
function tellProblems(now: readonly TrustProblem[], before: readonly TrustProblem[], { info, warn }: TrustLog): void {
  const known = new Set(before.map(problemText))
  for (const text of now.map(problemText)) if (!known.has(text)) warn(text)
  const bad = new Set(now.map(({ place }) => place))
  const well = new Set(before.map(({ place }) => place).filter((place) => !bad.has(place)))
  for (const place of well) info(`metadata from ${place} is as it should be again`)
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
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
