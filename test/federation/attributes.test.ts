import { additionalExample } from '../../src/config/attributes-document.ts'
import { writeExtensions } from '../../src/profiles/eidas/extensions.ts'
import type { Attribute } from '../../src/saml/attribute.ts'
import type { EntityDescriptor } from '../../src/saml/metadata/entity.ts'
import { attributeNameFormats } from '../../src/saml/uris.ts'
import { saml } from '../../src/xml/names.ts'
import { el, type XmlPart } from '../../src/xml/writer.ts'
import { askConnector, askProxyService, requestedIn, sentAbroad, sentAtHome } from '../testkit/asked.ts'
import { chooseCountry, complete, openFlow, postAnswer, signedAnswer, submitStep } from '../testkit/flow.ts'
import { citizen, freshId, mintAttributes } from '../testkit/mint.ts'
import type { PeerName } from '../testkit/peers.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectAnswered, expectRefused, releasedIn } from '../testkit/verdict.ts'

/** Attributes of the profile, of a sector, and of nobody, through a whole node. */
const NATURAL = 'http://eidas.europa.eu/attributes/naturalperson/'
const LEGAL = 'http://eidas.europa.eu/attributes/legalperson/'
const [role, , scope] = additionalExample.attributes
const unknown = 'http://eidas.europa.eu/attributes/sectorspecific/shoe-size'

const naturalSet = ['PersonIdentifier', 'CurrentFamilyName', 'CurrentGivenName', 'DateOfBirth'].map((fact) => ({
  name: NATURAL + fact,
  required: true,
}))
const legalSet = ['LegalPersonIdentifier', 'LegalName'].map((fact) => ({ name: LEGAL + fact, required: true }))

/** The proxy service of XB delivers the role, that of XC nothing of the kind. */
function describeRole(metadata: EntityDescriptor, name: PeerName): EntityDescriptor {
  const { idp } = metadata.roles
  if (name !== 'proxyService' || idp === undefined) return metadata
  const more = [role, scope].map((one) => ({ name: one.name, nameFormat: attributeNameFormats.uri }))
  return { ...metadata, roles: { idp: { ...idp, attributes: [...idp.attributes, ...more] } } }
}

let target: Target
beforeAll(async () => {
  target = await startTarget({ describe: describeRole, config: { attributes: additionalExample.attributes } })
}, 60_000)
afterAll(() => target.stop())

const asking = (...more: readonly { readonly name: string; readonly required: boolean }[]) => ({
  extensions: writeExtensions({ requestedAttributes: [...naturalSet, ...more] }),
})
const askingAbroad = (...more: readonly { readonly name: string; readonly required: boolean }[]) => ({
  extensions: writeExtensions({ spType: 'public', requestedAttributes: [...naturalSet, ...more] }),
})

const attribute = (name: string, ...values: readonly string[]): Attribute<XmlPart> => ({
  name,
  nameFormat: attributeNameFormats.uri,
  values: values.map((value) => el(saml('AttributeValue'), {}, value)),
})

test('the log says which attribute has a value that breaks its rules, and not the value', async () => {
  const flow = await openFlow(target, 'proxy-service')
  const facts = { ...citizen, DateOfBirth: '31.12.1964' }
  const message = await signedAnswer(flow, {
    assertion: { attributeStatements: [mintAttributes(flow.answerer, facts)] },
  })
  expectAnswered(flow, await postAnswer(flow, message), 'EID_VALUE')
  expect(target.faults().at(-1)?.detail).toBe(`${NATURAL}DateOfBirth: not a date of the calendar`)
})

