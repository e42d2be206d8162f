import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FileSource, fileOrigin } from '../../../src/trust/files.ts'
import { readCertificate } from '../../../src/trust/x509.ts'
import { createKey } from '../../../src/xmlsec/certificate.ts'
import { signingKey } from '../../../src/xmlsec/keys.ts'
import { party } from './certificates.ts'
import {
  CONNECTOR,
  connector,
  fault,
  IDP,
  identityProvider,
  NOW,
  type PeerKeys,
  peerKeys,
  proxyService,
  published,
} from './samples.ts'

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
    { check: async () => undefined },
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
  expect(entities).toMatchObject([{ entityId: CONNECTOR, place: join(directory, 'a.xml'), source: directory }])
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

describe('R-CR-20: a signer whose certificate an authority has signed with PKCS#1', () => {
  const file = (name: string) => join(directory, 'pkcs1', name)

  beforeAll(async () => {
    await mkdir(file(''))
    const authority = await party('RSA authority', 'authority', undefined, { key: await createKey('RSA-3072') })
    const signer = await party('Signer', 'signing', authority, { rsa: 'pkcs1' })
    const key = signingKey({ privateKey: signer.key, certificates: [signer.certificate] })
    await writeFile(file('authority.pem'), authority.certificate)
    await writeFile(file('abroad.xml'), await published(connector(keys), key))
    await writeFile(file('home.xml'), await published(identityProvider(keys), key))
  })

  const abroad = (changes: Partial<FileSource> = {}) =>
    firstOf({ files: [file('abroad.xml')], anchors: [file('authority.pem')], ...changes })

  test('TRUST_CERT from abroad, unless the operator grants it', async () => {
    await expect(abroad()).rejects.toMatchObject({
      code: 'TRUST_CERT',
      detail: expect.stringMatching(/is signed with PKCS#1, which pkcs1Certificates would allow$/),
    })
    await expect(abroad({ pkcs1Certificates: false })).rejects.toEqual(fault('TRUST_CERT'))
    const { entities } = await abroad({ pkcs1Certificates: true })
    expect(entities).toMatchObject([{ entityId: CONNECTOR }])
  })

  test('is taken at home, as PKCS#1 is in messages', async () => {
    const home = { files: [file('home.xml')], roles: ['identity-provider'], country: undefined } as const
    const { entities } = await abroad(home)
    expect(entities).toMatchObject([{ entityId: IDP }])
  })
})

test('R-IA-25: TRUST_REVOKED for a certificate the operator has struck off', async () => {
  const revoked = [readCertificate(keys.metadata.certificate).x509.fingerprint256]
  await expect(firstOf({ directory, revoked })).rejects.toEqual(fault('TRUST_REVOKED'))
})
