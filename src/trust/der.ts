import { NodeFault } from '../errors/node-fault.ts'

/*
 * A reader of DER (X.690), as much of it as certificates and statements about them need. It takes definite lengths only
 * and never reads beyond what it was given. Fault: TRUST_CERT.
 */

export interface Tlv {
  readonly tag: number
  readonly value: Uint8Array
  /** Tag, length and value. */
  readonly raw: Uint8Array
}

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  octets: 0x04,
  utcTime: 0x17,
  generalTime: 0x18,
  sequence: 0x30,
} as const

export interface Extension {
  readonly critical: boolean
  readonly value: Uint8Array
}

/** Extensions (RFC 5280, 4.1) by OID; twice the same is a fault. */
export function extensionsIn(list: Tlv): ReadonlyMap<string, Extension> {
  const found = new Map<string, Extension>()
  for (const extension of children(list)) {
    const [oid, ...rest] = children(extension)
    const value = rest.at(-1)
    if (oid === undefined || value === undefined) throw unreadable()
    const type = readOid(oid)
    if (found.has(type)) throw new NodeFault('TRUST_CERT', `extension ${type} twice`)
    found.set(type, { critical: rest.length === 2 && rest[0]?.value[0] === 0xff, value: value.value })
  }
  return found
}

/** OID of a signature algorithm and, for PSS, of its hash. */
export interface SignatureIdentifier {
  readonly algorithm: string
  readonly hash?: string
}

/** RFC 4055, 3.1: the parameters of PSS begin with [0] { hash }; without it the hash is SHA-1. */
export function readSignature(identifier: Tlv): SignatureIdentifier {
  const [oid, parameters] = children(identifier)
  if (oid === undefined) throw unreadable()
  const algorithm = readOid(oid)
  if (parameters?.tag !== tags.sequence) return { algorithm }
  const hash = children(parameters).find(({ tag }) => tag === 0xa0)
  const [hashOid] = hash === undefined ? [] : children(sole(hash.value))
  return hashOid === undefined ? { algorithm } : { algorithm, hash: readOid(hashOid) }
}

/** UTCTime or GeneralizedTime in seconds and UTC (RFC 5280, 4.1.2.5), as epoch milliseconds. */
export function readTime({ tag, value }: Tlv): number {
  const text = Buffer.from(value).toString('latin1')
  const century = tag === tags.utcTime ? (text < '50' ? '20' : '19') : ''
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(century + text) ?? []
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (Number.isNaN(at) || (tag !== tags.utcTime && tag !== tags.generalTime)) throw unreadable()
  return at
}

/** More than anything has that is read before its signature is; each costs an object. */
const MOST_CHILDREN = 1_000

export function children({ value }: Tlv): readonly Tlv[] {
  const found: Tlv[] = []
  for (let at = 0; at < value.length; ) {
    if (found.length === MOST_CHILDREN) throw unreadable()
    const { tlv, end } = readAt(value, at)
    found.push(tlv)
    at = end
  }
  return found
}

export function sole(octets: Uint8Array): Tlv {
  const { tlv, end } = readAt(octets, 0)
  if (end !== octets.length) throw unreadable()
  return tlv
}

/** One value of definite length (X.690, 8.1.3). */
function readAt(octets: Uint8Array, at: number): { readonly tlv: Tlv; readonly end: number } {
  const tag = octets[at]
  const first = octets[at + 1]
  if (tag === undefined || first === undefined) throw unreadable()
  const digits = first < 0x80 ? 0 : first - 0x80
  if (first === 0x80 || digits > 3) throw unreadable()
  const start = at + 2 + digits
  const length = digits === 0 ? first : readNumber(octets.subarray(at + 2, start))
  const end = start + length
  if (end > octets.length) throw unreadable()
  return { tlv: { tag, value: octets.subarray(start, end), raw: octets.subarray(at, end) }, end }
}

export function readNumber(octets: Uint8Array): number {
  if (octets.length > 3) throw unreadable()
  return octets.reduce((sum, octet) => sum * 256 + octet, 0)
}

/** No identifier in use is near it. */
const LONGEST_OID = 64

export function readOid({ value }: Tlv): string {
  if (value.length > LONGEST_OID) throw unreadable()
  const numbers: number[] = []
  let current = 0
  for (const octet of value) {
    current = current * 128 + (octet & 0x7f)
    if (octet & 0x80) continue
    numbers.push(current)
    current = 0
  }
  const [first = 0, ...rest] = numbers
  const root = Math.min(Math.floor(first / 40), 2)
  return [root, first - 40 * root, ...rest].join('.')
}

export function unreadable(): NodeFault {
  return new NodeFault('TRUST_CERT', 'something that is not plain DER')
}
