import { constants } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { type IncomingMessage, request as requestPlain } from 'node:http'
import { type RequestOptions, request as requestTls } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { rootCertificates } from 'node:tls'
import { NodeFault } from '../errors/node-fault.ts'
import { isLoopback, isPublic } from './addresses.ts'

/*
 * The only way out of this node: an HTTP client for metadata, lists of it and the status of certificates. It goes to the
 * host it is told and to no other (no redirects), connects to the very address it has judged, and takes neither
 * more octets nor more time than it should.
 */

export interface FetchOrder {
  readonly url: string
  /** Without one it is a GET. */
  readonly post?: { readonly contentType: string; readonly body: Uint8Array }
  /** CRLs and OCSP are signed and usually over http, as RFC 5280 8 wants it; everything else is https. */
  readonly plain?: 'allowed'
  readonly maxOctets?: number
  /** Until it is over, for what may be long. */
  readonly milliseconds?: number
}

/** Resolves to the body of a 200; rejects with MD_FETCH. */
export type Fetch = (order: FetchOrder) => Promise<Uint8Array>

export interface FetchOptions {
  /** PEM of authorities for TLS beside those Node.js comes with. */
  readonly authorities?: readonly string[]
  /** Lets this machine be fetched from, over http too: for the demo and tests, never a default. */
  readonly allowHttpForDemo?: boolean | undefined
  /** All addresses of a host. */
  readonly resolve?: (host: string) => Promise<readonly Address[]>
  readonly timeoutMilliseconds?: number
  readonly parallel?: number
}

export interface Address {
  readonly address: string
  readonly family: number
}

const KIB = 1024
const MAX_OCTETS = 1024 * KIB

export function createFetch(options: FetchOptions = {}): Fetch {
  const { authorities = [], allowHttpForDemo = false, timeoutMilliseconds = 5_000, parallel = 6 } = options
  const resolve = options.resolve ?? ((host: string) => lookup(host, { all: true }))
  const inTurn = turnstile(parallel)
  const tls = authorities.length === 0 ? {} : { ca: [...rootCertificates, ...authorities] }
  return (order) =>
    inTurn(async () => {
      const url = admittedUrl(order, allowHttpForDemo)
      const signal = AbortSignal.timeout(order.milliseconds ?? timeoutMilliseconds)
      const work = async () => {
        const addresses = await beforeAbort(addressesOf(url, resolve, allowHttpForDemo), signal)
        const response = await answerTo(url, order, { ...tls, signal, lookup: pinned(addresses) })
        return bodyOf(response, order.maxOctets ?? MAX_OCTETS)
      }
      try {
        // Whatever the other side does, it is over in time: everything else waits for it.
        const body = await beforeAbort(work(), signal)
        // A body that ends with the connection ends when we cut it off, too.
        signal.throwIfAborted()
        return body
      } catch (cause) {
        if (cause instanceof NodeFault) throw cause
        throw unfetched(url, signal.aborted ? 'not within its time' : reasonOf(cause), cause)
      }
    })
}

function unfetched({ href }: URL, reason: string, cause?: unknown): NodeFault {
  return new NodeFault('MD_FETCH', `${href}: ${reason}`, { cause })
}

/** The code of a system error (ECONNREFUSED, CERT_HAS_EXPIRED): its message may quote what the other side sent. */
function reasonOf(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'it failed'
}

function admittedUrl({ url: text, plain }: FetchOrder, allowHttpForDemo: boolean): URL {
  if (!URL.canParse(text)) throw new NodeFault('MD_FETCH', 'not a URL')
  const url = new URL(text)
  const { protocol, username, password, hostname } = url
  const http = plain === 'allowed' || (allowHttpForDemo && (hostname === 'localhost' || isLoopback(bare(hostname))))
  if (protocol !== 'https:' && !(protocol === 'http:' && http)) throw unfetched(url, 'not https')
  if (username !== '' || password !== '') throw new NodeFault('MD_FETCH', 'a URL with a user')
  return url
}

/** Without the brackets of an IPv6 address. */
function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}

