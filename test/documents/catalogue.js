import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './naming.js'

/*
 * The text of a document that lists the entries of a catalogue with the tests that name them: a table for each part of
 * the catalogue, and below it what the tests say.
 */

/** A catalogue of `test`, each entry with its tests; without any, with the reason that is given, or `open`. */
export function entriesOf(file, parts, tests) {
  const catalogue = JSON.parse(readFileSync(join(root, 'test', file), 'utf8'))
  return parts(catalogue).flatMap(({ title, entries }) =>
    Object.entries(entries).map(([entry, said]) => {
      const own = tests.filter((test) => test.entries.includes(entry))
      return { title, entry, said, tests: own, without: catalogue.withoutTest[entry] ?? 'open' }
    }),
  )
}

/** How many entries there are, and how many have no test. */
export function summary(entries) {
  const untested = entries.filter(({ tests }) => tests.length === 0)
  const open = untested.filter(({ without }) => without === 'open').map(({ entry }) => entry)
  const tested = entries.length - untested.length
  return `${entries.length} entries: ${tested} with tests, ${untested.length - open.length} without for a reason, ${open.length} open${open.length > 0 ? ` (${open.join(', ')})` : ''}.`
}

/** A heading, a table of the entries under it, and what their tests say, for each title in its order. */
export function sections(entries, columns, cells) {
  const titles = [...new Set(entries.map(({ title }) => title))]
  return titles.flatMap((title) => {
    const own = entries.filter((entry) => entry.title === title)
    return [
      `## ${title}\n`,
      `| | ${[...columns, 'Tests'].join(' | ')} |`,
      row(['', ...columns, 'Tests'].map(() => '---')),
      ...own.map((entry) => row([entry.entry, ...cells(entry), testsOf(entry)])),
      '\n<details><summary>What the tests say</summary>\n',
      ...own.flatMap(titlesOf),
      '\n</details>\n',
    ]
  })
}

function row(cells) {
  return `| ${cells.join(' | ')} |`
}

function testsOf({ tests, without }) {
  if (tests.length === 0) return without
  const paths = [...new Set(tests.map(({ path }) => path))]
  return paths
    .map((path) => `[${path}](../test/${path}) ${tests.filter((test) => test.path === path).length}`)
    .join('<br>')
}

function titlesOf({ entry, tests }) {
  const titles = [...new Set(tests.map((test) => oneLine(test.title)))]
  return titles.length > 0 ? [`- ${entry}`, ...titles.map((said) => `  - ${said}`)] : []
}

/** As plain text: nothing in a title is markup. */
function oneLine(title) {
  const spaced = title.replace(/\s+/g, ' ').trim()
  return spaced.replace(/[\\`*_<>[\]|~#&]/g, '\\$&')
}
