import { type AttributeDefinition, dataSet, type PersonKind } from '../../src/identity/attributes.ts'
import { writeAddress } from '../../src/profiles/eidas/address.ts'
import { writeExtensions } from '../../src/profiles/eidas/extensions.ts'
import { attributeNameFormats } from '../../src/saml/uris.ts'
import { saml } from '../../src/xml/names.ts'
import { el } from '../../src/xml/writer.ts'
import { requestedIn, sentAbroad } from '../testkit/asked.ts'
import { complete, type Flow, openFlow, postAnswer, signedAnswer, submitStep } from '../testkit/flow.ts'
import { FOREIGN_COUNTRY, NATIONAL_SUBSTANTIAL, OWN_COUNTRY } from '../testkit/peers.ts'
import { written } from '../testkit/said.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { releasedIn } from '../testkit/verdict.ts'

/** Whole data sets, what is mandatory and what is optional, through a whole node (Attribute Profile 1.4, 2.2 to 2.4). */
const kinds: readonly PersonKind[] = ['natural', 'legal']

const address = writeAddress({ LocatorDesignator: '22', Thoroughfare: 'Harbour Street', PostName: 'Windlesea' })
const facts = {
  identifier: '7-B',
  date: '1970-01-01',
  text: 'Quill',
  gender: 'Unspecified',
  country: 'EL',
  address,
  phone: '+34912739000',
  email: 'office@quill.example',
} as const

/** The name the identity provider has for an attribute. */
const nationalName = ({ friendlyName }: AttributeDefinition) => `xa${friendlyName}`
const scheme = {
  mapping: {
    attributes: Object.fromEntries(kinds.flatMap((kind) => dataSet(kind)).map((one) => [nationalName(one), one.name])),
    loa: { [NATIONAL_SUBSTANTIAL]: 'http://eidas.europa.eu/LoA/substantial' },
  },
}

let target: Target
beforeAll(async () => {
  target = await startTarget({ scheme })
}, 60_000)
afterAll(() => target.stop())

const asking = (person: PersonKind) => {
  const requestedAttributes = dataSet(person).map(({ name, mandatory }) => ({ name, required: mandatory }))
  return { extensions: writeExtensions({ requestedAttributes }) }
}
const askingAbroad = (person: PersonKind) => {
  const requestedAttributes = dataSet(person).map(({ name, mandatory }) => ({ name, required: mandatory }))
  return { extensions: writeExtensions({ spType: 'public', requestedAttributes }) }
}

/** Values in the script of the country, by the names of their attributes. */
type Originals = Readonly<Record<string, string>>

/** What the asked party says of these attributes: as eIDAS writes them, or as the identity provider does. */
function saying(flow: Flow, definitions: readonly AttributeDefinition[], originals: Originals = {}) {
  const eidas = ({ name, kind }: AttributeDefinition) => {
    const value = kind === 'identifier' ? `${FOREIGN_COUNTRY}/${OWN_COUNTRY}/7-B` : facts[kind]
    const original = originals[name]
    return written(name, original === undefined ? value : { value: original, latin: false })
  }
  const national = (one: AttributeDefinition) => ({
    name: nationalName(one),
    nameFormat: attributeNameFormats.basic,
    values: [el(saml('AttributeValue'), {}, originals[one.name] ?? facts[one.kind])],
  })
  const attributes = definitions.map(flow.half === 'connector' ? eidas : national)
  return signedAnswer(flow, { assertion: { attributeStatements: [attributes] } })
}

/** The same as it arrives at whoever asked. */
function arriving(definitions: readonly AttributeDefinition[], countries: string) {
  const said = ({ kind }: AttributeDefinition) => (kind === 'identifier' ? `${countries}/7-B` : facts[kind])
  return Object.fromEntries(definitions.map((one) => [one.name, [said(one)]]))
}

describe.each(kinds)('the data set of a %s person', (person) => {
  const set = dataSet(person)
  const mandatory = set.filter((one) => one.mandatory)

  test('R-IA-3, R-LAW-9: all of it is asked for abroad', async () => {
    const requested = requestedIn(await sentAbroad(target, asking(person)))
    expect(requested.map(({ name, required }) => [name, required]).sort()).toEqual(
      set.map((one) => [one.name, one.mandatory]).sort(),
    )
  })

  test('R-IA-3, R-LAW-5: all of it comes through the connector to who asked', async () => {
    const flow = await openFlow(target, 'connector', asking(person))
    const { attributes } = await releasedIn(target, await complete(flow, await saying(flow, set)))
    expect(attributes).toEqual(arriving(set, `${FOREIGN_COUNTRY}/${OWN_COUNTRY}`))
  })

  test('R-IA-3, R-LAW-5: all of it leaves by the proxy service, from the names of the scheme', async () => {
    const flow = await openFlow(target, 'proxy-service', askingAbroad(person))
    const { attributes } = await releasedIn(target, await complete(flow, await saying(flow, set)))
    expect(attributes).toEqual(arriving(set, `${OWN_COUNTRY}/${FOREIGN_COUNTRY}`))
  })

  test.each(['connector', 'proxy-service'] as const)(
    'R-AP-4: at the %s, what is optional may be missing',
    async (half) => {
      const flow = await openFlow(target, half, half === 'connector' ? asking(person) : askingAbroad(person))
      const { attributes } = await releasedIn(target, await complete(flow, await saying(flow, mandatory)))
      expect(Object.keys(attributes).sort()).toEqual(mandatory.map(({ name }) => name).sort())
    },
  )

  test('R-AP-33: the citizen reads an address and not its base64', async () => {
    const flow = await openFlow(target, 'proxy-service', askingAbroad(person))
    const consent = await postAnswer(flow, await saying(flow, set))
    expect(consent.body).toContain('22, Harbour Street, Windlesea')
    expect(consent.body).not.toContain(address)
    await submitStep(target, consent, [['action', 'cancel']])
  })
})

test.each(['connector', 'proxy-service'] as const)(
  'R-AP-41: a name in another script only gets no Latin one by the %s',
  async (half) => {
    const flow = await openFlow(target, half)
    const mandatory = dataSet('natural').filter((one) => one.mandatory)
    const family = 'http://eidas.europa.eu/attributes/naturalperson/CurrentFamilyName'
    const message = await saying(flow, mandatory, { [family]: 'Ωνάσης' })
    const { attributes } = await releasedIn(target, await complete(flow, message))
    expect(attributes[family]).toEqual(['Ωνάσης'])
  },
)
