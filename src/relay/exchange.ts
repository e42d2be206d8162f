import type { Identified } from '../identity/outcome.ts'
import type { IdentityRequest } from '../identity/request.ts'
import type { Asked, Requester, ReturnAddress } from './faces.ts'

/**
 * One sign-in while the citizen is elsewhere. A union by stage, plain JSON; every transition makes a new value under a
 * new handle. It holds personal data only in 'releasing', sealed in the store, for the minutes of the consent page.
 */
interface Flow {
  readonly supportCode: string
  readonly requester: Requester
  readonly back: ReturnAddress
  readonly request: IdentityRequest
}

/** Waiting for the citizen's input before we ask. */
export interface Choosing extends Flow {
  readonly stage: 'choosing'
  readonly step: string
}

/** Waiting for the asked party's answer. */
export interface AskedExchange extends Flow {
  readonly stage: 'asked'
  readonly asked: Asked
}

/** Waiting for the citizen's input before we answer. */
export interface Releasing extends Flow {
  readonly stage: 'releasing'
  readonly step: string
  readonly outcome: Omit<Identified, 'leftOut'>
}

/** What the trace of a flow leads to, during it and after: enough to tell the citizen where to start again. */
export interface Closed {
  readonly stage: 'closed'
  readonly requester: Requester
}

export type OpenExchange = Choosing | AskedExchange | Releasing

export type Exchange = OpenExchange | Closed
