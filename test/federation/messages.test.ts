import { writeExtensions } from '../../src/profiles/eidas/extensions.ts'
import { type Assertion, readAssertion } from '../../src/saml/assertion.ts'
import { type AuthnRequest, readAuthnRequest } from '../../src/saml/authn-request.ts'
import { receiveRedirect } from '../../src/saml/bindings/redirect.ts'
import { attributeNameFormats, bindings, confirmationMethods, nameIdFormats, statuses } from '../../src/saml/uris.ts'
import { messageLimits } from '../../src/xml/limits.ts'
import { saml, samlp } from '../../src/xml/names.ts'
import { text } from '../../src/xml/reader.ts'
import type { XmlPart } from '../../src/xml/writer.ts'
import { eidasSignatureAlgorithms } from '../../src/xmlsec/algorithms.ts'
import { decryptElement } from '../../src/xmlsec/decrypt.ts'
import { eidasEncryption } from '../../src/xmlsec/encryption-policy.ts'
import { withVerifiedOctets } from '../../src/xmlsec/octets.ts'
import { withVerified } from '../../src/xmlsec/verify.ts'
import { askConnector, askProxyService, requestedIn, sentAbroad } from '../testkit/asked.ts'
import { complete, linkOf, openFlow, postAnswer, signedAnswer, submitStep } from '../testkit/flow.ts'
import { assertionTo, freshId } from '../testkit/mint.ts'
import type { PeerName } from '../testkit/peers.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectAnswered, expectPage, expectRefused, refusalOf, releasedIn, responseIn } from '../testkit/verdict.ts'

/** Requests and responses as the Message Format 1.4 has them (2.2 to 2.4.2), sent and received by a whole node. */
let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

type Overrides = Partial<AuthnRequest<XmlPart>>

/** The node's own request, verified with the key it publishes. */
async function askedAbroad(overrides: Overrides = {}): Promise<AuthnRequest> {
  const octets = Buffer.from(await sentAbroad(target, overrides))
  const keysFor = () => ({ keys: target.published.proxyService.keys.keys, algorithms: eidasSignatureAlgorithms })
  return withVerified(
    octets,
    { root: [samlp('AuthnRequest')], schema: 'protocol', limits: messageLimits, keysFor },
    readAuthnRequest,
  )
}

describe('a request of ours', () => {
  test('R-MF-35, R-MF-36, R-MF-41, R-IA-11, R-IA-28, R-CR-10: is signed, forced, not passive, addressed and from our metadata', async () => {
    const { peers, connector } = target
    expect(await askedAbroad()).toMatchObject({
      version: '2.0',
      destination: peers.proxyService.endpoint,
      issuer: { value: connector.eidasMetadata, format: nameIdFormats.entity },
      forceAuthn: true,
      isPassive: false,
    })
  })

  test('R-MF-41: has an ID that nobody can guess, and its time', async () => {
    const ids = [await askedAbroad(), await askedAbroad()].map(({ id }) => id)
    for (const id of ids) expect(id).toMatch(/^_[0-9a-f]{32,}$/)
    expect(new Set(ids).size).toBe(2)
    expect(Math.abs((await askedAbroad()).issueInstant - Date.now())).toBeLessThan(5_000)
  })

  test('R-MF-34: leaves the assertion consumer service and the binding to the metadata', async () => {
    const request = await askedAbroad()
    expect(request.assertionConsumerServiceURL).toBeUndefined()
    expect(request.protocolBinding).toBeUndefined()
  })

  test.each(['persistent', 'transient', 'unspecified'] as const)(
    'R-MF-30: names the NameID format %s',
    async (format) => {
      const { nameIdPolicy } = await askedAbroad({ nameIdPolicy: { format: nameIdFormats[format] } })
      expect(nameIdPolicy).toMatchObject({ format: nameIdFormats[format], allowCreate: true })
    },
  )

  test('R-MF-31, R-MF-32, R-MF-33: asks in Extensions for whole data sets, isRequired as these fix it', async () => {
    const NATURAL = 'http://eidas.europa.eu/attributes/naturalperson/'
    const some = [
      { name: `${NATURAL}PersonIdentifier`, required: false },
      { name: `${NATURAL}Gender`, required: true },
    ]
    const sent = requestedIn(await sentAbroad(target, { extensions: writeExtensions({ requestedAttributes: some }) }))
    expect(Object.fromEntries(sent.map(({ name, required }) => [name.slice(NATURAL.length), required]))).toEqual({
      PersonIdentifier: true,
      CurrentFamilyName: true,
      CurrentGivenName: true,
      DateOfBirth: true,
      Gender: false,
    })
  })

  test('R-MF-37, R-IA-17: names the service provider by its entityID', async () => {
    expect((await askedAbroad()).scoping?.requesterIds).toEqual([target.peers.portal.entityId])
    const scoping = { hasIdpList: false, requesterIds: [target.peers.portal.entityId] }
    expect((await askedAbroad({ scoping })).scoping?.requesterIds).toEqual([target.peers.portal.entityId])
  })

  test('R-MF-38, A-301: says what the metadata calls the service provider, whatever it calls itself', async () => {
    for (const providerName of [undefined, 'Tax office', 'x'.repeat(300), '\u3164']) {
      expect((await askedAbroad({ providerName })).providerName).toBe('Service at portal.xa.example')
    }
  })

  test.each([
    ['another sector', { extensions: writeExtensions({ spType: 'private' }) }, 'EID_SPTYPE'],
    ['another service', { scoping: { hasIdpList: false, requesterIds: ['https://tax.example/'] } }, 'EID_REQUESTER'],
    [
      'itself and another service',
      { scoping: { hasIdpList: false, requesterIds: ['https://portal.xa.example/metadata', 'https://tax.example/'] } },
      'EID_REQUESTER',
    ],
  ] as const)('A-301: a service provider that says it is %s is refused', async (_, overrides, code) => {
    const id = freshId()
    expectRefused(target, await askConnector(target, { id, ...overrides }), code, id)
  })
})

