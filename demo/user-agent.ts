import { Agent, type IncomingMessage, request } from 'node:http'
import { CookieJar } from 'tough-cookie'
import { type Form, readForms, readRefresh } from './html-reader.ts'

/** A small browser over HTTP: cookies, redirects, forms and refresh; no scripts, as with scripts switched off. */

export interface Hop {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly status: number
  readonly ms: number
}

export interface Visit {
  readonly url: string
  readonly status: number
  readonly body: string
}

export interface Filling {
  /** Values for controls, by name. */
  readonly values?: Readonly<Record<string, string>>
  /** The submit button to press, by name and value; without it the form goes without a button. */
  readonly button?: { readonly name: string; readonly value: string }
}

export interface UserAgent {
  readonly hops: readonly Hop[]
  get(url: string): Promise<Visit>
  post(url: string, fields: readonly (readonly [string, string])[]): Promise<Visit>
  /** Sends this form of the page on, filled in. */
  submit(page: Visit, form: Form, filling?: Filling): Promise<Visit>
  /** Lets go of the connections it kept. */
  close(): void
}

const MOST_REDIRECTS = 10

/** The cookies of one browser: `localhost` counts as secure, and the prefixes of RFC 6265bis 4.1.3 are kept. */
export function newCookieJar(): CookieJar {
  return new CookieJar(undefined, { prefixSecurity: 'strict' })
}

export function newUserAgent(): UserAgent {
  const jar = newCookieJar()
  const agent = new Agent({ keepAlive: true })
  const hops: Hop[] = []

  async function fetchOnce(method: Hop['method'], url: URL, body: string | undefined) {
    const started = performance.now()
    const { response, text } = await exchange(agent, { method, url, body, cookie: jar.getCookieStringSync(url.href) })
    const status = response.statusCode ?? 0
    hops.push({ method, url: url.href, status, ms: Math.round((performance.now() - started) * 10) / 10 })
    for (const header of response.headers['set-cookie'] ?? [])
      jar.setCookieSync(header, url.href, { ignoreError: true })
    return { status, text, location: response.headers.location }
  }

  async function visit(method: Hop['method'], address: string, body?: string): Promise<Visit> {
    let next: readonly [Hop['method'], URL, string | undefined] = [method, new URL(address), body]
    for (let count = 0; count <= MOST_REDIRECTS; count += 1) {
      const [, url] = next
      const { status, text, location } = await fetchOnce(...next)
      const ahead = status >= 300 && status < 400 ? location : readRefresh(text)
      if (ahead === undefined) return { url: url.href, status, body: text }
      // 307 and 308 keep method and body; every other way on is a GET.
      next =
        status === 307 || status === 308
          ? [next[0], new URL(ahead, url), next[2]]
          : ['GET', new URL(ahead, url), undefined]
    }
    throw new TypeError(`more than ${MOST_REDIRECTS} redirects from ${address}`)
  }

  return {
    hops,
    get: (url) => visit('GET', url),
    post: (url, fields) => visit('POST', url, encode(fields)),
    submit(page, form, filling = {}) {
      const target = new URL(form.action === '' ? page.url : form.action, page.url)
      const fields = encode(successful(form, filling))
      if (form.method === 'post') return visit('POST', target.href, fields)
      target.search = fields
      return visit('GET', target.href)
    },
    close: () => agent.destroy(),
  }
}

/** The first form of a page. */
export function firstForm(page: Visit): Form | undefined {
  return readForms(page.body)[0]
}

/** The fields a browser would send, in document order. */
function successful({ controls }: Form, { values = {}, button }: Filling): readonly (readonly [string, string])[] {
  return controls.flatMap(({ name, value, kind, chosen }) => {
    if (kind === 'submit') return button?.name === name && button.value === value ? [[name, value] as const] : []
    const wanted = values[name]
    if (kind === 'radio' || kind === 'select' || kind === 'checkbox') {
      return (wanted === undefined ? chosen : wanted === value) ? [[name, value] as const] : []
    }
    return [[name, wanted ?? value] as const]
  })
}

function encode(fields: readonly (readonly [string, string])[]): string {
  return new URLSearchParams(fields.map(([name, value]) => [name, value])).toString()
}

interface Asked {
  readonly method: string
  readonly url: URL
  readonly body: string | undefined
  readonly cookie: string | undefined
}

async function exchange(agent: Agent, asked: Asked) {
  const response = await ask(agent, asked)
  const parts: Buffer[] = []
  for await (const part of response) parts.push(part)
  return { response, text: Buffer.concat(parts).toString('utf8') }
}

/** Asks again where the server had let go of a kept connection just then, as every browser does. */
function ask(agent: Agent, asked: Asked): Promise<IncomingMessage> {
  const { method, url, body } = asked
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, headers: headersOf(asked), timeout: 20_000 }, resolve)
    sent
      .on('timeout', () => sent.destroy(new TypeError(`no answer from ${url.origin}`)))
      .on('error', (error: NodeJS.ErrnoException) => {
        if (sent.reusedSocket && error.code === 'ECONNRESET') resolve(ask(agent, asked))
        else reject(error)
      })
      .end(body)
  })
}

function headersOf({ body, cookie }: Asked): Record<string, string | number> {
  return {
    accept: 'text/html',
    'accept-language': 'en',
    ...(cookie === undefined ? {} : { cookie }),
    ...(body === undefined
      ? {}
      : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) }),
  }
}
