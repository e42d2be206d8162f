import { constants, generateKeyPairSync, sign as signOctets } from 'node:crypto'
import { createCertificate } from '../../src/xmlsec/certificate.ts'
import { type SigningKey, signingKey } from '../../src/xmlsec/keys.ts'
import { type DoorName, doorNames, doors, type Visit } from '../testkit/doors.ts'
import { postRequest } from '../testkit/flow.ts'
import { ECDSA, whole } from '../testkit/forgeries.ts'
import { type TestKey, testKey } from '../testkit/keys.ts'
import { mintRequest, sign } from '../testkit/mint.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectRefused } from '../testkit/verdict.ts'
import { forge, swap } from '../unit/xmlsec/forge.ts'

/* Whose key a signature is made with, and what the value of a signature may be, wherever messages arrive. */

let target: Target
let rsa: Target
beforeAll(async () => {
  target = await startTarget()
  rsa = await startTarget({ foreignKeys: 'RSA-3072' })
}, 60_000)
afterAll(() => Promise.all([target.stop(), rsa.stop()]))

const eidasDoors = ['connector acs', 'proxy service sso'] as const satisfies readonly DoorName[]
const PSS = 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1'

/** A key that signs in its own way under the name of the sender's. */
const odd = (visit: Visit, make: (octets: Uint8Array, key: TestKey) => Uint8Array): SigningKey => ({
  ...visit.sender.signing,
  sign: async (octets) => make(octets, visit.sender.signingKey),
})

type Value = (octets: Uint8Array, key: TestKey) => Uint8Array

const proper: Value = (octets, { privateKey }) =>
  signOctets('sha256', octets, { key: privateKey, dsaEncoding: 'ieee-p1363' })
const padded = (value: Uint8Array): Buffer =>
  Buffer.concat([Buffer.alloc(1), value.subarray(0, 32), Buffer.alloc(1), value.subarray(32)])

const values: readonly (readonly [what: string, make: Value])[] = [
  ['r = s = 0', () => Buffer.alloc(64)],
  ['r = s = 1', () => Buffer.concat([Buffer.alloc(31), Buffer.from([1]), Buffer.alloc(31), Buffer.from([1])])],
  ['r and s of all ones', () => Buffer.alloc(64, 0xff)],
  ['63 octets', (octets, key) => proper(octets, key).subarray(1)],
  ['DER', (octets, { privateKey }) => signOctets('sha256', octets, privateKey)],
  ['padded with zeros', (octets, key) => padded(proper(octets, key))],
  ['something behind', (octets, key) => Buffer.concat([proper(octets, key), Buffer.alloc(2)])],
  [
    'r and s the other way round',
    (octets, key) => Buffer.concat([proper(octets, key).subarray(32), proper(octets, key).subarray(0, 32)]),
  ],
]

test.each(doorNames.flatMap((door) => values.map(([what, make]) => [door, what, make] as const)))(
  'A-104 at the %s: an ECDSA value of %s',
  async (door, _, make) => {
    const visit = await doors[door](target)
    await visit.refused(await sign(visit.message, odd(visit, make)), 'DS_SIG')
  },
)

const pss =
  (saltLength: number): Value =>
  (octets, { privateKey }) =>
    signOctets('sha256', octets, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength })

const rsaValues: readonly (readonly [what: string, make: Value])[] = [
  ...[0, 1, 20, 31, 33, constants.RSA_PSS_SALTLEN_MAX_SIGN].map((salt) => [`a salt of ${salt}`, pss(salt)] as const),
  ['PKCS#1 v1.5 under the name of PSS', (octets, { privateKey }) => signOctets('sha256', octets, privateKey)],
  ['one octet too few', (octets, key) => pss(32)(octets, key).subarray(1)],
  ['one octet too many', (octets, key) => Buffer.concat([Buffer.alloc(1), pss(32)(octets, key)])],
  ['all zeros', () => Buffer.alloc(384)],
]

test.each(eidasDoors.flatMap((door) => rsaValues.map(([what, make]) => [door, what, make] as const)))(
  'A-103 at the %s: an RSA value of %s',
  async (door, _, make) => {
    const visit = await doors[door](rsa)
    await visit.refused(await sign(visit.message, odd(visit, make)), 'DS_SIG')
  },
)

