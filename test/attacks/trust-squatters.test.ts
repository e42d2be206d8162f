import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../../src/config/load.ts'
import { openTrust } from '../../src/node/trust.ts'
import type { RoleDescriptor } from '../../src/saml/metadata/role.ts'
import { publishMetadata } from '../../src/trust/publication.ts'
import { complete, type Flow, openFlow, postAnswer, postRequest, signedAnswer } from '../testkit/flow.ts'
import { citizen, freshId, mintAttributes, mintRequest, sign } from '../testkit/mint.ts'
import { FOREIGN_COUNTRY, OTHER_COUNTRY, type Peer, type PeerName } from '../testkit/peers.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectAnswered, expectNotReusable, expectPage, releasedIn } from '../testkit/verdict.ts'

/*
 * a source that is trusted in full for its own parties says that it is another party, too. Its metadata is
 * good: signed under its own anchor, of its own country.
 */

let folder: string
let target: Target
let configuration: { readonly trust: Readonly<Record<string, unknown>> }

/** Each in front of the source it squats in. */
const squatters = {
  otherProxyService: { signer: 'proxyService', country: FOREIGN_COUNTRY },
  connector: { signer: 'otherProxyService', country: OTHER_COUNTRY },
  portal: { signer: 'identityProvider' },
  identityProvider: { signer: 'portal' },
} as const satisfies Partial<Record<PeerName, { readonly signer: PeerName; readonly country?: string }>>

type Squatted = keyof typeof squatters
const squatted = Object.keys(squatters) as Squatted[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'squatters-'))
  await Promise.all(squatted.map((name) => mkdir(join(folder, name))))
  target = await startTarget({ config: { metrics: { port: 0 }, trust: trustOf() } })
  configuration = JSON.parse(await readFile(join(target.folder, 'node.json'), 'utf8'))
}, 60_000)
afterEach(async () => {
  for (const name of squatted) await rm(squatFile(name), { force: true })
  await configure({})
  await target.refresh()
})
afterAll(async () => {
  await target.stop()
  await rm(folder, { recursive: true })
})

const roles = {
  portal: ['service-provider'],
  identityProvider: ['identity-provider'],
  connector: ['connector'],
  proxyService: ['proxy-service'],
  otherProxyService: ['proxy-service'],
} as const

function trustOf() {
  const rightful = (name: PeerName, country?: string) => ({
    name: name.toLowerCase(),
    files: [`peers/${name}.xml`],
    anchors: [`peers/${name}.pem`],
    roles: roles[name],
    country,
  })
  const squatting = (name: Squatted) => {
    const { signer, ...country } = squatters[name]
    const anchors = [`peers/${signer}.pem`]
    return {
      name: `${name.toLowerCase()}-squatter`,
      directory: join(folder, name),
      anchors,
      roles: roles[name],
      ...country,
    }
  }
  return {
    copies: join(folder, 'copies'),
    sources: [
      ...squatted.map(squatting),
      rightful('portal'),
      rightful('identityProvider'),
      rightful('connector', FOREIGN_COUNTRY),
      rightful('proxyService', FOREIGN_COUNTRY),
      rightful('otherProxyService', OTHER_COUNTRY),
    ],
  }
}

const squatFile = (name: Squatted) => join(folder, name, 'squat.xml')

/** The squatter as a peer: the name and the place of the rightful one, its own keys. */
function squatterOf(name: Squatted): Peer {
  const { signing, signingKey, encryptionKey } = target.peers[squatters[name].signer]
  return { ...target.peers[name], signing, signingKey, encryptionKey }
}

