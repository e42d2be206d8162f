import { once } from 'node:events'
import { createServer } from 'node:net'
import { asFault } from '../../../src/errors/node-fault.ts'

/** What the operating system says when this address is to be listened at. */
async function trouble(host: string, port: number): Promise<unknown> {
  const server = createServer()
  const [thrown] = await Promise.all([once(server, 'error'), server.listen(port, host)])
  return thrown[0]
}

describe('asFault', () => {
  it('CFG_LISTEN for a port that is taken, with the address in words', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const port = Number(Object(taken.address()).port)
    const fault = asFault(await trouble('127.0.0.1', port))
    taken.close()
    expect(fault).toMatchObject({
      code: 'CFG_LISTEN',
      detail: `127.0.0.1:${port} is taken by another program (EADDRINUSE)`,
    })
  })

  it('CFG_LISTEN for an address of another machine', async () => {
    expect(asFault(await trouble('192.0.2.1', 0))).toMatchObject({
      code: 'CFG_LISTEN',
      detail: expect.stringContaining('is not an address of this machine'),
    })
  })

  it('INTERNAL for any other error, whatever its message quotes', () => {
    const fault = asFault(Object.assign(new Error('Ms Secret'), { code: 'EADDRINUSE', syscall: 'connect' }))
    expect(fault.code).toBe('INTERNAL')
    expect(fault.message).not.toContain('Secret')
  })
})
