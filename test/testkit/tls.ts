import { createServer as createPlain, type RequestListener, type Server } from 'node:http'
import { createServer, type ServerOptions, type Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

import { createCertificate, createKey, type KeyKind } from '../../src/xmlsec/certificate.ts'

/** HTTP servers on this machine, with TLS under an authority of the tests. */
export interface LocalServer {
  /** `https://localhost:port` */
  readonly origin: string
  /** What it answers, until it is replaced. */
  answer: RequestListener
  close(): Promise<void>
}

export interface TlsAuthority {
  /** PEM. */
  readonly certificate: string
  /** Key and certificate for a server of that name. */
  issue(commonName: string, order?: ServerOrder): Promise<{ readonly key: string; readonly cert: string }>
}

export interface ServerOrder {
  readonly days?: number
  readonly kind?: KeyKind
  /** What TLS 1.2 uses the key for: to sign key exchanges, or to have secrets encrypted to it. */
  readonly usage?: 'signing' | 'encryption'
}

const DAY = 86_400_000

export async function tlsAuthority(commonName = 'TLS authority of the tests'): Promise<TlsAuthority> {
  const key = await createKey('P-256')
  const order = { now: Date.now() - DAY, days: 9 }
  const certificate = createCertificate({ ...order, subject: { commonName }, key, usage: 'authority' })
  return {
    certificate,
    async issue(name, { days = 9, kind = 'P-256', usage = 'signing' } = {}) {
      const own = await createKey(kind)
      const issuer = { subject: { commonName }, key }
      const cert = createCertificate({
        ...order,
        days,
        subject: { commonName: name },
        key: own,
        issuer,
        usage,
      })
      return { key: own, cert }
    },
  }
}

export async function startTls(options: ServerOptions): Promise<LocalServer> {
  return listening((listener) => createServer(options, listener), 'https')
}

export async function startPlain(): Promise<LocalServer> {
  return listening((listener) => createPlain(listener), 'http')
}

async function listening(
  create: (listener: RequestListener) => Server | TlsServer,
  scheme: string,
): Promise<LocalServer> {
  const current: { answer: RequestListener } = { answer: (_, response) => response.end() }
  const server = create((request, response) => current.answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(current, {
    origin: `${scheme}://localhost:${port}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  })
}
