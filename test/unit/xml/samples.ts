import { ns } from '../../../src/xml/names.ts'

/* Small documents that the tests of this folder bend. */

export function octets(text: string): Uint8Array {
  return Buffer.from(text, 'utf8')
}

/** A document in the assertion namespace with `inside` in its root and `attributes` in the root's start tag. */
export function advice(inside = '', attributes = ''): string {
  return `<saml2:Advice xmlns:saml2="${ns.saml}"${attributes}>${inside}</saml2:Advice>`
}

/** A schema-valid request. */
export const request = `<saml2p:AuthnRequest xmlns:saml2p="${ns.samlp}" xmlns:saml2="${ns.saml}" xmlns:eidas="${ns.eidas}" ID="_request" Version="2.0" IssueInstant="2025-01-01T00:00:00Z" ForceAuthn="true"><saml2:Issuer>https://connector.example/metadata</saml2:Issuer><saml2p:Extensions><eidas:SPType>public</eidas:SPType><eidas:RequestedAttributes><eidas:RequestedAttribute Name="http://eidas.europa.eu/attributes/naturalperson/PersonIdentifier" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri" isRequired="true"/></eidas:RequestedAttributes></saml2p:Extensions></saml2p:AuthnRequest>`

/** A ds:Signature with the structure the schema wants and values of no meaning. */
export function signature(reference: string): string {
  return `<ds:Signature xmlns:ds="${ns.ds}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="${ns.ec}"/><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"/><ds:Reference URI="#${reference}"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/><ds:Transform Algorithm="${ns.ec}"/></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>AAAA</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>AAAA</ds:SignatureValue></ds:Signature>`
}

/** An assertion with one attribute, whose AttributeValue is given whole. */
export function assertion(attributeValue: string, inner = ''): string {
  return `<saml2:Assertion xmlns:saml2="${ns.saml}" ID="_assertion" Version="2.0" IssueInstant="2025-01-01T00:00:00Z"><saml2:Issuer>https://service.example/metadata</saml2:Issuer>${inner}<saml2:Subject><saml2:NameID>ES/AT/1</saml2:NameID></saml2:Subject><saml2:AttributeStatement><saml2:Attribute Name="urn:name">${attributeValue}</saml2:Attribute></saml2:AttributeStatement></saml2:Assertion>`
}

/** A schema-valid response around that. */
export function response(inner: string, signed = ''): string {
  return `<saml2p:Response xmlns:saml2p="${ns.samlp}" xmlns:saml2="${ns.saml}" ID="_response" Version="2.0" IssueInstant="2025-01-01T00:00:00Z"><saml2:Issuer>https://service.example/metadata</saml2:Issuer>${signed}<saml2p:Status><saml2p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></saml2p:Status>${inner}</saml2p:Response>`
}
