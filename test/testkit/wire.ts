import { Agent, type IncomingHttpHeaders, type IncomingMessage, type RequestOptions, request } from 'node:http'
import { connect } from 'node:net'

/** HTTP as an attacker speaks it: raw targets, raw bodies, any header field; no cookie is kept unless the test keeps it. */

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Sending {
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** Value of the Cookie header. */
  readonly cookies?: string | undefined
  /** Instead of POST or GET. */
  readonly method?: string
}

export type Fields = readonly (readonly [name: string, value: string])[]

export interface Wire {
  /** Sends a form, or a body as it stands. */
  post(url: string, body: Fields | string | Uint8Array, sending?: Sending): Promise<Answer>
  get(url: string, sending?: Sending): Promise<Answer>
  /** Writes octets to a fresh connection; resolves with all that comes back until it is closed. */
  raw(octets: string | Uint8Array): Promise<string>
  close(): void
}

export function newWire(port: number): Wire {
  const agent = new Agent({ keepAlive: true, maxSockets: 50 })
  const send = async (url: string, method: string, body: Uint8Array | undefined, sending: Sending) => {
    const path = url.replace(/^https?:\/\/[^/]+/, '')
    const headers = {
      ...(sending.cookies === undefined ? {} : { cookie: sending.cookies }),
      ...(body === undefined ? {} : { 'content-type': FORM, 'content-length': body.length }),
      ...lowerCased(sending.headers),
    }
    const response = await answered({ host: 'localhost', port, agent, method, path, headers }, body)
    const parts: Buffer[] = []
    for await (const part of response) parts.push(part)
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: Buffer.concat(parts).toString('utf8'),
    }
  }
  return {
    post: (url, body, sending = {}) => send(url, sending.method ?? 'POST', octetsOf(body), sending),
    get: (url, sending = {}) => send(url, sending.method ?? 'GET', undefined, sending),
    raw: (octets) => exchange(port, octets),
    close: () => agent.destroy(),
  }
}

/** A connection that was idle for too long may be closed by the node just as it is used again: then on another one. */
function answered(options: RequestOptions, body: Uint8Array | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(options, resolve)
    const failed = (thrown: NodeJS.ErrnoException) => {
      const wasIdle = sent.reusedSocket && thrown.code === 'ECONNRESET'
      if (wasIdle) answered(options, body).then(resolve, reject)
      else reject(thrown)
    }
    sent.on('error', failed).end(body)
  })
}

const FORM = 'application/x-www-form-urlencoded'

function octetsOf(body: Fields | string | Uint8Array): Uint8Array {
  if (typeof body === 'string') return Buffer.from(body, 'latin1')
  if (body instanceof Uint8Array) return body
  return Buffer.from(encodeForm(body))
}

export function encodeForm(fields: Fields): string {
  return fields.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')
}

function lowerCased(headers: Sending['headers'] = {}): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      typeof value === 'string' ? value : [...value],
    ]),
  )
}

function exchange(port: number, octets: string | Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const received: Buffer[] = []
    const socket = connect(port, 'localhost', () => socket.write(octets))
    socket.setTimeout(3_000, () => socket.destroy())
    socket.on('data', (chunk) => received.push(chunk))
    socket.on('close', () => resolve(Buffer.concat(received).toString('latin1')))
    socket.on('error', reject)
  })
}

/** The flow cookies an answer sets, as the Cookie header that gives them back; those it takes away are left out. */
export const cookiesOf = (answer: Answer): string => cookiesOfKind(answer, 'flow')

/** What outlives them. */
export const tracesOf = (answer: Answer): string => cookiesOfKind(answer, 'trace')

function cookiesOfKind({ headers }: Answer, kind: 'flow' | 'trace'): string {
  return (headers['set-cookie'] ?? [])
    .filter((cookie) => cookie.startsWith(`__Host-${kind}-`) && !/; Max-Age=0;/.test(cookie))
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ')
}
