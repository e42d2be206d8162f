import { generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto'
import { createCertificate } from '../../../src/xmlsec/certificate.ts'
import { decryptionKey, expectSeparateKeys, signingKey, verificationKey } from '../../../src/xmlsec/keys.ts'
import { testKey } from '../../testkit/keys.ts'
import { outcome } from './samples.ts'

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** A certificate for any key, signed by one of ours. */
async function certified(key: KeyObject): Promise<string> {
  const issuer = { subject: { commonName: 'issuer' }, key: (await testKey('issuer')).privateKey }
  const order = { subject: { commonName: 'odd' }, key: pem(key), issuer, now: Date.now(), days: 1 }
  return createCertificate({ ...order, usage: 'signing' })
}

function rsa(modulusLength: number, publicExponent = 65537): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength, publicExponent }).privateKey
}

/** The same certificate with other octets; nobody checks its signature here. */
function patched(certificate: string, from: string, to: string): string {
  const hex = new X509Certificate(certificate).raw.toString('hex')
  if (!hex.includes(from)) throw new TypeError('nothing to change')
  return Buffer.from(hex.replace(from, to), 'hex').toString('base64')
}

describe('A-107: keys are judged when they are loaded', () => {
  test('R-CR-18: RSA of less than 3072 bits is refused, unless a national peer is granted 2048', async () => {
    const certificate = await certified(rsa(2048))
    expect(outcome(() => verificationKey(certificate))).toBe('MD_KEY')
    expect(verificationKey(certificate, { minimumRsaBits: 2048 })).toMatchObject({ kind: 'rsa', bits: 2048 })
  })

  test('RSA of less than 2048 bits is refused everywhere', async () => {
    const certificate = await certified(rsa(2040))
    expect(outcome(() => verificationKey(certificate, { minimumRsaBits: 2048 }))).toBe('MD_KEY')
  })

  test('RSA of more than 8192 bits is refused: it costs too much', async () => {
    const { certificate } = await testKey('peer', 'RSA-3072')
    const der = new X509Certificate(certificate).raw.toString('hex')
    const modulus = /0282018100[0-9a-f]{768}0203010001/.exec(der)?.[0] ?? ''
    expect(modulus).not.toBe('')
    // The outer lengths would have to follow; the certificate is not readable any more, which is refused as well.
    expect(outcome(() => verificationKey(patched(certificate, modulus, modulus.replace('02820181', '02820981'))))).toBe(
      'MD_KEY',
    )
  })

  test('an RSA exponent of 3 is refused', async () => {
    const certificate = await certified(rsa(3072, 3))
    expect(outcome(() => verificationKey(certificate))).toBe('MD_KEY')
  })

  test.each([
    ['1, with which every signature can be forged', '020101'],
    ['even', '020102'],
  ])('an RSA exponent of %s is refused', async (_, exponent) => {
    const { certificate } = await testKey('peer', 'RSA-3072')
    const hex = new X509Certificate(certificate).raw.toString('hex')
    const numbers = /02820181(00[0-9a-f]{768})0203010001/.exec(hex)
    const longer = `02820183${numbers?.[1]}ffff${exponent}`
    const odd = patched(certificate, numbers?.[0] ?? '-', longer)
    const read = new X509Certificate(Buffer.from(odd, 'base64')).publicKey.asymmetricKeyDetails
    expect(read?.publicExponent).toBe(BigInt(`0x${exponent.slice(4)}`))
    expect(outcome(() => verificationKey(odd))).toBe('MD_KEY')
  })

  test('R-CR-19: a curve that is not on the list is refused', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
    const certificate = await certified(privateKey)
    expect(outcome(() => verificationKey(certificate))).toBe('MD_KEY')
  })

  test('R-CR-19: explicit curve parameters are refused, though OpenSSL names the curve', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1', paramEncoding: 'explicit' })
    const certificate = await certified(privateKey)
    expect(new X509Certificate(certificate).publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1')
    expect(outcome(() => verificationKey(certificate))).toBe('MD_KEY')
  })

  test.each(['ed25519', 'x25519'] as const)('a key of another type is refused: %s', async (type) => {
    const privateKey =
      type === 'ed25519' ? generateKeyPairSync('ed25519').privateKey : generateKeyPairSync('x25519').privateKey
    const certificate = await certified(privateKey)
    expect(outcome(() => verificationKey(certificate))).toBe('MD_KEY')
  })

  test('A-106: an RSA key bound to PSS parameters is refused', async () => {
    const { privateKey } = generateKeyPairSync('rsa-pss', { modulusLength: 3072 })
    const certificate = await certified(privateKey)
    expect(outcome(() => verificationKey(certificate))).toBe('MD_KEY')
  })

  test.each(['', 'AAAA', 'not a certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'])(
    'what is no certificate is refused: "%s"',
    (certificate) => {
      expect(outcome(() => verificationKey(certificate))).toBe('MD_KEY')
    },
  )

  test('a certificate is the same from PEM and from base64', async () => {
    const { certificate, verification } = await testKey('peer', 'RSA-3072')
    expect(verificationKey(verification.certificate).certificate).toBe(verificationKey(certificate).certificate)
    expect(verification.notAfter).toBeGreaterThan(verification.notBefore)
  })
})

describe('our own keys', () => {
  test('a private key and a certificate that do not belong together are refused at start', async () => {
    const [one, other] = [await testKey('one'), await testKey('other')]
    const mixed = { privateKey: one.privateKey, certificates: [other.certificate] }
    expect(outcome(() => signingKey(mixed))).toBe('CFG_INVALID')
    expect(outcome(() => decryptionKey(mixed))).toBe('CFG_INVALID')
  })

  test('a private key without certificate, or not readable, is refused at start, and not quoted', async () => {
    const { certificate, privateKey } = await testKey()
    expect(outcome(() => signingKey({ privateKey, certificates: [] }))).toBe('CFG_INVALID')
    const broken = {
      privateKey: '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----',
      certificates: [certificate],
    }
    expect(() => signingKey(broken)).toThrow(expect.objectContaining({ detail: 'a private key that cannot be read' }))
  })

  test('an algorithm that the key cannot do is refused at start', async () => {
    const key = await testKey('peer', 'RSA-3072')
    expect(outcome(() => key.signing('http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'))).toBe('CFG_INVALID')
  })

  test('the hash goes with the curve unless said otherwise', async () => {
    expect((await testKey('peer', 'P-384')).signing().algorithm).toMatch(/ecdsa-sha384$/)
    expect((await testKey('peer', 'P-521')).signing().algorithm).toMatch(/ecdsa-sha512$/)
    expect((await testKey('peer', 'RSA-3072')).signing().algorithm).toMatch(/sha256-rsa-MGF1$/)
  })

  test('R-CR-30, A-151: signing and encryption with one key, or one certificate, is refused at start', async () => {
    const [one, other] = [await testKey('one'), await testKey('other')]
    const renewed = createCertificate({
      subject: { commonName: 'renewed' },
      key: one.privateKey,
      now: Date.now(),
      days: 1,
      usage: 'encryption',
    })
    const sameKey = decryptionKey({ privateKey: one.privateKey, certificates: [renewed] })
    expect(outcome(() => expectSeparateKeys([one.signing()], [one.decryption]))).toBe('ENC_KEY')
    expect(outcome(() => expectSeparateKeys([other.signing(), one.signing()], [sameKey]))).toBe('ENC_KEY')
    expect(outcome(() => expectSeparateKeys([one.signing()], [other.decryption]))).toBe('accepted')
  })
})