test.each(eidasDoors)('A-103 at the %s: another hash than the name says', async (door) => {
  const visit = await doors[door](rsa)
  const other = visit.sender.signingKey.signing('http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1')
  await visit.refused(await sign(visit.message, { ...other, algorithm: PSS }), 'DS_SIG')
})

describe('A-105: a signature value is malleable, so it is nothing to know a message by', () => {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const mirrored: Value = (octets, key) => {
    const value = proper(octets, key)
    const s = order - BigInt(`0x${Buffer.from(value.subarray(32)).toString('hex')}`)
    return Buffer.concat([value.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')])
  }
  const refolded = swap(/(<ds:SignatureValue>.{20})/, '$1\n')

  test.each(['portal', 'connector'] as const)(
    'A-105: a request of the %s with another value of the same signature is a replay',
    async (name) => {
      const asker = target.peers[name]
      const message = mintRequest(asker)
      const id = String(message.attributes.find(({ local }) => local === 'ID')?.value)
      const right = await sign(message, asker.signing)
      await postRequest(target, asker, right)
      const again = { ...asker.signing, sign: async (octets: Uint8Array) => mirrored(octets, asker.signingKey) }
      const copies = [right, await sign(message, again), Buffer.from(refolded(Buffer.from(right).toString()))]
      for (const copy of copies) expectRefused(target, await postRequest(target, asker, copy), 'SAML_REPLAY', id)
    },
  )
})

describe('A-106: algorithm and key belong together', () => {
  test.each(doorNames)('A-106 at the %s: an RSA algorithm with an EC key', async (door) => {
    const visit = await doors[door](target)
    const signed = odd(visit, (octets, { privateKey }) => signOctets('sha256', octets, privateKey))
    await visit.refused(await sign(visit.message, { ...signed, algorithm: PSS }), 'DS_KEYTYPE')
  })

  test.each(eidasDoors)('A-106 at the %s: an ECDSA algorithm with an RSA key', async (door) => {
    const visit = await doors[door](rsa)
    const signed = odd(visit, (octets, { privateKey }) => signOctets('sha256', octets, privateKey))
    await visit.refused(await sign(visit.message, { ...signed, algorithm: ECDSA }), 'DS_KEYTYPE')
  })

  test.each(doorNames)('A-106 at the %s: ECDSA of another hash than its name', async (door) => {
    const visit = await doors[door](target)
    const signed = visit.sender.signingKey.signing('http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512')
    await visit.refused(await sign(visit.message, { ...signed, algorithm: ECDSA }), 'DS_SIG')
  })
})

describe('R-IA-7, R-IA-12, R-IA-15, A-108: keys come from metadata, and never from the message', () => {
  const attacker = (): Promise<TestKey> => testKey('attacker')

  test.each(doorNames)('A-108 at the %s: signed anew by an attacker', async (door) => {
    const visit = await doors[door](target)
    await visit.refused(await sign(visit.message, (await attacker()).signing()), 'DS_KEY')
  })

  test.each(doorNames)('A-108 at the %s: the same without KeyInfo', async (door) => {
    const visit = await doors[door](target)
    const message = swap(whole.keyInfo, '')
    await visit.refused(await forge(visit.message, (await attacker()).signing(), { message }), 'DS_SIG')
  })

  test.each(doorNames)('A-108 at the %s: the same under the certificate of the sender', async (door) => {
    const visit = await doors[door](target)
    const posing = { ...(await attacker()).signing(), certificates: visit.sender.signing.certificates }
    await visit.refused(await sign(visit.message, posing), 'DS_SIG')
  })

  test.each(doorNames)('A-108 at the %s: both certificates, in either order', async (door) => {
    for (const order of ['$&$1', '$1$&']) {
      const visit = await doors[door](target)
      const [own = ''] = (await attacker()).signing().certificates
      const both = order.replace('$1', `<ds:X509Data><ds:X509Certificate>${own}</ds:X509Certificate></ds:X509Data>`)
      const message = swap(/<ds:X509Data>.*?<\/ds:X509Data>/s, both)
      await visit.refused(await forge(visit.message, (await attacker()).signing(), { message }), 'DS_KEY')
    }
  })
})

describe('A-111: a certificate is the one of the metadata or it is nothing', () => {
  const subjectOf = { foreign: 'foreign proxy service' } as const

  async function issued(commonName: string, issuer?: { readonly commonName: string; readonly key: TestKey }) {
    const privateKey = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString()
    const subject = { commonName, organization: 'Test', country: 'SE' }
    const order = { subject, key: privateKey, now: Date.now() - 60_000, days: 2, usage: 'signing' } as const
    const certificate = createCertificate(
      issuer === undefined
        ? order
        : { ...order, issuer: { subject: { ...subject, commonName: issuer.commonName }, key: issuer.key.privateKey } },
    )
    return { privateKey, certificate }
  }

  test('A-111: made by the attacker under the name of the sender', async () => {
    const visit = await doors['connector acs'](target)
    const { privateKey, certificate } = await issued(subjectOf.foreign)
    await visit.refused(await sign(visit.message, signingKey({ privateKey, certificates: [certificate] })), 'DS_KEY')
  })

  test('A-111: issued by a leaf that is no authority, and sent with it', async () => {
    const visit = await doors['connector acs'](target)
    const { signingKey: leaf } = visit.sender
    const { privateKey, certificate } = await issued('anybody', { commonName: subjectOf.foreign, key: leaf })
    const key = signingKey({ privateKey, certificates: [certificate, leaf.certificate] })
    await visit.refused(await sign(visit.message, key), 'DS_KEY')
    const other = await doors['connector acs'](target)
    const chained = swap(
      /<\/ds:X509Certificate>/,
      `$&<ds:X509Certificate>${leaf.verification.certificate}</ds:X509Certificate>`,
    )
    // The leaf's certificate chooses the leaf's key, which did not make this signature.
    await other.refused(await forge(other.message, key, { message: chained }), 'DS_SIG')
  })

  test.each(doorNames)(
    'A-111 at the %s: a certificate behind the right one is a hint, and makes no key',
    async (door) => {
      const visit = await doors[door](target)
      const other = (await testKey('authority')).verification.certificate
      const chained = swap(/<\/ds:X509Certificate>/, `$&<ds:X509Certificate>${other}</ds:X509Certificate>`)
      await visit.accepted(await forge(visit.message, visit.sender.signing, { message: chained }))
      const stranger = await doors[door](target)
      const key = await testKey('authority')
      const byStranger = signingKey({ privateKey: key.privateKey, certificates: [key.certificate] })
      await stranger.refused(await forge(stranger.message, byStranger, { message: chained }), 'DS_KEY')
    },
  )
})

describe('A-116: keys are those of the issuer that is claimed', () => {
  test.each([
    ['connector acs', 'connector'],
    ['connector acs', 'identityProvider'],
    ['proxy service acs', 'proxyService'],
    ['proxy service sso', 'proxyService'],
    ['proxy service sso', 'portal'],
    ['connector sso', 'connector'],
  ] as const)('A-116 at the %s: signed by our %s', async (door, name) => {
    const visit = await doors[door](target)
    await visit.refused(await sign(visit.message, target.peers[name].signing), 'DS_KEY')
    const unsaid = await doors[door](target)
    const message = swap(whole.keyInfo, '')
    await unsaid.refused(await forge(unsaid.message, target.peers[name].signing, { message }), 'DS_SIG')
  })

  test.each([
    ['connector acs', 'connector'],
    ['proxy service acs', 'proxyService'],
    ['proxy service sso', 'portal'],
    ['connector sso', 'identityProvider'],
  ] as const)('A-116 at the %s: from our %s, which plays another part', async (door, name) => {
    const visit = await doors[door](target)
    const { entityId, signing } = target.peers[name]
    const children = visit.message.children.map((child) =>
      typeof child !== 'string' && child.name.local === 'Issuer' ? { ...child, children: [entityId] } : child,
    )
    await visit.refused(await sign({ ...visit.message, children }, signing), 'SAML_ISSUER')
  })
})
