import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * `npm test`: the programs the tests talk to, then types, lint and dead code, then every suite. With arguments
 * (`npm test -- test/unit/xml`) the arguments go to jest and types and lint are left out. Ends with the plain line
 * "N passed, N failed".
 */

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const scratch = join(root, '.tmp')
const results = join(scratch, `jest-${process.pid}.json`)

/** By what the tests call it: the file to look for, and the Debian package that has it. */
const programs = {
  'redis-server': { file: 'redis-server', name: 'redis-server' },
  chromium: { file: 'chromium', name: 'chromium' },
  xmlsec1: { file: 'xmlsec1', name: 'xmlsec1' },
  openssl: { file: 'openssl', name: 'openssl' },
  // The tests run Java from source, which takes the compiler.
  java: { file: 'javac', name: 'default-jdk-headless' },
}

function isInstalled(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))
}

/** PASSERELLE_WITHOUT=java,xmlsec1 goes without; the tests that need them report themselves as skipped. */
function missingPackages() {
  const waived = (process.env.PASSERELLE_WITHOUT ?? '').split(',')
  return Object.entries(programs)
    .filter(([program, { file }]) => !waived.includes(program) && !isInstalled(file))
    .map(([, { name }]) => name)
}

/** As root where there is apt-get, installs what is missing; elsewhere says what to install. */
function ensurePrograms() {
  const missing = missingPackages()
  if (missing.length === 0) return
  if (process.getuid?.() === 0 && isInstalled('apt-get')) aptInstall(missing)
  const still = missingPackages()
  if (still.length === 0) return
  console.error(`The tests need these packages. On Debian and Ubuntu: sudo apt-get install ${still.join(' ')}`)
  process.exit(1)
}

function aptInstall(packages) {
  const log = join(scratch, 'apt.log')
  console.log(`installing ${packages.join(', ')} (log: ${log})`)
  const to = openSync(log, 'w')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const words of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const { status } = spawnSync('apt-get', words, { stdio: ['ignore', to, to], env })
    if (status !== 0) console.error(`apt-get ${words[0]} failed with ${status}; see ${log}`)
  }
}

function run(title, command, words) {
  const start = Date.now()
  const { status } = spawnSync(command, words, { cwd: root, stdio: ['ignore', 1, 2] })
  console.log(`${title}: ${status === 0 ? 'ok' : 'FAILED'} (${((Date.now() - start) / 1000).toFixed(1)} s)`)
  return status === 0
}

function jest(words) {
  const own = ['--json', `--outputFile=${results}`]
  const options = [process.env.NODE_OPTIONS, '--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
  const bin = join(root, 'node_modules', 'jest', 'bin', 'jest.js')
  // jest writes its report to stderr and the JSON to the file; stdout would repeat the JSON.
  const { status } = spawnSync(process.execPath, [bin, ...own, ...words], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: options.filter(Boolean).join(' ') },
  })
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
ensurePrograms()
const words = process.argv.slice(2)
const checks = words.length > 0 ? [] : ['typecheck', 'lint']
const checked = checks.map((script) => run(script, 'npm', ['run', '-s', script])).every(Boolean)
const built = run('build', 'npm', ['run', '-s', 'build'])
const tested = jest(words)
console.log(closingLine())
process.exit(checked && built && tested ? 0 : 1)
