import { deflateRawSync } from 'node:zlib'
import { createSamlIdp } from '../../src/faces/saml-idp.ts'
import { createSamlSp } from '../../src/faces/saml-sp.ts'
import { attributeDefinitions, dataSet } from '../../src/identity/attributes.ts'
import { notifiedLevels } from '../../src/identity/loa.ts'
import type { IdentityRequest } from '../../src/identity/request.ts'
import { privateKeysIn } from '../../src/inspect/private-keys.ts'
import { inspect } from '../../src/inspect/report.ts'
import { eidasProfile } from '../../src/profiles/eidas/profile.ts'
import type { Asked, HttpInput } from '../../src/relay/faces.ts'
import { bindings } from '../../src/saml/uris.ts'
import type { Role, TrustedEntity, TrustRegistry } from '../../src/trust/registry.ts'
import { eidasSignatureAlgorithms } from '../../src/xmlsec/algorithms.ts'
import { verificationKey } from '../../src/xmlsec/keys.ts'
import { testKey } from '../testkit/keys.ts'
import { encodeForm } from '../testkit/wire.ts'
import { keyNames, liveDecryption, liveSigners, liveVector, privateKeyOf, withLiveVectors } from './eu-live-files.ts'

/*
 * Messages of complete sign-ins with the EU's eIDAS-Node 2.9, read by the faces of the node as it was then: at that time,
 * at those addresses. They are not part of this project.
 */

const NODE = 'http://localhost:7101'
const EU = 'http://localhost:18080'
const LOA = 'http://eidas.europa.eu/LoA/'
const NATURAL = 'http://eidas.europa.eu/attributes/naturalperson/'
const LEGAL = 'http://eidas.europa.eu/attributes/legalperson/'

const read = (file: string, name: string) =>
  new RegExp(` ${name}="([^"]*)"`).exec(liveVector(file).toString('utf8'))?.[1] ?? ''
const at = (file: string) => Date.parse(read(file, 'IssueInstant'))

const NOT_NOTIFIED = 'http://eidas.europa.eu/NotNotified/LoA/high'

/** The EU node as its metadata of that run described it. */
function euNode(role: Role): TrustedEntity {
  const entityId =
    role === 'connector' ? `${EU}/EidasNodeConnector/ConnectorMetadata` : `${EU}/EidasNodeProxy/ServiceMetadata`
  const keys = liveSigners().map(({ base64 }) => verificationKey(base64))
  const location = `${EU}/EidasNodeConnector/ColleagueResponse`
  return {
    entityId,
    role,
    country: 'BE',
    name: 'EU node',
    keys: { keys, algorithms: eidasSignatureAlgorithms },
    verifies: { digestMethods: [], signingMethods: [] },
    sso: [],
    acs: [{ binding: bindings.post, location, index: 0 }],
    facts: {
      entityId,
      country: 'BE',
      protocolVersions: ['1.4'],
      loas: [...notifiedLevels, NOT_NOTIFIED],
      attributes: attributeDefinitions.map(({ name }) => name),
      requesterIdRequired: false,
      nameIdFormats: [],
      attributeServices: [],
    },
    validUntil: Number.MAX_SAFE_INTEGER,
    place: '',
    source: 'eu',
  }
}

const trustIn = (entity: TrustedEntity): TrustRegistry => ({
  find: (entityId, role) => (entityId === entity.entityId && role === entity.role ? entity : undefined),
  all: (role) => (role === entity.role ? [entity] : []),
  renewed: () => Promise.resolve(undefined),
})

const signing = { bits: 256, ways: [(await testKey()).signing()] } as const
const common = (file: string, entity: TrustedEntity) => ({
  profile: eidasProfile({ country: 'SE', offer: { loas: notifiedLevels, requesterIdRequired: false } }),
  trust: trustIn(entity),
  signing,
  clock: () => at(file) + 1000,
  random: (octets: number) => Buffer.alloc(octets, 7),
  limits: { clockSkewSeconds: 60, requestAgeSeconds: 300, assertionSeconds: 300 },
})

const blank = { path: '/', contentEncoding: undefined, cookies: undefined, language: 'en' }

