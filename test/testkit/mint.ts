import { randomBytes } from 'node:crypto'
import { dataSet, definitionOf } from '../../src/identity/attributes.ts'
import { writeValues } from '../../src/profiles/eidas/attribute-values.ts'
import { writeExtensions } from '../../src/profiles/eidas/extensions.ts'
import { type Assertion, writeAssertion } from '../../src/saml/assertion.ts'
import type { Attribute } from '../../src/saml/attribute.ts'
import { type AuthnRequest, writeAuthnRequest } from '../../src/saml/authn-request.ts'
import { newId } from '../../src/saml/ids.ts'
import { type Response, writeResponse } from '../../src/saml/response.ts'
import { attributeNameFormats, confirmationMethods, nameIdFormats, statuses } from '../../src/saml/uris.ts'
import { saml } from '../../src/xml/names.ts'
import { el, writeXml, type XmlPart } from '../../src/xml/writer.ts'
import { encryptElement, type Recipient } from '../../src/xmlsec/encrypt.ts'
import type { SigningKey } from '../../src/xmlsec/keys.ts'
import { signElement } from '../../src/xmlsec/sign.ts'
import { FOREIGN_COUNTRY, LOA, NATIONAL_SUBSTANTIAL, nationalNames, OWN_COUNTRY, type Peer } from './peers.ts'

/*
 * Messages of the neighbours. Everything minted is right, fresh and unsigned; each member of the message can be
 * overridden, `sign` makes octets of it, and surgery on octets breaks what a writer would never write.
 */

export const freshId = (): string => newId(randomBytes)

/** Signs as every peer does; the result is a message. */
export async function sign(part: XmlPart, key: SigningKey): Promise<Uint8Array> {
  return writeXml(await signElement(part, key))
}

const NATURAL = 'http://eidas.europa.eu/attributes/naturalperson/'

/** A right AuthnRequest: of the portal, or of the foreign connector. */
export function mintRequest(asker: Peer, overrides: Partial<AuthnRequest<XmlPart>> = {}): XmlPart {
  const request: AuthnRequest<XmlPart> = {
    id: freshId(),
    version: '2.0',
    issueInstant: Date.now(),
    destination: asker.destination,
    issuer: { value: asker.entityId, format: nameIdFormats.entity },
    extensions: [],
    hasSubject: false,
    hasConditions: false,
  }
  return writeAuthnRequest({ ...request, ...(asker.profile === 'eidas' ? eidasRequest() : {}), ...overrides })
}

/** What an eIDAS request says beyond a national one: the natural person's minimum data set, at substantial. */
function eidasRequest(): Partial<AuthnRequest<XmlPart>> {
  const mandatory = dataSet('natural').filter((definition) => definition.mandatory)
  return {
    forceAuthn: true,
    isPassive: false,
    providerName: 'Reading room',
    extensions: writeExtensions({
      spType: 'public',
      requestedAttributes: mandatory.map(({ name }) => ({ name, required: true })),
    }),
    nameIdPolicy: { format: nameIdFormats.persistent, allowCreate: true },
    requestedAuthnContext: { comparison: 'minimum', classRefs: [`${LOA}substantial`], declRefs: [] },
  }
}

/** What the citizen of the tests is called, by the last part of the eIDAS names. */
export const citizen = {
  PersonIdentifier: '02635542Y',
  CurrentFamilyName: 'Quillfeather',
  CurrentGivenName: 'Marigold',
  DateOfBirth: '1964-12-31',
} as const

export type Facts = Readonly<Record<string, string>>

/** The attributes of an answer as this answerer writes them: eIDAS names and types, or national names and text. */
export function mintAttributes(answerer: Peer, facts: Facts = citizen): readonly Attribute<XmlPart>[] {
  return Object.entries(facts).map(([fact, value]) =>
    answerer.profile === 'eidas' ? eidasAttribute(fact, value) : nationalAttribute(fact, value),
  )
}

