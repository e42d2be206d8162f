import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EntityDescriptor } from '../../src/saml/metadata/entity.ts'
import { writeText } from '../../src/xml/writer.ts'
import { recipient } from '../../src/xmlsec/encrypt.ts'
import { eidasEncryption } from '../../src/xmlsec/encryption-policy.ts'
import {
  chooseCountry,
  complete,
  decoded,
  fieldsOf,
  openFlow,
  postRequest,
  recipientOf,
  signedAnswer,
} from '../testkit/flow.ts'
import { type TestKey, testKey } from '../testkit/keys.ts'
import { encryptFor, freshId, mintAssertion, mintRequest, mintResponse, sign } from '../testkit/mint.ts'
import type { PeerName } from '../testkit/peers.ts'
import { signedAround } from '../testkit/sealed.ts'
import { startTarget, type Target } from '../testkit/target.ts'

/** Keys are changed without anybody having to be quick: for a while there are two, on our side and on that of peers. */
let folder: string
let coming: TestKey
let gone: TestKey
let goneNational: TestKey
let ofPeer: TestKey
let target: Target

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollover-'))
  coming = await testKey('coming')
  gone = await testKey('gone', 'P-256', 'encryption')
  goneNational = await testKey('gone national', 'RSA-3072', 'encryption')
  ofPeer = await testKey('second of the proxy service')
  for (const [name, key] of Object.entries({ coming, gone, goneNational })) {
    await writeFile(join(folder, `${name}.key`), key.privateKey, { mode: 0o600 })
    await writeFile(join(folder, `${name}.pem`), key.certificate)
  }
  target = await startTarget({
    config: {
      keys: {
        ...usual(['metadata']),
        messages: { ...pair('messages'), next: [join(folder, 'coming.pem')] },
        national: { ...pair('national'), next: [join(folder, 'coming.pem')] },
        encryption: { ...pair('encryption'), previous: inFolder('gone') },
        nationalEncryption: { ...pair('nationalEncryption'), previous: inFolder('goneNational') },
      },
    },
    describe: withSecondKey,
  })
}, 60_000)
afterAll(async () => {
  await target.stop()
  await rm(folder, { recursive: true })
})

const pair = (name: string) => ({ privateKey: `keys/${name}.key`, certificates: [`keys/${name}.pem`] })
const usual = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, pair(name)]))
const inFolder = (name: string) => ({
  privateKey: join(folder, `${name}.key`),
  certificates: [join(folder, `${name}.pem`)],
})

/** The proxy service publishes the key it will change to. */
function withSecondKey(metadata: EntityDescriptor, name: PeerName): EntityDescriptor {
  const { idp } = metadata.roles
  if (name !== 'proxyService' || idp === undefined) return metadata
  const second = {
    use: 'signing' as const,
    certificates: [ofPeer.verification.certificate],
    encryptionMethods: [],
  }
  return { ...metadata, roles: { idp: { ...idp, keys: [...idp.keys, second] } } }
}

const published = async (url: string) => (await target.wire.get(url)).body

test('our metadata has the key that is coming, towards everybody; the one that is gone is not encrypted to', async () => {
  const { portal, identityProvider, connector, proxyService } = target.peers
  for (const { node } of [portal, identityProvider, connector, proxyService]) {
    const metadata = await published(node)
    expect(metadata).toContain(coming.verification.certificate)
    expect(metadata).not.toContain(gone.verification.certificate)
    expect(metadata).not.toContain(goneNational.verification.certificate)
  }
})

test.each(['connector', 'proxy-service'] as const)(
  'what is still encrypted to the key before is decrypted: an answer to the %s',
  async (half) => {
    const key = half === 'connector' ? gone : goneNational
    const flow = await openFlow(target, half)
    const to = recipient(key.verification.certificate, {
      policy: eidasEncryption,
      minimumRsaBits: 3072,
    })
    const encrypted = await encryptFor(to, mintAssertion(flow))
    const answer = await sign(mintResponse(flow, { encryptedAssertions: [encrypted] }), flow.answerer.signing)
    expect((await complete(flow, answer)).body).toContain('SAMLResponse')
    // And to the present one.
    expect((await complete(await openFlow(target, half))).body).toContain('SAMLResponse')
  },
)

