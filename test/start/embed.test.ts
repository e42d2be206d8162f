import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type ConfigFolder, configFolder, leastConfig } from '../testkit/config.ts'
import { freePort } from '../testkit/ports.ts'

/* A program that has the node as a package: it sees what package.json exports, and nothing else. */

const root = join(import.meta.dirname, '..', '..')

const program = `
import { jsonLog, loadConfig, NodeFault, startNode } from 'passerelle'

const loaded = await loadConfig({ file: 'config.json', environment: {}, now: Date.now() })
const log = jsonLog({ out: process.stderr, now: Date.now, node: loaded.config.baseUrl })
const node = await startNode(loaded, { log })
console.log('port ' + node.port)
const inner = await import('passerelle/dist/src/node.js').catch(({ code }) => code)
console.log('inner ' + inner)
await loadConfig({ file: 'none.json', environment: {}, now: 0 }).catch((thrown) => {
  console.log(thrown instanceof NodeFault && thrown.code)
})
process.on('SIGTERM', () => node.stop().then(() => console.log('stopped')))
`

let folder: ConfigFolder
beforeAll(async () => {
  folder = await configFolder()
  await mkdir(join(folder.directory, 'node_modules'))
  await symlink(root, join(folder.directory, 'node_modules', 'passerelle'))
})
afterAll(() => folder.remove())

/** Resolves when the process has printed this. */
function printed({ stdout }: ChildProcessWithoutNullStreams, pattern: RegExp): Promise<unknown> {
  let text = ''
  return new Promise((resolve) => {
    stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (pattern.test(text)) resolve(text)
    })
  })
}

test("a program starts a node with import { startNode } from 'passerelle', and reaches nothing behind it", async () => {
  const port = await freePort()
  await folder.write('config.json', JSON.stringify({ ...leastConfig, listen: { host: 'localhost', port } }))
  await folder.write('program.mjs', program)
  const child = spawn(process.execPath, ['program.mjs'], { cwd: folder.directory })
  const ended = once(child, 'close')
  try {
    expect(await printed(child, /CFG_INVALID/)).toBe(`port ${port}\ninner ERR_PACKAGE_PATH_NOT_EXPORTED\nCFG_INVALID\n`)
    expect((await fetch(`http://localhost:${port}/health`)).status).toBe(503)
  } finally {
    child.kill('SIGTERM')
  }
  expect(await ended).toEqual([0, null])
}, 240_000)
