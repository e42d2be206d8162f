import { type FaultCode, faults } from '../errors/faults.ts'
import { NodeFault } from '../errors/node-fault.ts'
import type { Refused } from '../identity/outcome.ts'
import type { IdentityRequest } from '../identity/request.ts'
import { readRefusalMessage, refusalReason } from '../profiles/eidas/refusal-message.ts'
import type { Profile } from '../profiles/profile.ts'
import type { AnswerFacts, Asked, HttpInput, JudgedAnswer, ReceivedAnswer, Upstream } from '../relay/faces.ts'
import type { Random } from '../relay/flow-cookie.ts'
import { type Assertion, readAssertion } from '../saml/assertion.ts'
import { writeAuthnRequest } from '../saml/authn-request.ts'
import { postFields } from '../saml/bindings/post.ts'
import { redirectUrl } from '../saml/bindings/redirect.ts'
import { newId } from '../saml/ids.ts'
import { type Response, readResponse } from '../saml/response.ts'
import { type AssertionGrants, assertionRules } from '../saml/rules/assertion.ts'

import { responseRules } from '../saml/rules/response.ts'
import { isSuccess, type Status } from '../saml/status.ts'
import { bindings } from '../saml/uris.ts'
import { holdingKey, type Role, type TrustedEntity, type TrustRegistry } from '../trust/registry.ts'
import { writeChecked } from '../xml/checked-writer.ts'
import { isNamed, type XmlElement } from '../xml/element.ts'
import { messageLimits } from '../xml/limits.ts'
import { saml, samlp, xenc } from '../xml/names.ts'
import { elements } from '../xml/reader.ts'
import { decryptElement } from '../xmlsec/decrypt.ts'
import type { DecryptionKey } from '../xmlsec/keys.ts'
import { writeSigned } from '../xmlsec/sign.ts'
import type { SignedElement } from '../xmlsec/signed.ts'
import { type SigningChoice, signingFor } from '../xmlsec/signing-choice.ts'
import { type FaceLimits, lastsUntil, limitsFor } from './limits.ts'
import { receiveBound, verifyFrom } from './message.ts'

/**
 * The face that asks: it posts AuthnRequests and receives Responses, over a profile. It accepts an answer only from the
 * party that was asked, to the request that was sent (R-IA-15), and reads nothing that was not verified.
 */
export interface SamlSpParts {
  readonly profile: Profile
  readonly trust: TrustRegistry
  /** Who is asked from here. */
  readonly answerers: Role
  /** The entity to ask; throws when there is none for this request. */
  readonly choose: (request: IdentityRequest) => TrustedEntity
  /** Our entityID towards them. */
  readonly entityId: string
  /** Our assertion consumer service: the Destination and Recipient of answers. */
  readonly location: string
  readonly signing: SigningChoice
  readonly decryption: readonly DecryptionKey[]
  readonly clock: () => number
  readonly random: Random
  readonly limits: FaceLimits
  /** By entityID: what is granted to whom beyond the rules. */
  readonly grantsOf?: (entityId: string) => AssertionGrants
  /** Whose citizens are asked for, where neither the request nor the metadata of who is asked says it. */
  readonly country?: string
}

export type { AssertionGrants }

export function createSamlSp(parts: SamlSpParts): Upstream {
  return {
    ask: (request, handle) => ask(parts, request, handle),
    handleIn,
    receive: (input, asked, request) => receive(parts, input, asked, request),
  }
}

async function ask(parts: SamlSpParts, request: IdentityRequest, handle: string) {
  const entity = parts.choose(request)
  const { binding, location: destination } = ssoOf(entity)
  const id = newId(parts.random)
  const at = parts.clock()
  const message = parts.profile.writeRequest(request, {
    id,
    now: at,
    issuer: parts.entityId,
    destination,
    acs: parts.location,
    peer: entity.facts,
  })
  const country = request.country ?? entity.country ?? parts.country ?? ''
  const { entityId, role, source } = entity
  const asked: Asked = { messageId: id, at, entityId, role, source, country }
  const key = signingFor(parts.signing, entity.verifies)
  const part = writeAuthnRequest(message)
  if (binding === bindings.redirect) {
    const sent = {
      location: destination,
      parameter: 'SAMLRequest',
      xml: writeChecked(part),
      relayState: handle,
    } as const
    return { reply: { kind: 'link', location: await redirectUrl(sent, key) } as const, asked }
  }
  const fields = postFields('SAMLRequest', await writeSigned(part, key), handle)
  return { reply: { kind: 'form', method: 'post', action: destination, fields } as const, asked }
}

