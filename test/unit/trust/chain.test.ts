import { createHash, createPublicKey, randomBytes, X509Certificate } from 'node:crypto'
import { readAnchors, type SignerPin, signerKeys } from '../../../src/trust/chain.ts'
import { allowsUsage, basicConstraints, readCertificate } from '../../../src/trust/x509.ts'
import { createKey } from '../../../src/xmlsec/certificate.ts'
import { bitString, der, oid, sequence, tag } from '../../../src/xmlsec/der.ts'
import {
  authorityConstraints,
  criticalExtension,
  forKey,
  handMade,
  type Party,
  party,
  plainExtension,
  rsaPublicKey,
} from './certificates.ts'
import { DAY, fault, NOW } from './samples.ts'

let root: Party
let intermediate: Party
let leaf: Party

beforeAll(async () => {
  root = await party('Root', 'authority')
  intermediate = await party('Intermediate', 'authority', root)
  leaf = await party('Metadata signer', 'signing', intermediate)
})

const under = (anchor: Party, ...claimed: readonly Party[]) =>
  signerKeys(
    claimed.map(({ base64 }) => base64),
    readAnchors([anchor.certificate]),
    NOW,
  )

/** How often a signature of a certificate is verified meanwhile: that is what a path costs. */
function verifications(run: () => void): number {
  const { verify } = X509Certificate.prototype
  let count = 0
  X509Certificate.prototype.verify = function (key) {
    count += 1
    return verify.call(this, key)
  }
  try {
    run()
    return count
  } finally {
    X509Certificate.prototype.verify = verify
  }
}

const purposes = (isCritical: boolean, ...oids: readonly string[]) =>
  (isCritical ? criticalExtension : plainExtension)('2.5.29.37', sequence(...oids.map(oid)))

describe('A-264: a certificate that says what it is for', () => {
  const serverAuth = '1.3.6.1.5.5.7.3.1'
  const clientAuth = '1.3.6.1.5.5.7.3.2'
  const ocspSigning = '1.3.6.1.5.5.7.3.9'
  const documentSigning = '1.3.6.1.5.5.7.3.36'

  test.each([
    ['critical serverAuth', true, [serverAuth]],
    ['serverAuth', false, [serverAuth]],
    ['OCSPSigning', false, [ocspSigning]],
    ['critical OCSPSigning', true, [ocspSigning]],
    ['several, and none that fits', false, [serverAuth, clientAuth]],
  ] as const)('TRUST_CERT for a signer of metadata whose certificate is for %s', async (_, isCritical, oids) => {
    const signer = await handMade('Signer', [purposes(isCritical, ...oids)], root)
    expect(() => under(root, signer)).toThrow(fault('TRUST_CERT'))
    // The operator's own word for this very certificate.
    expect(under(signer, signer)).toHaveLength(1)
  })

  test('TRUST_CERT for an authority below the anchor that is for servers only, whatever is below it', async () => {
    const forServers = await handMade('Servers', [authorityConstraints(), purposes(false, serverAuth)], root)
    const signer = await handMade('Signer', [purposes(false, documentSigning)], forServers)
    expect(() => under(root, signer, forServers)).toThrow(fault('TRUST_CERT'))
  })

  test.each([
    ['documents', [documentSigning]],
    ['documents among others', [clientAuth, '1.3.6.1.4.1.311.10.3.12']],
    ['any purpose', ['2.5.29.37.0']],
  ] as const)('is taken when it is for %s', async (_, oids) => {
    const signer = await handMade('Signer', [purposes(true, ...oids)], root)
    expect(under(root, signer)).toHaveLength(1)
  })
})

