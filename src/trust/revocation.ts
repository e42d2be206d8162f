import { asFault, NodeFault } from '../errors/node-fault.ts'
import type { CertificatePath } from './chain.ts'
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

/** Rejects with TRUST_REVOKED; `now` in epoch milliseconds. */
export type CheckPath = (path: CertificatePath, policy: RevocationPolicy, now: number) => Promise<void>

const MIB = 1024 * 1024

export function pathCheck(fetch: Fetch): CheckPath {
  const lists = cache<RevocationList>()
  const answers = cache<CertificateStatus>()

  const byOcsp = async (url: string, certificate: ReadCertificate, issuer: ReadCertificate, now: number) => {
    const key = `${url} ${issuer.base64} ${Buffer.from(certificate.serial).toString('hex')}`
    const body = writeStatusRequest(certificate, issuer)
    const post = { contentType: 'application/ocsp-request', body }
    return answers(key, now, async () =>
      readStatusResponse(await fetch({ url, post, plain: 'allowed' }), certificate, issuer, now),
    )
  }
  const byList = async (url: string, certificate: ReadCertificate, issuer: ReadCertificate, now: number) => {
    const list = await lists(`${url} ${issuer.base64}`, now, async () =>
      readRevocationList(await fetch({ url, plain: 'allowed', maxOctets: 8 * MIB }), { url, issuer, now }),
    )
    if (list === undefined || !isInScope(list, certificate)) return undefined
    return { revoked: isListed(list, certificate), since: list.since, until: list.until }
  }
  return async (path, policy, now) => {
    if (policy === 'none') return
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
        ways.map(
          ([url, ask]) =>
            () =>
              ask(url, certificate, issuer, now),
        ),
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
  throw new NodeFault('TRUST_REVOKED', `the status of ${name} cannot be learnt (${cause?.message ?? 'nobody knows'})`, {
    cause,
  })
}

const MOST_KEPT = 500

/** A certificate may be revoked long before the next list is due. */
const ASKED_AGAIN = 3_600_000

/**
 * Keeps what was learnt as long as it counts, and asks again in the meantime: what is older than what is kept changes
 * nothing, nor does a failure. Failures are not kept.
 */
function cache<T extends Dated>() {
  const known = new Map<string, { readonly value: T; readonly learnt: number }>()
  return async (key: string, now: number, learn: () => Promise<T | undefined>): Promise<T | undefined> => {
    const entry = known.get(key)
    const kept = entry !== undefined && entry.value.until > now ? entry : undefined
    if (kept !== undefined && now - kept.learnt < ASKED_AGAIN) return kept.value
    const fresh = await (kept === undefined ? learn() : learn().catch(() => kept.value))
    if (kept !== undefined && !isNewer(fresh, kept.value)) return kept.value
    if (known.size >= MOST_KEPT) known.clear()
    if (fresh !== undefined) known.set(key, { value: fresh, learnt: now })
    return fresh
  }
}

/** Of the same date it may be the same statement, which then counts as learnt anew. To know nothing any more is news. */
function isNewer(fresh: Dated | undefined, kept: Dated): boolean {
  return fresh === undefined || (fresh !== kept && fresh.since >= kept.since)
}
