import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PRIVATE_PAGE, startApache } from './apache.ts'
import { HIGH, type PeerPlan, publishedAt, type Service, SUBSTANTIAL, wanted, writePair } from './peer.ts'

/** mod_auth_mellon (Lasso): one key for everything, ordinary SAML without a word of eIDAS but the levels. */
export async function startMellon(plan: PeerPlan): Promise<Service> {
  const { folder, host, port, node } = plan
  const origin = `http://${host}:${port}`
  const entityId = `${origin}${ENDPOINTS}/metadata`
  await mkdir(folder, { recursive: true })
  await writePair(folder, 'mellon')
  await writeFile(join(folder, 'node.xml'), node.metadata)
  await writeFile(join(folder, 'anchor.crt.pem'), node.anchor)
  const apache = await startApache({
    ...plan,
    modules: { auth_mellon_module: 'mod_auth_mellon.so' },
    directives: directives(folder, entityId),
  })
  try {
    return { entityId, page: origin + PRIVATE_PAGE, metadata: await publishedAt(entityId), stop: apache.stop }
  } catch (thrown) {
    await apache.stop()
    throw thrown
  }
}

const ENDPOINTS = '/private/saml'

function directives(folder: string, entityId: string): string {
  const path = (name: string) => join(folder, name)
  return `MellonLockFile ${path('mellon.lock')}
<Location /private>
  MellonEnable auth
  AuthType Mellon
  Require valid-user
  MellonEndpointPath ${ENDPOINTS}
  MellonSPentityId ${entityId}
  MellonSPPrivateKeyFile ${path('mellon.key.pem')}
  MellonSPCertFile ${path('mellon.crt.pem')}
  MellonIdPMetadataFile ${path('node.xml')} ${path('anchor.crt.pem')}
  MellonSecureCookie httponly
  MellonSignatureMethod rsa-sha256
  MellonAuthnContextClassRef ${SUBSTANTIAL}
  MellonAuthnContextClassRef ${HIGH}
  MellonAuthnContextComparisonType minimum
  MellonUser NAME_ID
${wanted.map(({ id, name }) => `  MellonSetEnvNoPrefix ${id} ${name}`).join('\n')}
</Location>`
}
