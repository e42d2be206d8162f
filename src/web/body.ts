import type { IncomingMessage } from 'node:http'
import { NodeFault } from '../errors/node-fault.ts'
import type { WebLimits } from './limits.ts'

type BodyLimits = Pick<WebLimits, 'bodyOctets' | 'bodyMilliseconds'>

/**
 * A browser shows our refusal only once it has sent what it wanted to, so a body that is too large is heard out up to
 * this many times the limit, kept nowhere, and cut off beyond.
 */
const PATIENCE = 8

/**
 * The body as it came: nothing inflated, nothing decoded. BIND_SIZE when it is larger than allowed, BIND_BODY when it
 * breaks off or takes too long.
 */
export async function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Uint8Array> {
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > limits.bodyOctets * PATIENCE) throw new NodeFault('BIND_SIZE', `${announced} octets announced`)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NodeFault('BIND_BODY', 'too slow')), limits.bodyMilliseconds)
  })
  try {
    return await Promise.race([collect(request, limits.bodyOctets), late])
  } finally {
    clearTimeout(timer)
  }
}

async function collect(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunksOf(request)) {
    size += chunk.length
    if (size <= limit) chunks.push(chunk)
    if (size > limit * PATIENCE) break
  }
  if (size > limit) throw new NodeFault('BIND_SIZE', `more than ${limit} octets`)
  return Buffer.concat(chunks)
}

async function* chunksOf(request: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    // The stream stays open when we stop early: the answer still has to leave on the same connection.
    yield* request.iterator({ destroyOnReturn: false })
  } catch (thrown) {
    throw new NodeFault('BIND_BODY', 'broken off', { cause: thrown })
  }
}
