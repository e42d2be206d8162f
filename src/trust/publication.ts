import { asFault } from '../errors/node-fault.ts'
import { type EntityDescriptor, writeEntityDescriptor } from '../saml/metadata/entity.ts'
import { metadataLimits } from '../xml/limits.ts'
import type { SigningKey } from '../xmlsec/keys.ts'
import { writeSigned } from '../xmlsec/sign.ts'

/**
 * Signs metadata of our own with its chain in the signature (R-IA-26) and returns the document's octets. With `issued`, epoch
 * milliseconds, peers can tell it from what was issued before.
 */
export async function publishMetadata(entity: EntityDescriptor, key: SigningKey, issued?: number): Promise<Uint8Array> {
  return writeSigned(writeEntityDescriptor(entity, issued), key, { chain: true, limits: metadataLimits })
}

/** Metadata documents by the path each is served at. */
export type PublishedDocuments = ReadonlyMap<string, Uint8Array>

export interface Publication {
  /** The documents as they were last signed. */
  documents(): PublishedDocuments
  stop(): void
}

/** Signs anew every `period` milliseconds, long before anything expires, so that no request waits for a signature. */
export async function keepPublished(
  sign: () => Promise<PublishedDocuments>,
  period: number,
  warn: (message: string) => void,
): Promise<Publication> {
  let documents = await sign()
  const renew = async () => {
    try {
      documents = await sign()
    } catch (thrown) {
      warn(`our metadata could not be signed anew: ${asFault(thrown).message}`)
    }
  }
  const timer = setInterval(renew, period)
  timer.unref()
  return { documents: () => documents, stop: () => clearInterval(timer) }
}
