import { createHash } from 'node:crypto'
import { ds, ec } from '../../src/xml/names.ts'
import { el, writeText, type XmlPart } from '../../src/xml/writer.ts'
import { digestAlgorithms, ENVELOPED_SIGNATURE, EXC_C14N, signatureAlgorithms } from '../../src/xmlsec/algorithms.ts'
import type { SigningKey } from '../../src/xmlsec/keys.ts'
import { writeKeyInfo } from '../../src/xmlsec/sign.ts'

/*
 * Enveloped signatures over text as it stands, for messages that no writer of ours would write.
 */

/** Signs canonical text as it stands; the signature goes after the first Issuer. `covered` is what is digested. */
export async function signText(
  text: string,
  key: SigningKey,
  { covered = text, prefixes = [] }: { readonly covered?: string; readonly prefixes?: readonly string[] } = {},
): Promise<string> {
  const [, id = ''] = /\bID="([^"]*)"/.exec(text) ?? []
  const info = writeText(signedInfo(id, key, covered, prefixes))
  return withSignature(text, info, await key.sign(Buffer.from(info)), key)
}

/** The text with a signature that says this and has this value. */
export function withSignature(text: string, info: string, value: Uint8Array, key: SigningKey): string {
  const keyInfo = writeText(writeKeyInfo(key.certificates.slice(0, 1))).replace(` xmlns:ds="${ds('').namespace}"`, '')
  const rest = `<ds:SignatureValue>${Buffer.from(value).toString('base64')}</ds:SignatureValue>${keyInfo}`
  const signature = `<ds:Signature xmlns:ds="${ds('').namespace}">${info.replace(/ xmlns:ds="[^"]*"/, '')}${rest}</ds:Signature>`
  return text.replace('</saml2:Issuer>', (end) => end + signature)
}

/** ds:SignedInfo about the element of this ID, whose canonical text is `covered`. */
export function signedInfo(id: string, key: SigningKey, covered: string, prefixes: readonly string[] = []): XmlPart {
  const { digestUri } = signatureAlgorithms[key.algorithm]
  const digest = createHash(digestAlgorithms[digestUri].node).update(covered).digest('base64')
  const list =
    prefixes.length === 0 ? [] : [el(ec('InclusiveNamespaces'), { PrefixList: [...new Set(prefixes)].join(' ') })]
  const transform = (Algorithm: string, ...inside: readonly XmlPart[]) => el(ds('Transform'), { Algorithm }, ...inside)
  return el(
    ds('SignedInfo'),
    {},
    el(ds('CanonicalizationMethod'), { Algorithm: EXC_C14N }),
    el(ds('SignatureMethod'), { Algorithm: key.algorithm }),
    el(
      ds('Reference'),
      { URI: `#${id}` },
      el(ds('Transforms'), {}, transform(ENVELOPED_SIGNATURE), transform(EXC_C14N, ...list)),
      el(ds('DigestMethod'), { Algorithm: digestUri }),
      el(ds('DigestValue'), {}, digest),
    ),
  )
}

/** The prefixes that the content of a part needs: exclusive C14N would lose them. */
export function declared({ declare, children }: XmlPart): readonly string[] {
  const inside = children.flatMap((child) => (typeof child === 'string' ? [] : declared(child)))
  return [...declare.map(({ prefix }) => prefix), ...inside]
}
