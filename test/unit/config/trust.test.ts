import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseConfig, readSuspended } from '../../../src/config/load.ts'
import { readMetadataDocument } from '../../../src/saml/metadata/entity.ts'
import { leastConfig } from '../../testkit/config.ts'
import { signedText } from '../saml/samples.ts'

const [foreign, national] = leastConfig.trust.sources

const parse = (trust: object) =>
  parseConfig({ ...leastConfig, trust: { ...leastConfig.trust, ...trust } }, '/etc/node').trust

/** CFG_INVALID whose detail has this line, or one that begins so. */
function refusal(line: string) {
  return expect.objectContaining({ code: 'CFG_INVALID', detail: expect.stringContaining(`\n  ${line}`) })
}

describe('trust', () => {
  test('has defaults: a refresh every five minutes, nobody suspended', () => {
    expect(parse({})).toMatchObject({
      refreshMinutes: 5,
      suspended: { countries: [], entityIds: [], sources: [], schemes: [] },
    })
  })

  test('CFG_INVALID for two sources of one name', () => {
    const sources = [
      { ...foreign, name: 'xb' },
      { ...national, name: 'xb' },
    ]
    expect(() => parse({ sources })).toThrow(refusal('trust.sources: must have a name of its own each'))
  })

  const fetched = { url: 'https://eidas.example.de/metadata', anchors: ['de.pem'], roles: ['connector'], country: 'DE' }

  test('metadata may be fetched, where there is a folder for copies', () => {
    const trust = parse({ sources: [fetched], copies: 'copies' })
    expect(trust).toMatchObject({ sources: [{ url: fetched.url, aggregate: false }], copies: '/etc/node/copies' })
    expect(() => parse({ sources: [fetched] })).toThrow(refusal('trust.copies: must be given'))
  })

  test.each([
    'http://eidas.example.de/metadata',
    'https://user@eidas.example.de/',
    'https://eidas.example.de/#x',
    'https://EIDAS.example.de/',
    'https://eidas.example.de:443/',
    'file:///etc/passwd',
    'eidas.example.de',
  ])('A-213: CFG_INVALID for the URL %s', (url) => {
    expect(() => parse({ sources: [{ ...fetched, url }], copies: 'copies' })).toThrow(refusal('trust.sources[0].url: '))
  })

  test('A-213: CFG_INVALID for http on this machine, unless it is the demo', () => {
    const trust = { sources: [{ ...fetched, url: 'http://localhost:8080/metadata' }], copies: 'copies' }
    expect(() => parse(trust)).toThrow(refusal('trust.sources: must have https URLs'))
    expect(parseConfig({ ...leastConfig, trust, allowHttpForDemo: true }, '/').trust.sources).toHaveLength(1)
  })

  test('CFG_INVALID for what only makes sense of a URL, or not together', () => {
    expect(() => parse({ sources: [{ ...foreign, aggregate: true }] })).toThrow(
      refusal('trust.sources[0]: must have entityId and aggregate with url only'),
    )
    const both = { ...fetched, aggregate: true, entityId: 'x' }
    expect(() => parse({ sources: [both], copies: 'x' })).toThrow(refusal('trust.sources[0].entityId: '))
  })

  test('a list speaks for the countries that are named, each once, and comes from a URL or a file', () => {
    const list = { url: 'https://lists.example/list.xml', anchors: ['issuer.pem'], countries: [{ country: 'DE' }] }
    const [listed] = parse({ lists: [list], copies: 'copies' }).lists
    expect(listed?.countries).toEqual([{ country: 'DE', roles: ['connector', 'proxy-service'] }])
    for (const [change, line] of [
      [{ countries: [] }, '.countries: '],
      [{ countries: [{ country: 'DE' }, { country: 'DE' }] }, '.countries: must name each country once'],
      [{ countries: [{ country: 'DE', roles: ['identity-provider'] }] }, '.countries[0].roles[0]: '],
      [{ file: 'list.xml' }, ': must have either url or file'],
      [{ anchors: [] }, '.anchors: '],
    ] as const) {
      expect(() => parse({ lists: [{ ...list, ...change }], copies: 'x' })).toThrow(refusal(`trust.lists[0]${line}`))
    }
    expect(() => parse({ lists: [list] })).toThrow(refusal('trust.copies: must be given'))
  })

  test('A-264: the signer of a source, of a list and of a country of it may be pinned, by subject, by key or by both', () => {
    const subjects = ['C=DE, O=Agency, CN=Metadata signer']
    const keys = [Array.from({ length: 32 }, () => '3A').join(':')]
    const listed = { url: 'https://lists.example/list.xml', anchors: ['issuer.pem'] }
    for (const signer of [{ subjects }, { keys }, { subjects, keys }]) {
      const countries = [{ country: 'DE', signer }]
      const trust = parse({ sources: [{ ...foreign, signer }], lists: [{ ...listed, signer, countries }], copies: 'x' })
      expect(trust).toMatchObject({ sources: [{ signer }], lists: [{ signer, countries: [{ signer }] }] })
    }
  })

  test.each([
    ['nothing', {}, ': must have subjects or keys'],
    ['no subject', { subjects: [] }, '.subjects: '],
    ['a subject that ends its line', { subjects: ['CN=a\nCN=b'] }, '.subjects[0]: must be a subject on one line'],
    ['no key', { keys: [] }, '.keys: '],
    ['a fingerprint in small letters', { keys: [Array.from({ length: 32 }, () => '3a').join(':')] }, '.keys[0]: '],
    ['a fingerprint by SHA-1', { keys: [Array.from({ length: 20 }, () => '3A').join(':')] }, '.keys[0]: '],
    ['a word that is none', { subjects: ['CN=a'], names: ['a'] }, ': there is no key'],
  ])('CFG_INVALID for a signer pinned by %s', (_, signer, line) => {
    expect(() => parse({ sources: [{ ...foreign, signer }] })).toThrow(refusal(`trust.sources[0].signer${line}`))
  })

  test('CFG_INVALID for a fingerprint that is none, and for suspensions nobody understands', () => {
    expect(() => parse({ sources: [{ ...foreign, revoked: ['AB:CD'] }] })).toThrow(
      refusal('trust.sources[0].revoked[0]: '),
    )
    expect(() => parse({ suspended: { countries: ['Sweden'] } })).toThrow(refusal('trust.suspended.countries[0]: '))
    expect(() => parse({ suspended: { nodes: [] } })).toThrow(refusal('trust.suspended: there is no key'))
  })
})

