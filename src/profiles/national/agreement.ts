import { NodeFault } from '../../errors/node-fault.ts'
import { type AttributeRegistry, profileAttributes } from '../../identity/attributes.ts'
import { isNotified, type LoA } from '../../identity/loa.ts'
import type { SectorType } from '../../identity/request.ts'
import type { NationalMapping } from './mapping.ts'

/** Names in Latin letters alone, or with the original ones after them (R-AP-43). */
export type Scripts = 'latin' | 'both'

/** A service that asks through a hub: what the operator agreed to say of it abroad. */
export interface HubService {
  readonly name: string
  readonly spType: SectorType
}

/** What is agreed within a country, from the configuration. */
export interface NationalAgreement {
  /** The mapping of a peer, by its entityID; without one it speaks as eIDAS does. */
  readonly mappingOf?: (entityId: string) => NationalMapping | undefined
  /** What is asked for and answered; the profile's own attributes unless the operator added some. */
  readonly attributes?: AttributeRegistry
  /** The level asked for when a service provider names none; a notified one. */
  readonly defaultLoA: LoA
  /** The sector of service providers that name none; public unless said otherwise. */
  readonly defaultSpType?: SectorType
  /** The sector of a service provider, as the operator knows it. */
  readonly sectorOf?: (entityId: string) => SectorType | undefined
  /** Whom a service provider may ask for beside itself, by RequesterID: undefined for one that is no hub. */
  readonly servicesOf?: (entityId: string) => Readonly<Record<string, HubService>> | undefined
  /** Whether service providers may ask for levels that are not notified; they may not, unless it is said (R-MF-64). */
  readonly nonNotified?: 'accept' | 'reject'
  /** Optional attributes, by Name URI, for service providers that name no attribute at all. */
  readonly optionalAttributes?: readonly string[]
  /** Who gets names in both scripts, where there are two; the others get the Latin ones. */
  readonly scriptsOf?: (entityId: string) => Scripts | undefined
  /** Whether assertions are signed inside the signed response, for peers that insist. */
  readonly signsAssertions?: boolean
}

/** Refuses, at start, an agreement that no request could keep: CFG_INVALID. */
export function expectKeepable({
  defaultLoA,
  optionalAttributes = [],
  attributes = profileAttributes,
}: NationalAgreement): void {
  if (!isNotified(defaultLoA)) throw new NodeFault('CFG_INVALID', `default level ${defaultLoA} is not a notified one`)
  for (const name of optionalAttributes) {
    const definition = attributes.definitionOf(name)
    const fits = definition?.additional || (definition?.person === 'natural' && !definition.representative)
    if (!fits) throw new NodeFault('CFG_INVALID', `${name} is no attribute of a natural person`)
  }
}
