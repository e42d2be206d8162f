import { statusUri } from '../../src/errors/faults.ts'
import { nameIdFormats } from '../../src/saml/uris.ts'
import { askProxyService } from '../testkit/asked.ts'
import { complete, decoded, type Flow, fieldsOf, openFlow, postAnswer, signedAnswer } from '../testkit/flow.ts'
import { citizen, freshId, mintRefusal, sign } from '../testkit/mint.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import type { Answer } from '../testkit/wire.ts'

/**
 * R-LAW-7 (Regulation (EU) 2015/1501, 9(3)): after an incident the sequence of messages can be reconstructed from the log
 * alone: which node, which message, when, and what came of it.
 */
let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

type Line = Readonly<Record<string, string>>

const messageEvents = ['received', 'asked', 'answer-received', 'answered', 'fault']

/** The lines about messages since then, without the time and the support code, which are looked at by themselves. */
function linesSince(start: number): readonly Line[] {
  const lines = target.logged.slice(start).map((line): Line => JSON.parse(line))
  const ofMessages = lines.filter(({ event = '' }) => messageEvents.includes(event))
  for (const { time = '', node } of ofMessages) {
    expect(Date.parse(time)).toBeGreaterThan(Date.now() - 60_000)
    expect(node).toBe(target.origin)
  }
  expect(new Set(ofMessages.map(({ flow }) => flow)).size).toBe(1)
  return ofMessages.map(({ time: _, node: __, flow: ___, level: ____, detail: _____, ...told }) => told)
}

/** The ID of the Response in a form, and of the one in these octets. */
const idOf = (xml: string): string => /^<saml2p:Response [^>]*\bID="([^"]+)"/.exec(xml)?.[1] ?? 'none'
const sentTo = (endpoint: string, answer: Answer) => idOf(decoded(fieldsOf(answer, endpoint).get('SAMLResponse')))

/** What is told of a flow up to the answer that came in. */
const begun = (flow: Flow) => [
  { half: flow.half, event: 'received', requester: flow.asker.entityId, messageId: flow.askedId },
  {
    half: flow.half,
    event: 'asked',
    entityId: flow.answerer.entityId,
    messageId: flow.requestId,
    country: flow.half === 'connector' ? 'XB' : 'XA',
  },
]

const cameIn = (flow: Flow, messageId: string, status: string, inResponseTo = flow.requestId) => ({
  half: flow.half,
  event: 'answer-received',
  entityId: flow.answerer.entityId,
  messageId,
  inResponseTo,
  status,
})

const wentOut = (flow: Pick<Flow, 'half' | 'asker' | 'askedId'>, answer: Answer, status: string) => ({
  half: flow.half,
  event: 'answered',
  requester: flow.asker.entityId,
  messageId: sentTo(flow.asker.endpoint, answer),
  inResponseTo: flow.askedId,
  status,
})

const fault = (flow: Flow, code: string) => ({ half: flow.half, event: 'fault', code, told: 'requester' })

describe.each(['connector', 'proxy-service'] as const)('through the %s', (half) => {
  test('R-LAW-7, R-LAW-23: a sign-in: four messages, each with its own ID and that of the one it answers', async () => {
    const start = target.logged.length
    const flow = await openFlow(target, half)
    const message = await signedAnswer(flow)
    const answer = await complete(flow, message)
    expect(linesSince(start)).toEqual([
      ...begun(flow),
      cameIn(flow, idOf(message.toString()), 'Success'),
      wentOut(flow, answer, 'Success'),
    ])
  })

  test('R-LAW-7: a refusal of the asked party', async () => {
    const start = target.logged.length
    const flow = await openFlow(target, half)
    const id = freshId()
    const refusal = mintRefusal(flow, ['Requester', 'RequestDenied'], undefined, id)
    const answer = await postAnswer(flow, await sign(refusal, flow.answerer.signing))
    expect(linesSince(start)).toEqual([
      ...begun(flow),
      cameIn(flow, id, 'Requester/RequestDenied'),
      fault(flow, 'UPSTREAM_REFUSED'),
      wentOut(flow, answer, 'Responder/AuthnFailed'),
    ])
  })

  test('R-LAW-7: an answer that verifies and is refused: it is known which one it was', async () => {
    const start = target.logged.length
    const flow = await openFlow(target, half)
    const id = freshId()
    const other = freshId()
    const message = await signedAnswer(flow, { response: { id, inResponseTo: other } })
    const answer = await postAnswer(flow, message)
    expect(linesSince(start)).toEqual([
      ...begun(flow),
      cameIn(flow, id, 'Success', other),
      fault(flow, 'SAML_IRT'),
      wentOut(flow, answer, 'Responder/AuthnFailed'),
    ])
  })

  test('an answer that does not verify has no ID that anybody could rely on', async () => {
    const start = target.logged.length
    const flow = await openFlow(target, half)
    const forged = { ...flow, answerer: { ...flow.answerer, signing: flow.asker.signing } }
    const answer = await postAnswer(flow, await signedAnswer(forged))
    expect(linesSince(start)).toEqual([
      ...begun(flow),
      fault(flow, 'DS_KEY'),
      wentOut(flow, answer, 'Responder/AuthnFailed'),
    ])
  })
})

test('a request that is refused at once', async () => {
  const start = target.logged.length
  const { connector: asker } = target.peers
  const askedId = freshId()
  const nameIdPolicy = { format: nameIdFormats.emailAddress }
  const answer = await askProxyService(target, { id: askedId, nameIdPolicy })
  expect(linesSince(start)).toEqual([
    { half: 'proxy-service', event: 'received', requester: asker.entityId, messageId: askedId },
    { half: 'proxy-service', event: 'fault', code: 'SAML_NAMEID', told: 'requester' },
    wentOut({ half: 'proxy-service', asker, askedId }, answer, 'Requester/InvalidNameIDPolicy'),
  ])
})

test('R-IA-31, R-LAW-3, R-LAW-25: nothing of the citizen is in it', () => {
  const log = target.logged.join('')
  for (const value of Object.values(citizen)) expect(log).not.toContain(value)
  expect(log).not.toContain(statusUri('Success'))
})
