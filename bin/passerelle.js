#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { program } from './build.js'

/**
 * Runs the node's command line; for the word `demo` the demo's, where the demo and its packages are (in a checkout with
 * its development dependencies).
 */
const found = program()
if (found === undefined) {
  console.error(
    'passerelle: this checkout is not built, and the compiler is not installed. Run: npm ci && npm run build && npm prune --omit=dev (or use Node.js 22.18 or later, which runs the sources as they are)',
  )
  process.exit(1)
}
const [node, demo] = ['src', 'demo'].map((part) => join(found.folder, part, `main${found.ending}`))
const isDemo = process.argv[2] === 'demo' && existsSync(demo) && isInstalled('samlify')
await import(pathToFileURL(isDemo ? demo : node).href)

function isInstalled(name) {
  try {
    createRequire(import.meta.url).resolve(name)
    return true
  } catch {
    return false
  }
}
