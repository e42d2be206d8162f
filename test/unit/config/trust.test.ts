import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseConfig, readSuspended } from '../../../src/config/load.ts'
import { leastConfig } from '../../testkit/config.ts'

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

  test('CFG_INVALID for a fingerprint that is none, and for suspensions nobody understands', () => {
    expect(() => parse({ sources: [{ ...foreign, revoked: ['AB:CD'] }] })).toThrow(
      refusal('trust.sources[0].revoked[0]: '),
    )
    expect(() => parse({ suspended: { countries: ['Sweden'] } })).toThrow(refusal('trust.suspended.countries[0]: '))
    expect(() => parse({ suspended: { nodes: [] } })).toThrow(refusal('trust.suspended: there is no key'))
  })
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
