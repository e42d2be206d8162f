import type { IncomingMessage, ServerResponse } from 'node:http'
import helmet from 'helmet'
import type { Rendered } from './reply.ts'

export interface SendOptions {
  /** The node is reached by https: browsers are told to keep to it. */
  readonly https: boolean
  /** Sources to which a peer's endpoint may redirect the form we post to it. */
  readonly formRedirects: readonly string[]
}

const YEAR_SECONDS = 31_536_000
/** RFC 9110 10.2.3: about as long as what holds up everybody lasts. */
const RETRY_SECONDS = 30

/**
 * The one door out: whatever leaves, a page of ours or a fault of Express, passes here and has these header fields.
 * Nothing is loaded from elsewhere, nothing is framed, no CORS field exists.
 */
export function send(request: IncomingMessage, response: ServerResponse, rendered: Rendered, options: SendOptions) {
  if (response.headersSent) return response.destroy()
  response.statusCode = rendered.status
  response.setHeader('Content-Type', rendered.contentType)
  response.setHeader('Content-Length', rendered.body.length)
  response.setHeader('Cache-Control', rendered.cacheControl)
  response.setHeader('Permissions-Policy', 'camera=(), geolocation=(), microphone=()')
  if (rendered.status === 503) response.setHeader('Retry-After', RETRY_SECONDS)
  if (rendered.allow !== undefined) response.setHeader('Allow', rendered.allow.join(', '))
  if (rendered.cookies.length > 0) response.setHeader('Set-Cookie', [...rendered.cookies])
  // What is left of a body that was given up must not be read as the next request.
  if (!request.complete && hasBody(request)) response.setHeader('Connection', 'close')
  return protect(rendered.formAction, options)(request, response, () => response.end(rendered.body))
}

function protect(formAction: string, { https, formRedirects }: SendOptions) {
  const leaves = formAction.startsWith('http')
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        scriptSrc: ["'self'"],
        formAction: leaves ? [formAction, ...formRedirects] : [formAction],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    strictTransportSecurity: https ? { maxAge: YEAR_SECONDS, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  })
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}
