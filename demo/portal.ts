import {
  type Profile,
  type SamlOptions,
  SamlStatusError,
  Strategy,
  ValidateInResponseTo,
  type VerifiedCallback,
} from '@node-saml/passport-saml'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { Passport } from 'passport'
import { type ConnectorFacts, readConnectorMetadata } from './connector-metadata.ts'
import { carryingForm, sendPage, sendStylesheet, strictHeaders } from './page.ts'
import { certificateBody } from './party.ts'
import { acsOf, COMPANY_SERVICE, entityIdOf, PERSISTENT, type PortalSite, portalMetadata } from './portal-metadata.ts'
import { refusedPage, rejectedPage, type SignedIn, signedInPage, startPage } from './portal-pages.ts'
import { memorySessions, type Sessions } from './session.ts'

/**
 * A portal: an ordinary Express application on passport and @node-saml/passport-saml, integrated with its country's
 * connector by nothing but SAML metadata. It is what a service provider of a member state would be.
 */

const LOA = 'http://eidas.europa.eu/LoA/'

interface Portal {
  readonly site: PortalSite
  /** Asks for a citizen, and takes all answers. */
  readonly strategy: Strategy
  /** Asks for a company. */
  readonly companyStrategy: Strategy
  /** Asks for a citizen, and is content with an eID of any level. */
  readonly visitorStrategy: Strategy
  readonly authenticator: InstanceType<typeof Passport>
  readonly sessions: Sessions<SignedIn>
}

/** The portal as a listener for HTTP requests. */
export function portalApp(site: PortalSite, connectorMetadata: string): Express {
  const connector = readConnectorMetadata(connectorMetadata, site.binding)
  const strategy = portalStrategy(site, connector, {})
  // Requests of either kind are remembered in one place, for their answers come to one place.
  const cacheProvider = samlOf(strategy).cacheProvider
  const companyStrategy = portalStrategy(site, connector, {
    cacheProvider,
    attributeConsumingServiceIndex: COMPANY_SERVICE,
  })
  const visitorStrategy = portalStrategy(site, connector, { cacheProvider, authnContext: [`${LOA}low`] })
  const authenticator = new Passport()
  // The strategy's types are written against Express 4; at run time it is an ordinary strategy.
  Reflect.apply(authenticator.use, authenticator, ['saml', strategy])
  Reflect.apply(authenticator.use, authenticator, ['saml-company', companyStrategy])
  Reflect.apply(authenticator.use, authenticator, ['saml-visitor', visitorStrategy])
  const portal: Portal = {
    site,
    strategy,
    companyStrategy,
    visitorStrategy,
    authenticator,
    sessions: memorySessions(`portal-${site.country.toLowerCase()}`),
  }
  return portalRoutes(portal, connector)
}

type Variation = Partial<Pick<SamlOptions, 'cacheProvider' | 'attributeConsumingServiceIndex' | 'authnContext'>>

function portalStrategy(site: PortalSite, connector: ConnectorFacts, variation: Variation): Strategy {
  return new Strategy(
    {
      issuer: entityIdOf(site),
      callbackUrl: acsOf(site),
      audience: entityIdOf(site),
      entryPoint: connector.singleSignOn,
      idpCert: [...connector.certificates],
      idpIssuer: connector.entityId,
      privateKey: site.keys.privateKey,
      publicCert: certificateBody(site.keys.certificate),
      decryptionPvk: site.decryption.privateKey,
      signatureAlgorithm: 'sha256',
      digestAlgorithm: 'sha256',
      authnRequestBinding: site.binding === 'post' ? 'HTTP-POST' : 'HTTP-Redirect',
      // The library deflates a POSTed request too, unless told not to (SAML Bindings 3.5.4: plain base64).
      skipRequestCompression: site.binding === 'post',
      identifierFormat: PERSISTENT,
      forceAuthn: true,
      disableRequestedAuthnContext: false,
      authnContext: [`${LOA}substantial`],
      racComparison: 'minimum',
      providerName: site.name,
      wantAuthnResponseSigned: true,
      // The assertion is covered by the signature of the Response around it.
      wantAssertionsSigned: false,
      validateInResponseTo: ValidateInResponseTo.always,
      requestIdExpirationPeriodMs: 15 * 60_000,
      acceptedClockSkewMs: 30_000,
      ...variation,
    },
    (profile: Profile | null, done: VerifiedCallback) => done(null, { ...signedIn(profile) }),
    (_profile: Profile | null, done: VerifiedCallback) => done(null),
  )
}

