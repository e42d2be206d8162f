import type { IdentityRequest } from '../identity/request.ts'
import type { Half } from './events.ts'
import type { Closed, OpenExchange } from './exchange.ts'
import type { Requester } from './faces.ts'
import { type CookiePrefix, traceIn, traceSeconds } from './flow-cookie.ts'
import type { ExchangeStore } from './store.ts'

/*
 * What outlives a flow: where it began, kept under its handle and a cookie of its own, for the page that tells a citizen
 * that it is over. It admits to no flow and starts none.
 */

export interface TraceParts {
  readonly half: Half
  readonly traces: ExchangeStore
  readonly flowSeconds: number
  readonly cookiePrefix?: CookiePrefix
}

/** Keeps where a flow began. Where that fails the sign-in goes on all the same: it is for a page, no more. */
export async function leaveTrace(
  { half, traces, flowSeconds }: TraceParts,
  handle: string,
  trace: string,
  { requester, request }: OpenExchange,
): Promise<void> {
  await keep(traces, keyOf(handle, trace), flowSeconds, {
    stage: 'closed',
    requester: startOf(requester, request, half),
  })
}

/** Where the flow of this handle began, for the browser it ran in. */
export async function followTrace(
  { traces, flowSeconds, cookiePrefix }: TraceParts,
  handle: string,
  cookies: string | undefined,
): Promise<Requester | undefined> {
  const trace = traceIn(handle, cookies, cookiePrefix)
  if (trace === undefined) return undefined
  const key = keyOf(handle, trace)
  const start = await traces.take(key)
  if (start?.stage !== 'closed') return undefined
  await keep(traces, key, flowSeconds, start)
  return start.requester
}

/** Whom the citizen knows: from abroad that is the service, and not the connector that speaks for it. */
export function startOf(requester: Requester, request: IdentityRequest | undefined, half: Half): Requester {
  const name = request?.relyingParty.name
  if (half === 'connector' || name === undefined) return requester
  const { home: _, ...nameless } = requester
  return { ...nameless, name }
}

async function keep(traces: ExchangeStore, key: string, flowSeconds: number, start: Closed): Promise<void> {
  await traces.put(key, start, traceSeconds(flowSeconds)).catch(() => undefined)
}

const keyOf = (handle: string, trace: string): string => `${handle} ${trace}`
