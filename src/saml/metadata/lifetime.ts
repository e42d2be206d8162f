import { attribute } from '../../xml/reader.ts'
import { trimmed } from '../../xml/white-space.ts'
import type { SignedElement } from '../../xmlsec/signed.ts'
import { readDuration, readInstant, writeDuration, writeOptionalInstant } from '../instants.ts'
import { readable, type Tell, untold } from './left-out.ts'

/** SAML Metadata 2.3.1 and 2.3.2. */
export interface Lifetime {
  /** Epoch milliseconds. */
  readonly validUntil?: number | undefined
  /** Seconds. */
  readonly cacheDuration?: number | undefined
}

/** A validUntil that cannot be read is MD_TIME; such a cacheDuration is left out, as it is advice. */
export function readLifetime(element: SignedElement, tell: Tell = untold): Lifetime {
  const validUntil = attribute(element, 'validUntil')
  const cacheDuration = attribute(element, 'cacheDuration')
  return {
    validUntil: validUntil === undefined ? undefined : readInstant(trimmed(validUntil), 'MD_TIME'),
    cacheDuration: cacheDuration === undefined ? undefined : readable(() => readDuration(trimmed(cacheDuration)), tell),
  }
}

export function writeLifetime({ validUntil, cacheDuration }: Lifetime) {
  return {
    cacheDuration: cacheDuration === undefined ? undefined : writeDuration(cacheDuration),
    validUntil: writeOptionalInstant(validUntil),
  }
}
