import { admitEntity } from '../../../src/trust/peers.ts'
import { refetching } from '../../../src/trust/refetch.ts'
import { createRegistry } from '../../../src/trust/registry.ts'
import { connector, NOW, peerKeys } from './samples.ts'

const keys = await peerKeys()
const entity = admitEntity(connector(keys), {
  role: 'connector',
  source: { place: 'xb.xml', country: 'XB' },
  now: NOW,
  documentValidUntil: NOW + 86_400_000,
})

/** A place that answers when it is told to. */
function slowPlace() {
  let answer: () => void = () => undefined
  let asked = 0
  const read = () => {
    asked += 1
    return new Promise<void>((resolve) => (answer = resolve))
  }
  return { read, answer: () => answer(), asked: () => asked }
}

test('A-316: a hundred messages wait for a place that is slow, and the next is judged as the metadata stands', async () => {
  const place = slowPlace()
  const registry = createRegistry([entity], () => NOW)
  registry.refetch(refetching(place.read, { clock: () => NOW, log: { info: () => undefined } }))
  let done = 0
  const waiting = Array.from({ length: 100 }, () => registry.renewed(entity).finally(() => (done += 1)))
  expect(await registry.renewed(entity)).toBeUndefined()
  expect(done).toBe(0)
  place.answer()
  await Promise.all(waiting)
  expect(place.asked()).toBe(1)
  expect(done).toBe(100)
  expect(await registry.renewed(entity)).toBeUndefined()
})
