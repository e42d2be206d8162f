import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * `npm run test:long`: the suites that try messages at random, many more than `npm test` tries. PASSERELLE_RUNS says how
 * many of each.
 */

const suites = ['test/attacks/signature-octets', 'test/unit/xml/agreement', 'test/vectors/canonical']
const env = { PASSERELLE_RUNS: '100000', ...process.env }
const timeout = 20_000 + 10 * Number(env.PASSERELLE_RUNS)

const runner = join(dirname(fileURLToPath(import.meta.url)), 'run.js')
const words = [runner, '--runInBand', '--verbose', `--testTimeout=${timeout}`, ...suites]
const { status } = spawnSync(process.execPath, words, { stdio: 'inherit', env })
process.exit(status ?? 1)
