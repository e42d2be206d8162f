import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'
import { promisify } from 'node:util'
import { type SignatureAlgorithm, signatureAlgorithms } from './algorithms.ts'
import { bitString, der, explicit, implicit, integer, oid, sequence, tag } from './der.ts'
import { signatureParameters } from './keys.ts'

/*
 * Keys and certificates (RFC 5280) for the demo, the tests and first set-ups: self-signed or under an authority made here
 * as well. A member state's real ones come from its own authority; nothing here verifies any.
 */

export interface Subject {
  readonly commonName: string
  readonly organization?: string
  /** Two letters. */
  readonly country?: string
}

export type Usage = 'authority' | 'signing' | 'encryption'

export interface CertificateOrder {
  readonly subject: Subject
  /** PEM of the subject's private key. */
  readonly key: string
  /** Who signs, with the subject of its own certificate; the subject itself when left out. */
  readonly issuer?: { readonly subject: Subject; readonly key: string }
  /** Milliseconds since 1970. */
  readonly now: number
  readonly days: number
  readonly usage: Usage
  /** How an RSA key signs: PSS (R-CR-20), or PKCS#1 for software that knows nothing else. */
  readonly rsa?: 'pss' | 'pkcs1'
}

const DAY = 24 * 60 * 60 * 1000

/** A new certificate, PEM. */
export function createCertificate(order: CertificateOrder): string {
  const issuer = order.issuer ?? { subject: order.subject, key: order.key }
  const issuerKey = createPrivateKey(issuer.key)
  const signing = certificateSignature(issuerKey, order.rsa ?? 'pss')
  const publicKey = createPublicKey(order.key)
  const content = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serialNumber()),
    signing.identifier,
    name(issuer.subject),
    sequence(time(order.now), time(order.now + order.days * DAY)),
    name(order.subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensions(order.usage, publicKey, createPublicKey(issuer.key)))),
  )
  return pem(sequence(content, signing.identifier, bitString(signing.sign(content))))
}

/** Positive, and never shorter than its 16 octets. */
function serialNumber(): Buffer {
  const serial = randomBytes(16)
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40
  return serial
}

const attributeTypes = { country: '2.5.4.6', organization: '2.5.4.10', commonName: '2.5.4.3' } as const

function name({ commonName, organization, country }: Subject): Buffer {
  const parts: Buffer[] = []
  if (country !== undefined) parts.push(relativeName(attributeTypes.country, tag.printableString, country))
  if (organization !== undefined) parts.push(relativeName(attributeTypes.organization, tag.utf8String, organization))
  parts.push(relativeName(attributeTypes.commonName, tag.utf8String, commonName))
  return sequence(...parts)
}

function relativeName(type: string, stringTag: number, value: string): Buffer {
  return der(tag.set, sequence(oid(type), der(stringTag, Buffer.from(value, 'utf8'))))
}

/** RFC 5280, 4.1.2.5: UTCTime through 2049, GeneralizedTime after. */
function time(instant: number): Buffer {
  const digits = new Date(instant).toISOString().replace(/\.\d+/, '').replace(/[-:T]/g, '')
  const isUtcTime = digits < '2050'
  return der(isUtcTime ? tag.utcTime : tag.generalizedTime, Buffer.from(isUtcTime ? digits.slice(2) : digits, 'ascii'))
}

function extensions(usage: Usage, publicKey: KeyObject, issuerKey: KeyObject): readonly Buffer[] {
  const constraints = usage === 'authority' ? sequence(der(tag.boolean, Buffer.from([0xff]))) : sequence()
  return [
    critical('2.5.29.19', constraints),
    critical('2.5.29.15', keyUsage(usage, publicKey)),
    extension('2.5.29.14', der(tag.octetString, keyIdentifier(publicKey))),
    extension('2.5.29.35', sequence(implicit(0, keyIdentifier(issuerKey)))),
  ]
}

function extension(type: string, value: Buffer): Buffer {
  return sequence(oid(type), der(tag.octetString, value))
}

function critical(type: string, value: Buffer): Buffer {
  return sequence(oid(type), der(tag.boolean, Buffer.from([0xff])), der(tag.octetString, value))
}

/** RFC 5280, 4.2.1.3, as octet and unused bits: an RSA key enciphers keys, an EC key agrees on them. */
function keyUsage(usage: Usage, { asymmetricKeyType: type }: KeyObject): Buffer {
  if (usage === 'authority') return bitString(Buffer.from([0x06]), 1)
  if (usage === 'signing') return bitString(Buffer.from([0x80]), 7)
  return type === 'rsa' ? bitString(Buffer.from([0x20]), 5) : bitString(Buffer.from([0x08]), 3)
}

/** 160 bits of a SHA-256, as RFC 7093 suggests in place of SHA-1. */
function keyIdentifier(publicKey: KeyObject): Buffer {
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(spki).digest().subarray(0, 20)
}

interface CertificateSignature {
  readonly identifier: Buffer
  readonly sign: (octets: Uint8Array) => Buffer
}

function certificateSignature(key: KeyObject, rsa: 'pss' | 'pkcs1'): CertificateSignature {
  if (key.asymmetricKeyType !== 'rsa') {
    return { identifier: sequence(oid('1.2.840.10045.4.3.2')), sign: (octets) => sign('sha256', octets, key) }
  }
  const algorithm: SignatureAlgorithm =
    rsa === 'pss'
      ? 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1'
      : 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
  const parameters = { key, ...signatureParameters(signatureAlgorithms[algorithm]) }
  return {
    identifier: rsa === 'pss' ? pssIdentifier() : pkcs1Identifier(),
    sign: (octets) => sign('sha256', octets, parameters),
  }
}

function pkcs1Identifier(): Buffer {
  return sequence(oid('1.2.840.113549.1.1.11'), der(tag.null))
}

/** RFC 4055, 3.1: SHA-256, MGF1 with SHA-256, salt of 32 octets. */
function pssIdentifier(): Buffer {
  const sha256 = sequence(oid('2.16.840.1.101.3.4.2.1'), der(tag.null))
  const mgf1 = sequence(oid('1.2.840.113549.1.1.8'), sha256)
  const parameters = sequence(explicit(0, sha256), explicit(1, mgf1), explicit(2, integer(Buffer.from([32]))))
  return sequence(oid('1.2.840.113549.1.1.10'), parameters)
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

const generators = {
  'RSA-3072': () => generate('rsa', { modulusLength: 3072 }),
  'RSA-4096': () => generate('rsa', { modulusLength: 4096 }),
  'P-256': () => generateOn('prime256v1'),
  'P-384': () => generateOn('secp384r1'),
  'P-521': () => generateOn('secp521r1'),
  brainpoolP256r1: () => generateOn('brainpoolP256r1'),
  brainpoolP384r1: () => generateOn('brainpoolP384r1'),
  brainpoolP512r1: () => generateOn('brainpoolP512r1'),
} as const

export type KeyKind = keyof typeof generators

const generate = promisify(generateKeyPair)

function generateOn(namedCurve: string) {
  return generate('ec', { namedCurve })
}

/** A new private key, PEM (PKCS#8). */
export async function createKey(kind: KeyKind): Promise<string> {
  const { privateKey } = await generators[kind]()
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}
