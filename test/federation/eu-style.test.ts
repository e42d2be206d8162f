import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { dataSet, type PersonKind } from '../../src/identity/attributes.ts'
import { writeExtensions } from '../../src/profiles/eidas/extensions.ts'
import { writeXml } from '../../src/xml/writer.ts'
import { declaring, folded, longId, NAMESPACES, type Prefix, signedAsEu } from '../testkit/eu-style.ts'
import { complete, type Flow, openFlow, postAnswer, recipientOf, signedAnswer } from '../testkit/flow.ts'
import type { TestKey } from '../testkit/keys.ts'
import { encryptFor } from '../testkit/mint.ts'
import { FOREIGN_COUNTRY, OWN_COUNTRY, type Peer, type PeerName } from '../testkit/peers.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectAnswered, refusalOf, releasedIn } from '../testkit/verdict.ts'
import { type Answer, cookiesOf, encodeForm } from '../testkit/wire.ts'

/** The EU's eIDAS-Node as a neighbour: its messages, written as it writes them. */
let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

const NATURAL = `${NAMESPACES['eidas-natural']}/`
const ENTITY = 'urn:oasis:names:tc:SAML:2.0:nameid-format:entity'
const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'
const URI = 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri'
const UNSPECIFIED = 'urn:oasis:names:tc:SAML:2.0:consent:unspecified'
const STATUS = 'urn:oasis:names:tc:SAML:2.0:status:'
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'

const freshId = () => longId(randomBytes(8).toString('hex'))

/** Everything the attribute profile has of a natural person, asked of the proxy service. */
function euRequest(id: string, kind: PersonKind = 'natural'): string {
  const { connector } = target.peers
  const requested = dataSet(kind).map(
    ({ name, friendlyName, mandatory }) =>
      `<eidas:RequestedAttribute FriendlyName="${friendlyName}" Name="${name}" NameFormat="${URI}" isRequired="${mandatory}"/>`,
  )
  return [
    `<saml2p:AuthnRequest ${declaring('saml2p', 'ds', 'eidas', 'saml2')} Consent="${UNSPECIFIED}"`,
    ` Destination="${connector.destination}" ForceAuthn="true" ID="${id}" IsPassive="false"`,
    ` IssueInstant="${new Date().toISOString()}" ProviderName="DEMO-SP-CA" Version="2.0">`,
    `<saml2:Issuer Format="${ENTITY}">${connector.entityId}</saml2:Issuer>`,
    '<saml2p:Extensions><eidas:SPType>public</eidas:SPType><eidas:RequestedAttributes>',
    ...requested,
    '</eidas:RequestedAttributes></saml2p:Extensions>',
    `<saml2p:NameIDPolicy AllowCreate="true" Format="${PERSISTENT}"/>`,
    '<saml2p:RequestedAuthnContext Comparison="minimum">',
    '<saml2:AuthnContextClassRef>http://eidas.europa.eu/LoA/low</saml2:AuthnContextClassRef>',
    '</saml2p:RequestedAuthnContext>',
    '<saml2p:Scoping><saml2p:RequesterID>http://localhost:8080/SP/metadata</saml2p:RequesterID></saml2p:Scoping>',
    '</saml2p:AuthnRequest>',
  ].join('')
}

const base64 = (content: string | Buffer) => Buffer.from(content).toString('base64')

/** The citizen is sent on to the identity provider of this country. */
function expectSentOn(answer: Answer): void {
  expect({ refusal: refusalOf(target, answer), status: answer.status }).toEqual({ refusal: undefined, status: 200 })
  expect(answer.body).toContain(`action="${target.peers.identityProvider.endpoint}"`)
  expect(cookiesOf(answer)).not.toBe('')
}

const algorithms = [
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512',
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
] as const

