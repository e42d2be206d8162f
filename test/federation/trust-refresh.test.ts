import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { publishMetadata } from '../../src/trust/publication.ts'
import { chooseCountry, complete, openFlow, postAnswer, postRequest, signedAnswer } from '../testkit/flow.ts'
import { testKey } from '../testkit/keys.ts'
import { freshId, mintRequest, sign } from '../testkit/mint.ts'
import { FOREIGN_COUNTRY } from '../testkit/peers.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectAnswered, expectPage } from '../testkit/verdict.ts'

/** What an operator does while the node runs, seen from outside. */
let target: Target
let configuration: Record<string, object>
beforeAll(async () => {
  target = await startTarget()
  configuration = JSON.parse(await readFile(join(target.folder, 'node.json'), 'utf8'))
}, 60_000)
afterAll(() => target.stop())

async function suspend(suspended: object): Promise<void> {
  const changed = { ...configuration, trust: { ...configuration['trust'], suspended } }
  await writeFile(join(target.folder, 'node.json'), JSON.stringify(changed))
  await target.refresh()
}

/** The page on which a citizen of the portal chooses a country. */
async function countryPage() {
  const { portal } = target.peers
  return postRequest(target, portal, await sign(mintRequest(portal, { id: freshId() }), portal.signing))
}

const told = () => target.logged.map((line): string => JSON.parse(line).message ?? '')

test('R-LAW-22: a suspended country is not offered and cannot be chosen, until it is back; no restart', async () => {
  const before = await countryPage()
  expect(before.body).toContain(`"${FOREIGN_COUNTRY}"`)
  await suspend({ countries: [FOREIGN_COUNTRY] })
  expect((await countryPage()).body).not.toContain(`"${FOREIGN_COUNTRY}"`)
  const chosen = await chooseCountry(target, before)
  expect(chosen.body).not.toContain(target.peers.proxyService.endpoint)
  expect(told()).toContain(`suspended: ${FOREIGN_COUNTRY}`)
  await suspend({})
  await complete(await openFlow(target))
})

test('R-LAW-22: a suspended portal gets no sign-in, and one under way no answer', async () => {
  const { portal } = target.peers
  const underway = await openFlow(target)
  await suspend({ entityIds: [portal.entityId] })
  const page = await countryPage()
  expect(target.faultFor(/[B-Z0-9]{5}-[B-Z0-9]{5}/.exec(page.body)?.[0] ?? '')).toBe('SAML_ISSUER')
  expect((await complete(underway)).body).not.toContain('SAMLResponse')
  await suspend({})
})

test('A-207, A-215: what is wrong with one file of metadata harms nobody, not even that peer', async () => {
  const { proxyService } = target.peers
  const file = join(target.folder, 'peers', 'proxyService.xml')
  const good = await readFile(file)
  const older = { ...proxyService.metadata, validUntil: Date.now() + 3_600_000 }
  for (const [octets, code] of [
    [Buffer.from('nothing'), 'XML_'],
    [Buffer.from(await publishMetadata(older, proxyService.signing)), 'MD_ROLLBACK'],
    [Buffer.from(await publishMetadata(proxyService.metadata, target.peers.portal.signing)), 'MD_SIG'],
  ] as const) {
    await writeFile(file, octets)
    await target.refresh()
    expect(told().at(-1)).toContain(code)
    expect((await complete(await openFlow(target))).body).toContain('SAMLResponse')
  }
  await writeFile(file, good)
  await target.refresh()
  expect(told().at(-1)).toBe(`metadata from ${file} is as it should be again`)
})

test('A-221, A-260: what a key signs that its owner has taken back is refused, at once and for good', async () => {
  const { proxyService } = target.peers
  const file = join(target.folder, 'peers', 'proxyService.xml')
  const next = await testKey('next of the proxy service')
  const { metadata } = proxyService
  const { idp } = metadata.roles
  if (idp === undefined) throw new TypeError('no role')
  const keys = idp.keys.map((key) =>
    key.use === 'signing' ? { ...key, certificates: [next.verification.certificate] } : key,
  )
  const stolen = await openFlow(target)
  await writeFile(file, await publishMetadata({ ...metadata, roles: { idp: { ...idp, keys } } }, proxyService.signing))
  await target.refresh()
  expectAnswered(stolen, await postAnswer(stolen, await signedAnswer(stolen)), 'DS_KEY')
  const flow = await openFlow(target)
  const changed = { ...flow, answerer: { ...flow.answerer, signing: next.signing() } }
  expect((await complete(flow, await signedAnswer(changed))).body).toContain('SAMLResponse')
})

test('R-IA-14, R-IA-35: SAML_ACS when the requester has taken its address back while the citizen was away: nothing goes there', async () => {
  const { portal } = target.peers
  const file = join(target.folder, 'peers', 'portal.xml')
  const good = await readFile(file)
  const { sp } = portal.metadata.roles
  if (sp === undefined) throw new TypeError('no role')
  const moved = sp.assertionConsumer.map((one) => ({ ...one, location: 'https://moved.xa.example/acs' }))
  const underway = await openFlow(target)
  const metadata = { ...portal.metadata, roles: { sp: { ...sp, assertionConsumer: moved } } }
  await writeFile(file, await publishMetadata(metadata, portal.signing))
  await target.refresh()
  expectPage(target, await complete(underway), 'SAML_ACS')
  await writeFile(file, good)
  await target.refresh()
})

test('a node is well as long as somebody abroad is trusted, in whichever part', async () => {
  const health = async () => (await target.wire.get('/health')).status
  const { connector, proxyService, otherProxyService } = target.peers
  for (const [entityIds, status] of [
    [[], 200],
    [[proxyService.entityId, otherProxyService.entityId], 200],
    [[connector.entityId], 200],
    [[connector.entityId, proxyService.entityId, otherProxyService.entityId], 503],
  ] as const) {
    await suspend({ entityIds })
    expect(await health()).toBe(status)
  }
  await suspend({})
})

test('SIGHUP: a file that is not JSON leaves suspensions as they are', async () => {
  await suspend({ countries: [FOREIGN_COUNTRY] })
  await writeFile(join(target.folder, 'node.json'), '{')
  await target.refresh()
  expect((await countryPage()).body).not.toContain(`"${FOREIGN_COUNTRY}"`)
  await suspend({})
})
