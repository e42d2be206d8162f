import { randomBytes } from 'node:crypto'
import express, { type Express, type Request, type Response } from 'express'
import { type IdentityProviderSite, identityProviderMetadata, signOnOf } from './identity-provider-metadata.ts'
import { loginPage, refusalPage, startPage } from './identity-provider-pages.ts'
import { type Conversation, converse, identify, refuse, type WaitingRequest } from './identity-response.ts'
import { carryingForm, sendPage, sendStylesheet, strictHeaders } from './page.ts'

/**
 * A country's identity provider on samlify: it takes signed requests of its proxy service by POST or redirect, asks
 * the citizen for user and password, and answers with national attribute names at a national level.
 */

const WAIT_MS = 10 * 60_000
const LIMIT = 1_000

interface Provider {
  readonly site: IdentityProviderSite
  readonly conversation: Conversation
  readonly waiting: Map<string, WaitingRequest & { readonly until: number }>
}

/** The identity provider as a listener for HTTP requests. */
export function identityProviderApp(site: IdentityProviderSite, proxyServiceMetadata: string): Express {
  const provider: Provider = { site, conversation: converse(site, proxyServiceMetadata), waiting: new Map() }
  const form = express.urlencoded({ extended: false, limit: '256kb' })
  const app = express()
  app.disable('x-powered-by')
  app.use(strictHeaders(provider.conversation.acs.map((acs) => new URL(acs).origin)))
  app.get('/style.css', sendStylesheet)
  app.get('/metadata', (_request, response) => {
    response.type('application/samlmetadata+xml').send(identityProviderMetadata(site))
  })
  app.get('/', (_request, response) => sendPage(response, startPage(site)))
  app.get('/sso', (request, response) => receiveRequest(provider, 'redirect', request, response))
  app.post('/sso', form, (request, response) => receiveRequest(provider, 'post', request, response))
  app.post('/login', form, (request, response) => answer(provider, request, response))
  return app
}

async function receiveRequest(provider: Provider, binding: 'post' | 'redirect', request: Request, response: Response) {
  const { site, waiting } = provider
  try {
    const received = await readRequest(provider, binding, request)
    const ticket = randomBytes(16).toString('base64url')
    const oldest = waiting.keys().next().value
    if (waiting.size >= LIMIT && oldest !== undefined) waiting.delete(oldest)
    waiting.set(ticket, { ...received, until: Date.now() + WAIT_MS })
    sendPage(response, loginPage(site, ticket))
  } catch (thrown) {
    sendPage(response, refusalPage(site, inWords(thrown)), 400)
  }
}

/** samlify says a code where it has no sentence. */
function inWords(thrown: unknown): string {
  const said = thrown instanceof Error ? thrown.message : String(thrown)
  return /^ERR_\w+$/.test(said) ? `it could not be read (${said})` : said
}

/** Verifies the signature by samlify, then what samlify leaves to its user: issuer, Destination and age. */
async function readRequest(
  provider: Provider,
  binding: 'post' | 'redirect',
  request: Request,
): Promise<WaitingRequest> {
  const { idp, sp } = provider.conversation
  const fields: Record<string, unknown> = binding === 'post' ? request.body : request.query
  const { extract } = await idp.parseLoginRequest(sp, binding, {
    query: fields,
    body: fields,
    octetString: signedOctets(request.originalUrl),
  })
  const { id, destination, issueInstant, assertionConsumerServiceUrl } = extract.request ?? {}
  if (extract.issuer !== sp.entityMeta.getEntityID()) throw new TypeError('it comes from an unknown sender')
  if (destination !== signOnOf(provider.site)) throw new TypeError('it is meant for another recipient')
  if (Math.abs(Date.now() - Date.parse(String(issueInstant))) > WAIT_MS) throw new TypeError('it is out of time')
  if (typeof id !== 'string') throw new TypeError('it has no ID')
  const acs = provider.conversation.acs.find((one) => one === assertionConsumerServiceUrl)
  if (acs === undefined) throw new TypeError('it wants the answer elsewhere')
  const relayState = fields['RelayState']
  return { id, acs, relayState: typeof relayState === 'string' ? relayState : undefined }
}

/** What a redirect's signature covers: the parameters as they were received (SAML Bindings 3.4.4.1). */
function signedOctets(url: string): string {
  const pairs = url.slice(url.indexOf('?') + 1).split('&')
  return ['SAMLRequest', 'RelayState', 'SigAlg']
    .flatMap((name) => pairs.filter((pair) => pair.startsWith(`${name}=`)).slice(0, 1))
    .join('&')
}

async function answer(provider: Provider, request: Request, response: Response) {
  const { site, conversation, waiting } = provider
  const { ticket, user, password, action } = request.body ?? {}
  const waitingRequest = waiting.get(String(ticket))
  if (waitingRequest === undefined || waitingRequest.until < Date.now()) {
    return sendPage(response, refusalPage(site, 'it is no longer waiting'), 400)
  }
  if (action === 'cancel') return carry(provider, waitingRequest, refuse(site, waitingRequest), response)
  const citizen = site.citizens.find((one) => one.user === user && one.password === password)
  if (citizen === undefined) return sendPage(response, loginPage(site, String(ticket), String(user ?? '')), 401)
  carry(provider, waitingRequest, await identify(site, conversation, waitingRequest, citizen), response)
}

function carry({ site }: Provider, { acs, relayState }: WaitingRequest, message: string, response: Response) {
  const fields = { SAMLResponse: message, ...(relayState === undefined ? {} : { RelayState: relayState }) }
  sendPage(response, { title: 'Going back', site: site.name, body: carryingForm(acs, fields) })
}
