import { readFileSync } from 'node:fs'
import { parseConfig } from '../../../src/config/load.ts'
import { leastConfig } from '../../testkit/config.ts'

const NATURAL = 'http://eidas.europa.eu/attributes/naturalperson/'
const LOW = 'http://eidas.europa.eu/LoA/low'
const SUBSTANTIAL = 'http://eidas.europa.eu/LoA/substantial'
const [foreign, national] = leastConfig.trust.sources
const [scheme] = leastConfig.proxyService.schemes

const parse = (change: Readonly<Record<string, unknown>> = {}) =>
  parseConfig({ ...leastConfig, ...change }, '/etc/node')

/** CFG_INVALID whose detail has this line, or one that begins so. */
function refusal(line: string) {
  return expect.objectContaining({ code: 'CFG_INVALID', detail: expect.stringContaining(`\n  ${line}`) })
}

const sources = (...changes: readonly object[]) => ({ trust: { sources: changes } })
const serviceProviders = (change: object) => ({ connector: { serviceProviders: change } })
const proxyService = (change: object) => ({ proxyService: { ...leastConfig.proxyService, ...change } })

describe('a configuration', () => {
  test('says little and is complete: everything else has a default', () => {
    const config = parse()
    expect(config.listen).toEqual({ host: '127.0.0.1', port: 8080 })
    expect(config.limits).toEqual({
      flowSeconds: 600,
      clockSkewSeconds: 60,
      peerClockSkewSeconds: {},
      requestAgeSeconds: 300,
      assertionSeconds: 300,
    })
    expect(config.metadataLifetimeHours).toBe(24)
    expect(config.connector).toEqual({
      representation: 'reject',
      maximumLoA: {},
      audienceByAcs: [],
      identifiersFor: {},
      optionalAttributes: {},
      nonNotified: 'reject',
      serviceProviders: {
        loa: 'http://eidas.europa.eu/LoA/substantial',
        spType: 'public',
        sectors: {},
        hubs: {},
        optionalAttributes: [],
        representation: {},
        scripts: {},
        signsAssertions: false,
        relayStateOctets: 80,
        mappings: {},
      },
    })
    expect(config.proxyService.consent).toBe(true)
    expect(config.store.prefix).toBe('passerelle:')
    expect(config.web.formRedirects).toEqual([])
  })

  test('has paths from the folder of its file', () => {
    const config = parse()
    expect(config.keys.messages).toEqual({
      privateKey: '/etc/node/keys/messages.key',
      certificates: ['/etc/node/keys/messages.pem'],
    })
    expect(config.trust.sources[0]).toMatchObject({
      directory: '/etc/node/metadata',
      anchors: ['/etc/node/keys/anchor.pem'],
    })
    expect(config.trust.sources[1]).toMatchObject({ files: ['/etc/node/metadata/idp.xml'] })
  })

  test('is frozen all the way down', () => {
    const config = parse()
    for (const part of [config, config.limits, config.trust.sources, config.trust.sources[0], config.keys.messages]) {
      expect(Object.isFrozen(part)).toBe(true)
    }
  })

  test('A-255: CFG_INVALID for keys nobody knows, at every level', () => {
    expect(() => parse({ bypass: true })).toThrow(refusal('configuration: there is no key "bypass"'))
    expect(() => parse({ limits: { flowSecond: 1 } })).toThrow(refusal('limits: there is no key "flowSecond"'))
    expect(() => parse(sources({ ...foreign, trustAll: true }))).toThrow(refusal('trust.sources[0]: there is no key'))
  })

  test('R-MF-15: Greece is EL, for us and for those we trust', () => {
    expect(parse({ country: 'EL' }).country).toBe('EL')
    expect(() => parse({ country: 'GR' })).toThrow(refusal('country: must be two capital letters, EL for Greece'))
    expect(() => parse(sources({ ...foreign, country: 'GR' }))).toThrow(refusal('trust.sources[0].country: must be'))
  })

  test('reports every problem at once, with its path', () => {
    const broken = {
      country: 'Sweden',
      baseUrl: 'http://node.example.se',
      limits: { clockSkewSeconds: 61 },
      contacts: { support: 'nobody' },
      ...sources({ ...foreign, anchors: [] }),
      ...serviceProviders({ mappings: { 'https://sp.example/': { attributes: { x: 'y' } } } }),
    }
    for (const path of [
      'country: ',
      'baseUrl: must be https',
      'limits.clockSkewSeconds: ',
      'contacts.support: ',
      'contacts.technical: ',
      'trust.sources[0].anchors: ',
      'connector.serviceProviders.mappings["https://sp.example/"].attributes.x: ',
    ]) {
      expect(() => parse(broken)).toThrow(refusal(path))
    }
  })

  test('never quotes a value: it could be a secret in the wrong place', () => {
    const secret = '-----BEGIN PRIVATE KEY-----\nMIIsecret\n-----END PRIVATE KEY-----'
    for (const change of [
      { keys: { ...leastConfig.keys, messages: { privateKey: secret, certificates: [secret] } } },
      { country: secret, baseUrl: secret, operator: secret },
      proxyService({ loas: [secret], schemes: [{ ...scheme, kind: secret }] }),
      { limits: { flowSeconds: secret }, connector: { spType: secret } },
    ]) {
      expect(() => parse(change)).toThrow(expect.objectContaining({ detail: expect.not.stringContaining('MIIsecret') }))
    }
  })

  test.each([undefined, null, [], 'x', 7, {}])('CFG_INVALID for %j', (value) => {
    expect(() => parseConfig(value, '/')).toThrow(expect.objectContaining({ code: 'CFG_INVALID' }))
  })
})