describe('its request', () => {
  test.each(algorithms)('by POST, with %s', async (algorithm) => {
    const { connector } = target.peers
    const signed = await signedAsEu(euRequest(freshId()), connector.signingKey.signing(algorithm))
    const fields = [
      ['SAMLRequest', base64(DECLARATION + signed)],
      ['RelayState', 'MyRelayState'],
    ] as const
    expectSentOn(await target.wire.post(connector.destination, fields))
  })

  test.each([
    ['as it is and not deflated', (xml: string) => Buffer.from(xml)],
    ['deflated', (xml: string) => deflateRawSync(xml)],
  ])('R-MF-40: by GET, signed inside, %s, with all that can be asked', async (_, packed) => {
    const { connector } = target.peers
    const signed = await signedAsEu(euRequest(freshId()), connector.signingKey.signing(algorithms[0]))
    const fields = [
      ['SAMLRequest', base64(packed(DECLARATION + signed))],
      ['RelayState', 'MyRelayState'],
    ] as const
    expectSentOn(await target.wire.get(`${connector.destination}?${encodeForm(fields)}`))
  })

  test('of a company', async () => {
    const { connector } = target.peers
    const signed = await signedAsEu(euRequest(freshId(), 'legal'), connector.signingKey.signing(algorithms[0]))
    const answer = await target.wire.post(connector.destination, [['SAMLRequest', base64(DECLARATION + signed)]])
    expectSentOn(answer)
  })
})

const ADDRESS = [
  '<eidas-natural:LocatorDesignator>22</eidas-natural:LocatorDesignator>',
  '<eidas-natural:Thoroughfare>Arcacia Avenue & Sons</eidas-natural:Thoroughfare>',
  '<eidas-natural:PostName>London</eidas-natural:PostName>',
  '<eidas-natural:PostCode>SW1A 1AA</eidas-natural:PostCode>',
  '',
].join('\n')

const values: Readonly<Record<string, readonly string[]>> = {
  PersonIdentifier: [`${FOREIGN_COUNTRY}/${OWN_COUNTRY}/Diadoq8932`],
  CurrentFamilyName: ['Onases', 'Ωνάσης'],
  CurrentGivenName: ['Sarah'],
  DateOfBirth: ['1976-02-29'],
  BirthName: ['Sarah Jones-Smith'],
  PlaceOfBirth: ['Peterborough'],
  CurrentAddress: [
    Buffer.from(ADDRESS)
      .toString('base64')
      .replace(/(.{76})/g, '$1\r\n'),
  ],
  Gender: ['Female'],
  Nationality: ['ES', 'EL'],
  CountryOfBirth: ['EL'],
  TownOfBirth: ['Piraeus'],
  CountryOfResidence: ['EL'],
  PhoneNumber: ['+30 210 1234567'],
  EmailAddress: ['onases@example.com'],
}

function attributeValue(set: Prefix, type: string, value: string): string {
  const latin = /^[\x20-\x7e\r\n]*$/.test(value) ? '' : ` ${set}:LatinScript="false"`
  const text = value.replaceAll('\r', '&#13;')
  return `<saml2:AttributeValue ${declaring(set, 'xsi')}${latin} xsi:type="${set}:${type}">${text}</saml2:AttributeValue>`
}

function euAttribute(set: Prefix, local: string, friendlyName: string, texts: readonly string[], path = ''): string {
  return [
    `<saml2:Attribute FriendlyName="${friendlyName}" Name="${NAMESPACES[set]}/${path}${local}" NameFormat="${URI}">`,
    ...texts.map((text) => attributeValue(set, `${local}Type`, text)),
    '</saml2:Attribute>',
  ].join('')
}

const naturalAttributes = () =>
  dataSet('natural').map(({ type, friendlyName }) => {
    const local = type.replace(/Type$/, '')
    return euAttribute('eidas-natural', local, friendlyName, values[local] ?? [])
  })

