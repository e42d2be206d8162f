import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createKey, type KeyKind } from '../../src/xmlsec/certificate.ts'

/**
 * A private key, PEM. Where PASSERELLE_TEST_KEYS names a folder, RSA keys are kept there for runs that start the same
 * suites a thousand times over; everywhere else each is a new one.
 */
export async function privateKeyFor(id: string, kind: KeyKind): Promise<string> {
  const folder = process.env['PASSERELLE_TEST_KEYS']
  if (folder === undefined || !kind.startsWith('RSA')) return createKey(kind)
  const file = join(folder, `${id}.pem`)
  if (!existsSync(file)) writeFileSync(file, await createKey(kind), { mode: 0o600 })
  return readFileSync(file, 'utf8')
}
