import type { FaultCode } from '../../src/errors/faults.ts'
import type { Half } from '../../src/relay/events.ts'
import { type Assertion, writeAssertion } from '../../src/saml/assertion.ts'
import type { AuthnRequest } from '../../src/saml/authn-request.ts'
import { redirectUrl } from '../../src/saml/bindings/redirect.ts'
import type { Response } from '../../src/saml/response.ts'
import { writeText, type XmlPart } from '../../src/xml/writer.ts'
import type { SigningKey } from '../../src/xmlsec/keys.ts'
import { signElement } from '../../src/xmlsec/sign.ts'
import { type Flow, openFlow, partiesOf, postAnswer, postRequest, recipientOf, submitStep } from './flow.ts'
import { assertionTo, encryptFor, freshId, mintRequest, mintResponse, sign } from './mint.ts'
import type { Peer } from './peers.ts'
import type { Target } from './target.ts'
import { declared, signText } from './text-signature.ts'
import { expectAnswered, expectNotReusable, expectPage, expectRefused, releasedIn } from './verdict.ts'
import { type Answer, cookiesOf } from './wire.ts'

/*
 * Forgeries: right messages with one thing wrong, delivered by each way into a node. What is wrong is signed like
 * the rest, or is put in after signing where the signature does not cover it; either way the signature is alive, and only
 * the rule under test can refuse the message.
 */

/** A way in, and what the attacker writes there. */
export interface Way {
  readonly half: Half
  readonly subject: 'request' | 'response' | 'assertion'
  /** Whether the assertion is encrypted. */
  readonly sealed: boolean
  /** Whether the signature stands in the query, over the octets sent: what is wrong is signed, whatever it is. */
  readonly redirect?: boolean
}

export const ways = {
  'connector sso': { half: 'connector', subject: 'request', sealed: false },
  'proxy-service sso': { half: 'proxy-service', subject: 'request', sealed: false },
  'connector sso by redirect': { half: 'connector', subject: 'request', sealed: false, redirect: true },
  'proxy-service sso by redirect': { half: 'proxy-service', subject: 'request', sealed: false, redirect: true },
  'connector acs': { half: 'connector', subject: 'response', sealed: true },
  'proxy-service acs': { half: 'proxy-service', subject: 'response', sealed: false },
  'connector acs, sealed assertion': { half: 'connector', subject: 'assertion', sealed: true },
  'proxy-service acs, sealed assertion': { half: 'proxy-service', subject: 'assertion', sealed: true },
  'proxy-service acs, clear assertion': { half: 'proxy-service', subject: 'assertion', sealed: false },
} as const satisfies Readonly<Record<string, Way>>

export type WayName = keyof typeof ways

export const requestWays = ['connector sso', 'proxy-service sso'] as const
const redirectWays = ['connector sso by redirect', 'proxy-service sso by redirect'] as const
export const responseWays = ['connector acs', 'proxy-service acs'] as const
const sealedWays = ['connector acs, sealed assertion', 'proxy-service acs, sealed assertion'] as const
/** Every assertion that is read, in the form each half usually gets it. */
export const assertionWays = ['connector acs, sealed assertion', 'proxy-service acs, clear assertion'] as const
/** Every door with octets of its own behind it. */
export const everyWay = [...requestWays, ...redirectWays, ...responseWays, ...sealedWays] as const

export interface Forgery {
  /** Members of the request that opens the flow, for attacks on its answer. */
  readonly asking?: Partial<AuthnRequest<XmlPart>>
  /** Other members than the right ones. */
  readonly request?: (asker: Peer) => Partial<AuthnRequest<XmlPart>>
  readonly response?: (flow: Flow) => Partial<Response<XmlPart>>
  readonly assertion?: (right: Assertion<XmlPart>, flow: Flow) => Partial<Assertion<XmlPart>>
  /** Changes the tree of the way's subject before it is signed. */
  readonly part?: (part: XmlPart) => XmlPart
  /** Changes its canonical text before it is signed, into text that is canonical too. */
  readonly text?: (text: string) => string
  /** Changes what is sent, after it was signed. */
  readonly octets?: (signed: string) => string | Uint8Array
}

/** A forgery that was sent, and the answer to it. */
export interface Attempt {
  readonly target: Target
  readonly way: Way
  readonly answer: Answer
  /** ID of the request that was forged, or of the one that opened the flow. */
  readonly id: string
  readonly flow?: Flow
}

export async function attempt(target: Target, name: WayName, forgery: Forgery = {}): Promise<Attempt> {
  const way = ways[name]
  return way.subject === 'request' ? attemptRequest(target, way, forgery) : attemptAnswer(target, way, forgery)
}

async function attemptRequest(target: Target, way: Way, forgery: Forgery): Promise<Attempt> {
  const { asker } = partiesOf(target, way.half)
  const id = freshId()
  const part = mintRequest(asker, { id, ...forgery.request?.(asker) })
  const answer = way.redirect
    ? await getRequest(target, asker, unsigned(part, forgery))
    : await postRequest(target, asker, await forged(part, forgery, asker.signing))
  return { target, way, answer, id }
}

