import { createHash, timingSafeEqual } from 'node:crypto'
import { NodeFault } from '../errors/node-fault.ts'
import type { FlowCookie } from './faces.ts'

/*
 * A flow is bound to the browser that began it by a cookie of its own, so two tabs never disturb each other. The
 * handle that travels (form field, RelayState) is the SHA-256 of the secret in the cookie: a request that shows both comes from
 * the browser the flow began in, and that is known before the store is asked (against login CSRF).
 */

const SECRET_OCTETS = 32
const TRACE_OCTETS = 16
const HANDLE = /^[A-Za-z0-9_-]{43}$/
const TRACE = /^[A-Za-z0-9_-]{22}$/

/** So many times as long as a flow lasts, the browser it ran in can still be told where that flow began. */
const TRACE_LASTS = 3

export const traceSeconds = (flowSeconds: number): number => flowSeconds * TRACE_LASTS

/**
 * What the cookie's name begins with. `__Host-` makes the browser insist on Secure, on Path=/ and on no Domain.
 * '' is for a demonstration over plain http, where not every browser keeps a Secure cookie.
 */
export type CookiePrefix = '__Host-' | ''

/** Source of randomness, passed in. */
export type Random = (octets: number) => Uint8Array

export interface NewFlow {
  readonly handle: string
  readonly cookie: FlowCookie
  /** Outlives the flow: it proves that the flow ran in this browser, and opens nothing. */
  readonly trace: FlowCookie & { readonly value: string }
}

/**
 * A fresh handle (43 characters of base64url) and the cookies that go with it. The trace is drawn by itself: neither
 * the secret nor the handle follows from it.
 */
export function newFlow(random: Random, flowSeconds: number, prefix: CookiePrefix = '__Host-'): NewFlow {
  const secret = Buffer.from(random(SECRET_OCTETS)).toString('base64url')
  const trace = Buffer.from(random(TRACE_OCTETS)).toString('base64url')
  const handle = handleOf(secret)
  return {
    handle,
    cookie: { name: cookieName('flow', handle, prefix), value: secret, maxAgeSeconds: flowSeconds },
    trace: { name: cookieName('trace', handle, prefix), value: trace, maxAgeSeconds: traceSeconds(flowSeconds) },
  }
}

/** Removes the cookie of a handle that was taken. */
export function spentCookie(handle: string, prefix: CookiePrefix = '__Host-'): FlowCookie {
  return { name: cookieName('flow', handle, prefix), value: undefined, maxAgeSeconds: 0 }
}

/**
 * Refuses unless the Cookie header holds the secret of this handle: ST_GONE for what cannot be a handle, ST_COOKIE
 * for two cookies of the name, ST_SESSION for none or another secret.
 */
export function requireFlowCookie(handle: string, cookies: string | undefined, prefix: CookiePrefix = '__Host-'): void {
  if (!HANDLE.test(handle)) throw new NodeFault('ST_GONE', 'not a handle')
  const [secret, ...others] = valuesOf(cookieName('flow', handle, prefix), cookies)
  if (others.length > 0) throw new NodeFault('ST_COOKIE', 'the flow cookie came twice')
  if (secret === undefined) throw new NodeFault('ST_SESSION', 'no flow cookie')
  if (!timingSafeEqual(Buffer.from(handleOf(secret)), Buffer.from(handle))) {
    throw new NodeFault('ST_SESSION', 'the flow cookie belongs to another flow')
  }
}

/** The trace of this handle's flow, where the browser has exactly one that can be one. */
export function traceIn(
  handle: string,
  cookies: string | undefined,
  prefix: CookiePrefix = '__Host-',
): string | undefined {
  if (!HANDLE.test(handle)) return undefined
  const [trace, ...others] = valuesOf(cookieName('trace', handle, prefix), cookies)
  return trace !== undefined && others.length === 0 && TRACE.test(trace) ? trace : undefined
}

function valuesOf(name: string, cookies = ''): readonly string[] {
  return cookies
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
}

function handleOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

function cookieName(kind: 'flow' | 'trace', handle: string, prefix: CookiePrefix): string {
  return `${prefix}${kind}-${handle.slice(0, 16)}`
}
