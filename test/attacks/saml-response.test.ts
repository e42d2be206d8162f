import type { FaultCode } from '../../src/errors/faults.ts'
import type { Response } from '../../src/saml/response.ts'
import { nameIdFormats, statuses } from '../../src/saml/uris.ts'
import { samlp } from '../../src/xml/names.ts'
import { el, writeXml, type XmlPart } from '../../src/xml/writer.ts'
import { base64, complete, type Flow, mintAnswer, openFlow, postAnswer, signedAnswer } from '../testkit/flow.ts'
import {
  attempt,
  expectAccepted,
  expectRefusal,
  type Forgery,
  otherHalf,
  responseWays,
  ways,
} from '../testkit/forge.ts'
import { freshId, mintAssertion, mintRefusal, mintResponse, sign } from '../testkit/mint.ts'
import {
  all,
  appended,
  at,
  attribute,
  type Change,
  content,
  doubled,
  named,
  swap,
  without,
} from '../testkit/surgery.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import {
  expectAnswered,
  expectNotReusable,
  expectPage,
  expectStillOpen,
  refusalOf,
  releasedIn,
} from '../testkit/verdict.ts'

/*
 * in responses. Whoever asked is told with a signature, and the
 * flow is over: neither the forged answer nor the right one is taken any more.
 */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

const members = (response: (flow: Flow) => Partial<Response<XmlPart>>): Forgery => ({ response })
const part = (...changes: readonly Change[]): Forgery => ({ part: all(...changes) })
const issued = (text: string) => part(attribute('IssueInstant', text))
const to = (change: (acs: string) => string | undefined) =>
  members(({ answerer }) => ({ destination: change(answerer.destination) }))
const from = (change: (entityId: string) => string, format: string = nameIdFormats.entity) =>
  members(({ answerer }) => ({ issuer: { value: change(answerer.entityId), format } }))
const answering = (change: (flow: Flow) => string | undefined) => members((flow) => ({ inResponseTo: change(flow) }))
const saying = (...codes: readonly string[]): Forgery => members(() => ({ status: { codes } }))
const nothing = { assertions: [], encryptedAssertions: [] } as const

const STATUS = 'urn:oasis:names:tc:SAML:2.0:status:'
const failing = (...codes: readonly string[]): Forgery => members(() => ({ status: { codes }, ...nothing }))
const onlyIssuer: Change = ({ children, ...rest }) => ({ ...rest, children: children.slice(0, 1) })
const code = (value: string, ...inside: readonly XmlPart[]) => el(samlp('StatusCode'), { Value: value }, ...inside)

