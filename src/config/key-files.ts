import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import type { Problem } from './problem.ts'
import type { KeyPaths } from './schema.ts'

/** The text of the files of one key. */
export interface KeyText {
  /** PEM, PKCS#8, whatever the file was. */
  readonly privateKey: string
  /** One PEM certificate each, that of the key first. */
  readonly certificates: readonly string[]
}

export type KeyName = keyof KeyPaths
export type KeyTexts = Readonly<Record<KeyName, KeyText>>

export interface ReadKeys {
  /** Absent when there are problems. */
  readonly texts?: KeyTexts
  readonly problems: readonly Problem[]
  readonly warnings: readonly string[]
}

interface ReadPair {
  readonly text?: KeyText
  readonly publicKey?: string
  readonly problems: readonly Problem[]
  readonly warnings: readonly string[]
}

/** R-CR-30, A-151: what signs is never what others encrypt to. */
const signing: readonly KeyName[] = ['messages', 'metadata', 'national']
const encryption: readonly KeyName[] = ['encryption', 'nationalEncryption']

/** Reads the files of all keys and holds keys, certificates and each other together. */
export async function readKeys(paths: KeyPaths, now: number): Promise<ReadKeys> {
  const pairs = {
    messages: await readPair('messages', paths, now),
    encryption: await readPair('encryption', paths, now),
    metadata: await readPair('metadata', paths, now),
    national: await readPair('national', paths, now),
    nationalEncryption: await readPair('nationalEncryption', paths, now),
  }
  const problems = [...Object.values(pairs).flatMap((pair) => pair.problems), ...sharedKeys(pairs)]
  const texts = textsOf(pairs)
  const warnings = [...new Set(Object.values(pairs).flatMap((pair) => pair.warnings))]
  return { ...(texts === undefined || problems.length > 0 ? {} : { texts }), problems, warnings }
}

function textsOf(pairs: Readonly<Record<KeyName, ReadPair>>): KeyTexts | undefined {
  const { messages, encryption, metadata, national, nationalEncryption } = pairs
  if (!messages.text || !encryption.text || !metadata.text || !national.text || !nationalEncryption.text)
    return undefined
  return {
    messages: messages.text,
    encryption: encryption.text,
    metadata: metadata.text,
    national: national.text,
    nationalEncryption: nationalEncryption.text,
  }
}

function sharedKeys(pairs: Readonly<Record<KeyName, ReadPair>>): readonly Problem[] {
  return encryption.flatMap((name) => {
    const { publicKey } = pairs[name]
    const shared = signing.filter((other) => publicKey !== undefined && pairs[other].publicKey === publicKey)
    return shared.map((other) => ({
      path: ['keys', name],
      message: `must be another key than keys.${other} (R-CR-30)`,
    }))
  })
}

async function readPair(name: KeyName, paths: KeyPaths, now: number): Promise<ReadPair> {
  const { privateKey: keyPath, certificates: certificatePaths } = paths[name]
  const [keyText, ...certificateTexts] = await Promise.all([keyPath, ...certificatePaths].map(textOf))
  const key = privateKeyOf(keyText ?? '')
  const files = certificateTexts.map((text = '') => certificatesIn(text))
  const certificates = files.flat()
  const [leaf] = certificates
  const found: readonly (readonly [path: readonly PropertyKey[], message: string, wrong: boolean])[] = [
    [['privateKey'], 'cannot be read', keyText === undefined],
    [['privateKey'], 'must be an unencrypted RSA or EC private key in PEM', keyText !== undefined && key === undefined],
    ...files.map(
      (file, at) => [['certificates', at], 'must be a file of PEM certificates', file.length === 0] as const,
    ),
    [
      ['certificates'],
      'must begin with the certificate of the private key',
      key !== undefined && leaf?.checkPrivateKey(key) === false,
    ],
  ]
  return {
    ...(key === undefined
      ? {}
      : { text: { privateKey: pkcs8Of(key), certificates: certificates.map(String) }, publicKey: spkiOf(key) }),
    problems: found.flatMap(([path, message, wrong]) => (wrong ? [{ path: ['keys', name, ...path], message }] : [])),
    warnings: [
      ...(await permissionWarnings(keyPath)),
      ...(leaf === undefined || isValid(leaf, now) ? [] : [`the certificate of keys.${name} is not valid today`]),
    ],
  }
}

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined)
}

/** OpenSSL's message could quote the file: only that it failed is told. */
function privateKeyOf(text: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(text)
    return key.asymmetricKeyType === 'rsa' || key.asymmetricKeyType === 'ec' ? key : undefined
  } catch {
    return undefined
  }
}

function pkcs8Of(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function spkiOf(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64')
}

function certificatesIn(text: string): readonly X509Certificate[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  try {
    return blocks.map((block) => new X509Certificate(block))
  } catch {
    return []
  }
}

function isValid(certificate: X509Certificate, now: number): boolean {
  return Date.parse(certificate.validFrom) <= now && now <= Date.parse(certificate.validTo)
}

/** A warning only: container platforms mount secrets readable for all inside the container. */
async function permissionWarnings(path: string): Promise<readonly string[]> {
  const mode = await stat(path).then(
    (found) => found.mode,
    () => 0,
  )
  return (mode & 0o007) === 0 ? [] : [`private key ${path} is open to every user of this machine`]
}
