import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/*
 * Independent implementations to test against. A missing one fails its tests, so that nobody believes they ran; whoever
 * cannot install it sets PASSERELLE_WITHOUT to its name (`xmlsec1,java`) and sees the tests reported as skipped.
 */

/** `describe` for tests that need a program. */
export function withProgram(program: string): jest.Describe {
  const waived = (process.env['PASSERELLE_WITHOUT'] ?? '').split(',').includes(program)
  if (!waived) return describe
  console.warn(`skipped: PASSERELLE_WITHOUT says there is no ${program}`)
  return describe.skip
}

/** Runs a program to its end; throws with its output when it fails. */
export function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/** Whether a program ends with success. A program that is not there throws. */
export function succeeds(program: string, ...args: readonly string[]): boolean {
  const { status, error } = spawnSync(program, args, { stdio: 'ignore' })
  if (error !== undefined) throw error
  return status === 0
}

/** A directory for the files of a test, gone afterwards. */
export function scratch(): { readonly path: (name: string) => string; readonly remove: () => void } {
  const directory = mkdtempSync(join(tmpdir(), 'passerelle-'))
  return { path: (name) => join(directory, name), remove: () => rmSync(directory, { recursive: true }) }
}