describe('a request from abroad', () => {
  test.each([
    ['R-MF-35: not forced', { forceAuthn: false }, 'SAML_REQ'],
    ['R-MF-36: passive', { isPassive: true }, 'SAML_PASSIVE'],
    ['R-MF-36: perhaps passive', { isPassive: undefined }, 'SAML_REQ'],
    [
      'R-MF-30: a NameID format of somebody else',
      { nameIdPolicy: { format: nameIdFormats.emailAddress } },
      'SAML_NAMEID',
    ],
    ['R-MF-39: without a level', { requestedAuthnContext: undefined }, 'EID_LOA_REQ'],
    ['R-MF-41: for another endpoint', { destination: 'https://other.example/sso' }, 'SAML_DEST'],
    ['R-MF-41: of SAML 1', { version: '1.1' }, 'SAML_VERSION'],
    ['R-MF-42: to another binding', { protocolBinding: bindings.redirect }, 'SAML_REQ'],
    [
      'R-MF-37: with two RequesterIDs',
      { scoping: { hasIdpList: false, requesterIds: ['urn:a', 'urn:b'] } },
      'EID_REQUESTER',
    ],
    ['R-MF-38: with a ProviderName that is a novel', { providerName: 'x'.repeat(129) }, 'SAML_REQ'],
    ['R-MF-31: without attributes', { extensions: writeExtensions({ spType: 'public' }) }, 'EID_ATTR'],
  ] as const)('is refused: %s', async (_, overrides, code) => {
    const id = freshId()
    expectRefused(target, await askProxyService(target, { id, ...overrides }), code, id)
  })

  test('R-MF-30: whoever asked for that reads that the request was wrong, not an answer', async () => {
    const page = await askProxyService(target, { nameIdPolicy: { format: nameIdFormats.emailAddress } })
    const { message } = responseIn(target, page, 'connector').status
    expect(message).toBe('SAML_NAMEID - The service asked for something that is not allowed.')
  })

  test('R-MF-34: may name our peer’s assertion consumer service, to the letter, and an AttributeConsumingService', async () => {
    const { endpoint } = target.peers.connector
    const flow = await openFlow(target, 'proxy-service', {
      assertionConsumerServiceURL: endpoint,
      attributeConsumingServiceIndex: 0,
    })
    await expect(releasedIn(target, await complete(flow))).resolves.toBeDefined()
    const other = await askProxyService(target, { assertionConsumerServiceURL: endpoint.replace('acs', 'ACS') })
    expectPage(target, other, 'SAML_ACS')
    expect(target.faults().at(-1)?.detail).toContain(`does not publish ${endpoint.replace('acs', 'ACS')}`)
    expect(other.body).toContain(`href="${target.peers.connector.metadata.organization?.urls[0]?.value}"`)
  })

  test('R-IA-6, R-IA-12, R-IA-35: is answered by nobody when its issuer is not known', async () => {
    const issuer = { value: 'https://nobody.example/metadata', format: nameIdFormats.entity }
    expectPage(target, await askProxyService(target, { issuer }), 'SAML_ISSUER')
  })
})

