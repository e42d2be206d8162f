import type { DetachedSignature } from '../../xmlsec/octets.ts'

/** Names of the form field or query parameter that carries a message (SAML Bindings 3.4.4, 3.5.4). */
export type MessageParameter = 'SAMLRequest' | 'SAMLResponse'

/** What of an HTTP request the bindings look at, undecoded. */
export interface BindingInput {
  readonly method: string
  /** Everything behind the first '?', as received; '' when there is none. */
  readonly query: string
  readonly contentType: string | undefined
  readonly contentEncoding: string | undefined
  readonly body: Uint8Array
}

/** A message as a binding hands it out: nothing of it is verified. */
export interface BoundMessage {
  readonly parameter: MessageParameter
  /** Octets of the XML. */
  readonly xml: Uint8Array
  readonly relayState?: string | undefined
  /** The query's signature, for withVerifiedOctets. Where there is none the XML must carry an enveloped one. */
  readonly detached?: DetachedSignature | undefined
}
