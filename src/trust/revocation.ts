import { asFault, NodeFault } from '../errors/node-fault.ts'
import type { CertificateGrants, CertificatePath } from './chain.ts'
import { isInScope, isListed, type RevocationList, readRevocationList } from './crl.ts'
import type { Fetch } from './fetch.ts'
import { readStatusResponse, writeStatusRequest } from './ocsp.ts'
import type { CertificateStatus, Dated } from './status.ts'
import { crlUrls, ocspUrls, type ReadCertificate } from './x509.ts'

/*
 * R-IA-30: whether a certificate on the path to an anchor has been revoked, for every certificate that says where that
 * is known. The anchor itself is the operator's word and is not asked about.
 */

/** What happens when a status cannot be learnt: hard refuses, soft goes on, none does not even ask. */
export type RevocationPolicy = 'hard' | 'soft' | 'none'

/** Rejects with TRUST_REVOKED; `now` in epoch milliseconds. Without grants nothing is granted to responders. */
export type CheckPath = (
  path: CertificatePath,
  policy: RevocationPolicy,
  now: number,
  grants?: CertificateGrants,
) => Promise<void>

const nothingGranted: CertificateGrants = { strength: {}, pkcs1Certificates: false }

/** Whom what is asked about, for whose path. */
interface Question {
  readonly certificate: ReadCertificate
  readonly issuer: ReadCertificate
  readonly now: number
  readonly grants: CertificateGrants
}

const KIB = 1024
const MIB = 1024 * KIB
/** A list may be long; an answer is about one certificate. */
const MOST_OCTETS = { list: 8 * MIB, answer: 64 * KIB } as const
/** All lists that are kept. */
const MOST_KEPT_OCTETS = 64 * MIB
/** Places that are asked for the sake of one path: each may take all the time a fetch may. */
const MOST_ASKED = 10

export function pathCheck(fetch: Fetch): CheckPath {
  const lists = cache<RevocationList>(({ entries }) => entries.length)
  const answers = cache<CertificateStatus>(() => 0)

  const byOcsp = async (url: string, { certificate, issuer, now, grants }: Question) => {
    const granted = JSON.stringify([grants.strength, grants.pkcs1Certificates])
    const key = `${url} ${issuer.base64} ${Buffer.from(certificate.serial).toString('hex')} ${granted}`
    const body = writeStatusRequest(certificate, issuer)
    const post = { contentType: 'application/ocsp-request', body }
    return answers(key, now, async () =>
      readStatusResponse(await fetch({ url, post, plain: 'allowed', maxOctets: MOST_OCTETS.answer }), certificate, {
        issuer,
        now,
        grants,
      }),
    )
  }
  const byList = async (url: string, { certificate, issuer, now }: Question) => {
    const list = await lists(`${url} ${issuer.base64}`, now, async () =>
      readRevocationList(await fetch({ url, plain: 'allowed', maxOctets: MOST_OCTETS.list }), { url, issuer, now }),
    )
    if (list === undefined || !isInScope(list, certificate)) return undefined
    return { revoked: isListed(list, certificate), since: list.since, until: list.until }
  }
  return async (path, policy, now, grants = nothingGranted) => {
    if (policy === 'none') return
    let left = MOST_ASKED
    for (const [position, certificate] of path.entries()) {
      const issuer = path[position + 1]
      const ocsp = ocspUrls(certificate)
      const crl = crlUrls(certificate)
      if (issuer === undefined || (ocsp === undefined && crl === undefined)) continue
      const ways = [
        ...(ocsp ?? []).map((url) => [url, byOcsp] as const),
        ...(crl ?? []).map((url) => [url, byList] as const),
      ]
      const { status, cause } = await firstOf(
        ways.slice(0, left).map(([url, ask]) => () => {
          left -= 1
          return ask(url, { certificate, issuer, now, grants })
        }),
      )
      expectGood(certificate, status, policy, cause)
    }
  }
}

/** The first who knows. */
async function firstOf(ways: readonly (() => Promise<CertificateStatus | undefined>)[]) {
  let cause: NodeFault | undefined
  for (const ask of ways) {
    try {
      const status = await ask()
      if (status !== undefined) return { status, cause }
    } catch (thrown) {
      cause = asFault(thrown)
    }
  }
  return { status: undefined, cause }
}

function expectGood(
  { x509 }: ReadCertificate,
  status: CertificateStatus | undefined,
  policy: RevocationPolicy,
  cause: NodeFault | undefined,
): void {
  const name = x509.subject.replaceAll('\n', ', ')
  if (status?.revoked) throw new NodeFault('TRUST_REVOKED', name)
  if (status !== undefined || policy === 'soft') return
  throw new NodeFault(
    'TRUST_REVOKED',
    `the status of ${name} cannot be learnt (${cause?.message ?? 'no place to ask'})`,
    {
      cause,
    },
  )
}

const MOST_KEPT = 500

/** A certificate may be revoked long before the next list is due. */
const ASKED_AGAIN = 3_600_000

/**
 * Keeps what was learnt as long as it counts, and asks again in the meantime: what is older than what is kept changes
 * nothing, nor does a failure. Failures are not kept. A question that is asked already is not asked twice.
 */
function cache<T extends Dated>(octetsOf: (value: T) => number) {
  const known = shelf<T>(octetsOf)
  const asking = new Map<string, Promise<T | undefined>>()
  const ask = async (key: string, now: number, learn: () => Promise<T | undefined>): Promise<T | undefined> => {
    const entry = known.get(key)
    const kept = entry !== undefined && entry.value.until > now ? entry : undefined
    if (kept !== undefined && now - kept.learnt < ASKED_AGAIN) return kept.value
    const fresh = await (kept === undefined ? learn() : learn().catch(() => kept.value))
    if (kept !== undefined && !isNewer(fresh, kept.value)) return kept.value
    known.set(key, fresh && { value: fresh, learnt: now })
    return fresh
  }
  return (key: string, now: number, learn: () => Promise<T | undefined>): Promise<T | undefined> => {
    const answer = asking.get(key) ?? ask(key, now, learn).finally(() => asking.delete(key))
    asking.set(key, answer)
    return answer
  }
}

interface Learnt<T> {
  readonly value: T
  readonly learnt: number
}

/** Holds so many, of so many octets; the one that came first makes room for the next. */
function shelf<T>(octetsOf: (value: T) => number) {
  const entries = new Map<string, Learnt<T>>()
  let octets = 0
  const remove = (key: string) => {
    const entry = entries.get(key)
    if (entry !== undefined) octets -= octetsOf(entry.value)
    entries.delete(key)
  }
  return {
    get: (key: string) => entries.get(key),
    set(key: string, entry: Learnt<T> | undefined) {
      remove(key)
      if (entry === undefined) return
      entries.set(key, entry)
      octets += octetsOf(entry.value)
      for (const oldest of entries.keys()) {
        if (entries.size <= MOST_KEPT && octets <= MOST_KEPT_OCTETS) break
        remove(oldest)
      }
    },
  }
}

/** Of the same date it may be the same statement, which then counts as learnt anew. To know nothing any more is news. */
function isNewer(fresh: Dated | undefined, kept: Dated): boolean {
  return fresh === undefined || (fresh !== kept && fresh.since >= kept.since)
}
