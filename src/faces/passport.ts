import { framesOf, NodeFault } from '../errors/node-fault.ts'
import type { IdentityOutcome } from '../identity/outcome.ts'
import type { IdentityRequest } from '../identity/request.ts'
import { contextTo, type NationalMapping } from '../profiles/national/mapping.ts'
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
  /** Who is asked, for the log and the replay guard. */
  readonly entityId: string
  /** The parameter that brings the handle back with an answer, and no other does: SAML's word is RelayState, OAuth's state. */
  readonly handleParameter: 'RelayState' | 'state'
  /**
   * What the provider calls itself in `iss` of every answer (RFC 9207): an answer with another, or without one, is
   * refused before the strategy sees it. Left out where the provider sends none.
   */
  readonly issuer?: string
  /** How long the strategy may take to say what became of a request or an answer; 15 when left out, 45 at most. */
  readonly timeoutSeconds?: number
  /** Options of every call, such as `{ state: handle }` for OAuth; `classRefs` are its classes that are good enough. */
  readonly begin?: (handle: string, classRefs: readonly string[]) => Record<string, unknown>
  /** The ID of the message in a redirect, where the answer can be held against it. */
  readonly messageIdIn?: (location: string) => string
  /** Turns what the strategy's verify callback gave into an identity; throws what does not fit. */
  readonly identify: (
    user: unknown,
    request: IdentityRequest,
    asked: Asked,
  ) => { readonly outcome: IdentityOutcome; readonly claims: readonly ReplayClaim[] }
  /**
   * The outcome of an error the strategy reports, where it means that the citizen or her provider said no. The log has no
   * message of an error, which may name her; what it is to have is thrown here, as a NodeFault.
   */
  readonly refusal?: (error: unknown) => IdentityOutcome | undefined
}

const TIMEOUT_SECONDS = 15
/** A browser's connection on which nothing moves is closed after a minute, by us or by the proxy in front. */
const LONGEST_TIMEOUT_SECONDS = 45

type Outcome =
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'success'; readonly user: unknown }
  | { readonly kind: 'fail' }
  | { readonly kind: 'error'; readonly error: unknown }

export interface PassportParts {
  readonly scheme: PassportScheme
  readonly mapping: NationalMapping
  /** The node's own country: it identifies the citizen. */
  readonly country: string
  readonly clock: () => number
}

/** Fault: CFG_INVALID for a scheme with a time that cannot be kept to. */
export function createPassportUpstream(parts: PassportParts): Upstream {
  const { timeoutSeconds = TIMEOUT_SECONDS, entityId } = parts.scheme
  if (!(timeoutSeconds > 0 && timeoutSeconds <= LONGEST_TIMEOUT_SECONDS)) {
    throw new NodeFault('CFG_INVALID', `timeoutSeconds of ${entityId} is not in 0 to ${LONGEST_TIMEOUT_SECONDS}`)
  }
  return {
    ask: (request, handle) => ask(parts, request, handle),
    handleIn: (input) => handleIn(parts.scheme, input),
    receive: (input, asked, request) => receive(parts, input, asked, request),
  }
}

function optionsOf({ scheme, mapping }: PassportParts, { loa }: IdentityRequest, handle: string) {
  return scheme.begin?.(handle, contextTo(mapping, loa).classRefs) ?? {}
}

async function ask(parts: PassportParts, request: IdentityRequest, handle: string) {
  const { scheme, country } = parts
  const at = parts.clock()
  const begun = { method: 'GET', url: '/', headers: {}, query: { RelayState: handle }, body: {} }
  const outcome = await run(scheme, begun, optionsOf(parts, request, handle))
  if (outcome.kind === 'error') throw failureOf(outcome.error)
  if (outcome.kind !== 'redirect') throw new NodeFault('AUTHN_FAILED', `${scheme.entityId}: ${outcome.kind} at once`)
  if (!isAbsolute(outcome.location)) throw new NodeFault('AUTHN_FAILED', 'a redirect to no address of http or https')
  const reply: Reply = { kind: 'link', location: outcome.location }
  const messageId = scheme.messageIdIn?.(outcome.location) ?? handle
  return { reply, asked: { messageId, at, entityId: scheme.entityId, country } }
}

/** RFC 9207 2.4: compared to the letter, in answers that say no as well. */
function expectIssuer({ issuer, entityId }: PassportScheme, { iss }: Readonly<Record<string, string>>): void {
  if (issuer !== undefined && iss !== issuer) {
    throw new NodeFault('SAML_MIXUP', `${iss === undefined ? 'no iss' : 'another iss'} where ${entityId} was asked`)
  }
}

