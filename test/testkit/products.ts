import { createHash } from 'node:crypto'
import { digestAlgorithms, ENVELOPED_SIGNATURE, EXC_C14N, signatureAlgorithms } from '../../src/xmlsec/algorithms.ts'
import type { SigningKey } from '../../src/xmlsec/keys.ts'
import { canonical, NAMESPACES } from './eu-style.ts'
import { citizen } from './mint.ts'

/*
 * Messages and metadata in the form that products write: prefixes, order, white space, times, and what they add that the
 * node does not use. Nothing here is made by a writer of ours. The facts are those of the vendors' manuals and of public
 * samples; names and identifiers are invented.
 */

const P = 'urn:oasis:names:tc:SAML:2.0:protocol'
const A = 'urn:oasis:names:tc:SAML:2.0:assertion'
const DS = NAMESPACES.ds
const XS = NAMESPACES.xs
const XSI = NAMESPACES.xsi
const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success'
const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'
const CLASSES = 'urn:oasis:names:tc:SAML:2.0:ac:classes:'
const FORMATS = 'urn:oasis:names:tc:SAML:2.0:attrname-format:'

/** What an answer of an identity provider depends on. */
export interface Asked {
  /** ID of the node's request. */
  readonly requestId: string
  /** Who answers, where to, and for whom. */
  readonly issuer: string
  readonly destination: string
  readonly audience: string
  readonly now: number
  /** IDs of the Response and of its assertion. */
  readonly ids: readonly [response: string, assertion: string]
}

export interface Product {
  readonly name: string
  /** How it calls what the minimum data set has. */
  readonly names: Readonly<Record<keyof typeof citizen, string>>
  /** The class it says. */
  readonly classRef: string
  /** What its entry in `proxyService.schemes` needs beside names and class. */
  readonly scheme?: Readonly<Record<string, unknown>>
  /** Unsigned; signatures go before `signedBefore`, once or, where the assertion has its own, twice. */
  response(asked: Asked): string
  readonly signature: SignatureForm
  readonly signsAssertion?: true
  /** Its metadata has a signature of its own, which stands before this. */
  readonly signsMetadata?: string
}

interface SignatureForm {
  /** Prefix of the signature's elements; none where its namespace is the default. */
  readonly prefix: '' | 'ds' | 'dsig'
  /** PrefixList of the last transform. */
  readonly prefixes?: readonly string[]
  keyInfo(certificate: string): string
}

const x509 = (prefix: string, certificate: string, more = '') =>
  `<${prefix}X509Data>${more}<${prefix}X509Certificate>${certificate}</${prefix}X509Certificate></${prefix}X509Data>`

/** A time with this many digits behind the second. */
const time = (at: number, digits = 3) =>
  new Date(at).toISOString().replace(/\.(\d{3})Z$/, (_, ms) => (digits === 0 ? 'Z' : `.${ms.padEnd(digits, '0')}Z`))

const claim = (name: string) => `http://schemas.xmlsoap.org/ws/2005/05/identity/claims/${name}`

