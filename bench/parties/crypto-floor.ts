import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
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
 * XML at all, by the cheapest calls there are. RSA rows: PKCS#1 signature, RSA-OAEP; P-256 rows: ECDSA, ECDH with an
 * ephemeral key.
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

interface Wrapped {
  readonly wrapped: Uint8Array
  /** The ephemeral public key, where there is one. */
  readonly point?: Uint8Array
}

/** Wraps a fresh content key for the recipient; unwraps it again. */
interface Transport {
  readonly wrap: () => Wrapped & { readonly key: Uint8Array }
  readonly unwrap: (to: Wrapped) => Uint8Array
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
function agreement(curve: string): Transport {
  const wrapIv = Buffer.alloc(8, 0xa6)
  const own = createECDH(curve)
  const ours = own.generateKeys()
  return {
    wrap: () => {
      const key = randomBytes(32)
      const ephemeral = createECDH(curve)
      const point = ephemeral.generateKeys()
      const cipher = createCipheriv('aes256-wrap', digest(ephemeral.computeSecret(ours)), wrapIv)
      return { key, wrapped: Buffer.concat([cipher.update(key), cipher.final()]), point }
    },
    unwrap: ({ wrapped, point = ours }) => {
      const decipher = createDecipheriv('aes256-wrap', digest(own.computeSecret(point)), wrapIv)
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

/** The same signature where a server makes it, off its event loop. */
function signatureInPool({ privateKey }: Keys): Task {
  const run = () =>
    new Promise((resolve, reject) => {
      sign('sha256', signedInfo, privateKey, (fault, value) => (fault ? reject(fault) : resolve(value)))
    })
  return { key: 'rsa-3072', party: 'crypto-floor', work: 'signature-in-pool', run }
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
  const [signing, toRsa] = [keysOf(rsa.answering.privateKey), oaep(keysOf(rsa.asking.privateKey))]
  const ofRsa = operations(signing, toRsa)
  const ofEc = onCurve(ec, 'prime256v1')
  const { writeResponse } = operations(keysOf(ec.answering.privateKey), toRsa)
  return [
    ...tasksOf('rsa-3072', ofRsa),
    signatureInPool(signing),
    ...tasksOf('p-256', ofEc),
    { key: 'p-256-to-rsa-3072', party: 'crypto-floor', work: 'write-response', run: writeResponse },
    loginTask('mixed', ofRsa, { request: ofRsa, response: ofEc }),
    loginTask('rsa-3072', ofRsa, alike(ofRsa)),
    loginTask('p-256', ofRsa, alike(ofEc)),
    loginTask('brainpoolP256r1', ofRsa, alike(onCurve(brainpool, 'brainpoolP256r1'))),
  ]
}

function onCurve({ answering }: Material, curve: string): Operations {
  return operations(keysOf(answering.privateKey), agreement(curve))
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
