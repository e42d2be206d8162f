import { notifiedLevels } from '../../src/identity/loa.ts'
import type { AuthnRequest, Comparison } from '../../src/saml/authn-request.ts'
import type { XmlPart } from '../../src/xml/writer.ts'
import { askConnector, askProxyService, levelsIn, sentAbroad, sentAtHome } from '../testkit/asked.ts'
import { chooseCountry, complete, type Flow, openFlow, signedAnswer } from '../testkit/flow.ts'
import { assertionTo, citizen, type Facts, freshId, mintAttributes } from '../testkit/mint.ts'
import { FOREIGN_COUNTRY, NATIONAL_SUBSTANTIAL, nationalNames, OTHER_COUNTRY, OWN_COUNTRY } from '../testkit/peers.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectAnswered, expectRefused, releasedIn } from '../testkit/verdict.ts'

/** Levels of assurance through a whole node (Message Format 1.4, 2.4.1 and 3.1). */
const [low, substantial, high] = notifiedLevels
const notNotified = (level: string) => `http://eidas.europa.eu/NotNotified/LoA/${level}`
const qaa = (level: number) => `http://www.stork.gov.eu/1.0/citizenQAALevel/${level}`

/** How the identity provider of the tests calls attributes. */
const attributes = Object.fromEntries(
  Object.entries(nationalNames).map(([fact, name]) => [
    name,
    `http://eidas.europa.eu/attributes/naturalperson/${fact}`,
  ]),
)

const asking = (comparison: Comparison, ...classRefs: readonly string[]): Partial<AuthnRequest<XmlPart>> => ({
  requestedAuthnContext: { comparison, classRefs, declRefs: [] },
})

/** The answer to a flow, at this level. */
async function answeredAt(flow: Flow, level: string, facts: Facts = citizen) {
  const { authnStatements } = assertionTo(flow)
  const assertion = {
    authnStatements: authnStatements.map((one) => ({ ...one, classRefs: [level] })),
    attributeStatements: [mintAttributes(flow.answerer, facts)],
  }
  return complete(flow, await signedAnswer(flow, { assertion }))
}

describe('a node as it comes', () => {
  let target: Target
  beforeAll(async () => {
    target = await startTarget()
  }, 60_000)
  afterAll(() => target.stop())

  test.each([
    [low, [low, substantial, high]],
    [substantial, [substantial, high]],
    [high, [high]],
  ])(
    'R-IA-5, R-IA-18, R-IA-21, R-MF-60: %s is asked for as a minimum, and reached by it and all above',
    async (asked, enough: readonly string[]) => {
      expect(levelsIn(await sentAbroad(target, asking('minimum', asked)))).toEqual(['minimum', asked])
      for (const reached of notifiedLevels) {
        const flow = await openFlow(target, 'connector', asking('minimum', asked))
        const answer = await answeredAt(flow, reached)
        if (enough.includes(reached)) expect((await releasedIn(target, answer)).loa).toBe(reached)
        else expectAnswered(flow, answer, 'EID_LOA')
      }
    },
  )

  test('R-MF-64: EID_LOA_REQ for levels that are not notified, EID_LOA for one in an answer', async () => {
    const id = freshId()
    expectRefused(
      target,
      await askConnector(target, { id, ...asking('exact', notNotified('high')) }),
      'EID_LOA_REQ',
      id,
    )
    const flow = await openFlow(target)
    expectAnswered(flow, await answeredAt(flow, notNotified('high')), 'EID_LOA')
  })

  test('R-MF-39: beside notified ones they are left out', async () => {
    const sent = await sentAbroad(target, asking('exact', high, notNotified('high')))
    expect(levelsIn(sent)).toEqual(['minimum', high])
  })

  test('R-MF-13: every level is published', async () => {
    const { body } = await target.wire.get(target.proxyService.eidasMetadata)
    for (const level of notifiedLevels) expect(body).toContain(`>${level}</saml2:AttributeValue>`)
  })

  test('R-IA-20: the level that was reached is the one in the answer, not the one asked for', async () => {
    const flow = await openFlow(target, 'proxy-service', asking('minimum', low))
    expect((await releasedIn(target, await complete(flow))).loa).toBe(substantial)
  })

  test('R-IA-19, R-LAW-11: EID_LOA for more than any class of the scheme means', async () => {
    const id = freshId()
    expectRefused(target, await askProxyService(target, { id, ...asking('minimum', high) }), 'EID_LOA', id)
  })
})

