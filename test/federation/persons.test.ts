import { type AttributeDefinition, dataSet, type PersonKind } from '../../src/identity/attributes.ts'
import { writeExtensions } from '../../src/profiles/eidas/extensions.ts'
import type { Attribute } from '../../src/saml/attribute.ts'
import type { EntityDescriptor } from '../../src/saml/metadata/entity.ts'
import type { XmlPart } from '../../src/xml/writer.ts'
import { askConnector } from '../testkit/asked.ts'
import { complete, type Flow, openFlow, postAnswer, signedAnswer, submitStep } from '../testkit/flow.ts'
import { mintAttributes } from '../testkit/mint.ts'
import { FOREIGN_COUNTRY, NATIONAL_SUBSTANTIAL, OTHER_COUNTRY, OWN_COUNTRY, type PeerName } from '../testkit/peers.ts'
import { written } from '../testkit/said.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectAnswered, releasedIn } from '../testkit/verdict.ts'

/** Natural and legal persons, and who acts for them, through a whole node (Attribute Profile 1.4, 2.8). */
const portal = 'https://portal.xa.example/metadata'
const kinds: readonly PersonKind[] = ['natural', 'legal']
const pairs = kinds.flatMap((person) => kinds.map((representative) => ({ person, representative })))

const mandatory = (person: PersonKind, representative = false) =>
  dataSet(person, representative).filter((definition) => definition.mandatory)

const facts: Readonly<Record<string, string>> = { identifier: 'XB/XA/7', date: '1970-01-01', text: 'Quill' }
const exampleOf = ({ kind }: AttributeDefinition): string => facts[kind] ?? ''

/** The mandatory attributes of a person as a proxy service writes them. */
const set = (person: PersonKind, representative = false) =>
  mandatory(person, representative).map((definition) => written(definition.name, exampleOf(definition)))

const asking = (person: PersonKind) => {
  const requestedAttributes = mandatory(person).map(({ name }) => ({ name, required: true }))
  return { extensions: writeExtensions({ requestedAttributes }) }
}
const askingAbroad = (person: PersonKind) => {
  const requestedAttributes = mandatory(person).map(({ name }) => ({ name, required: true }))
  return { extensions: writeExtensions({ spType: 'public', requestedAttributes }) }
}

const saying = (flow: Flow, attributes: readonly Attribute<XmlPart>[]) =>
  signedAnswer(flow, { assertion: { attributeStatements: [attributes] } })

const answered = async (flow: Flow, attributes: readonly Attribute<XmlPart>[]) =>
  complete(flow, await saying(flow, attributes))

/** How the identity provider of the tests calls a company and who acts for it. */
const nationalNames = Object.fromEntries(
  [...mandatory('legal'), ...mandatory('natural', true)].map(({ name, friendlyName }) => [`xa${friendlyName}`, name]),
)
const scheme = {
  mapping: { attributes: nationalNames, loa: { [NATIONAL_SUBSTANTIAL]: 'http://eidas.europa.eu/LoA/substantial' } },
}
const company = (flow: Flow, without?: string) => {
  const national: Readonly<Record<string, string>> = {
    xaLegalPersonIdentifier: '556000-1',
    xaLegalName: 'Windlesea Ferries',
    xaRepresentativePersonIdentifier: '840312-0193',
    xaRepresentativeFamilyName: 'Marchbanks',
    xaRepresentativeFirstName: 'Odette',
    xaRepresentativeDateOfBirth: '1984-03-12',
  }
  const kept = Object.entries(national).filter(([name]) => name !== without)
  return mintAttributes(flow.answerer, Object.fromEntries(kept))
}

/** The proxy service of XC knows natural persons only. */
function naturalOnly(metadata: EntityDescriptor, name: PeerName): EntityDescriptor {
  const { idp } = metadata.roles
  if (name !== 'otherProxyService' || idp === undefined) return metadata
  const attributes = idp.attributes.filter((one) => one.name.includes('/naturalperson/'))
  return { ...metadata, roles: { idp: { ...idp, attributes } } }
}

