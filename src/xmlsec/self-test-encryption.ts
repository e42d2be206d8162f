import type { FaultCode } from '../errors/faults.ts'
import { messageLimits } from '../xml/limits.ts'
import { ns, saml } from '../xml/names.ts'
import { el, writeText } from '../xml/writer.ts'
import { type DataCipher, dataCiphers, digestAlgorithms, isIn, keyTransports, keyWraps } from './algorithms.ts'
import { curveNamed } from './curves.ts'
import type { EncryptedContent } from './encrypted-data.ts'
import { eidasEncryption } from './encryption-policy.ts'
import type { DecryptionKey } from './keys.ts'
import { type Check, check, expectRefusal, expectThat, type Kernel, keyIn, withBitChanged } from './self-test-check.ts'
import {
  type AgreementVector,
  agreedSecret,
  agreementVectors,
  ecCertificate,
  rsaCertificate,
} from './self-test-vectors.ts'

/* Known-good and known-bad ciphertexts, wrapped keys and derivations, and encrypted elements that must not be tried. */

const hex = (digits: string) => Buffer.from(digits, 'hex')

/** The Galois/Counter Mode of Operation (McGrew and Viega), appendix B: test cases 3, 9 and 15. */
const iv = hex('cafebabefacedbaddecaf888')
const plaintext = hex(
  'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255',
)
const contentKeys = hex('feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308')
const sealed: Readonly<Record<DataCipher, Buffer>> = {
  'http://www.w3.org/2009/xmlenc11#aes128-gcm': hex(
    '42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f59854d5c2af327cd64a62cf35abd2ba6fab4',
  ),
  'http://www.w3.org/2009/xmlenc11#aes192-gcm': hex(
    '3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c7d773d00c144c525ac619d18c84a3f4718e2448b2fe324d9ccda2710acade2569924a7c8587336bfb118024db8674a14',
  ),
  'http://www.w3.org/2009/xmlenc11#aes256-gcm': hex(
    '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015adb094dac5d93471bdec1a502270e3cc6c',
  ),
}

/** A key that knows the outcome of the one operation that takes a private key; everything after it is the node's. */
function standIn(kernel: Kernel, certificate: string, contentKey: Buffer): DecryptionKey {
  const key = keyIn(certificate, kernel)
  return { ...key, privateKey: key.publicKey, unwrap: async () => contentKey, agree: () => hex(agreedSecret) }
}

function sealedContent(cipher: DataCipher, octets = Buffer.concat([iv, sealed[cipher]])): EncryptedContent {
  const key = { kind: 'rsa', transport: keyTransports.sha256, wrapped: Buffer.alloc(0), recipients: [] } as const
  return { cipher, octets, key }
}

const damages: readonly (readonly [what: string, change: (octets: Buffer) => Buffer])[] = [
  ['a changed tag', withBitChanged],
  ['a tag of 12 octets', (octets) => octets.subarray(0, octets.length - 4)],
  ['no more than a tag of 12 octets', (octets) => octets.subarray(octets.length - 12)],
  ['changed ciphertext', (octets) => Buffer.concat([withBitChanged(octets.subarray(0, 30)), octets.subarray(30)])],
  ['another IV', (octets) => Buffer.concat([withBitChanged(octets.subarray(0, 12)), octets.subarray(12)])],
]

function cipherChecks(cipher: DataCipher): readonly Check[] {
  const { keyOctets } = dataCiphers[cipher]
  const name = cipher.slice(cipher.indexOf('#') + 1)
  const open = (kernel: Kernel, content: EncryptedContent, length: number = keyOctets) =>
    kernel.decryptContent(content, [standIn(kernel, rsaCertificate, contentKeys.subarray(0, length))])
  const whole = sealedContent(cipher)
  return [
    check(`${name} opens what is known`, async (kernel) =>
      expectThat(plaintext.equals(await open(kernel, whole)), 'another plaintext'),
    ),
    ...damages.map(([what, change]) =>
      check(`${name} refuses ${what}`, (kernel) =>
        expectRefusal('ENC_FAIL', () => open(kernel, { ...whole, octets: change(whole.octets) })),
      ),
    ),
    check(`${name} refuses a key of another length`, (kernel) =>
      expectRefusal('ENC_FAIL', () => open(kernel, whole, keyOctets - 8)),
    ),
  ]
}

function agreementChecks(vector: AgreementVector): readonly Check[] {
  const { wrap, digest, wrappingKey } = vector
  const kdfHash = digestAlgorithms[digest]
  const otherInfo = Buffer.alloc(3)
  const name = `${wrap.slice(wrap.indexOf('#') + 1)} after ConcatKDF with ${kdfHash.node}`
  const open = async (kernel: Kernel, wrapped: string) => {
    const { curve: curveName } = keyIn(ecCertificate, kernel)
    const curve = curveNamed(curveName)
    if (curve === undefined) throw new TypeError('a certificate without a curve')
    const agreed = { wrap, kdfHash, otherInfo, curve, ephemeral: Buffer.alloc(65), recipients: [] }
    const key = { kind: 'ec', ...agreed, wrapped: hex(wrapped) } as const
    const content = { ...sealedContent('http://www.w3.org/2009/xmlenc11#aes256-gcm'), key }
    return kernel.decryptContent(content, [standIn(kernel, ecCertificate, Buffer.alloc(0))])
  }
  const refused = [
    ['a changed key', withBitChanged(hex(vector.wrapped)).toString('hex')],
    ['another initial value', vector.otherInitialValue],
    ['a key of eight octets', vector.short],
    ['a key that is cut short', vector.wrapped.slice(0, -16)],
  ] as const
  return [
    check(`${name} derives what is known`, async (kernel) => {
      const derived = kernel.concatKdf(hex(agreedSecret), otherInfo, kdfHash, keyWraps[wrap].keyOctets)
      expectThat(derived.equals(hex(wrappingKey)), 'another key')
    }),
    check(`${name} unwraps what is known`, async (kernel) =>
      expectThat(plaintext.equals(await open(kernel, vector.wrapped)), 'another plaintext'),
    ),
    ...refused.map(([what, wrapped]) =>
      check(`${name} refuses ${what}`, (kernel) => expectRefusal('ENC_FAIL', () => open(kernel, wrapped))),
    ),
  ]
}

