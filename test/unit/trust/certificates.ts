import { createHash, createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto'
import { readCertificate } from '../../../src/trust/x509.ts'
import { type CertificateOrder, createCertificate, createKey, type Usage } from '../../../src/xmlsec/certificate.ts'
import { bitString, der, explicit, implicit, integer, oid, sequence, tag } from '../../../src/xmlsec/der.ts'
import { DAY, NOW } from './samples.ts'

/** Certificates good and bad. What `createCertificate` would never write is written here octet by octet. */

export interface Party {
  readonly subject: { readonly commonName: string }
  readonly key: string
  /** PEM. */
  readonly certificate: string
  /** Base64 of DER, as a KeyInfo has it. */
  readonly base64: string
}

export async function party(
  commonName: string,
  usage: Usage,
  issuer?: Party,
  order: Partial<CertificateOrder> = {},
): Promise<Party> {
  const key = order.key ?? (await createKey('P-256'))
  const certificate = createCertificate({
    subject: { commonName },
    key,
    now: NOW - DAY,
    days: 10,
    usage,
    ...(issuer === undefined ? {} : { issuer: { subject: issuer.subject, key: issuer.key } }),
    ...order,
  })
  return { subject: { commonName }, key, certificate, base64: certificate.replace(/-----[^-]+-----|\s/g, '') }
}

const BASIC_CONSTRAINTS = '2.5.29.19'

export function criticalExtension(type: string, value: Buffer): Buffer {
  return sequence(oid(type), der(tag.boolean, Buffer.from([0xff])), der(tag.octetString, value))
}

export function plainExtension(type: string, value: Buffer): Buffer {
  return sequence(oid(type), der(tag.octetString, value))
}

const url = (text: string) => implicit(6, Buffer.from(text))

/** fullName in a DistributionPointName. */
const placeName = (place: string) => der(0xa0, der(0xa0, url(place)))

export function crlAt(place: string): Buffer {
  return plainExtension('2.5.29.31', sequence(sequence(placeName(place))))
}

export function ocspAt(...places: readonly string[]): Buffer {
  const descriptions = places.map((place) => sequence(oid('1.3.6.1.5.5.7.48.1'), url(place)))
  return plainExtension('1.3.6.1.5.5.7.1.1', sequence(...descriptions))
}

export const ocspSigning = plainExtension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.9')))

export interface ListOrder {
  readonly issuer: Party
  readonly revoked?: readonly Party[]
  /** DER, in place of `revoked`. */
  readonly entries?: readonly Buffer[]
  readonly thisUpdate?: number
  readonly nextUpdate?: number
  /** Who signs, if not the issuer. */
  readonly signer?: Party
  /** Members of the issuingDistributionPoint. */
  readonly scope?: readonly Buffer[]
}

/** A place, and what else an issuingDistributionPoint says. */
export const scopes = {
  place: placeName,
  others: implicit(1, Buffer.from([0xff])),
  authorities: implicit(2, Buffer.from([0xff])),
  indirect: implicit(4, Buffer.from([0xff])),
}

export function revocationList(order: ListOrder): Buffer {
  const { issuer, revoked = [], thisUpdate = NOW - DAY, nextUpdate = NOW + DAY, signer = issuer, scope } = order
  const { entries = revoked.map((one) => sequence(serialOf(one), time(thisUpdate))) } = order
  const contents = sequence(
    integer(Buffer.from([1])),
    sequence(oid(algorithms.sha256)),
    name(issuer.subject.commonName),
    time(thisUpdate),
    time(nextUpdate),
    ...(entries.length === 0 ? [] : [der(tag.sequence, Buffer.concat(entries))]),
    ...(scope === undefined ? [] : [explicit(0, sequence(criticalExtension('2.5.29.28', sequence(...scope))))]),
  )
  return signed(contents, signer)
}

function signed(contents: Buffer, { key }: Party, ...more: readonly Buffer[]): Buffer {
  const signature = sign('sha256', contents, createPrivateKey(key))
  return sequence(contents, sequence(oid(algorithms.sha256)), bitString(signature), ...more)
}

function serialOf({ base64 }: Party): Uint8Array {
  return readCertificate(base64).serial
}

export interface StatusOrder {
  readonly issuer: Party
  readonly about: Party
  readonly status: 'good' | 'revoked' | 'unknown'
  readonly thisUpdate?: number
  /** undefined leaves it out. */
  readonly nextUpdate?: number | undefined
  readonly signer?: Party
  /** Certificates that come along. */
  readonly given?: readonly Party[]
}

export function ocspAnswer(order: StatusOrder): Buffer {
  const {
    issuer,
    about,
    status,
    thisUpdate = NOW - DAY,
    nextUpdate,
    signer,
    given,
  } = {
    nextUpdate: NOW + DAY,
    signer: order.issuer,
    given: [],
    ...order,
  }
  const { subjectName, publicKeyBits } = readCertificate(issuer.base64)
  const sha1 = (octets: Uint8Array) => der(tag.octetString, createHash('sha1').update(octets).digest())
  const id = sequence(
    sequence(oid('1.3.14.3.2.26'), der(tag.null)),
    sha1(subjectName),
    sha1(publicKeyBits),
    serialOf(about),
  )
  const written = {
    good: implicit(0, Buffer.alloc(0)),
    revoked: explicit(1, time(thisUpdate)),
    unknown: implicit(2, Buffer.alloc(0)),
  }
  const next = nextUpdate === undefined ? [] : [explicit(0, time(nextUpdate))]
  const single = sequence(id, written[status], time(thisUpdate), ...next)
  const contents = sequence(explicit(2, der(tag.octetString, Buffer.from('key'))), time(thisUpdate), sequence(single))
  const certificates = given.map(({ base64 }) => Buffer.from(base64, 'base64'))
  const basic = signed(contents, signer, ...(given.length === 0 ? [] : [explicit(0, sequence(...certificates))]))
  return sequence(
    der(0x0a, Buffer.from([0])),
    explicit(0, sequence(oid('1.3.6.1.5.5.7.48.1.1'), der(tag.octetString, basic))),
  )
}

function name(value: string): Buffer {
  return sequence(der(tag.set, sequence(oid('2.5.4.3'), der(tag.utf8String, Buffer.from(value)))))
}

function time(at: number): Buffer {
  return der(tag.generalizedTime, Buffer.from(new Date(at).toISOString().replace(/\.\d+|[-:T]/g, '')))
}

export function authorityConstraints(pathLength?: number): Buffer {
  const isAuthority = der(tag.boolean, Buffer.from([0xff]))
  return criticalExtension(
    BASIC_CONSTRAINTS,
    pathLength === undefined ? sequence(isAuthority) : sequence(isAuthority, integer(Buffer.from([pathLength]))),
  )
}

const algorithms = { sha256: '1.2.840.10045.4.3.2', sha1: '1.2.840.10045.4.1' } as const

/** Base64 of a certificate of that name, by somebody of the same name, for a key that nobody holds: its signature is noise of so many octets. */
export function forKey(commonName: string, publicKey: Buffer, octets: number): string {
  const algorithm = sequence(oid('1.2.840.113549.1.1.11'), der(tag.null))
  const content = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(randomBytes(8)),
    algorithm,
    name(commonName),
    sequence(time(NOW - DAY), time(NOW + DAY)),
    name(commonName),
    publicKey,
    explicit(3, sequence(authorityConstraints())),
  )
  return sequence(content, algorithm, bitString(Buffer.concat([Buffer.from([1]), randomBytes(octets - 1)]))).toString(
    'base64',
  )
}