/** The key names no certificate of its recipient: nothing, its serial number, or one that nobody has. */
const hints: readonly (readonly [string, (xml: string) => string])[] = [
  ['nothing', (xml) => xml.replace(/<ds:KeyInfo><ds:X509Data>.*?<\/ds:X509Data><\/ds:KeyInfo>/, '')],
  ['an empty X509Data', (xml) => xml.replace(/(<ds:X509Data>).*?(<\/ds:X509Data>)/, '$1$2')],
  [
    'a serial number',
    (xml) =>
      xml.replace(
        /(<ds:X509Data>).*?(<\/ds:X509Data>)/,
        '$1<ds:X509IssuerSerial><ds:X509IssuerName>CN=x</ds:X509IssuerName><ds:X509SerialNumber>1</ds:X509SerialNumber></ds:X509IssuerSerial>$2',
      ),
  ],
  ['a name', (xml) => xml.replace(/<ds:X509Data>.*?<\/ds:X509Data>/, '<ds:KeyName>old</ds:KeyName>')],
  ['another certificate', (xml) => xml.replace(/(<ds:X509Certificate>)[^<]*/, `$1${coming.verification.certificate}`)],
]

describe.each(['connector', 'proxy-service'] as const)('A-287, 53: an answer to the %s', (half) => {
  test.each(hints)(
    'is decrypted with the key before and with the present one when %s names the key',
    async (_, change) => {
      const before = (half === 'connector' ? gone : goneNational).verification.certificate
      for (const certificate of [before, undefined]) {
        const flow = await openFlow(target, half)
        const to = certificate === undefined ? recipientOf(flow) : recipient(certificate, { policy: eidasEncryption })
        const text = change(writeText(await encryptFor(to, mintAssertion(flow))))
        expect((await complete(flow, await signedAround(flow, text))).body).toContain('SAMLResponse')
      }
    },
  )
})

test('what is encrypted to neither is not', async () => {
  const flow = await openFlow(target)
  const stranger = await testKey('nobody has this one', 'P-256', 'encryption')
  const to = recipient(stranger.verification.certificate, {
    policy: eidasEncryption,
    minimumRsaBits: 3072,
  })
  const encrypted = await encryptFor(to, mintAssertion(flow))
  await complete(flow, await sign(mintResponse(flow, { encryptedAssertions: [encrypted] }), flow.answerer.signing))
  expect(target.faults().at(-1)?.code).toBe('ENC_FAIL')
})

test('R-MF-21: a peer may sign with either of the keys it publishes', async () => {
  const first = await openFlow(target)
  expect((await complete(first, await signedAnswer(first))).body).toContain('SAMLResponse')
  const flow = await openFlow(target)
  const changed = { ...flow, answerer: { ...flow.answerer, signing: ofPeer.signing() } }
  expect((await complete(flow, await signedAnswer(changed))).body).toContain('SAMLResponse')
})

test('once the change is made, who has the metadata of before still knows us', async () => {
  const before = await published(target.peers.proxyService.node)
  const after = await startTarget({
    config: {
      keys: { ...usual(['metadata', 'national', 'encryption', 'nationalEncryption']), messages: inFolder('coming') },
    },
  })
  try {
    const { portal, proxyService } = after.peers
    const request = await sign(mintRequest(portal, { id: freshId() }), portal.signing)
    const asked = await chooseCountry(after, await postRequest(after, portal, request))
    const message = decoded(fieldsOf(asked, proxyService.endpoint).get('SAMLRequest'))
    const [, certificate = 'none'] = /<ds:X509Certificate>([^<]+)</.exec(message) ?? []
    expect(certificate).toBe(coming.verification.certificate)
    expect(before).toContain(certificate)
  } finally {
    await after.stop()
  }
})

test('CFG_INVALID for a key that was for encryption and is to sign', async () => {
  const config = JSON.parse(await readFile(join(target.folder, 'node.json'), 'utf8'))
  const keys = { ...config.keys, encryption: { ...config.keys.encryption, previous: inFolder('coming') } }
  await expect(startTarget({ config: { keys } })).rejects.toMatchObject({
    code: 'CFG_INVALID',
    detail: expect.stringContaining('keys.encryption: must be another key than keys.messages'),
  })
})

test('R-IA-27, R-MF-2: our metadata is kept by nobody on the way for longer than it is valid', async () => {
  const hourly = await startTarget({ config: { metadataLifetimeHours: 1 } })
  try {
    const { headers, body } = await hourly.wire.get(hourly.connector.eidasMetadata)
    const seconds = Number(/max-age=(\d+)/.exec(headers['cache-control'] ?? '')?.[1])
    const [, validUntil = ''] = /validUntil="([^"]+)"/.exec(body) ?? []
    expect(Date.now() + seconds * 1000).toBeLessThan(Date.parse(validUntil))
  } finally {
    await hourly.stop()
  }
})