describe('A-264: a signer that is pinned', () => {
  const pinned = (signer: SignerPin, ...claimed: readonly Party[]) =>
    signerKeys(
      claimed.map(({ base64 }) => base64),
      readAnchors([root.certificate], { signer }),
      NOW,
    )
  const keyOf = ({ key }: Party) => {
    const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
    return createHash('sha256').update(spki).digest('hex').toUpperCase().match(/../g)?.join(':') ?? ''
  }

  test('by subject: another certificate of the same authority is TRUST_CERT', async () => {
    const other = await party('Another signer', 'signing', intermediate)
    const subjects = ['CN=Metadata signer']
    expect(pinned({ subjects }, leaf, intermediate)).toHaveLength(1)
    expect(() => pinned({ subjects }, other, intermediate)).toThrow(fault('TRUST_CERT'))
    expect(() => pinned({ subjects }, root)).toThrow(fault('TRUST_CERT'))
  })

  test('by subject: a comma in a name makes no second name', async () => {
    const odd = await party('Metadata signer, O=Agency', 'signing', intermediate)
    expect(() => pinned({ subjects: ['CN=Metadata signer, O=Agency'] }, odd, intermediate)).toThrow(fault('TRUST_CERT'))
  })

  test('by key: the same subject with another key is TRUST_CERT, the key in a new certificate is taken', async () => {
    const again = await party('Metadata signer', 'signing', intermediate, { key: leaf.key })
    const other = await party('Metadata signer', 'signing', intermediate)
    const keys = [keyOf(leaf)]
    expect(pinned({ keys }, leaf, intermediate)).toHaveLength(1)
    expect(pinned({ keys }, again, intermediate)).toHaveLength(1)
    expect(() => pinned({ keys, subjects: ['CN=Metadata signer'] }, other, intermediate)).toThrow(fault('TRUST_CERT'))
  })

  test('where no certificate is named, only a pinned anchor is the signer', () => {
    expect(pinned({ keys: [keyOf(root)] })).toHaveLength(1)
    expect(() => pinned({ keys: [keyOf(leaf)] })).toThrow(fault('TRUST_CERT'))
  })
})

