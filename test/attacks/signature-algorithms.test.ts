import { createHmac } from 'node:crypto'
import type { SignatureAlgorithm } from '../../src/xmlsec/algorithms.ts'
import { type DoorName, doorNames, doors } from '../testkit/doors.ts'
import {
  type Attack,
  afterwards,
  ECDSA,
  everywhere,
  inSignedInfo,
  isRefused,
  SHA256,
  whole,
} from '../testkit/forgeries.ts'
import { sign } from '../testkit/mint.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { type Forgery, forge, swap } from '../unit/xmlsec/forge.ts'

/* What a message may be signed and digested with, and what its KeyInfo may hold, wherever messages arrive. */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

const methods: readonly (readonly [entry: string, uri: string])[] = [
  ['A-098', 'http://www.w3.org/2000/09/xmldsig#hmac-sha1'],
  ['A-098', 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256'],
  ['A-100', ''],
  ['A-100', 'none'],
  ['A-100', ECDSA.toUpperCase()],
  ['A-100', `${ECDSA} `],
  ['A-100', 'constructor'],
  ['A-100', '__proto__'],
  ['A-101', 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'],
  ['A-101', 'http://www.w3.org/2000/09/xmldsig#dsa-sha1'],
  ['A-101', 'http://www.w3.org/2009/xmldsig11#dsa-sha256'],
  ['A-101', 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1'],
  ['A-101', 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha224'],
  ['A-101', 'http://www.w3.org/2001/04/xmldsig-more#rsa-md5'],
  ['A-101', 'http://www.w3.org/2007/05/xmldsig-more#ecdsa-ripemd160'],
  ['A-101', 'http://www.w3.org/2007/05/xmldsig-more#sha1-rsa-MGF1'],
  ['A-103', 'http://www.w3.org/2007/05/xmldsig-more#rsa-pss'],
]

const digests: readonly (readonly [entry: string, uri: string])[] = [
  ['A-100', ''],
  ['A-100', 'none'],
  ['A-101', 'http://www.w3.org/2000/09/xmldsig#sha1'],
  ['A-101', 'http://www.w3.org/2001/04/xmldsig-more#md5'],
  ['A-101', 'http://www.w3.org/2001/04/xmldsig-more#sha224'],
  ['A-101', 'http://www.w3.org/2001/04/xmlenc#ripemd160'],
]

const method = `<ds:SignatureMethod Algorithm="${ECDSA}">`
const hmac = '<ds:SignatureMethod Algorithm="http://www.w3.org/2000/09/xmldsig#hmac-sha1">'
const truncations: readonly Attack[] = ['0', '1', '8', '-1'].map((bits) => [
  'A-099',
  `HMACOutputLength ${bits}`,
  inSignedInfo(method, `${hmac}<ds:HMACOutputLength>${bits}</ds:HMACOutputLength>`),
  'DS_ALG',
])

const keyInfos: readonly (readonly [what: string, content: string])[] = [
  ['RetrievalMethod', '<ds:RetrievalMethod URI="http://attacker.example/key"/>'],
  ['RetrievalMethod that leads to itself', '<ds:RetrievalMethod URI="#_k"/>'],
  ['KeyInfoReference', '<ds11:KeyInfoReference xmlns:ds11="http://www.w3.org/2009/xmldsig11#" URI="#_k"/>'],
  ['the address of a certificate', '<ds:X509Data><ds:X509URL>http://attacker.example/</ds:X509URL></ds:X509Data>'],
  ['MgmtData', '<ds:MgmtData>x</ds:MgmtData>'],
]

const rsaKeyValue =
  '<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AQAB</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>'
const ecKeyValue =
  '<ds:KeyValue><ds11:ECKeyValue xmlns:ds11="http://www.w3.org/2009/xmldsig11#"><ds11:NamedCurve URI="urn:oid:1.2.840.10045.3.1.7"/><ds11:PublicKey>BAAA</ds11:PublicKey></ds11:ECKeyValue></ds:KeyValue>'

const keyData: readonly (readonly [entry: string, what: string, forgery: Forgery])[] = [
  ...keyInfos.map(
    ([what, content]) =>
      ['A-109', what, afterwards(whole.keyInfo, `<ds:KeyInfo Id="_k">${content}</ds:KeyInfo>`)] as const,
  ),
  [
    'A-109',
    'RetrievalMethod beside the certificate',
    afterwards('</ds:X509Data>', '$&<ds:RetrievalMethod URI="#_x"/>'),
  ],
  ['A-110', 'an RSA key beside the certificate', afterwards('</ds:X509Data>', `$&${rsaKeyValue}`)],
  ['A-110', 'an EC key beside the certificate', afterwards('</ds:X509Data>', `$&${ecKeyValue}`)],
  ['A-110', 'a key instead of the certificate', afterwards(/<ds:X509Data>.*?<\/ds:X509Data>/s, rsaKeyValue)],
  [
    'A-284',
    'a CRL and a digest',
    afterwards('</ds:X509Data>', `<ds:X509CRL>AAAA</ds:X509CRL><x:X509Digest xmlns:x="urn:x">*</x:X509Digest>$&`),
  ],
]

describe.each(doorNames)('at the %s', (door) => {
  test.each(keyData)('%s, A-284: %s in KeyInfo is a hint that nobody follows', async (_entry, _what, forgery) => {
    const visit = await doors[door](target)
    await visit.accepted(await forge(visit.message, visit.sender.signing, forgery))
  })
})

test.each(
  everywhere([
    ...methods.map(([entry, uri]): Attack => [entry, `signed by "${uri}"`, inSignedInfo(ECDSA, uri), 'DS_ALG']),
    ['A-100', 'signed by nothing', inSignedInfo(` Algorithm="${ECDSA}"`, ''), 'DS_ALG'],
    ...digests.map(([entry, uri]): Attack => [entry, `digest by "${uri}"`, inSignedInfo(SHA256, uri), 'DS_DIGESTALG']),
    ['A-100', 'digest by nothing', inSignedInfo(` Algorithm="${SHA256}"`, ''), 'DS_DIGESTALG'],
    ...truncations,
    [
      'A-099',
      'HMACOutputLength of ECDSA',
      inSignedInfo(method, '$&<ds:HMACOutputLength>8</ds:HMACOutputLength>'),
      'DS_STRUCT',
    ],
  ]),
)('%s at the %s: %s', async (_entry, door, _what, forgery, code) => {
  await isRefused(target, door, forgery, code)
})

test.each(doorNames)('A-098 at the %s: an HMAC whose key is the certificate of the sender', async (door) => {
  const visit = await doors[door](target)
  const { certificate } = visit.sender.signingKey
  const key = {
    ...visit.sender.signing,
    sign: async (octets: Uint8Array) => createHmac('sha256', certificate).update(octets).digest(),
  }
  const named = swap(ECDSA, 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256')
  await visit.refused(await forge(visit.message, key, { signedInfo: named }), 'DS_ALG')
})

describe('what a peer with an RSA key signs with', () => {
  let rsa: Target
  beforeAll(async () => {
    rsa = await startTarget({ foreignKeys: 'RSA-3072' })
  }, 60_000)
  afterAll(() => rsa.stop())

  const eidasDoors = ['connector acs', 'proxy service sso'] as const satisfies readonly DoorName[]
  const PKCS1: readonly SignatureAlgorithm[] = [
    'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
  ]
  const PSS: readonly SignatureAlgorithm[] = [
    'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
    'http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1',
    'http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1',
  ]

  test.each(eidasDoors.flatMap((door) => PKCS1.map((uri) => [door, uri] as const)))(
    'A-102 at the %s: PKCS#1 v1.5, %s',
    async (door, uri) => {
      const visit = await doors[door](rsa)
      await visit.refused(await sign(visit.message, visit.sender.signingKey.signing(uri)), 'DS_ALG')
    },
  )

  test.each(eidasDoors.flatMap((door) => PSS.map((uri) => [door, uri] as const)))(
    'A-102 at the %s: not PSS, %s',
    async (door, uri) => {
      const visit = await doors[door](rsa)
      await visit.accepted(await sign(visit.message, visit.sender.signingKey.signing(uri)))
    },
  )
})
