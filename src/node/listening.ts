import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { NodeFault } from '../errors/node-fault.ts'
import { webServer } from '../web/server.ts'

export interface Address {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
}

export interface Listening {
  readonly port: number
  /** Lets those being served finish, for a moment. */
  stop(): Promise<void>
}

const FAREWELL_MILLISECONDS = 2_000

/** Serves at an address. Fault, or what the operating system says: CFG_LISTEN, see asFault. */
export async function listen(listener: RequestListener, { host, port }: Address): Promise<Listening> {
  const server = webServer(listener)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(unresolved(error, { host, port }) ?? error))
    server.listen(port, host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
        setTimeout(() => server.closeAllConnections(), FAREWELL_MILLISECONDS).unref()
      }),
  }
}

/** The name of a host that has no address; of addresses asFault knows. */
function unresolved(error: Error, { host, port }: Address): NodeFault | undefined {
  const { syscall, code }: Readonly<Record<string, unknown>> = Object(error)
  if (syscall !== 'getaddrinfo') return undefined
  return new NodeFault('CFG_LISTEN', `${host}:${port} is of a host without an address (${code})`, { cause: error })
}
