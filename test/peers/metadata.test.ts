import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepareNode } from '../../demo/demo-node.ts'
import { nationalSchemes } from '../../demo/national-schemes.ts'
import { freePort } from '../testkit/ports.ts'
import { startMellon } from './mellon.ts'
import { nationalFacesOf, type PeerPlan } from './peer.ts'
import { shibbolethFinds } from './shibboleth.ts'
import { startSimpleSaml } from './simplesamlphp.ts'

/* Products of others take our metadata only when its signature verifies under the anchor they were given. */

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-peers-'))
  await chmod(folder, 0o755)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const prepared = new Map<string, ReturnType<typeof nationalFacesOf>>()

/** What a node with such a metadata key says of itself; made once. */
function facesOf(metadataKey: 'P-256' | 'P-384' | 'brainpoolP256r1' | 'RSA-3072') {
  const known = prepared.get(metadataKey)
  const faces = known ?? prepare(metadataKey)
  prepared.set(metadataKey, faces)
  return faces
}

async function prepare(metadataKey: Parameters<typeof facesOf>[0]) {
  const parent = join(folder, metadataKey)
  await mkdir(parent)
  const scheme = { kind: 'saml', entityId: 'https://idp.example/metadata' } as const
  return nationalFacesOf(await prepareNode({ country: 'XA', other: 'XB', parent, port: 8080, scheme, metadataKey }))
}

let count = 0
async function planFor(node: PeerPlan['node']): Promise<PeerPlan> {
  count += 1
  return { folder: join(folder, `${count}`), host: '127.0.0.5', port: await freePort('127.0.0.5'), node }
}

/** The anchor of somebody else. */
const strange = async () => (await facesOf('P-384')).connector.anchor

test.each(['P-256', 'brainpoolP256r1', 'RSA-3072'] as const)(
  'the Shibboleth SP, signed with %s',
  async (kind) => {
    const { connector } = await facesOf(kind)
    expect(await shibbolethFinds(await planFor(connector))).toBe(true)
    expect(await shibbolethFinds(await planFor({ ...connector, anchor: await strange() }))).toBe(false)
  },
  120_000,
)

test('mod_auth_mellon, signed with RSA; it does not know ECDSA', async () => {
  const { connector } = await facesOf('RSA-3072')
  const { metadata, stop } = await startMellon(await planFor(connector))
  await stop()
  expect(metadata).toContain('AssertionConsumerService')
  for (const refused of [{ ...connector, anchor: await strange() }, (await facesOf('P-256')).connector]) {
    await expect(startMellon(await planFor(refused))).rejects.toThrow(/no metadata/)
  }
}, 120_000)

test('SimpleSAMLphp, signed with RSA; it does not know ECDSA', async () => {
  const { proxyService } = await facesOf('RSA-3072')
  const start = async (node: PeerPlan['node']) =>
    startSimpleSaml({ ...(await planFor(node)), scheme: nationalSchemes.XA, level: 'high', citizens: [] })
  const { metadata, stop } = await start(proxyService)
  await stop()
  expect(metadata).toContain('SingleSignOnService')
  for (const refused of [{ ...proxyService, anchor: await strange() }, (await facesOf('P-256')).proxyService]) {
    await expect(start(refused)).rejects.toThrow(/no metadata/)
  }
}, 120_000)
