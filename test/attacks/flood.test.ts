import { connect } from 'node:net'
import { redirectUrl } from '../../src/saml/bindings/redirect.ts'
import { eidas } from '../../src/xml/names.ts'
import { el, writeXml } from '../../src/xml/writer.ts'
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
  const load = Array.from({ length: 1_400 }, () => el(eidas('a')))
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

/** A request of a little over 1 KiB that inflates to almost as much as one may: by redirect, so that no body is read. */
async function costlyQuery(half: 'connector' | 'proxy-service'): Promise<string> {
  const { asker, answerer } = partiesOf(target, half)
  const load = Array.from({ length: 1_400 }, () => el(eidas('a')))
  const xml = writeXml(appended(el(eidas('b'), {}, ...load))(mintRequest(asker)))
  return redirectUrl({ location: asker.destination, parameter: 'SAMLRequest', xml }, answerer.signing)
}

const CONNECTIONS = 15
const PIPELINED = 100

test.each(['connector', 'proxy-service'] as const)(
  'A-303 amid %s requests of 15 connections with 100 each, /health waits for one of each connection at most',
  async (half) => {
    const url = new URL(await costlyQuery(half))
    const request = `GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: localhost\r\n\r\n`
    const before = target.faults().length
    const flood = Array.from({ length: CONNECTIONS }, () => pipelined(request.repeat(PIPELINED)))
    await Promise.all(flood.map(({ begun }) => begun))
    const served = () => target.faults().length - before
    const seen: number[] = []
    for (let asked = 0; asked < 10; asked += 1) {
      const sofar = served()
      expect((await target.wire.get(`${target.origin}/health`)).status).toBe(200)
      seen.push(served() - sofar)
    }
    expect(served()).toBeLessThan(CONNECTIONS * PIPELINED)
    expect(Math.max(...seen)).toBeLessThanOrEqual(CONNECTIONS)
    for (const { close } of flood) close()
  },
  120_000,
)

/** A connection on which all of this is sent at once; `begun` when the first answer is there. */
function pipelined(octets: string) {
  const socket = connect(target.port, 'localhost', () => socket.write(octets))
  const begun = new Promise<void>((resolve) => socket.once('data', () => resolve()))
  socket.on('data', () => undefined)
  return { begun, close: () => socket.destroy() }
}