function posted(parameter: 'SAMLRequest' | 'SAMLResponse', file: string): HttpInput {
  const body = Buffer.from(encodeForm([[parameter, liveVector(file).toString('base64')]]))
  return { ...blank, method: 'POST', query: '', contentType: 'application/x-www-form-urlencoded', body }
}

function redirected(file: string): HttpInput {
  const query = encodeForm([['SAMLRequest', deflateRawSync(liveVector(file)).toString('base64')]])
  return { ...blank, method: 'GET', query, contentType: undefined, body: Buffer.alloc(0) }
}

function proxyService(file: string) {
  const location = `${NODE}/proxy-service/sso`
  const entityId = `${NODE}/proxy-service/metadata/eidas`
  return createSamlIdp({ ...common(file, euNode('connector')), requesters: 'connector', entityId, location })
}

/** What our connector asked, two minutes earlier: everything of such a person, at any level. */
function requestOf(person: 'natural' | 'legal', level?: string): IdentityRequest {
  return {
    relyingParty: { type: 'public' },
    attributes: dataSet(person).map(({ name, mandatory }) => ({ name, required: mandatory })),
    loa:
      level === undefined ? { comparison: 'minimum', levels: [`${LOA}low`] } : { comparison: 'exact', levels: [level] },
    nameIdFormat: 'unspecified',
  }
}

function answered(file: string, request = requestOf('natural')) {
  const entity = euNode('proxy-service')
  const sp = createSamlSp({
    ...common(file, entity),
    answerers: 'proxy-service',
    choose: () => entity,
    entityId: `${NODE}/connector/metadata/eidas`,
    location: `${NODE}/connector/acs`,
    decryption: liveDecryption(),
  })
  const { entityId, source } = entity
  const messageId = read(file, 'InResponseTo')
  const asked: Asked = { messageId, at: at(file) - 120_000, entityId, role: 'proxy-service', source, country: 'BE' }
  return sp.receive(posted('SAMLResponse', file), asked, request)
}

/** Whom an answer identifies, by the last parts of the names, and what is left out of it. */
async function identified(file: string, request?: IdentityRequest) {
  const { outcome } = await (await answered(file, request)).read()
  if (outcome.kind !== 'identified') throw new TypeError(`refused: ${outcome.code}`)
  const values = outcome.attributes.map(
    ({ name, values: said }) => [localOf(name), said.map(({ value }) => value)] as const,
  )
  const leftOut = (outcome.leftOut ?? []).map(({ name, code }) => [localOf(name), code])
  return { ...outcome, leftOut, values: Object.fromEntries<readonly string[]>(values) }
}

const localOf = (name: string) => name.replace(NATURAL, '').replace(LEGAL, '')

function report(file: string) {
  const keys = keyNames.flatMap((name) => privateKeysIn(privateKeyOf(name)))
  return inspect(liveVector(file), { trusted: liveSigners(), keys, now: at(file) })
}

const mandatory = {
  PersonIdentifier: ['BE/SE/12345'],
  CurrentFamilyName: ['Garcia'],
  CurrentGivenName: ['javier'],
  DateOfBirth: ['1965-01-01'],
}

const citizen = {
  ...mandatory,
  BirthName: ['Onases', '\u03a9\u03bd\u03ac\u03c3\u03b7\u03c2'],
  PlaceOfBirth: ['Place of Birth'],
  CurrentAddress: [expect.stringMatching(/^[A-Za-z0-9+/]+=*$/)],
  Gender: ['Male'],
  Nationality: ['ES'],
  CountryOfBirth: ['ES'],
  TownOfBirth: ['Paris'],
  CountryOfResidence: ['BE'],
  PhoneNumber: ['+34912739000'],
  EmailAddress: ['john.doe@mail.com'],
}

