/** Where a proxy service is reached, from the node's base URL. Its entityIDs are the URLs of its metadata (R-IA-28). */
export interface ProxyServiceAddresses {
  /** Connectors send requests here. */
  readonly sso: string
  /** Our own forms come back here. */
  readonly step: string
  /** The identity provider of this scheme answers here, and no other does. */
  readonly acsOf: (scheme: string) => string
  /** Metadata and entityID towards connectors. */
  readonly eidasMetadata: string
  /** Metadata and entityID towards national identity providers. */
  readonly nationalMetadata: string
}

export function proxyServiceAddresses(baseUrl: string): ProxyServiceAddresses {
  const at = (path: string) => new URL(`/proxy-service/${path}`, baseUrl).href
  return {
    sso: at('sso'),
    step: at('step'),
    acsOf: (scheme) => at(`acs/${scheme}`),
    eidasMetadata: at('metadata/eidas'),
    nationalMetadata: at('metadata/national'),
  }
}
