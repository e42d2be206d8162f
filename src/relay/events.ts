import type { FaultCode } from '../errors/faults.ts'
import type { AnswerFacts } from './faces.ts'

/** Which half speaks. */
export type Half = 'connector' | 'proxy-service'

interface Common {
  readonly half: Half
  /** Support code: what the citizen sees, what the log is searched by. */
  readonly flow: string
}

/** What the relay tells those who watch: identifiers of nodes and messages only, never personal data (R-LAW-7). */
export type RelayEvent = Common &
  (
    | { readonly event: 'received'; readonly requester: string; readonly messageId: string }
    | { readonly event: 'step'; readonly step: string }
    | { readonly event: 'asked'; readonly entityId: string; readonly messageId: string; readonly country: string }
    | ({ readonly event: 'answer-received' } & AnswerFacts)
    | {
        /** An optional attribute of an answer that broke a rule and goes no further. */
        readonly event: 'left-out'
        /** Name URI. */
        readonly attribute: string
        readonly code: FaultCode
        readonly detail: string
      }
    | {
        readonly event: 'answered'
        readonly requester: string
        readonly messageId: string
        readonly inResponseTo: string
        readonly status: string
      }
    | {
        readonly event: 'fault'
        readonly code: FaultCode
        readonly detail: string
        readonly told: 'citizen' | 'requester'
      }
  )

export type RelayListener = (event: RelayEvent) => void
