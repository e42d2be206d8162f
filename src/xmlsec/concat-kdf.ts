import { createHash } from 'node:crypto'
import type { Hash } from './algorithms.ts'

/*
 * ConcatKDF (NIST SP 800-56A 5.8.1, XML Encryption 1.1 5.4.1). OtherInfo is the concatenation of the parameters of the
 * message; KA-Nonce has no place in it for ECDH-ES, so it is accepted and not used (R-CR-17).
 */

/** Key material of `octets` length from a shared secret. */
export function concatKdf(secret: Uint8Array, otherInfo: Uint8Array, { node: hash }: Hash, octets: number): Buffer {
  const blocks: Buffer[] = []
  for (let counter = 1; blocks.reduce((sum, { length }) => sum + length, 0) < octets; counter += 1) {
    const prefix = Buffer.alloc(4)
    prefix.writeUInt32BE(counter)
    blocks.push(createHash(hash).update(prefix).update(secret).update(otherInfo).digest())
  }
  return Buffer.concat(blocks).subarray(0, octets)
}

/**
 * A parameter of ConcatKDFParams: hexadecimal, the first octet counts padding bits, which there are none of. `00` is the
 * empty value, `0000` one zero octet; both are in use. Undefined when it is written otherwise.
 */
export function readKdfParameter(hex: string): Buffer | undefined {
  if (!/^00(?:[0-9A-Fa-f]{2}){0,64}$/.test(hex)) return undefined
  return Buffer.from(hex.slice(2), 'hex')
}
