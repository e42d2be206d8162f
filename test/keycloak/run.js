import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { jest } from '../jest.js'
import { ensurePrograms, scratch } from '../programs.js'

/**
 * `npm run test:keycloak`: the node with Keycloak on either side (docs/interop.md). Its distribution comes from Maven
 * Central: 147 MB, once. It is apart from `npm run test:peers` because Keycloak takes a minute of two cores to get ready.
 */

const VERSION = '26.0.7'
const home = join(scratch, `keycloak-${VERSION}`)
const ready = join(home, 'ready')

ensurePrograms({ maven: 'mvn', 'default-jdk-headless': 'jar' })
if (!existsSync(ready)) {
  mkdirSync(scratch, { recursive: true })
  const artifact = `org.keycloak:keycloak-quarkus-dist:${VERSION}:zip`
  const run = (command, words) =>
    execFileSync(command, words, { cwd: scratch, stdio: ['ignore', 'inherit', 'inherit'] })
  run('mvn', ['-q', '-B', 'dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${scratch}`])
  run('jar', ['xf', `keycloak-quarkus-dist-${VERSION}.zip`])
  const features = '--features-disabled=admin,account,device-flow,ciba,par'
  run('bash', [join(home, 'bin/kc.sh'), 'build', '--db=dev-mem', features])
  writeFileSync(ready, '')
}
process.env.PASSERELLE_KEYCLOAK = home
const words = [
  `--roots=${dirname(fileURLToPath(import.meta.url))}`,
  '--runInBand',
  '--testPathIgnorePatterns=/node_modules/',
  '--testTimeout=60000',
  ...process.argv.slice(2),
]
process.exit(jest(words, ['ignore', 'inherit', 'inherit']))
