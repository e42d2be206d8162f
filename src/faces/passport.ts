import { framesOf, NodeFault } from '../errors/node-fault.ts'
import type { IdentityOutcome } from '../identity/outcome.ts'
import type { IdentityRequest } from '../identity/request.ts'
import type { Asked, HttpInput, JudgedAnswer, ReceivedAnswer, ReplayClaim, Reply, Upstream } from '../relay/faces.ts'

/*
 * The face that asks through any Passport strategy: a national identity provider without SAML metadata of its own
 * plugs in here. The strategy is run as Passport runs it, on a copy with the outcome methods attached, but over plain
 * values: it never sees the HTTP library's objects, and its redirect comes back as a Reply.
 */

/** What a strategy reads of a request: the parts of Express' request that strategies use. */
export interface StrategyRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, string>>
}

/**
 * A strategy as Passport defines it: `authenticate` takes a request and options, and ends in one of the outcome methods
 * it finds on itself. Strategies are typed against many versions of Express, so nothing is said of the arguments here.
 */
export interface PassportStrategy {
  readonly authenticate: (...request: never[]) => unknown
}

/** One national scheme behind a strategy. The hooks read what only this strategy knows. */
export interface PassportScheme {
  readonly strategy: PassportStrategy
  /** How long it may take over one request; 20 seconds unless it is said. */
  readonly answersWithinMilliseconds?: number
  /** Who is asked, for the log and the replay guard. */
  readonly entityId: string
  /** Options of the call that begins a login, such as `{ state: handle }` for OAuth. */
  readonly begin?: (handle: string) => Record<string, unknown>
  /** The ID of the message in a redirect, where the answer can be held against it. */
  readonly messageIdIn?: (location: string) => string
  /** Turns what the strategy's verify callback gave into an identity; throws what does not fit. */
  readonly identify: (
    user: unknown,
    request: IdentityRequest,
    asked: Asked,
  ) => { readonly outcome: IdentityOutcome; readonly claims: readonly ReplayClaim[] }
  /** The outcome of an error the strategy reports, where it means that the citizen or her provider said no. */
  readonly refusal?: (error: unknown) => IdentityOutcome | undefined
}

type Outcome =
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'success'; readonly user: unknown }
  | { readonly kind: 'fail' }
  | { readonly kind: 'error'; readonly error: unknown }

/** `country` is the node's own: whoever is identified here is identified by this country. */
export function createPassportUpstream(scheme: PassportScheme, country: string): Upstream {
  return {
    ask: (request, handle) => ask(scheme, country, request, handle),
    handleIn: (input) => handleIn(input),
    receive: (input, asked, request) => receive(scheme, input, asked, request),
  }
}

async function ask(scheme: PassportScheme, country: string, _request: IdentityRequest, handle: string) {
  const begun = { method: 'GET', url: '/', headers: {}, query: { RelayState: handle }, body: {} }
  const outcome = await run(scheme, begun, scheme.begin?.(handle) ?? {})
  if (outcome.kind === 'error') throw failed(outcome.error)
  if (outcome.kind !== 'redirect') throw new NodeFault('AUTHN_FAILED', `${scheme.entityId}: ${outcome.kind} at once`)
  const reply: Reply = { kind: 'link', location: outcome.location }
  const messageId = scheme.messageIdIn?.(outcome.location) ?? handle
  return { reply, asked: { messageId, entityId: scheme.entityId, country } }
}

/** RelayState is SAML's word for it, state is OAuth's. */
function handleIn(input: HttpInput): string {
  const fields = fieldsOf(input)
  const handle = fields['RelayState'] ?? fields['state']
  if (handle === undefined) throw new NodeFault('ST_GONE', 'an answer without RelayState or state')
  return handle
}

