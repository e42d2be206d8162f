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
 * Builds src/, demo/ and bench/ into dist/, unless dist/ is of these very files already. A new tree is built beside the
 * old one and then put in its place: a failed build leaves the last good one, and no process runs half of a new one.
 */

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const sources = ['src', 'demo', 'bench']
const dist = join(root, 'dist')
const stamp = join(dist, '.built')

/** Whether there is anything to build from: an installed package and an image carry dist/ alone. */
const hasSources = existsSync(join(root, 'src')) && existsSync(join(root, 'tsconfig.build.json'))

/**
 * The folder that the program runs from, and how its files end: dist/, built anew when sources are here that changed.
 * Where the compiler is missing (`npm ci --omit=dev` in a checkout), a Node.js that reads TypeScript runs the sources as
 * they are; for an older one, undefined.
 */
export function program() {
  if (!hasSources || isBuilt(fingerprint())) return { folder: dist, ending: '.js' }
  if (compiler() !== undefined) {
    build()
    return { folder: dist, ending: '.js' }
  }
  return process.features.typescript ? { folder: root, ending: '.ts' } : undefined
}

export function build() {
  const wanted = fingerprint()
  if (isBuilt(wanted)) return
  const fresh = join(root, '.tmp', `dist-${process.pid}`)
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true })
  compile(fresh)
  copyAssets(fresh)
  writeFileSync(join(fresh, '.built'), wanted)
  putInPlace(fresh)
}

function isBuilt(wanted) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
}

/** The path of the compiler, if it is installed. */
function compiler() {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
  } catch {
    return undefined
  }
}

function compile(out) {
  const options = ['-p', join(root, 'tsconfig.build.json'), '--outDir', out]
  const { status } = spawnSync(process.execPath, [compiler(), ...options], { stdio: ['ignore', 2, 2] })
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
    hash.update(`${file} ${statSync(join(root, file)).size}\n`).update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) build()