/** The assertion that left for the other country, decrypted with its key, and the response around it. */
async function releasedAbroad(overrides: Overrides = {}) {
  const flow = await openFlow(target, 'proxy-service', overrides)
  const response = responseIn(target, await complete(flow), 'connector')
  const [encrypted, ...others] = response.encryptedAssertions
  if (encrypted === undefined) throw new TypeError('no encrypted assertion')
  const decrypted = await decryptElement(encrypted, {
    keys: [target.peers.connector.encryptionKey.decryption],
    policy: eidasEncryption,
    root: saml('Assertion'),
    schema: 'protocol',
    limits: messageLimits,
  })
  return { flow, response, others, assertion: readAssertion(decrypted) }
}

const valuesIn = ({ attributeStatements }: Assertion) =>
  attributeStatements.flat().flatMap(({ values }) => values.map(text))

describe('a response of ours', () => {
  test('R-IA-13, R-MF-50, R-MF-56, R-CR-10: is signed and has one assertion, encrypted, with one statement of either kind', async () => {
    const { flow, response, others, assertion } = await releasedAbroad()
    expect(response.status.codes).toEqual([statuses.success])
    expect([...response.assertions, ...others]).toEqual([])
    expect(assertion.authnStatements).toHaveLength(1)
    expect(assertion.attributeStatements).toHaveLength(1)
    expect(response).toMatchObject({ inResponseTo: flow.askedId, destination: target.peers.connector.endpoint })
    expect(response.issuer).toEqual({ value: target.proxyService.eidasMetadata, format: nameIdFormats.entity })
  })

  test('R-MF-57, R-MF-58: is for one bearer, one audience and five minutes, from no address in particular', async () => {
    const { flow, assertion } = await releasedAbroad()
    const { connector } = target.peers
    const [confirmation, ...more] = assertion.subject?.confirmations ?? []
    expect(more).toEqual([])
    expect(confirmation?.method).toBe(confirmationMethods.bearer)
    expect(confirmation?.data).toMatchObject({ recipient: connector.endpoint, inResponseTo: flow.askedId })
    expect(confirmation?.data?.address).toBeUndefined()
    expect(confirmation?.data?.notOnOrAfter).toBe(assertion.issueInstant + 300_000)
    const { notBefore, notOnOrAfter, audienceRestrictions } = assertion.conditions ?? {}
    expect({ notBefore, notOnOrAfter }).toEqual({
      notBefore: assertion.issueInstant,
      notOnOrAfter: assertion.issueInstant + 300_000,
    })
    expect(audienceRestrictions).toEqual([[connector.entityId]])
  })

  test('R-MF-52, R-IA-20: says the level that was reached', async () => {
    const { assertion } = await releasedAbroad()
    expect(assertion.authnStatements[0]?.classRefs).toEqual(['http://eidas.europa.eu/LoA/substantial'])
  })

  test('R-MF-53: has attributes by URI, none of them empty', async () => {
    const { assertion } = await releasedAbroad()
    for (const { nameFormat } of assertion.attributeStatements.flat()) expect(nameFormat).toBe(attributeNameFormats.uri)
    for (const value of valuesIn(assertion)) expect(value).toMatch(/\S/)
  })

  test.each(['persistent', 'transient', 'unspecified'] as const)(
    'R-MF-30, R-MF-51: names the citizen as was asked: %s',
    async (format) => {
      const { assertion } = await releasedAbroad({ nameIdPolicy: { format: nameIdFormats[format] } })
      const nameId = assertion.subject?.nameId
      expect(nameId?.format).toBe(nameIdFormats[format === 'unspecified' ? 'persistent' : format])
      expect(valuesIn(assertion).includes(nameId?.value ?? '')).toBe(format !== 'transient')
    },
  )

  test('R-IA-2, R-MF-54, R-MF-59: an error has a status, and no assertion', async () => {
    const flow = await openFlow(target, 'proxy-service')
    const consent = await postAnswer(flow, await signedAnswer(flow))
    expectAnswered(flow, await submitStep(target, consent, [['action', 'cancel']]), 'USER_CANCELLED')
  })

  test('R-IA-14, R-IA-35: goes to the assertion consumer service of the metadata, by POST', async () => {
    const flow = await openFlow(target, 'proxy-service')
    const answer = await complete(flow)
    expect(answer.body).toContain(`method="post" action="${target.peers.connector.endpoint}"`)
  })
})

