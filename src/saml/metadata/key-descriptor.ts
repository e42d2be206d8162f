import { NodeFault } from '../../errors/node-fault.ts'
import { ds, md, xenc, xenc11 } from '../../xml/names.ts'
import { attribute, many, text } from '../../xml/reader.ts'
import { el, type XmlPart } from '../../xml/writer.ts'
import { fromBase64 } from '../../xmlsec/base64.ts'
import type { SignedElement } from '../../xmlsec/signed.ts'
import { firstText, requiredUri, singleChild } from './texts.ts'

export type KeyUse = 'signing' | 'encryption'

const uses: readonly KeyUse[] = ['signing', 'encryption']

/** SAML Metadata 2.4.1.1, md:EncryptionMethod. */
export interface EncryptionMethod {
  readonly algorithm: string
  /** Bits. */
  readonly keySize?: number | undefined
  /** ds:DigestMethod, for RSA-OAEP. */
  readonly digestMethod?: string | undefined
  /** xenc11:MGF, for RSA-OAEP. */
  readonly mgf?: string | undefined
}

/** SAML Metadata 2.4.1.1. */
export interface KeyDescriptor {
  /** Absent means both uses. */
  readonly use?: KeyUse | undefined
  /** Base64 of DER without white space, in document order; none when the key is given in another way than X509Data. */
  readonly certificates: readonly string[]
  readonly encryptionMethods: readonly EncryptionMethod[]
}

export function readKeyDescriptor(descriptor: SignedElement): KeyDescriptor {
  const keyInfo = singleChild(descriptor, ds('KeyInfo'))
  if (keyInfo === undefined) throw new NodeFault('MD_STRUCT', 'a KeyDescriptor without KeyInfo')
  return {
    use: readUse(descriptor),
    certificates: many(keyInfo, ds('X509Data'))
      .flatMap((holder) => many(holder, ds('X509Certificate')))
      .map(readCertificate),
    encryptionMethods: many(descriptor, md('EncryptionMethod')).map(readEncryptionMethod),
  }
}

export function writeKeyDescriptor({ use, certificates, encryptionMethods }: KeyDescriptor): XmlPart {
  const holder = el(ds('X509Data'), {}, ...certificates.map((text) => el(ds('X509Certificate'), {}, text)))
  return el(
    md('KeyDescriptor'),
    { use },
    el(ds('KeyInfo'), {}, holder),
    ...encryptionMethods.map(writeEncryptionMethod),
  )
}

function readUse(descriptor: SignedElement): KeyUse | undefined {
  const given = attribute(descriptor, 'use')
  const use = uses.find((known) => known === given)
  if (use !== given) throw new NodeFault('MD_STRUCT', 'unknown use of a key')
  return use
}

function readCertificate(certificate: SignedElement): string {
  const octets = fromBase64(text(certificate))
  if (octets === undefined || octets.length === 0) throw new NodeFault('MD_KEY', 'a certificate that is not base64')
  return octets.toString('base64')
}

function readEncryptionMethod(method: SignedElement): EncryptionMethod {
  const keySize = firstText(method, xenc('KeySize'))
  const digestMethod = singleChild(method, ds('DigestMethod'))
  const mgf = singleChild(method, xenc11('MGF'))
  return {
    algorithm: requiredUri(method, 'Algorithm'),
    keySize: keySize === undefined ? undefined : readKeySize(keySize),
    digestMethod: digestMethod && requiredUri(digestMethod, 'Algorithm'),
    mgf: mgf && requiredUri(mgf, 'Algorithm'),
  }
}

/** An algorithm of ours says its size by its name, so what else stands here is passed over. */
function readKeySize(text: string): number | undefined {
  return /^[1-9]\d{0,4}$/.test(text) ? Number(text) : undefined
}

function writeEncryptionMethod({ algorithm, keySize, digestMethod, mgf }: EncryptionMethod): XmlPart {
  return el(
    md('EncryptionMethod'),
    { Algorithm: algorithm },
    keySize === undefined ? undefined : el(xenc('KeySize'), {}, keySize.toString()),
    digestMethod === undefined ? undefined : el(ds('DigestMethod'), { Algorithm: digestMethod }),
    mgf === undefined ? undefined : el(xenc11('MGF'), { Algorithm: mgf }),
  )
}
