import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { jest } from './jest.js'
import { ensurePrograms, scratch } from './programs.js'

/**
 * `npm test`: the programs the tests talk to, then types, lint and dead code, then every suite. With arguments
 * (`npm test -- test/unit/xml`) the arguments go to jest and types and lint are left out. Ends with the plain line
 * "N passed, N failed".
 */

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const results = join(scratch, `jest-${process.pid}.json`)

/** By what the tests call it: the Debian package that has it, and a file of it. */
const programs = {
  'redis-server': ['redis-server', 'redis-server'],
  chromium: ['chromium', 'chromium'],
  xmlsec1: ['xmlsec1', 'xmlsec1'],
  openssl: ['openssl', 'openssl'],
  // The tests run Java from source, which takes the compiler.
  java: ['default-jdk-headless', 'javac'],
}

/** PASSERELLE_WITHOUT=java,xmlsec1 goes without; the tests that need them report themselves as skipped. */
function wantedPackages() {
  const waived = (process.env.PASSERELLE_WITHOUT ?? '').split(',')
  const wanted = Object.entries(programs).filter(([program]) => !waived.includes(program))
  return Object.fromEntries(wanted.map(([, named]) => named))
}

function run(title, command, words) {
  const start = Date.now()
  const { status } = spawnSync(command, words, { cwd: root, stdio: ['ignore', 1, 2] })
  console.log(`${title}: ${status === 0 ? 'ok' : 'FAILED'} (${((Date.now() - start) / 1000).toFixed(1)} s)`)
  return status === 0
}

/** The closing line, from what jest wrote; suites that did not even load count as failed. */
function closingLine() {
  if (!existsSync(results)) return '0 passed, 1 failed'
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests } = JSON.parse(
    readFileSync(results, 'utf8'),
  )
  rmSync(results)
  const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : ''
  return `${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed${skipped}`
}

mkdirSync(scratch, { recursive: true })
ensurePrograms(wantedPackages())
const words = process.argv.slice(2)
const checks = words.length > 0 ? [] : ['typecheck', 'lint']
const checked = checks.map((script) => run(script, 'npm', ['run', '-s', script])).every(Boolean)
const built = run('build', 'npm', ['run', '-s', 'build'])
// jest writes its report to stderr and the JSON to the file; stdout would repeat the JSON.
const tested = jest(['--json', `--outputFile=${results}`, ...words], ['ignore', 'ignore', 'inherit']) === 0
console.log(closingLine())
process.exit(checked && built && tested ? 0 : 1)
