import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { redirectUrl } from '../../src/saml/bindings/redirect.ts'
import type { RoleDescriptor } from '../../src/saml/metadata/role.ts'
import { publishMetadata } from '../../src/trust/publication.ts'
import { writeXml } from '../../src/xml/writer.ts'
import { complete, type Flow, openFlow, postAnswer, postRequest, signedAnswer } from '../testkit/flow.ts'
import { type TestKey, testKey } from '../testkit/keys.ts'
import { citizen, freshId, mintAttributes, mintRequest, sign } from '../testkit/mint.ts'
import { FOREIGN_COUNTRY, OTHER_COUNTRY, type Peer, type PeerName } from '../testkit/peers.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { type LocalServer, startPlain } from '../testkit/tls.ts'
import { expectAnswered, expectPage, releasedIn } from '../testkit/verdict.ts'
import { cookiesOf } from '../testkit/wire.ts'

/*
 * A peer changes its key from one moment to the next, without a time in which both count. Its metadata says so; nobody
 * tells the node. The metadata of the proxy service of XC is fetched, that of all others is in files.
 */

let folder: string
let site: LocalServer
let target: Target
let next: TestKey
let document: Uint8Array
let fetched: number

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'key-change-'))
  next = await testKey('the next one')
  fetched = 0
  site = await startPlain()
  site.answer = (_, response) => {
    fetched += 1
    response.writeHead(200).end(document)
  }
  target = await startTarget({
    config: { trust: { copies: folder, sources: sourcesWith(`${site.origin}/metadata`) } },
    prepare: async ({ otherProxyService: { metadata, signing } }) => {
      document = await publishMetadata(metadata, signing)
    },
  })
}, 60_000)
afterEach(async () => {
  await target.stop()
  await site.close()
  await rm(folder, { recursive: true })
})

function sourcesWith(url: string) {
  const of = (name: PeerName, role: Peer['role'], country?: string) => ({
    anchors: [`peers/${name}.pem`],
    roles: [role],
    country,
  })
  const inFile = (name: PeerName, role: Peer['role'], country?: string) => ({
    files: [`peers/${name}.xml`],
    ...of(name, role, country),
  })
  return [
    inFile('portal', 'service-provider'),
    inFile('identityProvider', 'identity-provider'),
    inFile('connector', 'connector', FOREIGN_COUNTRY),
    inFile('proxyService', 'proxy-service', FOREIGN_COUNTRY),
    { url, aggregate: true, ...of('otherProxyService', 'proxy-service', OTHER_COUNTRY) },
  ]
}

/** Its metadata with this key in place of the one that signed its messages, under the same anchor. */
async function changed({ metadata, signing }: Peer, key: TestKey): Promise<Uint8Array> {
  const { idp, sp } = metadata.roles
  const swapped = <R extends RoleDescriptor>(role: R): R => ({
    ...role,
    keys: role.keys.map((one) =>
      one.use === 'signing' ? { ...one, certificates: [key.verification.certificate] } : one,
    ),
  })
  const roles = { ...(idp && { idp: swapped(idp) }), ...(sp && { sp: swapped(sp) }) }
  return publishMetadata({ ...metadata, roles }, signing)
}

async function changeFile(name: PeerName): Promise<void> {
  await writeFile(join(target.folder, 'peers', `${name}.xml`), await changed(target.peers[name], next))
}

/** The flow as if its answerer had this key. */
const byKey = (flow: Flow, key: TestKey): Flow => ({
  ...flow,
  answerer: { ...flow.answerer, signing: key.signing() },
})

/** The answer to a flow of XC, signed with this key. */
function answerOfXc(flow: Flow, key: TestKey): Promise<Uint8Array> {
  const facts = { ...citizen, PersonIdentifier: `${OTHER_COUNTRY}/XA/${citizen.PersonIdentifier}` }
  return signedAnswer(byKey(flow, key), {
    assertion: { attributeStatements: [mintAttributes(flow.answerer, facts)] },
  })
}

