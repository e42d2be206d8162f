import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nationalIdpEntity } from '../../src/profiles/national/metadata.ts'
import { publishMetadata } from '../../src/trust/publication.ts'
import { testKey } from './keys.ts'
import { freshId } from './mint.ts'
import { FOREIGN_COUNTRY, OTHER_COUNTRY, type Peer, type PeerName } from './peers.ts'
import { startTarget, type Target, type TargetOptions } from './target.ts'

/*
 * A node that trusts two who could answer on each side: the proxy services of two countries, and two identity providers
 * of its own. The second ones are trusted in full and are not asked.
 */

export interface Crowd {
  readonly target: Target
  readonly secondIdentityProvider: Peer
  stop(): Promise<void>
}

const DAY = 86_400_000
const HOST = 'idp2.xa.example'

export async function startCrowd(options: Omit<TargetOptions, 'config'> = {}): Promise<Crowd> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-crowd-'))
  const signingKey = await testKey(HOST)
  const metadata = nationalIdpEntity(
    {
      entityId: `https://${HOST}/metadata`,
      id: freshId(),
      validUntil: Date.now() + DAY,
      keys: { signing: [signingKey.verification.certificate] },
    },
    `https://${HOST}/sso`,
  )
  const path = join(folder, 'second')
  await writeFile(`${path}.xml`, await publishMetadata(metadata, signingKey.signing()))
  await writeFile(`${path}.pem`, signingKey.certificate)

  const sources = [
    usual('portal', 'service-provider'),
    usual('identityProvider', 'identity-provider'),
    usual('connector', 'connector', FOREIGN_COUNTRY),
    usual('proxyService', 'proxy-service', FOREIGN_COUNTRY),
    usual('otherProxyService', 'proxy-service', OTHER_COUNTRY),
    sourceAt(path, 'identity-provider'),
  ]
  const target = await startTarget({ ...options, config: { trust: { sources } } })
  const { identityProvider } = target.peers
  const own = { entityId: metadata.entityId, endpoint: `https://${HOST}/sso`, metadata, signingKey }
  return {
    target,
    secondIdentityProvider: { ...identityProvider, ...own, signing: signingKey.signing() },
    async stop() {
      await target.stop()
      await rm(folder, { recursive: true })
    },
  }
}

const usual = (name: PeerName, role: Peer['role'], country?: string) => sourceAt(`peers/${name}`, role, country)

function sourceAt(path: string, role: Peer['role'], country?: string) {
  return { files: [`${path}.xml`], anchors: [`${path}.pem`], roles: [role], country }
}