describe('R-MF-40: an identity provider that takes requests by redirect only', () => {
  let redirecting: Target
  beforeAll(async () => {
    redirecting = await startTarget({
      describe: (metadata, name: PeerName) =>
        name === 'identityProvider' && metadata.roles.idp !== undefined
          ? { ...metadata, roles: { idp: { ...metadata.roles.idp, singleSignOn: [byRedirect] } } }
          : metadata,
    })
  }, 60_000)
  afterAll(() => redirecting.stop())

  const byRedirect = { binding: bindings.redirect, location: 'https://idp.xa.example/sso' }

  test('is asked by a link, deflated and signed in the query', async () => {
    const answer = await askProxyService(redirecting, {})
    const link = linkOf(answer, byRedirect.location)
    const query = { method: 'GET', contentType: undefined, contentEncoding: undefined, body: new Uint8Array() }
    const bound = receiveRedirect({ ...query, query: link?.search.slice(1) ?? '' })
    const keysFor = () => redirecting.published.identityProvider.keys
    const expected = { root: [samlp('AuthnRequest')], schema: 'protocol', limits: messageLimits, keysFor } as const
    if (bound.detached === undefined) throw new TypeError('not signed')
    const request = withVerifiedOctets(bound.xml, expected, bound.detached, readAuthnRequest)
    expect(request).toMatchObject({ destination: byRedirect.location, forceAuthn: true })
  })

  test('answers as any other does', async () => {
    const flow = await openFlow(redirecting, 'proxy-service')
    await expect(releasedIn(redirecting, await complete(flow))).resolves.toBeDefined()
  })
})

/** A private service that asks through the portal. */
const PRIVATE_SERVICE = 'https://shop.xa.example/'

