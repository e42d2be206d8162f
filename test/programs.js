import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, openSync } from 'node:fs'
import { delimiter, dirname, isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Programs of others that tests talk to: looked for, and installed where that is possible. */

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Where tests leave what is not theirs to keep. */
export const scratch = join(root, '.tmp')

/**
 * Takes, by Debian package, a file of it: an absolute path, or a name to be found on PATH. As root where there is apt-get,
 * what is missing is installed; elsewhere this says what to install, and ends the process.
 */
export function ensurePrograms(packages) {
  const missing = () => Object.keys(packages).filter((name) => !isInstalled(packages[name]))
  if (missing().length > 0 && process.getuid?.() === 0 && isInstalled('apt-get')) install(missing())
  const still = missing()
  if (still.length === 0) return
  console.error(`The tests need these packages. On Debian and Ubuntu: sudo apt-get install ${still.join(' ')}`)
  process.exit(1)
}

function isInstalled(file) {
  if (isAbsolute(file)) return existsSync(file)
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, file)))
}

/** A mirror that stumbles is asked again, and somebody else's installation is waited for. */
const patience = ['-o', 'Acquire::Retries=3', '-o', 'DPkg::Lock::Timeout=300']

function install(names) {
  mkdirSync(scratch, { recursive: true })
  const log = join(scratch, 'apt.log')
  console.log(`installing ${names.join(', ')} (log: ${log})`)
  const to = openSync(log, 'w')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const words of [['update'], ['install', '-y', '--no-install-recommends', ...names]]) {
    const { status } = spawnSync('apt-get', [...patience, ...words], { stdio: ['ignore', to, to], env })
    if (status !== 0) console.error(`apt-get ${words[0]} failed with ${status}; see ${log}`)
  }
}
