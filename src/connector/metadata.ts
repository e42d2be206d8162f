import type { SectorType } from '../identity/request.ts'
import { connectorEntity, type EidasNodeMetadata } from '../profiles/eidas/metadata.ts'
import { nationalIdpEntity } from '../profiles/national/metadata.ts'
import type { NodeKeys } from '../profiles/node-metadata.ts'
import type { ConnectorAddresses } from './addresses.ts'

/** What both metadata documents of a half have in common; ID and validity are given to each document afresh. */
export type HalfMetadata = Omit<EidasNodeMetadata, 'entityId' | 'keys'>

export interface ConnectorKeys {
  readonly eidas: NodeKeys
  readonly national: NodeKeys
}

/** The connector towards portals (an identity provider) and towards proxy services (R-MF-4). */
export function connectorMetadata(
  common: HalfMetadata,
  addresses: ConnectorAddresses,
  keys: ConnectorKeys,
  spType: SectorType | undefined,
) {
  return {
    national: nationalIdpEntity(
      { ...common, entityId: addresses.nationalMetadata, keys: keys.national },
      addresses.sso,
    ),
    eidas: connectorEntity({
      ...common,
      entityId: addresses.eidasMetadata,
      keys: keys.eidas,
      assertionConsumerService: addresses.acs,
      spType,
    }),
  }
}
