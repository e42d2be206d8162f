import {
  constants,
  createCipheriv,
  createECDH,
  diffieHellman,
  generateKeyPairSync,
  publicEncrypt,
  randomBytes,
} from 'node:crypto'
import type { FaultCode } from '../../src/errors/faults.ts'
import { writeXml } from '../../src/xml/writer.ts'
import { digestAlgorithms } from '../../src/xmlsec/algorithms.ts'
import { concatKdf } from '../../src/xmlsec/concat-kdf.ts'
import { curves } from '../../src/xmlsec/curves.ts'
import { recipient } from '../../src/xmlsec/encrypt.ts'
import { complete, type Flow, openFlow, postAnswer, recipientOf } from '../testkit/flow.ts'
import { testKey } from '../testkit/keys.ts'
import { citizen, encryptFor, mintAssertion } from '../testkit/mint.ts'
import {
  flipped,
  isRefusedSealed,
  sealed,
  signedAround,
  valuesOf,
  withDataValue,
  withKeyValue,
} from '../testkit/sealed.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { refusalOf, releasedIn, responseIn } from '../testkit/verdict.ts'
import { swap, textOf } from '../unit/xmlsec/forge.ts'

/*
 * Keys, ciphertexts and points in an EncryptedAssertion that is built as it should be, at the connector's ACS. From the
 * moment a private key is touched, every failure is one and the same to whoever looks on.
 */

const kinds = { rsa: 'RSA-3072', ec: 'P-256' } as const
type Kind = keyof typeof kinds

const targets = new Map<Kind, Target>()
beforeAll(async () => {
  for (const kind of ['rsa', 'ec'] as const) targets.set(kind, await startTarget({ nodeKeys: kinds[kind] }))
}, 60_000)
afterAll(() => Promise.all([...targets.values()].map((target) => target.stop())))

function openAt(kind: Kind): Promise<Flow> {
  const target = targets.get(kind)
  if (target === undefined) throw new TypeError('not started')
  return openFlow(target)
}

type Change = (xml: string, flow: Flow) => string | Promise<string>

