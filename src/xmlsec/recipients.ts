import { NodeFault } from '../errors/node-fault.ts'
import { isNamed, type XmlElement } from '../xml/element.ts'
import { ds, ds11 } from '../xml/names.ts'
import { fromBase64 } from './base64.ts'
import type { DecryptionKey } from './keys.ts'
import { onlyElements, onlyText } from './shape.ts'

/*
 * Whom an encrypted key is for: a certificate or a bare public key, compared with ours octet by octet. It chooses among
 * our keys and does nothing else. There is no trying of one key after the other.
 */

export interface RecipientHint {
  readonly kind: 'certificate' | 'public key'
  readonly der: Buffer
}

export type Recipients = readonly RecipientHint[]

/** The hints in a KeyInfo, or undefined when it holds none that can be compared. Faults: ENC_STRUCT. */
export function readRecipients(keyInfo: XmlElement): Recipients | undefined {
  const hints = onlyElements(keyInfo, 'ENC_STRUCT').flatMap((child) => {
    if (isNamed(child, ds('X509Data'))) return certificatesIn(child)
    if (isNamed(child, ds11('DEREncodedKeyValue'))) return [{ kind: 'public key', der: readDer(child) } as const]
    // Names, serial numbers and RSA values identify nothing that the others would not; references are never followed.
    if ([ds('KeyName'), ds('KeyValue')].some((name) => isNamed(child, name))) return []
    throw new NodeFault('ENC_STRUCT', `${child.local} for a recipient`)
  })
  return hints.length === 0 ? undefined : hints
}

function certificatesIn(x509Data: XmlElement): Recipients {
  return onlyElements(x509Data, 'ENC_STRUCT')
    .filter((child) => isNamed(child, ds('X509Certificate')))
    .map((child) => ({ kind: 'certificate', der: readDer(child) }))
}

function readDer(element: XmlElement): Buffer {
  const der = fromBase64(onlyText(element, 'ENC_STRUCT', ['Id']))
  if (der === undefined) throw new NodeFault('ENC_STRUCT', 'a recipient that is not base64')
  return der
}

/**
 * The key of ours that is named. Without a name, the only one of that kind we have. Undefined when there is none:
 * the message is for somebody else, which is not said apart from any other failure to decrypt.
 */
export function chooseKey(
  keys: readonly DecryptionKey[],
  kind: DecryptionKey['kind'],
  recipients: Recipients,
): DecryptionKey | undefined {
  const ofKind = keys.filter((key) => key.kind === kind)
  if (recipients.length === 0) return ofKind.length === 1 ? ofKind[0] : undefined
  return ofKind.find((key) => recipients.some((hint) => names(hint, key)))
}

function names({ kind, der }: RecipientHint, key: DecryptionKey): boolean {
  return kind === 'certificate' ? der.equals(Buffer.from(key.certificate, 'base64')) : der.equals(key.spki)
}
