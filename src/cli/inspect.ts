import { open } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { fileTrouble } from '../errors/file-trouble.ts'
import { asFault } from '../errors/node-fault.ts'
import { privateKeysIn } from '../inspect/private-keys.ts'
import { type Inspecting, inspect as inspectOctets, type Report } from '../inspect/report.ts'
import { certificatesIn } from '../inspect/signers.ts'
import { writeJson, writeReport } from '../inspect/text.ts'
import { metadataLimits } from '../xml/limits.ts'
import { UsageError } from './usage.ts'

const exitCodes: Readonly<Record<Report['verdict'], number>> = { accepted: 0, refused: 1, unreadable: 2 }

/**
 * Says what a message or metadata is and what a node would say to it: 0 when it would take it, 1 when it would refuse it,
 * 2 when there is nothing to read. Needs no configuration and no network. docs/inspect.md explains the report.
 */
export async function inspect(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      trust: { type: 'string', multiple: true },
      decrypt: { type: 'string', multiple: true },
      at: { type: 'string' },
      json: { type: 'boolean' },
    },
  })
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw new UsageError('one file is needed, or - for standard input')
  const now = instantOf(values.at)
  if (now === undefined) throw new UsageError('--at takes a time such as 2026-11-23T12:00:00Z')
  try {
    const inspecting: Inspecting = {
      trusted: await readEach(values.trust, certificatesIn),
      keys: await readEach(values.decrypt, privateKeysIn),
      now,
    }
    const report = await inspectOctets(await octetsOf(file), inspecting)
    await print(values.json === true ? writeJson(report) : writeReport(report))
    return exitCodes[report.verdict]
  } catch (thrown) {
    return notUnderstood(thrown instanceof UnreadableFile ? thrown.message : asFault(thrown).message)
  }
}

/** A file that is no input at all is not told apart from input that is no message. */
function notUnderstood(why: string): number {
  process.stderr.write(`passerelle inspect: ${why}\n`)
  return 2
}

const TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/

/** Now, unless said otherwise; undefined for what is no time. A day alone is its first moment in UTC. */
function instantOf(text: string | undefined): number | undefined {
  if (text === undefined) return Date.now()
  const at = TIME.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}

class UnreadableFile extends TypeError {}

/** What is in PEM files; a fault says in which of them, and nothing of what stands there. */
async function readEach<T>(files: readonly string[] = [], parse: (pem: string) => readonly T[]): Promise<readonly T[]> {
  const texts = await Promise.all(files.map(async (file) => [file, (await read(file)).toString('latin1')] as const))
  return texts.flatMap(([file, text]) => {
    try {
      return parse(text)
    } catch (cause) {
      throw new UnreadableFile(`${file}: ${asFault(cause).message}`, { cause })
    }
  })
}

function octetsOf(file: string): Promise<Uint8Array> {
  return file === '-' ? upTo(MOST_OCTETS, process.stdin) : read(file)
}

/** Room for the largest metadata in base64, every octet of it escaped. Longer input is refused by what is read of it. */
const MOST_OCTETS = 8 * metadataLimits.octets

async function read(file: string): Promise<Buffer> {
  try {
    const handle = await open(file)
    return await upTo(MOST_OCTETS, handle.createReadStream())
  } catch (cause) {
    throw new UnreadableFile(`${file} ${fileTrouble(cause)}`, { cause })
  }
}

async function upTo(most: number, stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of stream) {
    parts.push(part)
    length += part.length
    if (length >= most) break
  }
  return Buffer.concat(parts).subarray(0, most)
}

/** Resolves when all of it is out, as the process may end right after, or when the reader has left. */
function print(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.once('error', () => resolve()).write(text, () => resolve())
  })
}
