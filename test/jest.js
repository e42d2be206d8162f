import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Runs jest to its end, with modules as the tests are written in; returns its exit code. */
export function jest(words, stdio) {
  const bin = join(root, 'node_modules', 'jest', 'bin', 'jest.js')
  const options = [process.env.NODE_OPTIONS, '--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
  const env = { ...process.env, NODE_OPTIONS: options.filter(Boolean).join(' ') }
  return spawnSync(process.execPath, [bin, ...words], { cwd: root, stdio, env }).status ?? 1
}
