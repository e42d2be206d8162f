import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { NodeFault } from '../errors/node-fault.ts'
import { readCertificate } from '../trust/x509.ts'
import { createCertificate } from '../xmlsec/certificate.ts'
import { type DecryptionKey, decryptionKey } from '../xmlsec/keys.ts'
import type { Recipients } from '../xmlsec/recipients.ts'
import { attempt, type Citing, type Finding } from './findings.ts'

/*
 * Private keys of --decrypt. They come without certificates, and a message names certificates: the two are brought
 * together by the public key. Nothing of a private key is ever told.
 */

export interface PrivateKey {
  /** PEM, PKCS#8. */
  readonly pem: string
  readonly spki: Buffer
}

/** The keys of a PEM text. CFG_INVALID when there is none, and for one that is encrypted, neither RSA nor EC, or broken. */
export function privateKeysIn(pem: string): readonly PrivateKey[] {
  const blocks = pem.match(/-----BEGIN ([A-Z ]*)PRIVATE KEY-----[^-]+-----END \1PRIVATE KEY-----/g) ?? []
  if (blocks.length === 0) throw new NodeFault('CFG_INVALID', 'no private key in PEM')
  return blocks.map(readPrivateKey)
}

function readPrivateKey(block: string): PrivateKey {
  const key = keyIn(block)
  if (key === undefined || !['rsa', 'ec'].includes(key.asymmetricKeyType ?? '')) {
    throw new NodeFault('CFG_INVALID', 'a private key that is encrypted, broken, or neither RSA nor EC')
  }
  return { pem: key.export({ type: 'pkcs8', format: 'pem' }).toString(), spki: spkiOf(createPublicKey(key)) }
}

/** OpenSSL's message could quote its input, so none is kept. */
function keyIn(block: string): KeyObject | undefined {
  try {
    return createPrivateKey(block)
  } catch {
    return undefined
  }
}

function spkiOf(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' })
}

export interface FittingKeys {
  readonly keys: readonly DecryptionKey[]
  readonly findings: readonly Finding[]
}

/** Of these keys the ones a message names as its recipient; all of them when it names none. */
export function fittingKeys(
  keys: readonly PrivateKey[],
  recipients: Recipients,
  now: number,
  cite: Citing,
): FittingKeys {
  const fitting = keys.flatMap((key) => {
    const certificate = recipients.length === 0 ? ownCertificate(key, now) : certificateFor(key, recipients, now)
    return certificate === undefined ? [] : [decryptionKeyOf(key, certificate, cite)]
  })
  return { keys: fitting.flatMap(({ value }) => value ?? []), findings: fitting.flatMap(({ findings }) => findings) }
}

/** The named certificate of this key's public half; one made up where the message names the bare public key. */
function certificateFor(key: PrivateKey, recipients: Recipients, now: number): string | undefined {
  for (const { kind, der } of recipients) {
    if (kind === 'public key' && der.equals(key.spki)) return ownCertificate(key, now)
    if (kind === 'certificate' && publicKeyIn(der)?.equals(key.spki)) return der.toString('base64')
  }
  return undefined
}

function publicKeyIn(certificate: Buffer): Buffer | undefined {
  try {
    return spkiOf(readCertificate(certificate.toString('base64')).x509.publicKey)
  } catch {
    return undefined
  }
}

function ownCertificate(key: PrivateKey, now: number): string {
  return createCertificate({ subject: { commonName: 'inspection' }, key: key.pem, now, days: 1, usage: 'encryption' })
}

/** A key that is too weak for a node is used all the same, and said to be. */
function decryptionKeyOf(key: PrivateKey, certificate: string, cite: Citing) {
  const own = { privateKey: key.pem, certificates: [certificate] }
  const strong = attempt(() => decryptionKey(own), cite, { about: 'the recipient' })
  if (strong.value !== undefined) return strong
  const weak = attempt(() => decryptionKey({ ...own, strength: { minimumRsaBits: 2048 } }), cite)
  return { ...weak, findings: strong.findings }
}
