import { XmlC14NMode, XmlDocument } from 'libxml2-wasm'
import { ds } from '../../src/xml/names.ts'
import { writeText } from '../../src/xml/writer.ts'
import type { SigningKey } from '../../src/xmlsec/keys.ts'
import { writeKeyInfo } from '../../src/xmlsec/sign.ts'
import { signedInfo } from './text-signature.ts'

/**
 * A document as others write it, signed as they would: libxml2 canonicalises what it parses, and the signature goes right
 * after the start tag of the root, whose ID it names. `keyInfo` is put into KeyInfo in front of the certificates.
 */
export async function signDocument(text: string, key: SigningKey, keyInfo = ''): Promise<Uint8Array> {
  const [, id = ''] = /<[\w:]*Entit(?:y|ies)Descriptor\b[^>]*?\bID="([^"]*)"/.exec(text) ?? []
  const info = writeText(signedInfo(id, key, canonical(text)))
  const value = Buffer.from(await key.sign(Buffer.from(info))).toString('base64')
  const bare = (part: string) => part.replace(` xmlns:ds="${ds('').namespace}"`, '')
  const named = bare(writeText(writeKeyInfo(key.certificates))).replace('<ds:KeyInfo>', `$&${keyInfo}`)
  const signature = `<ds:Signature xmlns:ds="${ds('').namespace}">${bare(info)}<ds:SignatureValue>${value}</ds:SignatureValue>${named}</ds:Signature>`
  return Buffer.from(text.replace(/<[\w:]*Entit(?:y|ies)Descriptor\b[^>]*>/, (start) => start + signature))
}

/** Exclusive canonical form of the root, without comments. */
function canonical(text: string): string {
  const chunks: Uint8Array[] = []
  const document = XmlDocument.fromString(text.replace(/^\ufeff/, ''))
  try {
    const sink = { write: (chunk: Uint8Array) => chunks.push(Buffer.from(chunk)) && chunk.length, close: () => true }
    document.root.canonicalize(sink, { mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0 })
  } finally {
    document.dispose()
  }
  return Buffer.concat(chunks).toString('utf8')
}
