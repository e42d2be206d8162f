import { writeEntityDescriptor } from '../../../src/saml/metadata/entity.ts'
import { readAnchors } from '../../../src/trust/chain.ts'
import { readMetadata, type TrustSource } from '../../../src/trust/sources.ts'
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

  test('R-IA-9, A-205: signed by a stranger who names the anchor', async () => {
    const stranger = await testKey('stranger')
    const signed = await published(connector(keys), {
      ...stranger.signing(),
      certificates: keys.metadata.signing().certificates,
    })
    expect(() => readAs(signed, keys)).toThrow(fault('MD_SIG'))
  })

  test('R-IA-9, A-205: changed after signing', () => {
    const changed = Buffer.from(text(good).replace('https://xb.example/acs', 'https://xc.example/acs'))
    expect(() => readAs(changed, keys)).toThrow(fault('MD_SIG'))
  })

  test('R-CR-18: PKCS#1 from abroad; at home it is granted', async () => {
    const rsa = await testKey('rsa', 'RSA-3072')
    const pkcs1 = rsa.signing('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256')
    const anchors = readAnchors([rsa.certificate])
    const abroad = await published(connector(keys), pkcs1)
    expect(() => readMetadata(abroad, source, anchors, NOW)).toThrow(fault('MD_SIG'))
    const home: TrustSource = { place: 'idp.xml', roles: ['identity-provider'] }
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

  test('A-209: of an entityID that is there twice the first counts, which is told, and the others stay', async () => {
    const moved = connector({ ...keys, signing: keys.metadata })
    const both = [connector(keys), moved, proxyService(keys)]
    const octets = await published(aggregate(both), keys.metadata.signing())
    const { entities, problems } = readAs(octets, keys)
    expect(entities.map(({ entityId }) => entityId)).toEqual([CONNECTOR, SERVICE])
    expect(entities[0]?.keys.keys[0]?.certificate).toBe(keys.signing.verification.certificate)
    expect(problems).toMatchObject([{ entityId: CONNECTOR, isUsed: true, fault: { code: 'MD_STRUCT' } }])
  })

  test('a bad entity is reported and harms nobody else', async () => {
    const { roles } = connector(keys)
    const bad = { ...connector(keys), roles: { sp: roles.sp && { ...roles.sp, nodeCountry: 'XC' } } }
    const octets = await published(aggregate([bad, proxyService(keys)]), keys.metadata.signing())
    expect(readAs(octets, keys)).toMatchObject({
      entities: [{ entityId: SERVICE }],
      problems: [{ place: 'xb.xml', entityId: CONNECTOR, fault: { code: 'EID_COUNTRY' } }],
    })
  })

  test('A-206: entities are no longer valid than the document, which must say how long', async () => {
    const octets = await published(aggregate([connector(keys)], NOW + DAY), keys.metadata.signing())
    expect(readAs(octets, keys).entities[0]?.validUntil).toBe(NOW + DAY)
    const forever = aggregate([connector(keys)])
    const endless = { ...forever, attributes: forever.attributes.filter(({ local }) => local !== 'validUntil') }
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
