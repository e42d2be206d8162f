import { certificateEnd } from '../config/key-files.ts'
import type { LoadedConfig } from '../config/load.ts'
import { asFault } from '../errors/node-fault.ts'
import type { Health } from '../observe/health.ts'
import type { Log } from '../observe/log.ts'
import { type MeasuredPeer, nodeMetrics } from '../observe/metrics.ts'
import type { KeptTrust } from '../trust/refresh.ts'
import type { RenewableRegistry } from '../trust/registry.ts'
import { metricsApp } from '../web/metrics.ts'
import { type Listening, listen } from './listening.ts'

type Watched = Pick<Log, 'listen' | 'fault'>

export interface Watching {
  readonly hearing: Watched
  /** Where the figures are, if they are wanted. */
  readonly metrics?: Listening
}

export interface WatchOptions {
  readonly loaded: LoadedConfig
  readonly log: Watched & Pick<Log, 'error'>
  readonly health: () => Promise<Health>
  readonly trust: Pick<KeptTrust, 'registry' | 'problems'>
}

/** The listeners of the relay: the log, and the metrics where the configuration has an address for them. */
export async function watch({ loaded, log, health, trust }: WatchOptions): Promise<Watching> {
  const { metrics: at } = loaded.config
  if (at === undefined) return { hearing: log }
  const certificates = Object.fromEntries(
    Object.entries(loaded.keys).map(([name, key]) => [name, Date.parse(certificateEnd(key))]),
  )
  const metrics = nodeMetrics({
    health,
    peers: () => measuredPeers(trust.registry),
    problems: () => trust.problems().map(({ fault }) => fault.code),
    certificates,
  })
  const onTrouble = (thrown: unknown) => log.error(`no figures: ${asFault(thrown).message}`)
  const hearing: Watched = {
    listen(event) {
      log.listen(event)
      metrics.listen(event)
    },
    fault(fault, supportCode) {
      log.fault(fault, supportCode)
      metrics.fault(fault)
    },
  }
  return { hearing, metrics: await listen(metricsApp({ write: metrics.write, onTrouble }), at) }
}

/** Expired peers included: an alarm needs them. */
function measuredPeers(registry: RenewableRegistry): readonly MeasuredPeer[] {
  const isOver = ({ validUntil }: MeasuredPeer) => validUntil <= Date.now()
  return registry.held().filter((peer) => isOver(peer) || registry.find(peer.entityId, peer.role) !== undefined)
}
