import { hostname } from 'node:os'
import { parseArgs } from 'node:util'
import { loadConfig } from '../config/load.ts'
import { fileTrouble } from '../errors/file-trouble.ts'
import { NodeFault } from '../errors/node-fault.ts'
import { startNode } from '../node.ts'
import { jsonLog, type Log } from '../observe/log.ts'
import { type LogFile, openLogFile } from '../observe/log-file.ts'
import { untilStopped, untilUnwritable } from './running.ts'
import { settingsOption } from './settings.ts'
import { UsageError } from './usage.ts'

/** Runs the node of a configuration until it is stopped. Log lines go to the configured file, or to standard output. */
export async function serve(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: settingsOption })
  const [path, ...more] = positionals
  if (path === undefined || more.length > 0) throw new UsageError('one configuration file is needed')
  // Before anything that takes time: a signal without a listener ends the process, or, to the first in a container,
  // is lost.
  const ended = Promise.race([untilStopped().then(() => 0), untilUnwritable().then(withoutLog)])
  let askedToRefresh = false
  let refresh = async () => {
    askedToRefresh = true
  }
  process.on('SIGHUP', () => void refresh())
  const loaded = await loadConfig({ file: path, environment: process.env, now: Date.now(), settings: values.set })
  const { baseUrl, log: wanted } = loaded.config
  const file = wanted.file === undefined ? undefined : await logFile(wanted.file)
  const out = file ?? process.stdout
  const log = jsonLog({ out, now: Date.now, node: baseUrl, instance: instanceName(), level: wanted.level })
  if (file !== undefined) process.on('SIGUSR2', () => void reopened(file, log))
  const over = Promise.race([ended, ...(file === undefined ? [] : [file.failed.then(withoutLog)])])
  const node = await Promise.race([startNode(loaded, { log }), over])
  if (typeof node === 'number') return node
  refresh = node.refresh
  if (askedToRefresh) void refresh()
  log.info(`listening on port ${node.port}`)
  if (node.metricsPort !== undefined) log.info(`figures on port ${node.metricsPort}`)
  const code = await over
  await node.stop()
  log.info('stopped')
  await file?.close()
  return code
}

/** Names this process among those that make up the node: a container or machine, and its number there. */
function instanceName(): string {
  return process.env['PASSERELLE_INSTANCE'] || `${hostname()}-${process.pid}`
}

/** Fault: CFG_INVALID when the file cannot be appended to. */
async function logFile(path: string): Promise<LogFile> {
  try {
    return await openLogFile(path)
  } catch (cause) {
    throw new NodeFault('CFG_INVALID', `log.file: ${path} ${fileTrouble(cause, 'written')}`, { cause })
  }
}

/** A file that cannot be opened anew is written on where it is. */
async function reopened(file: LogFile, log: Log): Promise<void> {
  try {
    await file.reopen()
    log.info('the log file is opened anew')
  } catch (thrown) {
    log.error(`the log file ${fileTrouble(thrown, 'opened anew')}; lines go to the one that was open`)
  }
}

/** R-LAW-7: what cannot be logged must not happen. */
function withoutLog(error: Error): number {
  process.stderr.write(`passerelle serve: the log cannot be written: ${String(Object(error).code)}\n`)
  return 1
}
