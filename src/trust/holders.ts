import { fileTrouble } from '../errors/file-trouble.ts'
import { NodeFault } from '../errors/node-fault.ts'
import type { KeptFile } from './copies.ts'
import type { LoadedTrust, TrustProblem } from './document.ts'
import type { OwnerWord, SourceId } from './holding.ts'
import { type Holders, type Settled, settled } from './ownership.ts'

/*
 * The record of who holds which entityID, in a file beside the copies of metadata, so that a restart gives nothing away.
 * It holds the labels and places of the operator's sources and no secret.
 */

export interface RecordOfHolders {
  readonly file: KeptFile
  /** Nothing is written there. */
  readonly isReadOnly: boolean
}

export interface Ownership {
  /** What counts of all that was read; new holdings are recorded before they count. */
  settle(loaded: readonly LoadedTrust[], words: readonly OwnerWord[]): Promise<Pick<Settled, 'entities' | 'problems'>>
}

/** A record that cannot be read is told of and leaves nothing known, until a new one can be written. */
export async function openOwnership(
  record: RecordOfHolders | undefined,
  sources: readonly SourceId[],
): Promise<Ownership> {
  let { holders, text: recorded, trouble } = await recordIn(record, sources)
  const keep = async ({ file, isReadOnly }: RecordOfHolders) => {
    const text = textOf(holders, sources)
    if (isReadOnly || text === recorded) return
    try {
      await file.write(Buffer.from(text))
      recorded = text
      trouble = undefined
    } catch (thrown) {
      trouble = told(file, fileTrouble(thrown, 'written'), thrown)
    }
  }
  return {
    async settle(loaded, words) {
      const { holders: next, entities, problems } = settled(loaded, holders, words)
      holders = next
      if (record !== undefined) await keep(record)
      return { entities, problems: trouble === undefined ? problems : [...problems, trouble] }
    },
  }
}

interface Recorded {
  readonly holders: Holders
  /** As it stands in the file. */
  readonly text?: string | undefined
  readonly trouble?: TrustProblem | undefined
}

/**
 * A source is known again by its label, else by its place. One that is not configured any more holds nothing: the operator
 * has taken it out.
 */
async function recordIn(record: RecordOfHolders | undefined, sources: readonly SourceId[]): Promise<Recorded> {
  try {
    const octets = await record?.file.read()
    if (octets === undefined) return { holders: new Map() }
    const text = Buffer.from(octets).toString('utf8')
    const known = entriesIn(JSON.parse(text)).map(
      ({ key, sources: recorded }) => [key, labelsOf(recorded, sources)] as const,
    )
    return { holders: new Map(known.filter(([, labels]) => labels.length > 0)), text }
  } catch (thrown) {
    return { holders: new Map(), trouble: record && told(record.file, fileTrouble(thrown), thrown) }
  }
}

function told({ path }: KeptFile, what: string, cause: unknown): TrustProblem {
  return {
    place: path,
    isUsed: true,
    fault: new NodeFault('MD_FETCH', `which source holds which entityID ${what}`, { cause }),
  }
}

interface Entry {
  readonly key: string
  readonly sources: readonly SourceId[]
}

function labelsOf(recorded: readonly SourceId[], sources: readonly SourceId[]): readonly string[] {
  const found = recorded.flatMap(({ label, place }) => {
    const one = sources.find((each) => each.label === label) ?? sources.find((each) => each.place === place)
    return one === undefined ? [] : [one.label]
  })
  return [...new Set(found)]
}

function textOf(holders: Holders, sources: readonly SourceId[]): string {
  const placeOf = new Map(sources.map(({ label, place }) => [label, place]))
  const entries = [...holders].map(([key, labels]) => ({
    key,
    sources: labels.map((label) => ({ label, place: placeOf.get(label) ?? label })),
  }))
  return JSON.stringify({ holders: entries })
}

function entriesIn(value: unknown): readonly Entry[] {
  const { holders }: Readonly<Record<string, unknown>> = Object(value)
  if (!Array.isArray(holders)) throw new SyntaxError('no record of holders')
  return holders.map(entryIn)
}

function entryIn(value: unknown): Entry {
  const { key, sources }: Readonly<Record<string, unknown>> = Object(value)
  if (typeof key !== 'string' || !Array.isArray(sources)) throw new SyntaxError('no holding')
  return { key, sources: sources.map(sourceIn) }
}

function sourceIn(value: unknown): SourceId {
  const { label, place }: Readonly<Record<string, unknown>> = Object(value)
  if (typeof label !== 'string' || typeof place !== 'string') throw new SyntaxError('no source')
  return { label, place }
}
