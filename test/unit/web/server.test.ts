import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { webServer } from '../../../src/web/server.ts'
import { startServer } from '../../testkit/http.ts'

describe('webServer', () => {
  it('waits a bounded time for header fields (A-028)', async () => {
    const server = await startServer(
      webServer((_request, response) => response.end(), { headersMilliseconds: 100, checkMilliseconds: 50 }),
    )
    expect(await server.raw('GET / HTTP/1.1\r\nHost: a\r\n')).toMatch(/^HTTP\/1.1 408 /)
    await server.close()
  })

  it('waits a bounded time for a request (A-028)', async () => {
    const server = await startServer(
      webServer(() => undefined, { headersMilliseconds: 100, requestMilliseconds: 100, checkMilliseconds: 50 }),
    )
    expect(await server.raw('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\na')).toMatch(/^HTTP\/1.1 408 /)
    await server.close()
  })

  it('waits a bounded time for somebody to read what was asked for (A-028)', async () => {
    const web = webServer((_request, response) => response.end(Buffer.alloc(64 << 20)), { stallMilliseconds: 100 })
    const closed = new Promise<void>((resolve) => web.on('connection', (socket) => socket.on('close', () => resolve())))
    const server = await startServer(web)
    const reader = connect(server.port, '127.0.0.1').pause()
    reader.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await closed
    reader.destroy()
    await server.close()
  })

  it('refuses a request line that is too long (A-029)', async () => {
    const server = await startServer(webServer((_request, response) => response.end()))
    expect((await server.fetch(`/?a=${'b'.repeat(30_000)}`)).status).toBe(200)
    expect((await server.fetch(`/?a=${'b'.repeat(40_000)}`)).status).toBe(431)
    await server.close()
  })

  it('keeps a connection for longer than the proxy in front, and not for ever', async () => {
    expect(webServer(() => undefined).keepAliveTimeout).toBeGreaterThan(60_000)
    const server = await startServer(webServer((_request, response) => response.end(), { keepAliveMilliseconds: 50 }))
    expect(await server.raw('GET / HTTP/1.1\r\nHost: a\r\n\r\n')).toMatch(/^HTTP\/1.1 200 /)
    await server.close()
  })

  it('takes a bounded number of requests on one connection, however many are sent at once (A-252)', async () => {
    let taken = 0
    const listener = (_request: IncomingMessage, response: ServerResponse) => {
      taken += 1
      response.end()
    }
    const server = await startServer(webServer(listener, { requestsPerConnection: 3, keepAliveMilliseconds: 50 }))
    const said = await server.raw('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(2_000))
    expect(taken).toBe(3)
    expect(said.match(/^HTTP\/1.1 200 /gm)).toHaveLength(3)
    expect(said.match(/^Connection: \S+/gm)?.slice(0, 3)).toEqual([
      ...['Connection: keep-alive', 'Connection: keep-alive', 'Connection: close'],
    ])
    await server.close()
  })

  it('takes a bounded number of connections', () => {
    expect(webServer(() => undefined, { connections: 7 }).maxConnections).toBe(7)
  })
})
