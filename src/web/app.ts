import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import express, { type ErrorRequestHandler } from 'express'
import { faults } from '../errors/faults.ts'
import { asFault, NodeFault } from '../errors/node-fault.ts'
import type { HttpInput, Reply } from '../relay/faces.ts'
import { assets } from './assets.ts'
import { bodyReader } from './body.ts'
import { pageStatus } from './errors.ts'
import { chooseLanguage, languages as known, type Language } from './i18n/languages.ts'
import { pathIn, readInput } from './input.ts'
import { type WebLimits, webLimits } from './limits.ts'
import { type Rendered, render } from './reply.ts'
import { type SendOptions, send } from './send.ts'
import { createTurns } from './turns.ts'

/**
 * HTTP and HTML: the only folder that knows a request from a response. It owns what goes over the wire around a
 * message (methods, sizes, header fields, cookies, pages) and hands the message itself on as it came. It refuses what
 * is not in its table of paths, lets no fault leave as anything but a page with a support code, and imports nothing
 * but relay/faces and errors. Only node.ts imports it, and builds it.
 */

/** One row of the table of paths. The path is compared octet for octet with what was received. */
export interface Route {
  readonly methods: readonly ('GET' | 'POST')[]
  readonly path: string
  /**
   * Where the work of a sign-in is done: where one begins, or where one under way goes on. Such work takes turns, and
   * what begins is put off when there is too much of it. Left out: it costs nothing.
   */
  readonly work?: 'begins' | 'goes on'
  readonly receive: (input: HttpInput) => Promise<Reply>
}

/** What a load balancer is told at /health: whether to send citizens here, and no more. */
export interface Health {
  readonly healthy: boolean
}

export interface WebOptions {
  readonly routes: readonly Route[]
  /** Hears of every fault that became a page here, with the code the citizen sees. */
  readonly onFault: (fault: NodeFault, supportCode: string) => void
  readonly newSupportCode: () => string
  readonly health?: () => Health | Promise<Health>
  /** Whether the node's base URL is https. */
  readonly https: boolean
  /** Offered languages, the first for everybody whose own is not among them. */
  readonly languages?: readonly Language[]
  /**
   * Chromium holds the redirect that answers a posted form against the page's form-action too. A peer whose endpoint
   * redirects to another host needs that host here; 'https:' allows any. The form's own target never needs it.
   */
  readonly formRedirects?: readonly string[]
  readonly limits?: Partial<WebLimits>
  /** Whether the event loop does not keep up. */
  readonly isLate?: () => boolean
  /** Milliseconds that never go back. */
  readonly monotonic?: () => number
}

type Answer = (input: HttpInput, language: Language) => Promise<Rendered>