describe('R-LAW-5, AP 2.7: additional attributes', () => {
  test('are in the metadata of the proxy service with those of the profile (R-MF-14)', async () => {
    const { body } = await target.wire.get(target.proxyService.eidasMetadata)
    for (const { name, friendlyName } of additionalExample.attributes) {
      expect(body).toContain(`FriendlyName="${friendlyName}" Name="${name}"`)
    }
    expect(body).toContain(`Name="${LEGAL}LEI"`)
    expect(body).not.toContain('/representative/')
  })

  test.each([true, false])('are asked for abroad with isRequired="%s" as the portal says', async (required) => {
    const asked = requestedIn(await sentAbroad(target, asking({ name: role.name, required })))
    expect(asked).toContainEqual({ name: role.name, friendlyName: role.friendlyName, required })
    expect(asked).toHaveLength(5)
  })

  test('the power of representation can be asked for: it is no attribute of a representative', async () => {
    const asked = requestedIn(await sentAbroad(target, asking({ name: scope.name, required: false })))
    expect(asked.map(({ name }) => name)).toContain(scope.name)
  })

  test('R-MF-31: what the country does not publish is left out, or refused when it is required', async () => {
    const optional = requestedIn(await sentAbroad(target, asking({ name: role.name, required: false }), 'XC'))
    expect(optional.map(({ name }) => name)).toEqual(naturalSet.map(({ name }) => name))
    const id = freshId()
    const page = await askConnector(target, { id, ...asking({ name: role.name, required: true }) })
    expectRefused(target, await chooseCountry(target, page, 'XC'), 'EID_MDS', id)
  })

  test('come back as strings and reach the portal under their name', async () => {
    const flow = await openFlow(target, 'connector', asking({ name: role.name, required: true }))
    const attributes = [...mintAttributes(flow.answerer), attribute(role.name, 'notary')]
    const answer = await complete(flow, await signedAnswer(flow, { assertion: { attributeStatements: [attributes] } }))
    expect((await releasedIn(target, answer)).attributes[role.name]).toEqual(['notary'])
  })

  test('R-MF-54: one that was required and does not come is EID_MDS', async () => {
    const flow = await openFlow(target, 'connector', asking({ name: role.name, required: true }))
    expectAnswered(flow, await complete(flow), 'EID_MDS')
  })

  test.each([
    ['two values of one that has one', ['notary', 'judge'], 'SAML_ATTR'],
    ['text that reorders what is seen', ['not\u202eary'], 'EID_TEXT'],
    ['no value', [' '], 'EID_MDS'],
  ] as const)('%s are refused where it was required, and left out where it was not', async (_, values, code) => {
    const answered = async (required: boolean) => {
      const flow = await openFlow(target, 'connector', asking({ name: role.name, required }))
      const attributes = [...mintAttributes(flow.answerer), attribute(role.name, ...values)]
      const message = await signedAnswer(flow, { assertion: { attributeStatements: [attributes] } })
      return { flow, answer: await complete(flow, message) }
    }
    const { flow, answer } = await answered(true)
    expectAnswered(flow, answer, code)
    const { attributes } = await releasedIn(target, (await answered(false)).answer)
    expect(Object.keys(attributes)).not.toContain(role.name)
  })

  test('leave our country as xs:string, shown to the citizen by their FriendlyName', async () => {
    const flow = await openFlow(target, 'proxy-service', askingAbroad({ name: role.name, required: true }))
    const attributes = [...mintAttributes(flow.answerer), attribute(role.name, 'notary')]
    const message = await signedAnswer(flow, { assertion: { attributeStatements: [attributes] } })
    const consent = await postAnswer(flow, message)
    expect(consent.body).toContain(role.friendlyName)
    expect(consent.body).toContain('notary')
    const { attributes: released } = await releasedIn(
      target,
      await submitStep(target, consent, [['action', 'continue']]),
    )
    expect(released[role.name]).toEqual(['notary'])
  })
})

describe('R-IA-4: attributes that nobody knows', () => {
  test('of a request of a portal are passed over', async () => {
    const asked = requestedIn(await sentAbroad(target, asking({ name: unknown, required: true })))
    expect(asked.map(({ name }) => name)).toEqual(naturalSet.map(({ name }) => name))
  })

  test('of a request from abroad are passed over', async () => {
    const flow = await openFlow(target, 'proxy-service', askingAbroad({ name: unknown, required: true }))
    const { attributes } = await releasedIn(target, await complete(flow))
    expect(Object.keys(attributes).sort()).toEqual(naturalSet.map(({ name }) => name).sort())
  })

  test.each(['connector', 'proxy-service'] as const)('of an answer to the %s go no further', async (half) => {
    const flow = await openFlow(target, half)
    const attributes = [...mintAttributes(flow.answerer), attribute(unknown, '38', '39'), attribute('urn:x', '')]
    const answer = await complete(flow, await signedAnswer(flow, { assertion: { attributeStatements: [attributes] } }))
    expect(Object.keys((await releasedIn(target, answer)).attributes)).toHaveLength(4)
  })

  test('A-191: a known one that was not asked for goes no further either', async () => {
    const flow = await openFlow(target)
    const attributes = [...mintAttributes(flow.answerer), attribute(role.name, 'notary')]
    const answer = await complete(flow, await signedAnswer(flow, { assertion: { attributeStatements: [attributes] } }))
    expect((await releasedIn(target, answer)).attributes).not.toHaveProperty([role.name])
  })
})

describe('R-MF-14: a proxy service that publishes what its scheme delivers', () => {
  let natural: Target
  beforeAll(async () => {
    const proxyService = { attributes: [...naturalSet.map(({ name }) => name), `${NATURAL}PlaceOfBirth`] }
    natural = await startTarget({ proxyService })
  }, 60_000)
  afterAll(() => natural.stop())

  test('publishes that and nothing else', async () => {
    const { body } = await natural.wire.get(natural.proxyService.eidasMetadata)
    expect(body.match(/Name="http:..eidas.europa.eu.attributes./g)).toHaveLength(5)
  })

  test('R-MF-31: what else is asked for is passed over', async () => {
    await expect(sentAtHome(natural, askingAbroad({ name: `${NATURAL}Gender`, required: false }))).resolves.toContain(
      'AuthnRequest',
    )
  })

  test('R-MF-54: who asks for a person it does not deliver is told before anybody signs in', async () => {
    const id = freshId()
    const extensions = writeExtensions({ spType: 'public', requestedAttributes: legalSet })
    expectRefused(natural, await askProxyService(natural, { id, extensions }), 'EID_MDS', id)
  })
})