describe('baseUrl', () => {
  test.each(['https://node.example.se', 'https://node.example.se:8443', 'https://[2001:db8::1]'])(
    'may be %s',
    (baseUrl) => {
      expect(parse({ baseUrl }).baseUrl).toBe(baseUrl)
    },
  )

  test.each([
    'https://node.example.se/',
    'https://node.example.se/eidas',
    'https://node.example.se?x',
    'https://node.example.se#x',
    'https://user@node.example.se',
    'https://Node.example.se',
    'https://node.example.se:443',
    'ftp://node.example.se',
    'javascript:alert(1)',
    'node.example.se',
    '',
  ])('CFG_INVALID for %j', (baseUrl) => {
    expect(() => parse({ baseUrl, allowHttpForDemo: true })).toThrow(refusal('baseUrl: must be scheme, host and port'))
  })

  test('R-IA-10, A-031: CFG_INVALID for http, unless allowHttpForDemo says otherwise', () => {
    expect(() => parse({ baseUrl: 'http://127.0.0.1:8080' })).toThrow(refusal('baseUrl: must be https'))
    expect(parse({ baseUrl: 'http://127.0.0.1:8080', allowHttpForDemo: true }).baseUrl).toBe('http://127.0.0.1:8080')
  })
})

describe('trust sources', () => {
  test('A-255: CFG_INVALID without sources, anchors, roles or metadata', () => {
    expect(() => parse(sources())).toThrow(refusal('trust.sources: '))
    expect(() => parse(sources({ ...foreign, anchors: [] }))).toThrow(refusal('trust.sources[0].anchors: '))
    expect(() => parse(sources({ ...foreign, roles: [] }))).toThrow(refusal('trust.sources[0].roles: '))
    expect(() => parse(sources({ ...national, files: [] }))).toThrow(refusal('trust.sources[0].files: '))
  })

  test('CFG_INVALID for both files and directory, or none of files, directory and url', () => {
    const { directory: _directory, ...neither } = { directory: '', ...foreign }
    for (const source of [{ ...foreign, files: ['x.xml'] }, neither]) {
      expect(() => parse(sources(source))).toThrow(
        refusal('trust.sources[0]: must have one of files, directory and url'),
      )
    }
  })

  test('A-217: CFG_INVALID for a foreign source without its country, and a national one with any', () => {
    const { country: _country, ...nowhere } = { country: '', ...foreign }
    expect(() => parse(sources(nowhere))).toThrow(refusal('trust.sources[0].country: must be given'))
    expect(() => parse(sources({ ...national, country: 'SE' }))).toThrow(
      refusal('trust.sources[0].country: must be left'),
    )
  })

  test('A-210: CFG_INVALID for a source of both national and foreign parties', () => {
    const roles = ['connector', 'service-provider']
    expect(() => parse(sources({ ...foreign, roles }))).toThrow(refusal('trust.sources[0].roles: must not mix'))
  })
})

