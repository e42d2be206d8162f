import { loadConfig } from '../../../src/config/load.ts'
import { nodeKeys } from '../../../src/node/keys.ts'
import { nodeMetadata } from '../../../src/node/publication.ts'
import { readAnchors } from '../../../src/trust/chain.ts'
import type { TrustDocument } from '../../../src/trust/document.ts'
import type { PublishedDocuments } from '../../../src/trust/publication.ts'
import { keepTrust } from '../../../src/trust/refresh.ts'
import type { Role } from '../../../src/trust/registry.ts'
import { readMetadata, type TrustSource } from '../../../src/trust/sources.ts'
import { nobodySuspended } from '../../../src/trust/suspension.ts'
import { createCertificate } from '../../../src/xmlsec/certificate.ts'
import { configFolder, leastConfig } from '../../testkit/config.ts'
import { type TestKey, testKey } from '../../testkit/keys.ts'
import { found, inspected } from '../inspect/samples.ts'

/** What a node publishes, as its peers take it: with nothing but the operator's anchor, an authority. */
let authority: TestKey
let documents: PublishedDocuments
/** The next ones: valid for an hour only, and with another key for messages. */
let next: PublishedDocuments

beforeAll(async () => {
  authority = await testKey('authority', 'P-256', 'authority')
  const folder = await configFolder()
  const { privateKey } = await testKey('config metadata')
  const signer = createCertificate({
    subject: { commonName: 'metadata' },
    key: privateKey,
    issuer: { subject: { commonName: 'authority', organization: 'Test', country: 'SE' }, key: authority.privateKey },
    now: Date.now() - 60_000,
    days: 2,
    usage: 'signing',
  })
  await folder.write('keys/metadata.pem', signer + authority.certificate)
  const file = await folder.write('node.json', JSON.stringify(leastConfig))
  const loaded = await loadConfig({ file, environment: {}, now: Date.now() })
  documents = await nodeMetadata(loaded, nodeKeys(loaded))
  const messages = await testKey('next key for messages')
  await folder.write('keys/messages.key', messages.privateKey)
  await folder.write('keys/messages.pem', messages.certificate)
  await folder.write('node.json', JSON.stringify({ ...leastConfig, metadataLifetimeHours: 1 }))
  const changed = await loadConfig({ file, environment: {}, now: Date.now() })
  next = await nodeMetadata(changed, nodeKeys(changed))
  await folder.remove()
})

const eidas = [
  ['connector', '/connector/metadata/eidas'],
  ['proxy-service', '/proxy-service/metadata/eidas'],
] as const

const national = [
  ['identity-provider', '/connector/metadata/national'],
  ['service-provider', '/proxy-service/metadata/national'],
] as const

const octetsAt = (path: string) => documents.get(path) ?? new Uint8Array(0)

test.each(eidas)(
  'R-IA-23, R-IA-28, R-MF-1, R-MF-3: the %s has a document of its own, called by its URL',
  (role, path) => {
    const source = { place: path, roles: ['connector', 'proxy-service'], country: 'SE' } as const
    const { entities } = readMetadata(octetsAt(path), source, readAnchors([authority.certificate]), Date.now())
    expect(entities).toEqual([expect.objectContaining({ role, entityId: leastConfig.baseUrl + path, country: 'SE' })])
  },
)

test.each(eidas)(
  'R-IA-26, R-MF-18, R-CR-20: that of the %s is signed, with the chain up to the anchor in its signature',
  async (_, path) => {
    const text = Buffer.from(octetsAt(path)).toString()
    const signature = /<ds:Signature .*<\/ds:Signature>/s.exec(text)?.[0] ?? ''
    expect(signature.match(/<ds:X509Certificate>/g)).toHaveLength(2)
    const [, id = 'none'] = /^<md:EntityDescriptor [^>]*\bID="([^"]+)"/.exec(text) ?? []
    expect(signature).toContain(`<ds:Reference URI="#${id}">`)
    expect(signature).toContain(`<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"`)
    expect(signature).toContain('<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"')
    const report = await inspected(octetsAt(path), { trust: [authority] })
    expect(report.signature).toMatchObject({ valid: true, trusted: true, signer: 'CN=metadata' })
  },
)

test.each(eidas)(
  'R-MF-2 to R-MF-15: nothing is missing in that of the %s, required or recommended',
  async (_, path) => {
    const report = await inspected(octetsAt(path), { trust: [authority] })
    expect(report).toMatchObject({ verdict: 'accepted', standing: 'verified' })
    expect(report.findings).toEqual([found('OFFLINE', null, 'note')])
  },
)

test('R-CR-30, R-MF-6: the connector publishes another certificate to encrypt to than it signs with', () => {
  const text = Buffer.from(octetsAt('/connector/metadata/eidas')).toString()
  const certificateFor = (use: string) =>
    new RegExp(`<md:KeyDescriptor use="${use}">.*?<ds:X509Certificate>([^<]+)<`, 's').exec(text)?.[1]
  expect(certificateFor('signing')).toMatch(/^MII/)
  expect(certificateFor('encryption')).toMatch(/^MII/)
  expect(certificateFor('encryption')).not.toBe(certificateFor('signing'))
})

describe('A-266: our documents say when they were issued', () => {
  const sourceOf = (role: Role, path: string): TrustSource => {
    const isForeign = role === 'connector' || role === 'proxy-service'
    return { place: path, roles: [role], ...(isForeign ? { country: 'SE' } : {}) }
  }

  async function keptBy(role: Role, path: string) {
    const anchors = readAnchors([authority.certificate])
    let octets = octetsAt(path)
    const document: TrustDocument = {
      place: path,
      octets: async () => octets,
      verified: async (found, now) => readMetadata(found, sourceOf(role, path), anchors, now),
    }
    const trust = await keepTrust({
      origins: [{ documents: async () => ({ documents: [document] }) }],
      suspended: async () => nobodySuspended,
      period: 3_600_000,
      clock: Date.now,
      random: () => 0.5,
      log: { info: () => undefined, warn: () => undefined },
    })
    trust.stop()
    return async (published: PublishedDocuments) => {
      octets = published.get(path) ?? octets
      await trust.refresh()
      const [held] = trust.registry.held()
      return { validUntil: held?.validUntil, codes: trust.problems().map(({ fault }) => fault.code) }
    }
  }

  test.each([...eidas, ...national])(
    'MD_ROLLBACK for that of the %s that was issued before, though it is valid for longer; the next is taken at once',
    async (role, path) => {
      const [before, after] = [documents, next].map((published) =>
        readMetadata(
          published.get(path) ?? Buffer.from(''),
          sourceOf(role, path),
          readAnchors([authority.certificate]),
          Date.now(),
        ),
      )
      expect(after?.issued).toBeGreaterThan(before?.issued ?? Number.NaN)
      expect(after?.validUntil).toBeLessThan(before?.validUntil ?? Number.NaN)
      const refresh = await keptBy(role, path)
      expect(await refresh(documents)).toEqual({ validUntil: before?.validUntil, codes: [] })
      expect(await refresh(next)).toEqual({ validUntil: after?.validUntil, codes: [] })
      expect(await refresh(documents)).toEqual({ validUntil: after?.validUntil, codes: ['MD_ROLLBACK'] })
      const text = Buffer.from(octetsAt(path)).toString()
      expect(text).toContain(`<mdrpi:PublicationInfo`)
      expect(text).toContain(`publisher="${leastConfig.baseUrl}${path}"`)
    },
  )
})
