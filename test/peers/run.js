import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, openSync } from 'node:fs'
import { delimiter, dirname, isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * `npm run test:peers`: the node with SAML products of others, as Debian 12 packages them (docs/peers.md). As root it
 * installs what is missing; else it says what to install. Arguments go to jest.
 */

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const scratch = join(root, '.tmp')

/** By package: a file of it, or a program to be found on the path. Everything is started by the tests themselves, from files of their own. */
const packages = {
  'apache2-bin': '/usr/sbin/apache2',
  'libapache2-mod-shib': '/usr/lib/apache2/modules/mod_shib.so',
  'shibboleth-sp-utils': '/usr/sbin/shibd',
  'libapache2-mod-auth-mellon': '/usr/lib/apache2/modules/mod_auth_mellon.so',
  simplesamlphp: '/usr/share/simplesamlphp/www/index.php',
  'php-cli': 'php',
  'php-xml': '/usr/share/doc/php-xml',
  'php-mbstring': '/usr/share/doc/php-mbstring',
  'opensaml-tools': '/usr/bin/samlsign',
  xmlsec1: 'xmlsec1',
  // Java runs from source, which takes the compiler.
  'default-jdk-headless': 'javac',
}

function isInstalled(file) {
  if (isAbsolute(file)) return existsSync(file)
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, file)))
}

const missing = () => Object.keys(packages).filter((name) => !isInstalled(packages[name]))

function install(names) {
  const log = join(scratch, 'apt.log')
  console.log(`installing ${names.join(', ')} (log: ${log})`)
  const to = openSync(log, 'w')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const words of [['update'], ['install', '-y', '--no-install-recommends', ...names]]) {
    const { status } = spawnSync('apt-get', words, { stdio: ['ignore', to, to], env })
    if (status !== 0) console.error(`apt-get ${words[0]} failed with ${status}; see ${log}`)
  }
}

mkdirSync(scratch, { recursive: true })
if (missing().length > 0 && process.getuid?.() === 0 && isInstalled('apt-get')) install(missing())
const still = missing()
if (still.length > 0) {
  console.error(`These tests need packages of Debian 12. Install them: sudo apt-get install ${still.join(' ')}`)
  process.exit(1)
}
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js')
const words = [
  `--roots=${join(root, 'test', 'peers')}`,
  '--runInBand',
  '--testPathIgnorePatterns=/node_modules/',
  '--testTimeout=30000',
  ...process.argv.slice(2),
]
const options = [process.env.NODE_OPTIONS, '--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
const { status } = spawnSync(process.execPath, [jest, ...words], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, NODE_OPTIONS: options.filter(Boolean).join(' ') },
})
process.exit(status ?? 1)
