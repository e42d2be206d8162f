import { mkdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Stryker } from '@stryker-mutator/core'
import jestConfig from '../../jest.config.mjs'
import { folders, unasked } from './folders.js'

/**
 * `npm run test:mutation`: changes the code of the folders that decide, one change at a time, and counts the changes
 * that their unit tests find. Arguments are names of folders, or a file (`src/xmlsec/keys.ts`). What survived is listed, and
 * reported in .tmp/mutation.
 */

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const scratch = join(root, '.tmp', 'mutation')
const keys = join(scratch, 'keys')
mkdirSync(keys, { recursive: true })
process.chdir(root)
process.env.PASSERELLE_TEST_KEYS = keys
process.env.PASSERELLE_WITHOUT = 'openssl,xmlsec1,java'

const runner = pathToFileURL(join(root, 'test', 'mutation', 'runner.js')).href

function optionsFor(name, { mutate, suites }) {
  const report = join('.tmp', 'mutation', name.replace('/', '-'))
  return {
    mutate,
    testRunner: 'one-by-one',
    plugins: ['@stryker-mutator/jest-runner', runner],
    ignorers: ['words'],
    // Tests by property and tests of keys take their time on a machine that does other things too.
    timeoutMS: 60_000,
    timeoutFactor: 4,
    concurrency: Number(process.env.PASSERELLE_WORKERS ?? 2),
    coverageAnalysis: 'perTest',
    testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
    jest: { enableFindRelatedTests: false, config: jestOptions(suites) },
    ignorePatterns: ['.tmp', 'dist', 'docs', 'bench'],
    tempDirName: join('.tmp', 'stryker'),
    // TypeScript 7 has no API that Stryker could read the configuration with, and the tests need none.
    tsconfigFile: 'none.json',
    disableTypeChecks: false,
    reporters: ['json', 'html'],
    jsonReporter: { fileName: `${report}.json` },
    htmlReporter: { fileName: `${report}.html` },
    logLevel: 'warn',
    allowConsoleColors: false,
  }
}

function jestOptions(suites) {
  return {
    ...jestConfig,
    testMatch: suites.map((suite) => `<rootDir>/${suite}`),
    testPathIgnorePatterns: ['/node_modules/', ...unasked.map((suite) => `<rootDir>/${suite}`)],
    watchman: false,
  }
}

/** The folders asked for; a file is judged as its folder is. */
function chosen(words) {
  if (words.length === 0) return Object.entries(folders)
  return words.map((word) => {
    const name = Object.keys(folders).find((folder) => word === folder || word.startsWith(`src/${folder}/`))
    if (name === undefined)
      throw new TypeError(`${word}: not one of ${Object.keys(folders).join(', ')} or a file in it`)
    return word === name ? [name, folders[name]] : [word.replaceAll('/', '-'), { ...folders[name], mutate: [word] }]
  })
}

const counted = ['Killed', 'Timeout', 'Survived', 'NoCoverage']

function print(name, results, seconds) {
  const missed = results.filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
  for (const { fileName, location, mutatorName, replacement, status } of missed) {
    const place = `${relative(root, fileName)}:${location.start.line}:${location.start.column}`
    console.log(`${place} ${status} ${mutatorName} -> ${replacement.replace(/\s+/g, ' ').slice(0, 100)}`)
  }
  const number = (status) => results.filter((result) => result.status === status).length
  const [killed, timeout, survived, uncovered] = counted.map(number)
  const total = killed + timeout + survived + uncovered
  const score = ((100 * (killed + timeout)) / total).toFixed(2)
  const others = `${number('RuntimeError')} not runnable, ${number('Ignored')} ignored`
  console.log(
    `${name}: ${total} mutants, ${killed} killed, ${timeout} timeout, ${survived} survived, ${uncovered} no coverage (${others}): ${score} % in ${Math.round(seconds)} s`,
  )
}

for (const [name, folder] of chosen(process.argv.slice(2))) {
  const start = Date.now()
  const results = await new Stryker(optionsFor(name, folder)).runMutationTest()
  print(name, results, (Date.now() - start) / 1000)
}
