import {
  constants,
  createCipheriv,
  createECDH,
  createPublicKey,
  diffieHellman,
  publicEncrypt,
  randomBytes,
} from 'node:crypto'
import { messageLimits } from '../../../src/xml/limits.ts'
import { ds, ns, saml } from '../../../src/xml/names.ts'
import { attribute, elements } from '../../../src/xml/reader.ts'
import { scan } from '../../../src/xml/scanner.ts'
import { el, writeXml, type XmlPart } from '../../../src/xml/writer.ts'
import { digestAlgorithms } from '../../../src/xmlsec/algorithms.ts'
import { concatKdf } from '../../../src/xmlsec/concat-kdf.ts'
import { curves } from '../../../src/xmlsec/curves.ts'
import { type DecryptOptions, decryptElement } from '../../../src/xmlsec/decrypt.ts'
import { encryptElement, type RecipientOptions, recipient } from '../../../src/xmlsec/encrypt.ts'
import { eidasEncryption, nationalEncryption } from '../../../src/xmlsec/encryption-policy.ts'
import { signElement } from '../../../src/xmlsec/sign.ts'
import { markSigned } from '../../../src/xmlsec/signed.ts'
import { type TestKey, testKey } from '../../testkit/keys.ts'
import { swap, textOf } from './forge.ts'
import { assertion, settled, trusting } from './samples.ts'

const rsaKey = (): Promise<TestKey> => testKey('recipient', 'RSA-3072', 'encryption')
const ecKey = (): Promise<TestKey> => testKey('recipient', 'P-256', 'encryption')

/** An EncryptedAssertion as text, over any octets. */
async function encrypted(
  key: TestKey,
  plaintext: Uint8Array = writeXml(assertion()),
  options: RecipientOptions = {},
): Promise<string> {
  return textOf(
    el(saml('EncryptedAssertion'), {}, await encryptElement(plaintext, recipient(key.certificate, options))),
  )
}

/** Decrypts text as if a verified message had held it; what a message must be to get here is verify.test.ts's business. */
async function decrypt(xml: string, key: TestKey, change: Partial<DecryptOptions> = {}) {
  const element = markSigned(scan(Buffer.from(xml), messageLimits))
  const expected = {
    policy: eidasEncryption,
    root: saml('Assertion'),
    schema: 'assertion',
    limits: messageLimits,
  } as const
  return decryptElement(element, { ...expected, keys: [key.decryption], ...change })
}

async function verdict(
  key: TestKey,
  change: (xml: string) => string,
  options: Partial<DecryptOptions> = {},
): Promise<string> {
  return settled(decrypt(change(await encrypted(key)), key, options))
}

/** The two CipherValue: that of the key comes first. */
const keyValue = (value: Uint8Array) => swap(/(<xenc:CipherValue>)[^<]*/, `$1${Buffer.from(value).toString('base64')}`)
const dataValue = (value: Uint8Array) =>
  swap(/(.*<xenc:CipherValue>)[^<]*/s, `$1${Buffer.from(value).toString('base64')}`)
const cipherValue = (xml: string, index: number): Buffer =>
  Buffer.from([...xml.matchAll(/<xenc:CipherValue>([^<]*)/g)][index]?.[1] ?? '', 'base64')
const flipped = (octets: Buffer, at: number): Buffer => {
  const out = Buffer.from(octets)
  out.writeUInt8(out.readUInt8(at) ^ 1, at)
  return out
}

