import type { NodeFault } from '../errors/node-fault.ts'
import type { XmlElement } from '../xml/element.ts'
import { ds, ds11, xenc, xenc11 } from '../xml/names.ts'
import { oaepDefaults } from '../xmlsec/algorithms.ts'
import { eidasEncryption } from '../xmlsec/encryption-policy.ts'
import type { Citing } from './findings.ts'
import { nameOf } from './signers.ts'
import { attributeOf, first, wholeText } from './tree.ts'

/* What an EncryptedAssertion says of how it is encrypted and to whom, whether or not a node allows it. */

/** URIs as they stand there. */
export interface EncryptionFacts {
  readonly content: string | null
  /** Of the key, where it is transported. */
  readonly transport: string | null
  readonly digest: string | null
  readonly mgf: string | null
  /** Of the key, where it is agreed on. */
  readonly agreement: string | null
  readonly kdf: string | null
  readonly wrap: string | null
  /** Subject of the certificate it is encrypted to. */
  readonly recipient: string | null
}

export function encryptionFacts(encrypted: XmlElement): EncryptionFacts {
  const data = first(encrypted, xenc('EncryptedData'))
  const key = first(data, ds('KeyInfo'), xenc('EncryptedKey')) ?? first(encrypted, xenc('EncryptedKey'))
  const keyInfo = first(key, ds('KeyInfo'))
  const agreement = first(keyInfo, xenc('AgreementMethod'))
  const method = first(key, xenc('EncryptionMethod'))
  const uri = attributeOf(method, 'Algorithm')
  const common = { content: attributeOf(first(data, xenc('EncryptionMethod')), 'Algorithm') }
  if (agreement === undefined) return { ...common, ...transportFacts(method), recipient: recipientIn(keyInfo) }
  return {
    ...common,
    transport: null,
    digest: attributeOf(kdfDigest(agreement), 'Algorithm'),
    mgf: null,
    agreement: attributeOf(agreement, 'Algorithm'),
    kdf: attributeOf(first(agreement, xenc11('KeyDerivationMethod')), 'Algorithm'),
    wrap: uri,
    recipient: recipientIn(first(agreement, xenc('RecipientKeyInfo'))),
  }
}

function kdfDigest(agreement: XmlElement): XmlElement | undefined {
  return first(agreement, xenc11('KeyDerivationMethod'), xenc11('ConcatKDFParams'), ds('DigestMethod'))
}

function transportFacts(method: XmlElement | undefined) {
  const transport = attributeOf(method, 'Algorithm')
  const oaep = transport?.includes('oaep') === true
  return {
    transport,
    digest: attributeOf(first(method, ds('DigestMethod')), 'Algorithm') ?? (oaep ? oaepDefaults.digestUri : null),
    mgf: attributeOf(first(method, xenc11('MGF')), 'Algorithm') ?? (oaep ? oaepDefaults.mgfUri : null),
    agreement: null,
    kdf: null,
    wrap: null,
  }
}

function recipientIn(keyInfo: XmlElement | undefined): string | null {
  const certificate = wholeText(first(keyInfo, ds('X509Data'), ds('X509Certificate')))
  if (certificate === null) return first(keyInfo, ds11('DEREncodedKeyValue')) === undefined ? null : 'a public key'
  return nameOf(certificate.replace(/\s+/g, '')).signer
}

/** Which of the rules about algorithms an ENC_ALG breaks: the first that the facts show. */
export function citingEncryption(facts: EncryptionFacts, cite: Citing): Citing {
  return (code: NodeFault['code']) => (code === 'ENC_ALG' ? brokenBy(facts) : cite(code))
}

function brokenBy({ content, transport, agreement, wrap, digest }: EncryptionFacts): string {
  const isListed = (uris: readonly string[], uri: string | null) => uri !== null && uris.includes(uri)
  const transports = eidasEncryption.keyTransports.map(({ uri }) => uri)
  if (!isListed(eidasEncryption.dataCiphers, content)) return 'R-CR-13'
  if (agreement === null && !isListed(transports, transport)) return 'R-CR-15'
  if (agreement !== null && !isListed(eidasEncryption.keyWraps, wrap)) return 'R-CR-16'
  return digest !== null && /#sha(?:256|384|512)$/.test(digest) ? 'R-CR-16' : 'R-CR-12'
}