export function rsaPublicKey(modulus: Buffer, exponent: Buffer): Buffer {
  const key = sequence(integer(modulus), integer(exponent))
  return sequence(sequence(oid('1.2.840.113549.1.1.1'), der(tag.null)), bitString(key))
}

/** A certificate with just these extensions, and perhaps a hash of yesterday. */
export async function handMade(
  commonName: string,
  extensions: readonly Buffer[],
  issuer?: Party,
  hash: keyof typeof algorithms = 'sha256',
): Promise<Party> {
  const key = await createKey('P-256')
  const algorithm = sequence(oid(algorithms[hash]))
  const content = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(randomBytes(8)),
    algorithm,
    name(issuer?.subject.commonName ?? commonName),
    sequence(time(NOW - DAY), time(NOW + DAY)),
    name(commonName),
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    ...(extensions.length === 0 ? [] : [explicit(3, sequence(...extensions))]),
  )
  const signature = sign(hash, content, createPrivateKey(issuer?.key ?? key))
  const base64 = sequence(content, algorithm, bitString(signature)).toString('base64')
  const certificate = `-----BEGIN CERTIFICATE-----\n${base64.match(/.{1,64}/g)?.join('\n')}\n-----END CERTIFICATE-----\n`
  return { subject: { commonName }, key, certificate, base64 }
}
