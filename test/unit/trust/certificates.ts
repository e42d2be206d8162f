import { createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto'
import { type CertificateOrder, createCertificate, createKey, type Usage } from '../../../src/xmlsec/certificate.ts'
import { bitString, der, explicit, integer, oid, sequence, tag } from '../../../src/xmlsec/der.ts'
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

export function authorityConstraints(pathLength?: number): Buffer {
  const isAuthority = der(tag.boolean, Buffer.from([0xff]))
  return criticalExtension(
    BASIC_CONSTRAINTS,
    pathLength === undefined ? sequence(isAuthority) : sequence(isAuthority, integer(Buffer.from([pathLength]))),
  )
}

const algorithms = { sha256: '1.2.840.10045.4.3.2', sha1: '1.2.840.10045.4.1' } as const

/** A certificate with just these extensions, and perhaps a hash of yesterday. */
export async function handMade(
  commonName: string,
  extensions: readonly Buffer[],
  issuer?: Party,
  hash: keyof typeof algorithms = 'sha256',
): Promise<Party> {
  const key = await createKey('P-256')
  const name = (value: string) =>
    sequence(der(tag.set, sequence(oid('2.5.4.3'), der(tag.utf8String, Buffer.from(value)))))
  const time = (at: number) =>
    der(tag.generalizedTime, Buffer.from(new Date(at).toISOString().replace(/\.\d+|[-:T]/g, '')))
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