/** An AES key as the peer transports it to the node. */
const wrapped = (flow: Flow, contentKey: Uint8Array): Buffer =>
  publicEncrypt(
    { key: recipientOf(flow).publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
    contentKey,
  )

/** The right assertion under a key and an IV of other lengths than they should have. */
function sealedOddly(keyOctets: 16 | 32, ivOctets: number): Change {
  return (xml, flow) => {
    const [key, iv] = [randomBytes(keyOctets), randomBytes(ivOctets)]
    const cipher = createCipheriv(keyOctets === 16 ? 'aes-128-gcm' : 'aes-256-gcm', key, iv)
    const data = [iv, cipher.update(writeXml(mintAssertion(flow))), cipher.final(), cipher.getAuthTag()]
    return withDataValue(Buffer.concat(data))(withKeyValue(wrapped(flow, key))(xml))
  }
}

const inData =
  (change: (data: Buffer) => Buffer): Change =>
  (xml) =>
    withDataValue(change(valuesOf(xml).data))(xml)
const inKey =
  (change: (key: Buffer) => Buffer): Change =>
  (xml) =>
    withKeyValue(change(valuesOf(xml).key))(xml)
const contentKeyOf =
  (octets: number): Change =>
  (xml, flow) =>
    withKeyValue(wrapped(flow, randomBytes(octets)))(xml)

/** RFC 8017, 7.1.2: the right key, in a ciphertext that begins with a zero, without the zero. */
const shortened: Change = (xml, flow) => {
  const [key, iv] = [randomBytes(32), randomBytes(12)]
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const data = [iv, cipher.update(writeXml(mintAssertion(flow))), cipher.final(), cipher.getAuthTag()]
  let drawn = wrapped(flow, key)
  while (drawn[0] !== 0) drawn = wrapped(flow, key)
  return withDataValue(Buffer.concat(data))(withKeyValue(drawn.subarray(1))(xml))
}

/** For another key of the same kind. */
async function sealedForOther(flow: Flow): Promise<string> {
  const { certificate } = await testKey('other', 'RSA-3072', 'encryption')
  return textOf(await encryptFor(recipient(certificate), mintAssertion(flow)))
}

/** Wrapped with the right key under another initial value than that of RFC 3394. */
function wrappedOddly(xml: string, flow: Flow): string {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const secret = diffieHellman({ privateKey, publicKey: recipientOf(flow).publicKey })
  const hash = digestAlgorithms['http://www.w3.org/2001/04/xmlenc#sha256']
  const cipher = createCipheriv('id-aes256-wrap', concatKdf(secret, Buffer.alloc(3), hash, 32), Buffer.alloc(8, 0xa5))
  const key = Buffer.concat([cipher.update(randomBytes(32)), cipher.final()])
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  return withKeyValue(key)(withPoint(spki.subarray(-65))(xml))
}

type Failure = readonly [entry: string, what: string, kind: Kind, change: Change]

const failures: readonly Failure[] = [
  ...[4, 8, 12, 15].map(
    (tag): Failure => [
      'A-135',
      `a tag of ${tag} octets`,
      'rsa',
      inData((data) => data.subarray(0, data.length - 16 + tag)),
    ],
  ),
  ['A-136', 'the first octet changed', 'rsa', inData((data) => flipped(data, 12))],
  ['A-136', 'the last octet changed', 'rsa', inData((data) => flipped(data, data.length - 17))],
  ['A-136', 'the tag changed', 'rsa', inData((data) => flipped(data, data.length - 1))],
  ['A-136', 'one octet more', 'rsa', inData((data) => Buffer.concat([data, Buffer.alloc(1)]))],
  ['A-136', 'the last octet changed', 'ec', inData((data) => flipped(data, data.length - 17))],
  ['A-137', 'the IV changed', 'rsa', inData((data) => flipped(data, 0))],
  ['A-137', 'an IV of 8 octets', 'rsa', sealedOddly(32, 8)],
  ['A-137', 'an IV of 16 octets', 'rsa', sealedOddly(32, 16)],
  ['A-138', 'a key of AES-128 under the name of AES-256', 'rsa', sealedOddly(16, 12)],
  ...[0, 1, 16, 24, 31, 33, 64].map(
    (octets): Failure => ['A-138', `a key of ${octets} octets`, 'rsa', contentKeyOf(octets)],
  ),
  ['A-147', 'another key of the right length', 'rsa', contentKeyOf(32)],
  ['A-147', 'the transported key changed', 'rsa', inKey((key) => flipped(key, 100))],
  ['A-147', 'the transported key all zeros', 'rsa', inKey(() => Buffer.alloc(384))],
  ['A-147', 'the transported key all ones', 'rsa', inKey(() => Buffer.alloc(384, 0xff))],
  ['A-147', 'the transported key too short', 'rsa', inKey((key) => key.subarray(1))],
  ['A-288', 'the right key without the zero it begins with', 'rsa', shortened],
  ['A-147', 'the transported key too long', 'rsa', inKey((key) => Buffer.concat([Buffer.alloc(1), key]))],
  ['A-147', 'no transported key', 'rsa', inKey(() => Buffer.alloc(0))],
  ['A-147', 'for somebody else', 'rsa', (_, flow) => sealedForOther(flow)],
  [
    'A-147',
    'for somebody else, with our certificate',
    'rsa',
    async (xml, flow) => withKeyValue(valuesOf(await sealedForOther(flow)).key)(xml),
  ],
  ['A-147', 'for a key of another kind', 'ec', (_, flow) => sealedForOther(flow)],
  ['A-144', 'the wrapped key changed', 'ec', inKey((key) => flipped(key, 3))],
  ['A-144', 'the check value of the wrapped key changed', 'ec', inKey((key) => flipped(key, 0))],
  ['A-144', 'wrapped under another initial value', 'ec', wrappedOddly],
  [
    'A-151',
    'for the key we sign with',
    'rsa',
    async (_, flow) => {
      const { certificate } = await testKey('node messages', 'RSA-3072')
      return textOf(await encryptFor(recipient(certificate), mintAssertion(flow)))
    },
  ],
]

test.each(failures)('%s at the connector acs: %s (%s)', async (_entry, _what, kind, change) => {
  const flow = await openAt(kind)
  await isRefusedSealed(flow, await change(await sealed(flow), flow), 'ENC_FAIL')
})

test('A-147, A-148: whatever failed, portal, citizen and log are told the same, and nothing of what was inside', async () => {
  const told = new Set<string>()
  for (const [, , kind, change] of failures) {
    const flow = await openAt(kind)
    const { target } = flow
    const answer = await postAnswer(flow, await signedAround(flow, await change(await sealed(flow), flow)))
    const { codes, message } = responseIn(target, answer, 'portal').status
    const { detail } = target.faults().at(-1) ?? {}
    told.add(JSON.stringify([answer.status, codes, message, detail]))
    expect(target.logged.join('')).not.toContain(citizen.CurrentFamilyName)
  }
  expect([...told]).toHaveLength(1)
})

test('A-134: probes of a padding get one answer, and no key is used for them', async () => {
  for (let probe = 0; probe < 32; probe += 1) {
    const flow = await openAt('rsa')
    const cbc = swap('http://www.w3.org/2009/xmlenc11#aes256-gcm', 'http://www.w3.org/2001/04/xmlenc#aes256-cbc')
    const guess = inData(() => Buffer.concat([randomBytes(31), Buffer.from([probe])]))
    const message = await signedAround(flow, cbc(await guess(await sealed(flow), flow)))
    expect(refusalOf(flow.target, await postAnswer(flow, message))).toBe('ENC_ALG')
  }
})

type Refusal = readonly [entry: string, what: string, kind: Kind, change: Change, code: FaultCode]

const lengths: readonly Refusal[] = [
  ...[0, 1, 12, 16, 27, 28].map(
    (octets): Refusal => [
      'A-135',
      `${octets} octets are no IV, content and tag`,
      'rsa',
      inData(() => Buffer.alloc(octets)),
      'ENC_DATA',
    ],
  ),
  ['A-135', 'base64 with spare bits', 'rsa', swap(/(.*<xenc:CipherValue>)[^<]*/s, '$1AAAB=AAA'), 'XML_SCHEMA'],
  ...[0, 8, 16, 24, 32, 48].map(
    (octets): Refusal => [
      'A-144',
      `a wrapped key of ${octets} octets`,
      'ec',
      inKey(() => Buffer.alloc(octets)),
      'ENC_KEY',
    ],
  ),
]

/** The ephemeral key as a bare point, or as DER. */
function withPoint(point: Uint8Array): (xml: string) => string {
  const alone = swap(/<ds11:DEREncodedKeyValue.*<\/ds11:DEREncodedKeyValue>/s, '')
  const value = Buffer.from(point).toString('base64')
  return (xml) => swap(/(<ds11:PublicKey>)[^<]*/, `$1${value}`)(alone(xml))
}

function withDer(spki: Uint8Array): (xml: string) => string {
  const value = Buffer.from(spki).toString('base64')
  const alone = swap(/<ds:KeyValue.*<\/ds:KeyValue>/s, '')
  return (xml) => swap(/(<ds11:DEREncodedKeyValue[^>]*>)[^<]*/, `$1${value}`)(alone(xml))
}

const P256 = Buffer.from(curves.find(({ name }) => name === 'prime256v1')?.prefix ?? [])
const uncompressed = (coordinates: Uint8Array): Uint8Array => Buffer.concat([Buffer.from([4]), coordinates])
const fresh = (curve = 'prime256v1'): Buffer => createECDH(curve).generateKeys()

function written(form: 'compressed' | 'hybrid'): Buffer {
  const ecdh = createECDH('prime256v1')
  ecdh.generateKeys()
  return ecdh.getPublicKey(null, form)
}

/** DER of a key with the parameters of its curve spelled out. */
const explicit = (): Buffer =>
  generateKeyPairSync('ec', { namedCurve: 'prime256v1', paramEncoding: 'explicit' }).publicKey.export({
    type: 'spki',
    format: 'der',
  })

const otherCurve =
  (oid: string, point: Uint8Array): Change =>
  (xml) =>
    withPoint(point)(swap('1.2.840.10045.3.1.7', oid)(xml))

const points: readonly (readonly [what: string, change: Change])[] = [
  ['not on the curve', withPoint(uncompressed(Buffer.alloc(64, 1)))],
  ['not on the curve, in DER', withDer(Buffer.concat([P256, uncompressed(Buffer.alloc(64, 1))]))],
  ['the origin', withPoint(uncompressed(Buffer.alloc(64)))],
  ['infinity', withPoint(Buffer.from([0]))],
  ['infinity, in DER', withDer(Buffer.concat([P256, Buffer.from([0])]))],
  ['beyond the field', withPoint(uncompressed(Buffer.alloc(64, 0xff)))],
  ['nothing', withPoint(Buffer.alloc(0))],
  ['cut short', withPoint(fresh().subarray(0, 64))],
  ['one octet more', withPoint(Buffer.concat([fresh(), Buffer.alloc(1)]))],
  ['compressed', withPoint(written('compressed'))],
  ['hybrid', withPoint(written('hybrid'))],
  ['a point of P-384', withPoint(fresh('secp384r1'))],
  ['a curve that is not our key’s', otherCurve('1.3.36.3.3.2.8.1.1.7', fresh('brainpoolP256r1'))],
  ['P-384, which is not our key’s', otherCurve('1.3.132.0.34', fresh('secp384r1'))],
  ['secp256k1', otherCurve('1.3.132.0.10', fresh('secp256k1'))],
  ['a point of brainpoolP256r1 under the name of P-256', withPoint(fresh('brainpoolP256r1'))],
  ['explicit parameters, in DER', withDer(explicit())],
  ['something else, in DER', withDer(Buffer.from('3003020101', 'hex'))],
  ['two that differ', (xml) => swap(/(<ds11:PublicKey>)[^<]*/, `$1${fresh().toString('base64')}`)(xml)],
]

test.each([
  ...lengths,
  ...points.map(([what, change]): Refusal => ['A-142', what, 'ec', change, 'ENC_KEY']),
  [
    'A-142',
    'explicit parameters',
    'ec',
    swap(/<ds11:NamedCurve[^>]*><\/ds11:NamedCurve>/, '<ds11:ECParameters></ds11:ECParameters>'),
    'ENC_KEY',
  ] satisfies Refusal,
])('%s at the connector acs: %s (%s)', async (_entry, _what, kind, change, code) => {
  const flow = await openAt(kind)
  await isRefusedSealed(flow, await change(await sealed(flow), flow), code)
})

test.each([
  ['a point', swap(/<ds11:DEREncodedKeyValue.*<\/ds11:DEREncodedKeyValue>/s, '')],
  ['DER', swap(/<ds:KeyValue.*<\/ds:KeyValue>/s, '')],
])('A-142 at the connector acs: an ephemeral key as %s alone is no attack', async (_, change) => {
  const flow = await openAt('ec')
  const answer = await complete(flow, await signedAround(flow, change(await sealed(flow))))
  expect((await releasedIn(flow.target, answer)).inResponseTo).toBe(flow.askedId)
})
