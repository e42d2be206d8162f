import { IdentityProvider } from 'samlify'

/** All a portal knows of its connector, read from the connector's metadata. */
export interface ConnectorFacts {
  readonly entityId: string
  /** Where an AuthnRequest goes by this portal's binding. */
  readonly singleSignOn: string
  /** Signing certificates, base64 DER. */
  readonly certificates: readonly string[]
}

/** Reads the connector's metadata with samlify's parser. */
export function readConnectorMetadata(xml: string, binding: 'redirect' | 'post'): ConnectorFacts {
  const { entityMeta } = IdentityProvider({ metadata: xml })
  const singleSignOn = entityMeta.getSingleSignOnService(binding)
  if (typeof singleSignOn !== 'string') throw new TypeError(`the connector offers no single sign-on by ${binding}`)
  return {
    entityId: entityMeta.getEntityID(),
    singleSignOn,
    certificates: [entityMeta.getX509Certificate('signing')].flat().map((body) => body.replace(/\s/g, '')),
  }
}
