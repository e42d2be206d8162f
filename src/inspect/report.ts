import { NodeFault } from '../errors/node-fault.ts'
import type { ReadCertificate } from '../trust/x509.ts'
import { clark } from '../xml/element.ts'
import { md, saml, samlp } from '../xml/names.ts'
import type { EncryptionFacts } from './encryption.ts'
import { distinct, type Finding, findingOf } from './findings.ts'
import { judgeMetadata } from './metadata.ts'
import { isUnreadable, type Opened, open, type Unreadable } from './open.ts'
import type { PrivateKey } from './private-keys.ts'
import { judgeRequest } from './request.ts'
import { citing } from './requirements.ts'
import { judgeLoneAssertion, judgeResponse } from './response.ts'
import {
  type ShownAssertion,
  type ShownEntity,
  type ShownRequest,
  type ShownResponse,
  shownAssertion,
  shownEntities,
  shownIssuer,
  shownRequest,
  shownResponse,
} from './shown.ts'
import { noSignature, type SignatureFacts } from './signature.ts'
import { messageSigners, metadataSigners } from './signers.ts'
import { createStandIn, type StandIn } from './stand-in.ts'
import { attributeOf } from './tree.ts'
import { type Encoding, type Unwrapped, unwrap } from './unwrap.ts'
import { type Verification, verify } from './verification.ts'

/** Everything an inspection found: what it is, whether it may be believed, what is wrong with it. */
export interface Report {
  /** `accepted`: no error. `refused`: a node refuses it. `unreadable`: it is no message and no metadata. */
  readonly verdict: 'accepted' | 'refused' | 'unreadable'
  /**
   * `verified`: shown from octets that a key of --trust has signed, as a node demands. `untrusted`: the signature is right,
   * but by a key or algorithm that a node does not go by. `unverified`: no signature, or a wrong one.
   */
  readonly standing: 'verified' | 'untrusted' | 'unverified'
  readonly encoding: Encoding
  /** What was taken out of the document to be able to show the rest. */
  readonly removed: readonly string[]
  /** Local name of the root. */
  readonly kind: string | null
  readonly id: string | null
  /** Issuer of a message, entityID of metadata. */
  readonly issuer: string | null
  readonly signature: SignatureFacts
  readonly encryption: EncryptionFacts | null
  readonly decrypted: boolean
  readonly request: ShownRequest | null
  readonly response: ShownResponse | null
  readonly assertion: ShownAssertion | null
  readonly entities: readonly ShownEntity[]
  readonly findings: readonly Finding[]
}

export interface Inspecting {
  readonly trusted: readonly ReadCertificate[]
  readonly keys: readonly PrivateKey[]
  /** Epoch milliseconds. */
  readonly now: number
}

/** Inspects what a file or a clipboard held. Throws nothing: whatever is wrong is in the report. */
export async function inspect(octets: Uint8Array, inspecting: Inspecting): Promise<Report> {
  const unwrapped = unwrap(octets)
  if (unwrapped.xml === undefined) return unreadable(unwrapped, { malformed: true, findings: [] })
  const opened = open(unwrapped.xml)
  if (isUnreadable(opened)) return unreadable(unwrapped, opened)
  const standIn = await createStandIn(inspecting.now)
  const verification = await verify(opened, verifying(opened, unwrapped, inspecting, standIn))
  const judged = await judge(opened, verification, { ...inspecting, standIn })
  const findings = distinct([
    ...unwrapped.findings,
    ...boundWrongly(opened, unwrapped),
    ...opened.findings,
    ...verification.findings,
    ...judged.findings,
  ])
  const isRefused = findings.some(({ severity }) => severity === 'error')
  return {
    ...common(unwrapped, opened, verification),
    verdict: isRefused ? 'refused' : 'accepted',
    standing: standingOf(verification, judged.assertion?.signature),
    ...judged,
    findings,
  }
}

const nothingShown = {
  removed: [],
  kind: null,
  id: null,
  issuer: null,
  signature: noSignature,
  encryption: null,
  decrypted: false,
  request: null,
  response: null,
  assertion: null,
  entities: [],
} as const satisfies Partial<Report>

/** What is refused for its form alone is a message all the same, though nothing of it can be shown. */
function unreadable({ encoding, findings }: Unwrapped, { malformed, findings: more }: Unreadable): Report {
  const verdict = malformed ? 'unreadable' : 'refused'
  return { ...nothingShown, verdict, standing: 'unverified', encoding, findings: [...findings, ...more] }
}

