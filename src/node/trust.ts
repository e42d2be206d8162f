import { readFile } from 'node:fs/promises'
import { type LoadedConfig, readSuspended } from '../config/load.ts'
import { createFetch } from '../trust/fetch.ts'
import { originsOf } from '../trust/origins.ts'
import { type KeptTrust, keepTrust, type TrustLog } from '../trust/refresh.ts'

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
  })
}
