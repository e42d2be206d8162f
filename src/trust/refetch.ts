import type { TrustedEntity } from './registry.ts'

/*
 * A message of a known peer by a key that is not known: the peer may have changed its keys, and its metadata is asked for
 * once before the message is refused. Any sender can cause this, so it is rare by itself, for each place on its own.
 */

/** Milliseconds from one time to the next that a place is asked for such a reason. */
const REFETCHED_AGAIN = 60_000
/** A citizen waits for it; a refresh that is under way comes first. */
const MOST_WAITING = 10_000

export interface RefetchParts {
  /** Epoch milliseconds. */
  readonly clock: () => number
  readonly log: { info(message: string): void }
}

/** Resolves when the metadata was read, was read a moment ago, or takes too long. Never rejects. */
export function refetching(
  read: (place: string) => Promise<void>,
  { clock, log }: RefetchParts,
): (entity: TrustedEntity) => Promise<void> {
  const asked = new Map<string, { readonly at: number; readonly reading: Promise<void> }>()
  return async ({ place, role, entityId }) => {
    const before = asked.get(place)
    if (before !== undefined && Math.abs(clock() - before.at) < REFETCHED_AGAIN) return before.reading
    log.info(`a message of ${role} ${entityId} is signed with a key that is not known: its metadata is read again`)
    const reading = inTime(read(place))
    asked.set(place, { at: clock(), reading })
    return reading
  }
}

function inTime(work: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, MOST_WAITING)
    const done = () => {
      clearTimeout(timer)
      resolve()
    }
    work.then(done, done)
  })
}
