import { createHash } from 'node:crypto'
import { NodeFault } from '../errors/node-fault.ts'
import { der, oid, sequence, tag } from '../xmlsec/der.ts'
import { verificationKey } from '../xmlsec/keys.ts'
import {
  type CertificateGrants,
  expectCurrent,
  expectSigner,
  expectStrongSignature,
  expectUnderstood,
  isIssuedBy,
} from './chain.ts'
import { children, readOid, readTime, sole, type Tlv, tags, unreadable } from './der.ts'
import { signedContents } from './signed-der.ts'
import { type CertificateStatus, datesOf, isTimely } from './status.ts'
import { extendedUsages, type ReadCertificate, readCertificate } from './x509.ts'

/* The Online Certificate Status Protocol (RFC 6960): one certificate asked for, without a nonce, as RFC 5019 has it. */

/** Only names which certificate is meant; every responder knows it by SHA-1, and few by anything else. */
const SHA1 = '1.3.14.3.2.26'

interface CertificateId {
  readonly nameHash: Uint8Array
  readonly keyHash: Uint8Array
  readonly serial: Uint8Array
}

function idOf(certificate: ReadCertificate, issuer: ReadCertificate): CertificateId {
  const sha1 = (octets: Uint8Array) => createHash('sha1').update(octets).digest()
  return {
    nameHash: sha1(issuer.subjectName),
    keyHash: sha1(issuer.publicKeyBits),
    serial: certificate.serial,
  }
}

export function writeStatusRequest(certificate: ReadCertificate, issuer: ReadCertificate): Uint8Array {
  const { nameHash, keyHash, serial } = idOf(certificate, issuer)
  const id = sequence(
    sequence(oid(SHA1), der(tag.null)),
    der(tag.octetString, nameHash),
    der(tag.octetString, keyHash),
    serial,
  )
  return sequence(sequence(sequence(sequence(id))))
}

const BASIC = '1.3.6.1.5.5.7.48.1.1'
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9'
/** Certificates that come along. A stranger on the network can add some, and each is parsed and verified. */
const MAX_GIVEN = 10

interface StatusContext {
  readonly issuer: ReadCertificate
  /** Epoch milliseconds. */
  readonly now: number
  readonly grants: CertificateGrants
}

/** What a responder says of the certificate; undefined when it knows nothing. Fault: TRUST_CERT. */
export function readStatusResponse(
  octets: Uint8Array,
  certificate: ReadCertificate,
  { issuer, now, grants }: StatusContext,
): CertificateStatus | undefined {
  const [contents, , , wrapped] = basicResponse(octets)
  const given = wrapped === undefined ? [] : children(sole(wrapped.value))
  if (given.length > MAX_GIVEN) throw wrong(`${given.length} certificates`)
  const keys = [issuer, ...given.map(certificateIn).filter((one) => isResponder(one, { issuer, now, grants }))].map(
    ({ x509 }) => x509.publicKey,
  )
  if (contents === undefined || signedContents(basicResponse(octets), keys) === undefined) {
    throw wrong('a signature that does not verify')
  }
  const responses = children(contents).find((part) => part.tag === tags.sequence && isListOfResponses(part))
  const id = idOf(certificate, issuer)
  const single = responses && children(responses).find((one) => isAbout(one, id))
  return single && statusIn(single, now)
}

function basicResponse(octets: Uint8Array): readonly Tlv[] {
  const [status, wrapper] = children(sole(octets))
  if (status?.value[0] !== 0 || wrapper === undefined) throw wrong('a refusal')
  const [type, response] = children(sole(wrapper.value))
  if (type === undefined || response === undefined || readOid(type) !== BASIC) throw unreadable()
  return children(sole(response.value))
}

function certificateIn({ raw }: Tlv): ReadCertificate {
  return readCertificate(Buffer.from(raw).toString('base64'))
}

/** 4.2.2.2: whom the issuer itself has made its responder. Its certificate is held to what any on a path is held to. */
function isResponder(one: ReadCertificate, { issuer, now, grants }: StatusContext): boolean {
  if (!isIssuedBy(one, issuer) || !extendedUsages(one)?.includes(OCSP_SIGNING)) return false
  expectCurrent(one, now)
  expectUnderstood(one)
  expectStrongSignature(one, grants)
  expectSigner(one)
  verificationKey(one.base64, grants.strength)
  return true
}

/** The responses are the one sequence of sequences in the contents that does not stand in a tag of its own. */
function isListOfResponses(part: Tlv): boolean {
  const [first] = children(part)
  return first?.tag === tags.sequence && children(first)[0]?.tag === tags.sequence
}

function isAbout(single: Tlv, { nameHash, keyHash, serial }: CertificateId): boolean {
  const [id] = children(single)
  const [algorithm, name, key, number] = id === undefined ? [] : children(id)
  const [type] = algorithm === undefined ? [] : children(algorithm)
  if (!type || !name || !key || !number || readOid(type) !== SHA1) return false
  return isEqual(name.value, nameHash) && isEqual(key.value, keyHash) && isEqual(number.raw, serial)
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

const GOOD = 0x80
const REVOKED = 0xa1

function statusIn(single: Tlv, now: number): CertificateStatus | undefined {
  const [, status, thisUpdate, next] = children(single)
  if (status === undefined || thisUpdate === undefined) throw unreadable()
  const dates = datesOf(readTime(thisUpdate), next?.tag === 0xa0 ? readTime(sole(next.value)) : undefined, now)
  if (!isTimely(dates, now)) throw wrong('what is out of date')
  if (status.tag === REVOKED) return { revoked: true, ...dates }
  return status.tag === GOOD ? { revoked: false, ...dates } : undefined
}

function wrong(what: string): NodeFault {
  return new NodeFault('TRUST_CERT', `an OCSP response that does not count: ${what}`)
}
