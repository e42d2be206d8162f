import { X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createCertificate, createKey, type KeyKind } from '../../../src/xmlsec/certificate.ts'
import { verificationKey } from '../../../src/xmlsec/keys.ts'
import { privateKeyFor } from '../../testkit/private-keys.ts'
import { run, scratch, succeeds, withProgram } from '../../vectors/tools.ts'

const DAY = 24 * 60 * 60 * 1000
const now = Date.now()
const authority = { commonName: 'Test authority', organization: 'Passerelle \u00e5', country: 'SE' }
const leaf = { commonName: 'leaf' }

async function chain(kind: KeyKind, leafKind: KeyKind, rsa: 'pss' | 'pkcs1' = 'pss') {
  const [authorityKey, key] = [
    await privateKeyFor(`${kind} authority`, kind),
    await privateKeyFor(`${leafKind} leaf`, leafKind),
  ]
  const order = { now: now - DAY, days: 30, rsa }
  const top = createCertificate({ ...order, subject: authority, key: authorityKey, usage: 'authority' })
  const issuer = { subject: authority, key: authorityKey }
  const signing = createCertificate({ ...order, subject: leaf, key, issuer, usage: 'signing' })
  const encryption = createCertificate({ ...order, subject: leaf, key, issuer, usage: 'encryption' })
  return { top, signing, encryption }
}

test('says what was ordered', async () => {
  const { top, signing } = await chain('P-256', 'RSA-3072')
  const read = new X509Certificate(signing)
  expect(read.subject).toBe('CN=leaf')
  expect(read.issuer).toBe('C=SE\nO=Passerelle \u00e5\nCN=Test authority')
  expect(read.ca).toBe(false)
  expect(new X509Certificate(top).ca).toBe(true)
  expect(Date.parse(read.validFrom)).toBe(Math.floor((now - DAY) / 1000) * 1000)
  expect(Date.parse(read.validTo) - Date.parse(read.validFrom)).toBe(30 * DAY)
  expect(read.verify(new X509Certificate(top).publicKey)).toBe(true)
  expect(read.checkIssued(new X509Certificate(top))).toBe(true)
})

test('a validity beyond 2049 is written in full', async () => {
  const order = { subject: leaf, key: await createKey('P-256'), usage: 'signing' } as const
  const certificate = createCertificate({ ...order, now: Date.parse('2049-12-31T23:59:59Z'), days: 1 })
  const { validFrom, validTo } = new X509Certificate(certificate)
  expect([validFrom, validTo].map((time) => new Date(time).toISOString())).toEqual([
    '2049-12-31T23:59:59.000Z',
    '2050-01-01T23:59:59.000Z',
  ])
})

test('serial numbers are positive and of 16 octets, and never the same', async () => {
  const order = { subject: leaf, key: await createKey('P-256'), usage: 'signing', now, days: 1 } as const
  const serials = Array.from({ length: 20 }, () => new X509Certificate(createCertificate(order)).serialNumber)
  expect(new Set(serials).size).toBe(20)
  for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/)
})

test.each(['RSA-4096', 'P-384', 'P-521', 'brainpoolP256r1', 'brainpoolP384r1', 'brainpoolP512r1'] as const)(
  'a key of every kind is judged good: %s',
  async (kind) => {
    const order = { subject: leaf, usage: 'signing', now, days: 1 } as const
    expect(verificationKey(createCertificate({ ...order, key: await createKey(kind) })).kind).toMatch(/^(rsa|ec)$/)
  },
)

withProgram('openssl')('OpenSSL', () => {
  const files = scratch()
  afterAll(files.remove)

  test.each([
    ['RSA-3072', 'pss'],
    ['RSA-3072', 'pkcs1'],
    ['P-256', 'pss'],
    ['brainpoolP384r1', 'pss'],
  ] as const)('accepts the path from a leaf to its authority: %s, %s', async (kind, rsa) => {
    const { top, signing } = await chain(kind, 'P-256', rsa)
    const stranger = await chain(kind, 'P-256', rsa)
    writeFileSync(files.path('top.pem'), top)
    writeFileSync(files.path('leaf.pem'), signing)
    writeFileSync(files.path('stranger.pem'), stranger.signing)
    const verifies = (file: string) =>
      succeeds('openssl', 'verify', '-x509_strict', '-CAfile', files.path('top.pem'), files.path(file))
    expect(verifies('leaf.pem')).toBe(true)
    expect(verifies('stranger.pem')).toBe(false)
  })

  test.each([
    ['RSA-3072', 'Key Encipherment'],
    ['P-256', 'Key Agreement'],
  ] as const)('R-CR-21: reads the key usage for encryption with %s: %s', async (kind, usage) => {
    const { top, signing, encryption } = await chain('P-256', kind)
    const usageOf = (certificate: string): string => {
      writeFileSync(files.path('one.pem'), certificate)
      return (
        run('openssl', 'x509', '-in', files.path('one.pem'), '-noout', '-ext', 'keyUsage').split('\n')[1]?.trim() ?? ''
      )
    }
    expect([top, signing, encryption].map(usageOf)).toEqual(['Certificate Sign, CRL Sign', 'Digital Signature', usage])
  })
})