const openXc = () => openFlow(target, 'connector', {}, OTHER_COUNTRY)
const told = () => target.logged.map((line): string => JSON.parse(line).message ?? '')

test('an answer by the new key of an asked party is taken: its metadata is fetched once more for that', async () => {
  const flow = await openXc()
  document = await changed(target.peers.otherProxyService, next)
  const released = await releasedIn(target, await complete(flow, await answerOfXc(flow, next)))
  expect(released.inResponseTo).toBe(flow.askedId)
  expect(fetched).toBe(2)
  const { entityId } = target.peers.otherProxyService
  expect(told()).toContain(
    `a message of proxy-service ${entityId} is signed with a key that is not known: its metadata is read again`,
  )
  expect(told()).toContain(`proxy-service ${entityId} of XC has other signing keys`)
})

test('A-263: DS_KEY for what a key signs that the metadata does not have; many such messages are one fetch', async () => {
  const flows = await Promise.all([openXc(), openXc(), openXc(), openXc()])
  const forged = await Promise.all(flows.map((flow) => answerOfXc(flow, next)))
  const answers = await Promise.all(flows.map((flow, at) => postAnswer(flow, forged[at] ?? Buffer.from(''))))
  for (const [at, flow] of flows.entries()) {
    const answer = answers[at]
    if (answer === undefined) throw new TypeError('no answer')
    expectAnswered(flow, answer, 'DS_KEY')
  }
  expect(fetched).toBe(2)
  document = await changed(target.peers.otherProxyService, next)
  const late = await openXc()
  expectAnswered(late, await postAnswer(late, await answerOfXc(late, next)), 'DS_KEY')
  expect(fetched).toBe(2)
})

test('A-263: while its metadata cannot be had, the party keeps the keys it had', async () => {
  site.answer = (_, response) => {
    response.writeHead(500).end()
  }
  const flow = await openXc()
  expectAnswered(flow, await postAnswer(flow, await answerOfXc(flow, next)), 'DS_KEY')
  const right = await openXc()
  const released = await releasedIn(target, await complete(right, await answerOfXc(right, right.answerer.signingKey)))
  expect(released.inResponseTo).toBe(right.askedId)
})

test('an answer by the new key of an identity provider is taken', async () => {
  const flow = await openFlow(target, 'proxy-service')
  await changeFile('identityProvider')
  const released = await releasedIn(target, await complete(flow, await signedAnswer(byKey(flow, next))))
  expect(released.inResponseTo).toBe(flow.askedId)
})

test.each(['portal', 'connector'] as const)('a request by the new key of the %s is taken, by POST', async (name) => {
  await changeFile(name)
  const asker = target.peers[name]
  const answer = await postRequest(target, asker, await sign(mintRequest(asker, { id: freshId() }), next.signing()))
  expect(answer.status).toBe(200)
  expect(cookiesOf(answer)).not.toBe('')
  const old = await sign(mintRequest(asker, { id: freshId() }), asker.signing)
  expectPage(target, await postRequest(target, asker, old), 'DS_KEY')
})

test.each(['portal', 'connector'] as const)('and by redirect', async (name) => {
  const { destination: location, ...asker } = target.peers[name]
  const xml = writeXml(mintRequest(target.peers[name], { id: freshId() }))
  const byNext = await redirectUrl({ location, parameter: 'SAMLRequest', xml }, next.signing())
  await changeFile(name)
  const answer = await target.wire.get(byNext)
  expect(answer.status).toBe(200)
  expect(cookiesOf(answer)).not.toBe('')
  const again = writeXml(mintRequest(target.peers[name], { id: freshId() }))
  const byOld = await redirectUrl({ location, parameter: 'SAMLRequest', xml: again }, asker.signing)
  expectPage(target, await target.wire.get(byOld), 'BIND_SIG')
})