async function squat(name: Squatted): Promise<void> {
  const { metadata, signing, signingKey, encryptionKey } = squatterOf(name)
  const { country: nodeCountry } = { country: undefined, ...squatters[name] }
  const withOwnKeys = <R extends RoleDescriptor>(role: R) => ({
    ...role,
    ...(nodeCountry === undefined ? {} : { nodeCountry }),
    keys: [
      { use: 'signing' as const, certificates: [signingKey.verification.certificate], encryptionMethods: [] },
      { use: 'encryption' as const, certificates: [encryptionKey.verification.certificate], encryptionMethods: [] },
    ],
  })
  const { idp, sp } = metadata.roles
  const own = { ...(idp && { idp: withOwnKeys(idp) }), ...(sp && { sp: withOwnKeys(sp) }) }
  await writeFile(squatFile(name), await publishMetadata({ ...metadata, roles: own }, signing))
}

async function configure(trust: object): Promise<void> {
  const changed = { ...configuration, trust: { ...configuration.trust, ...trust } }
  await writeFile(join(target.folder, 'node.json'), JSON.stringify(changed))
}

/** The right answer to a flow, which is taken. */
async function expectServed(flow: Flow): Promise<void> {
  const facts =
    flow.half === 'connector'
      ? { ...citizen, PersonIdentifier: `${OTHER_COUNTRY}/XA/${citizen.PersonIdentifier}` }
      : citizen
  const answer = await signedAnswer(flow, {
    assertion: { attributeStatements: [mintAttributes(flow.answerer, facts)] },
  })
  expect(await releasedIn(target, await complete(flow, answer))).toMatchObject({ inResponseTo: flow.askedId })
}

const told = () => target.logged.map((line): string => JSON.parse(line).message ?? '')

async function figures(): Promise<string> {
  return (await fetch(`http://127.0.0.1:${target.metricsPort}/metrics`)).text()
}

/** Who speaks for whom after a start with these files; the record of holders may be another than the running node's. */
async function started(trust: object = {}) {
  await configure(trust)
  const file = join(target.folder, 'node.json')
  const loaded = await loadConfig({ file, environment: {}, now: Date.now() })
  const opened = await openTrust(loaded, { info: () => undefined, warn: () => undefined }, { isReadOnly: true })
  opened.stop()
  return {
    sourceOf: (name: Squatted) => opened.registry.find(target.peers[name].entityId, target.peers[name].role)?.source,
    codes: opened.problems().map(({ fault }) => fault.code),
  }
}

test('A-261 an answer by the metadata of another country that took the name of the asked proxy service is refused', async () => {
  const flow = await openFlow(target, 'connector', {}, OTHER_COUNTRY)
  const right = await openFlow(target, 'connector', {}, OTHER_COUNTRY)
  await squat('otherProxyService')
  await target.refresh()
  const forged = await signedAnswer({ ...flow, answerer: squatterOf('otherProxyService') })
  expectAnswered(flow, await postAnswer(flow, forged), 'DS_KEY')
  await expectNotReusable(flow)
  await expectServed(right)
})

test('A-261 a squatter makes nobody disappear: the country is offered, every rightful party is served, and it is told', async () => {
  for (const name of squatted) await squat(name)
  await target.refresh()
  const { portal } = target.peers
  const page = await postRequest(target, portal, await sign(mintRequest(portal, { id: freshId() }), portal.signing))
  expect(page.body).toContain(`value="${OTHER_COUNTRY}"`)
  for (const half of ['connector', 'proxy-service'] as const) {
    const flow = await openFlow(target, half, {}, OTHER_COUNTRY)
    await expectServed(flow)
  }
  for (const name of squatted) {
    const { entityId, role } = target.peers[name]
    const source = name.toLowerCase()
    expect(told()).toContain(
      `metadata of ${entityId} from ${squatFile(name)} is not used: MD_OWNER: as ${role} it is of the source ${source}, and ${source}-squatter claims it`,
    )
  }
  expect(await figures()).toContain('passerelle_metadata_problems{code="MD_OWNER"} 4')
})

test.each(['portal', 'connector'] as const)('A-261 a request by the squatter of the %s is refused', async (name) => {
  await squat(name)
  await target.refresh()
  const asker = squatterOf(name)
  expectPage(target, await postRequest(target, asker, await sign(mintRequest(asker), asker.signing)), 'DS_KEY')
})

