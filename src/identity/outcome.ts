import type { FaultCode } from '../errors/faults.ts'
import type { LoA } from './loa.ts'

export interface AttributeValue {
  readonly value: string
  /** False for the original-script value of a transliterated pair (R-AP-42). */
  readonly latin: boolean
}

export interface ReleasedAttribute {
  /** Name URI. */
  readonly name: string
  readonly values: readonly AttributeValue[]
}

/** The citizen is known: the verified values, as given. */
export interface Identified {
  readonly kind: 'identified'
  readonly loa: LoA
  readonly attributes: readonly ReleasedAttribute[]
  /**
   * The person's PersonIdentifier, or LegalPersonIdentifier where only a legal person is spoken of, as it passed the
   * rules. It is here whether or not the attribute was asked for: the NameID of what we send is written from it.
   */
  readonly identifier: string
  /** When the citizen was authenticated, as it was said where she was; epoch milliseconds. */
  readonly authenticatedAt: number
  /** Optional attributes that were said in a way that nothing can be made of: for the log, and no part of what is kept. */
  readonly leftOut?: readonly LeftOut[]
}

/** An attribute that goes no further, and the rule it broke; no word of what it said. */
export interface LeftOut {
  /** Name URI. */
  readonly name: string
  readonly code: FaultCode
  readonly detail: string
}

/** What becomes of an optional attribute that breaks a rule: it is left out, or the whole answer is refused. */
export type OptionalAttributes = 'lenient' | 'strict'

/** No identity, and why. */
export interface Refused {
  readonly kind: 'refused'
  readonly code: FaultCode
  /** Status pair the other side sent, short names, where it answered with an error. */
  readonly status?: readonly [top: string, sub?: string]
}

export type IdentityOutcome = Identified | Refused
