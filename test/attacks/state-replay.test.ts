import type { FaultCode } from '../../src/errors/faults.ts'
import {
  complete,
  type Flow,
  mintAnswer,
  openFlow,
  partiesOf,
  postAnswer,
  postRequest,
  recipientOf,
  signedAnswer,
  submitStep,
} from '../testkit/flow.ts'
import { encryptFor, freshId, mintAssertion, mintRefusal, mintRequest, mintResponse, sign } from '../testkit/mint.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectTaken } from '../testkit/transport.ts'
import {
  expectAnswered,
  expectNotReusable,
  expectPage,
  expectRefused,
  refusalOf,
  releasedIn,
} from '../testkit/verdict.ts'
import type { Answer } from '../testkit/wire.ts'

/* Messages that come again, and clocks that jump. */

const realNow = Date.now
const realMonotonic = performance.now.bind(performance)
/** What the node's two clocks show beyond the real ones, milliseconds. */
const ahead = { wall: 0, monotonic: 0 }

let target: Target
beforeAll(async () => {
  // The node is handed its clocks when it is started.
  Date.now = () => realNow() + ahead.wall
  performance.now = () => realMonotonic() + ahead.monotonic
  target = await startTarget()
}, 30_000)
afterAll(async () => {
  Date.now = realNow
  performance.now = realMonotonic
  await target.stop()
})
afterEach(() => Object.assign(ahead, { wall: 0, monotonic: 0 }))

const wait = (seconds: number) =>
  Object.assign(ahead, { wall: ahead.wall + seconds * 1000, monotonic: ahead.monotonic + seconds * 1000 })

const codesOf = (answers: readonly Answer[]): readonly (FaultCode | undefined)[] =>
  answers.map((answer) => refusalOf(target, answer))

const times = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, i) => make(i))

