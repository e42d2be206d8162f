import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeInstant } from '../../../src/saml/instants.ts'
import type { EntityDescriptor } from '../../../src/saml/metadata/entity.ts'
import { createFetch } from '../../../src/trust/fetch.ts'
import type { ListedCountry, ListSettings } from '../../../src/trust/lists.ts'
import { originsOf } from '../../../src/trust/origins.ts'
import { type KeptTrust, keepTrust } from '../../../src/trust/refresh.ts'
import { nobodySuspended } from '../../../src/trust/suspension.ts'
import { serviceList } from '../../../src/xml/names.ts'
import { el, writeXml, type XmlPart } from '../../../src/xml/writer.ts'
import { createKey } from '../../../src/xmlsec/certificate.ts'
import { signingKey } from '../../../src/xmlsec/keys.ts'
import { signElement, writeKeyInfo } from '../../../src/xmlsec/sign.ts'
import { type TestKey, testKey } from '../../testkit/keys.ts'
import { type LocalServer, startTls, type TlsAuthority, tlsAuthority } from '../../testkit/tls.ts'
import { party } from './certificates.ts'
import { CONNECTOR, connector, DAY, NOW, type PeerKeys, peerKeys, proxyService, published, SERVICE } from './samples.ts'

let keys: PeerKeys
let issuer: TestKey
let authority: TlsAuthority
let server: LocalServer
let folder: string
const documents = new Map<string, Uint8Array>()

const EPT = 'http://eidas.europa.eu/metadata/ept/'

beforeAll(async () => {
  keys = await peerKeys()
  issuer = await testKey('list issuer')
  authority = await tlsAuthority()
  server = await startTls(await authority.issue('localhost'))
  server.answer = ({ url = '' }, response) => {
    const document = documents.get(url)
    response.writeHead(document === undefined ? 404 : 200).end(document)
  }
})
afterAll(() => server.close())

const kept: KeptTrust[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trust-lists-'))
  await writeFile(join(folder, 'issuer.pem'), issuer.certificate)
  await writeFile(join(folder, 'national.pem'), keys.metadata.certificate)
  documents.clear()
  await publish('/connector', connector(keys))
  await publish('/service', proxyService(keys))
})
afterEach(async () => {
  for (const trust of kept.splice(0)) trust.stop()
  await rm(folder, { recursive: true })
})

async function publish(path: string, entity: EntityDescriptor, signer: TestKey = keys.metadata) {
  documents.set(path, await published(entity, signer.signing()))
}

interface Territory {
  readonly territory?: string
  readonly suspend?: string
  readonly locations: readonly Location[]
}

interface Location {
  readonly path: string
  readonly endpoints?: readonly (readonly [type: string, entityId: string])[]
  /** Base64 of DER; none when empty. */
  readonly keyInfo?: readonly string[]
}

function territory({ territory: name = 'XB', suspend, locations }: Territory): XmlPart {
  return el(
    serviceList('MetadataList'),
    { Territory: name, Suspend: suspend },
    ...locations.map(({ path, endpoints = [], keyInfo = [keys.metadata.verification.certificate] }) =>
      el(
        serviceList('MetadataLocation'),
        { Location: server.origin + path },
        ...endpoints.map(([type, entityId]) =>
          el(serviceList('Endpoint'), { EndpointType: EPT + type, EntityID: entityId }),
        ),
        keyInfo.length === 0 ? undefined : writeKeyInfo(keyInfo),
      ),
    ),
  )
}

interface ListChanges {
  readonly attributes?: Readonly<Record<string, string | undefined>>
  readonly signer?: TestKey
  readonly sign?: boolean
}

async function publishList(territories: readonly Territory[], changes: ListChanges = {}): Promise<void> {
  const { attributes = {}, signer = issuer, sign = true } = changes
  const list = el(
    serviceList('MetadataServiceList'),
    {
      ID: '_list',
      Version: '1.0',
      IssueDate: writeInstant(NOW - 3_600_000),
      NextUpdate: writeInstant(NOW + 2 * DAY),
      ...attributes,
    },
    el(
      serviceList('SchemeInformation'),
      {},
      el(serviceList('IssuerName'), {}, 'Issuer'),
      el(serviceList('SchemeIdentifier'), {}, 'https://lists.example/'),
      el(serviceList('SchemeTerritory'), {}, 'XB'),
    ),
    ...territories.map(territory),
    el(
      serviceList('DistributionPoints'),
      {},
      el(serviceList('DistributionPoint'), {}, 'https://lists.example/list.xml'),
    ),
  )
  const after = serviceList('DistributionPoints')
  documents.set('/list', writeXml(sign ? await signElement(list, signer.signing(), { after }) : list))
}