const adfs: Product = {
  name: 'ADFS',
  signsMetadata: '<RoleDescriptor',
  names: {
    PersonIdentifier: claim('privatepersonalidentifier'),
    CurrentFamilyName: claim('surname'),
    CurrentGivenName: claim('givenname'),
    DateOfBirth: claim('dateofbirth'),
  },
  classRef: `${CLASSES}PasswordProtectedTransport`,
  signsAssertion: true,
  signature: {
    prefix: 'ds',
    keyInfo: (certificate) => `<KeyInfo xmlns="${DS}">${x509('ds:', certificate)}</KeyInfo>`,
  },
  response: ({ requestId, issuer, destination, audience, now, ids: [response, assertion] }) =>
    [
      `<samlp:Response ID="${response}" Version="2.0" IssueInstant="${time(now)}" Destination="${destination}" Consent="urn:oasis:names:tc:SAML:2.0:consent:unspecified" InResponseTo="${requestId}" xmlns:samlp="${P}">`,
      `<Issuer xmlns="${A}">${issuer}</Issuer><samlp:Status><samlp:StatusCode Value="${SUCCESS}" /></samlp:Status>`,
      `<Assertion ID="${assertion}" IssueInstant="${time(now)}" Version="2.0" xmlns="${A}"><Issuer>${issuer}</Issuer>`,
      `<Subject><NameID Format="${PERSISTENT}">eid\\marigold</NameID><SubjectConfirmation Method="${BEARER}"><SubjectConfirmationData InResponseTo="${requestId}" NotOnOrAfter="${time(now + 300_000)}" Recipient="${destination}" /></SubjectConfirmation></Subject>`,
      `<Conditions NotBefore="${time(now)}" NotOnOrAfter="${time(now + 3_600_000)}"><AudienceRestriction><Audience>${audience}</Audience></AudienceRestriction></Conditions>`,
      '<AttributeStatement>',
      ...facts(
        adfs,
        (name, value) => `<Attribute Name="${name}"><AttributeValue>${value}</AttributeValue></Attribute>`,
      ),
      `<Attribute Name="${claim('role')}" a:OriginalIssuer="http://adfs.town.example/adfs/services/trust" xmlns:a="http://schemas.xmlsoap.org/ws/2009/09/identity/claims"><AttributeValue>Staff</AttributeValue><AttributeValue>Harbour</AttributeValue></Attribute>`,
      '</AttributeStatement>',
      `<AuthnStatement AuthnInstant="${time(now)}" SessionIndex="${assertion}"><AuthnContext><AuthnContextClassRef>${adfs.classRef}</AuthnContextClassRef></AuthnContext></AuthnStatement>`,
      '</Assertion></samlp:Response>',
    ].join(''),
}

const entra: Product = {
  name: 'Entra ID',
  signsMetadata: '<RoleDescriptor',
  names: {
    PersonIdentifier: claim('personidentifier'),
    CurrentFamilyName: claim('surname'),
    CurrentGivenName: claim('givenname'),
    DateOfBirth: claim('dateofbirth'),
  },
  classRef: `${CLASSES}Password`,
  // Its assertions count for seventy minutes.
  scheme: { conditionsSeconds: 4200 },
  signature: { prefix: '', keyInfo: (certificate) => `<KeyInfo>${x509('', certificate)}</KeyInfo>` },
  response: ({ requestId, issuer, destination, audience, now, ids: [response, assertion] }) =>
    [
      `<samlp:Response ID="${response}" Version="2.0" IssueInstant="${time(now)}" Destination="${destination}" InResponseTo="${requestId}" xmlns:samlp="${P}">`,
      `<Issuer xmlns="${A}">${issuer}</Issuer><samlp:Status><samlp:StatusCode Value="${SUCCESS}"/></samlp:Status>`,
      `<Assertion ID="${assertion}" IssueInstant="${time(now)}" Version="2.0" xmlns="${A}"><Issuer>${issuer}</Issuer>`,
      `<Subject><NameID Format="${PERSISTENT}">Uz2Pqz1X7pxe4XLWxV9KJQ+n59d573SepSAkuYKSde8=</NameID><SubjectConfirmation Method="${BEARER}"><SubjectConfirmationData InResponseTo="${requestId}" NotOnOrAfter="${time(now + 3_900_000)}" Recipient="${destination}"/></SubjectConfirmation></Subject>`,
      `<Conditions NotBefore="${time(now - 300_000)}" NotOnOrAfter="${time(now + 3_900_000)}"><AudienceRestriction><Audience>${audience}</Audience></AudienceRestriction></Conditions>`,
      '<AttributeStatement>',
      '<Attribute Name="http://schemas.microsoft.com/identity/claims/tenantid"><AttributeValue>1b2c0a6e-0000-4000-8000-2c963f66afa6</AttributeValue></Attribute>',
      '<Attribute Name="http://schemas.microsoft.com/claims/authnmethodsreferences"><AttributeValue>http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password</AttributeValue><AttributeValue>http://schemas.microsoft.com/claims/multipleauthn</AttributeValue></Attribute>',
      ...facts(
        entra,
        (name, value) => `<Attribute Name="${name}"><AttributeValue>${value}</AttributeValue></Attribute>`,
      ),
      '</AttributeStatement>',
      `<AuthnStatement AuthnInstant="${time(now)}" SessionIndex="${assertion}"><AuthnContext><AuthnContextClassRef>${entra.classRef}</AuthnContextClassRef></AuthnContext></AuthnStatement>`,
      '</Assertion></samlp:Response>',
    ].join(''),
}

