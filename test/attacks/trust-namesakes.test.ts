import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publishMetadata } from '../../src/trust/publication.ts'
import { complete, openFlow, postRequest, signedAnswer } from '../testkit/flow.ts'
import { freshId, mintRequest, sign } from '../testkit/mint.ts'
import { FOREIGN_COUNTRY, type PeerName } from '../testkit/peers.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { releasedIn } from '../testkit/verdict.ts'

/*
 * an entityID is held in a role. A trusted country may publish a connector of the name that a national identity
 * provider has, which nobody holds as a connector, and then sends good requests in that name.
 */

let folder: string
let target: Target

const rightful = (name: PeerName, role: string, country?: string) => ({
  files: [`peers/${name}.xml`],
  anchors: [`peers/${name}.pem`],
  roles: [role],
  country,
})

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'namesakes-'))
  const namesake = { ...rightful('connector', 'connector', FOREIGN_COUNTRY), files: [join(folder, 'namesake.xml')] }
  target = await startTarget({
    config: {
      trust: {
        sources: [
          namesake,
          rightful('portal', 'service-provider'),
          rightful('identityProvider', 'identity-provider'),
          rightful('connector', 'connector', FOREIGN_COUNTRY),
          rightful('proxyService', 'proxy-service', FOREIGN_COUNTRY),
        ],
      },
    },
    prepare: async ({ connector: { metadata, signing }, identityProvider: { entityId } }) => {
      await writeFile(join(folder, 'namesake.xml'), await publishMetadata({ ...metadata, entityId }, signing))
    },
  })
}, 60_000)
afterAll(async () => {
  await target.stop()
  await rm(folder, { recursive: true })
})

test('A-315 a connector of the name of an identity provider uses up none of its message IDs', async () => {
  const { connector, identityProvider } = target.peers
  const namesake = { ...connector, entityId: identityProvider.entityId }
  const [response, assertion] = [freshId(), freshId()]
  for (const id of [response, assertion]) {
    await postRequest(target, namesake, await sign(mintRequest(namesake, { id }), namesake.signing))
  }
  expect(target.events.filter(({ event }) => event === 'received')).toMatchObject([
    { requester: identityProvider.entityId, messageId: response },
    { requester: identityProvider.entityId, messageId: assertion },
  ])
  const flow = await openFlow(target, 'proxy-service')
  const answer = await signedAnswer(flow, { response: { id: response }, assertion: { id: assertion } })
  expect(await releasedIn(target, await complete(flow, answer))).toMatchObject({ inResponseTo: flow.askedId })
})