test('A-261 across restarts the holder holds, also when the squatter alone is there', async () => {
  for (const name of squatted) await squat(name)
  const { sourceOf, codes } = await started()
  expect(squatted.map(sourceOf)).toEqual(squatted.map((name) => name.toLowerCase()))
  expect(codes).toEqual(squatted.map(() => 'MD_OWNER'))
  const { sources } = trustOf()
  const silent = sources.map((one) => ('files' in one ? { ...one, files: [join(folder, 'empty.xml')] } : one))
  await writeFile(join(folder, 'empty.xml'), '')
  const alone = await started({ sources: silent })
  expect(squatted.map(alone.sourceOf)).toEqual(squatted.map(() => undefined))
})

test('A-262 at a first start none of two counts until the operator says whose it is', async () => {
  await squat('otherProxyService')
  const copies = join(folder, 'fresh')
  const { entityId, role } = target.peers.otherProxyService
  const first = await started({ copies })
  expect(first.sourceOf('otherProxyService')).toBeUndefined()
  expect(first.sourceOf('portal')).toBe('portal')
  expect(first.codes).toEqual(['MD_OWNER', 'MD_OWNER'])
  for (const source of ['otherproxyservice', 'otherproxyservice-squatter']) {
    const said = await started({ copies, owners: [{ role, entityId, source }] })
    expect(said.sourceOf('otherProxyService')).toBe(source)
  }
})

test('A-262 the operator says it of a running node: at the next refresh, and sign-ins under way go to nobody else', async () => {
  await squat('otherProxyService')
  await squat('portal')
  const ofOther = await openFlow(target, 'connector', {}, OTHER_COUNTRY)
  const answered = await openFlow(target, 'connector', {}, FOREIGN_COUNTRY)
  const owners = (['otherProxyService', 'portal'] as const).map((name) => {
    const { entityId, role } = target.peers[name]
    return { role, entityId, source: `${name.toLowerCase()}-squatter` }
  })
  await configure({ owners: owners.slice(0, 1) })
  await target.refresh()
  expect(told()).toContain(`proxy-service ${target.peers.otherProxyService.entityId} of XB has another source`)
  const forged = await signedAnswer({ ...ofOther, answerer: squatterOf('otherProxyService') })
  expectAnswered(ofOther, await postAnswer(ofOther, forged), 'SAML_ISSUER')
  await configure({ owners })
  await target.refresh()
  expectPage(target, await complete(answered), 'SAML_ISSUER')
  await configure({ owners: owners.map((one) => ({ ...one, source: one.source.replace('-squatter', '') })) })
  await target.refresh()
  await expectServed(await openFlow(target, 'connector', {}, OTHER_COUNTRY))
})

test('A-261 a scheme that names its source takes its identity provider from there alone', async () => {
  await squat('identityProvider')
  const { proxyService } = JSON.parse(await readFile(join(target.folder, 'node.json'), 'utf8'))
  const schemes = [{ ...proxyService.schemes[0], source: 'identityprovider' }]
  const file = join(target.folder, 'named.json')
  const named = (source: string) => ({
    ...configuration,
    trust: { ...configuration.trust, copies: join(folder, 'named') },
    proxyService: { ...proxyService, schemes: [{ ...schemes[0], source }] },
  })
  for (const source of ['identityprovider', 'identityprovider-squatter']) {
    await writeFile(file, JSON.stringify(named(source)))
    const loaded = await loadConfig({ file, environment: {}, now: Date.now() })
    const opened = await openTrust(loaded, { info: () => undefined, warn: () => undefined }, { isReadOnly: true })
    opened.stop()
    const { entityId } = target.peers.identityProvider
    expect(opened.registry.find(entityId, 'identity-provider')?.source).toBe(source)
  }
  await writeFile(file, JSON.stringify(named('portal')))
  await expect(loadConfig({ file, environment: {}, now: Date.now() })).rejects.toMatchObject({ code: 'CFG_INVALID' })
})
