import { mkdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Stryker } from '@stryker-mutator/core'
import jestConfig from '../../jest.config.mjs'
import { parts } from './parts.js'

/**
 * `npm run test:mutation`: changes the code that decides, one change at a time, and counts the changes that its unit
 * tests find. Arguments are names of parts (test/mutation/parts.js). What survived is listed, and reported in
 * .tmp/mutation. PASSERELLE_WORKERS says how many changes are tried at once.
 */

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const scratch = join('.tmp', 'mutation')
process.chdir(root)
process.env.PASSERELLE_TEST_KEYS = join(root, scratch, 'keys')
process.env.PASSERELLE_WITHOUT = 'openssl,xmlsec1,java'
mkdirSync(process.env.PASSERELLE_TEST_KEYS, { recursive: true })

function optionsFor(report, { mutate, suites }) {
  return {
    mutate,
    testRunner: 'one-by-one',
    plugins: ['@stryker-mutator/jest-runner', pathToFileURL(join(root, 'test', 'mutation', 'runner.js')).href],
    ignorers: ['words'],
    // Generous, for a machine that does other things too: a change that is slow is no change that was found.
    timeoutMS: 60_000,
    timeoutFactor: 4,
    concurrency: Number(process.env.PASSERELLE_WORKERS ?? 2),
    coverageAnalysis: 'perTest',
    testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
    jest: { enableFindRelatedTests: false, config: jestOptions(suites) },
    ignorePatterns: ['.tmp', 'dist', 'docs', 'bench'],
    tempDirName: join('.tmp', `stryker-${process.pid}`),
    // TypeScript 7 has no API that Stryker could read the configuration with, and the tests need none.
    tsconfigFile: 'none.json',
    disableTypeChecks: false,
    reporters: ['json', 'html', 'progress-append-only'],
    jsonReporter: { fileName: `${report}.json` },
    htmlReporter: { fileName: `${report}.html` },
    logLevel: 'warn',
    warnings: { slow: false },
    allowConsoleColors: false,
  }
}

function jestOptions(suites) {
  return {
    ...jestConfig,
    testEnvironment: join(root, 'test', 'mutation', 'environment.js'),
    testMatch: suites.map((suite) => `<rootDir>/${suite}`),
    testTimeout: 120_000,
    roots: ['<rootDir>/src', '<rootDir>/demo', '<rootDir>/test'],
    haste: { forceNodeFilesystemAPI: true },
    watchman: false,
  }
}

function missed(results) {
  return results
    .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
    .map(({ fileName, location: { start }, mutatorName, replacement, status }) => {
      const change = replacement.replace(/\s+/g, ' ').slice(0, 100)
      return `${relative(root, fileName)}:${start.line}:${start.column} ${status} ${mutatorName}: ${change}`
    })
}

function summary(results) {
  const number = (status) => results.filter((result) => result.status === status).length
  const [killed, timeout, survived, uncovered] = ['Killed', 'Timeout', 'Survived', 'NoCoverage'].map(number)
  const total = killed + timeout + survived + uncovered
  const score = ((100 * (killed + timeout)) / total).toFixed(2)
  return `${total} mutants, ${killed} killed, ${timeout} timeout, ${survived} survived, ${uncovered} no coverage, ${number('RuntimeError')} not runnable, ${number('Ignored')} ignored: ${score} %`
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in parts))
if (unknown.length > 0) throw new TypeError(`not a part: ${unknown.join(' ')}`)
const all = []
for (const [name, part] of Object.entries(parts).filter(([name]) => asked.length === 0 || asked.includes(name))) {
  const start = Date.now()
  const results = await new Stryker(optionsFor(join(scratch, name.replace('/', '-')), part)).runMutationTest()
  for (const line of missed(results)) console.log(line)
  console.log(`${name}: ${summary(results)}, in ${Math.round((Date.now() - start) / 1000)} s`)
  all.push(...results)
}
console.log(`all: ${summary(all)}`)