function common({ encoding }: Unwrapped, { root, kind, removed }: Opened, { signature, root: judged }: Verification) {
  const shown = judged ?? root
  return {
    ...nothingShown,
    encoding,
    removed,
    kind,
    id: attributeOf(shown, 'ID'),
    issuer: shownIssuer(shown),
    signature,
  }
}

function verifying(opened: Opened, { detached }: Unwrapped, { trusted, now }: Inspecting, standIn: StandIn) {
  const cite = citing(opened.subject)
  const signers =
    opened.subject === 'metadata' ? metadataSigners(opened.root, trusted, now, cite) : messageSigners(trusted, cite)
  return { signers, standIn, now, detached }
}

type Judged = Partial<Report> & { readonly findings: readonly Finding[] }
type Judging = Inspecting & { readonly standIn: StandIn }

/** By what it is. Only what the standing rules are about is judged; the rest is told to be nothing for a node. */
async function judge(opened: Opened, verification: Verification, judging: Judging): Promise<Judged> {
  const found = judges.get(clark(opened.root))
  if (found !== undefined) return found(opened, verification, judging)
  const fault = new NodeFault('SAML_TYPE', `${opened.kind} is no message of eIDAS`)
  return { findings: [findingOf(fault, () => 'R-IA-2')] }
}

type Judge = (opened: Opened, verification: Verification, judging: Judging) => Promise<Judged>

const judgeAuthnRequest: Judge = async ({ root: shown }, { root }, { now }) => ({
  request: shownRequest(root ?? shown),
  findings: root === undefined ? [] : judgeRequest(root, now),
})

const judgeAnswer: Judge = async ({ root: shown }, verification, judging) => {
  const signers = messageSigners(judging.trusted, citing('response'))
  const { decryption, assertion, findings } = await judgeResponse(shown, verification, { ...judging, signers })
  return {
    response: shownResponse(verification.root ?? shown),
    encryption: decryption?.facts ?? null,
    decrypted: decryption?.decrypted ?? false,
    assertion: assertion === undefined ? null : shownAssertion(assertion.element, assertion.signature ?? noSignature),
    findings,
  }
}

const judgeAssertion: Judge = async ({ root: shown }, { root, signature }, { now }) => ({
  assertion: shownAssertion(root ?? shown, signature),
  findings: root === undefined ? [] : judgeLoneAssertion(root, now),
})

const judgeDocument: Judge = async ({ root: shown }, { root }, { now }) => ({
  entities: shownEntities(root ?? shown),
  findings: root === undefined ? [] : judgeMetadata(root, shown, now),
})

const judges: ReadonlyMap<string, Judge> = new Map([
  [clark(samlp('AuthnRequest')), judgeAuthnRequest],
  [clark(samlp('Response')), judgeAnswer],
  [clark(saml('Assertion')), judgeAssertion],
  [clark(md('EntityDescriptor')), judgeDocument],
  [clark(md('EntitiesDescriptor')), judgeDocument],
])

/** R-IA-14: answers come by POST, so not in a URL; and a message travels under its own name. */
function boundWrongly({ subject, kind }: Opened, { encoding, parameter, detached }: Unwrapped): readonly Finding[] {
  const isAnswer = subject === 'response'
  const byGet = isAnswer && (encoding === 'url' || detached !== undefined)
  const misnamed = parameter !== undefined && (parameter === 'SAMLResponse') !== isAnswer
  return [
    ...(byGet ? [findingOf(new NodeFault('BIND_WRONG', 'a response in a query'), () => 'R-IA-14')] : []),
    ...(misnamed ? [findingOf(new NodeFault('SAML_TYPE', `${kind} as ${parameter}`), () => 'R-MF-40')] : []),
  ]
}

/** The worse of the message's signature and that of the assertion in it, should it have one. */
function standingOf({ verified, signature }: Verification, assertion: SignatureFacts | undefined): Report['standing'] {
  const inner = assertion?.present === true ? assertion : undefined
  const valid = (verified || signature.valid) && inner?.valid !== false
  if (!valid) return 'unverified'
  return verified && inner?.trusted !== false ? 'verified' : 'untrusted'
}
