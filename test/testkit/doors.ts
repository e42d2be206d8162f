import type { FaultCode } from '../../src/errors/faults.ts'
import type { Half } from '../../src/relay/events.ts'
import type { XmlPart } from '../../src/xml/writer.ts'
import { complete, type Flow, mintAnswer, openFlow, postAnswer, postRequest } from './flow.ts'
import { mintAssertion, mintRequest, mintResponse, sign } from './mint.ts'
import type { Peer } from './peers.ts'
import type { Target } from './target.ts'
import { expectAnswered, expectNotReusable, expectPage, refusalOf, releasedIn } from './verdict.ts'
import { cookiesOf } from './wire.ts'

/*
 * The four places of a node where a neighbour's signed message arrives, so that one attack can be tried at all of them.
 */

export interface Visit {
  readonly sender: Peer
  /** The right message to come with, unsigned. */
  readonly message: XmlPart
  /** Comes with this, which must be refused with this code, and with all that goes with a refusal there. */
  refused(octets: Uint8Array, code: FaultCode): Promise<void>
  /** Comes with this, which must be taken for what it is. */
  accepted(octets: Uint8Array): Promise<void>
}

export type DoorName = 'connector sso' | 'connector acs' | 'proxy service sso' | 'proxy service acs'

export const doors: Readonly<Record<DoorName, (target: Target) => Promise<Visit>>> = {
  'connector sso': (target) => withRequest(target, target.peers.portal),
  'connector acs': (target) => withAnswer(target, 'connector'),
  'proxy service sso': (target) => withRequest(target, target.peers.connector),
  'proxy service acs': (target) => withAnswer(target, 'proxy-service'),
}

export const doorNames: readonly DoorName[] = [
  'connector sso',
  'connector acs',
  'proxy service sso',
  'proxy service acs',
]

/**
 * A request that is not believed ends in a page: nobody is known to answer to, no flow begins, and its ID is not used up,
 * so that the right request of that ID still counts.
 */
async function withRequest(target: Target, asker: Peer): Promise<Visit> {
  const message = mintRequest(asker)
  const accepted = async (octets: Uint8Array): Promise<void> => {
    const answer = await postRequest(target, asker, octets, 'state')
    expect({ refusal: refusalOf(target, answer), status: answer.status }).toEqual({ refusal: undefined, status: 200 })
    expect(cookiesOf(answer)).not.toBe('')
  }
  return {
    sender: asker,
    message,
    accepted,
    async refused(octets, code) {
      const answer = await postRequest(target, asker, octets, 'state')
      expectPage(target, answer, code)
      expect(cookiesOf(answer)).toBe('')
      await accepted(await sign(message, asker.signing))
    },
  }
}

/** An answer that is not believed ends the sign-in: whoever asked hears of it, once, and the flow is closed. */
async function withAnswer(target: Target, half: Half): Promise<Visit> {
  const flow = await openFlow(target, half)
  return {
    sender: flow.answerer,
    message: half === 'connector' ? await mintAnswer(flow) : clearAnswer(flow),
    async refused(octets, code) {
      expectAnswered(flow, await postAnswer(flow, octets), code)
      await expectNotReusable(flow)
    },
    async accepted(octets) {
      const released = await releasedIn(target, await complete(flow, octets))
      expect(released.inResponseTo).toBe(flow.askedId)
    },
  }
}

/** The right answer of an identity provider that does not encrypt. */
export function clearAnswer(flow: Flow): XmlPart {
  return mintResponse(flow, { assertions: [mintAssertion(flow)] })
}
