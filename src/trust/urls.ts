import { metadataLimits } from '../xml/limits.ts'
import type { Copies } from './copies.ts'
import type { Origin, TrustDocument } from './document.ts'
import type { Fetch } from './fetch.ts'
import { anchorsIn, type ReadTools } from './files.ts'
import { sourceId } from './holding.ts'
import { type TrustSource, verifiedMetadata } from './sources.ts'

/* Metadata at a URL of the operator's choice (R-IA-24, R-IA-27). */

/** A source at a URL, as the configuration has it. */
export interface UrlSource extends Omit<TrustSource, 'place' | 'entityId'> {
  readonly name?: string | undefined
  readonly url: string
  /** PEM files. */
  readonly anchors: readonly string[]
  /** Whose metadata is expected there: without it, the URL is the entityID (R-MF-3, R-IA-28). */
  readonly entityId?: string | undefined
  /** Several entities in one signed document, all of which count. */
  readonly aggregate: boolean
}

/** What it takes to get metadata from elsewhere. */
export interface FetchTools extends ReadTools {
  readonly fetch: Fetch
  readonly copies: Copies
}

/** As long as metadata may be at all, and the time that takes at a megabyte a second. */
const ofAggregates = { maxOctets: metadataLimits.octets, milliseconds: 60_000 }

export function urlOrigin(
  { name, url, anchors, entityId = url, aggregate, ...trusted }: UrlSource,
  { fetch, copies, check, read }: FetchTools,
): Origin {
  const id = sourceId(name, url)
  const source = { ...trusted, place: url, source: id.label, ...(aggregate ? {} : { entityId }) }
  const document: TrustDocument = {
    place: url,
    octets: () => fetch(aggregate ? { url, ...ofAggregates } : { url }),
    verified: async (octets, now, standing) => {
      const context = { anchors: await anchorsIn(anchors, trusted), now, check, read, standing }
      return verifiedMetadata(octets, source, context)
    },
    copy: { read: () => copies.read(url), write: (octets) => copies.write(url, octets) },
  }
  return {
    name,
    sources: [id],
    owns: aggregate ? [] : trusted.roles.map((role) => ({ role, entityId, source: id.label })),
    isFetched: true,
    documents: async () => ({ documents: [document] }),
  }
}
