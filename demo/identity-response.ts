import { createHmac } from 'node:crypto'
import * as schemaValidator from '@authenio/samlify-xmllint-wasm'
import samlify from 'samlify'
import type { Citizen } from './citizens.ts'
import {
  type IdentityProviderSite,
  inDays,
  newId,
  providerIdOf,
  unsignedMetadata,
} from './identity-provider-metadata.ts'
import type { NationalScheme } from './national-schemes.ts'
import { escapeHtml } from './page.ts'
import { signRoot } from './party.ts'
import { PERSISTENT } from './portal-metadata.ts'

// The package is CommonJS and Node finds some of its names only on the default export.
const { Constants, IdentityProvider, SamlLib, ServiceProvider, setSchemaValidator } = samlify

setSchemaValidator(schemaValidator)

/** An AuthnRequest whose signature verified, waiting for the citizen. */
export interface WaitingRequest {
  readonly id: string
  /** Where the answer goes: named by the request, published by the metadata. */
  readonly acs: string
  readonly relayState: string | undefined
}

/** samlify's two sides of the conversation. */
export interface Conversation {
  readonly idp: ReturnType<typeof IdentityProvider>
  readonly sp: ReturnType<typeof ServiceProvider>
  /** Where answers may go. */
  readonly acs: readonly string[]
}

const MINUTES = 60_000

const SUCCESS =
  '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"' +
  ' ID="{ID}" Version="2.0" IssueInstant="{Now}" Destination="{Acs}" InResponseTo="{InResponseTo}">' +
  '<saml:Issuer>{Issuer}</saml:Issuer>' +
  '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>' +
  '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{AssertionID}" Version="2.0" IssueInstant="{Now}">' +
  '<saml:Issuer>{Issuer}</saml:Issuer><saml:Subject>' +
  `<saml:NameID Format="${PERSISTENT}" NameQualifier="{Issuer}" SPNameQualifier="{Audience}">{NameID}</saml:NameID>` +
  '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">' +
  '<saml:SubjectConfirmationData NotOnOrAfter="{Until}" Recipient="{Acs}" InResponseTo="{InResponseTo}"/>' +
  '</saml:SubjectConfirmation></saml:Subject>' +
  '<saml:Conditions NotBefore="{Now}" NotOnOrAfter="{Until}">' +
  '<saml:AudienceRestriction><saml:Audience>{Audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>' +
  '<saml:AuthnStatement AuthnInstant="{Now}" SessionIndex="{SessionIndex}"><saml:AuthnContext>' +
  '<saml:AuthnContextClassRef>{Level}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>' +
  '</saml:Assertion></samlp:Response>'

const FAILURE =
  '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"' +
  ' ID="{ID}" Version="2.0" IssueInstant="{Now}" Destination="{Acs}" InResponseTo="{InResponseTo}">' +
  '<saml:Issuer>{Issuer}</saml:Issuer><samlp:Status>' +
  '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder">' +
  '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"/></samlp:StatusCode>' +
  '<samlp:StatusMessage>The citizen cancelled the sign-in.</samlp:StatusMessage></samlp:Status></samlp:Response>'

/** Sets samlify up for this provider and the proxy service of this metadata. */
export function converse(site: IdentityProviderSite, proxyServiceMetadata: string): Conversation {
  // samlify knows these two settings, its types do not.
  const encryption = {
    dataEncryptionAlgorithm: 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
    keyEncryptionAlgorithm: Constants.algorithms.encryption.key.RSA_OAEP_MGF1P,
  }
  const idp = IdentityProvider({
    ...encryption,
    metadata: unsignedMetadata(site, inDays(30)),
    privateKey: site.keys.privateKey,
    requestSignatureAlgorithm: Constants.algorithms.signature.RSA_SHA256,
    isAssertionEncrypted: site.encrypts,
    loginResponseTemplate: { context: SUCCESS, attributes: [] },
  })
  const sp = ServiceProvider({ metadata: proxyServiceMetadata, wantMessageSigned: true })
  return { idp, sp, acs: locationsIn(sp.entityMeta.meta.assertionConsumerService) }
}

/** samlify gives one service as a record and several as a list. */
function locationsIn(services: unknown): readonly string[] {
  return [services].flat().map((service) => String(Reflect.get(Object(service), 'location')))
}

/** The base64 of a signed Response about this citizen; its assertion is signed too when the proxy service wants that. */
export async function identify(
  site: IdentityProviderSite,
  conversation: Conversation,
  request: WaitingRequest,
  citizen: Citizen,
) {
  const { idp, sp } = conversation
  const { context } = await idp.createLoginResponse(
    sp,
    { extract: { request: { id: request.id } } },
    'post',
    {},
    {
      // Otherwise samlify signs first and encrypts afterwards, which breaks the signature it just made.
      encryptThenSign: true,
      customTagReplacement: (template) => {
        const values = { ...commonValues(site, request), ...citizenValues(site, conversation, citizen) }
        const written = SamlLib.replaceTagsByValue(template, values)
        const statement = attributeStatement(site.scheme, citizen)
        return { id: values.ID, context: written.replace('</saml:Assertion>', () => `${statement}</saml:Assertion>`) }
      },
    },
  )
  return context
}

/** The base64 of a signed Response that says the citizen cancelled; samlify has no such answer of its own. */
export function refuse(site: IdentityProviderSite, request: WaitingRequest): string {
  const written = SamlLib.replaceTagsByValue(FAILURE, commonValues(site, request))
  return Buffer.from(signRoot(written, site.keys, 'Response', 'Issuer')).toString('base64')
}

function commonValues(site: IdentityProviderSite, { id, acs }: WaitingRequest) {
  return { ID: newId(), Now: new Date().toISOString(), Acs: acs, InResponseTo: id, Issuer: providerIdOf(site) }
}

function citizenValues(site: IdentityProviderSite, { sp }: Conversation, { user, level }: Citizen) {
  const audience = sp.entityMeta.getEntityID()
  return {
    AssertionID: newId(),
    Audience: audience,
    Until: new Date(Date.now() + 5 * MINUTES).toISOString(),
    // A pseudonym of the citizen for this one proxy service (SAML Core 8.3.7).
    NameID: createHmac('sha256', site.keys.privateKey).update(`${audience} ${user}`).digest('base64url'),
    SessionIndex: newId(),
    Level: site.scheme.levels[level],
  }
}

function attributeStatement(scheme: NationalScheme, citizen: Citizen): string {
  const names = new Map<string, string>(Object.entries({ ...scheme.attributeNames, ...scheme.companyNames }))
  const attributes = Object.entries(citizen.facts).map(([fact, values]) => {
    const written = values.map((value) => `<saml:AttributeValue>${escapeHtml(value)}</saml:AttributeValue>`)
    return (
      `<saml:Attribute Name="${escapeHtml(names.get(fact) ?? fact)}" NameFormat="${scheme.nameFormat}">` +
      `${written.join('')}</saml:Attribute>`
    )
  })
  return `<saml:AttributeStatement>${attributes.join('')}</saml:AttributeStatement>`
}
