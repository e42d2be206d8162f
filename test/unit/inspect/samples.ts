import type { Finding } from '../../../src/inspect/findings.ts'
import { privateKeysIn } from '../../../src/inspect/private-keys.ts'
import { inspect, type Report } from '../../../src/inspect/report.ts'
import { certificatesIn } from '../../../src/inspect/signers.ts'
import { type Assertion, writeAssertion } from '../../../src/saml/assertion.ts'
import type { AuthnRequest } from '../../../src/saml/authn-request.ts'
import type { Response } from '../../../src/saml/response.ts'
import { writeXml, type XmlPart } from '../../../src/xml/writer.ts'
import type { KeyKind } from '../../../src/xmlsec/certificate.ts'
import { recipient } from '../../../src/xmlsec/encrypt.ts'
import { signElement } from '../../../src/xmlsec/sign.ts'
import { type TestKey, testKey } from '../../testkit/keys.ts'
import { assertionTo, encryptFor, mintRequest, mintResponse, sign } from '../../testkit/mint.ts'
import { newPeers } from '../../testkit/peers.ts'

/** Messages of the neighbours of a node that does not run, and what an inspection says to them. */

export const peers = await newPeers('https://node.example', 'P-256')
const { connector, proxyService } = peers

export interface Given {
  readonly trust?: readonly TestKey[]
  readonly decrypt?: readonly TestKey[]
  readonly now?: number
}

export function inspected(octets: Uint8Array | string, given: Given = {}): Promise<Report> {
  return inspect(typeof octets === 'string' ? Buffer.from(octets) : octets, {
    trusted: (given.trust ?? []).flatMap(({ certificate }) => certificatesIn(certificate)),
    keys: (given.decrypt ?? []).flatMap(({ privateKey }) => privateKeysIn(privateKey)),
    now: given.now ?? Date.now(),
  })
}

/** As the partner whose key the report is to trust. */
export const trustConnector: Given = { trust: [connector.signingKey] }
export const trustService: Given = { trust: [proxyService.signingKey] }

export function codes(report: Report, severity: Finding['severity'] = 'error'): readonly string[] {
  return report.findings.filter((finding) => finding.severity === severity).map(({ code }) => code)
}

export const found = (code: string, requirement: string | null, severity: Finding['severity'] = 'error') =>
  expect.objectContaining({ code, requirement, severity })

/** A named relying party and nothing that is only recommended against. */
const scoping = { requesterIds: ['https://portal.xb.example/metadata'], hasIdpList: false }

export function requestPart(overrides: Partial<AuthnRequest<XmlPart>> = {}): XmlPart {
  return mintRequest(connector, { scoping, ...overrides })
}

export function request(overrides: Partial<AuthnRequest<XmlPart>> = {}): Promise<Uint8Array> {
  return sign(requestPart(overrides), connector.signing)
}

export const asked = { answerer: proxyService, requestId: '_request' }

export const node = (kind: KeyKind = 'P-256') => testKey('inspected node', kind, 'encryption')

export interface Answer {
  readonly response?: Partial<Response<XmlPart>>
  readonly assertion?: Partial<Assertion<XmlPart>>
  /** Changes the assertion before it is encrypted. */
  readonly seal?: (assertion: XmlPart) => Promise<XmlPart | Uint8Array> | XmlPart | Uint8Array
  readonly to?: KeyKind
}

/** The Response of the proxy service before it is signed, with one encrypted assertion. */
export async function answerPart({ response, assertion, seal, to }: Answer = {}): Promise<XmlPart> {
  const content = writeAssertion({ ...assertionTo(asked), ...assertion })
  const sealed = seal === undefined ? content : await seal(content)
  const { certificate } = await node(to)
  const encryptedAssertions = [await encryptFor(recipient(certificate), sealed)]
  return mintResponse(asked, { encryptedAssertions, ...response })
}

export async function answer(given: Answer = {}): Promise<Uint8Array> {
  return sign(await answerPart(given), proxyService.signing)
}

/** The Response with an assertion that anybody can read. */
export function clearAnswer(assertion: XmlPart): Promise<Uint8Array> {
  return sign(mintResponse(asked, { assertions: [assertion] }), proxyService.signing)
}

/** Signs a part again, as whoever holds that key. */
export async function signedBy(part: XmlPart, key: TestKey): Promise<Uint8Array> {
  return writeXml(await signElement(part, key.signing()))
}

export const textOf = (octets: Uint8Array) => Buffer.from(octets).toString('utf8')
