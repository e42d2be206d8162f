import { faults, sentenceOf, sentences, statusUri } from '../errors/faults.ts'
import { NodeFault } from '../errors/node-fault.ts'
import type { Identified, IdentityOutcome, Refused } from '../identity/outcome.ts'
import type { IdentityRequest, SuggestingRequest } from '../identity/request.ts'
import type { Profile } from '../profiles/profile.ts'
import type { Downstream, HttpInput, ReceivedRequest, ReturnAddress, SentAnswer } from '../relay/faces.ts'
import type { Random } from '../relay/flow-cookie.ts'
import { writeAssertion } from '../saml/assertion.ts'
import { type AuthnRequest, readAuthnRequest } from '../saml/authn-request.ts'
import { postFields } from '../saml/bindings/post.ts'
import { newId } from '../saml/ids.ts'
import { writeResponse } from '../saml/response.ts'
import { requestRules, resolveAcs } from '../saml/rules/request.ts'
import { nameIdFormats, statuses } from '../saml/uris.ts'
import { holdingKey, type Role, type TrustedEntity, type TrustRegistry } from '../trust/registry.ts'
import { writeChecked } from '../xml/checked-writer.ts'
import { saml, samlp } from '../xml/names.ts'
import { el, type XmlPart } from '../xml/writer.ts'
import { encryptElement } from '../xmlsec/encrypt.ts'
import { signElement, writeSigned } from '../xmlsec/sign.ts'
import { type SigningChoice, signingFor } from '../xmlsec/signing-choice.ts'
import { type FaceLimits, lastsAtMost, limitsFor } from './limits.ts'
import { receiveBound, verifyFrom } from './message.ts'

/**
 * The face that answers: it receives AuthnRequests and posts Responses, over a profile. It refuses what is not signed
 * by a known requester, and answers only to an assertion consumer service of that requester's metadata (R-IA-14).
 * The files of this folder are the only ones where the relay and SAML meet.
 */
export interface SamlIdpParts {
  readonly profile: Profile
  readonly trust: TrustRegistry
  /** Who may ask here. */
  readonly requesters: Role
  /** Our entityID towards them. */
  readonly entityId: string
  /** Our single sign-on location: the Destination of requests by either binding. */
  readonly location: string
  readonly signing: SigningChoice
  readonly clock: () => number
  readonly random: Random
  readonly limits: FaceLimits
  /** Octets of RelayState that requesters may send; 80 when left out. */
  readonly relayStateOctets?: number
}

export function createSamlIdp(parts: SamlIdpParts): Downstream {
  return {
    receive: (input) => receive(parts, input),
    answer: (back, request, outcome) => answer(parts, back, request, outcome),
  }
}

async function receive(parts: SamlIdpParts, input: HttpInput): Promise<ReceivedRequest> {
  const bound = receiveBound(input, 'SAMLRequest', parts.relayStateOctets)
  const root = await verifyFrom(bound, samlp('AuthnRequest'), (issuer) => requesterOf(parts, issuer), parts.trust)
  const request = readAuthnRequest(root)
  const entity = requesterOf(parts, request.issuer.value)
  return {
    requester: {
      entityId: entity.entityId,
      name: entity.name,
      ...(entity.home === undefined ? {} : { home: entity.home }),
      ...(entity.country === undefined ? {} : { country: entity.country }),
    },
    back: () => ({
      entityId: entity.entityId,
      source: entity.source,
      ...(entity.country === undefined ? {} : { country: entity.country }),
      acs: resolveAcs(request, entity.acs),
      inResponseTo: request.id,
      ...(bound.relayState === undefined ? {} : { relayState: bound.relayState }),
    }),
    claim: {
      issuer: holdingKey(entity),
      id: request.id,
      until: lastsAtMost(limitsFor(parts.limits, entity.entityId), request.issueInstant, parts.clock()),
    },
    read: () => read(parts, request, entity),
  }
}

function read(parts: SamlIdpParts, request: AuthnRequest, entity: TrustedEntity): SuggestingRequest {
  const limits = limitsFor(parts.limits, entity.entityId)
  const context = { request, endpoint: parts.location, acs: entity.acs, now: parts.clock(), ...limits }
  for (const rule of requestRules) rule(context)
  return parts.profile.readRequest(request, entity.facts)
}

function requesterOf({ trust, requesters }: SamlIdpParts, entityId: string): TrustedEntity {
  const entity = trust.find(entityId, requesters)
  if (entity === undefined) throw new NodeFault('SAML_ISSUER', `no ${requesters} ${entityId}`)
  return entity
}

