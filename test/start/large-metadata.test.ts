import { sign, verify } from 'node:crypto'
import { readAnchors } from '../../src/trust/chain.ts'
import { type ReadOrder, readHere, type TrustSource } from '../../src/trust/sources.ts'
import { readInThreads } from '../../src/trust/threads.ts'
import { aggregate, connector, DAY, NOW, peerKeys, published } from '../unit/trust/samples.ts'

/** Metadata that is read in a thread: the thread is of the build, as it is in a node. */

const thread = new URL('../../dist/src/trust/thread.js', import.meta.url)
const keys = await peerKeys()
const source: TrustSource = { place: 'xb.xml', roles: ['connector'], country: 'XB' }

const entities = Array.from({ length: 120 }, (_, at) => ({
  ...connector(keys),
  entityId: `https://xb.example/connector/${at}`,
  // Every tenth is of another country, and so of no use here.
  ...(at % 10 === 0 ? { roles: { sp: otherCountry() } } : {}),
}))

function otherCountry() {
  const { sp } = connector(keys).roles
  return sp && { ...sp, nodeCountry: 'XC' }
}

async function order(changes: Partial<ReadOrder> = {}): Promise<ReadOrder> {
  const octets = await published(aggregate(entities), keys.metadata.signing())
  return { octets, source, anchors: readAnchors([keys.metadata.certificate]), now: NOW, ...changes }
}

test('what a thread reads is what would be read in place: entities, keys, problems, and who signed', async () => {
  const given = await order()
  expect(given.octets.length).toBeGreaterThan(64 * 1024)
  const [here, there] = [await readHere(given), await readInThreads(thread)(given)]
  const plain = ({ loaded }: typeof here) =>
    loaded.entities.map(({ keys: { keys: all, algorithms }, recipient, ...rest }) => ({
      ...rest,
      algorithms,
      keys: all.map(({ certificate, kind, bits, notAfter }) => ({ certificate, kind, bits, notAfter })),
      recipient: recipient && { ...recipient, publicKey: undefined, spki: undefined },
    }))
  expect(plain(there)).toEqual(plain(here))
  expect(there.loaded.entities).toHaveLength(108)
  const told = ({ loaded }: typeof here) => loaded.problems.map(({ entityId, fault }) => [entityId, fault.message])
  expect(told(there)).toEqual(told(here))
  expect(there.path.map(({ base64 }) => base64)).toEqual(here.path.map(({ base64 }) => base64))
  const [key] = there.loaded.entities[107]?.keys.keys ?? []
  const octets = Buffer.from('signed')
  const signature = sign('sha256', octets, keys.signing.privateKey)
  expect(key && verify('sha256', octets, key.publicKey, signature)).toBe(true)
})

test('A-266: what a thread reads says when it was issued, as what is read in place does', async () => {
  const issued = NOW - 3_600_000
  const octets = await published(aggregate(entities, NOW + DAY, issued), keys.metadata.signing())
  const [here, there] = [await readHere(await order({ octets })), await readInThreads(thread)(await order({ octets }))]
  expect([here.loaded.issued, there.loaded.issued]).toEqual([issued, issued])
  expect((await readInThreads(thread)(await order())).loaded.issued).toBeUndefined()
})

test('A-205: the fault of a document comes out of the thread as it is', async () => {
  const read = readInThreads(thread)
  const { octets } = await order()
  const changed = Buffer.from(
    Buffer.from(octets).toString().replace('https://xb.example/acs', 'https://xc.example/acs'),
  )
  await expect(read(await order({ octets: changed }))).rejects.toMatchObject({ code: 'MD_SIG' })
  const stranger = readAnchors([keys.signing.certificate])
  await expect(read(await order({ anchors: stranger }))).rejects.toMatchObject({ code: 'MD_SIG' })
  expect((await read(await order())).loaded.entities).toHaveLength(108)
})

test('A-273: sign-ins are not held up while a thread reads', async () => {
  let turns = 0
  const turn = () => {
    turns += 1
    if (!isRead) setImmediate(turn)
  }
  let isRead = false
  turn()
  const { loaded } = await readInThreads(thread)(await order())
  isRead = true
  // A turn at least between any two batches of twenty.
  expect(turns).toBeGreaterThan(loaded.entities.length / 20)
})

test('A-273: a thread that cannot be had is a fault of the document', async () => {
  const gone = new URL('./no-such-thread.js', import.meta.url)
  await expect(readInThreads(gone)(await order())).rejects.toMatchObject({ code: 'XML_OOM' })
})
