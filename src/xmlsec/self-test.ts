import { asFault, NodeFault } from '../errors/node-fault.ts'
import { messageLimits } from '../xml/limits.ts'
import { saml, samlp } from '../xml/names.ts'
import { attribute } from '../xml/reader.ts'
import { el, writeXml } from '../xml/writer.ts'
import { createCertificate, createKey } from './certificate.ts'
import type { EncryptedContent } from './encrypted-data.ts'
import { type EncryptionPolicy, eidasEncryption, nationalEncryption } from './encryption-policy.ts'
import { type DecryptionKey, decryptionKey, type SigningKey } from './keys.ts'
import {
  type Check,
  check,
  expectRefusal,
  expectThat,
  type Kernel,
  kernel as ours,
  withBitChanged,
} from './self-test-check.ts'
import { documentChecks } from './self-test-documents.ts'
import { encryptionChecks } from './self-test-encryption.ts'
import { signatureChecks } from './self-test-signatures.ts'

/*
 * Rule 25 of docs/verify-path.md: before the node takes a message it shows that every algorithm takes what is right and every
 * guard refuses what is wrong, with the Node.js, OpenSSL and libxml2 that are under it today. A runtime that was built or
 * patched differently shows here and not in what it lets pass.
 */

export interface OwnKeys {
  readonly signing: readonly SigningKey[]
  readonly decryption: readonly DecryptionKey[]
}

/** Carries out every check. Fault: SELF_TEST, whose detail names all that failed. */
export async function selfTest(own: OwnKeys, kernel: Kernel = ours): Promise<void> {
  const failed = (await Promise.all(checks(own).map((one) => failureOf(one, kernel)))).flat()
  if (failed.length > 0) throw new NodeFault('SELF_TEST', failed.join('; '))
}

async function failureOf({ name, carryOut }: Check, kernel: Kernel): Promise<readonly string[]> {
  try {
    await carryOut(kernel)
    return []
  } catch (thrown) {
    return [`${name} (${asFault(thrown).message})`]
  }
}

/** All of them, each with a name of its own. */
export function checks({ signing, decryption }: OwnKeys): readonly Check[] {
  const fresh = freshKey()
  // The code that awaits it hears of its failure.
  fresh.catch(() => undefined)
  return [
    ...documentChecks,
    ...signatureChecks,
    ...encryptionChecks,
    ...signing.flatMap((key, index) => signingChecks(key, `signing key ${index + 1}`)),
    ...decryption.flatMap((key, index) => decryptionChecks(async () => key, key.kind, `encryption key ${index + 1}`)),
    ...decryptionChecks(() => fresh, 'ec', 'a fresh key'),
  ]
}

/** What a key of ours signs verifies with its certificate. */
function signingChecks(key: SigningKey, name: string): readonly Check[] {
  const { algorithm } = key
  const trusting = (kernel: Kernel) => {
    const [certificate = ''] = key.certificates
    const trusted = { keys: [kernel.verificationKey(certificate)], algorithms: [algorithm] }
    return { root: [samlp('AuthnRequest')], schema: 'protocol', limits: messageLimits, keysFor: () => trusted } as const
  }
  return [
    check(`${name} signs messages`, async (kernel) => {
      const signed = writeXml(await kernel.signElement(request, key))
      const id = kernel.withVerified(signed, trusting(kernel), (root) => attribute(root, 'ID'))
      expectThat(id === '_q0', 'verified, but read as something else')
    }),
    check(`${name} signs octets`, async (kernel) => {
      const octets = Buffer.from('SAMLRequest=self-test')
      const detached = { octets, ...(await kernel.signOctets(octets, key)) }
      kernel.withVerifiedOctets(writeXml(request), trusting(kernel), detached, () => 'read')
    }),
  ]
}

const request = el(
  samlp('AuthnRequest'),
  { ID: '_q0', Version: '2.0', IssueInstant: '2026-01-01T00:00:00Z' },
  el(saml('Issuer'), {}, 'self-test'),
)

const plaintext = Buffer.from('self-test')

/** What is encrypted to a key of ours can be read with it, and with one bit changed cannot. */
function decryptionChecks(
  keyOf: () => Promise<DecryptionKey>,
  kind: DecryptionKey['kind'],
  name: string,
): readonly Check[] {
  const decrypts = (who: string, policy: EncryptionPolicy) =>
    check(`${name} decrypts what ${who} peers send`, async (kernel) => {
      const key = await keyOf()
      const found = await kernel.decryptContent(await encryptedTo(key, policy, kernel), [key])
      expectThat(plaintext.equals(found), 'another plaintext')
    })
  const refuses = (what: string, change: (content: EncryptedContent) => EncryptedContent) =>
    check(`${name} refuses ${what}`, async (kernel) => {
      const key = await keyOf()
      const content = change(await encryptedTo(key, eidasEncryption, kernel))
      return expectRefusal('ENC_FAIL', () => kernel.decryptContent(content, [key]))
    })
  return [
    decrypts('eIDAS', eidasEncryption),
    // Agreement knows no difference; OAEP has another hash.
    ...(kind === 'rsa' ? [decrypts('national', nationalEncryption)] : []),
    refuses('changed content', (content) => ({ ...content, octets: withBitChanged(content.octets) })),
    refuses('a changed key', (content) => ({
      ...content,
      key: { ...content.key, wrapped: withBitChanged(content.key.wrapped) },
    })),
  ]
}

async function encryptedTo(key: DecryptionKey, policy: EncryptionPolicy, kernel: Kernel): Promise<EncryptedContent> {
  const to = kernel.recipient(key.certificate, { policy })
  const xml = writeXml(el(saml('EncryptedAssertion'), {}, await kernel.encryptElement(plaintext, to)))
  return kernel.readEncrypted(kernel.scan(xml, messageLimits), policy)
}

/** Peers may have keys on curves where ours are RSA: agreement is tested whatever our keys are. */
async function freshKey(): Promise<DecryptionKey> {
  const privateKey = await createKey('P-256')
  const order = { subject: { commonName: 'Self-test' }, key: privateKey, now: 0, days: 1, usage: 'encryption' } as const
  return decryptionKey({ privateKey, certificates: [createCertificate(order)] })
}