function euAssertion(flow: Flow, attributes: readonly string[]): string {
  const now = new Date()
  const end = new Date(now.getTime() + 300_000).toISOString()
  const { answerer } = flow
  return [
    `<saml2:Assertion ${declaring('saml2')} ID="${freshId()}" IssueInstant="${now.toISOString()}" Version="2.0">`,
    `<saml2:Issuer Format="${ENTITY}">${answerer.entityId}</saml2:Issuer>`,
    `<saml2:Subject><saml2:NameID Format="${PERSISTENT}" NameQualifier="http://C-PEPS.gov.xx">XB/XA/Diadoq8932</saml2:NameID>`,
    '<saml2:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">',
    `<saml2:SubjectConfirmationData Address="" InResponseTo="${flow.requestId}" NotOnOrAfter="${end}" Recipient="${answerer.destination}"/>`,
    '</saml2:SubjectConfirmation></saml2:Subject>',
    `<saml2:Conditions NotBefore="${now.toISOString()}" NotOnOrAfter="${end}">`,
    `<saml2:AudienceRestriction><saml2:Audience>${answerer.node}</saml2:Audience></saml2:AudienceRestriction>`,
    '<saml2:OneTimeUse/></saml2:Conditions>',
    `<saml2:AuthnStatement AuthnInstant="${now.toISOString()}"><saml2:AuthnContext>`,
    '<saml2:AuthnContextClassRef>http://eidas.europa.eu/LoA/high</saml2:AuthnContextClassRef>',
    '<saml2:AuthnContextDecl/></saml2:AuthnContext></saml2:AuthnStatement>',
    `<saml2:AttributeStatement>${attributes.join('')}</saml2:AttributeStatement></saml2:Assertion>`,
  ].join('')
}

interface EuResponse {
  readonly status: string
  readonly assertion?: string
}

async function euResponse(flow: Flow, { status, assertion = '' }: EuResponse): Promise<string> {
  const { answerer } = flow
  const response = [
    `<saml2p:Response ${declaring('saml2p', 'ds', 'eidas-legal', 'eidas-natural', 'saml2')} Consent="${UNSPECIFIED}"`,
    ` Destination="${answerer.destination}" ID="${freshId()}" InResponseTo="${flow.requestId}"`,
    ` IssueInstant="${new Date().toISOString()}" Version="2.0">`,
    `<saml2:Issuer Format="${ENTITY}">${answerer.entityId}</saml2:Issuer>`,
    `<saml2p:Status>${status}</saml2p:Status>${assertion}</saml2p:Response>`,
  ].join('')
  return (
    DECLARATION +
    (await signedAsEu(response, answerer.signingKey.signing(algorithms[0]), {
      prefixes: ['eidas-legal', 'eidas-natural'],
    }))
  )
}

const success = `<saml2p:StatusCode Value="${STATUS}Success"/><saml2p:StatusMessage>${STATUS}Success</saml2p:StatusMessage>`

/** In its way to write base64, and to say whom the key is for. */
async function encrypted(flow: Flow, assertion: string, hint: 'certificate' | 'public key'): Promise<string> {
  const to = recipientOf(flow)
  const text = Buffer.from(writeXml(await encryptFor(to, Buffer.from(assertion)))).toString()
  const spki = folded(to.spki)
  return text
    .replace('<xenc:EncryptedKey>', '<xenc:EncryptedKey Id="_ek1">')
    .replace(/(<(xenc:CipherValue|ds:X509Certificate|ds11:PublicKey)>)([^<]*)/g, (_, start, __, value) => {
      return start + folded(Buffer.from(value, 'base64'))
    })
    .replace(/<ds:X509Data>.*<\/ds:X509Data>/s, (data) =>
      hint === 'certificate'
        ? data
        : `<ds11:DEREncodedKeyValue xmlns:ds11="http://www.w3.org/2009/xmldsig11#">${spki}</ds11:DEREncodedKeyValue>`,
    )
}

const asked = dataSet('natural').map(({ name, mandatory }) => ({ name, required: mandatory }))
const asking = { extensions: writeExtensions({ requestedAttributes: asked }) }

