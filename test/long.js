import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * `npm run test:long`: every suite that tries things at random, with values drawn anew and many more of them than
 * `npm test` tries. PASSERELLE_TIMES says how many times as many, PASSERELLE_SEED repeats a run.
 */

const here = dirname(fileURLToPath(import.meta.url))
const suites = readdirSync(here, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .filter((name) => /\/(properties|arbitraries)\.ts'/.test(readFileSync(join(here, name), 'utf8')))
  .map((name) => join('test', name))

const env = { PASSERELLE_TIMES: '50', PASSERELLE_SEED: `${Date.now() % 2 ** 31}`, ...process.env }
console.log(`PASSERELLE_TIMES=${env.PASSERELLE_TIMES} PASSERELLE_SEED=${env.PASSERELLE_SEED} npm run test:long`)

const timeout = 20_000 * (1 + Number(env.PASSERELLE_TIMES))
const words = [join(here, 'run.js'), '--verbose', `--testTimeout=${timeout}`, ...suites]
const { status } = spawnSync(process.execPath, words, { stdio: 'inherit', env })
process.exit(status ?? 1)
