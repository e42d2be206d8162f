import type { Assertion } from '../../../src/saml/assertion.ts'
import type { AuthnRequest } from '../../../src/saml/authn-request.ts'
import type { Response } from '../../../src/saml/response.ts'
import { attributeNameFormats, bindings, confirmationMethods, nameIdFormats, statuses } from '../../../src/saml/uris.ts'
import { metadataLimits } from '../../../src/xml/limits.ts'
import { ns, saml } from '../../../src/xml/names.ts'
import { scan } from '../../../src/xml/scanner.ts'
import { el, writeText, writeXml, type XmlPart } from '../../../src/xml/writer.ts'
import { markSigned, type SignedElement } from '../../../src/xmlsec/signed.ts'

/** Valid messages of one sign-in, for tests to break, and the way from parts through octets to signed elements. */

export const NOW = Date.parse('2026-11-23T12:00:00.000Z')
export const CONNECTOR = 'https://connector.example/metadata'
export const SERVICE = 'https://service.example/metadata'
export const ACS = 'https://connector.example/acs'
export const SSO = 'https://service.example/sso'

/** As if the octets of the part had verified. */
export function signed(part: XmlPart): SignedElement {
  return markSigned(scan(writeXml(part), metadataLimits))
}

/** As if this text had verified. `saml2`, `saml2p`, `md`, `ds`, `xsi` need no declaration. */
export function signedText(text: string): SignedElement {
  const declarations = ['saml2', ns.saml, 'saml2p', ns.samlp, 'md', ns.md, 'ds', ns.ds, 'xsi', ns.xsi].reduce(
    (all, word, i, words) => (i % 2 === 0 ? `${all} xmlns:${word}="${words[i + 1]}"` : all),
    '',
  )
  return markSigned(scan(Buffer.from(text.replace(/^<[^\s/>]+/, `$&${declarations}`)), metadataLimits))
}

/** The part as text, changed, and read as if that had verified. */
export function tampered(part: XmlPart, from: string | RegExp, to: string): SignedElement {
  const before = writeText(part)
  const after = before.replace(from, to)
  if (after === before) throw new TypeError(`nothing to change: ${from}`)
  return markSigned(scan(Buffer.from(after), metadataLimits))
}

export const request: AuthnRequest<XmlPart> = {
  id: '_request',
  version: '2.0',
  issueInstant: NOW,
  destination: SSO,
  consent: 'urn:oasis:names:tc:SAML:2.0:consent:unspecified',
  forceAuthn: true,
  isPassive: false,
  protocolBinding: bindings.post,
  assertionConsumerServiceURL: ACS,
  providerName: 'Example',
  issuer: { value: CONNECTOR, format: nameIdFormats.entity },
  extensions: [el({ namespace: ns.eidas, local: 'SPType', prefix: 'eidas' }, {}, 'public')],
  nameIdPolicy: { format: nameIdFormats.persistent, allowCreate: true },
  requestedAuthnContext: { comparison: 'minimum', classRefs: ['http://eidas.europa.eu/LoA/high'], declRefs: [] },
  scoping: { hasIdpList: false, requesterIds: ['https://sp.example'] },
  hasSubject: false,
  hasConditions: false,
}

export const assertion: Assertion<XmlPart> = {
  id: '_assertion',
  version: '2.0',
  issueInstant: NOW,
  issuer: { value: SERVICE, format: nameIdFormats.entity },
  subject: {
    nameId: { value: 'XB/XA/1', format: nameIdFormats.persistent },
    confirmations: [
      {
        method: confirmationMethods.bearer,
        data: { notOnOrAfter: NOW + 300_000, recipient: ACS, inResponseTo: '_request' },
      },
    ],
  },
  conditions: {
    notBefore: NOW,
    notOnOrAfter: NOW + 300_000,
    audienceRestrictions: [[CONNECTOR]],
    oneTimeUse: false,
    others: [],
  },
  authnStatements: [
    {
      authnInstant: NOW,
      classRefs: ['http://eidas.europa.eu/LoA/high'],
      declRefs: [],
      hasDeclaration: false,
      authenticatingAuthorities: [],
    },
  ],
  attributeStatements: [
    [
      {
        name: 'urn:example:a',
        nameFormat: attributeNameFormats.uri,
        friendlyName: 'A',
        values: [el(saml('AttributeValue'), {}, ' as given ')],
      },
      { name: 'urn:example:b', values: [el(saml('AttributeValue'), {}, 'b'), el(saml('AttributeValue'), {}, 'c')] },
    ],
  ],
  hasAdvice: false,
}

export const response: Response<XmlPart> = {
  id: '_response',
  version: '2.0',
  issueInstant: NOW,
  destination: ACS,
  inResponseTo: '_request',
  issuer: { value: SERVICE, format: nameIdFormats.entity },
  status: { codes: [statuses.success] },
  assertions: [],
  encryptedAssertions: [],
}