withLiveVectors('answers of the EU node', () => {
  test.each([
    'response-pss512-p256-kw256-gcm256.xml',
    'response-pss384-p256-kw128-gcm128.xml',
    'response-pss384-oaep256-gcm128.xml',
    'response-ecdsa512-oaep256-gcm256.xml',
    'response-ecdsa256-bp256-kw256-gcm256.xml',
    'response-two-placeofbirth.xml',
  ])('%s: verified, decrypted, and read with every value', async (file) => {
    const outcome = await identified(file)
    expect(outcome.values).toEqual(citizen)
    expect(outcome).toMatchObject({ leftOut: [], loa: `${LOA}substantial`, identifier: 'BE/SE/12345' })
    expect(Math.abs(outcome.authenticatedAt - at(file))).toBeLessThan(1000)
  })

  test('a legal person is read with every value', async () => {
    const { values, identifier } = await identified('response-legal.xml', requestOf('legal'))
    expect(values).toEqual({
      LegalPersonIdentifier: ['BE/SE/LegalPersonUniqueId'],
      LegalName: ['Current Legal Name'],
      VATRegistrationNumber: ['VAT Registration Number'],
    })
    expect(identifier).toBe('BE/SE/LegalPersonUniqueId')
  })

  test.each([
    ['response-two-Gender.xml', 'Gender', 'SAML_ATTR'],
    ['response-odd-email.xml', 'EmailAddress', 'EID_VALUE'],
    ['response-long-BirthName.xml', 'BirthName', 'EID_TEXT'],
  ])(
    '%s: the optional attribute that is wrong is left out and told, and the rest is read',
    async (file, local, code) => {
      const { values, leftOut } = await identified(file)
      expect(leftOut).toEqual([[local, code]])
      expect(Object.keys(values)).toEqual(expect.arrayContaining(Object.keys(mandatory)))
      expect(values).not.toHaveProperty(local)
    },
  )

  test.each([
    ['response-two-Gender.xml', 'Gender', 'SAML_ATTR'],
    ['response-odd-email.xml', 'EmailAddress', 'EID_VALUE'],
    ['response-long-BirthName.xml', 'BirthName', 'EID_TEXT'],
  ])('%s: where what is optional is mandatory by request, it refuses', async (file, local, code) => {
    const request = requestOf('natural')
    const required = request.attributes.map((one) => (one.name === NATURAL + local ? { ...one, required: true } : one))
    const received = await answered(file, { ...request, attributes: required })
    await expect(received.read()).rejects.toMatchObject({ code })
  })

  test('a level that is not notified is equal to itself only', async () => {
    const file = 'response-exact-notified.xml'
    expect(await identified(file, requestOf('natural', NOT_NOTIFIED))).toMatchObject({
      loa: NOT_NOTIFIED,
      values: mandatory,
    })
    const received = await answered(file)
    await expect(received.read()).rejects.toMatchObject({ code: 'EID_LOA' })
  })

  test.each([
    [
      'response-status-202019.xml',
      '202019',
      '202019 - Incorrect Level of Assurance in IdP response',
      'UPSTREAM_REFUSED',
    ],
    ['response-status-202010.xml', '202010', '202010 - Mandatory Attribute not found.', 'UPSTREAM_REFUSED'],
    ['response-cph9.xml', '202010', '202010 - Mandatory Attribute not found.', 'UPSTREAM_REFUSED'],
    ['response-badpassword.xml', '003002', '003002 - Authentication Failed.', 'AUTHN_FAILED'],
  ])('%s: its message is logged, its code counted, and the citizen told', async (file, reason, message, code) => {
    const { facts, read: judge } = await answered(file)
    const status = code === 'AUTHN_FAILED' ? 'Responder/AuthnFailed' : 'Responder'
    expect(facts).toMatchObject({ reason, message, status })
    const { outcome } = await judge()
    expect(outcome).toMatchObject({ kind: 'refused', code })
  })
})