describe.each(['P-256', 'RSA-3072'] as const)('its response, to a key of %s', (nodeKeys) => {
  let target: Target
  beforeAll(async () => {
    const scripts = { 'https://portal.xa.example/metadata': 'both' }
    target = await startTarget({ nodeKeys, config: { connector: { serviceProviders: { scripts } } } })
  }, 60_000)
  afterAll(() => target.stop())

  test.each(['certificate', 'public key'] as const)(
    'with all there is of a natural person, encrypted to our %s',
    async (hint) => {
      const flow = await openFlow(target, 'connector', asking)
      const assertion = await encrypted(flow, euAssertion(flow, naturalAttributes()), hint)
      const message = await euResponse(flow, { status: success, assertion })
      const released = await releasedIn(target, await complete(flow, Buffer.from(message)))
      expect(released).toMatchObject({ loa: 'http://eidas.europa.eu/LoA/high', nameId: 'XB/XA/Diadoq8932' })
      expect(Object.keys(released.attributes)).toHaveLength(14)
      expect(released.attributes).toMatchObject({
        [`${NATURAL}CurrentFamilyName`]: ['Onases', 'Ωνάσης'],
        [`${NATURAL}Nationality`]: ['ES', 'EL'],
        [`${NATURAL}DateOfBirth`]: ['1976-02-29'],
      })
    },
  )

  test.each([
    ['Responder', 'AuthnFailed', '003002 - authentication failed', 'AUTHN_FAILED'],
    ['Requester', 'RequestDenied', '202015 - level of assurance', 'UPSTREAM_REFUSED'],
  ] as const)('a failure: %s/%s', async (top, sub, message, code) => {
    const flow = await openFlow(target)
    const inner = `<saml2p:StatusCode Value="${STATUS}${sub}"/>`
    const status = `<saml2p:StatusCode Value="${STATUS}${top}">${inner}</saml2p:StatusCode><saml2p:StatusMessage>${message}</saml2p:StatusMessage>`
    const answer = await postAnswer(flow, Buffer.from(await euResponse(flow, { status })))
    expectAnswered(flow, answer, code)
  })
})

const VERSIONS = 'http://eidas.europa.eu/entity-attributes/protocol-version'
const APPLICATION = 'http://eidas.europa.eu/entity-attributes/application-identifier'
const LEVELS = 'urn:oasis:names:tc:SAML:attribute:assurance-certification'
const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'

const entityAttribute = (name: string, values: readonly string[], type = ' xsi:type="xsd:string"') =>
  `<saml2:Attribute Name="${name}" NameFormat="${URI}">${values
    .map((value) => `<saml2:AttributeValue${type}>${value}</saml2:AttributeValue>`)
    .join('')}</saml2:Attribute>`

interface EuMetadata {
  readonly peer: Peer
  readonly attributes: readonly string[]
  readonly spType?: string
  readonly role: string
}

/** Without an ID, signed as a whole, with prefixes of its own. */
async function euMetadata({ peer, attributes, spType = '', role }: EuMetadata): Promise<string> {
  const people = ['support', 'technical'].map(
    (type) =>
      `<md:ContactPerson contactType="${type}"><md:Company>eIDAS ${type}</md:Company><md:GivenName>John</md:GivenName><md:SurName>Doe</md:SurName><md:EmailAddress>contact.${type}@eidas.example</md:EmailAddress><md:TelephoneNumber>+555 123456</md:TelephoneNumber></md:ContactPerson>`,
  )
  const metadata = [
    `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" ${declaring('ds', 'eidas', 'saml2', 'xsi')}`,
    ' xmlns:alg="urn:oasis:names:tc:SAML:metadata:algsupport" xmlns:mdattr="urn:oasis:names:tc:SAML:metadata:attribute"',
    ` xmlns:xsd="${NAMESPACES.xs}" entityID="${peer.entityId}" validUntil="${new Date(Date.now() + 90_000_000).toISOString()}">`,
    `<md:Extensions><mdattr:EntityAttributes>${attributes.join('')}</mdattr:EntityAttributes>${spType}`,
    ...['sha512', 'sha256'].map((name) => `<alg:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#${name}"/>`),
    ...['ecdsa-sha512', 'ecdsa-sha256'].map((name) => `<alg:SigningMethod Algorithm="${MORE}${name}"/>`),
    `</md:Extensions>${role}`,
    '<md:Organization><md:OrganizationName xml:lang="en">DEMO-CB</md:OrganizationName>',
    '<md:OrganizationDisplayName xml:lang="en">Connector demo</md:OrganizationDisplayName>',
    '<md:OrganizationURL xml:lang="en">https://cb.example</md:OrganizationURL></md:Organization>',
    ...people,
    '</md:EntityDescriptor>',
  ].join('')
  const signing = peer.signingKey.signing(algorithms[0])
  return DECLARATION + (await signedAsEu(metadata, signing, { prefixes: ['xsd'], before: '<md:Extensions>' }))
}

const keyDescriptor = (use: string, key: TestKey, methods = '') =>
  `<md:KeyDescriptor use="${use}"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${folded(
    Buffer.from(key.verification.certificate, 'base64'),
  )}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>${methods}</md:KeyDescriptor>`

