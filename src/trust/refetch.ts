import type { TrustedEntity } from './registry.ts'

/*
 * A message of a known peer by a key that is not known: the peer may have changed its keys, and its metadata is asked for
 * once before the message is refused. Any sender can cause this, so it is rare by itself, for each place on its own.
 */

/** Milliseconds from one time to the next that a place is asked for such a reason. */
const REFETCHED_AGAIN = 60_000
/** A citizen waits for it; a refresh that is under way comes first. */
const LONGEST_WAIT = 10_000
/** For one place. A message is kept in memory while it waits; of a flood of them the rest is judged as the metadata stands. */
const MOST_WAITING = 100

export interface RefetchParts {
  /** Epoch milliseconds. */
  readonly clock: () => number
  readonly log: { info(message: string): void }
}

/** Resolves when the metadata was read, was read a moment ago, takes too long, or too many wait for it. Never rejects. */
export function refetching(
  read: (place: string) => Promise<void>,
  { clock, log }: RefetchParts,
): (entity: TrustedEntity) => Promise<void> {
  const asked = new Map<string, Asked>()
  return async ({ place, role, entityId }) => {
    const before = asked.get(place)
    if (before !== undefined && Math.abs(clock() - before.at) < REFETCHED_AGAIN) return waited(before)
    log.info(`a message of ${role} ${entityId} is signed with a key that is not known: its metadata is read again`)
    const now = { at: clock(), reading: inTime(read(place)), waiting: 0 }
    asked.set(place, now)
    return waited(now)
  }
}

/** A place that was asked. */
interface Asked {
  readonly at: number
  readonly reading: Promise<void>
  /** Messages that wait for it. */
  waiting: number
}

async function waited(asked: Asked): Promise<void> {
  if (asked.waiting >= MOST_WAITING) return
  asked.waiting += 1
  await asked.reading
  asked.waiting -= 1
}

function inTime(work: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LONGEST_WAIT)
    const done = () => {
      clearTimeout(timer)
      resolve()
    }
    work.then(done, done)
  })
}