describe('what is agreed', () => {
  test.each([
    ['an unknown attribute', { optionalAttributes: [`${NATURAL}ShoeSize`] }, 'optionalAttributes[0]'],
    ['a mandatory one', { optionalAttributes: [`${NATURAL}DateOfBirth`] }, 'optionalAttributes[0]'],
    ['one of a representative', { optionalAttributes: [`${NATURAL}representative/Gender`] }, 'optionalAttributes[0]'],
    [
      'one of a legal person',
      { optionalAttributes: ['http://eidas.europa.eu/attributes/legalperson/LEI'] },
      'optionalAttributes[0]',
    ],
    ['a level that is not notified', { loa: 'http://eidas.europa.eu/NotNotified/LoA/high' }, 'loa'],
  ])('CFG_INVALID for service providers with %s', (_, change, path) => {
    expect(() => parse(serviceProviders(change))).toThrow(refusal(`connector.serviceProviders.${path}: `))
  })

  test('CFG_INVALID for a mapping to one attribute twice, and to a level that only looks notified', () => {
    const twice = { attributes: { a: `${NATURAL}Gender`, b: `${NATURAL}Gender` } }
    const misused = { loa: { level3: 'http://eidas.europa.eu/LoA/substantial/' } }
    const of = (mapping: object) => proxyService({ schemes: [{ ...scheme, mapping }] })
    expect(() => parse(of(twice))).toThrow(refusal('proxyService.schemes[0].mapping.attributes: must name each'))
    expect(() => parse(of(misused))).toThrow(refusal('proxyService.schemes[0].mapping.loa.level3: '))
  })

  test('a mapping keeps national names as they are', () => {
    const mapping = { attributes: { 'urn:oid:2.5.4.42': `${NATURAL}CurrentGivenName` }, loa: { 'urn:x:3': 'urn:y' } }
    expect(parse(proxyService({ schemes: [{ ...scheme, mapping }] })).proxyService.schemes[0]?.mapping).toEqual(mapping)
  })

  test('CFG_INVALID for levels above the highest of the scheme, mapped or published', () => {
    const maximumLoA = 'http://eidas.europa.eu/LoA/substantial'
    const limited = (mapping: object, level: string) =>
      parse(
        proxyService({ loas: [`http://eidas.europa.eu/LoA/${level}`], schemes: [{ ...scheme, mapping, maximumLoA }] }),
      )
    expect(() => limited({}, 'substantial')).not.toThrow()
    expect(() => limited({}, 'high')).toThrow(refusal('proxyService.loas: must not have a level above'))
    const mapping = { loa: { 'urn:4': 'http://eidas.europa.eu/NotNotified/LoA/high' } }
    expect(() => limited(mapping, 'low')).toThrow(refusal('proxyService.schemes: must not map a class'))
  })

  test('CFG_INVALID for a STORK level that is made a notified one', () => {
    const qaa = 'http://www.stork.gov.eu/1.0/citizenQAALevel/4'
    const of = (level: string) => proxyService({ schemes: [{ ...scheme, mapping: { loa: { [qaa]: level } } }] })
    expect(() => parse(of('http://eidas.europa.eu/LoA/high'))).toThrow(refusal('proxyService.schemes[0].mapping.loa: '))
    expect(() => parse(of('http://eidas.europa.eu/NotNotified/LoA/high'))).not.toThrow()
  })

  test('R-IA-19: CFG_INVALID for terms of access without RequesterIDs to hold against them', () => {
    const terms = { privateRequesters: ['https://shop.example/metadata'] }
    expect(() => parse(proxyService(terms))).toThrow(refusal('proxyService.requesterIdRequired: must be true'))
    expect(() => parse(proxyService({ ...terms, requesterIdRequired: true }))).not.toThrow()
    expect(() => parse(proxyService({ privateRequesters: ['shop'], requesterIdRequired: true }))).toThrow(
      refusal('proxyService.privateRequesters[0]: '),
    )
  })

  test('a peer may have a clock skew of its own, of five minutes at most', () => {
    const of = (seconds: number) => ({ limits: { peerClockSkewSeconds: { 'https://node.example/': seconds } } })
    expect(parse(of(300)).limits.peerClockSkewSeconds).toEqual({ 'https://node.example/': 300 })
    expect(() => parse(of(301))).toThrow(refusal('limits.peerClockSkewSeconds["https://node.example/"]: '))
  })

  test('a country is believed up to a notified level', () => {
    const of = (level: string) => ({ connector: { maximumLoA: { DK: level } } })
    expect(parse(of('http://eidas.europa.eu/LoA/low')).connector.maximumLoA).toHaveProperty('DK')
    expect(() => parse(of('low'))).toThrow(refusal('connector.maximumLoA.DK: '))
    expect(() => parse({ connector: { maximumLoA: { Denmark: 'http://eidas.europa.eu/LoA/low' } } })).toThrow(
      refusal('connector.maximumLoA'),
    )
  })

  test('a scheme may be a Passport strategy by name', () => {
    const passport = { kind: 'passport', name: 'oidc', strategy: 'national-oidc' }
    expect(parse(proxyService({ schemes: [passport] })).proxyService.schemes[0]).toMatchObject(passport)
  })

  test('CFG_INVALID without a level or a scheme', () => {
    expect(() => parse(proxyService({ loas: [] }))).toThrow(refusal('proxyService.loas: '))
    expect(() => parse(proxyService({ schemes: [] }))).toThrow(refusal('proxyService.schemes: '))
  })
})

