import { type Copies, copiesIn, fileIn, readOnly } from './copies.ts'
import type { Origin } from './document.ts'
import type { Fetch } from './fetch.ts'
import { type FileSource, fileOrigin } from './files.ts'
import type { RecordOfHolders } from './holders.ts'
import { type ListSettings, listOrigin } from './lists.ts'
import { pathCheck } from './revocation.ts'
import type { ReadMetadata } from './sources.ts'
import { type UrlSource, urlOrigin } from './urls.ts'

/* The operator's sources, as the configuration has them, and what each of them is read with. */

export interface TrustSettings {
  readonly sources: readonly SourceSettings[]
  readonly lists?: readonly ListSettings[] | undefined
  /** Folder for copies of what is fetched. */
  readonly copies?: string | undefined
  /** Nothing is written there. */
  readonly isReadOnly?: boolean
  readonly allowHttpForDemo?: boolean | undefined
  /** Who reads the documents; this thread unless said otherwise. */
  readonly read?: ReadMetadata
}

export interface SourceSettings extends FileSource, Omit<UrlSource, 'url'> {
  readonly url?: string | undefined
}

export function originsOf(
  { sources, lists = [], copies, isReadOnly, allowHttpForDemo, read }: TrustSettings,
  fetch: Fetch,
): readonly Origin[] {
  const check = pathCheck(fetch)
  const kept = copies === undefined ? noCopies : copiesIn(copies)
  const tools = { fetch, check, read, copies: isReadOnly ? readOnly(kept) : kept }
  const ofSources = sources.map(({ url, aggregate, entityId, files, directory, ...source }) => {
    const common = { ...source, allowHttpForDemo }
    return url === undefined
      ? fileOrigin({ ...common, files, directory }, { check, read })
      : urlOrigin({ ...common, url, aggregate, entityId }, tools)
  })
  return [...ofSources, ...lists.map((list) => listOrigin({ ...list, allowHttpForDemo }, tools))]
}

/** Where it is kept which source holds which entityID: beside the copies. Without such a folder it is kept nowhere. */
export function recordOf({ copies, isReadOnly = false }: TrustSettings): RecordOfHolders | undefined {
  return copies === undefined ? undefined : { file: fileIn(copies, 'holders.json'), isReadOnly }
}

const noCopies: Copies = { read: async () => undefined, write: async () => undefined }
