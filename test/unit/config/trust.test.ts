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
      suspended: { countries: [], entityIds: [], sources: [] },
    })
  })

  test('CFG_INVALID for two sources of one name', () => {
    const sources = [
      { ...foreign, name: 'xb' },
      { ...national, name: 'xb' },
    ]
    expect(() => parse({ sources })).toThrow(refusal('trust.sources: must have a name of its own each'))
  })

  test('CFG_INVALID for a fingerprint that is none, and for suspensions nobody understands', () => {
    expect(() => parse({ sources: [{ ...foreign, revoked: ['AB:CD'] }] })).toThrow(
      refusal('trust.sources[0].revoked[0]: '),
    )
    expect(() => parse({ suspended: { countries: ['Sweden'] } })).toThrow(refusal('trust.suspended.countries[0]: '))
    expect(() => parse({ suspended: { nodes: [] } })).toThrow(refusal('trust.suspended: Unrecognized key'))
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
    const suspended = { countries: ['DE'], entityIds: [], sources: [] }
    expect(await suspendedIn(JSON.stringify({ country: 7, trust }))).toEqual(suspended)
    expect(await suspendedIn('{"trust":{}}')).toEqual({ ...suspended, countries: [] })
  })

  test.each(['{', '{}', '{"trust":{"suspended":{"country":["DE"]}}}'])('CFG_INVALID for %s', async (text) => {
    await expect(suspendedIn(text)).rejects.toMatchObject({ code: 'CFG_INVALID' })
  })
})