describe('a node that believes others and itself only so far', () => {
  let target: Target
  beforeAll(async () => {
    const loa = { [NATIONAL_SUBSTANTIAL]: substantial, 'urn:xa:eid:level2': low }
    target = await startTarget({
      config: { connector: { maximumLoA: { [OTHER_COUNTRY]: substantial } } },
      proxyService: { loas: [low, substantial] },
      scheme: { maximumLoA: substantial, mapping: { attributes, loa } },
    })
  }, 60_000)
  afterAll(() => target.stop())

  test('R-IA-16, R-LAW-20: a country is not offered to who asks for more than it is believed, nor taken', async () => {
    const offered = async (level: string) => (await askConnector(target, asking('minimum', level))).body
    expect(await offered(substantial)).toContain(`value="${OTHER_COUNTRY}"`)
    expect(await offered(high)).toContain(`value="${FOREIGN_COUNTRY}"`)
    expect(await offered(high)).not.toContain(`value="${OTHER_COUNTRY}"`)
    const id = freshId()
    const page = await askConnector(target, { id, ...asking('minimum', high) })
    expectRefused(target, await chooseCountry(target, page, OTHER_COUNTRY), 'EID_COUNTRY', id)
  })

  test.each([
    [low, true],
    [substantial, true],
    [high, false],
  ])('its answer at %s is taken: %s', async (level, taken) => {
    const flow = await openFlow(target, 'connector', asking('minimum', low), OTHER_COUNTRY)
    const answer = await answeredAt(flow, level, {
      ...citizen,
      PersonIdentifier: `${OTHER_COUNTRY}/${OWN_COUNTRY}/1`,
    })
    if (taken) expect((await releasedIn(target, answer)).loa).toBe(level)
    else expectAnswered(flow, answer, 'EID_LOA')
  })

  test('the other country is believed in full', async () => {
    const flow = await openFlow(target, 'connector', asking('minimum', low))
    expect((await releasedIn(target, await answeredAt(flow, high))).loa).toBe(high)
  })

  test('R-MF-13, R-IA-19: our scheme publishes no more than its highest level, and refuses to be asked for more', async () => {
    const { body } = await target.wire.get(target.proxyService.eidasMetadata)
    expect(body).not.toContain(high)
    const id = freshId()
    expectRefused(target, await askProxyService(target, { id, ...asking('minimum', high) }), 'EID_LOA', id)
  })

  test('R-IA-20: it is asked for every class that is enough', async () => {
    const sent = await sentAtHome(target, asking('minimum', low))
    expect(levelsIn(sent)).toEqual(['exact', NATIONAL_SUBSTANTIAL, 'urn:xa:eid:level2'])
  })
})

describe('a node whose neighbours reach substantial at most', () => {
  let target: Target
  beforeAll(async () => {
    const maximumLoA = { [FOREIGN_COUNTRY]: substantial, [OTHER_COUNTRY]: substantial }
    target = await startTarget({ config: { connector: { maximumLoA } } })
  }, 60_000)
  afterAll(() => target.stop())

  test('R-IA-5, R-IA-16: EID_LOA to who asks for more, before anybody chooses a country', async () => {
    const id = freshId()
    expectRefused(target, await askConnector(target, { id, ...asking('minimum', high) }), 'EID_LOA', id)
    expect(target.faults().at(-1)?.detail).toBe(`no country reaches ${high}`)
  })
})

describe('a node that takes levels that are not notified', () => {
  let target: Target
  beforeAll(async () => {
    target = await startTarget({
      describe: (metadata, name) =>
        name === 'proxyService'
          ? {
              ...metadata,
              entityAttributes: new Map([
                ...metadata.entityAttributes,
                [
                  'urn:oasis:names:tc:SAML:attribute:assurance-certification',
                  [substantial, high, notNotified('substantial'), notNotified('high'), 'urn:xb:loa:own'],
                ],
              ]),
            }
          : metadata,
      config: { connector: { nonNotified: 'accept' } },
      proxyService: { loas: [low, notNotified('low'), notNotified('substantial'), notNotified('high')] },
      scheme: { mapping: { attributes, stork: true, loa: { 'urn:xa:eid:level2': low } } },
    })
  }, 60_000)
  afterAll(() => target.stop())

  test('R-IA-18, R-MF-39, R-MF-62: lists every acceptable level, and all notified ones above', async () => {
    const sent = await sentAbroad(target, asking('exact', substantial, notNotified('substantial')))
    expect(levelsIn(sent)).toEqual(['exact', substantial, high, notNotified('substantial')])
  })

  test.each([
    [notNotified('substantial'), true],
    [substantial, true],
    [notNotified('high'), false],
    [low, false],
    [high, true],
  ])(
    'R-IA-21, R-MF-61, R-MF-62: of those the portal listed, and notified ones above, %s is taken: %s',
    async (level, taken) => {
      const flow = await openFlow(target, 'connector', asking('exact', substantial, notNotified('substantial')))
      const answer = await answeredAt(flow, level)
      if (taken) expect((await releasedIn(target, answer)).loa).toBe(level)
      else expectAnswered(flow, answer, 'EID_LOA')
    },
  )

  test('R-MF-63: EID_LOA for one that the country does not publish', async () => {
    const flow = await openFlow(target, 'connector', asking('minimum', low))
    expectAnswered(flow, await answeredAt(flow, low), 'EID_LOA')
  })

  test.each([
    [2, 'low'],
    [3, 'substantial'],
    [4, 'high'],
  ])('STORK QAA %i of our scheme leaves the country as NotNotified/LoA/%s', async (level, equivalent) => {
    const flow = await openFlow(target, 'proxy-service', asking('exact', notNotified(equivalent)))
    expect((await releasedIn(target, await answeredAt(flow, qaa(level)))).loa).toBe(notNotified(equivalent))
  })

  test.each([
    ['QAA 1 is below low', 'exact', notNotified('low'), qaa(1)],
    ['QAA 4 is no notified level', 'minimum', low, qaa(4)],
    ['QAA 3 is not QAA 4', 'exact', notNotified('high'), qaa(3)],
  ] as const)('EID_LOA: %s', async (_, comparison, asked, reached) => {
    const flow = await openFlow(target, 'proxy-service', asking(comparison, asked))
    expectAnswered(flow, await answeredAt(flow, reached), 'EID_LOA')
  })

  test('is asked for QAA levels by our proxy service', async () => {
    const sent = await sentAtHome(target, asking('exact', notNotified('substantial'), notNotified('high')))
    expect(levelsIn(sent)).toEqual(['exact', qaa(3), qaa(4)])
  })
})
