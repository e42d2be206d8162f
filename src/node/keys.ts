import type { KeyText } from '../config/key-files.ts'
import type { LoadedConfig } from '../config/load.ts'
import { asFault, NodeFault } from '../errors/node-fault.ts'
import { eidasSignatureAlgorithms, nationalSignatureAlgorithms } from '../xmlsec/algorithms.ts'
import {
  type DecryptionKey,
  decryptionKey,
  expectSeparateKeys,
  type SigningKey,
  signingKey,
  verificationKey,
} from '../xmlsec/keys.ts'
import { nationalSigningKey } from '../xmlsec/national-key.ts'
import { selfTest } from '../xmlsec/self-test.ts'
import { type SigningChoice, signingChoice } from '../xmlsec/signing-choice.ts'

export interface NodeKeys {
  readonly messages: SigningKey
  readonly metadata: SigningKey
  /** The same key as national parties verify it: what they know of RSA is PKCS#1. */
  readonly nationalMetadata: SigningKey
  readonly national: SigningKey
  /** Every way to sign messages with these two keys. */
  readonly ways: { readonly messages: SigningChoice; readonly national: SigningChoice }
  /** The one that is published first, then the one before it. */
  readonly encryption: readonly DecryptionKey[]
  readonly nationalEncryption: readonly DecryptionKey[]
  /** Certificates of all that may sign our messages, base64 of DER: more than one while keys are changed. */
  readonly published: { readonly messages: readonly string[]; readonly national: readonly string[] }
}

/** Every key judged, and none of them doing two jobs (R-CR-30). */
export function nodeKeys({ keys }: Pick<LoadedConfig, 'keys'>): NodeKeys {
  const own = {
    messages: judged('messages', () => signingKey(keys.messages)),
    metadata: judged('metadata', () => signingKey(keys.metadata)),
    nationalMetadata: judged('metadata', () => nationalSigningKey(keys.metadata)),
    national: judged('national', () => nationalSigningKey(keys.national)),
    encryption: judged('encryption', () => decryptionKeys(keys.encryption)),
    nationalEncryption: judged('nationalEncryption', () => decryptionKeys(keys.nationalEncryption)),
  }
  const signing = [own.messages, own.metadata, own.national]
  expectSeparateKeys(signing, [...own.encryption, ...own.nationalEncryption])
  const published = { messages: certificatesOf(keys.messages), national: certificatesOf(keys.national) }
  const ways = {
    messages: signingChoice(keys.messages, own.messages, eidasSignatureAlgorithms),
    national: signingChoice(keys.national, own.national, nationalSignatureAlgorithms),
  }
  return { ...own, ways, published }
}

/** A fault of a key says which one of the configuration it is. */
function judged<T>(name: keyof LoadedConfig['keys'], judge: () => T): T {
  try {
    return judge()
  } catch (thrown) {
    const { code, detail } = asFault(thrown)
    throw new NodeFault(code, `keys.${name}: ${detail}`, { cause: thrown })
  }
}

function decryptionKeys({ previous, ...current }: KeyText): readonly DecryptionKey[] {
  return [current, ...(previous === undefined ? [] : [previous])].map(decryptionKey)
}

/** Its own, and those of keys that take over from it or that it took over from. */
function certificatesOf({ certificates: [own = ''], next = [] }: KeyText): readonly string[] {
  return [own, ...next].map((pem) => verificationKey(pem).certificate)
}

/** The self-test, with the keys this node has. Fault: SELF_TEST. */
export function testKernel(keys: NodeKeys): Promise<void> {
  return selfTest({
    signing: [keys.messages, keys.metadata, keys.nationalMetadata, keys.national],
    decryption: [...keys.encryption, ...keys.nationalEncryption],
  })
}
