/** Where a connector is reached, from the node's base URL. Its entityIDs are the URLs of its metadata (R-IA-28). */
export interface ConnectorAddresses {
  /** Portals send requests here. */
  readonly sso: string
  /** Our own forms come back here. */
  readonly step: string
  /** Proxy services answer here. */
  readonly acs: string
  /** Metadata and entityID towards portals. */
  readonly nationalMetadata: string
  /** Metadata and entityID towards proxy services. */
  readonly eidasMetadata: string
}

export function connectorAddresses(baseUrl: string): ConnectorAddresses {
  const at = (path: string) => new URL(`/connector/${path}`, baseUrl).href
  return {
    sso: at('sso'),
    step: at('step'),
    acs: at('acs'),
    nationalMetadata: at('metadata/national'),
    eidasMetadata: at('metadata/eidas'),
  }
}