const both: Territory = { locations: [{ path: '/connector' }, { path: '/service' }] }

interface KeepChanges extends Partial<ListSettings> {
  readonly clock?: () => number
  readonly startsFromCopies?: boolean
}

async function keep({ clock = () => NOW, startsFromCopies = false, ...changes }: KeepChanges = {}): Promise<KeptTrust> {
  const countries: readonly ListedCountry[] = [{ country: 'XB', roles: ['connector', 'proxy-service'] }]
  const list = { url: `${server.origin}/list`, anchors: [join(folder, 'issuer.pem')], countries, ...changes }
  const fetch = createFetch({ authorities: [authority.certificate], allowHttpForDemo: true })
  const settings = { sources: [], lists: [list], copies: join(folder, 'copies'), allowHttpForDemo: true }
  const trust = await keepTrust({
    origins: originsOf(settings, fetch),
    suspended: async () => nobodySuspended,
    period: DAY,
    clock,
    random: () => 0.5,
    log: { info: () => undefined, warn: () => undefined },
    startsFromCopies,
  })
  kept.push(trust)
  return trust
}

const ids = ({ registry }: KeptTrust) =>
  [...registry.all('connector'), ...registry.all('proxy-service')].map(({ entityId }) => entityId)
const codes = (trust: KeptTrust) => trust.problems().map(({ fault }) => fault.code)

