import { X509Certificate } from 'node:crypto'
import { NodeFault } from '../errors/node-fault.ts'

/*
 * What path validation needs to know of a certificate (RFC 5280). OpenSSL parses it and checks signatures; it does not
 * tell by which algorithm it is signed, nor what its extensions say, so those few fields are read from the DER that
 * OpenSSL has accepted. Only certificates of metadata signers come here: message keys are trusted as metadata has them.
 */

export interface Extension {
  readonly critical: boolean
  readonly value: Uint8Array
}

export interface ReadCertificate {
  readonly x509: X509Certificate
  /** Base64 of the DER. */
  readonly base64: string
  /** OID of the signature algorithm and, for PSS, of its hash. */
  readonly signature: { readonly algorithm: string; readonly hash?: string }
  /** By OID. */
  readonly extensions: ReadonlyMap<string, Extension>
}

/** Reads a certificate (PEM, or base64 of DER); TRUST_CERT when it cannot be read or holds something twice. */
export function readCertificate(text: string): ReadCertificate {
  const x509 = parse(text)
  const [content, algorithm] = children(sole(x509.raw))
  if (content === undefined || algorithm === undefined) throw unreadable()
  return {
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
  const authority = fields.some(({ tag, value }) => tag === BOOLEAN && value[0] === 0xff)
  const length = fields.find(({ tag }) => tag === INTEGER)?.value
  return length === undefined ? { authority } : { authority, pathLength: readNumber(length) }
}

export type KeyUsage = 'digitalSignature' | 'nonRepudiation' | 'keyCertSign'

const usageBits: Readonly<Record<KeyUsage, number>> = { digitalSignature: 0, nonRepudiation: 1, keyCertSign: 5 }

/** 4.2.1.3: whether the key may be used for this; without the extension it may. */
export function allowsUsage({ extensions }: ReadCertificate, usage: KeyUsage): boolean {
  const extension = extensions.get('2.5.29.15')
  if (extension === undefined) return true
  const bits = sole(extension.value).value[1] ?? 0
  return (bits & (0x80 >> usageBits[usage])) !== 0
}

const BOOLEAN = 0x01
const INTEGER = 0x02
const SEQUENCE = 0x30
const EXTENSIONS = 0xa3

interface Tlv {
  readonly tag: number
  readonly value: Uint8Array
}

function readExtensions(content: Tlv): ReadonlyMap<string, Extension> {
  const wrapper = children(content).find(({ tag }) => tag === EXTENSIONS)
  const found = new Map<string, Extension>()
  if (wrapper === undefined) return found
  for (const extension of children(sole(wrapper.value))) {
    const [oid, ...rest] = children(extension)
    const value = rest.at(-1)
    if (oid === undefined || value === undefined) throw unreadable()
    const type = readOid(oid)
    if (found.has(type)) throw new NodeFault('TRUST_CERT', `extension ${type} twice`)
    found.set(type, { critical: rest.length === 2 && rest[0]?.value[0] === 0xff, value: value.value })
  }
  return found
}

/** RFC 4055, 3.1: the parameters of PSS begin with [0] { hash }; without it the hash is SHA-1. */
function readSignature(identifier: Tlv): ReadCertificate['signature'] {
  const [oid, parameters] = children(identifier)
  if (oid === undefined) throw unreadable()
  const algorithm = readOid(oid)
  if (parameters?.tag !== SEQUENCE) return { algorithm }
  const hash = children(parameters).find(({ tag }) => tag === 0xa0)
  const [hashOid] = hash === undefined ? [] : children(sole(hash.value))
  return hashOid === undefined ? { algorithm } : { algorithm, hash: readOid(hashOid) }
}

function children({ value }: Tlv): readonly Tlv[] {
  const found: Tlv[] = []
  for (let at = 0; at < value.length; ) {
    const { tlv, end } = readAt(value, at)
    found.push(tlv)
    at = end
  }
  return found
}

function sole(octets: Uint8Array): Tlv {
  const { tlv, end } = readAt(octets, 0)
  if (end !== octets.length) throw unreadable()
  return tlv
}

/** One value of definite length (X.690, 8.1.3). */
function readAt(octets: Uint8Array, at: number): { readonly tlv: Tlv; readonly end: number } {
  const tag = octets[at]
  const first = octets[at + 1]
  if (tag === undefined || first === undefined) throw unreadable()
  const digits = first < 0x80 ? 0 : first - 0x80
  if (first === 0x80 || digits > 3) throw unreadable()
  const start = at + 2 + digits
  const length = digits === 0 ? first : readNumber(octets.subarray(at + 2, start))
  const end = start + length
  if (end > octets.length) throw unreadable()
  return { tlv: { tag, value: octets.subarray(start, end) }, end }
}

function readNumber(octets: Uint8Array): number {
  if (octets.length > 3) throw unreadable()
  return octets.reduce((sum, octet) => sum * 256 + octet, 0)
}

function readOid({ value }: Tlv): string {
  const numbers: number[] = []
  let current = 0
  for (const octet of value) {
    current = current * 128 + (octet & 0x7f)
    if (octet & 0x80) continue
    numbers.push(current)
    current = 0
  }
  const [first = 0, ...rest] = numbers
  const root = Math.min(Math.floor(first / 40), 2)
  return [root, first - 40 * root, ...rest].join('.')
}

function unreadable(): NodeFault {
  return new NodeFault('TRUST_CERT', 'a certificate that is not plain DER')
}