const attacks: readonly (readonly [title: string, forgery: Forgery, code: FaultCode])[] = [
  ['A-152 no ID', { octets: swap(/ ID="[^"]*"/, '') }, 'DS_URI'],
  ...['1.1', '2', ' 2.0', '3.0', ''].map(
    (version) => [`A-153 version ${JSON.stringify(version)}`, members(() => ({ version })), 'SAML_VERSION'] as const,
  ),
  ['A-153 no version', part(attribute('Version', undefined)), 'XML_SCHEMA'],
  ['A-154 no IssueInstant', part(attribute('IssueInstant', undefined)), 'XML_SCHEMA'],
  ['A-154 an empty IssueInstant', issued(''), 'XML_SCHEMA'],
  ['A-154 the 30th of February', issued('2026-02-30T12:00:00Z'), 'XML_SCHEMA'],
  [
    'A-154 an IssueInstant that is past in its time zone',
    issued(new Date().toISOString().replace('Z', '+01:00')),
    'SAML_TIME',
  ],
  ['A-154 an IssueInstant of no time zone', issued(new Date().toISOString().replace('Z', '')), 'SAML_TIME'],
  ['A-154 24 hours', issued('2026-11-23T24:00:00Z'), 'SAML_TIME'],
  ['A-155 a year that Date.parse makes NaN of', issued('12026-11-23T12:00:00Z'), 'SAML_TIME'],
  ['A-156 issued in 65 seconds', members(() => ({ issueInstant: Date.now() + 65_000 })), 'SAML_TIME'],
  ['A-156 issued 365 seconds ago', members(() => ({ issueInstant: Date.now() - 365_000 })), 'SAML_TIME'],
  ['A-161 no Destination', to(() => undefined), 'SAML_DEST'],
  ['A-161 an empty Destination', to(() => ''), 'SAML_DEST'],
  ['A-161 a Destination with a slash more', to((acs) => `${acs}/`), 'SAML_DEST'],
  ['A-161 a Destination with a query', to((acs) => `${acs}?x=1`), 'SAML_DEST'],
  ['A-161 a Destination on another host', to((acs) => acs.replace('localhost', 'evil.example')), 'SAML_DEST'],
  ['A-161 a Destination on another port', to((acs) => acs.replace(/:\d+/, ':1')), 'SAML_DEST'],
  ['A-161 a Destination in capitals', to((acs) => acs.replace('localhost', 'LOCALHOST')), 'SAML_DEST'],
  ['A-161 a Destination with us as its user', to((acs) => `${acs}@evil.example/`), 'SAML_DEST'],
  ['A-068, A-161 a Destination with a blank that XML has not', to((acs) => `\u00a0${acs}`), 'XML_SCHEMA'],
  ['A-161 the other half as Destination', to(otherHalf), 'SAML_DEST'],
  ['R-IA-15, A-162 no InResponseTo', answering(() => undefined), 'SAML_IRT'],
  ['A-162 an empty InResponseTo', answering(() => ''), 'XML_SCHEMA'],
  ['R-IA-15, A-162 the answer to nobody', answering(() => freshId()), 'SAML_IRT'],
  ['A-162 the answer to the one who asked us', answering(({ askedId }) => askedId), 'SAML_IRT'],
  ['A-068, A-162 an InResponseTo with white space', answering(({ requestId }) => ` ${requestId} `), 'SAML_IRT'],
  ['A-162 an InResponseTo in capitals', answering(({ requestId }) => requestId.toUpperCase()), 'SAML_IRT'],
  ['A-164 no Issuer', part(without('Issuer')), 'SAML_ISSUER'],
  ['A-164 an empty Issuer', from(() => ''), 'SAML_ISSUER'],
  ['A-068, A-164 an Issuer with white space', from((id) => `${id} `), 'SAML_ISSUER'],
  ['A-164 an Issuer in capitals', from((id) => id.replace('https', 'HTTPS')), 'SAML_ISSUER'],
  ['A-164 an Issuer that is a person', from((id) => id, nameIdFormats.persistent), 'SAML_ISSUER'],
  ['A-164 an Issuer nobody knows', from(() => 'https://evil.example/'), 'SAML_ISSUER'],
  ['R-IA-13, A-167 no assertion', members(() => nothing), 'SAML_COUNT'],
  ['A-168 a success in other letters', saying(statuses.success.toLowerCase()), 'SAML_STATUS'],
  ['A-068, A-168 a success with a blank that XML has not', saying(`${statuses.success}\u00a0`), 'SAML_STATUS'],
  ['A-168 an empty code', saying(''), 'SAML_STATUS'],
  ['R-MF-50, A-168 a code nobody defined', saying('urn:evil'), 'SAML_STATUS'],
  ['A-168 a code of the second level on top', saying(`${STATUS}AuthnFailed`), 'SAML_STATUS'],
  ['A-168 a failure of a code nobody defined', failing('urn:evil'), 'SAML_STATUS'],
  ['A-168 a failure of a code of the second level', failing(`${STATUS}AuthnFailed`), 'SAML_STATUS'],
  ['A-168 a failure of an empty second code', failing(statuses.responder, ''), 'SAML_STATUS'],
  ['A-168 a success that a second code takes back', saying(statuses.success, `${STATUS}AuthnFailed`), 'SAML_STATUS'],
  ['R-MF-59, A-168 a failure with an assertion', saying(statuses.responder), 'UPSTREAM_REFUSED'],
  [
    'A-168 a failure in two codes with an assertion',
    saying(statuses.responder, `${STATUS}AuthnFailed`),
    'AUTHN_FAILED',
  ],
  ['A-168 three levels', saying(statuses.responder, `${STATUS}AuthnFailed`, 'urn:x'), 'SAML_STATUS'],
  [
    'A-168 a success five levels deep',
    part(at('Status', content([1, 2, 3, 4].reduce((inner) => code('urn:x', inner), code(statuses.success))))),
    'SAML_STATUS',
  ],
  ['A-168 two codes', part(at('Status', doubled('StatusCode'))), 'XML_SCHEMA'],
  ['A-168 a code without value', part(at('Status/StatusCode', attribute('Value', undefined))), 'XML_SCHEMA'],
  [
    'A-169 an AuthnRequest',
    part(named(samlp('AuthnRequest')), attribute('InResponseTo', undefined), onlyIssuer),
    'SAML_TYPE',
  ],
  [
    'A-169 a LogoutResponse',
    part(named(samlp('LogoutResponse')), without('Assertion'), without('EncryptedAssertion')),
    'SAML_TYPE',
  ],
  [
    'A-169 a ManageNameIDResponse',
    part(named(samlp('ManageNameIDResponse')), without('Assertion'), without('EncryptedAssertion')),
    'SAML_TYPE',
  ],
  ['A-169 SAML 1.1', part(named({ namespace: 'urn:oasis:names:tc:SAML:1.0:protocol' })), 'SAML_TYPE'],
  [
    'R-MF-56, A-200 a success without signature',
    { octets: swap(/<ds:Signature .*?<\/ds:Signature>/s, '') },
    'DS_MISSING',
  ],
  ['R-IA-33, A-153 no version, taken away after signing', { octets: swap(' Version="2.0"', '') }, 'XML_SCHEMA'],
]

describe.each(responseWays)('%s', (way) => {
  const { half } = ways[way]
  const open = () => openFlow(target, half)

  test.each(attacks)('%s is refused', async (_, forgery, code) => {
    await expectRefusal(await attempt(target, way, forgery), code)
  })

  test.each<[string, Forgery]>([
    ['A-156 issued in 55 seconds', members(() => ({ issueInstant: Date.now() + 55_000 }))],
    ['A-156 issued 350 seconds ago', members(() => ({ issueInstant: Date.now() - 350_000 }))],
    ['A-154 an IssueInstant in UTC by an offset', issued(new Date().toISOString().replace('Z', '-00:00'))],
    ['A-068, A-161 a Destination with white space around it', to((acs) => ` ${acs}`)],
    ['A-068, A-168 a success with white space around it', saying(`${statuses.success} `)],
    ['A-164 an Issuer without Format', members(({ answerer }) => ({ issuer: { value: answerer.entityId } }))],
  ])('%s is accepted', async (_, forgery) => {
    await expectAccepted(await attempt(target, way, forgery))
  })

  test.each<[string, (flow: Flow) => Promise<XmlPart>]>([
    [
      'two assertions in the clear',
      async (flow) => mintResponse(flow, { assertions: [mintAssertion(flow), mintAssertion(flow)] }),
    ],
    ['two encrypted assertions', async (flow) => doubled('EncryptedAssertion')(await mintAnswer(flow))],
    [
      'an assertion in the clear beside an encrypted one',
      async (flow) => appended(mintAssertion(flow))(await mintAnswer(flow)),
    ],
  ])('R-IA-13, A-167 %s are refused', async (_, mint) => {
    const flow = await open()
    expectAnswered(flow, await postAnswer(flow, await sign(await mint(flow), flow.answerer.signing)), 'SAML_COUNT')
    await expectNotReusable(flow)
  })

  test('A-200 a failure without signature is refused, and ends nothing but the flow it came in', async () => {
    const flow = await open()
    const other = await open()
    const unsigned = writeXml(mintRefusal(flow, ['Responder', 'AuthnFailed']))
    expectAnswered(flow, await postAnswer(flow, unsigned), 'DS_MISSING')
    await expectNotReusable(flow)
    await expectStillOpen(other)
  })

  test('A-162 the answer to another flow is refused in this one, and in its own it is still good', async () => {
    const [first, second] = [await open(), await open()]
    const message = await signedAnswer(first)
    expectAnswered(second, await postAnswer(second, message), 'SAML_IRT')
    await expectNotReusable(second)
    expect((await releasedIn(target, await complete(first, message))).inResponseTo).toBe(first.askedId)
  })

  test('A-163, A-221 an answer nobody asked for belongs to no flow, whoever signed it', async () => {
    const flow = await open()
    const unasked = await sign(mintResponse(flow, { inResponseTo: undefined }), flow.answerer.signing)
    const { wire } = target
    const fields = [['SAMLResponse', base64(unasked)]] as const
    expectPage(target, await wire.post(flow.answerer.destination, fields, { cookies: flow.cookies }), 'ST_GONE')
    expectPage(target, await postAnswer({ ...flow, handle: 'x'.repeat(43) }, unasked), 'ST_SESSION')
    expectPage(target, await postAnswer(flow, unasked, { cookies: '' }), 'ST_SESSION')
    await expectStillOpen(flow)
  })

  test('A-169 an assertion alone is no response', async () => {
    const flow = await open()
    const message = await sign(mintAssertion(flow), flow.answerer.signing)
    expectAnswered(flow, await postAnswer(flow, message), 'SAML_TYPE')
    await expectNotReusable(flow)
  })

  test('A-170 an answer that was taken is not taken again', async () => {
    const flow = await open()
    const message = await signedAnswer(flow)
    await releasedIn(target, await complete(flow, message))
    expectPage(target, await postAnswer(flow, message), 'ST_GONE')
  })

  test.each(['response', 'assertion'] as const)('A-170 the ID of a %s counts once, in whatever flow', async (kind) => {
    const id = freshId()
    const [first, second] = [await open(), await open()]
    await releasedIn(target, await complete(first, await signedAnswer(first, { [kind]: { id } })))
    expectAnswered(second, await postAnswer(second, await signedAnswer(second, { [kind]: { id } })), 'SAML_REPLAY')
    await expectNotReusable(second)
  })

  test('A-171 of the same answer twenty times at once one is taken', async () => {
    const flow = await open()
    const message = await signedAnswer(flow)
    const answers = await Promise.all(Array.from({ length: 20 }, () => postAnswer(flow, message)))
    const codes = answers.map((answer) => refusalOf(target, answer) ?? 'accepted')
    expect(codes.toSorted()).toEqual([...Array(19).fill('ST_GONE'), 'accepted'])
  })

  test('A-171 of ten answers of one ID at once, each in its flow, one is taken', async () => {
    const id = freshId()
    const flows = await Promise.all(Array.from({ length: 10 }, open))
    const messages = await Promise.all(flows.map((flow) => signedAnswer(flow, { response: { id } })))
    const answers = await Promise.all(flows.map((flow, i) => postAnswer(flow, messages[i] ?? new Uint8Array())))
    const codes = answers.map((answer) => refusalOf(target, answer) ?? 'accepted')
    expect(codes.toSorted()).toEqual([...Array(9).fill('SAML_REPLAY'), 'accepted'])
  })
})