async function answer(
  parts: SamlIdpParts,
  back: ReturnAddress,
  request: IdentityRequest | undefined,
  outcome: IdentityOutcome,
): Promise<SentAnswer> {
  const entity = requesterOf(parts, back.entityId)
  expectSame(entity, back)
  expectStillThere(entity, back)
  const now = parts.clock()
  const messageId = newId(parts.random)
  const content =
    outcome.kind === 'identified' && request !== undefined
      ? await success(parts, entity, back, request, outcome, now)
      : failure(outcome, parts.profile)
  const response = writeResponse({
    id: messageId,
    version: '2.0',
    issueInstant: now,
    destination: back.acs,
    inResponseTo: back.inResponseTo,
    issuer: { value: parts.entityId, format: nameIdFormats.entity },
    assertions: [],
    encryptedAssertions: [],
    ...content,
  })
  const signed = await writeSigned(response, signingFor(parts.signing, entity.verifies))
  const fields = postFields('SAMLResponse', signed, back.relayState, parts.relayStateOctets)
  return {
    messageId,
    status: shortStatus(content.status.codes),
    reply: { kind: 'form', method: 'post', action: back.acs, fields },
  }
}

/** another source may have come to speak for that name while the citizen was away. */
function expectSame({ entityId, source, country }: TrustedEntity, back: ReturnAddress): void {
  if (source === back.source && country === back.country) return
  throw new NodeFault('SAML_ISSUER', `${entityId} of ${back.source} asked, and now it is of ${source}`)
}

/** Its metadata may have been renewed while the citizen was away. */
function expectStillThere({ acs, entityId }: TrustedEntity, back: ReturnAddress): void {
  if (acs.some(({ location }) => location === back.acs)) return
  throw new NodeFault('SAML_ACS', `${back.acs} is not in the metadata of ${entityId} any more`)
}

async function success(
  parts: SamlIdpParts,
  entity: TrustedEntity,
  back: ReturnAddress,
  request: IdentityRequest,
  outcome: Identified,
  now: number,
) {
  const assertion = writeAssertion(
    parts.profile.writeAssertion(outcome, {
      id: newId(parts.random),
      now,
      issuer: parts.entityId,
      audience: entity.entityId,
      recipient: back.acs,
      inResponseTo: back.inResponseTo,
      lifetimeSeconds: parts.limits.assertionSeconds,
      request,
      peer: entity.facts,
    }),
  )
  return { status: { codes: [statuses.success] }, ...(await sealed(parts, entity, assertion)) }
}

/** R-IA-13: encrypted, and refused where that is impossible; a national peer without an encryption key gets it signed. */
async function sealed(
  parts: SamlIdpParts,
  entity: TrustedEntity,
  assertion: XmlPart,
): Promise<{ assertions: readonly XmlPart[]; encryptedAssertions: readonly XmlPart[] }> {
  const { profile, signing } = parts
  const key = profile.signsAssertions ? signingFor(signing, entity.verifies) : undefined
  if (entity.recipient === undefined) {
    if (profile.requiresEncryption) throw new NodeFault('ENC_KEY', `no encryption key of ${entity.entityId}`)
    return { assertions: [key ? await signElement(assertion, key) : assertion], encryptedAssertions: [] }
  }
  const octets = key ? await writeSigned(assertion, key) : writeChecked(assertion)
  const encrypted = await encryptElement(octets, entity.recipient)
  return { assertions: [], encryptedAssertions: [el(saml('EncryptedAssertion'), {}, encrypted)] }
}

/** The status pair and, in words, what happened: the code for operators, the sentence for people. No assertion (R-MF-59). */
function failure(outcome: IdentityOutcome, { secondLevels }: Profile) {
  const refused: Refused = outcome.kind === 'refused' ? outcome : { kind: 'refused', code: 'INTERNAL' }
  const [top, given] = refused.status ?? faults[refused.code].status
  const sub = given && understood(top, given, secondLevels)
  const codes = sub === undefined ? [statusUri(top)] : [statusUri(top), statusUri(sub)]
  return { status: { codes, message: `${refused.code} - ${sentences[sentenceOf(refused.code, top)]}` } }
}

/** The code itself where peers understand it, or else the nearest that they do: why is in the message all the same. */
function understood(top: string, sub: string, codes: readonly string[] | undefined): string {
  if (codes === undefined || codes.includes(sub)) return sub
  return top === 'Responder' ? 'AuthnFailed' : 'RequestDenied'
}

function shortStatus(codes: readonly string[]): string {
  return codes.map((uri) => uri.slice(uri.lastIndexOf(':') + 1)).join('/')
}
