import { parseArgs } from 'node:util'
import { untilStopped } from '../src/cli/running.ts'
import { UsageError } from '../src/cli/usage.ts'
import { jsonLog } from '../src/index.ts'
import { type FederationOptions, startFederation } from './federation.ts'
import { once } from './once.ts'

const DEFAULT_PORT = 8080

/** Two countries on this machine; keeps serving until it is stopped, or with --once signs in one citizen and ends. */
export async function demo(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { port: { type: 'string' }, once: { type: 'boolean' }, json: { type: 'boolean' } },
  })
  if (values.once) return signInOnce({ ports: 'free', ...redis() }, values.json ?? false)

  const port = portOf(values.port ?? process.env['PORT'])
  const federation = await startFederation({ ports: port, ...redis(), logOf })
  const portals = federation.portals.map(({ country, url }) => `  portal of ${country}: ${url}`)
  const stopped = untilStopped()
  process.stdout.write(`Passerelle demo: open ${federation.home}\n${portals.join('\n')}\nCtrl-C stops it.\n`)
  await stopped
  await federation.stop()
  process.stdout.write('Stopped.\n')
  return 0
}

async function signInOnce(options: FederationOptions, json: boolean): Promise<number> {
  const federation = await startFederation(options)
  try {
    return await once(federation, { json }, (text) => process.stdout.write(text))
  } finally {
    await federation.stop()
  }
}

/** The nodes' log lines go to standard error; standard output says where to go. */
function logOf(country: string) {
  return jsonLog({ out: process.stderr, now: Date.now, node: country })
}

function redis(): { redisUrl?: string } {
  const redisUrl = process.env['REDIS_URL']
  return redisUrl === undefined || redisUrl === '' ? {} : { redisUrl }
}

function portOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_000) throw new UsageError(`not a port: ${text}`)
  return port
}
