import { encryptElement, type RecipientOptions, recipient } from '../../../src/xmlsec/encrypt.ts'
import { nationalEncryption } from '../../../src/xmlsec/encryption-policy.ts'
import { testKey } from '../../testkit/keys.ts'
import { textOf } from './forge.ts'
import { outcome } from './samples.ts'

const ENC = 'http://www.w3.org/2001/04/xmlenc#'
const ENC11 = 'http://www.w3.org/2009/xmlenc11#'
const DS = 'http://www.w3.org/2000/09/xmldsig#'

const keyOf = (kind: 'RSA-3072' | 'P-256') => testKey('recipient', kind, 'encryption')

/** What is written, without the declarations of namespaces, and with lengths for values. */
async function written(kind: 'RSA-3072' | 'P-256', options: RecipientOptions = {}): Promise<string> {
  const { certificate } = await keyOf(kind)
  const xml = textOf(await encryptElement(Buffer.from('plaintext'), recipient(certificate, options)))
  return xml
    .replace(/ xmlns:\w+="[^"]*"/g, '')
    .replaceAll(recipient(certificate).certificate, 'certificate')
    .replace(/>([A-Za-z0-9+/]+=*)</g, (_, value: string) =>
      value === 'certificate' ? `>${value}<` : `>${Buffer.from(value, 'base64').length}<`,
    )
}

const element = (name: string, attributes: string, ...content: readonly string[]) =>
  `<${name}${attributes === '' ? '' : ` ${attributes}`}>${content.join('')}</${name}>`
const method = (uri: string, ...content: readonly string[]) =>
  element('xenc:EncryptionMethod', `Algorithm="${uri}"`, ...content)
const cipherData = (octets: number) => element('xenc:CipherData', '', element('xenc:CipherValue', '', `${octets}`))
const x509Data = element('ds:X509Data', '', element('ds:X509Certificate', '', 'certificate'))
const digest = (uri: string) => element('ds:DigestMethod', `Algorithm="${uri}"`)
/** IV, the nine octets of the plaintext, tag. */
const DATA_OCTETS = 12 + 9 + 16

const data = (cipher: string, ...encryptedKey: readonly string[]) =>
  element(
    'xenc:EncryptedData',
    `Type="${ENC}Element"`,
    method(cipher),
    element('ds:KeyInfo', '', element('xenc:EncryptedKey', '', ...encryptedKey)),
    cipherData(DATA_OCTETS),
  )

describe('what is written', () => {
  test('R-CR-13, R-CR-15: to an RSA key', async () => {
    const mgf = element('xenc11:MGF', `Algorithm="${ENC11}mgf1sha256"`)
    expect(await written('RSA-3072')).toBe(
      data(
        `${ENC11}aes256-gcm`,
        method(`${ENC11}rsa-oaep`, digest(`${ENC}sha256`), mgf),
        element('ds:KeyInfo', '', x509Data),
        cipherData(384),
      ),
    )
  })

  test('to an RSA key of a national peer: rsa-oaep-mgf1p has no element for its mask generation', async () => {
    expect(await written('RSA-3072', { policy: nationalEncryption })).toBe(
      data(
        `${ENC11}aes256-gcm`,
        method(`${ENC}rsa-oaep-mgf1p`, digest(`${DS}sha1`)),
        element('ds:KeyInfo', '', x509Data),
        cipherData(384),
      ),
    )
  })

  test('R-CR-16: to an EC key, the ephemeral key in both forms', async () => {
    const parameters = element(
      'xenc11:ConcatKDFParams',
      'AlgorithmID="0000" PartyUInfo="0000" PartyVInfo="0000"',
      digest(`${ENC}sha256`),
    )
    const keyValue = element(
      'ds11:ECKeyValue',
      '',
      element('ds11:NamedCurve', 'URI="urn:oid:1.2.840.10045.3.1.7"'),
      element('ds11:PublicKey', '', '65'),
    )
    const agreement = element(
      'xenc:AgreementMethod',
      `Algorithm="${ENC11}ECDH-ES"`,
      element('xenc11:KeyDerivationMethod', `Algorithm="${ENC11}ConcatKDF"`, parameters),
      element(
        'xenc:OriginatorKeyInfo',
        '',
        element('ds:KeyValue', '', keyValue),
        element('ds11:DEREncodedKeyValue', '', '91'),
      ),
      element('xenc:RecipientKeyInfo', '', x509Data),
    )
    expect(await written('P-256', { methods: [{ algorithm: `${ENC11}aes128-gcm` }] })).toBe(
      data(`${ENC11}aes128-gcm`, method(`${ENC}kw-aes256`), element('ds:KeyInfo', '', agreement), cipherData(16 + 8)),
    )
  })
})