async function getRequest({ wire }: Target, asker: Peer, xml: Uint8Array): Promise<Answer> {
  return wire.get(await redirectUrl({ location: asker.destination, parameter: 'SAMLRequest', xml }, asker.signing))
}

async function attemptAnswer(target: Target, way: Way, forgery: Forgery): Promise<Attempt> {
  const flow = await openFlow(target, way.half, forgery.asking)
  const right = assertionTo(flow)
  const assertion = writeAssertion({ ...right, ...forgery.assertion?.(right, flow) })
  const { signing } = flow.answerer
  const given = mintResponse(flow, { ...(await holding(flow, way, forgery, assertion)), ...forgery.response?.(flow) })
  const message = way.subject === 'response' ? await forged(given, forgery, signing) : await sign(given, signing)
  return { target, way, flow, id: flow.askedId, answer: await postAnswer(flow, message) }
}

/** The assertion as the response holds it; forged itself where that is the way. */
async function holding(
  flow: Flow,
  { subject, sealed }: Way,
  forgery: Forgery,
  assertion: XmlPart,
): Promise<Partial<Response<XmlPart>>> {
  const isForged = subject === 'assertion'
  const part = isForged ? (forgery.part?.(assertion) ?? assertion) : assertion
  if (!sealed) return { assertions: [part] }
  const isText = isForged && (forgery.text ?? forgery.octets) !== undefined
  const content = isText ? await forged(assertion, forgery, flow.answerer.signing) : part
  return { encryptedAssertions: [await encryptFor(recipientOf(flow), content)] }
}

function unsigned(part: XmlPart, { part: change, text, octets }: Forgery): Uint8Array {
  const written = writeText(change?.(part) ?? part)
  const changed = text?.(written) ?? written
  const sent = octets?.(changed) ?? changed
  return typeof sent === 'string' ? Buffer.from(sent) : sent
}

async function forged(part: XmlPart, { part: change, text, octets }: Forgery, key: SigningKey): Promise<Uint8Array> {
  const changed = change?.(part) ?? part
  const signed =
    text === undefined
      ? writeText(await signElement(changed, key))
      : await signText(text(writeText(changed)), key, { prefixes: declared(changed) })
  const sent = octets?.(signed) ?? signed
  return typeof sent === 'string' ? Buffer.from(sent) : sent
}

/**
 * Refused with this code and nothing else lost: a request that got a page leaves no flow and its ID is still good, one
 * that was answered is spent; an answer is told to whoever asked, and its flow takes no other.
 */
export async function expectRefusal(made: Attempt, code: FaultCode, told: 'page' | 'asker' = 'page'): Promise<void> {
  const { target, answer, flow, id, way } = made
  if (flow !== undefined) {
    expectAnswered(flow, answer, code)
    return expectNotReusable(flow)
  }
  if (told === 'page') expectPage(target, answer, code)
  else expectRefused(target, answer, code, id)
  expect(cookiesOf(answer)).toBe('')
  const { asker } = partiesOf(target, way.half)
  const right = await postRequest(target, asker, await sign(mintRequest(asker, { id }), asker.signing))
  if (told === 'page') expectPassed({ ...made, answer: right })
  else expectRefused(target, right, 'SAML_REPLAY', id)
}

/** Faults that name themselves although the document was a plaintext; the others are told as ENC_PLAINTEXT (rule 22). */
const toldOfPlaintext: readonly FaultCode[] = ['XML_SCHEMA', 'XML_SIZE', 'XML_DIFF', 'XML_DUP_ID']

/** Refused by the parser: as expectRefusal, and of a plaintext the log knows the reason. */
export async function expectUnreadable(made: Attempt, code: FaultCode): Promise<void> {
  const { target, way } = made
  const isPlaintext = way.sealed && way.subject === 'assertion'
  if (!isPlaintext || !code.startsWith('XML_') || toldOfPlaintext.includes(code)) return expectRefusal(made, code)
  expect(target.faults().at(-1)?.detail).toMatch(new RegExp(`^${code}`))
  return expectRefusal(made, 'ENC_PLAINTEXT')
}

/** The request led on to the next party, or to the page before it. */
function expectPassed({ target, answer, way }: Attempt): void {
  const { answerer } = partiesOf(target, way.half)
  const next = way.half === 'connector' ? 'name="country"' : `action="${answerer.endpoint}"`
  expect(answer.body).toContain(next)
  expect(cookiesOf(answer)).not.toBe('')
}

/** Accepted: the request leads on, the answer becomes an identity for whoever asked. */
export async function expectAccepted(made: Attempt): Promise<Awaited<ReturnType<typeof releasedIn>> | undefined> {
  const { target, answer, flow } = made
  if (flow === undefined) {
    expectPassed(made)
    return undefined
  }
  const consents = answer.body.includes('value="continue"')
  const released = await releasedIn(
    target,
    consents ? await submitStep(target, answer, [['action', 'continue']]) : answer,
  )
  expect(released.inResponseTo).toBe(flow.askedId)
  return released
}

/** The same place of the other half of the node. */
export function otherHalf(url: string): string {
  const [from, to] = url.includes('/connector/') ? ['connector', 'proxy-service'] : ['proxy-service', 'connector']
  return url.replace(`/${from}/`, `/${to}/`)
}