test('A-267: every entityID that metadata is read with can be suspended, and given an owner', () => {
  const written = (id: string) => `<md:EntityDescriptor entityID="${id}"/>`
  // Characters of XML with all kinds of controls among them, and the longest entityID.
  const characters = Array.from({ length: 0x2100 }, (_, code) => code)
    .concat([0xa000, 0xe000, 0xf8ff, 0xfdd0, 0xfeff, 0xfffd, 0x1f600, 0xe0001, 0xe0100, 0xf0000, 0x10ffff])
    .filter((code) => code >= 0x20 || [0x9, 0xa, 0xd].includes(code))
    .map((code) => `&#${code};`)
  const ids = [...characters.map((mark) => `https://x.example/${mark}/`), 'x'.repeat(1_024), ' y ', '-', '']
  const root = signedText(`<md:EntitiesDescriptor>${ids.map(written).join('')}</md:EntitiesDescriptor>`)
  const { entities, leftOut } = readMetadataDocument(root)
  const entityIds = entities.map(({ entityId }) => entityId)
  expect(entityIds.length + leftOut.length).toBe(ids.length)
  expect(entityIds).toContain('x'.repeat(1_024))
  expect(entityIds.length).toBeGreaterThan(8_000)
  const owners = entityIds.map((entityId) => ({ role: 'connector', entityId, source: 'abroad' }))
  const trust = parse({ sources: [{ ...foreign, name: 'abroad' }, national], suspended: { entityIds }, owners })
  expect(trust.suspended.entityIds).toEqual(entityIds)
  expect(trust.owners.map(({ entityId }) => entityId)).toEqual(entityIds)
})

describe('suspensions', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'suspended-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  async function suspendedIn(text: string) {
    const file = join(folder, 'node.json')
    await writeFile(file, text)
    return readSuspended(file)
  }

  test('are read from the file whatever else has been changed in it', async () => {
    const trust = { sources: 'being edited', suspended: { countries: ['DE'] } }
    const suspended = { countries: ['DE'], entityIds: [], sources: [], schemes: [] }
    expect(await suspendedIn(JSON.stringify({ country: 7, trust }))).toEqual(suspended)
    expect(await suspendedIn('{"trust":{}}')).toEqual({ ...suspended, countries: [] })
  })

  test.each(['{', '{}', '{"trust":{"suspended":{"country":["DE"]}}}'])('CFG_INVALID for %s', async (text) => {
    await expect(suspendedIn(text)).rejects.toMatchObject({ code: 'CFG_INVALID' })
  })
})
