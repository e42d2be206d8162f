import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  sign,
  verify,
} from 'node:crypto'
import type { Material, Materials } from '../material.ts'
import type { Task } from '../measure.ts'
import { sizes } from '../messages.ts'

/**
 * What cannot be saved: the operations of node:crypto that the protocol asks for, on octets of the same sizes, with no
 * XML at all. RSA rows: PKCS#1 signature, RSA-OAEP; P-256 rows: ECDSA, ECDH with an ephemeral key.
 */

interface Keys {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

function keysOf(pem: string): Keys {
  const privateKey = createPrivateKey(pem)
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

const octets = { request: randomBytes(sizes.request), response: randomBytes(sizes.response) }
const signedInfo = randomBytes(sizes.signedInfo)
const assertion = randomBytes(sizes.assertion)

function digest(data: Uint8Array): Uint8Array {
  return createHash('sha256').update(data).digest()
}

function seal(key: Uint8Array): { readonly iv: Uint8Array; readonly sealed: Uint8Array; readonly tag: Uint8Array } {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const sealed = Buffer.concat([cipher.update(assertion), cipher.final()])
  return { iv, sealed, tag: cipher.getAuthTag() }
}

function open(key: Uint8Array, { iv, sealed, tag }: ReturnType<typeof seal>): Uint8Array {
  const decipher = createDecipheriv('aes-256-gcm', key, iv).setAuthTag(tag)
  return Buffer.concat([decipher.update(sealed), decipher.final()])
}

/** Wraps a fresh content key for the recipient; unwraps it again. */
interface Transport {
  readonly wrap: () => { readonly key: Uint8Array; readonly wrapped: Uint8Array; readonly ephemeral?: KeyObject }
  readonly unwrap: (to: { readonly wrapped: Uint8Array; readonly ephemeral?: KeyObject }) => Uint8Array
}

function oaep({ privateKey, publicKey }: Keys): Transport {
  return {
    wrap: () => {
      const key = randomBytes(32)
      return { key, wrapped: publicEncrypt({ key: publicKey, oaepHash: 'sha256' }, key) }
    },
    unwrap: ({ wrapped }) => privateDecrypt({ key: privateKey, oaepHash: 'sha256' }, wrapped),
  }
}

/** ECDH-ES: an ephemeral key pair, the agreed secret, one SHA-256 as ConcatKDF; AES key wrap. */
function agreement({ privateKey, publicKey }: Keys, namedCurve: string): Transport {
  const wrapIv = Buffer.alloc(8, 0xa6)
  return {
    wrap: () => {
      const key = randomBytes(32)
      const ephemeral = generateKeyPairSync('ec', { namedCurve })
      const kek = digest(diffieHellman({ privateKey: ephemeral.privateKey, publicKey }))
      const cipher = createCipheriv('aes256-wrap', kek, wrapIv)
      return { key, wrapped: Buffer.concat([cipher.update(key), cipher.final()]), ephemeral: ephemeral.publicKey }
    },
    unwrap: ({ wrapped, ephemeral = publicKey }) => {
      const decipher = createDecipheriv(
        'aes256-wrap',
        digest(diffieHellman({ privateKey, publicKey: ephemeral })),
        wrapIv,
      )
      return Buffer.concat([decipher.update(wrapped), decipher.final()])
    },
  }
}

interface Operations {
  readonly readRequest: () => unknown
  readonly writeResponse: () => unknown
  readonly readResponse: () => unknown
  readonly signature: () => unknown
}

function operations(signing: Keys, transport: Transport): Operations {
  const signature = () => sign('sha256', signedInfo, signing.privateKey)
  const value = signature()
  const check = () => verify('sha256', signedInfo, signing.publicKey, value)
  const sample = transport.wrap()
  const sealed = seal(sample.key)
  return {
    signature,
    readRequest: () => [digest(octets.request), check()],
    writeResponse: () => [seal(transport.wrap().key), digest(octets.response), signature()],
    readResponse: () => [digest(octets.response), check(), open(transport.unwrap(sample), sealed)],
  }
}

function tasksOf(key: string, of: Operations): readonly Task[] {
  const row = { key, party: 'crypto-floor' }
  return [
    { ...row, work: 'read-request', run: of.readRequest },
    { ...row, work: 'write-response', run: of.writeResponse },
    { ...row, work: 'read-response', run: of.readResponse },
    { ...row, work: 'signature', run: of.signature },
  ]
}

export function floorTasks({ rsa, ec, brainpool }: Materials): readonly Task[] {
  const ofRsa = operations(keysOf(rsa.answering.privateKey), oaep(keysOf(rsa.asking.privateKey)))
  const ofEc = onCurve(ec, 'P-256')
  return [
    ...tasksOf('rsa-3072', ofRsa),
    ...tasksOf('p-256', ofEc),
    loginTask('mixed', ofRsa, { request: ofRsa, response: ofEc }),
    loginTask('rsa-3072', ofRsa, alike(ofRsa)),
    loginTask('p-256', ofRsa, alike(ofEc)),
    loginTask('brainpoolP256r1', ofRsa, alike(onCurve(brainpool, 'brainpoolP256r1'))),
  ]
}

function onCurve({ answering, asking }: Material, namedCurve: string): Operations {
  return operations(keysOf(answering.privateKey), agreement(keysOf(asking.privateKey), namedCurve))
}

interface Across {
  readonly request: Operations
  readonly response: Operations
}

const alike = (of: Operations): Across => ({ request: of, response: of })

/** What a sign-in asks of both nodes: a request and a response read and written, within a country and across. */
function loginTask(key: string, within: Operations, { request, response }: Across): Task {
  const ofRequests = () => [within.readRequest(), request.readRequest(), within.signature(), request.signature()]
  const ofResponses = () => [
    within.readResponse(),
    response.readResponse(),
    within.writeResponse(),
    response.writeResponse(),
  ]
  return { work: 'login', key, party: 'crypto-floor', run: () => [ofRequests(), ofResponses()] }
}