/** What Okta, Google and the Shibboleth IdP have in common: they are made with OpenSAML. */
function openSaml(
  product: Product,
  asked: Asked,
  { issuerFormat = '', attribute = '', value = '', address = '' },
): string {
  const { requestId, issuer, destination, audience, now, ids } = asked
  const [response, assertion] = ids
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<saml2p:Response xmlns:saml2p="${P}" Destination="${destination}" ID="${response}" InResponseTo="${requestId}" IssueInstant="${time(now)}" Version="2.0" xmlns:xs="${XS}">`,
    `<saml2:Issuer xmlns:saml2="${A}"${issuerFormat}>${issuer}</saml2:Issuer>`,
    `<saml2p:Status xmlns:saml2p="${P}"><saml2p:StatusCode Value="${SUCCESS}"/></saml2p:Status>`,
    `<saml2:Assertion xmlns:saml2="${A}" ID="${assertion}" IssueInstant="${time(now)}" Version="2.0" xmlns:xs="${XS}">`,
    `<saml2:Issuer${issuerFormat}>${issuer}</saml2:Issuer>`,
    `<saml2:Subject><saml2:NameID Format="${PERSISTENT}" NameQualifier="${issuer}" SPNameQualifier="${audience}">00u1q2w3e4r5t6y7u8</saml2:NameID><saml2:SubjectConfirmation Method="${BEARER}"><saml2:SubjectConfirmationData${address} InResponseTo="${requestId}" NotOnOrAfter="${time(now + 300_000)}" Recipient="${destination}"/></saml2:SubjectConfirmation></saml2:Subject>`,
    `<saml2:Conditions NotBefore="${time(now - 300_000)}" NotOnOrAfter="${time(now + 300_000)}"><saml2:AudienceRestriction><saml2:Audience>${audience}</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions>`,
    `<saml2:AuthnStatement AuthnInstant="${time(now)}" SessionIndex="${assertion}">`,
    address === '' ? '' : `<saml2:SubjectLocality${address}/>`,
    `<saml2:AuthnContext><saml2:AuthnContextClassRef>${product.classRef}</saml2:AuthnContextClassRef></saml2:AuthnContext></saml2:AuthnStatement>`,
    '<saml2:AttributeStatement>',
    ...facts(
      product,
      (name, text) =>
        `<saml2:Attribute Name="${name}"${attribute}><saml2:AttributeValue${value}>${text}</saml2:AttributeValue></saml2:Attribute>`,
    ),
    '</saml2:AttributeStatement></saml2:Assertion></saml2p:Response>',
  ].join('')
}

const typed = (type: string) => ` xmlns:xs="${XS}" xmlns:xsi="${XSI}" xsi:type="xs:${type}"`

const okta: Product = {
  name: 'Okta',
  names: {
    PersonIdentifier: 'personIdentifier',
    CurrentFamilyName: 'lastName',
    CurrentGivenName: 'firstName',
    DateOfBirth: 'birthDate',
  },
  classRef: `${CLASSES}PasswordProtectedTransport`,
  signsAssertion: true,
  signature: {
    prefix: 'ds',
    prefixes: ['xs'],
    keyInfo: (certificate) => `<ds:KeyInfo>${x509('ds:', certificate)}</ds:KeyInfo>`,
  },
  response: (asked) =>
    openSaml(okta, asked, {
      issuerFormat: ' Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity"',
      attribute: ` NameFormat="${FORMATS}unspecified"`,
      value: typed('string'),
    }),
}

const google: Product = {
  name: 'Google Workspace',
  names: {
    PersonIdentifier: 'personIdentifier',
    CurrentFamilyName: 'familyName',
    CurrentGivenName: 'givenName',
    DateOfBirth: 'dateOfBirth',
  },
  classRef: `${CLASSES}unspecified`,
  signature: {
    prefix: 'ds',
    keyInfo: (certificate) =>
      `<ds:KeyInfo>${x509('ds:', certificate, '<ds:X509SubjectName>ST=California,C=US,OU=Google For Work,CN=Google,L=Mountain View,O=Google Inc.</ds:X509SubjectName>')}</ds:KeyInfo>`,
  },
  response: (asked) => openSaml(google, asked, { value: typed('anyType') }),
}

const shibboleth: Product = {
  name: 'the Shibboleth IdP',
  names: {
    PersonIdentifier: 'urn:oid:2.5.4.5',
    CurrentFamilyName: 'urn:oid:2.5.4.4',
    CurrentGivenName: 'urn:oid:2.5.4.42',
    DateOfBirth: 'urn:oid:1.3.6.1.5.5.7.9.1',
  },
  classRef: 'https://refeds.org/profile/mfa',
  signature: {
    prefix: 'ds',
    keyInfo: (certificate) => `<ds:KeyInfo>${x509('ds:', certificate.replace(/(.{64})/g, '$1\n'))}</ds:KeyInfo>`,
  },
  response: (asked) =>
    openSaml(shibboleth, asked, { attribute: ` NameFormat="${FORMATS}uri"`, address: ' Address="192.0.2.17"' }),
}

const ping: Product = {
  name: 'PingFederate',
  names: {
    PersonIdentifier: 'personIdentifier',
    CurrentFamilyName: 'sn',
    CurrentGivenName: 'givenName',
    DateOfBirth: 'birthdate',
  },
  classRef: `${CLASSES}unspecified`,
  signature: {
    prefix: 'ds',
    keyInfo: (certificate) => `<ds:KeyInfo>${x509('ds:', certificate)}</ds:KeyInfo>`,
  },
  response: ({ requestId, issuer, destination, audience, now, ids: [response, assertion] }) =>
    [
      `<samlp:Response Version="2.0" ID="${response}" IssueInstant="${time(now)}" InResponseTo="${requestId}" Destination="${destination}" xmlns:samlp="${P}">`,
      `<saml:Issuer xmlns:saml="${A}">${issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="${SUCCESS}"/></samlp:Status>`,
      `<saml:Assertion ID="${assertion}" IssueInstant="${time(now)}" Version="2.0" xmlns:saml="${A}"><saml:Issuer>${issuer}</saml:Issuer>`,
      `<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified">marigold</saml:NameID><saml:SubjectConfirmation Method="${BEARER}"><saml:SubjectConfirmationData Recipient="${destination}" NotOnOrAfter="${time(now + 300_000)}" InResponseTo="${requestId}"/></saml:SubjectConfirmation></saml:Subject>`,
      `<saml:Conditions NotBefore="${time(now - 300_000)}" NotOnOrAfter="${time(now + 300_000)}"><saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
      `<saml:AuthnStatement SessionIndex="${assertion}" AuthnInstant="${time(now)}"><saml:AuthnContext><saml:AuthnContextClassRef>${ping.classRef}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`,
      '<saml:AttributeStatement>',
      ...facts(
        ping,
        (name, value) =>
          `<saml:Attribute Name="${name}" NameFormat="${FORMATS}basic"><saml:AttributeValue xsi:type="xs:string" xmlns:xs="${XS}" xmlns:xsi="${XSI}">${value}</saml:AttributeValue></saml:Attribute>`,
      ),
      '</saml:AttributeStatement></saml:Assertion></samlp:Response>',
    ].join(''),
}

const keycloak: Product = {
  name: 'Keycloak',
  names: {
    PersonIdentifier: 'nationalId',
    CurrentFamilyName: 'surname',
    CurrentGivenName: 'givenName',
    DateOfBirth: 'birthDate',
  },
  classRef: `${CLASSES}unspecified`,
  signature: {
    prefix: 'dsig',
    keyInfo: (certificate) =>
      `<dsig:KeyInfo><dsig:KeyName>FJ86GcF3jTbNLOco4NvZkUCIUmfYCqoqtOQeMfbhNlE</dsig:KeyName>${x509('dsig:', certificate)}</dsig:KeyInfo>`,
  },
  response: ({ requestId, issuer, destination, audience, now, ids: [response, assertion] }) =>
    [
      `<samlp:Response xmlns:samlp="${P}" xmlns:saml="${A}" Destination="${destination}" ID="${response}" InResponseTo="${requestId}" IssueInstant="${time(now)}" Version="2.0">`,
      `<saml:Issuer>${issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="${SUCCESS}"/></samlp:Status>`,
      `<saml:Assertion xmlns="${A}" ID="${assertion}" IssueInstant="${time(now)}" Version="2.0"><saml:Issuer>${issuer}</saml:Issuer>`,
      `<saml:Subject><saml:NameID Format="${PERSISTENT}">G-5f2d0a66-8a0e-4c0e-9a1d-2f6f0c0b6a11</saml:NameID><saml:SubjectConfirmation Method="${BEARER}"><saml:SubjectConfirmationData InResponseTo="${requestId}" NotOnOrAfter="${time(now + 58_000)}" Recipient="${destination}"/></saml:SubjectConfirmation></saml:Subject>`,
      `<saml:Conditions NotBefore="${time(now - 2000)}" NotOnOrAfter="${time(now + 58_000)}"><saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
      `<saml:AuthnStatement AuthnInstant="${time(now)}" SessionIndex="0f2c::7b" SessionNotOnOrAfter="${time(now + 36_000_000)}"><saml:AuthnContext><saml:AuthnContextClassRef>${keycloak.classRef}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`,
      '<saml:AttributeStatement>',
      ...facts(keycloak, (name, value) => stringAttribute(name, value)),
      stringAttribute('Role', 'manage-account'),
      '</saml:AttributeStatement></saml:Assertion></samlp:Response>',
    ].join(''),
}

const stringAttribute = (name: string, value: string) =>
  `<saml:Attribute Name="${name}" NameFormat="${FORMATS}basic"><saml:AttributeValue xmlns:xs="${XS}" xmlns:xsi="${XSI}" xsi:type="xs:string">${value}</saml:AttributeValue></saml:Attribute>`

/** The citizen of the tests, an attribute each. */
function facts({ names }: Product, write: (name: string, value: string) => string): readonly string[] {
  return [
    write(names.PersonIdentifier, citizen.PersonIdentifier),
    write(names.CurrentFamilyName, citizen.CurrentFamilyName),
    write(names.CurrentGivenName, citizen.CurrentGivenName),
    write(names.DateOfBirth, citizen.DateOfBirth),
  ]
}

export const products = [adfs, entra, okta, google, ping, shibboleth, keycloak] as const

/** The product's answer with its signature, or both of them. */
export async function answerOf(product: Product, asked: Asked, key: SigningKey): Promise<string> {
  const [response, assertion] = asked.ids
  const message = product.response(asked)
  const inner = product.signsAssertion ? await signed(message, assertion, product.signature, key) : message
  return signed(inner, response, product.signature, key)
}

/** The message with an enveloped signature of the element of this ID, behind its Issuer. */
async function signed(message: string, id: string, form: SignatureForm, key: SigningKey): Promise<string> {
  const { start, element } = elementOf(message, id)
  const p = form.prefix === '' ? '' : `${form.prefix}:`
  const { digestUri } = signatureAlgorithms[key.algorithm]
  const digest = createHash(digestAlgorithms[digestUri].node)
    .update(canonical(element, form.prefixes ?? []))
    .digest('base64')
  const list =
    form.prefixes === undefined
      ? ''
      : `<ec:InclusiveNamespaces xmlns:ec="${EXC_C14N}" PrefixList="${form.prefixes.join(' ')}"/>`
  const info = `<${p}SignedInfo><${p}CanonicalizationMethod Algorithm="${EXC_C14N}"/><${p}SignatureMethod Algorithm="${key.algorithm}"/><${p}Reference URI="#${id}"><${p}Transforms><${p}Transform Algorithm="${ENVELOPED_SIGNATURE}"/><${p}Transform Algorithm="${EXC_C14N}">${list}</${p}Transform></${p}Transforms><${p}DigestMethod Algorithm="${digestUri}"/><${p}DigestValue>${digest}</${p}DigestValue></${p}Reference></${p}SignedInfo>`
  const declaration = form.prefix === '' ? `xmlns="${DS}"` : `xmlns:${form.prefix}="${DS}"`
  const value = await key.sign(canonical(info.replace(`<${p}SignedInfo>`, `<${p}SignedInfo ${declaration}>`)))
  const rest = `<${p}SignatureValue>${Buffer.from(value).toString('base64')}</${p}SignatureValue>${form.keyInfo(key.certificates[0] ?? '')}`
  const signature = `<${p}Signature ${declaration}>${info}${rest}</${p}Signature>`
  const [issuer = ''] = /<(?:\w+:)?Issuer\b[^>]*>[^<]*<\/(?:\w+:)?Issuer>/.exec(element) ?? []
  return message.slice(0, start) + message.slice(start).replace(issuer, (end) => end + signature)
}

/** The element of this ID as it stands in its message: all of them declare what they need. */
function elementOf(message: string, id: string): { readonly start: number; readonly element: string } {
  const start = message.lastIndexOf('<', message.indexOf(` ID="${id}"`))
  const [, name = ''] = /^<([\w:]+)/.exec(message.slice(start)) ?? []
  const end = `</${name}>`
  const element = message.slice(start, message.indexOf(end, start) + end.length)
  const outer = /xmlns:saml="[^"]*"/.exec(message)?.[0]
  const needs = name.startsWith('saml:') && outer !== undefined && !element.includes(outer)
  return { start, element: needs ? element.replace(`<${name}`, `<${name} ${outer}`) : element }
}

