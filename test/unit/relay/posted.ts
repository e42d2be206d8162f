import type { HttpInput } from '../../../src/relay/faces.ts'

/** A form as it comes to a step. */
export const posted = (body: string, more: Partial<HttpInput> = {}): HttpInput => ({
  method: 'POST',
  path: '/step',
  query: '',
  contentType: 'application/x-www-form-urlencoded',
  contentEncoding: undefined,
  body: Buffer.from(body),
  cookies: undefined,
  language: 'en',
  ...more,
})