function portalRoutes(portal: Portal, connector: ConnectorFacts): Express {
  const { site, sessions } = portal
  const app = express()
  app.disable('x-powered-by')
  app.use(strictHeaders([new URL(connector.singleSignOn).origin]))
  app.get('/style.css', sendStylesheet)
  app.get('/metadata', (_request, response) => {
    response.type('application/samlmetadata+xml').send(portalMetadata(site))
  })
  app.get('/', (request, response) => {
    const citizen = sessions.find(request)
    sendPage(response, citizen === undefined ? startPage(site) : signedInPage(site, citizen))
  })
  app.get('/login', site.binding === 'post' ? sendRequestForm(portal) : sendRedirect(portal))
  app.get('/logout', (request, response) => {
    sessions.end(request, response)
    response.redirect(303, '/')
  })
  app.post('/saml/acs', express.urlencoded({ extended: false, limit: '256kb' }), (request, response, next) => {
    receiveAnswer(portal, request, response, next)
  })
  return app
}

/** `/login` asks for a citizen, `/login?as=company` for a company, `/login?as=visitor` for one with any eID. */
function wayIn({ query }: Request): 'saml' | 'saml-company' | 'saml-visitor' {
  if (query['as'] === 'company') return 'saml-company'
  return query['as'] === 'visitor' ? 'saml-visitor' : 'saml'
}

function sendRedirect({ authenticator }: Portal) {
  return (request: Request, response: Response, next: NextFunction) =>
    authenticator.authenticate(wayIn(request), { session: false })(request, response, next)
}

function samlOf({ _saml }: Strategy) {
  if (_saml === undefined) throw new TypeError('a strategy has its SAML from the start')
  return _saml
}

/** The library's own form page runs inline handlers, which the portal's policy forbids; the message is the library's. */
function sendRequestForm({ site, strategy, companyStrategy, visitorStrategy }: Portal) {
  const ways = { saml: strategy, 'saml-company': companyStrategy, 'saml-visitor': visitorStrategy }
  return async (request: Request, response: Response): Promise<void> => {
    const saml = samlOf(ways[wayIn(request)])
    const fields = await saml.getAuthorizeMessageAsync('', undefined, {})
    const body = carryingForm(saml.options.entryPoint ?? '', textFields(fields))
    sendPage(response, { title: 'Going to your country', site: site.name, body })
  }
}

function textFields(fields: object): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]))
}

function receiveAnswer(
  { site, authenticator, sessions }: Portal,
  request: Request,
  response: Response,
  next: NextFunction,
) {
  authenticator.authenticate('saml', { session: false }, (error: unknown, user: unknown) => {
    if (error instanceof SamlStatusError) {
      const { status, message } = readStatus(error.xmlStatus)
      return sendPage(response, refusedPage(site, status, message), 403)
    }
    if (error) return sendPage(response, rejectedPage(site, error instanceof Error ? error.message : 'unknown'), 400)
    if (!isSignedIn(user)) return sendPage(response, rejectedPage(site, 'it names no citizen'), 400)
    sessions.begin(request, response, user)
    response.redirect(303, '/')
  })(request, response, next)
}

/** The status codes and the message in the library's rendering of samlp:Status. */
function readStatus(xmlStatus: string): { readonly status: readonly string[]; readonly message: string | undefined } {
  const codes = [...xmlStatus.matchAll(/Value="urn:oasis:names:tc:SAML:2\.0:status:(\w+)"/g)].map(
    ([, code]) => code ?? '',
  )
  return { status: codes, message: /<StatusMessage[^>]*>([^<]+)</.exec(xmlStatus)?.[1] }
}

function isSignedIn(user: unknown): user is SignedIn {
  return typeof user === 'object' && user !== null && 'loa' in user && 'attributes' in user
}

function signedIn(profile: Profile | null): SignedIn {
  if (profile === null) throw new TypeError('an assertion has a subject')
  const { attributes } = profile
  return {
    nameId: profile.nameID,
    loa: loaIn(profile.getAssertion?.()),
    attributes: Object.entries(typeof attributes === 'object' ? { ...attributes } : {}).map(([name, value]) => [
      name,
      [value].flat().map(textOf),
    ]),
  }
}

/** A value as text; of structured XML, the text in it. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return ''
  return Object.entries(value)
    .filter(([name]) => name !== '$')
    .flatMap(([, inner]) => [inner].flat().map(textOf))
    .join(' ')
    .trim()
}

/** Assertion / AuthnStatement / AuthnContext / AuthnContextClassRef in the library's parsed form. */
function loaIn(assertion: unknown): string {
  const path = ['Assertion', 'AuthnStatement', 'AuthnContext', 'AuthnContextClassRef', '_']
  const found = path.reduce<unknown>((node, name) => {
    const first = Array.isArray(node) ? node[0] : node
    return typeof first === 'object' && first !== null ? Reflect.get(first, name) : undefined
  }, assertion)
  return typeof found === 'string' ? found : ''
}