/** Builds the web side of the node, to be given to webServer or http.createServer. */
export function webApp(options: WebOptions): RequestListener {
  const table = tableOf(options)
  const limits = { ...webLimits, ...options.limits }
  const readBody = bodyReader(limits)
  const turns = createTurns()
  const { isLate = () => false, monotonic = () => performance.now() } = options
  /** How long requests waited for earlier ones of their connection. */
  const waits = new WeakMap<IncomingMessage, number>()
  const works = new Map(options.routes.map(({ path, work }) => [path, work]))
  const sending: SendOptions = { https: options.https, formRedirects: options.formRedirects ?? [] }

  function refuse(thrown: unknown, language: Language, allow?: readonly string[]): Rendered {
    const fault = asFault(thrown)
    const supportCode = options.newSupportCode()
    options.onFault(fault, supportCode)
    const { sentence } = faults[fault.code]
    const page = { page: 'fault', status: pageStatus(fault.code), sentence, supportCode } as const
    return { ...render({ kind: 'page', page }, language), ...(allow === undefined ? {} : { allow }) }
  }

  /** Waits for the turn of this work; WEB_BUSY where a new sign-in waited for too long, or the event loop is late. */
  async function turnOf(work: Route['work'], waited: number): Promise<void> {
    if (work === undefined) return
    const since = monotonic()
    await turns.begin(work === 'goes on')
    if (work === 'goes on') return
    const all = waited + monotonic() - since
    if (all > limits.patienceMilliseconds || isLate()) throw new NodeFault('WEB_BUSY', `${Math.round(all)} ms`)
  }

  async function answer(request: IncomingMessage): Promise<Rendered> {
    if (isAhead(request) && works.get(pathIn(request.url ?? '')) !== undefined) return bare(503)
    const waited = waits.get(request) ?? 0
    const language = chooseLanguage(request.headers['accept-language'], options.languages ?? known)
    try {
      const work = works.get(pathIn(request.url ?? ''))
      const input = await readInput(request, language, (one) => readBody(one, () => turnOf(work, waited)))
      const methods = table.get(input.path)
      if (methods === undefined) throw new NodeFault('WEB_UNKNOWN')
      const found = methods.get(input.method)
      if (found !== undefined) return await found(input, language)
      return refuse(new NodeFault('BIND_METHOD', input.method), language, [...methods.keys()])
    } catch (thrown) {
      return refuse(thrown, language)
    }
  }

  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    send(request, response, await answer(request), sending)
  }
  /** Express itself has nothing to say; what comes here was thrown while a fault was being told. */
  const lastResort: ErrorRequestHandler = (_thrown, request, response, _next) => {
    send(request, response, bare(500), sending)
  }
  const app = plainExpress().use(respond).use(lastResort)
  const take: RequestListener = (request, response) => {
    // Express cannot take the path out of some targets and would answer them by itself.
    if (request.url?.startsWith('/')) app(request, response)
    else respond(request, response).catch(() => send(request, response, bare(500), sending))
  }
  /** One request of a connection at a time; nothing is done for who has gone away. */
  return async (request, response) => {
    const arrived = monotonic()
    const leave = await turns.enter(request.socket)
    if (request.socket.destroyed) return leave()
    waits.set(request, monotonic() - arrived)
    response.once('close', leave)
    take(request, response)
  }
}

/**
 * a browser that fetches a page before the citizen opens it says so (`Sec-Purpose`, once `Purpose`). A step of a
 * sign-in is used up by being opened, so it is not done ahead: a browser that is refused comes again in earnest.
 */
function isAhead({ headers }: IncomingMessage): boolean {
  return ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].some((name) =>
    /\b(?:prefetch|prerender|preview)\b/i.test(String(headers[name] ?? '')),
  )
}

/** Express without anything that reads, rewrites or tells more than asked. */
function plainExpress(): express.Express {
  const app = express()
  for (const setting of ['x-powered-by', 'etag', 'trust proxy', 'query parser']) app.disable(setting)
  for (const setting of ['strict routing', 'case sensitive routing']) app.enable(setting)
  return app.set('env', 'production')
}

function tableOf({ routes, health }: WebOptions): ReadonlyMap<string, ReadonlyMap<string, Answer>> {
  const table = new Map<string, Map<string, Answer>>()
  const add = (method: string, path: string, answer: Answer) => {
    const methods = table.get(path) ?? new Map<string, Answer>()
    if (methods.has(method)) throw new TypeError(`two routes for ${method} ${path}`)
    table.set(path, methods.set(method, answer))
  }
  for (const { methods, path, receive } of [...assets, ...routes]) {
    for (const method of withHead(methods))
      add(method, path, async (input, language) => render(await receive(input), language))
  }
  if (health !== undefined) {
    for (const method of withHead(['GET'])) add(method, '/health', async () => renderHealth(await health()))
  }
  return table
}

/** RFC 9110 9.3.2: what is only there to be read can be asked after. An address that takes messages cannot. */
function withHead(methods: Route['methods']): readonly string[] {
  return methods.length === 1 && methods[0] === 'GET' ? ['GET', 'HEAD'] : methods
}

function renderHealth({ healthy }: Health): Rendered {
  const body = Buffer.from(JSON.stringify({ status: healthy ? 'ok' : 'unavailable' }))
  return { ...bare(healthy ? 200 : 503), contentType: 'application/json', body }
}

function bare(status: number): Rendered {
  return {
    status,
    contentType: 'text/plain; charset=utf-8',
    cacheControl: 'no-store',
    formAction: "'none'",
    cookies: [],
    body: Buffer.alloc(0),
  }
}