withLiveVectors('requests of the EU node', () => {
  const asked = {
    relyingParty: { type: 'public', name: 'DEMO-SP-BE' },
    loa: { comparison: 'minimum', levels: [`${LOA}substantial`] },
    nameIdFormat: 'unspecified',
  }

  test.each([
    ['request-pss512.xml', {}],
    ['request-ecdsa512.xml', {}],
    ['request-greek.xml', {}],
    ['request-private.xml', { relyingParty: { type: 'private', name: 'DEMO-SP-BE' } }],
    ['request-transient.xml', { nameIdFormat: 'transient' }],
  ])('%s: verified and read with every value', async (file, other) => {
    const received = await proxyService(file).receive(posted('SAMLRequest', file))
    expect(received.back()).toMatchObject({
      acs: `${EU}/EidasNodeConnector/ColleagueResponse`,
      inResponseTo: read(file, 'ID'),
    })
    const { attributes, ...request } = received.read()
    expect(request).toEqual({ ...asked, ...other })
    const everything = dataSet('natural').map((one) => ({ name: one.name, required: one.mandatory }))
    expect(attributes).toHaveLength(everything.length)
    expect(attributes).toEqual(expect.arrayContaining(everything))
  })

  test('one that comes by redirect has its signature inside', async () => {
    const received = await proxyService('request-get.xml').receive(redirected('request-get.xml'))
    expect(received.read()).toMatchObject(asked)
  })

  test('what the EU connector cannot take is not sent again: the reason stays in the message', async () => {
    const file = 'request-pss512.xml'
    const idp = proxyService(file)
    const received = await idp.receive(posted('SAMLRequest', file))
    const outcome = { kind: 'refused', code: 'EID_LOA', status: ['Responder', 'NoAuthnContext'] } as const
    const { status, reply } = await idp.answer(received.back(), received.read(), outcome)
    expect(status).toBe('Responder/AuthnFailed')
    const fields = new Map(reply.kind === 'form' ? reply.fields : [])
    const sent = Buffer.from(fields.get('SAMLResponse') ?? '', 'base64').toString()
    const before = liveVector('to-eu-noauthncontext.xml').toString()
    const [message] = /<saml2p:StatusMessage>.*<\/saml2p:StatusMessage>/.exec(before) ?? ['']
    expect(before).toContain('status:NoAuthnContext')
    expect(message).toContain('EID_LOA - ')
    expect(sent).toContain(message)
    expect(sent).not.toContain('status:NoAuthnContext')
  })
})

withLiveVectors('an inspection of messages of the EU node', () => {
  test.each([
    'request-ecdsa512.xml',
    'request-get.xml',
    'request-greek.xml',
    'request-private.xml',
    'request-pss512.xml',
    'request-transient.xml',
    'response-badpassword.xml',
    'response-cph9.xml',
    'response-ecdsa256-bp256-kw256-gcm256.xml',
    'response-ecdsa512-oaep256-gcm256.xml',
    'response-exact-notified.xml',
    'response-legal.xml',
    'response-long-BirthName.xml',
    'response-odd-email.xml',
    'response-pss384-oaep256-gcm128.xml',
    'response-pss384-p256-kw128-gcm128.xml',
    'response-pss512-p256-kw256-gcm256.xml',
    'response-status-202010.xml',
    'response-status-202019.xml',
    'response-two-Gender.xml',
    'response-two-placeofbirth.xml',
  ])('%s: valid, trusted, and accepted', async (file) => {
    expect(await report(file)).toMatchObject({
      verdict: 'accepted',
      standing: 'verified',
      signature: { present: true, valid: true, trusted: true },
    })
  })
})
/** KeyValue and DEREncodedKeyValue beside the certificate: hints, which a node does not go by. */
withLiveVectors('messages of the EU node with key values', () => {
  test.each(['response-ecdsa256-keyvalue.xml', 'response-pss256-oaep256-gcm256.xml'])(
    '%s: verified, and read with every value',
    async (file) => {
      expect((await identified(file)).values).toEqual(citizen)
    },
  )

  test('request-ecdsa256-keyvalue.xml: verified', async () => {
    const file = 'request-ecdsa256-keyvalue.xml'
    const received = await proxyService(file).receive(posted('SAMLRequest', file))
    expect(received.read().relyingParty).toEqual({ type: 'public', name: 'DEMO-SP-BE' })
  })

  test.each(['request-ecdsa256-keyvalue.xml', 'response-ecdsa256-keyvalue.xml', 'response-pss256-oaep256-gcm256.xml'])(
    '%s: valid, trusted, and accepted by an inspection',
    async (file) => {
      expect(await report(file)).toMatchObject({ verdict: 'accepted', signature: { valid: true, trusted: true } })
    },
  )
})
