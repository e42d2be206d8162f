import {
  constants,
  createECDH,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  publicEncrypt,
  verify,
  X509Certificate,
} from 'node:crypto'
import { keyTransports, signatureAlgorithms } from '../../../src/xmlsec/algorithms.ts'
import { createCertificate } from '../../../src/xmlsec/certificate.ts'
import { bitString, der, explicit, integer, oid, sequence, tag } from '../../../src/xmlsec/der.ts'
import {
  curveOfKey,
  decryptionKey,
  expectSeparateKeys,
  signatureParameters,
  signingKey,
  verificationKey,
} from '../../../src/xmlsec/keys.ts'
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
    const said = { code: 'CFG_INVALID', detail: 'a private key that cannot be read' }
    expect(() => signingKey(broken)).toThrow(expect.objectContaining(said))
  })

  test('an algorithm that the key cannot do is refused at start', async () => {
    const key = await testKey('peer', 'RSA-3072')
    expect(outcome(() => key.signing('http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'))).toBe('CFG_INVALID')
  })

  test('the hash goes with the curve unless said otherwise', async () => {
    expect((await testKey('peer', 'P-384')).signing().algorithm).toMatch(/ecdsa-sha384$/)
    expect((await testKey('peer', 'P-521')).signing().algorithm).toMatch(/ecdsa-sha512$/)
    expect((await testKey('peer', 'brainpoolP256r1')).signing().algorithm).toMatch(/ecdsa-sha256$/)
    expect((await testKey('peer', 'brainpoolP512r1')).signing().algorithm).toMatch(/ecdsa-sha512$/)
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
    expect(outcome(() => expectSeparateKeys([one.signing()], [other.decryption, sameKey]))).toBe('ENC_KEY')
    expect(outcome(() => expectSeparateKeys([], [other.decryption]))).toBe('accepted')
  })
})

describe('A-103, A-104: what node:crypto is told', () => {
  const { RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING } = constants

  test.each([
    ['ecdsa-sha256', { dsaEncoding: 'ieee-p1363' }],
    ['rsa-sha256', { padding: RSA_PKCS1_PADDING }],
    ['sha256-rsa-MGF1', { padding: RSA_PKCS1_PSS_PADDING, saltLength: 32 }],
    ['sha384-rsa-MGF1', { padding: RSA_PKCS1_PSS_PADDING, saltLength: 48 }],
    ['sha512-rsa-MGF1', { padding: RSA_PKCS1_PSS_PADDING, saltLength: 64 }],
  ])('%s', (name, parameters) => {
    const found = Object.entries(signatureAlgorithms).find(([uri]) => uri.endsWith(`#${name}`))
    expect(found && signatureParameters(found[1])).toEqual(parameters)
  })

  test.each([
    ['RSA-3072', 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1', 384],
    ['RSA-3072', 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512', 384],
    ['P-256', 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256', 64],
  ] as const)('is what a key of kind %s signs %s with', async (kind, algorithm, octets) => {
    const { signing, verification } = await testKey('peer', kind)
    const { hash } = signatureAlgorithms[algorithm]
    const parameters = { key: verification.publicKey, ...signatureParameters(signatureAlgorithms[algorithm]) }
    const message = Buffer.from('message')
    const signature = await signing(algorithm).sign(message)
    expect(signature).toHaveLength(octets)
    expect(verify(hash.node, message, parameters, signature)).toBe(true)
  })
})

test('a signing key carries its certificate first, then its chain, as base64 of DER', async () => {
  const [{ privateKey, certificate, verification }, authority] = [await testKey(), await testKey('authority')]
  const { certificates } = signingKey({ privateKey, certificates: [certificate, authority.certificate] })
  expect(certificates).toEqual([verification.certificate, authority.verification.certificate])
})

test('an RSA key unwraps with each hash, and agrees on nothing', async () => {
  const { decryption, certificate } = await testKey('recipient', 'RSA-3072', 'encryption')
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  for (const { hash } of [keyTransports.sha1, keyTransports.sha256, keyTransports.sha256, keyTransports.sha512]) {
    const wrapped = publicEncrypt({ key: certificate, padding, oaepHash: hash.node }, Buffer.from('content key'))
    expect(Buffer.from(await decryption.unwrap(wrapped, hash)).toString()).toBe('content key')
  }
  const { hash } = keyTransports.sha256
  const other = publicEncrypt({ key: certificate, padding, oaepHash: 'sha384' }, Buffer.alloc(16))
  await expect(decryption.unwrap(other, hash)).rejects.toThrow()
  expect(outcome(() => decryption.agree(Buffer.alloc(65)))).toBe('ENC_KEY')
  expect(outcome(() => curveOfKey(decryption))).toBe('MD_KEY')
})

test.each(['P-256', 'P-384', 'P-521', 'brainpoolP512r1'] as const)(
  'an EC key of %s agrees as OpenSSL does',
  async (kind) => {
    const { decryption } = await testKey('recipient', kind, 'encryption')
    const ecdh = createECDH(curveOfKey(decryption).name)
    const point = ecdh.generateKeys()
    expect(decryption.agree(point)).toEqual(ecdh.computeSecret(decryption.spki.slice(-point.length)))
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: curveOfKey(decryption).name })
    const spki = publicKey.export({ type: 'spki', format: 'der' })
    const agreed = diffieHellman({ privateKey: decryption.privateKey, publicKey })
    expect(decryption.agree(spki.subarray(-point.length))).toEqual(agreed)
  },
)
