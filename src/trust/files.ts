import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileTrouble } from '../errors/file-trouble.ts'
import { asFault, NodeFault } from '../errors/node-fault.ts'
import { type Anchors, readAnchors } from './chain.ts'
import type { Origin, TrustDocument } from './document.ts'
import { sourceId } from './holding.ts'
import { type MetadataContext, policyFor, type TrustSource, verifiedMetadata } from './sources.ts'

/* Metadata in the operator's own files, by name or a directory of them. */

/** A source of files, as the configuration has it. */
export interface FileSource extends Omit<TrustSource, 'place' | 'entityId'> {
  readonly name?: string | undefined
  /** Either these or the `.xml` files of a directory. */
  readonly files?: readonly string[] | undefined
  readonly directory?: string | undefined
  /** PEM files of the certificates that sign it, or of the authorities above those that do. */
  readonly anchors: readonly string[]
}

/** What it takes to judge metadata that is there. */
export type ReadTools = Pick<MetadataContext, 'check' | 'read'>

export function fileOrigin({ name, files, directory, anchors, ...trusted }: FileSource, tools: ReadTools): Origin {
  const id = sourceId(name, directory ?? files?.[0] ?? '')
  const document = (place: string): TrustDocument => ({
    place,
    octets: () => readOctets(place),
    verified: async (octets, now, standing) => {
      const context = { anchors: await anchorsIn(anchors, trusted), now, standing, ...tools }
      return verifiedMetadata(octets, { ...trusted, place, source: id.label }, context)
    },
  })
  return {
    name,
    sources: [id],
    async documents() {
      const places = directory === undefined ? (files ?? []) : await filesIn(directory)
      return { documents: places.map(document) }
    },
  }
}

/** In order of their names. */
async function filesIn(directory: string): Promise<readonly string[]> {
  try {
    const names = (await readdir(directory)).filter((name) => name.endsWith('.xml')).sort()
    return names.map((name) => join(directory, name))
  } catch (cause) {
    throw new NodeFault('MD_FETCH', `${directory} ${fileTrouble(cause)}`, { cause })
  }
}

/** Read each time, so that an anchor can be replaced without a restart. */
export async function anchorsIn(
  files: readonly string[],
  trusted: Pick<TrustSource, 'roles' | 'revoked' | 'pkcs1Certificates' | 'signer'>,
): Promise<Anchors> {
  const { revoked = [], pkcs1Certificates = false, signer } = trusted
  const strength = policyFor(trusted)
  const pems = await Promise.all(files.map(readOctets))
  try {
    return readAnchors(
      pems.map((pem) => pem.toString('latin1')),
      { revoked, strength, pkcs1Certificates: pkcs1Certificates || !strength.eidas, signer },
    )
  } catch (cause) {
    const { code, detail } = asFault(cause)
    throw new NodeFault(code, `${detail} in ${files.join(', ')}`, { cause })
  }
}

export async function readOctets(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (cause) {
    throw new NodeFault('MD_FETCH', `${file} ${fileTrouble(cause)}`, { cause })
  }
}