const head = (country: string) => `<md:Extensions><eidas:NodeCountry>${country}</eidas:NodeCountry></md:Extensions>`
const formats = ['2.0:nameid-format:persistent', '2.0:nameid-format:transient', '1.1:nameid-format:unspecified']
  .map((format) => `<md:NameIDFormat>urn:oasis:names:tc:SAML:${format}</md:NameIDFormat>`)
  .join('')
const PROTOCOL = `protocolSupportEnumeration="${NAMESPACES.saml2p}"`
const binding = (name: string) => `urn:oasis:names:tc:SAML:2.0:bindings:HTTP-${name}`

describe('its metadata', () => {
  const reload = async (name: PeerName, metadata: string) => {
    const before = target.logged.length
    await writeFile(join(target.folder, 'peers', `${name}.xml`), metadata)
    await target.refresh()
    return target.logged.slice(before).map((line) => String(JSON.parse(line).message))
  }

  test('of a connector', async () => {
    const peer = target.peers.connector
    const methods = ['aes128-gcm', 'aes256-gcm', 'aes192-gcm']
      .map((name) => `<md:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#${name}"/>`)
      .join('')
    const role = [
      `<md:SPSSODescriptor AuthnRequestsSigned="true" WantAssertionsSigned="false" ${PROTOCOL}>${head(FOREIGN_COUNTRY)}`,
      keyDescriptor('signing', peer.signingKey),
      keyDescriptor('encryption', peer.encryptionKey, methods),
      formats,
      `<md:AssertionConsumerService Binding="${binding('POST')}" Location="${peer.endpoint}" index="0" isDefault="true"/>`,
      `<md:AssertionConsumerService Binding="${binding('Redirect')}" Location="${peer.endpoint}" index="1"/>`,
      '</md:SPSSODescriptor>',
    ].join('')
    const attributes = [
      entityAttribute(VERSIONS, ['1.4', '1.3', '1.2']),
      entityAttribute(APPLICATION, ['eIDAS-ref:2.9.0'], ''),
    ]
    const spType = '<eidas:SPType>public</eidas:SPType>'
    const told = await reload('connector', await euMetadata({ peer, attributes, spType, role }))
    expect(told.filter((line) => line.includes('not used'))).toEqual([])
    const withoutType = euRequest(freshId()).replace('<eidas:SPType>public</eidas:SPType>', '')
    const signed = await signedAsEu(withoutType, peer.signingKey.signing(algorithms[0]))
    expectSentOn(await target.wire.post(peer.destination, [['SAMLRequest', base64(signed)]]))
    const twice = await signedAsEu(euRequest(freshId()), peer.signing)
    const refused = await target.wire.post(peer.destination, [['SAMLRequest', base64(twice)]])
    expect(refusalOf(target, refused)).toBe('EID_SPTYPE')
  })

  test('of a proxy service', async () => {
    const peer = target.peers.proxyService
    const published = [...dataSet('natural'), ...dataSet('legal')]
      .map(({ name }) => `<saml2:Attribute Name="${name}" NameFormat="${URI}"/>`)
      .join('')
    const role = [
      `<md:IDPSSODescriptor WantAuthnRequestsSigned="true" ${PROTOCOL}>${head(FOREIGN_COUNTRY)}`,
      keyDescriptor('signing', peer.signingKey),
      keyDescriptor('encryption', peer.encryptionKey),
      formats,
      `<md:SingleSignOnService Binding="${binding('Redirect')}" Location="${peer.endpoint}"/>`,
      `<md:SingleSignOnService Binding="${binding('POST')}" Location="${peer.endpoint}"/>`,
      `${published}</md:IDPSSODescriptor>`,
    ].join('')
    const levels = ['low', 'substantial', 'high'].map((level) => `http://eidas.europa.eu/LoA/${level}`)
    const attributes = [entityAttribute(VERSIONS, ['1.4;1.3;1.2']), entityAttribute(LEVELS, levels, '')]
    const told = await reload('proxyService', await euMetadata({ peer, attributes, role }))
    expect(told.filter((line) => line.includes('not used'))).toEqual([])
    const flow = await openFlow(target, 'connector', asking)
    await expect(releasedIn(target, await complete(flow, await signedAnswer(flow)))).resolves.toBeDefined()
  })
})