describe('what is agreed with single peers', () => {
  let agreed: Target
  const known = 'https://shop.xb.example/metadata'
  beforeAll(async () => {
    agreed = await startTarget({
      describe: (metadata, name: PeerName) =>
        name === 'proxyService'
          ? {
              ...metadata,
              entityAttributes: new Map([
                ...metadata.entityAttributes,
                [
                  'http://macedir.org/entity-category',
                  ['http://eidas.europa.eu/entity-attributes/termsofaccess/requesterid'],
                ],
              ]),
            }
          : metadata,
      config: {
        limits: { peerClockSkewSeconds: { 'https://connector.xb.example/metadata': 240 } },
        connector: {
          audienceByAcs: ['https://proxy.xb.example/metadata'],
          serviceProviders: {
            hubs: { 'https://portal.xa.example/metadata': { [PRIVATE_SERVICE]: { name: 'Shop', spType: 'private' } } },
          },
        },
      },
      proxyService: { requesterIdRequired: true, privateRequesters: [known] },
      scheme: { conditionsSeconds: 28_800, authenticatingAuthority: true },
    })
  }, 60_000)
  afterAll(() => agreed.stop())

  const ahead = (seconds: number) => ({ issueInstant: Date.now() + seconds * 1_000 })

  test('a clock may be off by as much as is known of it', async () => {
    expect(refusalOf(agreed, await askProxyService(agreed, ahead(200)))).toBeUndefined()
    const id = freshId()
    expectRefused(agreed, await askProxyService(agreed, { id, ...ahead(270) }), 'SAML_TIME', id)
    expectRefused(target, await askProxyService(target, { id, ...ahead(200) }), 'SAML_TIME', id)
    const portals = freshId()
    expectRefused(agreed, await askConnector(agreed, { id: portals, ...ahead(200) }), 'SAML_TIME', portals)
  })

  test('R-MF-57: an audience may be our assertion consumer service, for who is known to write it so', async () => {
    const answered = async (at: Target, audience: string, country?: string) => {
      const flow = await openFlow(at, 'connector', {}, country)
      const { conditions } = assertionTo(flow)
      const audienceRestrictions = [[audience]]
      const assertion = { conditions: conditions && { ...conditions, audienceRestrictions } }
      return { flow, answer: await postAnswer(flow, await signedAnswer(flow, { assertion })) }
    }
    const { answer } = await answered(agreed, agreed.connector.acs)
    await expect(releasedIn(agreed, answer)).resolves.toBeDefined()
    const ofOthers = await answered(agreed, agreed.proxyService.acsOf('national'))
    expectAnswered(ofOthers.flow, ofOthers.answer, 'SAML_AUDIENCE')
    const notAgreed = await answered(agreed, agreed.connector.acs, 'XC')
    expectAnswered(notAgreed.flow, notAgreed.answer, 'SAML_AUDIENCE')
    const asItComes = await answered(target, target.connector.acs)
    expectAnswered(asItComes.flow, asItComes.answer, 'SAML_AUDIENCE')
  })

  test('an identity provider may be a proxy, and say so, and have long Conditions, where that is agreed', async () => {
    const answered = async (at: Target, change: (usual: Assertion<XmlPart>) => Partial<Assertion<XmlPart>>) => {
      const flow = await openFlow(at, 'proxy-service')
      const answer = await postAnswer(flow, await signedAnswer(flow, { assertion: change(assertionTo(flow)) }))
      return { flow, answer }
    }
    const proxied = ({ authnStatements }: Assertion<XmlPart>) => ({
      authnStatements: authnStatements.map((one) => ({
        ...one,
        authenticatingAuthorities: ['https://behind.example'],
      })),
    })
    const lasting =
      (seconds: number) =>
      ({ conditions }: Assertion<XmlPart>) => ({
        conditions: conditions && { ...conditions, notOnOrAfter: Date.now() + seconds * 1_000 },
      })
    for (const change of [proxied, lasting(28_000)]) {
      const { flow, answer } = await answered(agreed, change)
      const consented = await submitStep(agreed, answer, [['action', 'continue']])
      expect({ body: consented.body, flow }).toMatchObject({ body: expect.stringContaining('name="SAMLResponse"') })
    }
    const tooLong = await answered(agreed, lasting(29_000))
    expectAnswered(tooLong.flow, tooLong.answer, 'SAML_TIME')
    const notAgreed = await answered(target, lasting(28_000))
    expectAnswered(notAgreed.flow, notAgreed.answer, 'SAML_TIME')
    const proxy = await answered(target, proxied)
    expectAnswered(proxy.flow, proxy.answer, 'SAML_ACR')
  })

  const from = (type: 'public' | 'private', ...requesterIds: readonly string[]) => ({
    extensions: writeExtensions({
      spType: type,
      requestedAttributes: ['PersonIdentifier', 'CurrentFamilyName', 'CurrentGivenName', 'DateOfBirth'].map((fact) => ({
        name: `http://eidas.europa.eu/attributes/naturalperson/${fact}`,
        required: true,
      })),
    }),
    ...(requesterIds.length === 0 ? {} : { scoping: { hasIdpList: false, requesterIds } }),
  })

  test('R-MF-20, R-IA-8, R-LAW-21: that private service providers must name themselves is published', async () => {
    const { body } = await agreed.wire.get(agreed.proxyService.eidasMetadata)
    expect(body).toContain('http://eidas.europa.eu/entity-attributes/termsofaccess/requesterid')
  })

  test.each([
    ['that does not say who it is', from('private')],
    ['that accepted no terms', from('private', 'https://other.xb.example/')],
  ])('R-IA-17, R-IA-19, R-LAW-21: EID_REQUESTER for a private service provider %s', async (_, overrides) => {
    const id = freshId()
    expectRefused(agreed, await askProxyService(agreed, { id, ...overrides }), 'EID_REQUESTER', id)
  })

  test.each([
    ['a private one that accepted them', from('private', known)],
    ['a public one, whoever it is', from('public', 'https://other.xb.example/')],
    ['a public one that says nothing', from('public')],
  ])('R-IA-19: %s has access', async (_, overrides) => {
    await expect(openFlow(agreed, 'proxy-service', overrides)).resolves.toBeDefined()
  })

  test('R-IA-8: who asks for a private service provider of ours is named to a peer that demands it', async () => {
    const sent = await sentAbroad(agreed, { scoping: { hasIdpList: false, requesterIds: [PRIVATE_SERVICE] } })
    expect(sent).toContain(`<saml2p:RequesterID>${PRIVATE_SERVICE}</saml2p:RequesterID>`)
    expect(sent).toContain('ProviderName="Shop"')
    expect(sent).toContain('>private<')
  })
})
