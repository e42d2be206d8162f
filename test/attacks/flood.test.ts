import { eidas } from '../../src/xml/names.ts'
import { el } from '../../src/xml/writer.ts'
import { complete, openFlow, partiesOf, postRequest } from '../testkit/flow.ts'
import { mintRequest, sign } from '../testkit/mint.ts'
import { appended } from '../testkit/surgery.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectPage, releasedIn } from '../testkit/verdict.ts'
import { newWire } from '../testkit/wire.ts'

/*
 * a flood of messages, each as costly as the limits admit. How many anybody may send is for what stands in front of
 * the node; here it is that none of them costs more than its refusal, keeps anything, or keeps a citizen from the sign-in.
 */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

const FLOOD = 100

/** As many elements as a message may have, signed by nobody who is known. */
async function costly(half: 'connector' | 'proxy-service'): Promise<Uint8Array> {
  const { answerer } = partiesOf(target, half)
  const load = Array.from({ length: 3_000 }, () => el(eidas('a')))
  const message = appended(el(eidas('b'), {}, ...load))(mintRequest(partiesOf(target, half).asker))
  return sign(message, answerer.signing)
}

test.each(['connector', 'proxy-service'] as const)(
  'A-251 amid a flood of costly messages at the %s each is refused by name, and who signs in gets in',
  async (half) => {
    const { asker } = partiesOf(target, half)
    const message = await costly(half)
    const attacker = { ...target, wire: newWire(target.port) }
    const flood = Promise.all(Array.from({ length: FLOOD }, () => postRequest(attacker, asker, message)))
    const flow = await openFlow(target, half)
    expect((await releasedIn(target, await complete(flow))).inResponseTo).toBe(flow.askedId)
    for (const answer of await flood) expectPage(target, answer, 'XML_SCHEMA')
    attacker.wire.close()
  },
  120_000,
)