describe('what we encrypt we decrypt', () => {
  test.each(['RSA-3072', 'P-256', 'P-384', 'P-521', 'brainpoolP256r1', 'brainpoolP384r1', 'brainpoolP512r1'] as const)(
    'R-CR-14, R-CR-15, R-CR-16: %s',
    async (kind) => {
      const key = await testKey('recipient', kind, 'encryption')
      const read = await decrypt(await encrypted(key), key)
      expect(attribute(read, 'ID')).toBe('_a0')
    },
  )

  test.each([
    ['RSA-3072', 'http://www.w3.org/2009/xmlenc11#aes128-gcm'],
    ['RSA-3072', 'http://www.w3.org/2009/xmlenc11#aes192-gcm'],
    ['P-256', 'http://www.w3.org/2009/xmlenc11#aes128-gcm'],
    ['P-256', 'http://www.w3.org/2009/xmlenc11#aes192-gcm'],
    ['P-256', 'http://www.w3.org/2001/04/xmlenc#kw-aes128'],
  ] as const)('R-CR-13: %s with the algorithm a peer states: %s', async (kind, algorithm) => {
    const key = await testKey('recipient', kind, 'encryption')
    const xml = await encrypted(key, writeXml(assertion()), { methods: [{ algorithm }] })
    expect(xml).toContain(`"${algorithm}"`)
    expect(attribute(await decrypt(xml, key), 'ID')).toBe('_a0')
  })

  test('nothing of a message repeats: keys, IVs, ephemeral keys (R-CR-11)', async () => {
    const key = await ecKey()
    const [one, other] = [await encrypted(key), await encrypted(key)]
    expect(cipherValue(one, 0)).not.toEqual(cipherValue(other, 0))
    expect(cipherValue(one, 1).subarray(0, 12)).not.toEqual(cipherValue(other, 1).subarray(0, 12))
    expect(/<ds11:PublicKey>[^<]*/.exec(one)?.[0]).not.toBe(/<ds11:PublicKey>[^<]*/.exec(other)?.[0])
  })

  test('base64 may be folded, with &#13; as the EU node writes it', async () => {
    const key = await rsaKey()
    expect(await verdict(key, swap(/(<xenc:CipherValue>.{76})/g, '$1&#13;\n'))).toBe('accepted')
  })

  test('the public key alone names the recipient as well', async () => {
    const key = await rsaKey()
    const spki = Buffer.from(key.decryption.spki).toString('base64')
    const value = `<ds11:DEREncodedKeyValue xmlns:ds11="${ns.ds11}">${spki}</ds11:DEREncodedKeyValue>`
    expect(await verdict(key, swap(/<ds:X509Data>.*<\/ds:X509Data>/s, value))).toBe('accepted')
  })

  test('the key is chosen among several by the recipient named', async () => {
    const [one, other] = [await rsaKey(), await testKey('other', 'RSA-3072', 'encryption')]
    const keys = [other.decryption, (await ecKey()).decryption, one.decryption]
    expect(attribute(await decrypt(await encrypted(one), one, { keys }), 'ID')).toBe('_a0')
  })
})

