import { type LoginResult, login } from './browse.ts'
import type { Federation } from './federation-model.ts'
import { type Hop, newUserAgent } from './user-agent.ts'

/** One sign-in through the whole federation, without a browser: what `demo --once` prints. */

export interface OnceOptions {
  /** Country whose portal is used; its citizen comes from `from`. */
  readonly to?: string
  readonly from?: string
  readonly user?: string
  readonly json?: boolean
}

/** What a machine reads: `--json` prints exactly this. */
export interface OnceReport {
  readonly ok: boolean
  /** Why not, in words; absent when it went well. */
  readonly reason?: string
  readonly portal: string
  readonly country: string
  readonly user: string
  readonly ms: number
  readonly hops: readonly Hop[]
  readonly loa: string
  readonly attributes: Readonly<Record<string, readonly string[]>>
}

/** Signs one citizen in and prints how it went. Resolves to the exit code: 0, or 1 with the reason printed. */
export async function once(
  federation: Federation,
  options: OnceOptions,
  print: (text: string) => void,
): Promise<number> {
  const report = await signInOnce(federation, options)
  print(options.json ? `${JSON.stringify(report)}\n` : reportText(report))
  return report.ok ? 0 : 1
}

export async function signInOnce(federation: Federation, options: OnceOptions): Promise<OnceReport> {
  const portal = federation.portals.find(({ country }) => country === (options.to ?? 'XA'))
  const citizen = federation.citizens.find(
    ({ country, user }) =>
      (options.user === undefined || user === options.user) &&
      (options.from === undefined ? country !== portal?.country : country === options.from),
  )
  if (portal === undefined || citizen === undefined) throw new TypeError('there is no such portal or citizen')
  const started = performance.now()
  const { country, user, password } = citizen
  const about = { portal: portal.url, country, user }
  const agent = newUserAgent()
  try {
    const result = await login({ portal: portal.url, country, user, password }, agent)
    const reason = reasonOf(result, portal.url)
    const { hops, loa, attributes } = result
    return {
      ok: reason === undefined,
      ...(reason === undefined ? {} : { reason }),
      ...about,
      ms: since(started),
      hops,
      loa,
      attributes,
    }
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    return { ok: false, reason, ...about, ms: since(started), hops: agent.hops, loa: '', attributes: {} }
  }
}

/** Why this is not a sign-in; undefined when it is one. */
function reasonOf({ page, loa, status, attributes }: LoginResult, portal: string): string | undefined {
  const { origin, pathname } = new URL(page.url)
  if (origin !== new URL(portal).origin) return `it ended at ${origin}${pathname} with HTTP status ${page.status}`
  if (status !== '') return `the portal was refused: ${status}`
  if (loa === '' || Object.keys(attributes).length === 0)
    return `the portal shows no citizen (HTTP status ${page.status})`
  return undefined
}

function since(started: number): number {
  return Math.round(performance.now() - started)
}

function reportText(report: OnceReport): string {
  const hops = report.hops.map(({ method, url, status, ms }) => {
    return `${method.padEnd(4)} ${status} ${ms.toFixed(1).padStart(7)} ms  ${withoutValues(url)}`
  })
  const attributes = Object.entries(report.attributes).map(([name, values]) => `  ${name} = ${values.join(' | ')}`)
  const head = `${report.user} of ${report.country} at ${report.portal}`
  const end = report.ok
    ? [`Signed in after ${report.ms} ms at level ${report.loa}`, ...attributes]
    : [`Not signed in: ${report.reason}`]
  return `${[head, ...hops, ...end].join('\n')}\n`
}

/** The address with the names of its parameters only: a SAMLRequest fills a screen. */
function withoutValues(url: string): string {
  const { origin, pathname, searchParams } = new URL(url)
  const names = [...searchParams.keys()]
  return origin + pathname + (names.length === 0 ? '' : `?${names.join('&')}`)
}
