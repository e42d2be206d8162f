import { isNamed, type XmlElement } from '../xml/element.ts'
import { ds, ds11 } from '../xml/names.ts'
import { elements, many } from '../xml/reader.ts'
import { fromBase64 } from './base64.ts'
import type { DecryptionKey } from './keys.ts'

/*
 * Whom an encrypted key is for: a certificate or a bare public key, compared with ours octet by octet. It is a hint, which
 * chooses among our keys and does nothing else.
 */

export interface RecipientHint {
  readonly kind: 'certificate' | 'public key'
  readonly der: Buffer
}

export type Recipients = readonly RecipientHint[]

/** The hints in a KeyInfo that can be compared. Others, and what cannot be read, are passed over; nothing is followed. */
export function readRecipients(keyInfo: XmlElement): Recipients {
  return elements(keyInfo).flatMap((child) => {
    if (isNamed(child, ds('X509Data'))) return many(child, ds('X509Certificate')).flatMap(hint('certificate'))
    return isNamed(child, ds11('DEREncodedKeyValue')) ? hint('public key')(child) : []
  })
}

function hint(kind: RecipientHint['kind']): (element: XmlElement) => Recipients {
  return (element) => {
    const der = elements(element).length > 0 ? undefined : fromBase64(element.children.join(''))
    return der === undefined ? [] : [{ kind, der }]
  }
}

/**
 * The keys of ours to try, of that kind: the one that is named, or all when none of them is. That a message is for another
 * recipient is not said apart from any other failure to decrypt.
 */
export function keysToTry(
  keys: readonly DecryptionKey[],
  kind: DecryptionKey['kind'],
  recipients: Recipients,
): readonly DecryptionKey[] {
  const ofKind = keys.filter((key) => key.kind === kind)
  const named = ofKind.filter((key) => recipients.some((one) => names(one, key)))
  return named.length > 0 ? named : ofKind
}

function names({ kind, der }: RecipientHint, key: DecryptionKey): boolean {
  return kind === 'certificate' ? der.equals(Buffer.from(key.certificate, 'base64')) : der.equals(key.spki)
}
