import { openServer } from '../../../demo/party.ts'

describe('a server of the demo', () => {
  it('answers a request that came before there was anything to say, once there is', async () => {
    const server = await openServer(0)
    try {
      const early = fetch(server.url).then((response) => response.text())
      await new Promise((resolve) => setTimeout(resolve, 50))
      server.serve((_request, response) => void response.end('here'))
      expect(await early).toBe('here')
      expect(await (await fetch(server.url)).text()).toBe('here')
    } finally {
      await server.stop()
    }
  })

  it('lets go of a request that it never got to answer when it stops', async () => {
    const server = await openServer(0)
    const early = expect(fetch(server.url)).rejects.toThrow('fetch failed')
    await new Promise((resolve) => setTimeout(resolve, 50))
    await server.stop()
    await early
  })
})
