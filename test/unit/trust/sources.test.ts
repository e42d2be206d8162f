import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NodeFault } from '../../../src/errors/node-fault.ts'
import { writeEntityDescriptor } from '../../../src/saml/metadata/entity.ts'
import { readAnchors } from '../../../src/trust/chain.ts'
import { renewed } from '../../../src/trust/renewal.ts'
import { loadTrust, readMetadata, sourcesIn, type TrustSource } from '../../../src/trust/sources.ts'
import { readCertificate } from '../../../src/trust/x509.ts'
import { writeXml } from '../../../src/xml/writer.ts'
import { signingKey } from '../../../src/xmlsec/keys.ts'
import { testKey } from '../../testkit/keys.ts'
import { party } from './certificates.ts'
import {
  aggregate,
  CONNECTOR,
  connector,
  DAY,
  fault,
  IDP,
  identityProvider,
  NOW,
  type PeerKeys,
  peerKeys,
  proxyService,
  published,
  SERVICE,
} from './samples.ts'
import { readAs, source } from './sources.ts'

let keys: PeerKeys
let good: Uint8Array

beforeAll(async () => {
  keys = await peerKeys()
  good = await published(connector(keys), keys.metadata.signing())
})

const ids = ({ entities }: { readonly entities: readonly { readonly entityId: string }[] }) =>
  entities.map(({ entityId }) => entityId)

const fingerprint = (pem: string) => readCertificate(pem).x509.fingerprint256

const text = (octets: Uint8Array) => Buffer.from(octets).toString()

describe('verified metadata', () => {
  test('R-IA-9: a document signed by the anchor', () => {
    expect(readAs(good, keys)).toMatchObject({ entities: [{ entityId: CONNECTOR, country: 'XB' }], problems: [] })
  })

  test('A-205: without a signature', () => {
    const unsigned = writeXml(writeEntityDescriptor(connector(keys)))
    expect(() => readAs(unsigned, keys)).toThrow(fault('MD_SIG'))
  })

  test('A-205: signed by another trusted entity', async () => {
    const other = await published(connector(keys), keys.signing.signing())
    expect(() => readAs(other, keys)).toThrow(fault('MD_SIG'))
  })

  test('A-205: signed by a stranger who names the anchor', async () => {
    const stranger = await testKey('stranger')
    const signed = await published(connector(keys), {
      ...stranger.signing(),
      certificates: keys.metadata.signing().certificates,
    })
    expect(() => readAs(signed, keys)).toThrow(fault('MD_SIG'))
  })

  test('A-205: changed after signing', () => {
    const changed = Buffer.from(text(good).replace('https://xb.example/acs', 'https://xc.example/acs'))
    expect(() => readAs(changed, keys)).toThrow(fault('MD_SIG'))
  })

  test('R-CR-18: PKCS#1 from abroad; at home it is granted', async () => {
    const rsa = await testKey('rsa', 'RSA-3072')
    const pkcs1 = rsa.signing('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256')
    const anchors = readAnchors([rsa.certificate])
    const abroad = await published(connector(keys), pkcs1)
    expect(() => readMetadata(abroad, source, anchors, NOW)).toThrow(fault('MD_SIG'))
    const home: TrustSource = { file: 'idp.xml', anchors: [], roles: ['identity-provider'] }
    expect(ids(readMetadata(await published(identityProvider(keys), pkcs1), home, anchors, NOW))).toEqual([IDP])
  })

  test('R-IA-26: a chain up to an authority', async () => {
    const authority = await party('Authority', 'authority')
    const signer = await party('Signer', 'signing', authority)
    const key = signingKey({ privateKey: signer.key, certificates: [signer.certificate, authority.certificate] })
    const octets = await published(connector(keys), key)
    expect(ids(readMetadata(octets, source, readAnchors([authority.certificate]), NOW))).toEqual([CONNECTOR])
    const other = await party('Other authority', 'authority')
    expect(() => readMetadata(octets, source, readAnchors([other.certificate]), NOW)).toThrow(fault('TRUST_CHAIN'))
    const revoked = readAnchors([authority.certificate], { revoked: [fingerprint(signer.certificate)] })
    expect(() => readMetadata(octets, source, revoked, NOW)).toThrow(fault('TRUST_REVOKED'))
  })

  test('a document type is refused before anything else', () => {
    const evil = Buffer.from(`<!DOCTYPE x [<!ENTITY a "b">]>${text(good)}`)
    expect(() => readAs(evil, keys)).toThrow(fault('XML_DOCTYPE'))
  })
})

