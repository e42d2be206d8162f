import type { HttpInput, Reply } from '../relay/faces.ts'
import { icon } from './assets/icon.ts'
import { once } from './assets/once.ts'
import { style } from './assets/style.ts'
import { submit } from './assets/submit.ts'

/** How long a browser keeps them; short enough for the next release to show. */
const MAX_AGE_SECONDS = 3600

function asset(path: string, contentType: string, text: string) {
  const body = Buffer.from(text, 'utf8')
  const reply: Reply = { kind: 'document', contentType, body, maxAgeSeconds: MAX_AGE_SECONDS }
  return { methods: ['GET'], path, receive: async (_: HttpInput) => reply } as const
}

/** What pages need beside themselves: from memory, from our own origin, nothing else is ever loaded. */
export const assets = [
  asset('/assets/style.css', 'text/css; charset=utf-8', style),
  asset('/assets/once.js', 'text/javascript; charset=utf-8', once),
  asset('/assets/submit.js', 'text/javascript; charset=utf-8', submit),
  asset('/assets/icon.svg', 'image/svg+xml; charset=utf-8', icon),
] as const
