import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileIn } from '../../../src/trust/copies.ts'
import type { LoadedTrust } from '../../../src/trust/document.ts'
import { openOwnership } from '../../../src/trust/holders.ts'
import type { OwnerWord, SourceId } from '../../../src/trust/holding.ts'
import type { TrustedEntity } from '../../../src/trust/registry.ts'
import { CONNECTOR, SERVICE } from './samples.ts'
import { loadTrustSample } from './sources.ts'

let connector: TrustedEntity
let service: TrustedEntity
let folder: string

beforeAll(async () => {
  const [first, second] = await loadTrustSample()
  if (first === undefined || second === undefined) throw new TypeError('no sample')
  connector = first
  service = second
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ownership-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** What a source says: these entities, in a document of its own. */
const said = (source: string, ...entities: readonly TrustedEntity[]): LoadedTrust => ({
  entities: entities.map((one) => ({ ...one, source, place: `${source}.xml` })),
  problems: [],
})

const ids = (...labels: readonly string[]): readonly SourceId[] =>
  labels.map((label) => ({ label, place: `/${label}.xml` }))

const open = (sources = ids('xb', 'xc'), isReadOnly = false) =>
  openOwnership({ file: fileIn(folder, 'holders.json'), isReadOnly }, sources)

/** Who counts, as pairs of entityID and source, and which faults are told of whom. */
async function settle(
  ownership: Awaited<ReturnType<typeof open>>,
  loaded: readonly LoadedTrust[],
  words: readonly OwnerWord[] = [],
) {
  const { entities, problems } = await ownership.settle(loaded, words)
  return {
    counts: entities.map(({ entityId, source }) => [entityId, source]),
    told: problems.map(({ fault, place }) => [fault.code, place]),
  }
}

const word = (source: string): OwnerWord => ({ role: 'connector', entityId: CONNECTOR, source })

test('A-261: a source that holds an entityID keeps it, in whichever order the sources are read', async () => {
  const ownership = await open()
  await settle(ownership, [said('xc', connector)])
  for (const loaded of [
    [said('xb', connector), said('xc', connector)],
    [said('xc', connector), said('xb', connector)],
  ]) {
    expect(await settle(ownership, loaded)).toEqual({
      counts: [[CONNECTOR, 'xc']],
      told: [['MD_OWNER', 'xb.xml']],
    })
  }
})

test('A-261: a holder that says nothing for a while loses nothing by it', async () => {
  const ownership = await open()
  await settle(ownership, [said('xc', connector)])
  expect(await settle(ownership, [said('xb', connector)])).toEqual({ counts: [], told: [['MD_OWNER', 'xb.xml']] })
})

test('one source may hold an entityID as connector and another as proxy service', async () => {
  const ownership = await open()
  const same = { ...service, entityId: CONNECTOR }
  expect(await settle(ownership, [said('xb', connector), said('xc', same)])).toEqual({
    counts: [
      [CONNECTOR, 'xb'],
      [CONNECTOR, 'xc'],
    ],
    told: [],
  })
})

test('A-262: where nothing is known none of two counts, nor does the one that is left when the other goes silent', async () => {
  const ownership = await open()
  const both = [said('xb', connector, service), said('xc', connector)]
  expect(await settle(ownership, both)).toEqual({
    counts: [[SERVICE, 'xb']],
    told: [
      ['MD_OWNER', 'xb.xml'],
      ['MD_OWNER', 'xc.xml'],
    ],
  })
  expect(await settle(ownership, [said('xb', connector)])).toEqual({ counts: [], told: [['MD_OWNER', 'xb.xml']] })
})

test('A-262: the operator says whose it is, also against who holds it, and it stays so', async () => {
  const ownership = await open()
  const both = [said('xb', connector), said('xc', connector)]
  await settle(ownership, both)
  for (const words of [[word('xc')], []]) {
    expect(await settle(ownership, both, words)).toEqual({
      counts: [[CONNECTOR, 'xc']],
      told: [['MD_OWNER', 'xb.xml']],
    })
  }
  expect(await settle(ownership, both, [word('xb'), word('xc')])).toMatchObject({ counts: [[CONNECTOR, 'xb']] })
})

describe('a restart', () => {
  test('A-261: the holder still holds, and what was disputed still is', async () => {
    await settle(await open(), [said('xc', connector), said('xb', service), said('xc', service)])
    expect(await settle(await open(), [said('xb', connector, service)])).toMatchObject({ counts: [] })
    expect(await settle(await open(), [said('xc', connector, service)])).toMatchObject({ counts: [[CONNECTOR, 'xc']] })
  })

  test('a source is the same with a new name, and with a new address under its name', async () => {
    await settle(await open(), [said('xc', connector)])
    const renamed = await open([...ids('xb'), { label: 'cz', place: '/xc.xml' }])
    const loaded = (label: string) => [said('xb', connector), said(label, connector)]
    expect(await settle(renamed, loaded('cz'))).toMatchObject({ counts: [[CONNECTOR, 'cz']] })
    const moved = await open([...ids('xb'), { label: 'cz', place: '/elsewhere.xml' }])
    expect(await settle(moved, loaded('cz'))).toMatchObject({ counts: [[CONNECTOR, 'cz']] })
  })

  test('a source that the operator has taken out holds nothing', async () => {
    await settle(await open(), [said('xc', connector)])
    expect(await settle(await open(ids('xb')), [said('xb', connector)])).toEqual({
      counts: [[CONNECTOR, 'xb']],
      told: [],
    })
  })

  test('a record that cannot be read is told of until there is a new one, and gives nothing to one of two', async () => {
    await writeFile(join(folder, 'holders.json'), '{')
    const both = [said('xb', connector), said('xc', connector)]
    expect(await settle(await open(ids('xb', 'xc'), true), both)).toMatchObject({
      counts: [],
      told: [
        ['MD_OWNER', 'xb.xml'],
        ['MD_OWNER', 'xc.xml'],
        ['MD_FETCH', join(folder, 'holders.json')],
      ],
    })
    expect(await readFile(join(folder, 'holders.json'), 'utf8')).toBe('{')
    expect(await settle(await open(), both)).toMatchObject({
      told: [
        ['MD_OWNER', 'xb.xml'],
        ['MD_OWNER', 'xc.xml'],
      ],
    })
  })

  test('who only looks writes nothing', async () => {
    await settle(await open(ids('xb', 'xc'), true), [said('xc', connector)])
    await expect(readFile(join(folder, 'holders.json'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

test('A-261: no source holds more than it can ever have claimed at once: what it does not claim any more makes room', async () => {
  const ownership = await open()
  for (const round of [1, 2, 3]) {
    const many = Array.from({ length: 20_000 }, (_, at) => ({
      ...connector,
      entityId: `https://${round}-${at}.example`,
    }))
    await settle(ownership, [said('xb', ...many), said('xc', service)])
  }
  const { holders } = JSON.parse(await readFile(join(folder, 'holders.json'), 'utf8'))
  expect(holders.length).toBeLessThanOrEqual(50_000)
  expect(await settle(ownership, [said('xb', service)])).toMatchObject({ counts: [] })
})
