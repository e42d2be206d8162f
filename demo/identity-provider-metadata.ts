import { randomBytes } from 'node:crypto'
import type { Citizen } from './citizens.ts'
import type { NationalScheme } from './national-schemes.ts'
import { escapeHtml } from './page.ts'
import { certificateBody, type PartyKeys, signRoot } from './party.ts'
import { PERSISTENT } from './portal-metadata.ts'

/** A country's identity provider, before it knows its proxy service. */
export interface IdentityProviderSite {
  readonly scheme: NationalScheme
  readonly name: string
  /** Origin, and the path of its door where that is not the only one; without a slash at the end. */
  readonly url: string
  readonly keys: PartyKeys
  readonly citizens: readonly Citizen[]
  /** Whether it encrypts its assertions for the proxy service. */
  readonly encrypts: boolean
}

export const providerIdOf = ({ url }: Pick<IdentityProviderSite, 'url'>): string => `${url}/metadata`
export const signOnOf = ({ url }: Pick<IdentityProviderSite, 'url'>): string => `${url}/sso`

/** What its own paths begin with; '' where it has a server to itself. */
export const pathOf = ({ url }: Pick<IdentityProviderSite, 'url'>): string => new URL(url).pathname.replace(/\/$/, '')

const BINDINGS = 'urn:oasis:names:tc:SAML:2.0:bindings:'

/** The provider's metadata without a signature, as samlify reads it for itself. */
export function unsignedMetadata(site: IdentityProviderSite, validUntil: Date): string {
  const services = ['HTTP-Redirect', 'HTTP-POST'].map(
    (binding) => `<SingleSignOnService Binding="${BINDINGS}${binding}" Location="${signOnOf(site)}"/>`,
  )
  return (
    `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" ID="${newId()}"` +
    ` validUntil="${validUntil.toISOString()}" entityID="${providerIdOf(site)}">` +
    `<IDPSSODescriptor WantAuthnRequestsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">` +
    `<KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>` +
    `<ds:X509Certificate>${certificateBody(site.keys.certificate)}</ds:X509Certificate>` +
    `</ds:X509Data></ds:KeyInfo></KeyDescriptor><NameIDFormat>${PERSISTENT}</NameIDFormat>${services.join('')}` +
    `</IDPSSODescriptor><Organization>${organization(site.name, site.url)}</Organization></EntityDescriptor>`
  )
}

/** The provider's metadata, signed with its own key. */
export function identityProviderMetadata(site: IdentityProviderSite, validUntil: Date = inDays(30)): string {
  return signRoot(unsignedMetadata(site, validUntil), site.keys, 'EntityDescriptor')
}

function organization(name: string, url: string): string {
  const escaped = escapeHtml(name)
  return (
    `<OrganizationName xml:lang="en">${escaped}</OrganizationName>` +
    `<OrganizationDisplayName xml:lang="en">${escaped}</OrganizationDisplayName>` +
    `<OrganizationURL xml:lang="en">${url}</OrganizationURL>`
  )
}

/** A fresh xs:ID with 160 random bits. */
export function newId(): string {
  return `_${randomBytes(20).toString('hex')}`
}

export function inDays(days: number): Date {
  return new Date(Date.now() + days * 86_400_000)
}
