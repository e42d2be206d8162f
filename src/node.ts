import type { AddressInfo } from 'node:net'
import type { LoadedConfig } from './config/load.ts'
import { NodeFault } from './errors/node-fault.ts'
import { createHalves, halfRoutes, newSupportCode } from './node/halves.ts'
import { nodeKeys, testKernel } from './node/keys.ts'
import { publication } from './node/publication.ts'
import { random } from './node/random.ts'
import type { Strategies } from './node/strategies.ts'
import { isAnyNodeTrusted, openTrust } from './node/trust.ts'
import { readHealth, toldHealth } from './observe/health.ts'
import type { Log } from './observe/log.ts'
import { memoryStores } from './store/memory.ts'
import { redisStores } from './store/redis.ts'
import type { Stores } from './store/store.ts'
import { webApp } from './web/app.ts'
import { webServer } from './web/server.ts'
import { prepareSchemas } from './xml/schema.ts'

/**
 * The composition root, with node/: configuration in, a listening server out. The only place that builds adapters, and
 * the only one that imports clock, randomness and network; everything below is handed them.
 */

export interface NodeOptions {
  readonly strategies?: Strategies
  /** Hears of everything that happens in a flow, and of what an operator should know. */
  readonly log: Pick<Log, 'listen' | 'fault' | 'info' | 'warn' | 'error'>
  /** Flow cookies that any client keeps over plain http, for parties of one site; warns at start. */
  readonly allowPlainCookiesForDemo?: true
}

export interface RunningNode {
  readonly port: number
  /** Applies suspensions at once and reads the metadata of peers anew. Never rejects. */
  refresh(): Promise<void>
  stop(): Promise<void>
}

/** Reads peers, opens the store and listens; rejects with the first thing that makes it impossible. */
export async function startNode(loaded: LoadedConfig, options: NodeOptions): Promise<RunningNode> {
  const { config } = loaded
  for (const warning of loaded.warnings) options.log.warn(warning)
  if (options.allowPlainCookiesForDemo) options.log.warn('flow cookies are not Secure; for demonstrations only')
  await prepareSchemas()
  const keys = nodeKeys(loaded)
  await testKernel(keys)
  const trust = await openTrust(loaded, options.log)
  const stores = await openStores(loaded, options)
  const published = await publication(loaded, keys, options.log)
  const halves = createHalves(loaded, keys, trust, stores, options)
  const listener = webApp({
    routes: [...halfRoutes(loaded, halves), ...published.routes],
    onFault: options.log.fault,
    newSupportCode,
    health: toldHealth(
      () =>
        readHealth({
          storeReachable: () => stores.reachable(),
          trustLoaded: () => isAnyNodeTrusted(trust.registry),
        }),
      options.log,
    ),
    https: config.baseUrl.startsWith('https:'),
    formRedirects: config.web.formRedirects,
  })
  const server = webServer(listener)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(unresolved(error, config.listen) ?? error))
    server.listen(config.listen.port, config.listen.host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    refresh: trust.refresh,
    async stop() {
      published.stop()
      trust.stop()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
        setTimeout(() => server.closeAllConnections(), 2_000).unref()
      })
      await stores.close()
    },
  }
}

/** The name of a host that has no address; of addresses asFault knows. */
function unresolved(error: Error, { host, port }: LoadedConfig['config']['listen']): NodeFault | undefined {
  const { syscall, code }: Readonly<Record<string, unknown>> = Object(error)
  if (syscall !== 'getaddrinfo') return undefined
  return new NodeFault('CFG_LISTEN', `${host}:${port} is of a host without an address (${code})`, { cause: error })
}

async function openStores({ config, secrets }: LoadedConfig, { log }: NodeOptions): Promise<Stores> {
  const { redisUrl: url, sealKeys } = secrets
  if (url === undefined) return memoryStores({ monotonic: () => performance.now(), now: Date.now, random })
  const told = { onTrouble: log.error, onRecovery: log.info }
  return redisStores({ url, sealKeys, prefix: config.store.prefix, now: Date.now, random, ...told })
}