describe('the path from signer to anchor', () => {
  test('R-IA-22: the anchor is the signer', () => {
    expect(under(leaf, leaf).map(({ certificate }) => certificate)).toEqual([leaf.base64])
  })

  test('R-IA-22: without a certificate in the signature, anchors are signers', () => {
    expect(under(leaf).map(({ certificate }) => certificate)).toEqual([leaf.base64])
  })

  test('R-IA-26, R-IA-30: the anchor is the root of the signer', () => {
    expect(under(root, leaf, intermediate).map(({ certificate }) => certificate)).toEqual([leaf.base64])
    expect(under(root, leaf, intermediate, root)).toHaveLength(1)
    expect(under(intermediate, leaf)).toHaveLength(1)
  })

  test('A-218: the order of the certificates does not matter', () => {
    expect(under(root, root, intermediate, leaf).map(({ certificate }) => certificate)).toEqual([leaf.base64])
  })

  test('several anchors in one PEM file', async () => {
    const other = await party('Other', 'authority')
    const anchors = readAnchors([`${other.certificate}\n${root.certificate}`])
    expect(signerKeys([leaf.base64, intermediate.base64], anchors, NOW)).toHaveLength(1)
    expect(() => readAnchors(['nothing'])).toThrow(fault('CFG_INVALID'))
  })

  test('A-205: a stranger, where anchors are signers', async () => {
    const stranger = await party('Metadata signer', 'signing')
    expect(() => under(leaf, stranger)).toThrow(fault('MD_SIG'))
  })

  test('A-205, A-218: a stranger, where anchors are authorities', async () => {
    const stranger = await party('Metadata signer', 'signing')
    expect(() => under(root, stranger)).toThrow(fault('TRUST_CHAIN'))
  })

  test('A-218: a missing intermediate', () => {
    expect(() => under(root, leaf)).toThrow(fault('TRUST_CHAIN'))
  })

  test('A-218: an extra certificate that belongs to nothing', async () => {
    const extra = await party('Extra', 'signing')
    expect(() => under(root, leaf, intermediate, extra)).toThrow(fault('TRUST_CHAIN'))
  })

  test('A-218: an authority of the same name with another key', async () => {
    const namesake = await party('Root', 'authority')
    const forged = await party('Metadata signer', 'signing', namesake)
    expect(() => under(root, forged)).toThrow(fault('TRUST_CHAIN'))
    expect(() => under(root, forged, namesake)).toThrow(fault('TRUST_CHAIN'))
  })

  test('A-218: more certificates than any chain has', () => {
    expect(() => under(root, ...Array.from({ length: 11 }, () => leaf))).toThrow(fault('TRUST_CHAIN'))
  })

  test('A-252: certificates that issue one another are not tried in every order', async () => {
    const key = await createKey('P-256')
    const one = await party('Circle', 'authority', undefined, { key })
    const others = await Promise.all(Array.from({ length: 8 }, () => party('Circle', 'authority', one, { key })))
    const signer = await party('Metadata signer', 'signing', one)
    const verified = verifications(() =>
      expect(() => under(root, signer, one, ...others)).toThrow(fault('TRUST_CHAIN')),
    )
    // Each of the ten is held against each other at most once.
    expect(verified).toBeLessThanOrEqual(100)
    expect(under(one, signer, ...others)).toHaveLength(1)
  })

  test('A-218: a way that leads nowhere does not hide the one that leads to the anchor', async () => {
    const key = await createKey('P-256')
    const named = { key }
    const crossed = await party('Crossed', 'authority', await party('Nobody', 'authority'), named)
    const again = await party('Crossed', 'authority', root, named)
    const signer = await party('Metadata signer', 'signing', crossed)
    expect(under(root, signer, crossed, again)).toHaveLength(1)
    expect(under(root, signer, again, crossed)).toHaveLength(1)
  })

  const odd = (octets: number) => Buffer.concat([Buffer.from([0x7f]), randomBytes(octets - 2), Buffer.from([1])])

  test.each<[string, number, Buffer]>([
    ['of a great exponent', 384, rsaPublicKey(odd(384), odd(383))],
    ['of 16384 bits', 2048, rsaPublicKey(odd(2048), odd(8))],
    ['of a kind that nobody knows', 384, sequence(sequence(oid('1.2.3.4')), bitString(odd(384)))],
  ])('A-252: nobody is held against a key %s', (_, octets, publicKey) => {
    const claimed = Array.from({ length: 10 }, () => forKey('Costly', publicKey, octets))
    const anchors = readAnchors([root.certificate])
    expect(verifications(() => expect(() => signerKeys(claimed, anchors, NOW)).toThrow(fault('TRUST_CHAIN')))).toBe(0)
  })

  test('RFC 5280, 4.2.1.9: whoever is no authority issues nothing', async () => {
    const impostor = await party('Impostor', 'signing', root)
    const forged = await party('Metadata signer', 'signing', impostor)
    // Its key usage keeps OpenSSL from seeing an issuer in it.
    expect(() => under(root, forged, impostor)).toThrow(fault('TRUST_CHAIN'))
  })

  test('RFC 5280, 4.2.1.3: a key to encrypt with signs no metadata', async () => {
    const encryption = await party('Metadata signer', 'encryption', root)
    expect(() => under(root, encryption)).toThrow(fault('TRUST_CERT'))
  })

  test.each([
    ['expired', { now: NOW - 20 * DAY, days: 10 }],
    ['not yet valid', { now: NOW + DAY, days: 10 }],
  ])('R-IA-30: the signer is %s', async (_, validity) => {
    const signer = await party('Metadata signer', 'signing', root, validity)
    expect(() => under(root, signer)).toThrow(fault('TRUST_CERT'))
    expect(() => under(signer, signer)).toThrow(fault('TRUST_CERT'))
  })

  test('R-IA-30: an expired authority', async () => {
    const old = await party('Old', 'authority', undefined, { now: NOW - 20 * DAY, days: 10 })
    const signer = await party('Metadata signer', 'signing', old)
    expect(() => under(old, signer)).toThrow(fault('TRUST_CERT'))
  })

  test('R-IA-25, A-219: a revoked certificate anywhere on the path', () => {
    const revoking = (one: Party) =>
      readAnchors([root.certificate], { revoked: [readCertificate(one.base64).x509.fingerprint256] })
    const claimed = [leaf.base64, intermediate.base64]
    expect(() => signerKeys(claimed, revoking(leaf), NOW)).toThrow(fault('TRUST_REVOKED'))
    expect(() => signerKeys(claimed, revoking(intermediate), NOW)).toThrow(fault('TRUST_REVOKED'))
    expect(() => signerKeys(claimed, revoking(root), NOW)).toThrow(fault('TRUST_REVOKED'))
  })

  test('R-CR-20: RSA authorities sign certificates with PSS, and with PKCS#1 where that is granted', async () => {
    const key = await createKey('RSA-3072')
    const authority = await party('RSA root', 'authority', undefined, { key, rsa: 'pkcs1' })
    const [pss, pkcs1] = await Promise.all(
      (['pss', 'pkcs1'] as const).map((rsa) => party('Metadata signer', 'signing', authority, { rsa })),
    )
    if (pss === undefined || pkcs1 === undefined) throw new TypeError('no signers')
    expect(under(authority, pss)).toHaveLength(1)
    expect(() => under(authority, pkcs1)).toThrow(fault('TRUST_CERT'))
    const granting = readAnchors([authority.certificate], { pkcs1Certificates: true })
    expect(signerKeys([pkcs1.base64], granting, NOW)).toHaveLength(1)
  })

  test('something that is no certificate', () => {
    expect(() => signerKeys(['AAAA'], readAnchors([root.certificate]), NOW)).toThrow(fault('TRUST_CERT'))
  })
})

