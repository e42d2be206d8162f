import type { RequestedLoA } from './loa.ts'

export type SectorType = 'public' | 'private'

/** What becomes of an answer in which a representative acts for the person. */
export type Representation = 'accept' | 'reject'

export type NameIdFormat = 'persistent' | 'transient' | 'unspecified'

/** The public service that wants to know who the citizen is. */
export interface RelyingParty {
  /** RequesterID (R-IA-17), where the request carries one. */
  readonly id?: string
  /** Name to show to the citizen. */
  readonly name?: string
  readonly type: SectorType
}

export interface RequestedAttribute {
  readonly name: string
  readonly required: boolean
}

/** Who asks for which attributes of whom, at which level: the same for both halves of the node. */
export interface IdentityRequest {
  readonly relyingParty: RelyingParty
  /** The citizen's country, two capitals, once it is known. */
  readonly country?: string
  /** The national scheme the citizen chose, where she had a choice. */
  readonly scheme?: string
  readonly attributes: readonly RequestedAttribute[]
  readonly loa: RequestedLoA
  readonly nameIdFormat: NameIdFormat
  /** Whether the requester accepts a representative of the person (R-AP-55); absent means that it does not. */
  readonly representation?: Representation
}

/** As it was read: the asker may suggest who answers. That is advice, and is not kept. */
export interface SuggestingRequest extends IdentityRequest {
  readonly suggested?: readonly string[]
}
