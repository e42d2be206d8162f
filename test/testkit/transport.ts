import { redirectUrl } from '../../src/saml/bindings/redirect.ts'
import { writeXml } from '../../src/xml/writer.ts'
import { base64, openFlow, partiesOf, postRequest, signedAnswer } from './flow.ts'
import { freshId, mintRequest, sign } from './mint.ts'
import type { Peer } from './peers.ts'
import type { Target } from './target.ts'
import { expectStillOpen, refusalOf } from './verdict.ts'
import { type Answer, encodeForm, type Fields } from './wire.ts'

/*
 * The places where a SAML message comes in, each with a right message in hand. An attack changes how the message is
 * carried; `expectIntact` then shows that the message and its flow still count, once they are carried as they should be.
 */

interface Place {
  readonly target: Target
  readonly peer: Peer
  readonly url: string
  readonly relayState: string
  expectIntact(): Promise<void>
}

/** A place that takes forms: the SSO or the ACS of a half. */
export interface FormPlace extends Place {
  readonly parameter: 'SAMLRequest' | 'SAMLResponse'
  /** The right message. */
  readonly message: Uint8Array
  /** The right body. */
  readonly body: string
  readonly cookies: string | undefined
}

/** The SSO of a half by redirect: the right query, in parts. */
export interface QueryPlace extends Place {
  /** XML of the request without a signature. */
  readonly xml: Uint8Array
  /** `SAMLRequest=…`, `RelayState=…`, `SigAlg=…`, `Signature=…`, or the first two for XML signed inside. */
  readonly pairs: readonly string[]
  get(pairs: readonly string[], headers?: Readonly<Record<string, string>>): Promise<Answer>
}

const halves = ['connector', 'proxy-service'] as const
type Half = (typeof halves)[number]

/** Name and opener with a fresh message, for describe.each. */
type Openers<P> = readonly (readonly [name: string, open: (target: Target) => Promise<P>])[]

function openers<P>(name: string, open: (target: Target, half: Half) => Promise<P>): Openers<P> {
  return halves.map((half) => [`${half} ${name}`, (target) => open(target, half)])
}

export const ssoForms = openers('sso', requestForm)
export const acsForms = openers('acs', answerForm)
export const forms = [...ssoForms, ...acsForms]
export const signedQueries = openers('sso by redirect', signedQuery)
/** As EU nodes redirect: the XML as it is, signed inside. */
export const plainQueries = openers('sso by redirect with XML signed inside', plainQuery)
export const queries = [...signedQueries, ...plainQueries]

async function requestForm(target: Target, half: Half): Promise<FormPlace> {
  const { asker: peer } = partiesOf(target, half)
  const message = await sign(mintRequest(peer), peer.signing)
  const relayState = `state-${freshId().slice(1, 9)}`
  return {
    target,
    peer,
    relayState,
    message,
    parameter: 'SAMLRequest',
    url: peer.destination,
    cookies: undefined,
    body: bodyOf('SAMLRequest', message, relayState),
    expectIntact: async () => expectTaken(target, await postRequest(target, peer, message, relayState)),
  }
}

async function answerForm(target: Target, half: Half): Promise<FormPlace> {
  const flow = await openFlow(target, half)
  const { answerer: peer, handle: relayState, cookies } = flow
  const message = await signedAnswer(flow)
  return {
    target,
    peer,
    relayState,
    message,
    cookies,
    parameter: 'SAMLResponse',
    url: peer.destination,
    body: bodyOf('SAMLResponse', message, relayState),
    expectIntact: () => expectStillOpen(flow),
  }
}

function bodyOf(parameter: FormPlace['parameter'], message: Uint8Array, relayState: string): string {
  const fields: Fields = [
    [parameter, base64(message)],
    ['RelayState', relayState],
  ]
  return encodeForm(fields)
}

const STATE = 'state of the requester'

async function signedQuery(target: Target, half: Half): Promise<QueryPlace> {
  const { asker: peer } = partiesOf(target, half)
  const xml = writeXml(mintRequest(peer))
  const order = { location: peer.destination, parameter: 'SAMLRequest', xml, relayState: STATE } as const
  return queryPlace(target, peer, xml, pairsOf(await redirectUrl(order, peer.signing)))
}

async function plainQuery(target: Target, half: Half): Promise<QueryPlace> {
  const { asker: peer } = partiesOf(target, half)
  const part = mintRequest(peer)
  const body = bodyOf('SAMLRequest', await sign(part, peer.signing), STATE)
  return queryPlace(target, peer, writeXml(part), body.split('&'))
}

function queryPlace(target: Target, peer: Peer, xml: Uint8Array, pairs: readonly string[]): QueryPlace {
  const get: QueryPlace['get'] = (parts, headers = {}) =>
    target.wire.get(`${peer.destination}?${parts.join('&')}`, { headers })
  const expectIntact = async () => expectTaken(target, await get(pairs))
  return { target, peer, xml, pairs, get, expectIntact, relayState: STATE, url: peer.destination }
}

export function pairsOf(url: string): readonly string[] {
  return url.slice(url.indexOf('?') + 1).split('&')
}

/** The request counts: the country is asked for, or the identity provider is. */
export function expectTaken(target: Target, answer: Answer): void {
  expect(refusalOf(target, answer)).toBeUndefined()
  expect(answer.status).toBe(200)
  expect(answer.body).toMatch(/name="(country|SAMLRequest)"/)
}

type Headers = Readonly<Record<string, string | readonly string[]>>

/** Sends a body to a place that takes forms, as its browser would. */
export function send({ target, url, cookies }: FormPlace, body: string | Uint8Array, headers: Headers = {}) {
  return target.wire.post(url, body, { cookies, headers })
}
