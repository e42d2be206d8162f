import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { jest } from '../jest.js'
import { ensurePrograms } from '../programs.js'

/**
 * `npm run test:peers`: the node with SAML products of others, as Debian 12 packages them (docs/interop.md). As root it
 * installs what is missing; else it says what to install. Arguments go to jest.
 */

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
  'python3-pysaml2': '/usr/lib/python3/dist-packages/saml2/__init__.py',
}

ensurePrograms(packages)
const words = [
  `--roots=${dirname(fileURLToPath(import.meta.url))}`,
  '--runInBand',
  '--testPathIgnorePatterns=/node_modules/',
  '--testTimeout=60000',
  ...process.argv.slice(2),
]
process.exit(jest(words, ['ignore', 'inherit', 'inherit']))
