import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { asFault, NodeFault } from '../errors/node-fault.ts'
import { type EntityDescriptor, readEntityDescriptor, readMetadataDocument } from '../saml/metadata/entity.ts'
import { metadataLimits } from '../xml/limits.ts'
import { md } from '../xml/names.ts'
import { claimedCertificates } from '../xmlsec/key-info.ts'
import type { SignedElement } from '../xmlsec/signed.ts'
import { withVerified } from '../xmlsec/verify.ts'
import { type Anchors, readAnchors, signerKeys } from './chain.ts'
import { admitEntity, type PeerSource, roleOf } from './peers.ts'
import { eidasTrust, nationalTrust, policyOf } from './policy.ts'
import type { Role, TrustedEntity } from './registry.ts'
import { type LoadedTrust, renewed, withoutDoubles } from './renewal.ts'

/*
 * Metadata from the operator's files. Every document is verified against the anchors of its source before anything is
 * read from it (R-IA-9, R-IA-30). A bad document, or a bad entity in one, is reported and harms nobody else.
 */

/** One metadata file, and what the operator trusts it with. */
export interface TrustSource extends PeerSource {
  /** PEM files of the certificates that sign it, or of the authorities above those that do. */
  readonly anchors: readonly string[]
  /** The parts its entities may play; anything else they are is passed over. */
  readonly roles: readonly Role[]
  /** SHA-256 fingerprints (`AB:CD:…`) of certificates that count no more. */
  readonly revoked?: readonly string[] | undefined
}

/**
 * Loads all sources. `now` in epoch milliseconds. With `held`, what is held already: an entity whose file is broken for
 * the moment stays as long as its metadata is valid, and older metadata does not replace newer.
 */
export async function loadTrust(
  sources: readonly TrustSource[],
  now: number,
  held: readonly TrustedEntity[] = [],
): Promise<LoadedTrust> {
  const loaded = await Promise.all(sources.map((source) => loadSource(source, now)))
  return withoutDoubles(loaded.map((one, index) => renewed(one, sources[index]?.file ?? '', held)))
}

/** A source for each `.xml` file of a directory, in order of their names. */
export async function sourcesIn(directory: string, common: Omit<TrustSource, 'file'>): Promise<readonly TrustSource[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.xml')).sort()
  return names.map((name) => ({ ...common, file: join(directory, name) }))
}

/** Loads one source; whatever is wrong with it is a problem, not an exception. */
async function loadSource(source: TrustSource, now: number): Promise<LoadedTrust> {
  try {
    const pems = await Promise.all(source.anchors.map((file) => readOctets(file)))
    const anchors = readAnchors(
      pems.map((pem) => pem.toString('latin1')),
      { revoked: source.revoked ?? [], strength: policyFor(source) },
    )
    return readMetadata(await readOctets(source.file), source, anchors, now)
  } catch (thrown) {
    return { entities: [], problems: [{ file: source.file, fault: asFault(thrown) }] }
  }
}

async function readOctets(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (cause) {
    throw new NodeFault('MD_FETCH', file, { cause })
  }
}

/** Reads verified metadata. Faults of the document are thrown, those of an entity in it are problems. */
export function readMetadata(octets: Uint8Array, source: TrustSource, anchors: Anchors, now: number): LoadedTrust {
  const root = verifiedRoot(octets, source, anchors, now)
  const { entities, validUntil } = readMetadataDocument(root)
  const parts = entities.map((element) => admitAll(element, source, now, validUntil))
  const result = {
    entities: parts.flatMap((part) => part.entities),
    problems: parts.flatMap((part) => part.problems),
  }
  if (result.entities.length + result.problems.length === 0) {
    throw new NodeFault('MD_STRUCT', `nobody who is ${source.roles.join(' or ')}`)
  }
  return result
}

/** The whole document, read from the octets that verified. Whatever is wrong with the signature, it is MD_SIG. */
function verifiedRoot(octets: Uint8Array, source: TrustSource, anchors: Anchors, now: number): SignedElement {
  const { signatures: algorithms } = policyFor(source)
  const expected = {
    root: [md('EntityDescriptor'), md('EntitiesDescriptor')],
    schema: 'metadata',
    limits: metadataLimits,
    reference: 'id-or-whole',
    keysFor: (claimed: Parameters<typeof claimedCertificates>[0]) => ({
      keys: signerKeys(claimedCertificates(claimed), anchors, now),
      algorithms,
    }),
  } as const
  try {
    return withVerified(octets, expected, (root) => root)
  } catch (thrown) {
    const fault = asFault(thrown)
    if (!fault.code.startsWith('DS_')) throw fault
    throw new NodeFault('MD_SIG', fault.message, { cause: fault })
  }
}

/** National rules only where nobody from abroad can come in. */
function policyFor({ roles }: TrustSource) {
  return roles.some((role) => policyOf[role].eidas) ? eidasTrust : nationalTrust
}

/** One entity in all the parts it may play. */
function admitAll(
  element: SignedElement,
  source: TrustSource,
  now: number,
  validUntil: number | undefined,
): LoadedTrust {
  let entityId: string | undefined
  try {
    const entity = readEntityDescriptor(element)
    entityId = entity.entityId
    return { entities: admittedRoles(entity, source, now, validUntil), problems: [] }
  } catch (thrown) {
    const fault = asFault(thrown)
    return { entities: [], problems: [{ file: source.file, ...(entityId === undefined ? {} : { entityId }), fault }] }
  }
}

function admittedRoles(
  entity: EntityDescriptor,
  source: TrustSource,
  now: number,
  documentValidUntil: number | undefined,
): readonly TrustedEntity[] {
  return source.roles
    .filter((role) => roleOf(entity, role) !== undefined)
    .map((role) => admitEntity(entity, { role, source, now, documentValidUntil }))
}