describe.each(['connector', 'proxy-service'] as const)('in the %s', (half) => {
  test('A-170 a request that comes again is told to whoever sent it, by either binding', async () => {
    const { asker } = partiesOf(target, half)
    const id = freshId()
    const message = await sign(mintRequest(asker, { id }), asker.signing)
    expectTaken(target, await postRequest(target, asker, message))
    expectRefused(target, await postRequest(target, asker, message), 'SAML_REPLAY', id)
    const query = `?SAMLRequest=${encodeURIComponent(Buffer.from(message).toString('base64'))}`
    expectRefused(target, await target.wire.get(asker.destination + query), 'SAML_REPLAY', id)
  })

  test('A-170 another request with the same ID is as old', async () => {
    const { asker } = partiesOf(target, half)
    const id = freshId()
    expectTaken(target, await postRequest(target, asker, await sign(mintRequest(asker, { id }), asker.signing)))
    const other = await sign(mintRequest(asker, { id, providerName: 'Another' }), asker.signing)
    expectRefused(target, await postRequest(target, asker, other), 'SAML_REPLAY', id)
  })

  test('A-170 a request that was refused for what it says cannot be tried again', async () => {
    const { asker } = partiesOf(target, half)
    const id = freshId()
    const wrong = await sign(mintRequest(asker, { id, destination: 'https://elsewhere.example/' }), asker.signing)
    expectRefused(target, await postRequest(target, asker, wrong), 'SAML_DEST', id)
    const right = await sign(mintRequest(asker, { id }), asker.signing)
    expectRefused(target, await postRequest(target, asker, right), 'SAML_REPLAY', id)
  })

  test('A-170 a forged request does not use up the ID of the right one', async () => {
    const { asker, answerer } = partiesOf(target, half)
    const id = freshId()
    const part = mintRequest(asker, { id })
    expectPage(target, await postRequest(target, asker, await sign(part, answerer.signing)), 'DS_KEY')
    expectTaken(target, await postRequest(target, asker, await sign(part, asker.signing)))
  })

  test('A-170 an answer that comes again finds its flow used', async () => {
    const flow = await openFlow(target, half)
    const message = await signedAnswer(flow)
    expect((await releasedIn(target, await complete(flow, message))).inResponseTo).toBe(flow.askedId)
    expectPage(target, await postAnswer(flow, message), 'ST_GONE')
    await expectNotReusable(flow)
  })

  test('A-170 a Response ID counts once, though all else is fresh', async () => {
    const id = freshId()
    const first = await openFlow(target, half)
    await releasedIn(target, await complete(first, await signedAnswer(first, { response: { id } })))
    const second = await openFlow(target, half)
    expectAnswered(second, await postAnswer(second, await signedAnswer(second, { response: { id } })), 'SAML_REPLAY')
    await expectNotReusable(second)
  })

  test('A-170 an Assertion ID counts once, though all else is fresh', async () => {
    const id = freshId()
    const first = await openFlow(target, half)
    await releasedIn(target, await complete(first, await signedAnswer(first, { assertion: { id } })))
    const second = await openFlow(target, half)
    expectAnswered(second, await postAnswer(second, await signedAnswer(second, { assertion: { id } })), 'SAML_REPLAY')
    await expectNotReusable(second)
  })

  test('A-170 the same assertion in a fresh response is an answer to another request', async () => {
    const first = await openFlow(target, half)
    const encrypted = await encryptFor(recipientOf(first), mintAssertion(first))
    const key = first.answerer.signing
    const original = await sign(mintResponse(first, { encryptedAssertions: [encrypted] }), key)
    await releasedIn(target, await complete(first, original))
    const second = await openFlow(target, half)
    const copy = await sign(mintResponse(second, { encryptedAssertions: [encrypted] }), key)
    expectAnswered(second, await postAnswer(second, copy), 'SAML_IRT')
  })

  test('A-170 a refusal of the asked party counts once as well', async () => {
    const first = await openFlow(target, half)
    const id = freshId()
    const refusal = (flow: Flow) =>
      sign(mintRefusal(flow, ['Responder', 'AuthnFailed'], undefined, id), flow.answerer.signing)
    expectAnswered(first, await postAnswer(first, await refusal(first)), 'AUTHN_FAILED')
    const second = await openFlow(target, half)
    expectAnswered(second, await postAnswer(second, await refusal(second)), 'SAML_REPLAY')
  })

  test('A-171 of 100 posts of one request at once, one counts', async () => {
    const { asker } = partiesOf(target, half)
    const message = await sign(mintRequest(asker), asker.signing)
    // On a busy machine the node puts off some of them unread; those are posted again.
    const posted = async (): Promise<string | undefined> => {
      const [code] = codesOf([await postRequest(target, asker, message)])
      return code === 'WEB_BUSY' ? posted() : code
    }
    const codes = await Promise.all(times(100, posted))
    expect(codes.filter((code) => code === undefined)).toHaveLength(1)
    expect(codes.filter((code) => code === 'SAML_REPLAY')).toHaveLength(99)
  })

  test('A-171 of 100 posts of one answer at once, one counts', async () => {
    const flow = await openFlow(target, half)
    const message = await signedAnswer(flow)
    const codes = codesOf(await Promise.all(times(100, () => postAnswer(flow, message))))
    expect(codes.filter((code) => code === undefined)).toHaveLength(1)
    expect(codes.filter((code) => code === 'ST_GONE')).toHaveLength(99)
    await expectNotReusable(flow)
  })

  test('A-171 of 20 flows that are answered with one assertion ID at once, one gets an identity', async () => {
    const id = freshId()
    const flows = await Promise.all(times(20, () => openFlow(target, half)))
    const messages = await Promise.all(flows.map((flow) => signedAnswer(flow, { assertion: { id } })))
    const answers = await Promise.all(flows.map((flow, index) => postAnswer(flow, messages[index] ?? Buffer.alloc(0))))
    const codes = codesOf(answers)
    expect(codes.filter((code) => code === undefined)).toHaveLength(1)
    expect(codes.filter((code) => code === 'SAML_REPLAY')).toHaveLength(19)
  })

  test('A-172 a request stays known for as long as it could be taken again', async () => {
    const { asker } = partiesOf(target, half)
    const id = freshId()
    // A minute ahead of us is the latest time that is taken.
    const message = await sign(mintRequest(asker, { id, issueInstant: Date.now() + 59_000 }), asker.signing)
    expectTaken(target, await postRequest(target, asker, message))
    for (const seconds of [1, 59, 240, 59, 55, 4]) {
      wait(seconds)
      expectRefused(target, await postRequest(target, asker, message), 'SAML_REPLAY', id)
    }
    for (const seconds of [60, 60, 3_600]) {
      wait(seconds)
      const code = refusalOf(target, await postRequest(target, asker, message))
      expect(['SAML_REPLAY', 'SAML_TIME']).toContain(code)
    }
  })

  test('A-172 a request from the future is refused, and not remembered until then', async () => {
    const { asker } = partiesOf(target, half)
    const id = freshId()
    const message = await sign(mintRequest(asker, { id, issueInstant: Date.UTC(9999, 0) }), asker.signing)
    expectRefused(target, await postRequest(target, asker, message), 'SAML_TIME', id)
    expectRefused(target, await postRequest(target, asker, message), 'SAML_REPLAY', id)
    wait(600)
    expectRefused(target, await postRequest(target, asker, message), 'SAML_TIME', id)
  })

  test('A-172 an assertion stays known for as long as it could be taken again', async () => {
    const id = freshId()
    const first = await openFlow(target, half)
    await releasedIn(target, await complete(first, await signedAnswer(first, { assertion: { id } })))
    for (const seconds of [60, 240, 59]) {
      wait(seconds)
      const flow = await openFlow(target, half)
      expectAnswered(flow, await postAnswer(flow, await signedAnswer(flow, { assertion: { id } })), 'SAML_REPLAY')
    }
  })

  test('A-172 an answer that comes after its flow is over finds none', async () => {
    const flow = await openFlow(target, half)
    wait(601)
    await expectNotReusable(flow)
  })

  test('A-235 a wall clock that is put back revives nothing', async () => {
    const { asker } = partiesOf(target, half)
    const id = freshId()
    const request = await sign(mintRequest(asker, { id }), asker.signing)
    expectTaken(target, await postRequest(target, asker, request))
    const flow = await openFlow(target, half)
    const message = await signedAnswer(flow)
    await releasedIn(target, await complete(flow, message))
    for (const wall of [-30_000, -300_000, -3_600_000]) {
      ahead.wall = wall
      expectRefused(target, await postRequest(target, asker, request), 'SAML_REPLAY', id)
      expectPage(target, await postAnswer(flow, message), 'ST_GONE')
    }
  })

  test.each([-3_600, 3_600])('A-235 with a clock that is %i seconds off nothing is accepted', async (seconds) => {
    const { asker } = partiesOf(target, half)
    const id = freshId()
    const request = await sign(mintRequest(asker, { id }), asker.signing)
    const flow = await openFlow(target, half)
    const message = await signedAnswer(flow)
    ahead.wall = seconds * 1000
    expectRefused(target, await postRequest(target, asker, request), 'SAML_TIME', id)
    expectAnswered(flow, await postAnswer(flow, message), 'SAML_TIME')
    ahead.wall = 0
    await expectNotReusable(flow)
  })
})

test('A-170 one ID of two senders is two IDs', async () => {
  const { portal, connector } = target.peers
  const id = freshId()
  for (const asker of [portal, connector]) {
    expectTaken(target, await postRequest(target, asker, await sign(mintRequest(asker, { id }), asker.signing)))
  }
})

test('A-171 of 50 presses of one consent button at once, one counts', async () => {
  const flow = await openFlow(target, 'proxy-service')
  const page = await postAnswer(flow, await sign(await mintAnswer(flow), flow.answerer.signing))
  const answers = await Promise.all(times(50, () => submitStep(target, page, [['action', 'continue']])))
  const codes = codesOf(answers)
  expect(codes.filter((code) => code === undefined)).toHaveLength(1)
  expect(codes.filter((code) => code === 'ST_GONE')).toHaveLength(49)
})
