import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { fileTrouble } from '../errors/file-trouble.ts'
import type { Problem } from './problem.ts'
import type { KeyPaths } from './schema.ts'

/** The text of the files of one key. */
export interface KeyText {
  /** PEM, PKCS#8, whatever the file was. */
  readonly privateKey: string
  /** One PEM certificate each, that of the key first. */
  readonly certificates: readonly string[]
  /** Certificates of other keys of ours that are published beside this one. */
  readonly next?: readonly string[]
  /** The key before this one, which still decrypts. */
  readonly previous?: KeyText
}

/** Where a key is; what beside it depends on what it is for. */
interface PairPaths {
  readonly privateKey: string
  readonly certificates: readonly string[]
  readonly next?: readonly string[]
  readonly previous?: PairPaths
}

/** Until when the certificate of a key is valid. */
export function certificateEnd({ certificates: [own = ''] }: KeyText): string {
  return new Date(new X509Certificate(own).validTo).toISOString()
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
  /** Those of this key, of the one before and of those that are published beside it. */
  readonly publicKeys: readonly string[]
  readonly problems: readonly Problem[]
  readonly warnings: readonly string[]
}

/** R-CR-30, A-151: what signs is never what others encrypt to. */
const signing: readonly KeyName[] = ['messages', 'metadata', 'national']
const encryption: readonly KeyName[] = ['encryption', 'nationalEncryption']

/** Reads the files of all keys and holds keys, certificates and each other together. */
export async function readKeys(paths: KeyPaths, now: number): Promise<ReadKeys> {
  const pairs = {
    messages: await readRolling('messages', paths.messages, now),
    encryption: await readRolling('encryption', paths.encryption, now),
    metadata: await readRolling('metadata', paths.metadata, now),
    national: await readRolling('national', paths.national, now),
    nationalEncryption: await readRolling('nationalEncryption', paths.nationalEncryption, now),
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
    const { publicKeys } = pairs[name]
    const shared = signing.filter((other) => pairs[other].publicKeys.some((key) => publicKeys.includes(key)))
    return shared.map((other) => ({
      path: ['keys', name],
      message: `must be another key than keys.${other} (R-CR-30)`,
    }))
  })
}

/** A key with what stands beside it while it takes over from another. */
async function readRolling(name: KeyName, paths: PairPaths, now: number): Promise<ReadPair> {
  const pair = await readPair(['keys', name], paths, now)
  const next = await readCertificates(['keys', name, 'next'], paths.next ?? [])
  const previous = paths.previous && (await readPair(['keys', name, 'previous'], paths.previous, now))
  const texts = {
    ...(next.certificates.length === 0 ? {} : { next: next.certificates.map(String) }),
    ...(previous?.text === undefined ? {} : { previous: previous.text }),
  }
  return {
    ...(pair.text === undefined ? {} : { text: { ...pair.text, ...texts } }),
    publicKeys: [
      ...pair.publicKeys,
      ...next.certificates.map(({ publicKey }) => spkiOf(publicKey)),
      ...(previous?.publicKeys ?? []),
    ],
    problems: [...pair.problems, ...next.problems, ...(previous?.problems ?? [])],
    // That the key before is out of date is why there is another.
    warnings: pair.warnings,
  }
}

async function readPair(place: readonly string[], paths: PairPaths, now: number): Promise<ReadPair> {
  const { privateKey: keyPath, certificates: certificatePaths } = paths
  const { text: keyText, trouble = '' } = await textOf(keyPath)
  const key = privateKeyOf(keyText ?? '')
  const { certificates, problems } = await readCertificates([...place, 'certificates'], certificatePaths)
  const [leaf] = certificates
  const found: readonly (readonly [member: string, message: string, wrong: boolean])[] = [
    ['privateKey', `${keyPath} ${trouble}`, keyText === undefined],
    [
      'privateKey',
      `must be an unencrypted RSA or EC private key in PEM: ${keyPath}`,
      keyText !== undefined && key === undefined,
    ],
    [
      'certificates',
      `must begin with the certificate of the private key: ${certificatePaths[0]}`,
      key !== undefined && leaf?.checkPrivateKey(key) === false,
    ],
  ]
  return {
    ...(key === undefined ? {} : { text: { privateKey: pkcs8Of(key), certificates: certificates.map(String) } }),
    publicKeys: key === undefined ? [] : [spkiOf(createPublicKey(key))],
    problems: [
      ...found.flatMap(([member, message, wrong]) => (wrong ? [{ path: [...place, member], message }] : [])),
      ...problems,
    ],
    warnings: [
      ...(await permissionWarnings(keyPath)),
      ...(leaf === undefined || isValid(leaf, now)
        ? []
        : [`the certificate of ${place.join('.')} is not valid today, but ${validityOf(leaf)}`]),
    ],
  }
}

async function readCertificates(place: readonly string[], paths: readonly string[]) {
  const files = await Promise.all(
    paths.map(async (path) => {
      const { text = '', trouble } = await textOf(path)
      const said = trouble === undefined ? `must be a file of PEM certificates: ${path}` : `${path} ${trouble}`
      return { certificates: certificatesIn(text), trouble: said }
    }),
  )
  const problems = files.flatMap(({ certificates, trouble }, at): readonly Problem[] =>
    certificates.length > 0 ? [] : [{ path: [...place, at], message: trouble }],
  )
  return { certificates: files.flatMap(({ certificates }) => certificates), problems }
}

async function textOf(path: string): Promise<{ readonly text?: string; readonly trouble?: string }> {
  return readFile(path, 'utf8').then(
    (text) => ({ text }),
    (thrown) => ({ trouble: fileTrouble(thrown) }),
  )
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
  return key.export({ type: 'spki', format: 'der' }).toString('base64')
}

function certificatesIn(text: string): readonly X509Certificate[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  try {
    return blocks.map((block) => new X509Certificate(block))
  } catch {
    return []
  }
}

function validityOf({ validFrom, validTo }: X509Certificate): string {
  return `from ${validFrom} to ${validTo}`
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
