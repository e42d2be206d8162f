import { readFile } from 'node:fs/promises'
import { type LoadedConfig, readSuspended } from '../config/load.ts'
import { createFetch } from '../trust/fetch.ts'
import { originsOf } from '../trust/origins.ts'
import { type KeptTrust, keepTrust, type TrustLog } from '../trust/refresh.ts'
import type { TrustRegistry } from '../trust/registry.ts'

const MINUTE = 60_000

/** Peers from verified metadata; what is wrong with one is told and harms no other. */
export async function openTrust(
  { config, file }: Pick<LoadedConfig, 'config' | 'file'>,
  log: TrustLog,
  { isReadOnly = false } = {},
): Promise<KeptTrust> {
  const { trust, allowHttpForDemo, proxyService } = config
  const authorities = await Promise.all(trust.tlsAuthorities.map((path) => readFile(path, 'utf8')))
  return keepTrust({
    origins: originsOf({ ...trust, allowHttpForDemo, isReadOnly }, createFetch({ authorities, allowHttpForDemo })),
    suspended: () => readSuspended(file),
    schemes: proxyService.schemes.map(({ name }) => name),
    period: trust.refreshMinutes * MINUTE,
    clock: Date.now,
    random: Math.random,
    log,
    startsFromCopies: !isReadOnly,
  })
}

/** Whether there is a node of another country to serve: a country may send its citizens abroad and let none in, or the other way. */
export function isAnyNodeTrusted(registry: TrustRegistry): boolean {
  return registry.all('proxy-service').length > 0 || registry.all('connector').length > 0
}