describe('national peers', () => {
  const policy = nationalEncryption

  test('are sent RSA-OAEP-MGF1P unless they state better', async () => {
    const key = await rsaKey()
    const usual = await encrypted(key, writeXml(assertion()), { policy })
    expect(usual).toContain('"http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"')
    const algorithms = ['http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p', 'http://www.w3.org/2009/xmlenc11#rsa-oaep']
    const methods = algorithms.map((algorithm) => ({ algorithm }))
    const better = await encrypted(key, writeXml(assertion()), { policy, methods })
    expect(better).toContain('"http://www.w3.org/2009/xmlenc11#mgf1sha256"')
    for (const xml of [usual, better]) expect(await settled(decrypt(xml, key, { policy }))).toBe('accepted')
    expect(await settled(decrypt(usual, key))).toBe('ENC_ALG')
  })

  test('may leave the digest of OAEP to its default', async () => {
    const key = await rsaKey()
    const xml = await encrypted(key, writeXml(assertion()), { policy })
    const silent = swap(/<ds:DigestMethod[^>]*><\/ds:DigestMethod>/, '')(xml)
    expect(await settled(decrypt(silent, key, { policy }))).toBe('accepted')
  })

  test('A-287: may leave the recipient unsaid, as eIDAS peers may: every key of that kind is tried', async () => {
    const key = await rsaKey()
    const unsaid = swap(
      /(<xenc:EncryptedKey[^>]*>.*?)<ds:KeyInfo><ds:X509Data>.*?<\/ds:KeyInfo>/s,
      '$1',
    )(await encrypted(key))
    expect(await settled(decrypt(unsaid, key, { policy }))).toBe('accepted')
    const two = [key.decryption, (await testKey('other', 'RSA-3072', 'encryption')).decryption]
    for (const keys of [two, [...two].reverse()]) {
      expect(await settled(decrypt(unsaid, key, { policy, keys }))).toBe('accepted')
      expect(await settled(decrypt(unsaid, key, { keys }))).toBe('accepted')
    }
    expect(await settled(decrypt(unsaid, key, { policy, keys: two.slice(1) }))).toBe('ENC_FAIL')
  })

  test('may put the encrypted key beside the data, which eIDAS peers may not', async () => {
    const key = await rsaKey()
    const xml = await encrypted(key)
    const encryptedKey = /<xenc:EncryptedKey.*<\/xenc:EncryptedKey>/s.exec(xml)?.[0] ?? ''
    const standing = encryptedKey.replace(
      '<xenc:EncryptedKey',
      `<xenc:EncryptedKey xmlns:xenc="${ns.xenc}" xmlns:ds="${ns.ds}"`,
    )
    const beside = swap(/<ds:KeyInfo[^>]*><xenc:EncryptedKey.*<\/xenc:EncryptedKey><\/ds:KeyInfo>/s, '')(xml)
    const sibling = beside.replace('</saml2:EncryptedAssertion>', `${standing}</saml2:EncryptedAssertion>`)
    expect(await settled(decrypt(sibling, key, { policy }))).toBe('accepted')
    expect(await settled(decrypt(sibling, key))).toBe('ENC_STRUCT')
  })

  test.each([
    ['A-133: RSA 1.5', 'http://www.w3.org/2001/04/xmlenc#rsa-1_5'],
    ['nothing', ''],
  ])('are refused %s', async (_, uri) => {
    const key = await rsaKey()
    const xml = swap(/"http:\/\/www.w3.org\/2009\/xmlenc11#rsa-oaep"/, `"${uri}"`)(await encrypted(key))
    expect(await settled(decrypt(xml, key, { policy }))).toBe('ENC_ALG')
  })

  test.each(['aes128-cbc', 'aes256-cbc', 'tripledes-cbc'])('A-134: are refused %s', async (cipher) => {
    const key = await rsaKey()
    const xml = swap(
      'http://www.w3.org/2009/xmlenc11#aes256-gcm',
      `http://www.w3.org/2001/04/xmlenc#${cipher}`,
    )(await encrypted(key))
    expect(await settled(decrypt(xml, key, { policy }))).toBe('ENC_ALG')
  })
})