/** A strategy may say anything, or nothing. */
function isAbsolute(location: unknown): boolean {
  return typeof location === 'string' && /^https?:\/\//.test(location) && URL.canParse(location)
}

function handleIn({ handleParameter }: PassportScheme, input: HttpInput): string {
  const handle = fieldsOf(input)[handleParameter]
  if (handle === undefined) throw new NodeFault('ST_GONE', `an answer without ${handleParameter}`)
  return handle
}

async function receive(
  parts: PassportParts,
  input: HttpInput,
  asked: Asked,
  request: IdentityRequest,
): Promise<ReceivedAnswer> {
  const { scheme } = parts
  const fields = fieldsOf(input)
  expectIssuer(scheme, fields)
  const outcome = await run(
    scheme,
    {
      method: input.method,
      url: input.query === '' ? input.path : `${input.path}?${input.query}`,
      headers: {},
      query: input.method === 'GET' ? fields : {},
      body: input.method === 'GET' ? {} : fields,
    },
    optionsOf(parts, request, handleIn(scheme, input)),
  )
  if (outcome.kind === 'success') return judged(scheme.identify(outcome.user, request, asked), asked)
  if (outcome.kind === 'fail') return judged({ claims: [], outcome: { kind: 'refused', code: 'AUTHN_FAILED' } }, asked)
  if (outcome.kind === 'redirect') throw new NodeFault('AUTHN_FAILED', 'an answer that starts over')
  const refused = scheme.refusal?.(outcome.error)
  if (refused !== undefined) return judged({ claims: [], outcome: refused }, asked)
  throw failureOf(outcome.error)
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

/**
 * Passport's own way: a copy of the strategy with the outcome methods on it (passport, lib/middleware/authenticate). A
 * strategy may throw, at once or later, and may forget to say anything.
 */
async function run(
  { strategy, timeoutSeconds = TIMEOUT_SECONDS }: PassportScheme,
  request: StrategyRequest,
  options: Record<string, unknown>,
): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined
  const outcome = await new Promise<Outcome>((resolve) => {
    const failed = (error: unknown) => resolve({ kind: 'error', error })
    const running = Object.assign(Object.create(strategy), {
      success: (user: unknown) => resolve({ kind: 'success', user }),
      fail: () => resolve({ kind: 'fail' }),
      redirect: (location: string) => resolve({ kind: 'redirect', location }),
      pass: () => resolve({ kind: 'fail' }),
      error: failed,
    })
    const silence = new NodeFault('AUTHN_FAILED', `the strategy said nothing for ${timeoutSeconds} s`)
    timer = setTimeout(() => failed(silence), timeoutSeconds * 1000)
    // An async function, so that what it throws at once is a rejection as well.
    const authenticate = async () => Reflect.apply(strategy.authenticate, running, [request, options])
    authenticate().catch(failed)
  })
  clearTimeout(timer)
  return outcome
}

/** Providers add parameters of their own, but not many. Any browser can send them, and every strategy looks at them. */
const MOST_FIELDS = 64

/** The parameters of an answer, each once; strategies take the first of two and verify the other. */
function fieldsOf(input: HttpInput): Readonly<Record<string, string>> {
  if (input.method !== 'GET' && input.query !== '') throw new NodeFault('BIND_SPLIT', 'a query on a POST')
  if (input.contentEncoding !== undefined) throw new NodeFault('BIND_ENCODING', input.contentEncoding)
  const raw = input.method === 'GET' ? input.query : formOf(input)
  if (raw.split('&', MOST_FIELDS + 1).length > MOST_FIELDS) throw new NodeFault('BIND_SIZE', 'parameters')
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

/** The name of the error and where it was made, without its message, which may name the citizen. */
function failureOf(error: unknown): NodeFault {
  if (error instanceof NodeFault) return error
  if (!(error instanceof Error)) return new NodeFault('AUTHN_FAILED', 'the strategy failed', { cause: error })
  const code: unknown = Reflect.get(error, 'code')
  const words = [error.name, ...(isToken(code) ? [code] : []), ...framesOf(error).slice(0, 1)]
  return new NodeFault('AUTHN_FAILED', words.join(' '), { cause: error })
}

/** Codes of Node (`ECONNREFUSED`) and of OAuth (`invalid_grant`). */
function isToken(code: unknown): code is string {
  return typeof code === 'string' && /^[A-Za-z_]{1,40}$/.test(code)
}
