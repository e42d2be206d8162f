import type { LoadedConfig } from '../config/load.ts'
import { offeredAttributes } from '../proxy-service/metadata.ts'

export type Config = LoadedConfig['config']

/** What our proxy service publishes and answers for: all of what its schemes can (R-MF-13, R-MF-14). */
export function offerOf({ proxyService }: Config) {
  const { attributes: said, ...offer } = proxyService
  const attributes = offeredAttributes(said, proxyService.schemes)
  return { ...offer, ...(attributes === undefined ? {} : { attributes }) }
}
