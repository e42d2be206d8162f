import { createHash, X509Certificate } from 'node:crypto'
import { NodeFault } from '../errors/node-fault.ts'
import { isAffordable } from '../xmlsec/keys.ts'
import {
  children,
  type Extension,
  extensionsIn,
  readNumber,
  readOid,
  readSignature,
  type SignatureIdentifier,
  sole,
  type Tlv,
  tags,
  unreadable,
} from './der.ts'

/*
 * What path validation needs to know of a certificate (RFC 5280). OpenSSL parses it and checks signatures; it does not
 * tell by which algorithm it is signed, nor what its extensions say, so those few fields are read from the DER that
 * OpenSSL has accepted. Only certificates of metadata signers come here: message keys are trusted as metadata has them.
 */

export interface ReadCertificate {
  readonly x509: X509Certificate
  /** Base64 of the DER. */
  readonly base64: string
  /** OID of the signature algorithm and, for PSS, of its hash. */
  readonly signature: SignatureIdentifier
  /** DER of the serial number, and of both names. */
  readonly serial: Uint8Array
  readonly issuerName: Uint8Array
  readonly subjectName: Uint8Array
  /** The octets of the public key itself, without how it is called. */
  readonly publicKeyBits: Uint8Array
  /** Whether it may be asked who is signed with its key. */
  readonly isAffordable: boolean
  /** By OID. */
  readonly extensions: ReadonlyMap<string, Extension>
}

/** Reads a certificate (PEM, or base64 of DER); TRUST_CERT when it cannot be read or holds something twice. */
export function readCertificate(text: string): ReadCertificate {
  const x509 = parse(text)
  const [content, algorithm] = children(sole(x509.raw))
  if (content === undefined || algorithm === undefined) throw unreadable()
  const fields = children(content)
  // 4.1: the version stands in front of everything but in certificates of version 1.
  const [serial, , issuer, , subject, publicKey] = fields[0]?.tag === 0xa0 ? fields.slice(1) : fields
  const bits = publicKey && children(publicKey)[1]
  if (!serial || !issuer || !subject || !bits) throw unreadable()
  return {
    serial: serial.raw,
    issuerName: issuer.raw,
    subjectName: subject.raw,
    publicKeyBits: bits.value.subarray(1),
    isAffordable: isAffordable(x509),
    x509,
    base64: x509.raw.toString('base64'),
    signature: readSignature(algorithm),
    extensions: readExtensions(content),
  }
}

function parse(text: string): X509Certificate {
  try {
    return new X509Certificate(text.includes('-----') ? text : Buffer.from(text, 'base64'))
  } catch (cause) {
    throw new NodeFault('TRUST_CERT', 'not a certificate', { cause })
  }
}

/** 4.2.1.9: whether it is an authority, and how many may stand below it; undefined for no limit. */
export function basicConstraints({ extensions }: ReadCertificate): { authority: boolean; pathLength?: number } {
  const extension = extensions.get('2.5.29.19')
  if (extension === undefined) return { authority: false }
  const fields = children(sole(extension.value))
  const authority = fields.some(({ tag, value }) => tag === tags.boolean && value[0] === 0xff)
  const length = fields.find(({ tag }) => tag === tags.integer)?.value
  return length === undefined ? { authority } : { authority, pathLength: readNumber(length) }
}

export type KeyUsage = 'digitalSignature' | 'nonRepudiation' | 'keyCertSign' | 'cRLSign'

const usageBits: Readonly<Record<KeyUsage, number>> = {
  digitalSignature: 0,
  nonRepudiation: 1,
  keyCertSign: 5,
  cRLSign: 6,
}

/** 4.2.1.3: whether the key may be used for this; without the extension it may. */
export function allowsUsage({ extensions }: ReadCertificate, usage: KeyUsage): boolean {
  const extension = extensions.get('2.5.29.15')
  if (extension === undefined) return true
  const bits = sole(extension.value).value[1] ?? 0
  return (bits & (0x80 >> usageBits[usage])) !== 0
}

const EXTENSIONS = 0xa3

function readExtensions(content: Tlv): ReadonlyMap<string, Extension> {
  const wrapper = children(content).find(({ tag }) => tag === EXTENSIONS)
  return wrapper === undefined ? new Map() : extensionsIn(sole(wrapper.value))
}

/** 4.2.1.13: where lists that are about every reason and by the issuer itself are; undefined without the extension. */
export function crlUrls({ extensions }: ReadCertificate): readonly string[] | undefined {
  const extension = extensions.get('2.5.29.31')
  if (extension === undefined) return undefined
  return children(sole(extension.value)).flatMap((point) => {
    const [name, ...limits] = children(point)
    if (name?.tag !== 0xa0 || limits.length > 0) return []
    return urlsOf(name)
  })
}

/** 4.2.1.13: fullName of a DistributionPointName in its tag. */
export function urlsOf(name: Tlv): readonly string[] {
  return children(name)
    .filter(({ tag }) => tag === 0xa0)
    .flatMap(children)
    .flatMap(urlOf)
}

const OCSP = '1.3.6.1.5.5.7.48.1'

/** 4.2.2.1: who answers for its status; undefined when none is named. */
export function ocspUrls({ extensions }: ReadCertificate): readonly string[] | undefined {
  const extension = extensions.get('1.3.6.1.5.5.7.1.1')
  const descriptions = extension === undefined ? [] : children(sole(extension.value)).map(children)
  const named = descriptions.filter(([method]) => method !== undefined && readOid(method) === OCSP)
  return named.length === 0
    ? undefined
    : named.flatMap(([, location]) => (location === undefined ? [] : urlOf(location)))
}

/** uniformResourceIdentifier of a GeneralName, where it is one over HTTP. */
function urlOf({ tag, value }: Tlv): readonly string[] {
  const text = Buffer.from(value).toString('latin1')
  return tag === 0x86 && /^https?:\/\/[\x21-\x7e]+$/.test(text) ? [text] : []
}

/** 4.2.1.12: what the key is for; undefined without the extension. */
export function extendedUsages({ extensions }: ReadCertificate): readonly string[] | undefined {
  const extension = extensions.get('2.5.29.37')
  return extension === undefined ? undefined : children(sole(extension.value)).map(readOid)
}

/** As `openssl dgst -sha256 -c` prints it of the public key in DER, in capitals. */
export function keyFingerprint({ x509 }: ReadCertificate): string {
  const octets = x509.publicKey.export({ type: 'spki', format: 'der' })
  const digest = createHash('sha256').update(octets).digest('hex').toUpperCase()
  return digest.match(/../g)?.join(':') ?? ''
}
