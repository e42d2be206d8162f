import type { IncomingMessage } from 'node:http'
import { NodeFault } from '../errors/node-fault.ts'
import type { WebLimits } from './limits.ts'

type BodyLimits = Pick<WebLimits, 'bodyOctets' | 'bodyMilliseconds' | 'arrivingOctets'>

/**
 * A browser shows our refusal only once it has sent what it wanted to, so a body that is too large is heard out up to
 * this many times the limit, kept nowhere, and cut off beyond.
 */
const PATIENCE = 8

/** Reads a body as it came: nothing inflated, nothing decoded. It keeps its place among those arriving until its `turn`. */
export type ReadBody = (request: IncomingMessage, turn?: () => Promise<void>) => Promise<Uint8Array>

/**
 * BIND_SIZE when a body is larger than allowed, BIND_BODY when it breaks off, takes too long, or is one too many of those
 * that are arriving: a client that sends many slowly takes no more memory than that.
 */
export function bodyReader(limits: BodyLimits): ReadBody {
  let arriving = 0
  /** Its own share of what is arriving, for as long as the request waits for it: HTTP does not say when a request is given up. */
  const newPlace = () => {
    let share: number | undefined = 0
    return {
      take(octets: number) {
        if (share === undefined || arriving + octets > limits.arrivingOctets) {
          throw new NodeFault('BIND_BODY', 'too many at once')
        }
        share += octets
        arriving += octets
      },
      leave() {
        arriving -= share ?? 0
        share = undefined
      },
    }
  }
  return async (request, turn = () => Promise.resolve()) => {
    const announced = Number(request.headers['content-length'] ?? 0)
    if (announced > limits.bodyOctets * PATIENCE) throw new NodeFault('BIND_SIZE', `${announced} octets announced`)
    const place = newPlace()
    try {
      const body = await inTime(collect(request, limits.bodyOctets, place.take), limits.bodyMilliseconds)
      await turn()
      return body
    } finally {
      place.leave()
    }
  }
}

/** `take` is told of every part that is kept, and throws when there is no place for it. */
async function collect(request: IncomingMessage, limit: number, take: (octets: number) => void): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunksOf(request)) {
    size += chunk.length
    if (size <= limit) {
      take(chunk.length)
      chunks.push(chunk)
    }
    if (size > limit * PATIENCE) break
  }
  if (size > limit) throw new NodeFault('BIND_SIZE', `more than ${limit} octets`)
  return Buffer.concat(chunks)
}

async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NodeFault('BIND_BODY', 'too slow')), milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

async function* chunksOf(request: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    // The stream stays open when we stop early: the answer still has to leave on the same connection.
    yield* request.iterator({ destroyOnReturn: false })
  } catch (thrown) {
    throw new NodeFault('BIND_BODY', 'broken off', { cause: thrown })
  }
}