/** PersonIdentifier gets its two countries in front when it has none. */
function eidasAttribute(fact: string, value: string): Attribute<XmlPart> {
  const definition = definitionOf(NATURAL + fact)
  if (definition === undefined) throw new TypeError(`no attribute ${fact}`)
  const bare = fact === 'PersonIdentifier' && !value.includes('/')
  const given = bare ? `${FOREIGN_COUNTRY}/${OWN_COUNTRY}/${value}` : value
  return {
    name: definition.name,
    nameFormat: attributeNameFormats.uri,
    friendlyName: definition.friendlyName,
    values: writeValues(definition, [{ value: given, latin: true }]),
  }
}

function nationalAttribute(fact: string, value: string): Attribute<XmlPart> {
  const name = Object.entries(nationalNames).find(([known]) => known === fact)?.[1] ?? fact
  return { name, nameFormat: attributeNameFormats.basic, values: [el(saml('AttributeValue'), {}, value)] }
}

/** Which request of the node is answered: its ID. */
export interface AskedOf {
  readonly answerer: Peer
  readonly requestId: string
}

/** A right Assertion about the citizen: of the foreign proxy service, or of the identity provider. */
export function mintAssertion(asked: AskedOf, overrides: Partial<Assertion<XmlPart>> = {}): XmlPart {
  return writeAssertion({ ...assertionTo(asked), ...overrides })
}

/** The same before it is written, for overrides of a part of a part. */
export function assertionTo({ answerer, requestId }: AskedOf): Assertion<XmlPart> {
  const now = Date.now()
  const notOnOrAfter = now + 300_000
  const data = { notOnOrAfter, recipient: answerer.destination, inResponseTo: requestId }
  return {
    id: freshId(),
    version: '2.0',
    issueInstant: now,
    issuer: { value: answerer.entityId, format: nameIdFormats.entity },
    subject: {
      nameId: { value: `${FOREIGN_COUNTRY}/${OWN_COUNTRY}/02635542Y`, format: nameIdFormats.persistent },
      confirmations: [{ method: confirmationMethods.bearer, data }],
    },
    conditions: {
      notBefore: now,
      notOnOrAfter,
      audienceRestrictions: [[answerer.node]],
      oneTimeUse: false,
      others: [],
    },
    authnStatements: [
      {
        authnInstant: now,
        classRefs: [answerer.profile === 'eidas' ? `${LOA}substantial` : NATIONAL_SUBSTANTIAL],
        declRefs: [],
        hasDeclaration: false,
        authenticatingAuthorities: [],
      },
    ],
    attributeStatements: [mintAttributes(answerer)],
    hasAdvice: false,
  }
}

/** An EncryptedAssertion of these octets, or of this part. */
export async function encryptFor(to: Recipient, assertion: XmlPart | Uint8Array): Promise<XmlPart> {
  const octets = assertion instanceof Uint8Array ? assertion : writeXml(assertion)
  return el(saml('EncryptedAssertion'), {}, await encryptElement(octets, to))
}

/** A right Response around assertions that are given, encrypted or not. */
export function mintResponse(asked: AskedOf, overrides: Partial<Response<XmlPart>> = {}): XmlPart {
  const { answerer, requestId } = asked
  return writeResponse({
    id: freshId(),
    version: '2.0',
    issueInstant: Date.now(),
    destination: answerer.destination,
    inResponseTo: requestId,
    issuer: { value: answerer.entityId, format: nameIdFormats.entity },
    status: { codes: [statuses.success] },
    assertions: [],
    encryptedAssertions: [],
    ...overrides,
  })
}

/** A right Response that says why there is no assertion. */
export function mintRefusal(asked: AskedOf, codes: readonly string[], message?: string, id = freshId()): XmlPart {
  return mintResponse(asked, { id, status: { codes: codes.map((code) => STATUS + code), message } })
}

const STATUS = 'urn:oasis:names:tc:SAML:2.0:status:'

/** Replaces what must occur exactly once in octets of text; for breaking a message after it was signed. */
export function cut(octets: Uint8Array, from: string | RegExp, to: string): Uint8Array {
  const text = Buffer.from(octets).toString('utf8')
  const pieces = text.split(from)
  const pattern = typeof from === 'string' ? from : new RegExp(from.source, from.flags.replace('g', ''))
  if (typeof from === 'string' ? pieces.length !== 2 : (text.match(new RegExp(from, 'g')) ?? []).length !== 1) {
    throw new TypeError(`not exactly one ${from} in the message`)
  }
  return Buffer.from(text.replace(pattern, () => to))
}
