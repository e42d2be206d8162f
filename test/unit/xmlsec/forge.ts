import { ns } from '../../../src/xml/names.ts'
import { writeXml, type XmlPart } from '../../../src/xml/writer.ts'
import { toBase64 } from '../../../src/xmlsec/base64.ts'
import type { SigningKey } from '../../../src/xmlsec/keys.ts'
import { signElement } from '../../../src/xmlsec/sign.ts'

/*
 * Signatures that an attacker with a key of its own, or a peer with odd software, could make: their value fits what they
 * say, so that they are refused for what they say and for nothing else. All changes are made to canonical text and must
 * leave it canonical.
 */

export interface Forgery {
  /** Changes SignedInfo before it is signed. */
  readonly signedInfo?: (xml: string) => string
  /** Changes the whole message afterwards. */
  readonly message?: (xml: string) => string
}

/** A message signed by `key`, then by the book except for what the forgery changes. */
export async function forge(part: XmlPart, key: SigningKey, forgery: Forgery): Promise<Buffer> {
  const { signedInfo = (xml) => xml, message = (xml) => xml } = forgery
  const signed = textOf(await signElement(part, key))
  const resigned = await resign(signed, key, signedInfo)
  return Buffer.from(message(resigned))
}

/** The message with its first SignedInfo changed and signed anew. */
async function resign(xml: string, key: SigningKey, change: (signedInfo: string) => string): Promise<string> {
  const found = /<ds:SignedInfo>.*?<\/ds:SignedInfo>/s.exec(xml)?.[0] ?? ''
  const changed = change(found)
  const canonical = changed.replace('<ds:SignedInfo', `<ds:SignedInfo xmlns:ds="${ns.ds}"`)
  const value = toBase64(await key.sign(Buffer.from(canonical)))
  return xml.replace(found, () => changed).replace(/(<ds:SignatureValue>)[^<]*/, `$1${value}`)
}

export function textOf(part: XmlPart): string {
  return Buffer.from(writeXml(part)).toString()
}

/** `replace` that fails when there is nothing to replace. */
export function swap(from: string | RegExp, to: string): (xml: string) => string {
  return (xml) => {
    const out = xml.replace(from, to)
    if (out === xml) throw new TypeError(`nothing to change: ${from}`)
    return out
  }
}