describe('A-211: what a peer states is held against what we write', () => {
  const chosen = async (kind: 'RSA-3072' | 'P-256', ...algorithms: readonly string[]) => {
    const methods = algorithms.map((algorithm) => ({ algorithm }))
    const { dataCipher, transport, wrap } = recipient((await keyOf(kind)).certificate, { methods })
    return [dataCipher, transport.digestUri, wrap]
  }
  const usual = [`${ENC11}aes256-gcm`, `${ENC}sha256`, `${ENC}kw-aes256`]

  test('nothing stated is the first of ours', async () => {
    expect(await chosen('RSA-3072')).toEqual(usual)
    expect(await chosen('P-256')).toEqual(usual)
  })

  test('of several, the first of ours, in whatever order the peer has them', async () => {
    const algorithms = [`${ENC11}aes192-gcm`, `${ENC11}aes128-gcm`, `${ENC11}aes256-gcm`, `${ENC11}rsa-oaep`]
    expect(await chosen('RSA-3072', ...algorithms)).toEqual(usual)
    expect(await chosen('P-256', `${ENC}kw-aes128`, `${ENC}kw-aes256`)).toEqual(usual)
    expect(await chosen('P-256', `${ENC11}aes192-gcm`)).toEqual([`${ENC11}aes192-gcm`, ...usual.slice(1)])
  })

  test.each([
    ['any digest and mask generation', {}, `${ENC}sha256`],
    ['a digest', { digestMethod: `${ENC}sha512` }, `${ENC}sha512`],
    ['a mask generation', { mgf: `${ENC11}mgf1sha384` }, 'http://www.w3.org/2001/04/xmldsig-more#sha384'],
    ['both', { digestMethod: `${ENC}sha512`, mgf: `${ENC11}mgf1sha512` }, `${ENC}sha512`],
  ])('R-MF-11: RSA-OAEP with %s, as stated', async (_, parameters, digest) => {
    const methods = [{ algorithm: `${ENC11}rsa-oaep`, ...parameters }]
    const to = recipient((await keyOf('RSA-3072')).certificate, { methods })
    expect(to.transport.digestUri).toBe(digest)
  })

  test.each([
    ['SHA-1', { digestMethod: 'http://www.w3.org/2000/09/xmldsig#sha1' }],
    ['two different hashes', { digestMethod: `${ENC}sha512`, mgf: `${ENC11}mgf1sha256` }],
  ])('A-139: RSA-OAEP with %s only is nothing in common', async (_, parameters) => {
    const { certificate } = await keyOf('RSA-3072')
    const methods = [{ algorithm: `${ENC11}rsa-oaep`, ...parameters }]
    expect(outcome(() => recipient(certificate, { methods }))).toBe('MD_ALG')
  })

  test('the operator is told what was stated', async () => {
    const { certificate } = await keyOf('RSA-3072')
    const sha1 = { digestMethod: `${DS}sha1` }
    const methods = [{ algorithm: `${ENC}rsa-1_5` }, { algorithm: `${ENC11}rsa-oaep`, ...sha1 }]
    expect(() => recipient(certificate, { methods })).toThrow(
      expect.objectContaining({ detail: `${ENC}rsa-1_5, ${ENC11}rsa-oaep with ${DS}sha1` }),
    )
  })

  test('what is for the other kind of key says nothing', async () => {
    expect(await chosen('P-256', `${ENC}rsa-1_5`)).toEqual(usual)
    expect(await chosen('RSA-3072', `${ENC}kw-aes192`)).toEqual(usual)
  })

  test('what is neither says nothing', async () => {
    expect(await chosen('RSA-3072', 'urn:x-gcm-y', `${ENC11}ECDH-ES`, `${ENC}sha256`)).toEqual(usual)
  })

  test.each([
    ['RSA-3072', `${ENC}rsa-1_5`],
    ['RSA-3072', `${ENC}aes256-cbc`],
    ['P-256', `${ENC}kw-aes192`],
    ['P-256', `${ENC}aes128-cbc`],
  ] as const)('nothing in common: %s, %s', async (kind, algorithm) => {
    const { certificate } = await keyOf(kind)
    expect(outcome(() => recipient(certificate, { methods: [{ algorithm }] }))).toBe('MD_ALG')
  })

  test('a weaker RSA key only where that was granted', async () => {
    const { certificate } = await keyOf('RSA-3072')
    expect(outcome(() => recipient(certificate, { minimumRsaBits: 2048 }))).toBe('accepted')
  })
})
