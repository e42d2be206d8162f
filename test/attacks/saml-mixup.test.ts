import { type Flow, openFlow, postAnswer, signedAnswer } from '../testkit/flow.ts'
import { mintAssertion, mintRefusal, mintResponse, sign } from '../testkit/mint.ts'
import { OTHER_COUNTRY, type Peer } from '../testkit/peers.ts'
import { type Crowd, startCrowd } from '../testkit/strangers.ts'
import { expectAnswered, expectNotReusable } from '../testkit/verdict.ts'

/*
 * the answer of somebody who is trusted and was not asked. Every message here is signed by a peer of the
 * registry with its own key.
 */

let crowd: Crowd
beforeAll(async () => {
  crowd = await startCrowd()
}, 60_000)
afterAll(() => crowd.stop())

const halves = ['connector', 'proxy-service'] as const

/** The same flow as if the stranger had been asked. */
function asIf(flow: Flow): Flow {
  const { target, secondIdentityProvider } = crowd
  return { ...flow, answerer: flow.half === 'connector' ? target.peers.otherProxyService : secondIdentityProvider }
}

const strangerTo = (flow: Flow): Peer => asIf(flow).answerer

describe.each(halves)('%s acs', (half) => {
  const open = () => openFlow(crowd.target, half)

  test('A-165 a right answer of somebody else is refused', async () => {
    const flow = await open()
    expectAnswered(flow, await postAnswer(flow, await signedAnswer(asIf(flow))), 'SAML_MIXUP')
    await expectNotReusable(flow)
  })

  test('A-165 a cancellation by somebody else is refused', async () => {
    const flow = await open()
    const refusal = mintRefusal(asIf(flow), ['Responder', 'AuthnFailed'], 'USER_CANCELLED - x')
    expectAnswered(flow, await postAnswer(flow, await sign(refusal, strangerTo(flow).signing)), 'SAML_MIXUP')
    await expectNotReusable(flow)
  })

  test('A-165 somebody else in the name of the one who was asked is refused', async () => {
    const flow = await open()
    const message = await sign(mintResponse(flow, { assertions: [mintAssertion(flow)] }), strangerTo(flow).signing)
    expectAnswered(flow, await postAnswer(flow, message), 'DS_KEY')
    await expectNotReusable(flow)
  })

  test('A-165 the assertion of somebody else in a right response is refused', async () => {
    const flow = await open()
    const issuer = { value: strangerTo(flow).entityId }
    expectAnswered(flow, await postAnswer(flow, await signedAnswer(flow, { assertion: { issuer } })), 'SAML_ISSUER')
    await expectNotReusable(flow)
  })

  test('A-165 a right response in the name of somebody else is refused', async () => {
    const flow = await open()
    const message = await signedAnswer(flow, { response: { issuer: { value: strangerTo(flow).entityId } } })
    expectAnswered(flow, await postAnswer(flow, message), 'DS_KEY')
    await expectNotReusable(flow)
  })
})

test('connector acs: A-165 the answers of two countries, each in the flow of the other, are refused', async () => {
  const first = await openFlow(crowd.target, 'connector')
  const second = await openFlow(crowd.target, 'connector', {}, OTHER_COUNTRY)
  expectAnswered(first, await postAnswer(first, await signedAnswer(second)), 'SAML_IRT')
  expectAnswered(
    second,
    await postAnswer(second, await signedAnswer({ ...second, answerer: first.answerer })),
    'SAML_MIXUP',
  )
  await expectNotReusable(first)
  await expectNotReusable(second)
})
