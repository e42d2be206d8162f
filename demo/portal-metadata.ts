import { generateServiceProviderMetadata } from '@node-saml/passport-saml'
import { escapeHtml } from './page.ts'
import { certificateBody, type PartyKeys, signRoot } from './party.ts'

/** A public service of a country, before it knows its connector. */
export interface PortalSite {
  readonly country: string
  /** Name of the service, as citizens read it. */
  readonly name: string
  /** Origin, without a slash at the end. */
  readonly url: string
  /** How it sends its AuthnRequest. */
  readonly binding: 'redirect' | 'post'
  /** Signs its requests and its metadata. */
  readonly keys: PartyKeys
  readonly decryption: PartyKeys
  /** eIDAS Name URIs it asks for. */
  readonly attributes: readonly RequestedAttribute[]
  /** The same for a company, where it has something for companies. */
  readonly companyAttributes?: readonly RequestedAttribute[]
}

interface RequestedAttribute {
  readonly name: string
  readonly required: boolean
}

/** Index of the AttributeConsumingService for companies; that for citizens is 1 and the default. */
export const COMPANY_SERVICE = '2'

export const entityIdOf = ({ url }: Pick<PortalSite, 'url'>): string => `${url}/metadata`
export const acsOf = ({ url }: Pick<PortalSite, 'url'>): string => `${url}/saml/acs`

export const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'

const CBC_METHODS = /\s*<EncryptionMethod Algorithm="[^"]*-cbc"\/>/g
const LAST_GCM_METHOD = '<EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes128-gcm"/>'
const KEY_TRANSPORT = '<EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"/>'

/**
 * The portal's metadata, signed with its own key. The library writes it; what it leaves out is added: the one key
 * transport it can decrypt, the attributes the service asks for, and a validity. Its CBC ciphers are taken out.
 */
export function portalMetadata(site: PortalSite, validUntil: Date = inDays(30)): string {
  const written = generateServiceProviderMetadata({
    issuer: entityIdOf(site),
    callbackUrl: acsOf(site),
    identifierFormat: PERSISTENT,
    wantAssertionsSigned: false,
    metadataOrganization: organization(site),
    privateKey: site.keys.privateKey,
    publicCerts: certificateBody(site.keys.certificate),
    decryptionPvk: site.decryption.privateKey,
    decryptionCert: certificateBody(site.decryption.certificate),
  })
  const completed = written
    .replace(CBC_METHODS, '')
    .replace(LAST_GCM_METHOD, `${LAST_GCM_METHOD}${KEY_TRANSPORT}`)
    .replace(' entityID=', ` validUntil="${validUntil.toISOString()}" entityID=`)
    .replace('</SPSSODescriptor>', () => `${attributeConsumingServices(site)}</SPSSODescriptor>`)
  return signRoot(completed, site.keys, 'EntityDescriptor')
}

function organization({ name, url }: PortalSite) {
  const english = (text: string) => [{ '@xml:lang': 'en', '#text': text }]
  return {
    OrganizationName: english(name),
    OrganizationDisplayName: english(name),
    OrganizationURL: english(`${url}/`),
  }
}

function attributeConsumingServices({ name, attributes, companyAttributes }: PortalSite): string {
  const forCitizens = attributeConsumingService('index="1" isDefault="true"', name, attributes)
  if (companyAttributes === undefined) return forCitizens
  return forCitizens + attributeConsumingService(`index="${COMPANY_SERVICE}"`, `${name} (companies)`, companyAttributes)
}

function attributeConsumingService(position: string, name: string, attributes: readonly RequestedAttribute[]): string {
  const requested = attributes.map(
    (attribute) =>
      `<RequestedAttribute Name="${escapeHtml(attribute.name)}"` +
      ` NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri" isRequired="${attribute.required}"/>`,
  )
  return `<AttributeConsumingService ${position}><ServiceName xml:lang="en">${escapeHtml(name)}</ServiceName>${requested.join('')}</AttributeConsumingService>`
}

function inDays(days: number): Date {
  return new Date(Date.now() + days * 86_400_000)
}