describe('several schemes', () => {
  const card = { ...scheme, displayName: 'Card' }
  const app = { kind: 'passport', name: 'app', displayName: 'App', strategy: 'app', mapping: { loa: { 2: LOW } } }
  const natural = ['PersonIdentifier', 'CurrentFamilyName', 'CurrentGivenName', 'DateOfBirth'].map(
    (local) => NATURAL + local,
  )
  const legal = ['LegalPersonIdentifier', 'LegalName'].map(
    (local) => `http://eidas.europa.eu/attributes/legalperson/${local}`,
  )

  test('R-IA-19: of either kind, each with its own mapping, highest level and attributes, in the order of the file', () => {
    const schemes = [card, { ...app, maximumLoA: LOW, attributes: natural }]
    expect(parse(proxyService({ schemes })).proxyService.schemes).toMatchObject(schemes)
  })

  test('CFG_INVALID for two of one name', () => {
    const schemes = [card, { ...app, name: card.name }]
    expect(() => parse(proxyService({ schemes }))).toThrow(refusal('proxyService.schemes: must have a name of its own'))
  })

  test('CFG_INVALID where citizens could not tell them apart: without a displayName, or with that of another', () => {
    for (const displayName of [{}, { displayName: card.displayName }]) {
      const { displayName: _, ...bare } = app
      expect(() => parse(proxyService({ schemes: [card, { ...bare, ...displayName }] }))).toThrow(
        refusal('proxyService.schemes: must have a displayName of its own each'),
      )
    }
    expect(() => parse(proxyService({ schemes: [{ ...card, displayName: 'a\u202eb' }] }))).toThrow(
      refusal('proxyService.schemes[0].displayName: '),
    )
  })

  test('R-MF-33: CFG_INVALID for a scheme that delivers part of a data set, a representative, or what nobody knows', () => {
    for (const attributes of [natural.slice(1), [], [...natural, `${NATURAL}representative/Gender`]]) {
      expect(() => parse(proxyService({ schemes: [{ ...card, attributes }] }))).toThrow(
        refusal('proxyService.schemes[0].attributes: '),
      )
    }
    expect(() => parse(proxyService({ schemes: [{ ...card, attributes: [...natural, 'urn:x:badge'] }] }))).toThrow(
      refusal('proxyService.schemes[0].attributes[4]: '),
    )
  })

  test('R-MF-14: CFG_INVALID for an attribute that is published and that no scheme delivers', () => {
    const schemes = [
      { ...card, attributes: natural },
      { ...app, attributes: legal },
    ]
    expect(() => parse(proxyService({ attributes: [...natural, ...legal], schemes }))).not.toThrow()
    expect(() => parse(proxyService({ attributes: [...natural, `${NATURAL}Gender`], schemes }))).toThrow(
      refusal('proxyService.attributes: must not have an attribute that no scheme delivers'),
    )
  })

  test('R-MF-13: CFG_INVALID for a level above the highest of every scheme; one that reaches it is enough', () => {
    const of = (level: string) =>
      proxyService({
        loas: [level],
        schemes: [
          { ...card, maximumLoA: SUBSTANTIAL },
          { ...app, maximumLoA: LOW },
        ],
      })
    expect(() => parse(of(SUBSTANTIAL))).not.toThrow()
    expect(() => parse(of('http://eidas.europa.eu/LoA/high'))).toThrow(refusal('proxyService.loas: must not have'))
  })
})

