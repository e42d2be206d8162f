import { spawnSync } from 'node:child_process'

/**
 * Part of `npm run lint`: words that hide who is meant stay out of sources, documents and messages. Two documents are made
 * from titles of tests and are not looked at; a name of a file is no sentence.
 */
const WORDS = 'whoever|whomever|somebody|nobody|anybody'
const places = ['src', 'demo', 'bench', 'bin', 'docs', 'metadata', 'certs', ':/*.md']
const except = [':!docs/attacks.md', ':!docs/requirements.md', ':!CONTRIBUTING.md']
const fileName = 'inspection-signs-what-nobody-signed'

const { stdout } = spawnSync('git', ['grep', '-nwiE', WORDS, '--', ...places, ...except], { encoding: 'utf8' })
const found = stdout
  .split('\n')
  .filter((line) => new RegExp(`\\b(${WORDS})\\b`, 'i').test(line.replaceAll(fileName, '')))
for (const line of found) console.error(`${line}: name the citizen, the requester, the operator, the log`)
process.exit(found.length === 0 ? 0 : 1)
