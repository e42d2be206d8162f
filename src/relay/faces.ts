import type { IdentityOutcome } from '../identity/outcome.ts'
import type { IdentityRequest, SuggestingRequest } from '../identity/request.ts'

/**
 * The ports between the relay and the two sides of a half, and the plain values that cross them. The relay knows no
 * SAML and no HTTP library: a face turns HttpInput into identity values and identity values into a Reply.
 */

/** One HTTP request, untouched: nothing is decoded here, because leniency in decoding is where attacks live. */
export interface HttpInput {
  readonly method: string
  /** Path without the query. */
  readonly path: string
  /** Everything behind the first '?', as received; '' when there is none. */
  readonly query: string
  readonly contentType: string | undefined
  readonly contentEncoding: string | undefined
  readonly body: Uint8Array
  /** The Cookie header as received. */
  readonly cookies: string | undefined
  /** The citizen's language, from a closed list. */
  readonly language: string
}

/** What goes back. Only web/ turns this into HTTP. */
export type Reply =
  | {
      /** A self-submitting form (with a button for those without JavaScript) that carries a message to a peer. */
      readonly kind: 'form'
      readonly method: 'post' | 'get'
      readonly action: string
      readonly fields: readonly (readonly [name: string, value: string])[]
      readonly cookies?: readonly FlowCookie[]
    }
  | {
      /** A page that leads on by link and refresh: a redirect that a form's CSP does not stop. */
      readonly kind: 'link'
      readonly location: string
      readonly cookies?: readonly FlowCookie[]
    }
  | {
      readonly kind: 'page'
      readonly page: PageModel
      readonly cookies?: readonly FlowCookie[]
    }
  | {
      readonly kind: 'document'
      readonly contentType: string
      readonly body: Uint8Array
      readonly maxAgeSeconds: number
    }

/** A cookie of one flow: set with a value, removed without. */
export interface FlowCookie {
  readonly name: string
  readonly value: string | undefined
  readonly maxAgeSeconds: number
}

/** The pages the node can show; web/pages has one renderer for each. */
export type PageModel = CountryPage | SchemePage | ConsentPage | FaultPage

export interface StepForm {
  /** Path the form posts to. */
  readonly action: string
  /** Hidden field `flow`. */
  readonly flow: string
}

export interface CountryPage {
  readonly page: 'country'
  readonly form: StepForm
  readonly relyingParty: string
  /** Two capitals each, as the choices' values. */
  readonly countries: readonly string[]
}

export interface SchemePage {
  readonly page: 'scheme'
  readonly form: StepForm
  readonly relyingParty: string
  /** The receiving country, two capitals; '' where it is not known. */
  readonly destination: string
  /** The choices' values and what citizens call them, in the order to show them. */
  readonly schemes: readonly { readonly name: string; readonly displayName: string }[]
}

export interface ConsentPage {
  readonly page: 'consent'
  readonly form: StepForm
  readonly relyingParty: string
  /** The receiving country, two capitals. */
  readonly destination: string
  readonly loa: string
  /** The names of the representative and of the person, where a representative acts. */
  readonly acting?: { readonly representative: string; readonly person: string }
  readonly values: readonly {
    readonly name: string
    readonly friendlyName: string
    readonly values: readonly string[]
  }[]
}

export interface FaultPage {
  readonly page: 'fault'
  readonly status: number
  /** Key of the public sentence in errors/faults.ts. */
  readonly sentence: string
  readonly supportCode: string
  /** Where the citizen can start again, where that is known. */
  readonly back?: { readonly name: string; readonly url?: string }
}

/** The party that asked us, once its signature verified. */
export interface Requester {
  readonly entityId: string
  readonly name: string
  /** Where its users start, for the way back from an error page. */
  readonly home?: string
  readonly country?: string
}

/** All that is needed to answer the requester later; plain JSON, kept in the store. */
export interface ReturnAddress {
  readonly entityId: string
  /** Who says who that is: the answer goes to no other party of that name. */
  readonly source: string
  readonly country?: string
  /** Assertion consumer service, from its metadata. */
  readonly acs: string
  readonly inResponseTo: string
  readonly relayState?: string
}

/** What must be claimed in the replay guard before a message counts. */
export interface ReplayClaim {
  /** Whose message it is, in one role: a party of the same name in another role takes neither its IDs nor its share. */
  readonly issuer: string
  readonly id: string
  /** Epoch milliseconds until which the message could be accepted again. */
  readonly until: number
}

/** A request whose signature verified. Once it is known where to answer, a fault is a signed SAML answer and no page. */
export interface ReceivedRequest {
  readonly requester: Requester
  /** Where the answer goes; throws when the request names a place that is not the requester's. */
  back(): ReturnAddress
  readonly claim: ReplayClaim
  /** Applies the rules in order and translates; throws the fault of the first rule that is broken. */
  read(): SuggestingRequest
}

export interface Downstream {
  receive(input: HttpInput): Promise<ReceivedRequest>
  answer(back: ReturnAddress, request: IdentityRequest | undefined, outcome: IdentityOutcome): Promise<SentAnswer>
}

/** An answer on its way, and the ID of its message. */
export interface SentAnswer {
  readonly reply: Reply
  readonly messageId: string
  /** Status codes that were sent, in short, the top-level one first. */
  readonly status: string
}

/** What we asked whom, kept to judge the answer; plain JSON. */
export interface Asked {
  readonly messageId: string
  /** When: epoch milliseconds. Who answers must have authenticated the citizen since. */
  readonly at: number
  /** Entity that must answer. */
  readonly entityId: string
  /** What it was to us when it was asked, and who said so: no other party of that name may answer. A strategy has neither. */
  readonly role?: string
  readonly source?: string
  readonly country: string
  /** Which of our national schemes that is. */
  readonly scheme?: string
}

/** What an answer says of itself, whether it is acceptable or not; no word of the citizen. */
export interface AnswerFacts {
  /** Who signed it. */
  readonly entityId: string
  readonly messageId: string
  /** '' when it does not say. */
  readonly inResponseTo: string
  /** Status codes in short, the top-level one first. */
  readonly status: string
  /** Why a node abroad refuses, as it says, where that is plain text; cut to a length. */
  readonly message?: string
  /** The same as a code of a closed list. */
  readonly reason?: string
  /** What it has that is accepted and not used, for an operator who wonders. */
  readonly unused?: string
}

/** An answer whose signature verified. */
export interface ReceivedAnswer {
  readonly facts: AnswerFacts
  /** Judges it against what was asked; throws the fault of the first rule that is broken. */
  read(): Promise<JudgedAnswer>
}

export interface JudgedAnswer {
  readonly claims: readonly ReplayClaim[]
  readonly outcome: IdentityOutcome
}

export interface Upstream {
  /** Builds the message to the asked party; `handle` comes back with the answer. */
  ask(request: IdentityRequest, handle: string): Promise<{ readonly reply: Reply; readonly asked: Asked }>
  /** The handle an answer carries, before anything else of it is looked at. */
  handleIn(input: HttpInput): string
  /** Verifies who answered. */
  receive(input: HttpInput, asked: Asked, request: IdentityRequest): Promise<ReceivedAnswer>
}
