import { existsSync, readFileSync } from 'node:fs'

/*
 * Messages, metadata and keys of the EU's eIDAS-Node, as its makers published them. They are not part of this project,
 * which holds no private keys of anybody; where they are not beside it, the tests that read them are reported as skipped.
 */
const folder = new URL('../../../shared/vectors/eu-node/', import.meta.url)

const present = existsSync(folder)
if (!present) console.warn(`skipped: no vectors of the EU node in ${folder.pathname}`)

/** `describe` for tests that read them. */
export const withEuVectors = present ? describe : describe.skip

export function euVector(file: string): Buffer {
  return readFileSync(new URL(file, folder))
}