describe('a MetadataServiceList', () => {
  test('R-IA-24, R-IA-29, R-MF-70, R-MF-71: metadata from its locations, verified with the key the list gives', async () => {
    await publishList([both])
    const trust = await keep()
    expect(codes(trust)).toEqual([])
    expect(ids(trust)).toEqual([CONNECTOR, SERVICE])
  })

  test('may be a file', async () => {
    await publishList([both])
    await writeFile(join(folder, 'list.xml'), documents.get('/list') ?? '')
    expect(ids(await keep({ url: undefined, file: join(folder, 'list.xml') }))).toEqual([CONNECTOR, SERVICE])
  })

  test('R-MF-73: without zones, and with the version in small letters', async () => {
    const zoneless = (at: number) => writeInstant(at).slice(0, 19)
    await publishList([both], {
      attributes: {
        Version: undefined,
        version: '1.0',
        IssueDate: zoneless(NOW - DAY),
        NextUpdate: zoneless(NOW + DAY),
      },
    })
    expect(ids(await keep())).toEqual([CONNECTOR, SERVICE])
  })

  test('with times of the place where it was made', async () => {
    const at = (instant: number, zone: string, hours: number) =>
      writeInstant(instant + hours * 3_600_000).replace('Z', zone)
    const attributes = { IssueDate: at(NOW - 60_000, '+02:00', 2), NextUpdate: at(NOW + 60_000, '-05:30', -5.5) }
    await publishList([both], { attributes })
    expect(ids(await keep())).toEqual([CONNECTOR, SERVICE])
    await publishList([both], { attributes: { ...attributes, NextUpdate: at(NOW - 1_000, '+02:00', 2) } })
    expect(codes(await keep())).toContain('MDSL_TIME')
    await publishList([both], { attributes: { IssueDate: at(NOW + DAY, '+02:00', 2).replace('+02:00', '+26:00') } })
    expect(codes(await keep())).toHaveLength(1)
  })

  test('R-AP-27: Greece under GR is Greece, which is EL', async () => {
    const greek = proxyService(keys)
    const { idp } = greek.roles
    const roles = { idp: idp && { ...idp, nodeCountry: 'EL' } }
    await publish('/service', { ...greek, roles })
    await publishList([{ territory: 'GR', locations: [{ path: '/service' }] }])
    const trust = await keep({ countries: [{ country: 'EL', roles: ['proxy-service'] }] })
    expect(codes(trust)).toEqual([])
    expect(ids(trust)).toEqual([SERVICE])
    await publish('/service', proxyService(keys))
  })

  test('A-216: MDSL_SIG without a signature, by a stranger, or changed', async () => {
    await publishList([both], { sign: false })
    expect(codes(await keep())).toEqual(['MDSL_SIG'])
    await publishList([both], { signer: keys.metadata })
    expect(codes(await keep())).toEqual(['MDSL_SIG'])
    await publishList([both])
    documents.set(
      '/list',
      Buffer.from(
        Buffer.from(documents.get('/list') ?? '')
          .toString()
          .replace('/service', '/evil'),
      ),
    )
    const trust = await keep()
    expect(codes(trust)).toEqual(['MDSL_SIG'])
    expect(ids(trust)).toEqual([])
  })

  test('XML_SCHEMA for what is no list', async () => {
    await publishList([both], { attributes: { IssueDate: undefined } })
    expect(codes(await keep())).toEqual(['XML_SCHEMA'])
  })

  test.each([
    ['the next one is due', { NextUpdate: writeInstant(NOW) }],
    ['the next one is due only in 32 days', { NextUpdate: writeInstant(NOW + 32 * DAY) }],
    ['the next one is due at the end of time', { NextUpdate: '9999-12-31T23:59:59Z' }],
    ['it is from the future', { IssueDate: writeInstant(NOW + DAY) }],
    [
      'it is old and does not say when the next comes',
      { IssueDate: writeInstant(NOW - 32 * DAY), NextUpdate: undefined },
    ],
  ])('MDSL_TIME when %s', async (_, attributes) => {
    await publishList([both], { attributes })
    const trust = await keep()
    expect(codes(trust)).toEqual(['MDSL_TIME'])
    expect(ids(trust)).toEqual([])
  })

  test('R-IA-25: the operator says how far off the next one may be', async () => {
    await publishList([both], { attributes: { NextUpdate: writeInstant(NOW + 90 * DAY) } })
    expect(ids(await keep({ nextUpdateDays: 90 }))).toEqual([CONNECTOR, SERVICE])
    expect(codes(await keep({ nextUpdateDays: 89 }))).toEqual(['MDSL_TIME'])
    await publishList([both], { attributes: { IssueDate: writeInstant(NOW - 2 * DAY), NextUpdate: undefined } })
    expect(codes(await keep({ nextUpdateDays: 1 }))).toEqual(['MDSL_TIME'])
  })

  test('A-216: MDSL_ROLLBACK for an older list, also after a restart; the newer one counts', async () => {
    await publishList([both])
    const trust = await keep()
    await publishList([{ locations: [{ path: '/connector' }] }], { attributes: { IssueDate: writeInstant(NOW - DAY) } })
    await trust.refresh()
    expect(codes(trust)).toEqual(['MDSL_ROLLBACK'])
    expect(ids(trust)).toEqual([CONNECTOR, SERVICE])
    expect(codes(await keep())).toEqual(['MDSL_ROLLBACK'])
  })

  test('a newer list replaces it: who is not in it is gone', async () => {
    await publishList([both])
    const trust = await keep()
    await publishList([{ locations: [{ path: '/service' }] }], { attributes: { IssueDate: writeInstant(NOW) } })
    await trust.refresh()
    expect(ids(trust)).toEqual([SERVICE])
  })

  test('a start from copies knows the list and what it led to; while one of them has no copy, it waits', async () => {
    await publishList([both])
    await keep()
    documents.clear()
    const trust = await keep({ startsFromCopies: true })
    expect(codes(trust)).toEqual([])
    expect(ids(trust)).toEqual([CONNECTOR, SERVICE])
    await publishList([both], { attributes: { IssueDate: writeInstant(NOW) } })
    await publish('/service', proxyService(keys))
    for (const name of await readdir(join(folder, 'copies'))) {
      const copy = join(folder, 'copies', name)
      if ((await readFile(copy, 'utf8')).includes(SERVICE)) await rm(copy)
    }
    const waiting = await keep({ startsFromCopies: true })
    expect(ids(waiting)).toEqual([CONNECTOR, SERVICE])
    expect(codes(waiting)).toEqual(['MD_FETCH'])
  })

  test('while it cannot be had, what it said counts until the next one is due', async () => {
    let now = NOW
    await publishList([both])
    const trust = await keep({ clock: () => now })
    documents.delete('/list')
    await trust.refresh()
    expect(codes(trust)).toEqual(['MD_FETCH'])
    expect(ids(trust)).toEqual([CONNECTOR, SERVICE])
    now = NOW + 2 * DAY
    await trust.refresh()
    expect(ids(trust)).toEqual([])
  })

  test('R-MF-73: a country it suspends is gone', async () => {
    await publishList([{ ...both, suspend: 'true' }])
    expect(ids(await keep())).toEqual([])
    await publishList([{ ...both, suspend: 'false' }], { attributes: { IssueDate: writeInstant(NOW) } })
    expect(ids(await keep())).toEqual([CONNECTOR, SERVICE])
  })
})

