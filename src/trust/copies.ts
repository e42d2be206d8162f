import { createHash } from 'node:crypto'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'

/*
 * What was fetched and verified last, on disk, so that a restart while a peer cannot be reached loses no peer, and so that
 * older metadata is known for what it is. A copy proves nothing: it is verified again like what comes fresh.
 */
export interface Copies {
  /** Undefined when there is none; rejects when there may be one. */
  read(url: string): Promise<Uint8Array | undefined>
  write(url: string, octets: Uint8Array): Promise<void>
}

export function copiesIn(folder: string): Copies {
  // Two sources may have one address, and so one copy and one draft: they write it one after the other.
  let written: Promise<void> = Promise.resolve()
  const pathOf = (url: string) => join(folder, `${createHash('sha256').update(url).digest('hex')}.xml`)
  return {
    read: (url) => readFile(pathOf(url)).catch(absent),
    write(url, octets) {
      const write = () => replace(folder, pathOf(url), octets)
      const mine = written.then(write, write)
      written = mine
      return mine
    },
  }
}

/** One file that is read and replaced as a whole. */
export interface KeptFile {
  readonly path: string
  /** Undefined when there is none; rejects when there may be one. */
  read(): Promise<Uint8Array | undefined>
  write(octets: Uint8Array): Promise<void>
}

export function fileIn(folder: string, name: string): KeptFile {
  const path = join(folder, name)
  return {
    path,
    read: () => readFile(path).catch(absent),
    write: (octets) => replace(folder, path, octets),
  }
}

/** For who only looks: another user's files would be in the way of the node. */
export function readOnly({ read }: Copies): Copies {
  return { read, write: async () => undefined }
}

function absent(thrown: unknown): undefined {
  if (!['ENOENT', 'ENOTDIR'].includes(String(Object(thrown).code))) throw thrown
}

async function replace(folder: string, path: string, octets: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const draft = `${path}.${process.pid}`
  await writeThrough(draft, octets)
  // A reader sees the old copy whole or the new one.
  await rename(draft, path)
}

async function writeThrough(path: string, octets: Uint8Array): Promise<void> {
  const file = await open(path, 'w', 0o600)
  try {
    await file.writeFile(octets)
    await file.sync()
  } finally {
    await file.close()
  }
}
