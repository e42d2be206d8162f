import { inflateRawSync } from 'node:zlib'
import { type Form, readForms } from '../../demo/html-reader.ts'
import type { Half } from '../../src/relay/events.ts'
import type { Assertion } from '../../src/saml/assertion.ts'
import type { AuthnRequest } from '../../src/saml/authn-request.ts'
import type { Response } from '../../src/saml/response.ts'
import type { XmlPart } from '../../src/xml/writer.ts'
import { encryptFor, freshId, mintAssertion, mintRequest, mintResponse, sign } from './mint.ts'
import { FOREIGN_COUNTRY, OTHER_COUNTRY, type Peer } from './peers.ts'
import type { Target } from './target.ts'
import { type Answer, cookiesOf, type Sending, tracesOf } from './wire.ts'

/*
 * Sign-ins through a target, up to the point where a test does something else than it should.
 */

/** A sign-in that waits for the answer of the asked party. */
export interface Flow {
  readonly target: Target
  readonly half: Half
  /** Who began it, and who must answer. */
  readonly asker: Peer
  readonly answerer: Peer
  /** ID and RelayState of the request that began it. */
  readonly askedId: string
  readonly relayState: string
  /** Cookie header of the browser it began in. */
  readonly cookies: string
  /** RelayState of the node's own request. */
  readonly handle: string
  /** ID of the node's own request. */
  readonly requestId: string
}

/** Who talks to which half; the country is that of the citizen's eID. */
export function partiesOf({ peers }: Target, half: Half, country?: string): Pick<Flow, 'asker' | 'answerer'> {
  if (half === 'proxy-service') return { asker: peers.connector, answerer: peers.identityProvider }
  return { asker: peers.portal, answerer: country === OTHER_COUNTRY ? peers.otherProxyService : peers.proxyService }
}

export const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64')

/** Posts a request to the half its sender talks to. */
export function postRequest(target: Target, asker: Peer, message: Uint8Array, relayState?: string, sending?: Sending) {
  const state = relayState === undefined ? [] : ([['RelayState', relayState]] as const)
  return target.wire.post(asker.destination, [['SAMLRequest', base64(message)], ...state], sending)
}

/** A right request, the country step where there is one, and the node's own request at the end. */
export async function openFlow(
  target: Target,
  half: Half = 'connector',
  overrides: Partial<AuthnRequest<XmlPart>> = {},
  country = FOREIGN_COUNTRY,
): Promise<Flow> {
  const { asker, answerer } = partiesOf(target, half, country)
  const askedId = overrides.id ?? freshId()
  const relayState = `state-${askedId.slice(1, 9)}`
  const message = await sign(mintRequest(asker, { ...overrides, id: askedId }), asker.signing)
  const first = await postRequest(target, asker, message, relayState)
  const asked = half === 'connector' ? await chooseCountry(target, first, country) : first
  return flowFrom({ target, half, asker, answerer, askedId, relayState }, asked)
}

/** The sign-in that has come to the node's own request. */
export function flowFrom(begun: Omit<Flow, 'cookies' | 'handle' | 'requestId'>, asked: Answer): Flow {
  const { handle, request } = sentIn(asked, begun.answerer.endpoint)
  const requestId = /^<saml2p:AuthnRequest [^>]*\bID="([^"]+)"/.exec(request)?.[1]
  if (requestId === undefined) throw new TypeError('the node asked nobody')
  return { ...begun, handle, requestId, cookies: cookiesOf(asked) }
}

/** The node's own request, in a form or in the query of a link. */
function sentIn(answer: Answer, endpoint: string): { readonly handle: string; readonly request: string } {
  const query = linkOf(answer, endpoint)?.searchParams
  if (query !== undefined) {
    const deflated = Buffer.from(query.get('SAMLRequest') ?? '', 'base64')
    return { handle: query.get('RelayState') ?? '', request: inflateRawSync(deflated).toString() }
  }
  const fields = fieldsOf(answer, endpoint)
  return { handle: fields.get('RelayState') ?? '', request: decoded(fields.get('SAMLRequest')) }
}

/** Where the link on a page leads that goes to this place. */
export function linkOf({ body }: Answer, endpoint: string): URL | undefined {
  const links = [...body.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&'))
  const found = links.find((href) => href.startsWith(`${endpoint}?`))
  return found === undefined ? undefined : new URL(found)
}

/** Sends the country page on. */
export function chooseCountry(target: Target, page: Answer, country = FOREIGN_COUNTRY): Promise<Answer> {
  return submitStep(target, page, [['country', country]])
}

/** Sends a page of the node's own on, in the browser that got it. */
export function submitStep(
  target: Target,
  page: Answer,
  fields: readonly (readonly [string, string])[],
): Promise<Answer> {
  const form = stepFormOf(page)
  const flow = form.controls.find(({ name }) => name === 'flow')?.value ?? ''
  return target.wire.post(target.origin + form.action, [['flow', flow], ...fields], {
    cookies: `${cookiesOf(page)}; ${tracesOf(page)}`,
  })
}

export function stepFormOf(page: Answer): Form {
  const form = readForms(page.body).find(({ controls }) => controls.some(({ name }) => name === 'flow'))
  if (form === undefined) throw new TypeError(`no form of ours on a page of status ${page.status}`)
  return form
}

/** The fields of the form that leads to this place; a TypeError when the answer is no such form. */
export function fieldsOf(answer: Answer, action: string): ReadonlyMap<string, string> {
  const form = readForms(answer.body).find((one) => one.action === action)
  if (form === undefined) throw new TypeError(`status ${answer.status} and no form to ${action}`)
  return new Map(form.controls.map(({ name, value }) => [name, value]))
}

export function decoded(message: string | undefined): string {
  return Buffer.from(message ?? '', 'base64').toString('utf8')
}

export interface AnswerOverrides {
  readonly response?: Partial<Response<XmlPart>>
  readonly assertion?: Partial<Assertion<XmlPart>>
}

/** The right answer to a flow, unsigned: a Response around an assertion encrypted to the node. */
export async function mintAnswer(flow: Flow, { response, assertion }: AnswerOverrides = {}): Promise<XmlPart> {
  const encrypted = await encryptFor(recipientOf(flow), mintAssertion(flow, assertion))
  return mintResponse(flow, { encryptedAssertions: [encrypted], ...response })
}

/** What the answerer of a flow encrypts to, from the node's metadata. */
export function recipientOf({ target: { published }, half }: Flow) {
  const { recipient } = half === 'connector' ? published.proxyService : published.identityProvider
  if (recipient === undefined) throw new TypeError('the node publishes no key to encrypt to')
  return recipient
}

export async function signedAnswer(flow: Flow, overrides: AnswerOverrides = {}): Promise<Uint8Array> {
  return sign(await mintAnswer(flow, overrides), flow.answerer.signing)
}

/** Posts an answer as the flow's own browser would. */
export function postAnswer(flow: Flow, message: Uint8Array, sending: Sending = {}): Promise<Answer> {
  const fields = [
    ['SAMLResponse', base64(message)],
    ['RelayState', flow.handle],
  ] as const
  return flow.target.wire.post(flow.answerer.destination, fields, { cookies: flow.cookies, ...sending })
}

/** The right answer (or this one) and the consent step, until the node has answered whoever asked. */
export async function complete(flow: Flow, message?: Uint8Array): Promise<Answer> {
  const answer = await postAnswer(flow, message ?? (await signedAnswer(flow)))
  const consents = answer.status === 200 && answer.body.includes('value="continue"')
  return consents ? submitStep(flow.target, answer, [['action', 'continue']]) : answer
}
