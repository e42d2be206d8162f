import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copiesIn, readOnly } from '../../../src/trust/copies.ts'
import fc, { runs } from '../../testkit/properties.ts'

describe('verified copies on disk', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passerelle-copies-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('read after write is identity, whatever the address is', async () => {
    const addresses = fc.oneof(fc.webUrl(), fc.constantFrom('', '../../etc/passwd', '/', 'https://a.example/\0', 'é'))
    await fc.assert(
      fc.asyncProperty(addresses, fc.uint8Array({ maxLength: 300 }), async (url, octets) => {
        const copies = copiesIn(join(folder, 'all'))
        await copies.write(url, octets)
        expect(new Uint8Array((await copies.read(url)) ?? [0])).toEqual(octets)
      }),
      runs(50),
    )
    expect(await readdir(folder)).toEqual(['all'])
    for (const name of await readdir(join(folder, 'all'))) expect(name).toMatch(/^[0-9a-f]{64}\.xml$/)
  })

  test('what two sources write at once under one address is the one or the other, and no trouble', async () => {
    const copies = copiesIn(join(folder, 'busy'))
    const octets = [1, 2, 3, 4].map((value) => Buffer.alloc(100_000, value))
    await Promise.all(octets.map((one) => copies.write('https://a.example/', one)))
    expect(octets).toContainEqual(await copies.read('https://a.example/'))
    expect(await readdir(join(folder, 'busy'))).toHaveLength(1)
  })

  test('the copy of one address is none of another', async () => {
    const copies = copiesIn(join(folder, 'some'))
    expect(await copies.read('https://a.example/')).toBeUndefined()
    await copies.write('https://a.example/', Buffer.from('a'))
    expect(await copies.read('https://a.example')).toBeUndefined()
  })
})

test('for who only looks nothing is written', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-copies-'))
  const copies = readOnly(copiesIn(join(folder, 'none')))
  await copies.write('https://a.example/', Buffer.from('a'))
  expect(await copies.read('https://a.example/')).toBeUndefined()
  expect(await readdir(folder)).toEqual([])
  await rm(folder, { recursive: true })
})
