import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadConfig } from '../config/load.ts'
import { nodeKeys } from '../node/keys.ts'
import { nodeMetadata } from '../node/publication.ts'
import { settingsOption } from './settings.ts'
import { UsageError } from './usage.ts'
import { written } from './written.ts'

/** Writes the four signed metadata documents, to hand over before the node runs. */
export async function metadata(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: settingsOption })
  const [file, folder, ...more] = positionals
  if (file === undefined || folder === undefined || more.length > 0) {
    throw new UsageError('a configuration file and a folder are needed')
  }
  const loaded = await loadConfig({ file, environment: process.env, now: Date.now(), settings: values.set })
  const documents = await nodeMetadata(loaded, nodeKeys(loaded))
  await written(folder, () => mkdir(folder, { recursive: true }))
  for (const [path, octets] of documents) {
    const target = join(folder, `${path.slice(1).replaceAll('/', '-')}.xml`)
    await written(target, () => writeFile(target, octets))
    process.stdout.write(`${target}\n`)
  }
  return 0
}