/** R-MF-40: by POST, unless it takes requests by redirect only. */
function ssoOf({ entityId, sso }: TrustedEntity) {
  const found = sso.find(({ binding }) => binding === bindings.post) ?? sso[0]
  if (found === undefined) throw new NodeFault('EID_COUNTRY', `${entityId} takes no requests`)
  return found
}

function handleIn(input: HttpInput): string {
  const { relayState } = receiveAnswer(input)
  if (relayState === undefined) throw new NodeFault('ST_GONE', 'an answer without RelayState')
  return relayState
}

/** R-IA-14: answers come by POST and by nothing else. */
function receiveAnswer(input: HttpInput) {
  if (input.method !== 'POST') throw new NodeFault('BIND_WRONG', `a response by ${input.method}`)
  return receiveBound(input, 'SAMLResponse')
}

async function receive(
  parts: SamlSpParts,
  input: HttpInput,
  asked: Asked,
  request: IdentityRequest,
): Promise<ReceivedAnswer> {
  const partyOf = (issuer: string) => (issuer === asked.entityId ? askedParty(parts, asked) : otherParty(parts, issuer))
  askedParty(parts, asked)
  const root = await verifyFrom(receiveAnswer(input), samlp('Response'), partyOf, parts.trust)
  const response = readResponse(root)
  const entity = askedParty(parts, asked)
  return {
    facts: {
      ...factsOf(response),
      ...(parts.profile.name === 'eidas' ? reasonsOf(response.status) : {}),
      ...(hasNonce(response) ? { unused: 'KA-Nonce' } : {}),
    },
    read: () => read(parts, { response, root, entity }, asked, request),
  }
}

/** Before any rule: it is one of those who may answer here that says so. */
function factsOf({ id, issuer, inResponseTo = '', status }: Response): AnswerFacts {
  return { entityId: issuer?.value ?? '', messageId: id, inResponseTo, status: shortCodes(status).join('/') }
}

/** Why a node abroad refuses, in its own words: for who reads the log, and as a code of a closed list for who counts. */
function reasonsOf(status: Status): Pick<AnswerFacts, 'message' | 'reason'> {
  if (isSuccess(status)) return {}
  const message = readRefusalMessage(status.message)
  return { reason: refusalReason(message), ...(message === undefined ? {} : { message }) }
}

/** R-CR-17: it is accepted and has no part in the derivation of a key, though its sender may expect one. */
function hasNonce({ encryptedAssertions }: Response): boolean {
  const within = (element: XmlElement): boolean =>
    isNamed(element, xenc('KA-Nonce')) || elements(element).some((child) => within(child))
  return encryptedAssertions.some(within)
}

async function read(
  parts: SamlSpParts,
  verified: VerifiedAnswer,
  asked: Asked,
  request: IdentityRequest,
): Promise<JudgedAnswer> {
  const { response, entity } = verified
  const now = parts.clock()
  const limits = limitsFor(parts.limits, entity.entityId)
  const answer = { response, asked, us: parts.entityId, endpoint: parts.location, now, ...limits }
  for (const rule of responseRules) rule(answer)
  const issuer = holdingKey(entity)
  const claim = { issuer, id: response.id, until: lastsUntil(limits, response.issueInstant) }
  if (!isSuccess(response.status)) return { claims: [claim], outcome: refusedBy(response.status) }

  const assertion = await assertionOf(parts, verified)
  const grants = parts.grantsOf?.(entity.entityId)
  const atHome = parts.profile.name === 'national'
  const usesAttribute = (name: string) => parts.profile.usesAttribute(entity.facts, name)
  for (const rule of assertionRules) rule({ ...answer, assertion, grants, atHome, usesAttribute })
  const outcome = parts.profile.readOutcome(assertion, { request, peer: entity.facts, country: asked.country })
  const until = lastsUntil(limits, assertion.conditions?.notOnOrAfter ?? assertion.issueInstant)
  return { claims: [claim, { issuer, id: assertion.id, until }], outcome }
}

