import { dataSet, definitionOf } from '../../../src/identity/attributes.ts'
import { notifiedLevels } from '../../../src/identity/loa.ts'
import type { Identified } from '../../../src/identity/outcome.ts'
import type { IdentityRequest } from '../../../src/identity/request.ts'
import type { AnswerContext, AskContext, PeerFacts } from '../../../src/profiles/profile.ts'
import { type Assertion, readAssertion, writeAssertion } from '../../../src/saml/assertion.ts'
import { type AuthnRequest, readAuthnRequest, writeAuthnRequest } from '../../../src/saml/authn-request.ts'
import { withDocument } from '../../../src/xml/document.ts'
import { messageLimits } from '../../../src/xml/limits.ts'
import { writeXml, type XmlPart } from '../../../src/xml/writer.ts'
import { markSigned, type SignedElement } from '../../../src/xmlsec/signed.ts'

/** A complete sign-in from XB's connector at XA's proxy service, for tests to break. */

export const NOW = Date.parse('2026-11-23T12:00:00.000Z')

export const [low, substantial, high] = notifiedLevels

export const naturalName = (local: string) => `http://eidas.europa.eu/attributes/naturalperson/${local}`
export const legalName = (local: string) => `http://eidas.europa.eu/attributes/legalperson/${local}`

const mandatory = (person: 'natural' | 'legal') =>
  dataSet(person)
    .filter((definition) => definition.mandatory)
    .map(({ name }) => ({ name, required: true }))

export const naturalSet = mandatory('natural')
export const legalSet = mandatory('legal')

export const peer: PeerFacts = {
  entityId: 'https://xa.example/metadata',
  country: 'XB',
  protocolVersions: ['1.4', '1.3'],
  loas: [],
  attributes: [],
  requesterIdRequired: false,
  nameIdFormats: [],
  attributeServices: [],
}

export const asked: IdentityRequest = {
  relyingParty: { type: 'public', id: 'https://portal.example/metadata', name: 'Portal' },
  country: 'XA',
  attributes: [...naturalSet, { name: naturalName('Gender'), required: false }],
  loa: { comparison: 'minimum', levels: [substantial] },
  nameIdFormat: 'persistent',
}

export const asking: AskContext = {
  id: '_request',
  now: NOW,
  issuer: 'https://xb.example/connector',
  destination: 'https://xa.example/sso',
  acs: 'https://xb.example/acs',
  peer,
}

export const identified: Identified = {
  kind: 'identified',
  loa: high,
  attributes: [
    { name: naturalName('PersonIdentifier'), values: [{ value: 'XA/XB/4711', latin: true }] },
    {
      name: naturalName('CurrentFamilyName'),
      values: [
        { value: 'Onases', latin: true },
        { value: 'Ωνάσης', latin: false },
      ],
    },
    { name: naturalName('CurrentGivenName'), values: [{ value: 'Sarah', latin: true }] },
    { name: naturalName('DateOfBirth'), values: [{ value: '1980-01-01', latin: true }] },
  ],
  identifier: 'XA/XB/4711',
  authenticatedAt: NOW - 60_000,
}

export const answering: AnswerContext = {
  id: '_assertion',
  now: NOW,
  issuer: 'https://xa.example/service',
  audience: 'https://xb.example/connector',
  recipient: 'https://xb.example/acs',
  inResponseTo: '_request',
  lifetimeSeconds: 300,
  request: asked,
  peer,
}

/** As if it had verified: through octets, scanner and schema. */
export function received(part: XmlPart): SignedElement {
  return withDocument(writeXml(part), messageLimits, (document) => {
    document.validate('protocol')
    return markSigned(document.root)
  })
}

export function receivedRequest(request: AuthnRequest<XmlPart>): AuthnRequest {
  return readAuthnRequest(received(writeAuthnRequest(request)))
}

export function receivedAssertion(assertion: Assertion<XmlPart>): Assertion {
  return readAssertion(received(writeAssertion(assertion)))
}

/** The outcome without one attribute, or with other values for it. */
export function withValue(outcome: Identified, name: string, ...values: readonly string[]): Identified {
  const others = outcome.attributes.filter((attribute) => attribute.name !== name)
  if (values.length === 0) return { ...outcome, attributes: others }
  const [identifier = ''] = definitionOf(name)?.kind === 'identifier' ? values : [outcome.identifier]
  return {
    ...outcome,
    identifier,
    attributes: [...others, { name, values: values.map((value) => ({ value, latin: true })) }],
  }
}

export const fault = (code: string) => expect.objectContaining({ code })
