import { citizensOf } from '../../../demo/citizens.ts'
import { identityProviderApp } from '../../../demo/identity-provider.ts'
import { type IdentityProviderSite, identityProviderMetadata } from '../../../demo/identity-provider-metadata.ts'
import { nationalSchemes } from '../../../demo/national-schemes.ts'
import { type DemoServer, openServer } from '../../../demo/party.ts'
import { newPartyKeys } from '../../../demo/party-keys.ts'
import { portalApp } from '../../../demo/portal.ts'
import { type PortalSite, portalMetadata } from '../../../demo/portal-metadata.ts'

export interface Pair {
  readonly portal: string
  readonly portalMetadata: string
  readonly providerMetadata: string
  readonly portalCertificate: string
  readonly providerCertificate: string
  stop(): Promise<void>
}

/** A portal that talks to an identity provider directly, as if there were no borders: each gets the other's metadata. */
export async function startPair(options: {
  readonly country: 'XA' | 'XB'
  readonly binding: 'redirect' | 'post'
  readonly encrypts: boolean
}): Promise<Pair> {
  const [signing, decryption, providerKeys] = await Promise.all([
    newPartyKeys('portal', 'signing'),
    newPartyKeys('portal', 'encryption'),
    newPartyKeys('provider', 'signing'),
  ])
  const servers: readonly [DemoServer, DemoServer] = [await openServer(0), await openServer(0)]
  const [portalServer, providerServer] = servers
  const portal: PortalSite = {
    country: options.country,
    name: 'Registry of <Lighthouses> & Co',
    url: portalServer.url,
    binding: options.binding,
    keys: signing,
    decryption,
    attributes: [{ name: 'http://eidas.europa.eu/attributes/naturalperson/PersonIdentifier', required: true }],
  }
  const provider: IdentityProviderSite = {
    scheme: nationalSchemes[options.country],
    name: 'Arcadian eID',
    url: providerServer.url,
    keys: providerKeys,
    citizens: citizensOf(options.country),
    encrypts: options.encrypts,
  }
  const metadata = { portalMetadata: portalMetadata(portal), providerMetadata: identityProviderMetadata(provider) }
  portalServer.serve(portalApp(portal, metadata.providerMetadata))
  providerServer.serve(identityProviderApp(provider, metadata.portalMetadata))
  return {
    portal: portalServer.url,
    ...metadata,
    portalCertificate: signing.certificate,
    providerCertificate: providerKeys.certificate,
    stop: async () => void (await Promise.all(servers.map((server) => server.stop()))),
  }
}
