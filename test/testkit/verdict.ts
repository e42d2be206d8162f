import { readMarked } from '../../demo/html-reader.ts'
import { type FaultCode, faults, sentenceOf, sentences, statusUri } from '../../src/errors/faults.ts'
import type { Half } from '../../src/relay/events.ts'
import { readAssertion } from '../../src/saml/assertion.ts'
import { type Response, readResponse } from '../../src/saml/response.ts'
import { statuses } from '../../src/saml/uris.ts'
import { messageLimits } from '../../src/xml/limits.ts'
import { saml, samlp } from '../../src/xml/names.ts'
import { text } from '../../src/xml/reader.ts'
import { decryptElement } from '../../src/xmlsec/decrypt.ts'
import { nationalEncryption } from '../../src/xmlsec/encryption-policy.ts'
import type { SignedElement } from '../../src/xmlsec/signed.ts'
import { withVerified } from '../../src/xmlsec/verify.ts'
import { base64, complete, type Flow, fieldsOf, postAnswer, signedAnswer } from './flow.ts'
import type { Peer, PeerName } from './peers.ts'
import type { Target } from './target.ts'
import type { Answer } from './wire.ts'

/*
 * What a node may do with a bad message, and nothing else: a page for the citizen, or a signed status for whoever asked.
 */

/** The support code a page shows. */
export function supportCodeOf({ body }: Answer): string | undefined {
  return readMarked(body, 'data-support-code')[0]?.text
}

/** The code behind whatever refusal this is: by its support code, or by the StatusMessage of the response in it. */
export function refusalOf(target: Target, answer: Answer): FaultCode | undefined {
  const supportCode = supportCodeOf(answer)
  if (supportCode !== undefined) return target.faultFor(supportCode)
  const asker = askerOf(target, answer)
  if (asker === undefined) return undefined
  const [code = ''] = responseIn(target, answer, asker).status.message?.split(' - ', 1) ?? []
  return isCode(code) ? code : undefined
}

const isCode = (code: string): code is FaultCode => Object.hasOwn(faults, code)

/** A page for the citizen that tells of this fault, and of nothing that helps an attacker. */
export function expectPage(target: Target, answer: Answer, code: FaultCode): void {
  const supportCode = supportCodeOf(answer)
  expect({ code: supportCode && target.faultFor(supportCode), status: answer.status }).toEqual({
    code,
    status: expect.any(Number),
  })
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect(answer.status).not.toBe(500)
  expect(answer.headers['cache-control']).toBe('no-store')
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
  expectNothingInside(answer)
  expect(answer.body).not.toMatch(/<form/)
}

/** No code, no stack, no library, no path: the same words for every fault of a kind. */
function expectNothingInside({ body }: Answer): void {
  expect(body).not.toMatch(/Error|\bat .+:\d+|node_modules|\/src\/|\/dist\/|libxml|openssl|undefined/i)
  for (const code of Object.keys(faults)) expect(body).not.toContain(code)
}

/**
 * A form to the asker with a SAMLResponse that verifies with the node's published key, answers the asker's request,
 * carries this status pair and this code, and no assertion.
 */
function expectStatus(
  target: Target,
  answer: Answer,
  code: FaultCode,
  pair: readonly [top: string, sub?: string],
  asked?: { readonly askedId: string; readonly relayState?: string },
): Response {
  const page = supportCodeOf(answer)
  expect(page === undefined ? undefined : target.faultFor(page)).toBeUndefined()
  const asker = askerOf(target, answer)
  if (asker === undefined) throw new TypeError(`status ${answer.status} and a form to nobody who asks`)
  const response = responseIn(target, answer, asker)
  expect(response.status).toEqual({
    codes: pair.flatMap((short) => (short === undefined ? [] : [statusUri(short)])),
    message: `${code} - ${sentences[sentenceOf(code, pair[0])]}`,
  })
  expect([...response.assertions, ...response.encryptedAssertions]).toEqual([])
  expect(response.destination).toBe(target.peers[asker].endpoint)
  if (asked !== undefined) expect(response.inResponseTo).toBe(asked.askedId)
  if (asked?.relayState !== undefined) {
    expect(fieldsOf(answer, target.peers[asker].endpoint).get('RelayState')).toBe(asked.relayState)
  }
  expect(answer.status).toBe(200)
  expect(answer.headers['cache-control']).toBe('no-store')
  expect(target.faults().some((fault) => fault.code === code && fault.told === 'requester')).toBe(true)
  return response
}

type Pair = readonly [top: string, sub?: string]