type Malformed = readonly [what: string, code: FaultCode, certificate: string, change: (xml: string) => string]

const KEY_VALUE = /(<xenc:CipherValue>)[^<]*/
const DATA_VALUE = /(.*<xenc:CipherValue>)[^<]*/
const zeros = (octets: number) => `$1${Buffer.alloc(octets).toString('base64')}`

/** Rules 20 and 21: refused as it stands, before a private key is touched. */
const malformed: readonly Malformed[] = [
  ['a wrapped key of eight octets', 'ENC_KEY', ecCertificate, (xml) => xml.replace(KEY_VALUE, zeros(16))],
  ['no more than an IV and a short tag', 'ENC_DATA', rsaCertificate, (xml) => xml.replace(DATA_VALUE, zeros(24))],
  ['AES-CBC', 'ENC_ALG', rsaCertificate, (xml) => xml.replace('2009/xmlenc11#aes256-gcm', '2001/04/xmlenc#aes256-cbc')],
  ['RSA 1.5', 'ENC_ALG', rsaCertificate, (xml) => xml.replace('2009/xmlenc11#rsa-oaep', '2001/04/xmlenc#rsa-1_5')],
  [
    'SHA-1 in OAEP',
    'ENC_ALG',
    rsaCertificate,
    (xml) => xml.replace('2001/04/xmlenc#sha256', '2000/09/xmldsig#sha1').replace('#mgf1sha256', '#mgf1sha1'),
  ],
  ['another derivation', 'ENC_ALG', ecCertificate, (xml) => xml.replace('xmlenc11#ConcatKDF', 'xmlenc11#pbkdf2')],
  [
    'a point that is not on the curve',
    'ENC_KEY',
    ecCertificate,
    (xml) =>
      xml
        .replace(/<ds11:DEREncodedKeyValue.*<\/ds11:DEREncodedKeyValue>/, '')
        .replace(/(<ds11:PublicKey>)[^<]*/, (_, tag: string) => tag + Buffer.alloc(65, 4).toString('base64')),
  ],
  [
    'a key that stands elsewhere',
    'ENC_STRUCT',
    rsaCertificate,
    (xml) => xml.replace(/<xenc:EncryptedKey.*<\/xenc:EncryptedKey>/, ''),
  ],
]

const malformedChecks = malformed.map(([what, code, certificate, change]) =>
  check(`decryption refuses ${what}`, async (kernel) => {
    const data = await kernel.encryptElement(plaintext, kernel.recipient(certificate))
    const xml = writeText(el(saml('EncryptedAssertion'), {}, data))
    const root = kernel.scan(Buffer.from(change(xml)), messageLimits)
    return expectRefusal(code, () => kernel.readEncrypted(root, eidasEncryption))
  }),
)

const assertion = `<saml2:Assertion xmlns:saml2="${ns.saml}" ID="_a0" IssueInstant="2026-01-01T00:00:00Z" Version="2.0"><saml2:Issuer>peer</saml2:Issuer><saml2:Subject><saml2:NameID>x</saml2:NameID></saml2:Subject></saml2:Assertion>`

function readAssertion(kernel: Kernel, xml: string) {
  const expected = { root: saml('Assertion'), schema: 'assertion', limits: messageLimits } as const
  return kernel.readPlaintext(Buffer.from(xml), expected)
}

/** Rule 22. */
const plaintextChecks = [
  check('plaintext that is an assertion is read', async (kernel) =>
    expectThat(readAssertion(kernel, assertion).local === 'Assertion', 'something else'),
  ),
  ...(
    [
      ['with a document type', 'ENC_PLAINTEXT', `<!DOCTYPE x>${assertion}`],
      ['that is two assertions', 'ENC_PLAINTEXT', assertion + assertion.replace('_a0', '_a1')],
      ['that is something else', 'ENC_PLAINTEXT', `<saml2:Issuer xmlns:saml2="${ns.saml}">peer</saml2:Issuer>`],
      ['that is not valid', 'XML_SCHEMA', assertion.replace(' Version="2.0"', '')],
    ] as const
  ).map(([what, code, xml]) =>
    check(`plaintext ${what} is refused`, (kernel) => expectRefusal(code, () => readAssertion(kernel, xml))),
  ),
]

export const encryptionChecks: readonly Check[] = [
  ...Object.keys(sealed)
    .filter((uri) => isIn(dataCiphers, uri))
    .flatMap(cipherChecks),
  ...agreementVectors.flatMap(agreementChecks),
  ...malformedChecks,
  ...plaintextChecks,
]
