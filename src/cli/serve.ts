import { parseArgs } from 'node:util'
import { loadConfig } from '../config/load.ts'
import { startNode } from '../node.ts'
import { jsonLog } from '../observe/log.ts'
import { untilStopped, untilUnwritable } from './running.ts'
import { UsageError } from './usage.ts'

/** Runs the node of a configuration until it is stopped. Log lines go to standard output. */
export async function serve(args: readonly string[]): Promise<number> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true })
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw new UsageError('one configuration file is needed')
  // Before anything that takes time: a signal that nobody listens for ends the process, or, to the first in a container,
  // is lost.
  const ended = Promise.race([untilStopped().then(() => 0), untilUnwritable().then(withoutLog)])
  let askedToRefresh = false
  let refresh = async () => {
    askedToRefresh = true
  }
  process.on('SIGHUP', () => void refresh())
  const loaded = await loadConfig({ file, environment: process.env, now: Date.now() })
  const log = jsonLog({ out: process.stdout, now: Date.now, node: loaded.config.baseUrl })
  const node = await Promise.race([startNode(loaded, { log }), ended])
  if (typeof node === 'number') return node
  refresh = node.refresh
  if (askedToRefresh) void refresh()
  log.info(`listening on port ${node.port}`)
  if (node.metricsPort !== undefined) log.info(`figures on port ${node.metricsPort}`)
  const code = await ended
  await node.stop()
  log.info('stopped')
  return code
}

/** R-LAW-7: what cannot be logged must not happen. */
function withoutLog(error: Error): number {
  process.stderr.write(`passerelle serve: the log cannot be written: ${String(Object(error).code)}\n`)
  return 1
}
