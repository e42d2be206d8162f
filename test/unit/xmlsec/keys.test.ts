import { generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto'
import { createCertificate } from '../../../src/xmlsec/certificate.ts'
import { bitString, der, explicit, integer, oid, sequence, tag } from '../../../src/xmlsec/der.ts'
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

function rsa(modulusLength: number): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength }).privateKey
}

/** A certificate around any public key, base64 of DER; its signature is nonsense, which nobody looks at here. */
function around(publicKey: Uint8Array): string {
  const algorithm = sequence(oid('1.2.840.10045.4.3.2'))
  const time = der(tag.utcTime, Buffer.from('260101000000Z'))
  const number = integer(Buffer.from([1]))
  const content = sequence(
    explicit(0, integer(Buffer.from([2]))),
    number,
    algorithm,
    sequence(),
    sequence(time, time),
    sequence(),
    publicKey,
  )
  return sequence(content, algorithm, bitString(Buffer.alloc(8))).toString('base64')
}

function rsaPublicKey(bits: number, exponent: number): Buffer {
  const modulus = Buffer.alloc(bits / 8, 0xff)
  const numbers = sequence(
    integer(modulus),
    integer(Buffer.from([exponent >> 16, (exponent >> 8) & 0xff, exponent & 0xff])),
  )
  return sequence(sequence(oid('1.2.840.113549.1.1.1'), der(tag.null)), bitString(numbers))
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

  test('RSA of more than 8192 bits is refused: it costs too much', () => {
    expect(outcome(() => verificationKey(around(rsaPublicKey(8192, 65537))))).toBe('accepted')
    expect(outcome(() => verificationKey(around(rsaPublicKey(8200, 65537))))).toBe('MD_KEY')
  })

  test.each([
    ['1, with which every signature can be forged', 1],
    ['3', 3],
    ['even', 65536],
    ['another prime', 257],
  ])('an RSA exponent other than 65537 is refused: %s', (_, exponent) => {
    const certificate = around(rsaPublicKey(3072, exponent))
    const { asymmetricKeyDetails: details } = new X509Certificate(Buffer.from(certificate, 'base64')).publicKey
    expect(details).toMatchObject({ modulusLength: 3072, publicExponent: BigInt(exponent) })
    expect(outcome(() => verificationKey(certificate))).toBe('MD_KEY')
  })

  test('A-142: a compressed point is refused, the same uncompressed is not', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    const spki = publicKey.export({ type: 'spki', format: 'der' })
    const parity = 0x02 | ((spki.at(-1) ?? 0) & 1)
    const point = Buffer.concat([Buffer.from([parity]), spki.subarray(27, 59)])
    const compressed = sequence(sequence(oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7')), bitString(point))
    expect(outcome(() => verificationKey(around(spki)))).toBe('accepted')
    expect(outcome(() => verificationKey(around(compressed)))).toBe('MD_KEY')
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
