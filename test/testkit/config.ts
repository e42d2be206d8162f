import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testKey } from './keys.ts'

/** The least a configuration says; every relative path is a file of configFolder. */
export const leastConfig = {
  country: 'SE',
  baseUrl: 'https://node.example.se',
  operator: { name: 'Agency', displayName: 'Agency for eID', url: 'https://agency.example.se/' },
  contacts: { support: 'support@agency.example.se', technical: 'tech@agency.example.se' },
  keys: {
    messages: { privateKey: 'keys/messages.key', certificates: ['keys/messages.pem'] },
    encryption: { privateKey: 'keys/encryption.key', certificates: ['keys/encryption.pem'] },
    metadata: { privateKey: 'keys/metadata.key', certificates: ['keys/metadata.pem'] },
    national: { privateKey: 'keys/national.key', certificates: ['keys/national.pem'] },
    nationalEncryption: { privateKey: 'keys/nationalEncryption.key', certificates: ['keys/nationalEncryption.pem'] },
  },
  trust: {
    sources: [
      { directory: 'metadata', anchors: ['keys/anchor.pem'], roles: ['proxy-service', 'connector'], country: 'DE' },
      { files: ['metadata/idp.xml'], anchors: ['keys/anchor.pem'], roles: ['identity-provider'] },
    ],
  },
  proxyService: {
    loas: ['http://eidas.europa.eu/LoA/low', 'http://eidas.europa.eu/LoA/substantial'],
    schemes: [{ kind: 'saml', name: 'national', entityId: 'https://idp.example.se/metadata' }],
  },
}

export interface ConfigFolder {
  readonly directory: string
  /** Writes the file of that name and returns its path. */
  write(name: string, content: string): Promise<string>
  remove(): Promise<void>
}

/** A folder with keys, certificates and (empty) metadata for leastConfig. */
export async function configFolder(): Promise<ConfigFolder> {
  const directory = await mkdtemp(join(tmpdir(), 'passerelle-config-'))
  const write = async (name: string, content: string): Promise<string> => {
    const path = join(directory, name)
    await writeFile(path, content)
    await chmod(path, 0o600)
    return path
  }
  await Promise.all([mkdir(join(directory, 'keys')), mkdir(join(directory, 'metadata'))])
  for (const name of Object.keys(leastConfig.keys)) {
    const key = await testKey(`config ${name}`)
    await write(`keys/${name}.key`, key.privateKey)
    await write(`keys/${name}.pem`, key.certificate)
  }
  await write('keys/anchor.pem', (await testKey('config anchor')).certificate)
  await write('metadata/idp.xml', '')
  return { directory, write, remove: () => rm(directory, { recursive: true }) }
}
