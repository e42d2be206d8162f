import { createHash, timingSafeEqual } from 'node:crypto'
import { NodeFault } from '../errors/node-fault.ts'
import type { FlowCookie } from './faces.ts'

/*
 * A flow is bound to the browser that began it by a cookie of its own, so two tabs never disturb each other. The
 * handle that travels (form field, RelayState) is the SHA-256 of the secret in the cookie: whoever shows both holds
 * the browser the flow began in, and that is known before the store is asked (against login CSRF).
 */

const SECRET_OCTETS = 32
const HANDLE = /^[A-Za-z0-9_-]{43}$/

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
}

/** A fresh handle (43 characters of base64url) and the cookie that goes with it. */
export function newFlow(random: Random, maxAgeSeconds: number, prefix: CookiePrefix = '__Host-'): NewFlow {
  const secret = Buffer.from(random(SECRET_OCTETS)).toString('base64url')
  const handle = handleOf(secret)
  return { handle, cookie: { name: cookieName(handle, prefix), value: secret, maxAgeSeconds } }
}

/** Removes the cookie of a handle that was taken. */
export function spentCookie(handle: string, prefix: CookiePrefix = '__Host-'): FlowCookie {
  return { name: cookieName(handle, prefix), value: undefined, maxAgeSeconds: 0 }
}

/**
 * Refuses unless the Cookie header holds the secret of this handle: ST_GONE for what cannot be a handle, ST_COOKIE
 * for two cookies of the name, ST_SESSION for none or another secret.
 */
export function requireFlowCookie(handle: string, cookies: string | undefined, prefix: CookiePrefix = '__Host-'): void {
  if (!HANDLE.test(handle)) throw new NodeFault('ST_GONE', 'not a handle')
  const name = cookieName(handle, prefix)
  const values = (cookies ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
  const [secret, ...others] = values
  if (others.length > 0) throw new NodeFault('ST_COOKIE', 'the flow cookie came twice')
  if (secret === undefined) throw new NodeFault('ST_SESSION', 'no flow cookie')
  if (!timingSafeEqual(Buffer.from(handleOf(secret)), Buffer.from(handle))) {
    throw new NodeFault('ST_SESSION', 'the flow cookie belongs to another flow')
  }
}

function handleOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

function cookieName(handle: string, prefix: CookiePrefix): string {
  return `${prefix}flow-${handle.slice(0, 16)}`
}