async function receive(
  scheme: PassportScheme,
  input: HttpInput,
  asked: Asked,
  request: IdentityRequest,
): Promise<ReceivedAnswer> {
  const fields = fieldsOf(input)
  const outcome = await run(
    scheme,
    {
      method: input.method,
      url: input.query === '' ? input.path : `${input.path}?${input.query}`,
      headers: {},
      query: input.method === 'GET' ? fields : {},
      body: input.method === 'GET' ? {} : fields,
    },
    scheme.begin?.(handleIn(input)) ?? {},
  )
  if (outcome.kind === 'success') return judged(scheme.identify(outcome.user, request, asked), asked)
  if (outcome.kind === 'fail') return judged({ claims: [], outcome: { kind: 'refused', code: 'AUTHN_FAILED' } }, asked)
  if (outcome.kind === 'redirect') throw new NodeFault('AUTHN_FAILED', 'an answer that starts over')
  const refused = scheme.refusal?.(outcome.error)
  if (refused !== undefined) return judged({ claims: [], outcome: refused }, asked)
  throw failed(outcome.error)
}

/** Of the message itself a strategy tells no more than the ID it must not accept twice. */
function judged(answer: JudgedAnswer, { entityId, messageId: inResponseTo }: Asked): ReceivedAnswer {
  const { claims, outcome } = answer
  const status = outcome.kind === 'identified' ? 'Success' : (outcome.status ?? []).join('/')
  return {
    facts: { entityId, messageId: claims[0]?.id ?? '', inResponseTo, status },
    read: async () => answer,
  }
}

const PATIENCE_MILLISECONDS = 20_000

/**
 * Passport's own way: a copy of the strategy with the outcome methods on it (passport, lib/middleware/authenticate). It is
 * code of somebody else: what it throws, now or later, is an outcome, and so is silence.
 */
function run(scheme: PassportScheme, request: StrategyRequest, options: Record<string, unknown>): Promise<Outcome> {
  const { strategy, entityId, answersWithinMilliseconds = PATIENCE_MILLISECONDS } = scheme
  return new Promise((resolve) => {
    const end = (outcome: Outcome) => {
      clearTimeout(timer)
      resolve(outcome)
    }
    const fail = (error: unknown) => end({ kind: 'error', error })
    const silence = new NodeFault('AUTHN_FAILED', `${entityId}: no outcome within its time`)
    const timer = setTimeout(fail, answersWithinMilliseconds, silence)
    const running = Object.assign(Object.create(strategy), {
      success: (user: unknown) => end({ kind: 'success', user }),
      fail: () => end({ kind: 'fail' }),
      redirect: (location: string) => end({ kind: 'redirect', location }),
      pass: () => end({ kind: 'fail' }),
      error: fail,
    })
    const authenticated = async () => Reflect.apply(strategy.authenticate, running, [request, options])
    authenticated().catch(fail)
  })
}

/** The parameters of an answer, each once; strategies take the first of two and verify the other. */
function fieldsOf(input: HttpInput): Readonly<Record<string, string>> {
  if (input.method !== 'GET' && input.query !== '') throw new NodeFault('BIND_SPLIT', 'a query on a POST')
  if (input.contentEncoding !== undefined) throw new NodeFault('BIND_ENCODING', input.contentEncoding)
  const raw = input.method === 'GET' ? input.query : formOf(input)
  const fields = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(raw)) {
    if (fields.has(name)) throw new NodeFault('BIND_DUP_PARAM', 'a parameter occurs twice')
    fields.set(name, value)
  }
  return Object.fromEntries(fields)
}

function formOf(input: HttpInput): string {
  if (!/^application\/x-www-form-urlencoded(;\s*charset=utf-8)?$/i.test(input.contentType ?? '')) {
    throw new NodeFault('BIND_CTYPE', 'not a form')
  }
  return Buffer.from(input.body).toString('latin1')
}

/** Of a library's error its name, its code and its place: the message may quote who signs in (R-LAW-3). */
function failed(error: unknown): NodeFault {
  if (error instanceof NodeFault) return error
  const code = Reflect.get(Object(error), 'code')
  const named = typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,63}$/.test(code) ? [code] : []
  const told = error instanceof Error ? [error.name, ...named, ...framesOf(error).slice(0, 1)] : ['the strategy failed']
  return new NodeFault('AUTHN_FAILED', told.join(' '), { cause: error })
}
