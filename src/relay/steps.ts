import type { Identified } from '../identity/outcome.ts'
import type { IdentityRequest } from '../identity/request.ts'
import type { PageModel, Requester, StepForm } from './faces.ts'
import type { StepFields } from './form.ts'

/**
 * A step asks the citizen something on a page of ours, then returns to the relay. A step never calls a step: the relay
 * poses the first that still needs an answer, and goes on when none does.
 */

/** Before upstream is asked: completes the request. */
export interface AskingStep {
  readonly name: string
  /** The page to show, or undefined when nothing needs to be asked. */
  pose(request: IdentityRequest, requester: Requester, form: StepForm): PageModel | undefined
  /** The request with the citizen's choice in it; throws for a choice that was not offered. */
  apply(request: IdentityRequest, fields: StepFields): IdentityRequest
}

/** Before the answer leaves: the citizen agrees or cancels. */
export interface AnsweringStep {
  readonly name: string
  pose(request: IdentityRequest, requester: Requester, outcome: Identified, form: StepForm): PageModel | undefined
}