describe('algorithms and parameters are settled before a key is touched', () => {
  const oaep = 'http://www.w3.org/2009/xmlenc11#rsa-oaep'
  const digest = /<ds:DigestMethod[^>]*><\/ds:DigestMethod>/
  const mgf = /<xenc11:MGF[^>]*><\/xenc11:MGF>/
  test.each([
    ['A-133: RSA 1.5', swap(oaep, 'http://www.w3.org/2001/04/xmlenc#rsa-1_5')],
    ['R-CR-15: RSA-OAEP-MGF1P', swap(oaep, 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p')],
    ['A-139: SHA-1', swap('http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2000/09/xmldsig#sha1')],
    ['A-139: MGF1 with SHA-1', swap('#mgf1sha256', '#mgf1sha1')],
    ['A-139: MGF1 with another hash than OAEP', swap('#mgf1sha256', '#mgf1sha512')],
    ['A-139: no digest', swap(digest, '')],
    ['A-139: no MGF', swap(mgf, '')],
    ['A-139: two digests', swap(digest, '$&$&')],
    ['A-139: two MGF', swap(mgf, '$&$&')],
    ['A-139: a label', swap(digest, '<xenc:OAEPparams>AAAA</xenc:OAEPparams>$&')],
    ['A-134: CBC', swap('xmlenc11#aes256-gcm', 'xmlenc#aes256-cbc')],
    [
      'A-134: 3DES',
      swap('http://www.w3.org/2009/xmlenc11#aes256-gcm', 'http://www.w3.org/2001/04/xmlenc#tripledes-cbc'),
    ],
    ['an unknown cipher', swap('http://www.w3.org/2009/xmlenc11#aes256-gcm', 'urn:unknown')],
    ['an inherited name of every object', swap('http://www.w3.org/2009/xmlenc11#aes256-gcm', 'constructor')],
  ])('%s', async (_, change) => {
    expect(await verdict(await rsaKey(), change)).toBe('ENC_ALG')
  })

  test.each([
    ['another agreement', swap('xmlenc11#ECDH-ES', 'xmlenc11#dh-es')],
    ['R-CR-16: kw-aes192', swap('#kw-aes256', '#kw-aes192')],
    ['kw-tripledes', swap('#kw-aes256', '#kw-tripledes')],
    ['another derivation', swap('xmlenc11#ConcatKDF', 'xmlenc11#pbkdf2')],
    [
      'A-143: SHA-1 in the derivation',
      swap('http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2000/09/xmldsig#sha1'),
    ],
    ['A-143: padding bits', swap('AlgorithmID="0000"', 'AlgorithmID="0100"')],
    ['A-143: not hexadecimal', swap('PartyUInfo="0000"', 'PartyUInfo="00zz"')],
    ['A-143: half an octet', swap('PartyVInfo="0000"', 'PartyVInfo="000"')],
    ['A-143: empty', swap('PartyVInfo="0000"', 'PartyVInfo=""')],
    ['A-143: missing', swap(' PartyVInfo="0000"', '')],
    ['A-143: one more', swap('PartyVInfo="0000"', 'PartyVInfo="0000" SuppPubInfo="00"')],
    ['A-143: no digest', swap(/<ds:DigestMethod[^>]*><\/ds:DigestMethod>/, '')],
  ])('key agreement: %s', async (_, change) => {
    expect(await verdict(await ecKey(), change)).toBe('ENC_ALG')
  })
})

describe('the structure is closed', () => {
  const encryptedKey = /<xenc:EncryptedKey.*<\/xenc:EncryptedKey>/s
  test.each([
    ['A-145: two EncryptedKey', swap(encryptedKey, '$&$&')],
    ['A-145: twenty', (xml: string) => xml.replace(encryptedKey, (one) => one.repeat(20))],
    ['A-145: no EncryptedKey', swap(encryptedKey, '')],
    ['A-140: RetrievalMethod instead', swap(encryptedKey, '<ds:RetrievalMethod URI="#_k"/>')],
    [
      'A-140: CipherReference',
      swap(
        /<xenc:CipherValue>[^<]*<\/xenc:CipherValue>(?!.*CipherValue)/s,
        '<xenc:CipherReference URI="http://evil.example/"/>',
      ),
    ],
    [
      'A-140: CipherReference for the key',
      swap(/<xenc:CipherValue>[^<]*<\/xenc:CipherValue>/, '<xenc:CipherReference URI="#_x"/>'),
    ],
    [
      'A-141: CipherReference with transforms',
      swap(
        /<xenc:CipherValue>[^<]*<\/xenc:CipherValue>/,
        '<xenc:CipherReference URI="#_x"><xenc:Transforms/></xenc:CipherReference>',
      ),
    ],
    ['A-146: Type #Content', swap('xmlenc#Element', 'xmlenc#Content')],
    ['A-146: no Type', swap(/ Type="[^"]*"/, '')],
    ['A-146: no EncryptionMethod', swap(/<xenc:EncryptionMethod Algorithm="[^"]*gcm"><\/xenc:EncryptionMethod>/, '')],
    [
      'A-146: two EncryptionMethod',
      swap(/<xenc:EncryptionMethod Algorithm="[^"]*gcm"><\/xenc:EncryptionMethod>/, '$&$&'),
    ],
    [
      'A-146: EncryptedKey without EncryptionMethod',
      swap(/(<xenc:EncryptedKey>)<xenc:EncryptionMethod.*?<\/xenc:EncryptionMethod>/s, '$1'),
    ],
    ['two EncryptedData', swap(/<xenc:EncryptedData.*<\/xenc:EncryptedData>/s, '$&$&')],
    ['a KeySize', swap(/(gcm">)(<\/xenc:EncryptionMethod>)/, '$1<xenc:KeySize>128</xenc:KeySize>$2')],
    ['EncryptionProperties', swap('</xenc:EncryptedData>', '<xenc:EncryptionProperties/></xenc:EncryptedData>')],
    ['text', swap('<xenc:CipherData>', 'x<xenc:CipherData>')],
  ])('%s', async (_, change) => {
    expect(await verdict(await rsaKey(), change)).toBe('ENC_STRUCT')
  })

  test.each([
    ['no ephemeral key', swap(/(<xenc:OriginatorKeyInfo>).*(<\/xenc:OriginatorKeyInfo>)/s, '$1$2')],
    [
      'a certificate for the ephemeral key',
      swap('<xenc:OriginatorKeyInfo>', '<xenc:OriginatorKeyInfo><ds:X509Data></ds:X509Data>'),
    ],
  ])('key agreement: %s', async (_, change) => {
    expect(await verdict(await ecKey(), change)).toBe('ENC_STRUCT')
  })

  test('R-CR-17: KA-Nonce is accepted, and has no part in the derivation', async () => {
    const nonce = swap('<xenc11:KeyDerivationMethod', '<xenc:KA-Nonce>AAAA</xenc:KA-Nonce><xenc11:KeyDerivationMethod')
    expect(await verdict(await ecKey(), nonce)).toBe('accepted')
  })

  test('A-284: a Recipient is a hint', async () => {
    const named = swap('<xenc:EncryptedKey', '<xenc:EncryptedKey Recipient="https://us.example"')
    expect(await verdict(await rsaKey(), named)).toBe('accepted')
  })
})

describe('lengths are checked before a key is touched', () => {
  test.each([0, 1, 12, 16, 27, 28])('A-135: %s octets are no IV, ciphertext and tag', async (length) => {
    expect(await verdict(await rsaKey(), dataValue(Buffer.alloc(length)))).toBe('ENC_DATA')
  })

  test('not base64', async () => {
    expect(await verdict(await rsaKey(), swap('<xenc:CipherValue>', '<xenc:CipherValue>*'))).toBe('ENC_DATA')
  })

  test.each([8, 16, 24, 32, 48])('A-144: a wrapped key of %s octets for AES-256', async (length) => {
    expect(await verdict(await ecKey(), keyValue(Buffer.alloc(length)))).toBe('ENC_KEY')
  })
})

describe('A-142: the ephemeral key is an uncompressed point on a named curve', () => {
  const p256 = curves[0]
  const prefix = Buffer.from(p256?.prefix ?? [])
  const point = (coordinates: Uint8Array): Uint8Array => Buffer.concat([Buffer.from([4]), coordinates])
  const asDer = (spki: Uint8Array) =>
    swap(/(<ds11:DEREncodedKeyValue[^>]*>)[^<]*/, `$1${Buffer.from(spki).toString('base64')}`)
  const onlyDer = (spki: Uint8Array) => (xml: string) => asDer(spki)(swap(/<ds:KeyValue.*<\/ds:KeyValue>/s, '')(xml))
  const onlyPoint = (octets: Uint8Array) => (xml: string) =>
    swap(
      /(<ds11:PublicKey>)[^<]*/,
      `$1${Buffer.from(octets).toString('base64')}`,
    )(swap(/<ds11:DEREncodedKeyValue.*<\/ds11:DEREncodedKeyValue>/s, '')(xml))
  const fresh = (): Buffer => createECDH('prime256v1').generateKeys()
  const written = (form: 'compressed' | 'hybrid'): Buffer => {
    const ecdh = createECDH('prime256v1')
    ecdh.generateKeys()
    return ecdh.getPublicKey(null, form)
  }
  const zeros = Buffer.alloc(64)

  test.each([
    ['not on the curve', onlyPoint(point(Buffer.alloc(64, 1)))],
    ['not on the curve, in DER', onlyDer(Buffer.concat([prefix, point(Buffer.alloc(64, 1))]))],
    ['the origin', onlyPoint(point(zeros))],
    ['infinity', onlyPoint(Buffer.from([0]))],
    ['coordinates beyond the field', onlyPoint(point(Buffer.alloc(64, 0xff)))],
    ['nothing', onlyPoint(Buffer.alloc(0))],
    ['short', onlyPoint(fresh().subarray(0, 64))],
    ['long', onlyPoint(Buffer.concat([fresh(), Buffer.alloc(1)]))],
    ['compressed', onlyPoint(written('compressed'))],
    ['hybrid', onlyPoint(written('hybrid'))],
    ['of another curve’s length', onlyPoint(createECDH('secp384r1').generateKeys())],
    ['an unknown curve', (xml: string) => onlyPoint(fresh())(swap('1.2.840.10045.3.1.7', '1.3.132.0.10')(xml))],
    [
      'a curve that is not ours',
      (xml: string) =>
        onlyPoint(createECDH('brainpoolP256r1').generateKeys())(
          swap('1.2.840.10045.3.1.7', '1.3.36.3.3.2.8.1.1.7')(xml),
        ),
    ],
    [
      'explicit parameters',
      swap(/<ds11:NamedCurve[^>]*><\/ds11:NamedCurve>/, '<ds11:ECParameters></ds11:ECParameters>'),
    ],
    ['DER of something else', asDer(Buffer.from('3003020101', 'hex'))],
    ['DER and point that differ', asDer(Buffer.concat([prefix, fresh()]))],
  ])('%s', async (_, change) => {
    expect(await verdict(await ecKey(), change)).toBe('ENC_KEY')
  })

  test('one of the two forms is enough', async () => {
    const key = await ecKey()
    expect(await verdict(key, swap(/<ds11:DEREncodedKeyValue.*<\/ds11:DEREncodedKeyValue>/s, ''))).toBe('accepted')
    expect(await verdict(key, swap(/<ds:KeyValue>.*<\/ds:KeyValue>/s, ''))).toBe('accepted')
  })

  test('a KDF parameter of "00" is the empty value', async () => {
    const key = await ecKey()
    const xml = await encrypted(key)
    const spki = /<ds11:DEREncodedKeyValue[^>]*>([^<]*)/.exec(xml)?.[1] ?? ''
    const ephemeral = createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' })
    const secret = diffieHellman({ privateKey: key.decryption.privateKey, publicKey: ephemeral })
    const hash = digestAlgorithms['http://www.w3.org/2001/04/xmlenc#sha256']
    const [contentKey, iv] = [randomBytes(32), randomBytes(12)]
    const wrapping = createCipheriv(
      'id-aes256-wrap',
      concatKdf(secret, Buffer.alloc(0), hash, 32),
      Buffer.alloc(8, 0xa6),
    )
    const wrapped = Buffer.concat([wrapping.update(contentKey), wrapping.final()])
    const cipher = createCipheriv('aes-256-gcm', contentKey, iv)
    const data = Buffer.concat([iv, cipher.update(writeXml(assertion())), cipher.final(), cipher.getAuthTag()])
    const old = dataValue(data)(keyValue(wrapped)(swap(/"0000"/g, '"00"')(xml)))
    expect(await settled(decrypt(old, key))).toBe('accepted')
  })
})

describe('A-147: once a key is touched, every failure is one and the same', () => {
  const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
  const wrapped = (key: TestKey, contentKey: Uint8Array): Buffer =>
    publicEncrypt({ key: key.certificate, ...oaep }, contentKey)

  async function failures(): Promise<readonly (readonly [string, TestKey, string])[]> {
    const [rsa, ec] = [await rsaKey(), await ecKey()]
    const other = await testKey('other', 'RSA-3072', 'encryption')
    const [byRsa, byEc] = [await encrypted(rsa), await encrypted(ec)]
    const data = cipherValue(byRsa, 1)
    const ecData = cipherValue(byEc, 1)
    return [
      ['the tag', rsa, dataValue(flipped(data, data.length - 1))(byRsa)],
      ['the ciphertext', rsa, dataValue(flipped(data, 20))(byRsa)],
      ['the IV', rsa, dataValue(flipped(data, 0))(byRsa)],
      ['A-137: an IV of 16 octets', rsa, dataValue(Buffer.concat([Buffer.alloc(4), data]))(byRsa)],
      ['the wrapped key', rsa, keyValue(flipped(cipherValue(byRsa, 0), 100))(byRsa)],
      ['a wrapped key that is too short', rsa, keyValue(Buffer.alloc(100))(byRsa)],
      ['a wrapped key of zeros', rsa, keyValue(Buffer.alloc(384))(byRsa)],
      ['A-138: a key for another cipher', rsa, keyValue(wrapped(rsa, randomBytes(16)))(byRsa)],
      ['an empty key', rsa, keyValue(wrapped(rsa, Buffer.alloc(0)))(byRsa)],
      ['another key', rsa, keyValue(wrapped(rsa, randomBytes(32)))(byRsa)],
      ['for somebody else', rsa, await encrypted(other)],
      ['for somebody else under our name', rsa, keyValue(cipherValue(await encrypted(other), 0))(byRsa)],
      ['for a key of another kind', rsa, byEc],
      ['A-144: the wrapped key, by agreement', ec, keyValue(flipped(cipherValue(byEc, 0), 3))(byEc)],
      ['the ciphertext, by agreement', ec, dataValue(flipped(ecData, 30))(byEc)],
    ]
  }

  test('same code, same detail, same message', async () => {
    for (const [what, key, xml] of await failures()) {
      const thrown: unknown = await decrypt(xml, key).catch((fault: unknown) => fault)
      expect({ what, thrown }).toMatchObject({ what, thrown: { code: 'ENC_FAIL', detail: '', message: 'ENC_FAIL' } })
    }
  })
})

/** An assertion with another in its Advice. */
function nestedAssertion(): XmlPart {
  const { children, ...rest } = assertion('_a0')
  const advice = el(saml('Advice'), {}, assertion('_inner'))
  return { ...rest, children: [...children.slice(0, 2), advice, ...children.slice(2)] }
}

describe('A-131: the plaintext is one valid Assertion, alone', () => {
  const one = textOf(assertion())
  test.each([
    ['two elements', one + one.replace('_a0', '_a1'), 'ENC_PLAINTEXT'],
    ['text', 'text', 'ENC_PLAINTEXT'],
    ['text behind', `${one}x`, 'ENC_PLAINTEXT'],
    ['a comment', `<!--x-->${one}`, 'ENC_PLAINTEXT'],
    ['a comment inside', one.replace('SE/NO/1', 'SE/NO<!--x-->/1'), 'ENC_PLAINTEXT'],
    ['a processing instruction', `<?x y?>${one}`, 'ENC_PLAINTEXT'],
    ['a document type', `<!DOCTYPE x>${one}`, 'ENC_PLAINTEXT'],
    ['another element', textOf(el(saml('Issuer'), {}, 'x')), 'ENC_PLAINTEXT'],
    [
      'an Assertion of another namespace',
      '<Assertion xmlns="urn:oasis:names:tc:SAML:1.0:assertion"/>',
      'ENC_PLAINTEXT',
    ],
    ['A-286: a prefix declared around it only', one.replace(/ xmlns:saml2="[^"]*"/, ''), 'accepted'],
    ['A-132: a prefix declared nowhere', one.replaceAll('saml2:', 'other:'), 'ENC_PLAINTEXT'],
    ['R-IA-33: not valid', one.replace('Version="2.0"', ''), 'XML_SCHEMA'],
    ['A-149: too large', one.replace('SE/NO/1', 'x'.repeat(messageLimits.octets)), 'XML_SIZE'],
  ])('%s', async (_, plaintext, code) => {
    const key = await rsaKey()
    expect(await settled(decrypt(await encrypted(key, Buffer.from(plaintext)), key))).toBe(code)
  })

  test('UTF-16', async () => {
    const key = await rsaKey()
    const xml = await encrypted(key, Buffer.from(`\ufeff${one}`, 'utf16le'))
    expect(await settled(decrypt(xml, key))).toBe('ENC_PLAINTEXT')
  })

  test('rule 22: IDs are unique over message and plaintext', async () => {
    const key = await rsaKey()
    const outer = (id: string) => markSigned(scan(Buffer.from(textOf(el(saml('Issuer'), { ID: id }))), messageLimits))
    expect(await settled(decrypt(await encrypted(key), key, { within: outer('_a0') }))).toBe('XML_DUP_ID')
    expect(await settled(decrypt(await encrypted(key), key, { within: outer('_r0') }))).toBe('accepted')
  })

  test('rule 22: that holds for IDs further down, however the attribute is written', async () => {
    const key = await rsaKey()
    const xml = await encrypted(key, writeXml(nestedAssertion()))
    const outer = (part: XmlPart) => markSigned(scan(writeXml(part), messageLimits))
    const deep = (id: string) => el(saml('Subject'), {}, el(saml('NameID'), {}, el(ds('Object'), { Id: id })))
    for (const id of ['_a0', '_inner']) {
      expect(await settled(decrypt(xml, key, { within: outer(deep(id)) }))).toBe('XML_DUP_ID')
    }
    expect(await settled(decrypt(xml, key, { within: outer(deep('_other')) }))).toBe('accepted')
    const same = el(saml('Subject'), {}, el(saml('NameID'), { Format: '2.0' }))
    expect(await settled(decrypt(xml, key, { within: outer(same) }))).toBe('accepted')
  })
})

describe('a signature of the plaintext’s own', () => {
  test('verifies with the signers and is taken out', async () => {
    const [key, signer] = [await rsaKey(), await testKey()]
    const plaintext = writeXml(await signElement(assertion(), signer.signing()))
    const read = await decrypt(await encrypted(key, plaintext), key, { signers: trusting(signer.verification) })
    expect(elements(read).map(({ local }) => local)).toEqual([
      'Issuer',
      'Subject',
      'AuthnStatement',
      'AttributeStatement',
    ])
  })

  test.each([
    ['A-115: altered', (xml: string) => xml.replace('>Ada<', '>Eve<'), 'DS_ASSERTION'],
    ['A-078: with something in it', swap('</ds:Signature>', '<ds:Object></ds:Object></ds:Signature>'), 'DS_CHILDREN'],
    ['A-090: of something else', swap('URI="#_a0"', 'URI="#_b0"'), 'DS_URI'],
    [
      'A-120: in another place',
      (xml: string) => {
        const signature = /<ds:Signature .*<\/ds:Signature>/s.exec(xml)?.[0] ?? ''
        return xml.replace(signature, '').replace('</saml2:Subject>', `${signature}</saml2:Subject>`)
      },
      'XML_SCHEMA',
    ],
  ])('%s', async (_, change, code) => {
    const [key, signer] = [await rsaKey(), await testKey()]
    const plaintext = change(textOf(await signElement(assertion(), signer.signing())))
    const options = { signers: trusting(signer.verification) }
    expect(await settled(decrypt(await encrypted(key, Buffer.from(plaintext)), key, options))).toBe(code)
  })

  test('of somebody nobody expects is refused', async () => {
    const [key, stranger, signer] = [await rsaKey(), await testKey('stranger'), await testKey()]
    const xml = await encrypted(key, writeXml(await signElement(assertion(), stranger.signing())))
    expect(await settled(decrypt(xml, key))).toBe('DS_KEY')
    expect(await settled(decrypt(xml, key, { signers: trusting(signer.verification) }))).toBe('DS_ASSERTION')
  })
})

describe('recipients are settled when metadata is read', () => {
  test('A-211: a peer that states only what we refuse has nothing in common with us', async () => {
    const rsa = await rsaKey()
    const make = (algorithms: readonly string[]) => () =>
      recipient(rsa.certificate, { methods: algorithms.map((algorithm) => ({ algorithm })) })
    expect(make(['http://www.w3.org/2001/04/xmlenc#aes256-cbc'])).toThrow(expect.objectContaining({ code: 'MD_ALG' }))
    expect(make(['http://www.w3.org/2001/04/xmlenc#rsa-1_5'])).toThrow(expect.objectContaining({ code: 'MD_ALG' }))
    expect(
      make(['http://www.w3.org/2001/04/xmlenc#aes256-cbc', 'http://www.w3.org/2009/xmlenc11#aes128-gcm'])(),
    ).toMatchObject({
      dataCipher: 'http://www.w3.org/2009/xmlenc11#aes128-gcm',
    })
  })

  test('R-CR-18: a weak key is not encrypted to', () => {
    expect(() => recipient('AAAA')).toThrow(expect.objectContaining({ code: 'MD_KEY' }))
  })
})
