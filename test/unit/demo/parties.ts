import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { citizensOf } from '../../../src/demo/citizens.ts'
import { identityProviderApp } from '../../../src/demo/identity-provider.ts'
import { type IdentityProviderSite, identityProviderMetadata } from '../../../src/demo/identity-provider-metadata.ts'
import { nationalSchemes } from '../../../src/demo/national-schemes.ts'
import { type DemoServer, openServer, type PartyKeys } from '../../../src/demo/party.ts'
import { portalApp } from '../../../src/demo/portal.ts'
import { type PortalSite, portalMetadata } from '../../../src/demo/portal-metadata.ts'

/** A key and certificate made by OpenSSL. */
export function newPartyKeys(name: string): PartyKeys {
  const folder = mkdtempSync(join(tmpdir(), 'party-'))
  const [key, certificate] = [join(folder, 'key'), join(folder, 'certificate')]
  const openssl = ['req', '-x509', '-newkey', 'rsa:3072', '-nodes', '-days', '2', '-subj', `/CN=${name}`]
  execFileSync('openssl', [...openssl, '-keyout', key, '-out', certificate], { stdio: 'ignore' })
  const keys = { privateKey: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8') }
  rmSync(folder, { recursive: true })
  return keys
}

export interface Pair {
  readonly portal: string
  readonly portalMetadata: string
  readonly providerMetadata: string
  stop(): Promise<void>
}

/** A portal that talks to an identity provider directly, as if there were no borders: each gets the other's metadata. */
export async function startPair(options: {
  readonly country: 'XA' | 'XB'
  readonly binding: 'redirect' | 'post'
  readonly encrypts: boolean
}): Promise<Pair> {
  const servers: readonly [DemoServer, DemoServer] = [await openServer(0), await openServer(0)]
  const [portalServer, providerServer] = servers
  const portal: PortalSite = {
    country: options.country,
    name: 'Registry of <Lighthouses> & Co',
    url: portalServer.url,
    binding: options.binding,
    keys: newPartyKeys('portal'),
    attributes: [{ name: 'http://eidas.europa.eu/attributes/naturalperson/PersonIdentifier', required: true }],
  }
  const provider: IdentityProviderSite = {
    scheme: nationalSchemes[options.country],
    name: 'Arcadian eID',
    url: providerServer.url,
    keys: newPartyKeys('provider'),
    citizens: citizensOf(options.country),
    encrypts: options.encrypts,
  }
  const metadata = { portalMetadata: portalMetadata(portal), providerMetadata: identityProviderMetadata(provider) }
  portalServer.serve(portalApp(portal, metadata.providerMetadata))
  providerServer.serve(identityProviderApp(provider, metadata.portalMetadata))
  return {
    portal: portalServer.url,
    ...metadata,
    stop: async () => void (await Promise.all(servers.map((server) => server.stop()))),
  }
}
