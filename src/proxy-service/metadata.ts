import { type EidasNodeMetadata, type ProxyServiceMetadata, proxyServiceEntity } from '../profiles/eidas/metadata.ts'
import { nationalSpEntity } from '../profiles/national/metadata.ts'
import type { NodeKeys } from '../profiles/node-metadata.ts'
import type { ProxyServiceAddresses } from './addresses.ts'

export interface ProxyServiceKeys {
  readonly eidas: NodeKeys
  readonly national: NodeKeys
}

/** What the proxy service offers to the others (R-MF-13, R-MF-14, R-MF-20). */
export type Offered = Pick<ProxyServiceMetadata, 'loas' | 'requesterIdRequired' | 'attributes' | 'known'>

/** The proxy service towards connectors (R-MF-4) and towards identity providers (a service provider). */
export function proxyServiceMetadata(
  common: Omit<EidasNodeMetadata, 'entityId' | 'keys'>,
  addresses: ProxyServiceAddresses,
  keys: ProxyServiceKeys,
  offered: Offered,
  schemes: readonly { readonly name: string }[],
) {
  return {
    eidas: proxyServiceEntity({
      ...common,
      loas: offered.loas,
      requesterIdRequired: offered.requesterIdRequired,
      known: offered.known,
      attributes: offered.attributes,
      entityId: addresses.eidasMetadata,
      keys: keys.eidas,
      singleSignOnService: addresses.sso,
    }),
    national: nationalSpEntity(
      { ...common, entityId: addresses.nationalMetadata, keys: keys.national },
      schemes.map(({ name }) => addresses.acsOf(name)),
    ),
  }
}

/**
 * R-MF-14: the attributes we publish and answer for: those the operator says, or else all that some scheme delivers.
 * Undefined, all that are known, where one of the schemes does not say.
 */
export function offeredAttributes(
  said: readonly string[] | undefined,
  schemes: readonly { readonly attributes?: readonly string[] }[],
): readonly string[] | undefined {
  if (said !== undefined) return said
  const delivered = schemes.flatMap(({ attributes }) => (attributes === undefined ? [] : [attributes]))
  return delivered.length === schemes.length ? [...new Set(delivered.flat())] : undefined
}
