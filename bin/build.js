import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Builds src/ and bench/ into dist/, unless dist/ is of these very files already. A new tree is built beside the old
 * one and then put in its place, so that a failed build leaves the last good one and nobody runs half of a new one.
 */

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const sources = ['src', 'bench']
const dist = join(root, 'dist')
const stamp = join(dist, '.built')

/** Whether there is anything to build from: an installed package and an image carry dist/ alone. */
export const hasSources = existsSync(join(root, 'src')) && existsSync(join(root, 'tsconfig.build.json'))

export function build() {
  const wanted = fingerprint()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  const fresh = join(root, '.tmp', `dist-${process.pid}`)
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true })
  compile(fresh)
  copyAssets(fresh)
  writeFileSync(join(fresh, '.built'), wanted)
  putInPlace(fresh)
}

function compile(out) {
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
  const options = ['-p', join(root, 'tsconfig.build.json'), '--outDir', out]
  const { status } = spawnSync(process.execPath, [compiler, ...options], { stdio: ['ignore', 2, 2] })
  if (status === 0) return
  rmSync(out, { recursive: true, force: true })
  process.exit(status ?? 1)
}

/** What is read beside the code at run time: schemas, style sheets. */
function copyAssets(out) {
  for (const file of files()) {
    if (!file.endsWith('.ts')) cpSync(join(root, file), join(out, file))
  }
}

function putInPlace(fresh) {
  const old = join(root, '.tmp', `old-${process.pid}`)
  if (existsSync(dist)) renameSync(dist, old)
  renameSync(fresh, dist)
  rmSync(old, { recursive: true, force: true })
}

function files() {
  return sources
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((path) => join(folder, path)))
    .filter((path) => statSync(join(root, path)).isFile())
    .sort()
}

function fingerprint() {
  const hash = createHash('sha256')
  for (const file of [...files(), 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json']) {
    const { size, mtimeMs } = statSync(join(root, file))
    hash.update(`${file} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) build()
