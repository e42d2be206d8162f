import { additionalExample } from '../../../src/config/attributes-document.ts'
import { parseConfig } from '../../../src/config/load.ts'
import { leastConfig } from '../../testkit/config.ts'

const NATURAL = 'http://eidas.europa.eu/attributes/naturalperson/'
const [scheme] = leastConfig.proxyService.schemes
const [role] = additionalExample.attributes

const parse = (change: Readonly<Record<string, unknown>>) => parseConfig({ ...leastConfig, ...change }, '/etc/node')

function refusal(line: string) {
  return expect.objectContaining({ code: 'CFG_INVALID', detail: expect.stringContaining(`\n  ${line}`) })
}

describe('additional attributes', () => {
  test('AP 2.7: those in docs/attributes.md are a configuration, strings with one value', () => {
    const { attributes } = parse(additionalExample)
    expect(attributes).toEqual(
      additionalExample.attributes.map((one) => ({ ...one, type: 'xs:string', multiple: false })),
    )
  })

  test.each([
    ['of the profile', { ...role, name: `${NATURAL}Gender` }, 'attributes[0].name'],
    ['in its namespace', { ...role, name: `${NATURAL}ShoeSize` }, 'attributes[0].name'],
    ['that is no URI', { ...role, name: 'shoe size' }, 'attributes[0].name'],
    ['of nobody', { ...role, person: 'representative' }, 'attributes[0].person'],
    ['of another type', { ...role, type: 'xs:int' }, 'attributes[0].type'],
    ['with an odd FriendlyName', { ...role, friendlyName: '<b>' }, 'attributes[0].friendlyName'],
  ])('CFG_INVALID for one %s', (_, attribute, path) => {
    expect(() => parse({ attributes: [attribute] })).toThrow(refusal(`${path}: `))
  })

  test('CFG_INVALID for one twice, by either name', () => {
    expect(() => parse({ attributes: [role, role] })).toThrow(refusal('attributes: must name each attribute once'))
    expect(() => parse({ attributes: [role, { ...role, name: 'urn:x' }] })).toThrow(refusal('attributes: must have a'))
  })

  test('can be named wherever attributes are; one that nobody added cannot', () => {
    const mapping = { attributes: { role: role.name } }
    const using = {
      connector: {
        serviceProviders: { optionalAttributes: [role.name], mappings: { 'https://sp.example/': mapping } },
      },
      proxyService: { ...leastConfig.proxyService, schemes: [{ ...scheme, mapping }] },
    }
    expect(parse({ ...using, ...additionalExample }).proxyService.schemes[0]?.mapping).toMatchObject(mapping)
    for (const path of [
      'connector.serviceProviders.optionalAttributes[0]: must be of',
      'connector.serviceProviders.mappings["https://sp.example/"].attributes.role: must be of',
      'proxyService.schemes[0].mapping.attributes.role: must be of',
    ]) {
      expect(() => parse(using)).toThrow(refusal(path))
    }
  })
})

describe('what the proxy service publishes', () => {
  const naturalSet = ['PersonIdentifier', 'CurrentFamilyName', 'CurrentGivenName', 'DateOfBirth'].map(
    (one) => NATURAL + one,
  )
  const publish = (attributes: readonly string[]) =>
    parse({ proxyService: { ...leastConfig.proxyService, attributes } })

  test('R-MF-14: whole data sets, and what is optional of them', () => {
    const attributes = [...naturalSet, `${NATURAL}Gender`]
    expect(publish(attributes).proxyService.attributes).toEqual(attributes)
  })

  test.each([
    ['an incomplete set', naturalSet.slice(1)],
    ['nobody', []],
    ['a representative', [...naturalSet, `${NATURAL}representative/Gender`]],
    ['one twice', [...naturalSet, ...naturalSet]],
  ])('CFG_INVALID for %s', (_, attributes) => {
    expect(() => publish(attributes)).toThrow(refusal('proxyService.attributes: '))
  })
})
