import { NodeFault } from '../errors/node-fault.ts'
import { expectPlainEntries, hasEntry } from './crl-entries.ts'
import { children, extensionsIn, readTime, sole, type Tlv, tags, unreadable } from './der.ts'
import { signedContents } from './signed-der.ts'
import { type Dated, isTimely } from './status.ts'
import { allowsUsage, basicConstraints, type ReadCertificate, urlsOf } from './x509.ts'

/* Certificate revocation lists (RFC 5280, 5): complete ones, by the issuer of the certificates itself. */

export interface RevocationList extends Dated {
  /** DER of what is revoked, one entry behind the other. */
  readonly entries: Uint8Array
  /** Whether it is about certificates of authorities, of others, or of both. */
  readonly scope: 'all' | 'authorities' | 'others'
}

/** Reads a list from there and verifies that it is this issuer's and of today. Fault: TRUST_CERT. */
export function readRevocationList(
  octets: Uint8Array,
  { url, issuer, now }: { readonly url: string; readonly issuer: ReadCertificate; readonly now: number },
): RevocationList {
  if (!allowsUsage(issuer, 'cRLSign')) throw wrong('a key not for lists')
  const contents = signedContents(children(sole(octets)), [issuer.x509.publicKey])
  if (contents === undefined) throw wrong('a signature that does not verify')
  const fields = children(contents)
  // The version is 2 where there are extensions.
  const [, name, thisUpdate, nextUpdate, ...rest] = fields[0]?.tag === tags.integer ? fields.slice(1) : fields
  if (name === undefined || thisUpdate === undefined || nextUpdate === undefined) throw unreadable()
  if (Buffer.compare(name.raw, issuer.subjectName) !== 0) throw wrong('another issuer')
  const dates = { since: readTime(thisUpdate), until: readTime(nextUpdate) }
  if (!isTimely(dates, now)) throw wrong('out of date')
  const { value: entries } = rest.find(({ tag }) => tag === tags.sequence) ?? { value: new Uint8Array(0) }
  expectPlainEntries(entries, wrong)
  return {
    entries,
    ...dates,
    scope: scopeOf(
      rest.find(({ tag }) => tag === 0xa0),
      url,
    ),
  }
}

export function isListed({ entries }: RevocationList, { serial }: ReadCertificate): boolean {
  return hasEntry(entries, serial)
}

export function isInScope({ scope }: RevocationList, certificate: ReadCertificate): boolean {
  return scope === 'all' || (scope === 'authorities') === basicConstraints(certificate).authority
}

const ISSUING_DISTRIBUTION_POINT = '2.5.29.28'

/** 5.2.5: lists for some reasons only, by another issuer, or of attribute certificates are refused. */
function scopeOf(wrapper: Tlv | undefined, url: string): RevocationList['scope'] {
  if (wrapper === undefined) return 'all'
  const extensions = extensionsIn(sole(wrapper.value))
  expectUnderstood(extensions, [ISSUING_DISTRIBUTION_POINT])
  const point = extensions.get(ISSUING_DISTRIBUTION_POINT)
  if (point === undefined) return 'all'
  const fields = children(sole(point.value))
  // 6.3.3 (b)(2)(i): a list of one place does not stand for that of another.
  const [name] = fields.filter(({ tag }) => tag === 0xa0)
  if (name !== undefined && !urlsOf(name).includes(url)) throw wrong('of another place')
  const set = fields.map(({ tag }) => tag & 0x1f)
  if (set.some((number) => number > 2)) throw wrong('a list of part of the certificates')
  if (set.includes(1)) return 'others'
  return set.includes(2) ? 'authorities' : 'all'
}

/** 5.2: what is critical and not understood makes the list unusable; so do differences to another list. */
function expectUnderstood(
  extensions: ReadonlyMap<string, { readonly critical: boolean }>,
  known: readonly string[],
): void {
  for (const [oid, { critical }] of extensions) {
    if (critical && !known.includes(oid)) throw wrong(`extension ${oid}`)
  }
}

function wrong(what: string): NodeFault {
  return new NodeFault('TRUST_CERT', `a revocation list that does not count: ${what}`)
}
