import { parseArgs } from 'node:util'
import { loadConfig } from '../config/load.ts'
import { startNode } from '../node.ts'
import { jsonLog } from '../observe/log.ts'
import { untilStopped } from './running.ts'
import { UsageError } from './usage.ts'

/** Runs the node of a configuration until it is stopped. Log lines go to standard output. */
export async function serve(args: readonly string[]): Promise<number> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true })
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw new UsageError('one configuration file is needed')
  // Before anything that takes time: a signal that nobody listens for ends the process, or, to the first in a container,
  // is lost.
  const stopped = untilStopped()
  let askedToRefresh = false
  let refresh = async () => {
    askedToRefresh = true
  }
  process.on('SIGHUP', () => void refresh())
  const loaded = await loadConfig({ file, environment: process.env, now: Date.now() })
  const log = jsonLog({ out: process.stdout, now: Date.now, node: loaded.config.baseUrl })
  const node = await Promise.race([startNode(loaded, { log }), stopped])
  if (node === undefined) return 0
  refresh = node.refresh
  if (askedToRefresh) void refresh()
  log.info(`listening on port ${node.port}`)
  await stopped
  await node.stop()
  log.info('stopped')
  return 0
}
