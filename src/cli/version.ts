import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** The version of this package and the Node.js it runs on, for the first line of a report. */
export async function versionLine(): Promise<string> {
  return `passerelle ${await packageVersion(import.meta.dirname)}, Node.js ${process.version}`
}

/** `version` of the nearest package.json at or above a folder; sources and built code lie at different depths. */
async function packageVersion(folder: string): Promise<string> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined)
  if (text !== undefined) return String(JSON.parse(text).version)
  const above = dirname(folder)
  return above === folder ? 'unknown' : packageVersion(above)
}
