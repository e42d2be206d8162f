import type { FaultCode } from '../../src/errors/faults.ts'
import { attributeDefinitions } from '../../src/identity/attributes.ts'
import { writeExtensions } from '../../src/profiles/eidas/extensions.ts'
import { entityAttributeNames } from '../../src/profiles/eidas/metadata.ts'
import type { EntityDescriptor } from '../../src/saml/metadata/entity.ts'
import { eidas } from '../../src/xml/names.ts'
import { el } from '../../src/xml/writer.ts'
import { chooseCountry, mintAnswer, openFlow, postAnswer, postRequest } from '../testkit/flow.ts'
import { attempt, expectAccepted, expectRefusal, type Forgery } from '../testkit/forge.ts'
import { freshId, mintRequest, sign } from '../testkit/mint.ts'
import { LOA, type PeerName } from '../testkit/peers.ts'
import { at, type Change, without } from '../testkit/surgery.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectAnswered, expectNotReusable, expectPage, expectRefused } from '../testkit/verdict.ts'

/*
 * messages that contradict what their sender, or we, published.
 */

/** Metadata that says this of an entity attribute. */
const publishing = (metadata: EntityDescriptor, name: string, ...values: readonly string[]): EntityDescriptor => ({
  ...metadata,
  entityAttributes: new Map([...metadata.entityAttributes, [name, values]]),
})

const members = (request: Parameters<typeof mintRequest>[1]): Forgery => ({ request: () => request ?? {} })
const asking = (level: string): Forgery =>
  members({ requestedAuthnContext: { comparison: 'minimum', classRefs: [LOA + level], declRefs: [] } })

/** An answer at this level. */
const reaching = (level: string): Forgery => ({
  assertion: ({ authnStatements }) => ({
    authnStatements: authnStatements.map((one) => ({ ...one, classRefs: [LOA + level] })),
  }),
})

describe('neighbours who publish sectors and levels', () => {
  let target: Target
  const described: Readonly<Partial<Record<PeerName, (metadata: EntityDescriptor) => EntityDescriptor>>> = {
    portal: (metadata) => ({ ...metadata, spType: 'private' }),
    connector: (metadata) => ({ ...metadata, spType: 'private' }),
    proxyService: (metadata) => publishing(metadata, entityAttributeNames.loa, `${LOA}substantial`),
  }
  beforeAll(async () => {
    target = await startTarget({
      describe: (metadata, name) => described[name]?.(metadata) ?? metadata,
      proxyService: { requesterIdRequired: true, loas: [`${LOA}low`, `${LOA}substantial`] },
    })
  }, 60_000)
  afterAll(() => target.stop())

  const bare: Change = at('Extensions', without('SPType'))
  const named = { scoping: { requesterIds: ['https://service.xb.example'], hasIdpList: false } }

  test('connector acs: A-185 a level that the proxy service does not publish is refused, though it is higher', async () => {
    await expectRefusal(await attempt(target, 'connector acs, sealed assertion', reaching('high')), 'EID_LOA')
    await expectAccepted(await attempt(target, 'connector acs, sealed assertion'))
  })

  test('connector step: A-202 a country whose proxy service does not reach the level is not to be had', async () => {
    const { portal } = target.peers
    const id = freshId()
    const request = mintRequest(portal, {
      id,
      requestedAuthnContext: { comparison: 'minimum', classRefs: [`${LOA}high`], declRefs: [] },
    })
    const page = await postRequest(target, portal, await sign(request, portal.signing))
    expect(page.body).toContain('value="XC"')
    expect(page.body).not.toContain('value="XB"')
    expectRefused(target, await chooseCountry(target, page, 'XB'), 'EID_COUNTRY', id)
  })

  test.each<[string, Forgery, FaultCode]>([
    ['A-197 an SPType where the metadata has one', members(named), 'EID_SPTYPE'],
    ['A-198 no RequesterID of a private service', { part: bare }, 'EID_REQUESTER'],
    ['A-184 a level that we do not publish', { ...members(named), part: bare, ...asking('high') }, 'EID_LOA'],
  ])('proxy-service sso: %s is refused', async (_, forgery, code) => {
    const made = await attempt(target, 'proxy-service sso', forgery)
    expectRefused(target, made.answer, code, made.id)
  })

  test('proxy-service sso: A-197, A-198 a private service that names itself is served', async () => {
    await expectAccepted(await attempt(target, 'proxy-service sso', { ...members(named), part: bare }))
  })

  test('connector sso: A-197 another SPType than that of the metadata is refused', async () => {
    const forgery = members({ extensions: [el(eidas('SPType'), {}, 'public')] })
    await expectRefusal(await attempt(target, 'connector sso', forgery), 'EID_SPTYPE', 'asker')
    await expectAccepted(
      await attempt(target, 'connector sso', members({ extensions: writeExtensions({ spType: 'private' }) })),
    )
  })
})