/** The very party that was asked, whatever keys it has by now: the same role, source and country. */
function askedParty({ trust, answerers }: SamlSpParts, asked: Asked): TrustedEntity {
  const entity = trust.find(asked.entityId, answerers)
  if (entity === undefined) throw new NodeFault('SAML_ISSUER', `no ${answerers} ${asked.entityId} any more`)
  const { role, source, country = asked.country } = entity
  if (role === asked.role && source === asked.source && country === asked.country) return entity
  throw new NodeFault('SAML_ISSUER', `${asked.entityId} of ${asked.source} was asked, and now it is of ${source}`)
}

/** An answer of another party is verified to be told of, and refused by the first rule that sees its issuer. */
function otherParty({ trust, answerers }: SamlSpParts, entityId: string): TrustedEntity {
  const entity = trust.find(entityId, answerers)
  if (entity === undefined) throw new NodeFault('SAML_ISSUER', `no ${answerers} ${entityId}`)
  return entity
}

interface VerifiedAnswer {
  readonly response: Response
  readonly root: SignedElement
  readonly entity: TrustedEntity
}

/** The one assertion: decrypted from what the response's signature covered, or in the clear where the profile allows. */
async function assertionOf(parts: SamlSpParts, answer: VerifiedAnswer): Promise<Assertion> {
  const { assertions, encryptedAssertions } = answer.response
  const [encrypted] = encryptedAssertions
  const [clear] = assertions
  if (assertions.length > 0 && parts.profile.requiresEncryption) throw new NodeFault('ENC_REQUIRED')
  if (assertions.length + encryptedAssertions.length !== 1) {
    throw new NodeFault('SAML_COUNT', `${assertions.length} assertions, ${encryptedAssertions.length} encrypted`)
  }
  if (encrypted !== undefined) return readAssertion(await decrypted(parts, encrypted, answer))
  if (clear !== undefined) return readAssertion(clear)
  throw new NodeFault('SAML_COUNT', 'no assertion')
}

/** R-IA-33: what was decrypted goes the whole way again; its IDs may not be those of the message around it. */
function decrypted(
  parts: SamlSpParts,
  encrypted: SignedElement,
  { root, entity }: VerifiedAnswer,
): Promise<SignedElement> {
  return decryptElement(encrypted, {
    keys: parts.decryption,
    policy: parts.profile.encryption,
    root: saml('Assertion'),
    schema: 'protocol',
    limits: messageLimits,
    signers: entity.keys,
    within: root,
  })
}

/** Reasons a node of this kind gives in its StatusMessage that are worth passing on as they are. */
const passedOn: readonly FaultCode[] = ['USER_CANCELLED', 'AUTHN_FAILED', 'EID_LOA', 'EID_MDS', 'EID_REPR']

const reasonOfSubStatus: ReadonlyMap<string, FaultCode> = new Map([
  ['AuthnFailed', 'AUTHN_FAILED'],
  ['NoAuthnContext', 'EID_LOA'],
  ['InvalidAttrNameOrValue', 'EID_MDS'],
])

function shortCodes({ codes }: Status): readonly string[] {
  return codes.map((uri) => uri.slice(uri.lastIndexOf(':') + 1))
}

/** SAML Core 3.2.2: no success, so no identity; the reason as far as the codes tell. */
function refusedBy(status: Status): Refused {
  const [top = '', sub] = shortCodes(status)
  const said = passedOn.find((code) => code in faults && status.message?.startsWith(`${code} - `))
  return {
    kind: 'refused',
    code: said ?? reasonOfSubStatus.get(sub ?? '') ?? 'UPSTREAM_REFUSED',
    status: sub === undefined ? [top] : [top, sub],
  }
}