describe('limits', () => {
  test.each([
    ['flowSeconds', 60, 1800],
    ['clockSkewSeconds', 0, 60],
    ['requestAgeSeconds', 30, 300],
    ['assertionSeconds', 60, 600],
  ])('%s is a whole number from %i to %i', (name, lowest, highest) => {
    for (const value of [lowest, highest])
      expect(parse({ limits: { [name]: value } }).limits).toMatchObject({ [name]: value })
    for (const value of [lowest - 1, highest + 1, lowest + 0.5, `${lowest}`, null]) {
      expect(() => parse({ limits: { [name]: value } })).toThrow(refusal(`limits.${name}: `))
    }
  })

  test('metadata is valid for 14 days at most', () => {
    expect(parse({ metadataLifetimeHours: 336 }).metadataLifetimeHours).toBe(336)
    expect(() => parse({ metadataLifetimeHours: 337 })).toThrow(refusal('metadataLifetimeHours: '))
  })
})

describe('texts', () => {
  test('A-220: CFG_INVALID for names with control or direction characters', () => {
    for (const name of ['a\nb', 'a\u202eb', '\u200b', '', 'x'.repeat(257)]) {
      expect(() => parse({ operator: { ...leastConfig.operator, name } })).toThrow(refusal('operator.name: '))
    }
  })

  test('A-226: CFG_INVALID for a Redis prefix with anything but lower case, digits, colon and hyphen', () => {
    for (const prefix of ['', 'a b', 'a\r\n', '{a}', 'x'.repeat(65)]) {
      expect(() => parse({ store: { prefix } })).toThrow(refusal('store.prefix: '))
    }
  })

  test('forms may be redirected to origins over https only', () => {
    const formRedirects = ['https:', 'https://idp.example.de']
    expect(parse({ web: { formRedirects } }).web.formRedirects).toEqual(formRedirects)
    for (const target of ["'self'", '*', 'http://idp.example.de', 'https://a.example/x', 'https://a; script-src *']) {
      expect(() => parse({ web: { formRedirects: [target] } })).toThrow(refusal('web.formRedirects[0]: '))
    }
  })
})

test('docs/config.md has an example that is a configuration', () => {
  const document = readFileSync(new URL('../../../docs/config.md', import.meta.url), 'utf8')
  const example = /```json\n([\s\S]+?)```/.exec(document)?.[1] ?? ''
  expect(parseConfig(JSON.parse(example), '/').country).toHaveLength(2)
})