describe('what a certificate says', () => {
  test('authority, usage and algorithm are read from the DER', () => {
    const authority = readCertificate(root.certificate)
    expect(basicConstraints(authority)).toEqual({ authority: true })
    expect(allowsUsage(authority, 'keyCertSign')).toBe(true)
    expect(allowsUsage(authority, 'digitalSignature')).toBe(false)
    expect(authority.signature).toEqual({ algorithm: '1.2.840.10045.4.3.2' })
    const signer = readCertificate(leaf.certificate)
    expect(basicConstraints(signer)).toEqual({ authority: false })
    expect(allowsUsage(signer, 'digitalSignature')).toBe(true)
    expect(signer.extensions.get('2.5.29.15')?.critical).toBe(true)
  })
})

describe('a path with what our own certificates do not have', () => {
  test('RFC 5280, 4.2.1.9: pathLenConstraint leaves no room for another authority', async () => {
    const narrow = await handMade('Narrow', [authorityConstraints(0)])
    const below = await handMade('Below', [authorityConstraints()], narrow)
    const signer = await handMade('Signer', [], below)
    expect(() => under(narrow, signer, below)).toThrow(fault('TRUST_CHAIN'))
    const direct = await handMade('Direct', [], narrow)
    expect(under(narrow, direct)).toHaveLength(1)
  })

  test('RFC 5280, 4.2: a critical extension that is not understood', async () => {
    const odd = await handMade('Odd', [criticalExtension('1.2.3.4', sequence())], root)
    expect(() => under(root, odd)).toThrow(fault('TRUST_CERT'))
  })

  test('RFC 5280, 4.2.1.10: name constraints are not built into paths', async () => {
    const constrained = await handMade('Constrained', [
      authorityConstraints(),
      criticalExtension('2.5.29.30', sequence()),
    ])
    const signer = await handMade('Signer', [], constrained)
    expect(() => under(constrained, signer)).toThrow(fault('TRUST_CERT'))
  })

  test('RFC 5280, 4.2.1.9: no basic constraints, no authority', async () => {
    const plain = await handMade('Plain', [])
    const signer = await handMade('Signer', [], plain)
    expect(() => under(plain, signer)).toThrow(fault('TRUST_CERT'))
  })

  test('RFC 5280, 4.2.1.3: an authority whose key is not for certificates', async () => {
    const digitalSignature = criticalExtension('2.5.29.15', der(tag.bitString, Buffer.from([7, 0x80])))
    const unfit = await handMade('Unfit', [authorityConstraints(), digitalSignature])
    const signer = await handMade('Signer', [], unfit)
    expect(() => under(unfit, signer)).toThrow(fault('TRUST_CHAIN'))
  })

  test('R-CR-12, R-CR-20: SHA-1', async () => {
    const signer = await handMade('Signer', [], root, 'sha1')
    expect(() => under(root, signer)).toThrow(fault('TRUST_CERT'))
  })

  test('RFC 5280, 4.2: an extension twice', async () => {
    const twice = await handMade('Twice', [authorityConstraints(), authorityConstraints()])
    expect(() => readCertificate(twice.certificate)).toThrow(fault('TRUST_CERT'))
  })
})
