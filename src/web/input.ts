import type { IncomingMessage } from 'node:http'
import { NodeFault } from '../errors/node-fault.ts'
import type { HttpInput } from '../relay/faces.ts'
import type { ReadBody } from './body.ts'

/**
 * One HTTP request as the faces get it: path, query and body in the octets they came in. Where we are comes from the
 * configuration, so neither Host nor X-Forwarded-* is read, and a target that names a host is refused.
 */
export async function readInput(
  request: IncomingMessage,
  language: string,
  readBody: (request: IncomingMessage) => ReturnType<ReadBody>,
): Promise<HttpInput> {
  const { path, query } = readRequestTarget(request.url ?? '')
  return {
    method: request.method ?? '',
    path,
    query,
    contentType: one(request, 'content-type'),
    contentEncoding: request.headers['content-encoding'],
    cookies: request.headers.cookie,
    language,
    body: await readBody(request),
  }
}

/** The path of a target that may be none: up to the first '?'. */
export function pathIn(target: string): string {
  const [path = ''] = target.split('?', 1)
  return path
}

/** RFC 9112 3.2.1: origin-form only, cut at the first '?' and not decoded. */
function readRequestTarget(target: string): { readonly path: string; readonly query: string } {
  if (!target.startsWith('/') && target !== '*') throw new NodeFault('BIND_HOST', 'the request target is not a path')
  const path = pathIn(target)
  return { path, query: target.slice(path.length + 1) }
}

/** Node silently keeps the first of two such fields; a proxy may have kept the last. */
function one(request: IncomingMessage, name: 'content-type'): string | undefined {
  const [value, ...others] = request.headersDistinct[name] ?? []
  if (others.length > 0) throw new NodeFault('BIND_CTYPE', `${name} occurs ${others.length + 1} times`)
  return value
}