/** The identity provider's metadata, as each product writes it, before a signature of its own. */
export function metadataOf(product: Product, { id, entityId, endpoint, certificate }: Described): string {
  const microsoft = product === adfs || product === entra
  const prefix = microsoft ? '' : 'md:'
  const key = `<${prefix}KeyDescriptor use="signing"><KeyInfo xmlns="${DS}"><X509Data><X509Certificate>${certificate}</X509Certificate></X509Data></KeyInfo></${prefix}KeyDescriptor>`
  const sso = ['HTTP-Redirect', 'HTTP-POST'].map(
    (binding) =>
      `<${prefix}SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:${binding}" Location="${endpoint}"/>`,
  )
  const formats = [PERSISTENT, 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified'].map(
    (format) => `<${prefix}NameIDFormat>${format}</${prefix}NameIDFormat>`,
  )
  return [
    `<${prefix}EntityDescriptor ID="${id}" entityID="${entityId}" xmlns${microsoft ? '' : ':md'}="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="${DS}">`,
    microsoft ? federationRole(endpoint, key) : '',
    `<${prefix}IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="${P}">`,
    key,
    ...formats,
    ...sso,
    microsoft ? `<Attribute Name="${claim('upn')}" NameFormat="${FORMATS}uri" FriendlyName="UPN" xmlns="${A}"/>` : '',
    `</${prefix}IDPSSODescriptor>`,
    `</${prefix}EntityDescriptor>`,
  ].join('')
}

