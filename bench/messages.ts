/**
 * The two messages that everything here is measured on, before signature and encryption: an eIDAS AuthnRequest for the
 * minimum data set of a natural person, and the Response to it. `{Tags}` are samlify's way of leaving blanks.
 */

export const connector = {
  entityId: 'https://connector.example/metadata',
  acs: 'https://connector.example/eidas/response',
} as const

export const proxyService = {
  entityId: 'https://proxy-service.example/metadata',
  sso: 'https://proxy-service.example/eidas/request',
} as const

export const requestId = '_9b1cf8a4a0d34b7d8f0a7f2c2f6f1d3e'

const NATURAL = 'http://eidas.europa.eu/attributes/naturalperson'
const NAMES = `xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion"`
const ENTITY = 'urn:oasis:names:tc:SAML:2.0:nameid-format:entity'
const URI = 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri'

interface SampleAttribute {
  readonly local: string
  readonly friendlyName: string
  readonly value: string
}

export const attributes: readonly SampleAttribute[] = [
  { local: 'PersonIdentifier', friendlyName: 'PersonIdentifier', value: 'DE/FR/6b1cf8a4a0d34b7d8f0a7f2c2f6f1d3e' },
  { local: 'CurrentFamilyName', friendlyName: 'FamilyName', value: 'Weißmüller' },
  { local: 'CurrentGivenName', friendlyName: 'FirstName', value: 'Annegret' },
  { local: 'DateOfBirth', friendlyName: 'DateOfBirth', value: '1965-01-31' },
]

export function attributeName(local: string): string {
  return `${NATURAL}/${local}`
}

const requested = attributes
  .map(
    ({ local, friendlyName }) =>
      `<eidas:RequestedAttribute FriendlyName="${friendlyName}" Name="${attributeName(local)}" NameFormat="${URI}" isRequired="true"></eidas:RequestedAttribute>`,
  )
  .join('')

export const requestTemplate = [
  `<saml2p:AuthnRequest ${NAMES} xmlns:eidas="http://eidas.europa.eu/saml-extensions"`,
  ` Consent="urn:oasis:names:tc:SAML:2.0:consent:unspecified" Destination="${proxyService.sso}" ForceAuthn="true"`,
  ` ID="${requestId}" IsPassive="false" IssueInstant="{IssueInstant}" ProviderName="A service" Version="2.0">`,
  `<saml2:Issuer Format="${ENTITY}">${connector.entityId}</saml2:Issuer>`,
  `<saml2p:Extensions><eidas:SPType>public</eidas:SPType>`,
  `<eidas:RequestedAttributes>${requested}</eidas:RequestedAttributes></saml2p:Extensions>`,
  `<saml2p:NameIDPolicy AllowCreate="true" Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"></saml2p:NameIDPolicy>`,
  `<saml2p:RequestedAuthnContext Comparison="minimum"><saml2:AuthnContextClassRef>http://eidas.europa.eu/LoA/substantial</saml2:AuthnContextClassRef></saml2p:RequestedAuthnContext>`,
  `<saml2p:Scoping><saml2p:RequesterID>https://service.example</saml2p:RequesterID></saml2p:Scoping>`,
  `</saml2p:AuthnRequest>`,
].join('')

const released = attributes
  .map(({ local, friendlyName }) =>
    [
      `<saml2:Attribute FriendlyName="${friendlyName}" Name="${attributeName(local)}" NameFormat="${URI}">`,
      `<saml2:AttributeValue xmlns:eidas-natural="${NATURAL}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="eidas-natural:${local}Type">{${local}}</saml2:AttributeValue>`,
      `</saml2:Attribute>`,
    ].join(''),
  )
  .join('')

export const responseTemplate = [
  `<saml2p:Response ${NAMES} Consent="urn:oasis:names:tc:SAML:2.0:consent:unspecified" Destination="${connector.acs}"`,
  ` ID="{ID}" InResponseTo="${requestId}" IssueInstant="{IssueInstant}" Version="2.0">`,
  `<saml2:Issuer Format="${ENTITY}">${proxyService.entityId}</saml2:Issuer>`,
  `<saml2p:Status><saml2p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></saml2p:StatusCode></saml2p:Status>`,
  `<saml2:Assertion xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" ID="{AssertionID}" IssueInstant="{IssueInstant}" Version="2.0">`,
  `<saml2:Issuer Format="${ENTITY}">${proxyService.entityId}</saml2:Issuer>`,
  `<saml2:Subject><saml2:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{PersonIdentifier}</saml2:NameID>`,
  `<saml2:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">`,
  `<saml2:SubjectConfirmationData InResponseTo="${requestId}" NotOnOrAfter="{NotOnOrAfter}" Recipient="${connector.acs}"></saml2:SubjectConfirmationData>`,
  `</saml2:SubjectConfirmation></saml2:Subject>`,
  `<saml2:Conditions NotBefore="{IssueInstant}" NotOnOrAfter="{NotOnOrAfter}"><saml2:AudienceRestriction><saml2:Audience>${connector.entityId}</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions>`,
  `<saml2:AuthnStatement AuthnInstant="{IssueInstant}"><saml2:AuthnContext><saml2:AuthnContextClassRef>http://eidas.europa.eu/LoA/substantial</saml2:AuthnContextClassRef></saml2:AuthnContext></saml2:AuthnStatement>`,
  `<saml2:AttributeStatement>${released}</saml2:AttributeStatement>`,
  `</saml2:Assertion></saml2p:Response>`,
].join('')

/** Octets of the two canonical forms, for the raw operations: what is digested, and what is encrypted. */
export const sizes = {
  request: requestTemplate.length,
  signedInfo: 800,
  assertion: responseTemplate.indexOf('</saml2:Assertion>') - responseTemplate.indexOf('<saml2:Assertion '),
  /** The Response around a ciphertext in base64 with its EncryptedKey and the recipient's certificate. */
  response: 6000,
} as const