const abroad = ['AuthnFailed', 'InvalidAttrNameOrValue', 'InvalidNameIDPolicy', 'RequestDenied']

/** Only four second-level codes leave the country: at another one the EU's connector ends in an error of its own. */
function leaving(half: Half, [top, sub]: Pair): Pair {
  if (half === 'connector' || sub === undefined || abroad.includes(sub)) return sub === undefined ? [top] : [top, sub]
  return [top, top === 'Responder' ? 'AuthnFailed' : 'RequestDenied']
}

/** The answer of a fault in the asked party's message, as the asker of a flow hears it. */
export function expectAnswered(flow: Flow, answer: Answer, code: FaultCode): void {
  const [top, sub] = faults[code].status
  const passedOn = sub === 'NoAuthnContext' || sub === 'InvalidAttrNameOrValue' || (top === 'Responder' && sub)
  expectStatus(flow.target, answer, code, leaving(flow.half, ['Responder', passedOn ? sub : 'AuthnFailed']), flow)
}

/** The answer of a fault in the asker's own message. */
export function expectRefused(target: Target, answer: Answer, code: FaultCode, askedId: string): void {
  const half = askerOf(target, answer) === 'connector' ? 'proxy-service' : 'connector'
  expectStatus(target, answer, code, leaving(half, faults[code].status), { askedId })
}

/** After a message that did not count: the right answer still completes the flow. */
export async function expectStillOpen(flow: Flow): Promise<void> {
  const released = await releasedIn(flow.target, await complete(flow))
  expect(released.inResponseTo).toBe(flow.askedId)
}

/** After the flow was answered: the right answer, in the right browser, comes too late. */
export async function expectNotReusable(flow: Flow): Promise<void> {
  expectPage(flow.target, await postAnswer(flow, await signedAnswer(flow)), 'ST_GONE')
}

const askers = ['portal', 'connector'] as const

/** Whom a form with a response leads to. */
function askerOf({ peers }: Target, { body }: Answer): (typeof askers)[number] | undefined {
  return askers.find((name) => body.includes(`action="${peers[name].endpoint}"`))
}

/** The Response in a form, verified with the node's published key and read. */
export function responseIn(target: Target, answer: Answer, asker: (typeof askers)[number]): Response {
  const message = fieldsOf(answer, target.peers[asker].endpoint).get('SAMLResponse') ?? ''
  const octets = Buffer.from(message, 'base64')
  expect(base64(octets)).toBe(message)
  const { entityId, keys } = target.published[asker]
  const expected = {
    root: [samlp('Response')],
    schema: 'protocol',
    limits: messageLimits,
    keysFor: () => keys,
  } as const
  const response = withVerified(octets, expected, readResponse)
  expect(response.issuer?.value).toBe(entityId)
  return response
}

export interface Released {
  readonly inResponseTo: string | undefined
  readonly loa: string | undefined
  readonly nameId: string | undefined
  /** Epoch milliseconds. */
  readonly authnInstant: number | undefined
  /** Attribute name to values, as they arrived. */
  readonly attributes: Readonly<Record<string, readonly string[]>>
}

/** The identity that arrived at whoever asked: verified, decrypted with the asker's key, read. */
export async function releasedIn(target: Target, answer: Answer): Promise<Released> {
  const refusal = refusalOf(target, answer)
  if (refusal !== undefined) throw new TypeError(`refused: ${refusal}`)
  const asker = askerOf(target, answer)
  if (asker === undefined) throw new TypeError(`status ${answer.status} and a form to nobody who asks`)
  const response = responseIn(target, answer, asker)
  expect(response.status.codes).toEqual([statuses.success])
  const assertion = readAssertion(await decrypted(target, asker, target.peers[asker], response.encryptedAssertions))
  return {
    inResponseTo: response.inResponseTo,
    loa: assertion.authnStatements[0]?.classRefs[0],
    nameId: assertion.subject?.nameId?.value,
    authnInstant: assertion.authnStatements[0]?.authnInstant,
    attributes: Object.fromEntries(
      assertion.attributeStatements.flat().map(({ name, values }) => [name, values.map(text)]),
    ),
  }
}

function decrypted(target: Target, name: PeerName, asker: Peer, encrypted: readonly SignedElement[]) {
  const [only, ...others] = encrypted
  if (only === undefined || others.length > 0) throw new TypeError('not exactly one encrypted assertion')
  return decryptElement(only, {
    keys: [asker.encryptionKey.decryption],
    policy: nationalEncryption,
    root: saml('Assertion'),
    schema: 'protocol',
    limits: messageLimits,
    signers: target.published[name].keys,
  })
}
