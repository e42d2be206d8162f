/*
 * A writer of DER, as much of it as certificates and public keys need (X.690). There is no reader: what comes from
 * outside is parsed by OpenSSL and compared with what this writes.
 */

export const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** One value: tag, definite length, contents. */
export function der(type: number, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents)
  return Buffer.concat([Buffer.from([type]), length(body.length), body])
}

function length(octets: number): Buffer {
  if (octets < 0x80) return Buffer.from([octets])
  const digits = octets.toString(16)
  const big = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex')
  return Buffer.concat([Buffer.from([0x80 | big.length]), big])
}

export function sequence(...contents: readonly Uint8Array[]): Buffer {
  return der(tag.sequence, ...contents)
}

/** [number] EXPLICIT, constructed. */
export function explicit(number: number, ...contents: readonly Uint8Array[]): Buffer {
  return der(0xa0 | number, ...contents)
}

/** [number] IMPLICIT, primitive. */
export function implicit(number: number, contents: Uint8Array): Buffer {
  return der(0x80 | number, contents)
}

/** An integer from its unsigned big-endian octets. */
export function integer(unsigned: Uint8Array): Buffer {
  const start = unsigned.findIndex((octet) => octet !== 0)
  const digits = start === -1 ? Buffer.from([0]) : Buffer.from(unsigned.subarray(start))
  return der(tag.integer, (digits[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits)
}

/** A bit string; `unused` low bits of the last octet do not count. */
export function bitString(octets: Uint8Array, unused = 0): Buffer {
  return der(tag.bitString, Buffer.from([unused]), octets)
}

/** An object identifier from its dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return der(tag.objectIdentifier, Buffer.from([40 * first + second, ...rest.flatMap(base128)]))
}

function base128(value: number): readonly number[] {
  const low = value % 0x80
  const high = Math.floor(value / 0x80)
  return high === 0 ? [low] : [...base128(high).map((octet) => octet | 0x80), low]
}
