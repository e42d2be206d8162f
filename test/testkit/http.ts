import { createServer, type RequestListener, Server } from 'node:http'
import { connect } from 'node:net'

/** An HTTP server on a free loopback port, and ways to talk to it. */
export interface RunningServer {
  /** `http://127.0.0.1:port` */
  readonly origin: string
  readonly port: number
  /** fetch with a path; redirects are not followed. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** Posts a form in its raw encoding. */
  post(path: string, body: string, headers?: Readonly<Record<string, string>>): Promise<Response>
  /** Writes octets to a fresh connection and resolves with all that comes back until the server closes it. */
  raw(...parts: readonly (string | Uint8Array)[]): Promise<string>
  close(): Promise<void>
}

export async function startServer(app: RequestListener | Server): Promise<RunningServer> {
  const server = app instanceof Server ? app : createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('not a TCP server')
  const { port } = address
  const origin = `http://127.0.0.1:${port}`
  const send: RunningServer['fetch'] = (path, init) => fetch(origin + path, { redirect: 'manual', ...init })
  return {
    origin,
    port,
    fetch: send,
    post: (path, body, headers) =>
      send(path, {
        method: 'POST',
        body,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
      }),
    raw: (...parts) => exchange(port, parts),
    close: () => stop(server),
  }
}

function exchange(port: number, parts: readonly (string | Uint8Array)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const received: Buffer[] = []
    const socket = connect(port, '127.0.0.1', () => {
      for (const part of parts) socket.write(part)
    })
    socket.on('data', (chunk) => received.push(chunk))
    socket.on('close', () => resolve(Buffer.concat(received).toString('latin1')))
    socket.on('error', (error) =>
      received.length > 0 ? resolve(Buffer.concat(received).toString('latin1')) : reject(error),
    )
  })
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}
