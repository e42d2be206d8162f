import { createHash, createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
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

describe('RFC 5280, octet by octet', () => {
  const hexOf = (pem: string): string => new X509Certificate(pem).raw.toString('hex')
  const identifier = (privateKey: string): string =>
    createHash('sha256')
      .update(createPublicKey(privateKey).export({ type: 'spki', format: 'der' }))
      .digest('hex')
      .slice(0, 40)
  const RSA_PSS =
    '304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120'

  test.each([
    ['authority', 'P-256', '0106', true],
    ['signing', 'P-256', '0780', false],
    ['encryption', 'RSA-3072', '0520', false],
    ['encryption', 'P-256', '0308', false],
  ] as const)('4.2.1.3, 4.2.1.9: the usages of %s with %s are critical', async (usage, kind, bits, isAuthority) => {
    const key = await privateKeyFor(`${kind} leaf`, kind)
    const hex = hexOf(createCertificate({ subject: leaf, key, usage, now, days: 1 }))
    expect(hex).toContain(`300e0603551d0f0101ff04040302${bits}`)
    expect(hex).toContain(isAuthority ? '300f0603551d130101ff040530030101ff' : '300c0603551d130101ff04023000')
  })

  test('4.2.1.1, 4.2.1.2: the identifiers of its key and of that which signed it', async () => {
    const [top, key] = [await createKey('P-256'), await createKey('P-256')]
    const issuer = { subject: authority, key: top }
    const hex = hexOf(createCertificate({ subject: leaf, key, issuer, usage: 'signing', now, days: 1 }))
    expect(hex).toContain(`301d0603551d0e04160414${identifier(key)}`)
    expect(hex).toContain(`301f0603551d23041830168014${identifier(top)}`)
  })

  test.each([
    ['RSA-3072', 'pss', RSA_PSS],
    ['RSA-3072', undefined, RSA_PSS],
    ['RSA-3072', 'pkcs1', '300d06092a864886f70d01010b0500'],
    ['P-256', 'pss', '300a06082a8648ce3d040302'],
  ] as const)('4.1.1.2: signed by %s with %s, and says so twice', async (kind, rsa, algorithm) => {
    const key = await privateKeyFor(`${kind} leaf`, kind)
    const order = { subject: leaf, key, usage: 'signing', now, days: 1, ...(rsa === undefined ? {} : { rsa }) } as const
    const certificate = new X509Certificate(createCertificate(order))
    expect(certificate.raw.toString('hex').split(algorithm)).toHaveLength(3)
    expect(certificate.verify(createPublicKey(key))).toBe(true)
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true)
  })

  test('4.1.2.1, 4.1.2.5: version 3, and times to the second in the form of their year', async () => {
    const order = { subject: leaf, key: await createKey('P-256'), usage: 'signing', days: 1 } as const
    const hex = hexOf(createCertificate({ ...order, now: Date.parse('2049-12-31T01:02:03.456Z') }))
    expect(hex).toMatch(/^3082....3082....a003020102/)
    const ascii = (text: string): string => Buffer.from(text).toString('hex')
    expect(hex).toContain(`3020170d${ascii('491231010203Z')}180f${ascii('20500101010203Z')}`)
  })

  test('4.1.2.4: a country is PrintableString, an organisation and a common name are UTF8String', async () => {
    const key = await createKey('P-256')
    const hex = hexOf(createCertificate({ subject: authority, key, usage: 'signing', now, days: 1 }))
    expect(hex).toContain('310b3009060355040613025345')
    expect(hex).toContain(`060355040a0c0d${Buffer.from('Passerelle \u00e5').toString('hex')}`)
    expect(hex).toContain(`06035504030c0e${Buffer.from('Test authority').toString('hex')}`)
  })

  test('RFC 7468: lines of 64 digits between its marks', async () => {
    const pem = createCertificate({ subject: leaf, key: await createKey('P-256'), usage: 'signing', now, days: 1 })
    const [first, ...lines] = pem.split('\n')
    const last = lines.splice(-3)
    expect([first, ...last.slice(1)]).toEqual(['-----BEGIN CERTIFICATE-----', '-----END CERTIFICATE-----', ''])
    for (const line of lines) expect(line).toHaveLength(64)
    expect([...lines, last[0]].join('')).toBe(new X509Certificate(pem).raw.toString('base64'))
    expect(last[0]).toMatch(/^.{1,64}$/)
  })
})

test.each([
  ['P-256', 'ec', { namedCurve: 'prime256v1' }],
  ['P-384', 'ec', { namedCurve: 'secp384r1' }],
  ['P-521', 'ec', { namedCurve: 'secp521r1' }],
  ['brainpoolP256r1', 'ec', { namedCurve: 'brainpoolP256r1' }],
  ['brainpoolP384r1', 'ec', { namedCurve: 'brainpoolP384r1' }],
  ['brainpoolP512r1', 'ec', { namedCurve: 'brainpoolP512r1' }],
] as const)('a new key of kind %s is one', async (kind, type, details) => {
  const key = createPrivateKey(await createKey(kind))
  expect(key.asymmetricKeyType).toBe(type)
  expect(key.asymmetricKeyDetails).toEqual(details)
})

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
