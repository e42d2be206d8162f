import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import { NodeFault } from '../errors/node-fault.ts'
import type { Random } from '../relay/flow-cookie.ts'

/** Keeps values at rest secret and in their place: what was sealed for one context does not open in another. */
export interface Sealer {
  /** Identifiers of its keys in hex, the one that seals first. An identifier tells nothing of its key. */
  readonly keyIds: readonly string[]
  seal(plaintext: Uint8Array, context: string): Uint8Array
  /** ST_TAMPER when the octets are not exactly what was sealed for this context. */
  open(sealed: Uint8Array, context: string): Uint8Array
}

export const SEAL_KEY_OCTETS = 32

const FORMAT = 1
const KEY_ID_OCTETS = 8
const IV_OCTETS = 12
const TAG_OCTETS = 16
const HEADER_OCTETS = 1 + KEY_ID_OCTETS

interface SealKey {
  readonly id: Buffer
  readonly secret: Uint8Array
}

/**
 * AES-256-GCM. Sealed octets are: format (1), key id (8), IV (12), ciphertext, tag (16). The first key seals and all
 * open, so a key is replaced in three steps, each on every instance before the next: the new one behind the old one, the new one in
 * front, the old one gone when its values have expired.
 * Every context has a key of its own (HKDF), so the bound on random IVs under one key (NIST SP 800-38D, 8.3) is never
 * near; the context is authenticated as well.
 */
export function sealer(keys: readonly Uint8Array[], random: Random): Sealer {
  const sealKeys = keys.map(sealKey)
  const [first] = sealKeys
  if (first === undefined) throw new TypeError('a seal key is needed')
  return {
    keyIds: sealKeys.map(({ id }) => id.toString('hex')),
    seal: (plaintext, context) => seal(first, random(IV_OCTETS), plaintext, context),
    open: (sealed, context) => open(sealKeys, Buffer.from(sealed), context),
  }
}

function sealKey(secret: Uint8Array): SealKey {
  if (secret.length !== SEAL_KEY_OCTETS) throw new TypeError(`a seal key has ${SEAL_KEY_OCTETS} octets`)
  return { id: derive(secret, 'key id', KEY_ID_OCTETS), secret: Uint8Array.from(secret) }
}

function derive(secret: Uint8Array, purpose: string, octets: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, new Uint8Array(0), `passerelle seal ${FORMAT} ${purpose}`, octets))
}

/** HKDF takes an info of at most 1024 octets; a key of the shelf is far shorter. */
function valueKey(key: SealKey, context: string): Buffer {
  return derive(key.secret, `value ${context}`, SEAL_KEY_OCTETS)
}

function associated(header: Uint8Array, context: string): Buffer {
  return Buffer.concat([header, Buffer.from(context, 'utf8')])
}

function seal(key: SealKey, iv: Uint8Array, plaintext: Uint8Array, context: string): Uint8Array {
  const header = Buffer.concat([Buffer.of(FORMAT), key.id])
  const cipher = createCipheriv('aes-256-gcm', valueKey(key, context), iv, { authTagLength: TAG_OCTETS })
  cipher.setAAD(associated(header, context))
  return Buffer.concat([header, iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

function open(keys: readonly SealKey[], sealed: Buffer, context: string): Uint8Array {
  const header = sealed.subarray(0, HEADER_OCTETS)
  if (sealed.length < HEADER_OCTETS + IV_OCTETS + TAG_OCTETS || header[0] !== FORMAT) {
    throw new NodeFault('ST_TAMPER', 'not a sealed value')
  }
  const key = keys.find((candidate) => candidate.id.equals(header.subarray(1)))
  if (key === undefined) throw new NodeFault('ST_TAMPER', 'sealed with an unknown key')
  const body = sealed.subarray(HEADER_OCTETS + IV_OCTETS, -TAG_OCTETS)
  const iv = sealed.subarray(HEADER_OCTETS, HEADER_OCTETS + IV_OCTETS)
  const decipher = createDecipheriv('aes-256-gcm', valueKey(key, context), iv, { authTagLength: TAG_OCTETS })
  decipher.setAAD(associated(header, context)).setAuthTag(sealed.subarray(-TAG_OCTETS))
  try {
    return Buffer.concat([decipher.update(body), decipher.final()])
  } catch (cause) {
    throw new NodeFault('ST_TAMPER', 'the tag does not fit', { cause })
  }
}
