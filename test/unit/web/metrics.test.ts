import { metricsApp } from '../../../src/web/metrics.ts'
import { type RunningServer, startServer } from '../../testkit/http.ts'

const contentType = 'text/plain; version=0.0.4; charset=utf-8'

async function asked<R>(write: () => Promise<string>, ask: (server: RunningServer, heard: unknown[]) => Promise<R>) {
  const heard: unknown[] = []
  const server = await startServer(
    metricsApp({
      write: async () => ({ contentType, text: await write() }),
      onTrouble: (thrown) => heard.push(thrown),
    }),
  )
  try {
    return await ask(server, heard)
  } finally {
    await server.close()
  }
}

describe('the address of the figures', () => {
  it('serves them as what they are, to be kept by nobody', () =>
    asked(
      async () => 'figures 1\n',
      async (server) => {
        const answer = await server.fetch('/metrics?collect[]=all')
        expect(answer.status).toBe(200)
        expect(answer.headers.get('content-type')).toBe(contentType)
        expect(answer.headers.get('cache-control')).toBe('no-store')
        expect(await answer.text()).toBe('figures 1\n')
        expect((await server.fetch('/metrics', { method: 'HEAD' })).status).toBe(200)
      },
    ))

  it.each(['/', '/health', '/metrics/', '//metrics', '/metrics%00', '/connector/sso'])(
    'has nothing else: %s (A-256)',
    (path) =>
      asked(
        async () => 'figures 1\n',
        async (server) => {
          const answer = await server.fetch(path)
          expect([answer.status, await answer.text()]).toEqual([404, ''])
        },
      ),
  )

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('is not to be changed: %s', (method) =>
    asked(
      async () => 'figures 1\n',
      async (server) => {
        const answer = await server.fetch('/metrics', { method })
        expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
      },
    ),
  )

  it('says why there are none to the operator, and not to whoever asks', () =>
    asked(
      () => Promise.reject(new TypeError('inside')),
      async (server, heard) => {
        const answer = await server.fetch('/metrics')
        expect([answer.status, await answer.text()]).toEqual([500, ''])
        expect(heard).toEqual([new TypeError('inside')])
      },
    ))
})
