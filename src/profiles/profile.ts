import type { NotifiedLoA } from '../identity/loa.ts'
import type { Identified } from '../identity/outcome.ts'
import type { IdentityRequest, RequestedAttribute, SectorType, SuggestingRequest } from '../identity/request.ts'
import type { Assertion } from '../saml/assertion.ts'
import type { AuthnRequest } from '../saml/authn-request.ts'
import type { XmlPart } from '../xml/writer.ts'
import type { SignatureAlgorithm } from '../xmlsec/algorithms.ts'
import type { EncryptionPolicy } from '../xmlsec/encryption-policy.ts'

/**
 * A profile is a way to say in SAML who is wanted and who was found: four codecs, the rules that go with them, and an
 * algorithm policy. There are two: eIDAS between countries, national within one. Profiles know SAML elements and
 * identity values; they know no HTTP, no keys and no trust. The faces use them.
 */
export interface Profile {
  readonly name: 'eidas' | 'national'
  /** What peers may sign with, at most. */
  readonly signatures: readonly SignatureAlgorithm[]
  /** What may be decrypted. */
  readonly encryption: EncryptionPolicy
  /** Whether an assertion in the clear is refused, sent or received. */
  readonly requiresEncryption: boolean
  /** Whether assertions get a signature of their own, inside that of the response. */
  readonly signsAssertions: boolean
  /** The second-level status codes that peers understand; all of SAML's unless it is said. */
  readonly secondLevels?: readonly string[]
  /** Whether anything is made of an attribute of this name that this peer sends. */
  usesAttribute(peer: PeerFacts, name: string): boolean
  /** Applies the rules of the profile in order and translates; what every AuthnRequest keeps has been checked. */
  readRequest(request: AuthnRequest, peer: PeerFacts): SuggestingRequest
  writeRequest(request: IdentityRequest, context: AskContext): AuthnRequest<XmlPart>
  /** Applies the rules of the profile in order and translates; what every Assertion keeps has been checked. */
  readOutcome(assertion: Assertion, context: OutcomeContext): Identified
  writeAssertion(outcome: Identified, context: AnswerContext): Assertion<XmlPart>
}

/** What verified metadata says of a peer, as far as profiles need it. Empty lists mean that it says nothing. */
export interface PeerFacts {
  readonly entityId: string
  /** Two capitals: NodeCountry of an eIDAS node, the country of its source for a national peer. */
  readonly country?: string
  /** SPType of a connector whose metadata says it for all its requests (R-MF-17). */
  readonly spType?: SectorType
  readonly protocolVersions: readonly string[]
  readonly loas: readonly string[]
  /** Name URIs of the attributes it can deliver. */
  readonly attributes: readonly string[]
  /** It wants to know which private relying party asks (R-MF-20). */
  readonly requesterIdRequired: boolean
  /** Formats it supports, full URIs. */
  readonly nameIdFormats: readonly string[]
  /** Which attributes a service provider wants, by AttributeConsumingService. */
  readonly attributeServices: readonly AttributeService[]
}

export interface AttributeService {
  readonly index: number
  readonly isDefault: boolean
  /** Names as its metadata has them. */
  readonly attributes: readonly RequestedAttribute[]
}

export interface AskContext {
  readonly id: string
  /** Epoch milliseconds. */
  readonly now: number
  /** Our entityID. */
  readonly issuer: string
  /** The peer's single sign-on location. */
  readonly destination: string
  /** Our assertion consumer service. */
  readonly acs: string
  readonly peer: PeerFacts
}

export interface OutcomeContext {
  /** What was asked. */
  readonly request: IdentityRequest
  readonly peer: PeerFacts
  /** The country that was asked. */
  readonly country: string
}

/** The highest level a country is believed; undefined where all it publishes is. */
export type MaximumLoA = (country: string) => NotifiedLoA | undefined

export interface AnswerContext {
  readonly id: string
  /** Epoch milliseconds. */
  readonly now: number
  /** Our entityID. */
  readonly issuer: string
  /** The peer's entityID. */
  readonly audience: string
  /** Its assertion consumer service. */
  readonly recipient: string
  readonly inResponseTo: string
  readonly lifetimeSeconds: number
  readonly request: IdentityRequest
  readonly peer: PeerFacts
}