/** Every address of the host is judged: one that is not public among them is a trick. */
async function addressesOf(
  url: URL,
  resolve: (host: string) => Promise<readonly Address[]>,
  allowHttpForDemo: boolean,
): Promise<readonly Address[]> {
  const host = bare(url.hostname)
  const version = isIP(host)
  const found = version === 0 ? await resolve(host) : [{ address: host, family: version }]
  if (found.length === 0) throw unfetched(url, 'a host without addresses')
  const closed = found.find(({ address }) => !isPublic(address) && !(allowHttpForDemo && isLoopback(address)))
  if (closed !== undefined) throw unfetched(url, `${closed.address} is not a public address`)
  return found
}

/** Whatever is asked, the addresses that were judged: the name is not resolved a second time. */
function pinned(addresses: readonly Address[]): LookupFunction {
  return (_host, { all }, callback) => {
    const [first] = addresses
    if (all) callback(null, [...addresses])
    else callback(null, first?.address ?? '', first?.family)
  }
}

/**
 * Cryptographic Requirements 2 (R-CR-1 to R-CR-7): TLS 1.2 or later, forward-secret suites only and of those the ones
 * without CBC (R-CR-8), the curves the profile names, Diffie-Hellman of 3072 bits, and no renegotiation.
 */
const tlsProfile = {
  minVersion: 'TLSv1.2',
  ciphers: [
    'TLS_AES_256_GCM_SHA384',
    'TLS_AES_128_GCM_SHA256',
    'TLS_CHACHA20_POLY1305_SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
    'DHE-RSA-AES256-GCM-SHA384',
    'DHE-RSA-AES128-GCM-SHA256',
  ].join(':'),
  ecdhCurve: [
    'P-256',
    'P-384',
    'P-521',
    'brainpoolP256r1',
    'brainpoolP384r1',
    'brainpoolP512r1',
    'ffdhe3072',
    'ffdhe4096',
  ].join(':'),
  minDHSize: 3072,
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
} as const

function answerTo(url: URL, { post }: FetchOrder, connection: RequestOptions): Promise<IncomingMessage> {
  const headers = {
    Accept: '*/*',
    'Accept-Encoding': 'identity',
    'User-Agent': 'Passerelle',
    ...(post === undefined ? {} : { 'Content-Type': post.contentType, 'Content-Length': post.body.length }),
  }
  const options = {
    ...connection,
    agent: false,
    method: post === undefined ? 'GET' : 'POST',
    headers,
    maxHeaderSize: 16 * KIB,
    ...tlsProfile,
    // Said aloud, so that no variable of the environment turns it off.
    rejectUnauthorized: true,
  } as const
  const send = url.protocol === 'https:' ? requestTls : requestPlain
  return new Promise((resolve, reject) => {
    const sent = send(url, options, (response) => {
      const wrong = faultOf(url, response)
      if (wrong === undefined) resolve(response)
      else {
        response.destroy()
        reject(wrong)
      }
    })
    sent.on('error', reject)
    // An answer that is not HTTP any more comes as neither answer nor error.
    sent.on('upgrade', ({ statusCode }, socket) => {
      socket.destroy()
      reject(unfetched(url, `status ${statusCode}`))
    })
    sent.end(post?.body)
  })
}

/** No redirects, nothing partial, nothing compressed. */
function faultOf(url: URL, { statusCode = 0, headers }: IncomingMessage): NodeFault | undefined {
  if (statusCode !== 200) return unfetched(url, `status ${statusCode}`)
  const encoding = headers['content-encoding'] ?? 'identity'
  return encoding === 'identity' ? undefined : unfetched(url, 'an encoding that was not asked for')
}

async function bodyOf(response: IncomingMessage, most: number): Promise<Uint8Array> {
  const parts: Buffer[] = []
  let octets = 0
  for await (const part of response) {
    octets += part.length
    // Leaving the loop destroys the connection.
    if (octets > most) throw new NodeFault('MD_FETCH', `more than ${most} octets`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** Not all work can be broken off (resolving a name), but the caller does not wait for it. */
function beforeAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    work.then(resolve, reject)
  })
}

/** Lets so many through at a time, in the order they came. */
function turnstile(places: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = places
  const waiting: (() => void)[] = []
  return async (work) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve))
    else free -= 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}
