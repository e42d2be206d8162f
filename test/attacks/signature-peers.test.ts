import { constants, generateKeyPairSync, type KeyObject, sign as signOctets } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EntityDescriptor } from '../../src/saml/metadata/entity.ts'
import { publishMetadata } from '../../src/trust/publication.ts'
import type { SignatureAlgorithm } from '../../src/xmlsec/algorithms.ts'
import { createCertificate } from '../../src/xmlsec/certificate.ts'
import type { SigningKey } from '../../src/xmlsec/keys.ts'
import { doors, type Visit } from '../testkit/doors.ts'
import { ECDSA } from '../testkit/forgeries.ts'
import { testKey } from '../testkit/keys.ts'
import { freshId, sign } from '../testkit/mint.ts'
import { startTarget, type Target } from '../testkit/target.ts'

/*
 * Keys of a peer that are weak, odd, out of their time or not there: its metadata is signed as it should be, and still no
 * such key ever verifies a message.
 */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

const DAY = 86_400_000
const PSS: SignatureAlgorithm = 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1'

interface Made {
  readonly privateKey: KeyObject
  /** Base64 of DER. */
  readonly certificate: string
}

async function certified(privateKey: KeyObject, from = Date.now() - 60_000, days = 2): Promise<Made> {
  const issuer = { subject: { commonName: 'issuer' }, key: (await testKey('issuer')).privateKey }
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const subject = { commonName: 'foreign proxy service' }
  const pem = createCertificate({ subject, key, issuer, now: from, days, usage: 'signing' })
  return { privateKey, certificate: pem.replace(/-----[^-]*-----|\s/g, '') }
}

const rsa = (modulusLength: number, publicExponent = 65537): Promise<Made> =>
  certified(generateKeyPairSync('rsa', { modulusLength, publicExponent }).privateKey)
const ec = (namedCurve: string, paramEncoding: 'named' | 'explicit' = 'named'): Promise<Made> =>
  certified(generateKeyPairSync('ec', { namedCurve, paramEncoding }).privateKey)
const p256 = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey

/** Signs with whatever key this is, as well as it can. */
function signing({ privateKey, certificate }: Made): SigningKey {
  const isRsa = privateKey.asymmetricKeyType === 'rsa'
  const parameters = isRsa
    ? ({ padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } as const)
    : ({ dsaEncoding: 'ieee-p1363' } as const)
  return {
    algorithm: isRsa ? PSS : ECDSA,
    certificates: [certificate],
    sign: async (octets) => signOctets('sha256', octets, { key: privateKey, ...parameters }),
  }
}

/** Publishes new metadata of the foreign proxy service; gives what the node's log says of it. */
async function publish(keys: readonly string[]): Promise<string> {
  const { metadata, signing: own } = target.peers.proxyService
  const idp = metadata.roles.idp
  if (idp === undefined) throw new TypeError('a proxy service is an IdP')
  const others = idp.keys.filter(({ use }) => use !== 'signing')
  const signers = keys.map(
    (certificate) => ({ use: 'signing', certificates: [certificate], encryptionMethods: [] }) as const,
  )
  const changed: EntityDescriptor = {
    ...metadata,
    id: freshId(),
    validUntil: Date.now() + DAY,
    roles: { ...metadata.roles, idp: { ...idp, keys: [...signers, ...others] } },
  }
  const before = target.logged.length
  await writeFile(join(target.folder, 'peers', 'proxyService.xml'), await publishMetadata(changed, own))
  await target.refresh()
  return target.logged.slice(before).join('')
}

const weak: readonly (readonly [what: string, make: () => Promise<Made>])[] = [
  ['RSA of 1024 bits', () => rsa(1024)],
  ['RSA of 2048 bits', () => rsa(2048)],
  ['RSA with exponent 3', () => rsa(3072, 3)],
  ['secp256k1', () => ec('secp256k1')],
  ['P-192', () => ec('prime192v1')],
  ['P-224', () => ec('secp224r1')],
  ['P-256 with explicit parameters', () => ec('prime256v1', 'explicit')],
]

/** The peer is trusted when it is asked, and publishes these keys before it answers. */
async function asked(...published: readonly string[]): Promise<{ log: string; visit: Visit }> {
  await publish([target.peers.proxyService.signingKey.verification.certificate])
  const visit = await doors['connector acs'](target)
  return { log: await publish(published), visit }
}

test.each(weak)('A-107: a peer that publishes %s is no peer any more', async (_, make) => {
  const made = await make()
  const { log, visit } = await asked(made.certificate)
  expect(log).toContain('MD_KEY')
  await visit.refused(await sign(visit.message, signing(made)), 'SAML_ISSUER')
})

test.each([
  ['expired', -3 * DAY],
  ['not valid yet', DAY],
])('A-112: a peer whose only certificate is %s is no peer any more', async (_, from) => {
  const made = await certified(p256(), Date.now() + from, 1)
  const { log, visit } = await asked(made.certificate)
  expect(log).toContain('MD_KEY')
  await visit.refused(await sign(visit.message, signing(made)), 'SAML_ISSUER')
})

test('A-112: an expired certificate beside a good one verifies nothing', async () => {
  const made = await certified(p256(), Date.now() - 3 * DAY, 1)
  const good = target.peers.proxyService.signingKey.verification.certificate
  const { visit } = await asked(made.certificate, good)
  await visit.refused(await sign(visit.message, signing(made)), 'DS_KEY')
})

test('A-121: a peer that publishes no key is no peer any more', async () => {
  const made = await certified(p256())
  const { log, visit } = await asked()
  expect(log).toContain('MD_KEY')
  await visit.refused(await sign(visit.message, signing(made)), 'SAML_ISSUER')
})

test('A-110: a peer with two keys that names one of them and signs with the other', async () => {
  const [one, other] = [await certified(p256()), await certified(p256())]
  const { visit } = await asked(one.certificate, other.certificate)
  await visit.refused(await sign(visit.message, { ...signing(one), certificates: [other.certificate] }), 'DS_SIG')
})

test('A-121: the right keys published again, the peer is one again', async () => {
  const right = target.peers.proxyService
  await publish([right.signingKey.verification.certificate])
  const visit = await doors['connector acs'](target)
  await visit.accepted(await sign(visit.message, right.signing))
})
