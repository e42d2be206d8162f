import { NodeFault } from '../../errors/node-fault.ts'
import type { Issuer } from '../issuer.ts'
import { nameIdFormats } from '../uris.ts'

/** One sentence of a specification: returns when it is kept, throws its fault when it is broken. */
export type Rule<C> = (context: C) => void

/** Clock and windows; the same for every message. */
export interface Window {
  /** Epoch milliseconds. */
  readonly now: number
  /** By how much a peer's clock may differ from ours. */
  readonly clockSkewSeconds: number
  /** How old a message may be when it arrives. */
  readonly requestAgeSeconds: number
}

/** What an answer is held against. */
export interface AnswerContext extends Window {
  /** Which request of ours this must answer, and who must. */
  readonly asked: {
    readonly messageId: string
    readonly entityId: string
    /** When we asked: epoch milliseconds. */
    readonly at: number
  }
  /** Our entityID. */
  readonly us: string
  /** Our assertion consumer service, where the response arrived. */
  readonly endpoint: string
}

/** SAML Profiles 4.1.4: the sender of a message or assertion names itself as an entity; an absent Format says so too. */
export function expectEntity(issuer: Issuer | undefined): void {
  const format = issuer?.format ?? nameIdFormats.entity
  if (issuer === undefined || format !== nameIdFormats.entity) throw new NodeFault('SAML_ISSUER', 'Issuer is no entity')
}
