import { randomBytes } from 'node:crypto'
import type { Request, Response } from 'express'

/** Sessions of one portal, in memory: a random cookie of the portal's own name, since cookies ignore the port. */
export interface Sessions<T> {
  find(request: Request): T | undefined
  /** Always a new session, so that a sign-in never continues one that was there before it. */
  begin(request: Request, response: Response, value: T): void
  end(request: Request, response: Response): void
}

const LIMIT = 1_000
const SECONDS = 3_600

export function memorySessions<T>(cookieName: string, now: () => number = Date.now): Sessions<T> {
  const sessions = new Map<string, { readonly value: T; readonly until: number }>()

  function tokenOf(request: Request): string {
    const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='))
    return pairs.find(([name]) => name === cookieName)?.[1] ?? ''
  }

  function forget(request: Request): void {
    sessions.delete(tokenOf(request))
    const oldest = sessions.keys().next().value
    if (sessions.size >= LIMIT && oldest !== undefined) sessions.delete(oldest)
  }

  return {
    find(request) {
      const session = sessions.get(tokenOf(request))
      return session !== undefined && session.until > now() ? session.value : undefined
    },
    begin(request, response, value) {
      forget(request)
      const token = randomBytes(32).toString('base64url')
      sessions.set(token, { value, until: now() + SECONDS * 1_000 })
      response.cookie(cookieName, token, { httpOnly: true, sameSite: 'lax', maxAge: SECONDS * 1_000 })
    },
    end(request, response) {
      forget(request)
      response.clearCookie(cookieName, { httpOnly: true, sameSite: 'lax' })
    },
  }
}
