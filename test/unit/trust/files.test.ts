import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FileSource, fileOrigin } from '../../../src/trust/files.ts'
import { readCertificate } from '../../../src/trust/x509.ts'
import { CONNECTOR, connector, fault, NOW, type PeerKeys, peerKeys, proxyService, published } from './samples.ts'

let keys: PeerKeys
let directory: string

beforeAll(async () => {
  keys = await peerKeys()
  directory = await mkdtemp(join(tmpdir(), 'trust-'))
  await writeFile(join(directory, 'anchor.pem'), keys.metadata.certificate)
  await writeFile(join(directory, 'b.xml'), await published(proxyService(keys), keys.metadata.signing()))
  await writeFile(join(directory, 'a.xml'), await published(connector(keys), keys.metadata.signing()))
  await writeFile(join(directory, 'notes.txt'), 'not metadata')
})
afterAll(() => rm(directory, { recursive: true }))

function origin(changes: Partial<FileSource>) {
  return fileOrigin(
    {
      anchors: [join(directory, 'anchor.pem')],
      roles: ['connector', 'proxy-service'],
      country: 'XB',
      ...changes,
    },
    async () => undefined,
  )
}

const refresh = { which: 'all', clock: () => NOW, period: 1 } as const

async function firstOf(changes: Partial<FileSource>) {
  const [document] = (await origin(changes).documents(refresh)).documents
  if (document === undefined) throw new TypeError('there is a document')
  return document.verified(await document.octets(), NOW)
}

test('a directory: every .xml file, in the order of their names', async () => {
  const { documents } = await origin({ directory }).documents(refresh)
  expect(documents.map(({ place }) => place)).toEqual([join(directory, 'a.xml'), join(directory, 'b.xml')])
  const { entities } = await firstOf({ directory })
  expect(entities).toMatchObject([{ entityId: CONNECTOR, source: join(directory, 'a.xml') }])
})

test('MD_FETCH for a file, a directory or an anchor that is not there', async () => {
  const nowhere = join(directory, 'nowhere')
  const missing = { code: 'MD_FETCH', detail: `${nowhere} cannot be read: there is no such file or folder` }
  await expect(firstOf({ files: [nowhere] })).rejects.toMatchObject(missing)
  await expect(origin({ directory: nowhere }).documents(refresh)).rejects.toMatchObject(missing)
  await expect(firstOf({ directory, anchors: [nowhere] })).rejects.toMatchObject(missing)
})

test('MD_FETCH says when a file stands for a folder, or a folder for a file', async () => {
  const file = join(directory, 'a.xml')
  const detail = (text: string) => expect.objectContaining({ code: 'MD_FETCH', detail: expect.stringContaining(text) })
  await expect(origin({ directory: file }).documents(refresh)).rejects.toEqual(detail('it is not a folder'))
  await expect(firstOf({ files: [directory] })).rejects.toEqual(detail('it is a folder'))
})

test('CFG_INVALID for a file of anchors without one, which is named', async () => {
  const notes = join(directory, 'notes.txt')
  const detail = expect.stringContaining(notes)
  await expect(firstOf({ directory, anchors: [notes] })).rejects.toMatchObject({ code: 'CFG_INVALID', detail })
})

test('R-IA-25: TRUST_REVOKED for a certificate the operator has struck off', async () => {
  const revoked = [readCertificate(keys.metadata.certificate).x509.fingerprint256]
  await expect(firstOf({ directory, revoked })).rejects.toEqual(fault('TRUST_REVOKED'))
})
