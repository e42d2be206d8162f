import { nameIdFormats } from '../../src/saml/uris.ts'
import { saml } from '../../src/xml/names.ts'
import { el, writeXml } from '../../src/xml/writer.ts'
import {
  base64,
  complete,
  type Flow,
  mintAnswer,
  openFlow,
  postAnswer,
  postRequest,
  recipientOf,
  signedAnswer,
} from '../testkit/flow.ts'
import {
  assertionTo,
  citizen,
  cut,
  encryptFor,
  type Facts,
  freshId,
  mintAssertion,
  mintAttributes,
  mintRefusal,
  mintRequest,
  mintResponse,
  sign,
} from '../testkit/mint.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectAnswered, expectPage, expectRefused, refusalOf, releasedIn } from '../testkit/verdict.ts'

/* What the log says, and what it never says. */

let target: Target
beforeEach(async () => {
  target = await startTarget()
}, 30_000)
afterEach(() => target.stop())

/** Every line of the log and every event, as text. */
const told = (): string => [...target.logged, ...target.events.map((event) => JSON.stringify(event))].join('\n')

const SECRET = 'Xenophilia'

describe.each(['connector', 'proxy-service'] as const)('in the %s', (half) => {
  test('A-250 a sign-in leaves no trace of the citizen, of a secret or of a message', async () => {
    const flow = await openFlow(target, half)
    const released = await releasedIn(target, await complete(flow))
    const values = [...Object.values(citizen), ...Object.values(released.attributes).flat(), released.nameId ?? '']
    for (const value of values) expect(told()).not.toContain(value)
    const [, secret = ''] = flow.cookies.split('=')
    for (const text of [secret, flow.handle, flow.relayState, 'PHNhbWw', '<saml', 'PRIVATE KEY']) {
      expect(told()).not.toContain(text)
    }
  })

  test('A-250 what is needed to follow the messages is there: which node, which message, when', async () => {
    const flow = await openFlow(target, half)
    await complete(flow)
    const lines = target.logged.map((line) => JSON.parse(line)).filter((line) => line.half === half)
    expect(lines.map(({ event }) => event).filter((event) => event !== 'step')).toEqual([
      'received',
      'asked',
      'answer-received',
      'answered',
    ])
    expect(new Set(lines.map((line) => line.flow)).size).toBe(1)
    expect(lines).toContainEqual(expect.objectContaining({ requester: flow.asker.entityId, messageId: flow.askedId }))
    expect(lines).toContainEqual(
      expect.objectContaining({ entityId: flow.answerer.entityId, messageId: flow.requestId }),
    )
    for (const { time } of lines) expect(Date.parse(time)).toBeGreaterThan(Date.now() - 60_000)
  })

  const wrong: readonly (readonly [what: string, facts: Facts])[] = [
    ['a name nobody would see', { CurrentFamilyName: `${SECRET}\u202e` }],
    ['a name that is too long', { CurrentGivenName: SECRET.repeat(200) }],
    ['a date that is none', { DateOfBirth: SECRET }],
    ['a date to come', { DateOfBirth: `2099-01-01${SECRET}` }],
    ['an identifier with white space', { PersonIdentifier: `${SECRET} 1` }],
    ['an identifier of another country', { PersonIdentifier: `ZZ/YY/${SECRET}` }],
    ['an identifier that is too long', { PersonIdentifier: SECRET.repeat(30) }],
    ['an attribute without a value', { CurrentFamilyName: '', CurrentGivenName: SECRET }],
  ]
  test.each(wrong)('A-250 a refusal does not say the value: %s', async (_, facts) => {
    const flow = await openFlow(target, half)
    const attributes = mintAttributes(flow.answerer, { ...citizen, ...facts })
    const answer = await postAnswer(
      flow,
      await signedAnswer(flow, { assertion: { attributeStatements: [attributes] } }),
    )
    expect(refusalOf(target, answer)).toMatch(/^EID_/)
    expectUntold(flow)
  })

  test('A-250 a refusal does not say a value that is an element, or comes twice', async () => {
    const flow = await openFlow(target, half)
    const [first, ...others] = mintAttributes(flow.answerer)
    if (first === undefined) throw new TypeError('no attributes')
    const element = el(saml('AttributeValue'), {}, el(saml('NameID'), { Format: nameIdFormats.persistent }, SECRET))
    const second = { ...first, values: [el(saml('AttributeValue'), {}, SECRET)] }
    for (const attributes of [
      [{ ...first, values: [element] }, ...others],
      [first, second, ...others],
    ]) {
      const one = await openFlow(target, half)
      const message = await signedAnswer(one, { assertion: { attributeStatements: [attributes] } })
      expect(refusalOf(target, await postAnswer(one, message))).toMatch(/^(SAML|XML)_/)
      expectUntold(one)
    }
  })

  test.each([
    ['is not escaped', `${SECRET} & Sons`],
    ['opens an element', `Smith <${SECRET}`],
    ['is an element', `<saml2:NameID>${SECRET}</saml2:NameID>`],
    ['is an attribute of an element', `<saml2:NameID NameQualifier="${SECRET}">Smith</saml2:NameID>`],
    ['is an entity', `&${SECRET};`],
    ['is a comment', `<!--${SECRET}-->`],
    ['is a character reference that is none', `&#${SECRET};`],
    ['is a CDATA section', `<![CDATA[${SECRET}]]>`],
    ['has a namespace', `<x xmlns="urn:${SECRET}"/>`],
  ])('A-250 an assertion that cannot be read is not quoted: a value %s', async (_, raw) => {
    const flow = await openFlow(target, half)
    const octets = cut(writeXml(mintAssertion(flow)), `>${citizen.CurrentFamilyName}<`, `>${raw}<`)
    const encrypted = await encryptFor(recipientOf(flow), octets)
    const message = await sign(mintResponse(flow, { encryptedAssertions: [encrypted] }), flow.answerer.signing)
    expect(refusalOf(target, await postAnswer(flow, message))).toMatch(/^(ENC|XML|DS)_/)
    expectUntold(flow)
  })

  test('A-250 what the asked party says of the citizen in a status is not passed on, to nobody', async () => {
    const flow = await openFlow(target, half)
    const refusal = mintRefusal(flow, ['Responder', 'AuthnFailed'], `AUTHN_FAILED - no account for ${SECRET}`)
    const answer = await postAnswer(flow, await sign(refusal, flow.answerer.signing))
    expectAnswered(flow, answer, 'AUTHN_FAILED')
    expectUntold(flow)
  })

  test('A-249 text of others is one line of printable ASCII, and is what it was', async () => {
    const { asker } = await openFlow(target, half)
    const forged = '\n{"level":"info","event":"answered"}\r\n\u001b[2J"}{\\u0000'
    const readable = forged.replace('\u001b', '').replace('\r', '')
    const issuer = { value: `https://evil.example/${readable}` }
    const stranger = await sign(mintRequest(asker, { issuer }), asker.signing)
    expectPage(target, await postRequest(target, asker, stranger), 'SAML_ISSUER')

    const destination = `https://évil.example/‮"}${'x'.repeat(20_000)}`
    const id = `_Ñandú-${freshId()}`
    const lost = await sign(mintRequest(asker, { id, destination }), asker.signing)
    expectRefused(target, await postRequest(target, asker, lost), 'SAML_DEST', id)

    const agent = { 'User-Agent': 'x\t"}\\u0000é', Referer: 'https://x/"}\\n', 'X-Forwarded-For': '1\t2' }
    expectPage(target, await target.wire.get('/nowhere?"}', { headers: agent }), 'WEB_UNKNOWN')

    for (const line of target.logged) {
      expect(line).toMatch(/^\{[\x20-\x7e]*\}\n$/)
      expect(line.length).toBeLessThan(8_192)
      expect(['info', 'warn', 'error']).toContain(JSON.parse(line).level)
    }
    const details = target.logged.map((line) => String(JSON.parse(line).detail))
    expect(details.some((detail) => detail.includes(issuer.value))).toBe(true)
    expect(told()).not.toMatch(/User-Agent|Referer|1\t2/)
  })

  test('A-249 a forged answer says nothing in the log but that it was refused', async () => {
    const flow = await openFlow(target, half)
    const message = await sign(await mintAnswer(flow), flow.asker.signing)
    const before = target.events.length
    expectAnswered(flow, await postAnswer(flow, message), 'DS_KEY')
    expect(target.events.slice(before).map(({ event }) => event)).toEqual(['fault', 'answered'])
  })

  /** Neither in the clear nor as part of a message. */
  function expectUntold(flow: Flow): void {
    expect(told()).not.toContain(SECRET)
    expect(told()).not.toContain(base64(Buffer.from(SECRET)).slice(0, 12))
    for (const value of Object.values(citizen)) expect(told()).not.toContain(value)
    expect(told()).toContain(flow.askedId)
  }
})

test('A-250 a name identifier that is refused is not said', async () => {
  const flow = await openFlow(target, 'connector')
  const { subject } = assertionTo(flow)
  const message = await signedAnswer(flow, {
    assertion: { subject: { confirmations: [], ...subject, nameId: { value: SECRET.repeat(60) } } },
  })
  expectAnswered(flow, await postAnswer(flow, message), 'SAML_NAMEID')
  expect(told()).not.toContain(SECRET)
})
