import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { asFault } from '../../../src/errors/node-fault.ts'
import { bodyReader } from '../../../src/web/body.ts'
import { type RunningServer, startServer } from '../../testkit/http.ts'

/** Says how long a body was, or what was wrong with it. */
async function serverWith(bodyMilliseconds: number): Promise<RunningServer> {
  const read = bodyReader({ bodyOctets: 1_000, bodyMilliseconds, arrivingOctets: 2_000 })
  return startServer(async (request, response) => {
    const said = await read(request).then(
      ({ length }) => `${length}`,
      (thrown) => asFault(thrown).message,
    )
    response.setHeader('Connection', 'close').end(said)
  })
}

/** All but the last octet of two bodies that are as large as they may be, which leaves room for two octets. */
async function fill(server: RunningServer) {
  const head = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n'
  const sockets = [0, 1].map(() => connect(server.port, '127.0.0.1'))
  for (const socket of sockets) socket.on('error', () => undefined).write(head + 'a'.repeat(999))
  await saying(server, 'BIND_BODY: too many at once')
  return sockets
}

/** Posts until the answer is this. */
async function saying(server: RunningServer, wanted: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if ((await (await server.post('/', 'a'.repeat(1_000))).text()) === wanted) return
    await pause(20)
  }
  throw new TypeError(`never ${wanted}`)
}

describe('A-028: bodies that arrive together', () => {
  let server: RunningServer
  afterEach(() => server.close())

  it('take a bounded room, BIND_BODY beyond; what is small still finds a place', async () => {
    server = await serverWith(60_000)
    const sockets = await fill(server)
    expect(await (await server.post('/', 'a')).text()).toBe('1')
    for (const socket of sockets) socket.destroy()
  })

  it.each<[string, number, (sockets: Awaited<ReturnType<typeof fill>>) => void]>([
    ['have come', 60_000, (sockets) => sockets.map((socket) => socket.write('a'))],
    ['break off', 60_000, (sockets) => sockets.map((socket) => socket.resetAndDestroy())],
    ['took too long', 2_000, () => undefined],
  ])('leave it to others when they %s', async (_, bodyMilliseconds, end) => {
    server = await serverWith(bodyMilliseconds)
    const sockets = await fill(server)
    end(sockets)
    await saying(server, '1000')
    for (const socket of sockets) socket.destroy()
  })
})