describe('neighbours who are believed so much and no more', () => {
  let target: Target
  beforeAll(async () => {
    const natural = attributeDefinitions.filter(({ person, representative }) => person === 'natural' && !representative)
    target = await startTarget({
      config: { connector: { maximumLoA: { XB: `${LOA}substantial` } } },
      proxyService: { attributes: natural.map(({ name }) => name) },
    })
  }, 60_000)
  afterAll(() => target.stop())

  test('connector acs: A-184 a level above what the country is believed is refused', async () => {
    await expectRefusal(await attempt(target, 'connector acs, sealed assertion', reaching('high')), 'EID_LOA')
    await expectAccepted(await attempt(target, 'connector acs, sealed assertion', reaching('substantial')))
  })

  test('proxy-service sso: A-189 a person of whom we publish no attribute is not asked about', async () => {
    const legal = attributeDefinitions.filter((one) => one.person === 'legal' && !one.representative && one.mandatory)
    const requestedAttributes = legal.map(({ name }) => ({ name, required: true }))
    const forgery = members({ extensions: writeExtensions({ spType: 'public', requestedAttributes }) })
    await expectRefusal(await attempt(target, 'proxy-service sso', forgery), 'EID_MDS', 'asker')
  })
})

describe('neighbours of an older protocol', () => {
  let target: Target
  beforeAll(async () => {
    const old: readonly PeerName[] = ['connector', 'proxyService']
    const describe = (metadata: EntityDescriptor, name: PeerName) =>
      old.includes(name) ? publishing(metadata, entityAttributeNames.protocolVersion, '1.1', '1.0') : metadata
    target = await startTarget({ describe })
  }, 60_000)
  afterAll(() => target.stop())

  test('proxy-service sso: A-199 a connector without a version in common is refused', async () => {
    const { answer, id } = await attempt(target, 'proxy-service sso')
    expectRefused(target, answer, 'EID_VERSION', id)
  })

  test('connector step: A-199 a proxy service without a version in common is not asked', async () => {
    const { portal } = target.peers
    const id = freshId()
    const page = await postRequest(target, portal, await sign(mintRequest(portal, { id }), portal.signing))
    expectRefused(target, await chooseCountry(target, page), 'EID_VERSION', id)
  })
})

describe('neighbours with keys of RSA', () => {
  let target: Target
  beforeAll(async () => {
    target = await startTarget({ foreignKeys: 'RSA-3072' })
  }, 60_000)
  afterAll(() => target.stop())

  /* Good enough within a country, and not for eIDAS (R-CR-18). */
  const PKCS1 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'

  test('proxy-service sso: A-201 an algorithm that eIDAS does not have is refused', async () => {
    const { connector } = target.peers
    const message = await sign(mintRequest(connector), connector.signingKey.signing(PKCS1))
    expectPage(target, await postRequest(target, connector, message), 'DS_ALG')
    await expectAccepted(await attempt(target, 'proxy-service sso'))
  })

  test('connector acs: A-201 an algorithm that eIDAS does not have is refused', async () => {
    const flow = await openFlow(target, 'connector')
    const message = await sign(await mintAnswer(flow), flow.answerer.signingKey.signing(PKCS1))
    expectAnswered(flow, await postAnswer(flow, message), 'DS_ALG')
    await expectNotReusable(flow)
  })
})