describe('several entities', () => {
  test('R-MF-1, A-209: one signature over all of them', async () => {
    const octets = await published(aggregate([connector(keys), proxyService(keys)]), keys.metadata.signing())
    expect(ids(readAs(octets, keys))).toEqual([CONNECTOR, SERVICE])
  })

  test('A-209: an entityID twice', async () => {
    const octets = await published(aggregate([connector(keys), connector(keys)]), keys.metadata.signing())
    expect(() => readAs(octets, keys)).toThrow(fault('MD_STRUCT'))
  })

  test('a bad entity is reported and harms nobody else', async () => {
    const { roles } = connector(keys)
    const bad = { ...connector(keys), roles: { sp: roles.sp && { ...roles.sp, nodeCountry: 'XC' } } }
    const octets = await published(aggregate([bad, proxyService(keys)]), keys.metadata.signing())
    expect(readAs(octets, keys)).toMatchObject({
      entities: [{ entityId: SERVICE }],
      problems: [{ file: 'xb.xml', entityId: CONNECTOR, fault: { code: 'EID_COUNTRY' } }],
    })
  })

  test('A-206: entities are no longer valid than the document, which must say how long', async () => {
    const octets = await published(aggregate([connector(keys)], NOW + DAY), keys.metadata.signing())
    expect(readAs(octets, keys).entities[0]?.validUntil).toBe(NOW + DAY)
    const forever = aggregate([connector(keys)])
    const endless = { ...forever, attributes: forever.attributes.filter(([name]) => name !== 'validUntil') }
    expect(readAs(await published(endless, keys.metadata.signing()), keys).problems).toMatchObject([
      { fault: { code: 'MD_TIME' } },
    ])
  })

  test('A-210: roles the source is not trusted with are passed over; nobody left is a fault', async () => {
    const octets = await published(aggregate([connector(keys), proxyService(keys)]), keys.metadata.signing())
    expect(ids(readAs(octets, keys, { roles: ['proxy-service'] }))).toEqual([SERVICE])
    expect(() => readAs(good, keys, { roles: ['proxy-service'] })).toThrow(fault('MD_STRUCT'))
  })
})

describe('files', () => {
  let directory: string

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'trust-'))
    await writeFile(join(directory, 'anchor.pem'), keys.metadata.certificate)
    await writeFile(join(directory, 'a.xml'), good)
    await writeFile(join(directory, 'b.xml'), await published(proxyService(keys), keys.metadata.signing()))
    await writeFile(join(directory, 'broken.xml'), text(good).slice(0, 500))
    await writeFile(join(directory, 'notes.txt'), 'not metadata')
  })
  afterAll(() => rm(directory, { recursive: true }))

  const common = () => ({ ...source, anchors: [join(directory, 'anchor.pem')] })

  test('a directory: every .xml file is a source; a broken one is reported and harms nobody else', async () => {
    const sources = await sourcesIn(directory, common())
    const { entities, problems } = await loadTrust(sources, NOW)
    expect(ids({ entities })).toEqual([CONNECTOR, SERVICE])
    expect(problems).toMatchObject([{ file: join(directory, 'broken.xml'), fault: { code: 'XML_PARSE' } }])
  })

  test('files that are not there, of metadata or anchors', async () => {
    const missing = { ...common(), file: join(directory, 'nowhere.xml') }
    const unanchored = { ...source, file: join(directory, 'a.xml'), anchors: [join(directory, 'nowhere.pem')] }
    const empty = { ...source, file: join(directory, 'a.xml'), anchors: [join(directory, 'notes.txt')] }
    const { problems } = await loadTrust([missing, unanchored, empty], NOW)
    expect(problems.map(({ fault: { code } }) => code)).toEqual(['MD_FETCH', 'MD_FETCH', 'CFG_INVALID'])
  })

  test('A-217: an entity in two sources is of the first', async () => {
    const one = { ...common(), file: join(directory, 'a.xml') }
    const { entities, problems } = await loadTrust([one, { ...one }], NOW)
    expect(ids({ entities })).toEqual([CONNECTOR])
    expect(problems).toMatchObject([{ entityId: CONNECTOR, fault: { code: 'MD_ENTITY' } }])
  })

  test('A-215: while a file is broken, what it held stays', async () => {
    const file = join(directory, 'a.xml')
    const held = (await loadTrust([{ ...common(), file }], NOW)).entities
    const moved = held.map((entity) => ({ ...entity, source: join(directory, 'broken.xml') }))
    const { entities, problems } = await loadTrust([{ ...common(), file: join(directory, 'broken.xml') }], NOW, moved)
    expect(ids({ entities })).toEqual([CONNECTOR])
    expect(problems).toHaveLength(1)
  })
})

describe('renewal', () => {
  const file = 'xb.xml'
  const broken = (code: 'MD_SIG' | 'TRUST_REVOKED') => ({
    entities: [],
    problems: [{ file, fault: new NodeFault(code) }],
  })

  test('A-207: older metadata does not replace newer', async () => {
    const older = await published({ ...connector(keys), validUntil: NOW + DAY }, keys.metadata.signing())
    const held = readAs(good, keys).entities
    expect(renewed(readAs(older, keys), file, held)).toMatchObject({
      entities: [{ validUntil: NOW + 7 * DAY }],
      problems: [{ entityId: CONNECTOR, fault: { code: 'MD_ROLLBACK' } }],
    })
  })

  test('who is gone from a good document is gone', async () => {
    const held = readAs(good, keys).entities
    const next = readAs(await published(proxyService(keys), keys.metadata.signing()), keys)
    expect(ids(renewed(next, file, held))).toEqual([SERVICE])
  })

  test('R-IA-25: a signer that counts no more takes its entities with it', () => {
    const held = readAs(good, keys).entities
    expect(ids(renewed(broken('MD_SIG'), file, held))).toEqual([CONNECTOR])
    expect(ids(renewed(broken('TRUST_REVOKED'), file, held))).toEqual([])
    expect(ids(renewed(broken('MD_SIG'), 'other.xml', held))).toEqual([])
  })
})
