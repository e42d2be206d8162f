import type { XmlElement } from '../xml/element.ts'

declare const signed: unique symbol

/**
 * What was read from octets whose signature verified. Only verify.ts, octets.ts and decrypt.ts mint it (a test holds
 * them to that), so a reader that takes `SignedElement` cannot be given unverified XML: it does not compile.
 */
export type Signed<T> = T & { readonly [signed]: true }

export type SignedElement = Signed<XmlElement>

/** The mint. Called after verification and nowhere else. */
export function markSigned<T>(value: T): Signed<T> {
  return value as Signed<T>
}
