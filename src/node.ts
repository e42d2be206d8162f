import type { LoadedConfig } from './config/load.ts'
import { createHalves, halfRoutes, newSupportCode } from './node/halves.ts'
import { nodeKeys, testKernel } from './node/keys.ts'
import { listen } from './node/listening.ts'
import { publication } from './node/publication.ts'
import { random } from './node/random.ts'
import type { Strategies } from './node/strategies.ts'
import { strategyModules } from './node/strategy-modules.ts'
import { isAnyNodeTrusted, openTrust } from './node/trust.ts'
import { watch } from './node/watching.ts'
import { readHealth, toldHealth } from './observe/health.ts'
import type { Log } from './observe/log.ts'
import { memoryStores } from './store/memory.ts'
import { redisStores } from './store/redis.ts'
import type { Stores } from './store/store.ts'
import { webApp } from './web/app.ts'
import { BEAT_MILLISECONDS, createLateness } from './web/lateness.ts'
import { prepareSchemas } from './xml/schema.ts'

/**
 * The composition root, with node/: configuration in, a listening server out. The only place that builds adapters, and
 * the only one that imports clock, randomness and network; everything below is handed them.
 */

export interface NodeOptions {
  /** Strategies by the names that the configuration has for them; those it names as modules are loaded from there. */
  readonly strategies?: Strategies
  /** Hears of everything that happens in a flow, and of what an operator should know. */
  readonly log: Pick<Log, 'listen' | 'fault' | 'info' | 'warn' | 'error'>
  /** Flow cookies that any client keeps over plain http, for parties of one site; warns at start. */
  readonly allowPlainCookiesForDemo?: true
}

export interface RunningNode {
  readonly port: number
  /** Where figures are told, if they are. */
  readonly metricsPort?: number
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
  const modules = await strategyModules(loaded)
  const keys = nodeKeys(loaded)
  await testKernel(keys)
  const trust = await openTrust(loaded, options.log)
  const stores = await openStores(loaded, options)
  const published = await publication(loaded, keys, options.log)
  const health = () =>
    readHealth({
      storeReachable: () => stores.reachable(),
      trustLoaded: () => isAnyNodeTrusted(trust.registry),
      sealKeys: () => stores.sealKeys(),
    })
  const { hearing, metrics } = await watch({ loaded, log: options.log, health, trust })
  const strategies = { ...options.strategies, ...modules }
  const halves = createHalves(loaded, keys, trust, stores, {
    ...options,
    strategies,
    log: { ...options.log, ...hearing },
  })
  // A jump of the clock that flows are timed with is no lateness of the event loop.
  const lateness = createLateness(() => Number(process.hrtime.bigint()) / 1e6)
  const beating = setInterval(lateness.beat, BEAT_MILLISECONDS).unref()
  const listener = webApp({
    routes: [...halfRoutes(loaded, halves), ...published.routes],
    onFault: hearing.fault,
    newSupportCode,
    health: toldHealth(health, options.log),
    https: config.baseUrl.startsWith('https:'),
    formRedirects: config.web.formRedirects,
    isLate: lateness.isLate,
  })
  const server = await listen(listener, config.listen)
  return {
    port: server.port,
    ...(metrics === undefined ? {} : { metricsPort: metrics.port }),
    refresh: trust.refresh,
    async stop() {
      clearInterval(beating)
      published.stop()
      trust.stop()
      await Promise.all([server.stop(), metrics?.stop()])
      await stores.close()
    },
  }
}

async function openStores({ config, secrets }: LoadedConfig, { log }: NodeOptions): Promise<Stores> {
  const { redisUrl: url, sealKeys } = secrets
  if (url === undefined) return memoryStores({ monotonic: () => performance.now(), now: Date.now, random })
  const told = { onTrouble: log.error, onRecovery: log.info }
  return redisStores({ url, sealKeys, prefix: config.store.prefix, now: Date.now, random, ...told })
}