describe('where representation is accepted', () => {
  let target: Target
  beforeAll(async () => {
    target = await startTarget({
      describe: naturalOnly,
      config: { connector: { serviceProviders: { representation: { [portal]: 'accept' } } } },
      proxyService: { representation: 'accept' },
      scheme,
    })
  }, 60_000)
  afterAll(() => target.stop())

  test.each(pairs)(
    'R-AP-52, R-MF-55: a $representative person acts for a $person one',
    async ({ person, representative }) => {
      const flow = await openFlow(target, 'connector', asking(person))
      const { attributes } = await releasedIn(
        target,
        await answered(flow, [...set(person), ...set(representative, true)]),
      )
      const names = [...mandatory(person), ...mandatory(representative, true)].map(({ name }) => name)
      expect(Object.keys(attributes).sort()).toEqual([...names].sort())
    },
  )

  test.each(kinds)('a %s person for whom nobody acts is welcome as well', async (person) => {
    const flow = await openFlow(target, 'connector', asking(person))
    const { attributes } = await releasedIn(target, await answered(flow, set(person)))
    expect(Object.keys(attributes)).toHaveLength(mandatory(person).length)
  })

  test.each([
    ['R-AP-53: an incomplete one', set('natural', true).slice(1)],
    ['R-AP-57: two of them', [...set('natural', true), ...set('legal', true)]],
  ])('EID_REPR for a representative: %s', async (_, representative) => {
    const flow = await openFlow(target, 'connector', asking('legal'))
    expectAnswered(flow, await answered(flow, [...set('legal'), ...representative]), 'EID_REPR')
  })

  test('R-AP-51: EID_REPR for a person of another kind than asked, represented or not', async () => {
    const flow = await openFlow(target, 'connector', asking('natural'))
    expectAnswered(flow, await answered(flow, [...set('legal'), ...set('natural', true)]), 'EID_REPR')
    const both = await openFlow(target, 'connector', asking('natural'))
    expectAnswered(both, await answered(both, [...set('natural'), ...set('legal')]), 'EID_REPR')
  })

  test('R-AP-25: EID_COUNTRY for a representative from a country that was not asked', async () => {
    const flow = await openFlow(target, 'connector', asking('legal'))
    const [identifier, ...others] = mandatory('natural', true)
    if (identifier === undefined) throw new TypeError('no identifier')
    const stranger = [written(identifier.name, 'XC/XA/7'), ...others.map((one) => written(one.name, exampleOf(one)))]
    expectAnswered(flow, await answered(flow, [...set('legal'), ...stranger]), 'EID_COUNTRY')
  })

  test('R-MF-54: EID_MDS for a represented person without her whole data set', async () => {
    const flow = await openFlow(target, 'connector', asking('legal'))
    expectAnswered(flow, await answered(flow, [...set('legal').slice(1), ...set('natural', true)]), 'EID_MDS')
  })

  test('R-IA-16: a country that knows no legal persons is not offered to who asks for one', async () => {
    const offered = async (person: PersonKind) => (await askConnector(target, asking(person))).body
    expect(await offered('natural')).toContain(`value="${OTHER_COUNTRY}"`)
    expect(await offered('legal')).not.toContain(`value="${OTHER_COUNTRY}"`)
    expect(await offered('legal')).toContain(`value="${FOREIGN_COUNTRY}"`)
  })

  describe('a company of our own country', () => {
    test('R-AP-56, R-LAW-9: leaves with who acts for it, once the citizen has seen that', async () => {
      const flow = await openFlow(target, 'proxy-service', askingAbroad('legal'))
      const consent = await postAnswer(flow, await saying(flow, company(flow)))
      expect(consent.body).toContain(
        '<bdi>Odette Marchbanks</bdi></strong> acts for <strong><bdi>Windlesea Ferries</bdi>',
      )
      expect(consent.body).toContain('Representative: ')
      const { attributes } = await releasedIn(target, await submitStep(target, consent, [['action', 'continue']]))
      const prefix = `${OWN_COUNTRY}/${FOREIGN_COUNTRY}/`
      expect(attributes).toMatchObject({
        'http://eidas.europa.eu/attributes/legalperson/LegalPersonIdentifier': [`${prefix}556000-1`],
        'http://eidas.europa.eu/attributes/naturalperson/representative/PersonIdentifier': [`${prefix}840312-0193`],
        'http://eidas.europa.eu/attributes/naturalperson/representative/DateOfBirth': ['1984-03-12'],
      })
      expect(Object.keys(attributes)).toHaveLength(6)
    })

    test.each([
      ['R-AP-53: EID_REPR', 'xaRepresentativeDateOfBirth', 'EID_REPR'],
      ['R-MF-54: EID_MDS', 'xaLegalName', 'EID_MDS'],
    ] as const)('%s without %s', async (_, missing, code) => {
      const flow = await openFlow(target, 'proxy-service', askingAbroad('legal'))
      expectAnswered(flow, await answered(flow, company(flow, missing)), code)
    })

    test('EID_REPR when a natural person was asked for', async () => {
      const flow = await openFlow(target, 'proxy-service', askingAbroad('natural'))
      expectAnswered(flow, await answered(flow, company(flow)), 'EID_REPR')
    })
  })
})

describe('R-AP-55: where representation is not accepted', () => {
  let target: Target
  beforeAll(async () => {
    target = await startTarget({
      config: { connector: { representation: 'accept', serviceProviders: { representation: { [portal]: 'reject' } } } },
      scheme,
    })
  }, 60_000)
  afterAll(() => target.stop())

  test.each(pairs)('EID_REPR: a $representative person acts for a $person one', async ({ person, representative }) => {
    const flow = await openFlow(target, 'connector', asking(person))
    expectAnswered(flow, await answered(flow, [...set(person), ...set(representative, true)]), 'EID_REPR')
  })

  test('EID_REPR for any single attribute of a representative', async () => {
    const flow = await openFlow(target)
    expectAnswered(flow, await answered(flow, [...set('natural'), ...set('natural', true).slice(0, 1)]), 'EID_REPR')
  })

  test('a legal person for whom nobody acts is welcome', async () => {
    const flow = await openFlow(target, 'connector', asking('legal'))
    await expect(releasedIn(target, await answered(flow, set('legal')))).resolves.toBeDefined()
  })

  test('EID_REPR at our proxy service unless its operator says otherwise; nobody is asked for consent', async () => {
    const flow = await openFlow(target, 'proxy-service', askingAbroad('legal'))
    expectAnswered(flow, await postAnswer(flow, await saying(flow, company(flow))), 'EID_REPR')
  })
})
