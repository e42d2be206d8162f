import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { strykerPlugins as jestPlugins } from '@stryker-mutator/jest-runner'
import { slow } from './parts.js'

/*
 * Two plugins for Stryker. The runner is jest's, but a mutant meets the test files that reach it one after the other,
 * the one that mirrors its file first, and no more once one has killed it; jest's own loads them all for each mutant.
 * The other says which code is left alone.
 */

const known = 'tests-by-file.json'

/** Test files with the titles in them, the quickest first. */
function byFile({ tests }) {
  const files = new Map()
  for (const { id, fileName, timeSpentMs } of tests) {
    const { ids = [], ms = 0 } = files.get(fileName) ?? {}
    files.set(fileName, { fileName, ids: [...ids, id], ms: ms + timeSpentMs })
  }
  return [...files.values()].sort((a, b) => a.ms - b.ms)
}

/** The files to run for a mutant, each with the titles to run in it; all of them for a mutant of what is evaluated once. */
function plan({ sandboxFileName, testFilter }, files) {
  const mirror = `${basename(sandboxFileName, '.ts')}.test.ts`
  const isMirror = ({ fileName }) => Number(basename(fileName) === mirror)
  const wanted = testFilter === undefined ? undefined : new Set(testFilter)
  const reaching = keeping(files, (id) => wanted?.has(id) ?? true)
  const quick = keeping(reaching, (id) => !slow.some((title) => id.startsWith(title)))
  return (quick.length > 0 ? quick : reaching).sort((a, b) => isMirror(b) - isMirror(a))
}

function keeping(files, wanted) {
  return files.map((file) => ({ ...file, ids: file.ids.filter(wanted) })).filter(({ ids }) => ids.length > 0)
}

function oneByOne(injector) {
  const jest = injector.injectFunction(jestPlugins[0].factory)
  const run = jest.run.bind(jest)
  let only
  jest.run = (settings) => run(only === undefined ? settings : { ...settings, testFiles: [only] })
  return {
    init: () => jest.init(),
    capabilities: () => jest.capabilities(),
    async dryRun(options) {
      only = undefined
      const result = await jest.dryRun(options)
      if (result.status === 'complete') writeFileSync(known, JSON.stringify(byFile(result)))
      return result
    },
    async mutantRun(options) {
      let result = { status: 'survived', nrOfTests: 0 }
      for (const { fileName, ids } of plan(options, JSON.parse(readFileSync(known, 'utf8')))) {
        only = fileName
        const { nrOfTests } = result
        result = await jest.mutantRun({ ...options, testFilter: ids })
        if (result.status !== 'survived') return result
        result = { ...result, nrOfTests: nrOfTests + result.nrOfTests }
      }
      return result
    },
  }
}
oneByOne.inject = ['$injector']

/** What a fault says after its code goes to the log only, and what a TypeError says to developers: nothing rests on either. */
const words = {
  shouldIgnore({ parent, listKey, key }) {
    if (parent?.type !== 'NewExpression' || listKey !== 'arguments') return undefined
    const spared = { NodeFault: 1, TypeError: 0 }[parent.callee.name]
    return spared !== undefined && key >= spared ? 'goes to the log only' : undefined
  },
}

export const strykerPlugins = [
  { kind: 'TestRunner', name: 'one-by-one', factory: oneByOne },
  { kind: 'Ignore', name: 'words', value: words },
]