interface Described {
  readonly id: string
  readonly entityId: string
  readonly endpoint: string
  readonly certificate: string
}

/** The role of WS-Federation that ADFS and Entra ID describe beside that of SAML. */
function federationRole(endpoint: string, key: string): string {
  const claimType = `<auth:ClaimType Uri="${claim('surname')}" Optional="true" xmlns:auth="http://docs.oasis-open.org/wsfed/authorization/200706"><auth:DisplayName>Surname</auth:DisplayName></auth:ClaimType>`
  const reference = `<EndpointReference xmlns="http://www.w3.org/2005/08/addressing"><Address>${endpoint}</Address><Metadata><Metadata xmlns="http://schemas.xmlsoap.org/ws/2004/09/mex" xmlns:wsx="http://schemas.xmlsoap.org/ws/2004/09/mex"><wsx:MetadataSection Dialect="http://schemas.xmlsoap.org/ws/2004/09/mex" xmlns=""><wsx:MetadataReference><Address xmlns="http://www.w3.org/2005/08/addressing">${endpoint}/mex</Address></wsx:MetadataReference></wsx:MetadataSection></Metadata></Metadata></EndpointReference>`
  return `<RoleDescriptor xsi:type="fed:SecurityTokenServiceType" protocolSupportEnumeration="http://docs.oasis-open.org/wsfed/federation/200706" ServiceDisplayName="Town of Example" xmlns:xsi="${XSI}" xmlns:fed="http://docs.oasis-open.org/wsfed/federation/200706">${key}<fed:ClaimTypesOffered>${claimType}</fed:ClaimTypesOffered><fed:SecurityTokenServiceEndpoint>${reference}</fed:SecurityTokenServiceEndpoint></RoleDescriptor>`
}
