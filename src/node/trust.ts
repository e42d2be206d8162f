import { readFile } from 'node:fs/promises'
import { type LoadedConfig, readOwners, readSuspended } from '../config/load.ts'
import { createFetch } from '../trust/fetch.ts'
import type { OwnerWord } from '../trust/holding.ts'
import { originsOf, recordOf } from '../trust/origins.ts'
import { type KeptTrust, keepTrust, type TrustLog } from '../trust/refresh.ts'
import type { TrustRegistry } from '../trust/registry.ts'
import { readInThreads } from '../trust/threads.ts'

const MINUTE = 60_000

/** Peers from verified metadata; what is wrong with one is told and harms no other. */
export async function openTrust(
  { config, file }: Pick<LoadedConfig, 'config' | 'file'>,
  log: TrustLog,
  { isReadOnly = false } = {},
): Promise<KeptTrust> {
  const { trust, allowHttpForDemo, proxyService } = config
  const authorities = await Promise.all(trust.tlsAuthorities.map((path) => readFile(path, 'utf8')))
  const settings = { ...trust, allowHttpForDemo, isReadOnly }
  return keepTrust({
    origins: originsOf({ ...settings, read: readInThreads() }, createFetch({ authorities, allowHttpForDemo })),
    record: recordOf(settings),
    suspended: () => readSuspended(file),
    owners: () => readOwners(file),
    owns: ownedBySchemes(proxyService.schemes),
    schemes: proxyService.schemes.map(({ name }) => name),
    period: trust.refreshMinutes * MINUTE,
    clock: Date.now,
    random: Math.random,
    log,
    startsFromCopies: !isReadOnly,
  })
}

/** A scheme that names its source says whose the entityID is. */
function ownedBySchemes(schemes: LoadedConfig['config']['proxyService']['schemes']): readonly OwnerWord[] {
  return schemes.flatMap((scheme) =>
    scheme.kind === 'saml' && scheme.source !== undefined
      ? [{ role: 'identity-provider', entityId: scheme.entityId, source: scheme.source } as const]
      : [],
  )
}

/** Whether there is a node of another country to serve: a country may send its citizens abroad and let none in, or the other way. */
export function isAnyNodeTrusted(registry: TrustRegistry): boolean {
  return registry.all('proxy-service').length > 0 || registry.all('connector').length > 0
}
