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

/** The signature in a redirect's query, for withVerifiedOctets. */
export interface DetachedSignature {
  /** `SAMLx=...[&RelayState=...]&SigAlg=...` as received (SAML Bindings 3.4.4.1). */
  readonly octets: Uint8Array
  readonly signature: Uint8Array
  /** The value of SigAlg. */
  readonly algorithm: string
}

/** A message as a binding hands it out: nothing of it is verified. */
export interface BoundMessage {
  readonly parameter: MessageParameter
  /** Octets of the XML. */
  readonly xml: Uint8Array
  readonly relayState?: string | undefined
  /** Present where the query is signed; where it is absent the XML must carry an enveloped signature. */
  readonly detached?: DetachedSignature | undefined
}
