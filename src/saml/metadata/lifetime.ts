import { attribute } from '../../xml/reader.ts'
import type { SignedElement } from '../../xmlsec/signed.ts'
import { readDuration, writeDuration, writeOptionalInstant } from '../instants.ts'
import { instantAttribute } from '../lexical.ts'

/** SAML Metadata 2.3.1 and 2.3.2. */
export interface Lifetime {
  /** Epoch milliseconds. */
  readonly validUntil?: number | undefined
  /** Seconds. */
  readonly cacheDuration?: number | undefined
}

export function readLifetime(element: SignedElement): Lifetime {
  const cacheDuration = attribute(element, 'cacheDuration')
  return {
    validUntil: instantAttribute(element, 'validUntil', 'MD_TIME'),
    cacheDuration: cacheDuration === undefined ? undefined : readDuration(cacheDuration),
  }
}

export function writeLifetime({ validUntil, cacheDuration }: Lifetime) {
  return {
    cacheDuration: cacheDuration === undefined ? undefined : writeDuration(cacheDuration),
    validUntil: writeOptionalInstant(validUntil),
  }
}