describe('what a list may speak for', () => {
  test('R-MF-72: countries and roles the operator does not name are passed over', async () => {
    await publishList([
      { locations: [{ path: '/service', endpoints: [['ProxyService', SERVICE]] }] },
      { territory: 'XC', locations: [{ path: '/connector' }] },
    ])
    expect(ids(await keep())).toEqual([SERVICE])
    const trust = await keep({ countries: [{ country: 'XB', roles: ['connector'] }] })
    expect(ids(trust)).toEqual([])
    expect(codes(trust)).toEqual([])
  })

  test('A-216, A-217: EID_COUNTRY for metadata of another country than the list has it under', async () => {
    await publishList([{ territory: 'XC', locations: [{ path: '/service' }] }])
    const trust = await keep({ countries: [{ country: 'XC', roles: ['proxy-service'] }] })
    expect(codes(trust)).toEqual(['EID_COUNTRY'])
    expect(ids(trust)).toEqual([])
  })

  test('A-216: MD_ENTITY for a location under two countries, which is of the first', async () => {
    await publishList([both, { territory: 'XC', locations: [{ path: '/service' }] }])
    const countries: readonly ListedCountry[] = ['XB', 'XC'].map((country) => ({ country, roles: ['proxy-service'] }))
    const trust = await keep({ countries: countries.map((one) => ({ ...one, roles: ['connector', 'proxy-service'] })) })
    expect(codes(trust)).toEqual(['MD_ENTITY'])
    expect(ids(trust)).toEqual([CONNECTOR, SERVICE])
  })

  test('R-MF-70: MD_ENTITY for an entity or a role that the list does not have there, or has and is not there', async () => {
    for (const endpoint of [
      ['ProxyService', 'https://other.example/'],
      ['Connector', SERVICE],
    ] as const) {
      await publishList([{ locations: [{ path: '/service', endpoints: [endpoint] }] }])
      const trust = await keep()
      expect(codes(trust)).toEqual(['MD_ENTITY', 'MD_ENTITY'])
      expect(ids(trust)).toEqual([])
    }
    await publishList([{ locations: [{ path: '/service', endpoints: [['ProxyService', SERVICE]] }] }])
    expect(ids(await keep())).toEqual([SERVICE])
  })

  test('R-MF-70: MD_SIG for metadata that another key has signed than the one in the list, or without one', async () => {
    const other = [keys.signing.verification.certificate]
    await publishList([{ locations: [{ path: '/service', keyInfo: other }] }])
    expect(codes(await keep())).toEqual(['MD_SIG'])
    await publishList([{ locations: [{ path: '/service', keyInfo: [] }] }])
    expect(codes(await keep())).toEqual(['MD_SIG'])
  })

  test('A-216: where the operator has an anchor of the country, the key in the list does not count', async () => {
    await publish('/service', proxyService(keys), keys.signing)
    await publishList([{ locations: [{ path: '/service', keyInfo: [keys.signing.verification.certificate] }] }])
    const countries: readonly ListedCountry[] = [
      { country: 'XB', roles: ['proxy-service'], anchors: [join(folder, 'national.pem')] },
    ]
    expect(codes(await keep({ countries }))).toEqual(['MD_SIG'])
    await publish('/service', proxyService(keys))
    expect(ids(await keep({ countries }))).toEqual([SERVICE])
  })

  test('R-CR-20: TRUST_CERT for a signer whose certificate is signed with PKCS#1, unless the operator grants it', async () => {
    const root = await party('RSA authority', 'authority', undefined, { key: await createKey('RSA-3072') })
    const signer = await party('Signer', 'signing', root, { rsa: 'pkcs1' })
    const key = signingKey({ privateKey: signer.key, certificates: [signer.certificate] })
    documents.set('/service', await published(proxyService(keys), key))
    await publishList([{ locations: [{ path: '/service', keyInfo: [root.base64] }] }])
    expect(codes(await keep())).toEqual(['TRUST_CERT'])
    expect(ids(await keep({ pkcs1Certificates: true }))).toEqual([SERVICE])
    await writeFile(join(folder, 'root.pem'), root.certificate)
    const countries: readonly ListedCountry[] = [
      { country: 'XB', roles: ['proxy-service'], anchors: [join(folder, 'root.pem')] },
    ]
    expect(codes(await keep({ countries }))).toEqual(['TRUST_CERT'])
    expect(ids(await keep({ countries, pkcs1Certificates: true }))).toEqual([SERVICE])
  })
})
