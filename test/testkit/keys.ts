import type { SignatureAlgorithm } from '../../src/xmlsec/algorithms.ts'
import { createCertificate, type KeyKind, type Usage } from '../../src/xmlsec/certificate.ts'
import {
  type DecryptionKey,
  decryptionKey,
  type SigningKey,
  signingKey,
  type VerificationKey,
  verificationKey,
} from '../../src/xmlsec/keys.ts'
import { privateKeyFor } from './private-keys.ts'

/** A key pair of the tests with its self-signed certificate, and what the node makes of them. */
export interface TestKey {
  readonly privateKey: string
  /** PEM. */
  readonly certificate: string
  readonly verification: VerificationKey
  readonly decryption: DecryptionKey
  signing(algorithm?: SignatureAlgorithm): SigningKey
}

const made = new Map<string, Promise<TestKey>>()

/** The key of that name and kind, made when first asked for and the same for the rest of the process. */
export function testKey(name = 'peer', kind: KeyKind = 'P-256', usage: Usage = 'signing'): Promise<TestKey> {
  const id = `${kind} ${usage} ${name}`
  const known = made.get(id) ?? make(name, kind, usage)
  made.set(id, known)
  return known
}

async function make(name: string, kind: KeyKind, usage: Usage): Promise<TestKey> {
  const privateKey = await privateKeyFor(`${kind} ${usage} ${name}`, kind)
  const order = { subject: { commonName: name, organization: 'Test', country: 'SE' }, key: privateKey, usage }
  const certificate = createCertificate({ ...order, now: Date.now() - 60_000, days: 2 })
  const own = { privateKey, certificates: [certificate] }
  return {
    privateKey,
    certificate,
    verification: verificationKey(certificate),
    decryption: decryptionKey(own),
    signing: (algorithm) => signingKey(algorithm === undefined ? own : { ...own, algorithm }),
  }
}
