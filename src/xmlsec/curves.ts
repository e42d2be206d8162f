import { bitString, oid, sequence } from './der.ts'

/** An elliptic curve the node accepts (R-CR-19): by name only, never by explicit parameters. */
export interface Curve {
  /** As OpenSSL calls it. */
  readonly name: string
  readonly bits: number
  /** Octets of a coordinate, and of each half of an ECDSA signature. */
  readonly octets: number
  /** As XML Signature 1.1 names it in ds11:NamedCurve. */
  readonly urn: string
  /** What stands before the point in the DER of a public key. */
  readonly prefix: Uint8Array
}

function curve(name: string, bits: number, identifier: string): Curve {
  const octets = Math.ceil(bits / 8)
  const point = Buffer.alloc(1 + 2 * octets)
  const whole = sequence(sequence(oid('1.2.840.10045.2.1'), oid(identifier)), bitString(point))
  const prefix = whole.subarray(0, whole.length - point.length)
  return { name, bits, octets, urn: `urn:oid:${identifier}`, prefix }
}

export const curves: readonly Curve[] = [
  curve('prime256v1', 256, '1.2.840.10045.3.1.7'),
  curve('secp384r1', 384, '1.3.132.0.34'),
  curve('secp521r1', 521, '1.3.132.0.35'),
  curve('brainpoolP256r1', 256, '1.3.36.3.3.2.8.1.1.7'),
  curve('brainpoolP384r1', 384, '1.3.36.3.3.2.8.1.1.11'),
  curve('brainpoolP512r1', 512, '1.3.36.3.3.2.8.1.1.13'),
]

export function curveNamed(name: string | undefined): Curve | undefined {
  return curves.find((candidate) => candidate.name === name)
}

/** DER (SubjectPublicKeyInfo) of an uncompressed point of exactly the right length, or undefined. */
export function publicKeyOfPoint(of: Curve, point: Uint8Array): Uint8Array | undefined {
  if (point.length !== 1 + 2 * of.octets || point[0] !== 0x04) return undefined
  return Buffer.concat([of.prefix, point])
}

/** The curve of a DER public key that names its curve and writes its point uncompressed, or undefined. */
export function curveOf(publicKey: Uint8Array): Curve | undefined {
  return curves.find(
    ({ prefix, octets }) =>
      publicKey.length === prefix.length + 1 + 2 * octets &&
      publicKey[prefix.length] === 0x04 &&
      Buffer.compare(publicKey.subarray(0, prefix.length), prefix) === 0,
  )
}
