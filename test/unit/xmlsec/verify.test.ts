import { constants, sign } from 'node:crypto'
import { NodeFault } from '../../../src/errors/node-fault.ts'
import type { XmlElement } from '../../../src/xml/element.ts'
import { ns, saml } from '../../../src/xml/names.ts'
import { attribute, elements, one, text } from '../../../src/xml/reader.ts'
import { el, writeXml, type XmlPart } from '../../../src/xml/writer.ts'
import { EXC_C14N, eidasSignatureAlgorithms, type SignatureAlgorithm } from '../../../src/xmlsec/algorithms.ts'
import type { SigningKey } from '../../../src/xmlsec/keys.ts'
import { signElement } from '../../../src/xmlsec/sign.ts'
import { withVerified } from '../../../src/xmlsec/verify.ts'
import { type TestKey, testKey } from '../../testkit/keys.ts'
import { forge, swap } from './forge.ts'
import {
  assertion,
  expecting,
  expectingMetadata,
  metadata,
  outcome,
  request,
  response,
  trusting,
  trustingNationally,
} from './samples.ts'

const rsaPss = 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1'
const ecdsa = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'

/** A key that signs in its own way but says what the original says. */
function signingLike(key: TestKey, algorithm: SignatureAlgorithm, odd: (octets: Uint8Array) => Uint8Array): SigningKey {
  return { ...key.signing(), algorithm, sign: async (octets) => odd(octets) }
}

async function verdictOf(signer: SigningKey, trusted: TestKey): Promise<string> {
  const message = writeXml(await signElement(request(), signer))
  return outcome(() => withVerified(message, expecting(trusting(trusted.verification)), () => 'read'))
}

describe('what was verified is what is read (rule 17)', () => {
  test('the root comes without its signature, with everything else', async () => {
    const key = await testKey()
    const message = writeXml(await signElement(response('_r0', assertion()), key.signing()))
    const [names, by] = withVerified(message, expecting(trusting(key.verification)), (root, by) => [
      elements(root).map(({ local }) => local),
      by,
    ])
    expect(names).toEqual(['Issuer', 'Status', 'Assertion'])
    expect(by).toEqual({ key: key.verification, algorithm: ecdsa })
  })

  test('characters that canonicalisation escapes come back as they were', async () => {
    const key = await testKey()
    const value = 'a & b < c > d "e" \'f\'\ttab\u00e9\u{1f600}'
    const message = writeXml(await signElement(response('_r0', assertion('_a0', value)), key.signing()))
    const read = (root: XmlElement): string => {
      const attribute = one(one(one(root, saml('Assertion')), saml('AttributeStatement')), saml('Attribute'))
      return text(one(attribute, saml('AttributeValue')))
    }
    expect(withVerified(message, expecting(trusting(key.verification)), read)).toBe(value)
  })

  test('A-070: U+FEFF is not swallowed wherever it stands', async () => {
    const key = await testKey()
    for (let padding = 3000; padding < 4200; padding += 1) {
      const message = await forge(response('_r0', assertion('_a0', `${'x'.repeat(padding)}admin`)), key.signing(), {
        message: swap('xadmin', 'x\ufeffadmin'),
      })
      const got = outcome(() => withVerified(message, expecting(trusting(key.verification)), () => 'read'))
      if (got === 'accepted') throw new Error(`swallowed after ${padding}`)
    }
  })

  test('A-124: line ends of every kind are covered as they are', async () => {
    const key = await testKey()
    const message = await forge(response('_r0', assertion('_a0', 'a\r\nb')), key.signing(), {})
    expect(message.toString()).toContain('a&#xD;\nb')
    expect(outcome(() => withVerified(message, expecting(trusting(key.verification)), () => 'read'))).toBe('accepted')
    const folded = Buffer.from(message.toString().replace('a&#xD;\nb', 'a\r\nb'))
    expect(outcome(() => withVerified(folded, expecting(trusting(key.verification)), () => 'read'))).toBe('DS_DIGEST')
  })
})

test('A-096: a prefix list of SignedInfo itself is kept when it is canonicalised', async () => {
  const key = await testKey()
  const { sign: proper } = key.signing()
  const listed = `<ec:InclusiveNamespaces xmlns:ec="${EXC_C14N}" PrefixList="saml2p"></ec:InclusiveNamespaces>`
  const listing = swap('</ds:CanonicalizationMethod>', `${listed}</ds:CanonicalizationMethod>`)
  const declaring = (xml: string) => xml.replace(/^(<ds:SignedInfo xmlns:ds="[^"]*")/, `$1 xmlns:saml2p="${ns.samlp}"`)
  const signer = { ...key.signing(), sign: async (octets: Uint8Array) => proper(Buffer.from(declaring(`${octets}`))) }
  const message = await forge(request(), signer, { signedInfo: listing })
  expect(outcome(() => withVerified(message, expecting(trusting(key.verification)), () => 'read'))).toBe('accepted')
})

describe('keys come from the claimed issuer and nowhere else (rule 14)', () => {
  test('A-108: a message signed anew by an attacker with its own certificate', async () => {
    const [peer, attacker] = [await testKey('peer'), await testKey('attacker')]
    expect(await verdictOf(attacker.signing(), peer)).toBe('DS_KEY')
  })

  test('A-108: the same without KeyInfo', async () => {
    const [peer, attacker] = [await testKey('peer'), await testKey('attacker')]
    const message = await forge(request(), attacker.signing(), { message: swap(/<ds:KeyInfo>.*<\/ds:KeyInfo>/s, '') })
    expect(outcome(() => withVerified(message, expecting(trusting(peer.verification)), () => 'read'))).toBe('DS_SIG')
  })

  test('A-108: the same with the peer’s certificate in KeyInfo', async () => {
    const [peer, attacker] = [await testKey('peer'), await testKey('attacker')]
    const posing: SigningKey = { ...attacker.signing(), certificates: [peer.verification.certificate] }
    expect(await verdictOf(posing, peer)).toBe('DS_SIG')
  })

  test('A-116: a signature of one country under the name of another', async () => {
    const [a, b] = [await testKey('country a'), await testKey('country b')]
    const message = writeXml(await signElement(response('_r0', assertion()), b.signing()))
    const byIssuer = (claimed: XmlElement) => {
      const name = text(one(claimed, saml('Issuer')))
      return name === 'https://peer.example/metadata' ? trusting(a.verification) : trusting(b.verification)
    }
    const expected = expecting(trusting(), { keysFor: byIssuer })
    expect(outcome(() => withVerified(message, expected, () => 'read'))).toBe('DS_KEY')
  })

  test('A-121: an issuer without keys is refused', async () => {
    const key = await testKey()
    const message = writeXml(await signElement(request(), key.signing()))
    expect(outcome(() => withVerified(message, expecting(trusting()), () => 'read'))).toBe('DS_KEY')
  })

  test('an unknown issuer is refused by whoever knows the issuers', async () => {
    const key = await testKey()
    const message = writeXml(await signElement(request(), key.signing()))
    const keysFor = () => {
      throw new NodeFault('SAML_ISSUER')
    }
    expect(outcome(() => withVerified(message, expecting(trusting(), { keysFor }), () => 'read'))).toBe('SAML_ISSUER')
  })

  test('A-260: during a roll-over each of the published keys is good', async () => {
    const [old, next] = [await testKey('old'), await testKey('next')]
    for (const key of [old, next]) {
      const message = await forge(request(), key.signing(), { message: swap(/<ds:KeyInfo>.*<\/ds:KeyInfo>/s, '') })
      const expected = expecting(trusting(old.verification, next.verification))
      expect(withVerified(message, expected, (_, by) => by.key)).toBe(key.verification)
    }
    const named = writeXml(await signElement(request(), next.signing()))
    const expected = expecting(trusting(old.verification, next.verification))
    expect(withVerified(named, expected, (_, by) => by.key)).toBe(next.verification)
  })
})

describe('algorithm and key belong together (rule 13)', () => {
  test('A-102: PKCS#1 v1.5 is for national peers only', async () => {
    const key = await testKey('peer', 'RSA-3072')
    const signer = key.signing('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256')
    const message = writeXml(await signElement(request(), signer))
    expect(outcome(() => withVerified(message, expecting(trusting(key.verification)), () => 'read'))).toBe('DS_ALG')
    const national = expecting(trustingNationally(key.verification))
    expect(outcome(() => withVerified(message, national, () => 'read'))).toBe('accepted')
  })

  test('A-211: a peer may use what was agreed with it, not all we know', async () => {
    const key = await testKey()
    const message = writeXml(await signElement(request(), key.signing()))
    const algorithms = eidasSignatureAlgorithms.filter((algorithm) => algorithm !== ecdsa)
    const expected = expecting({ keys: [key.verification], algorithms })
    expect(outcome(() => withVerified(message, expected, () => 'read'))).toBe('DS_ALG')
  })

  test('A-106: an RSA algorithm with an EC key', async () => {
    const key = await testKey()
    expect(
      await verdictOf(
        signingLike(key, rsaPss, (octets) => sign('sha256', octets, key.privateKey)),
        key,
      ),
    ).toBe('DS_KEYTYPE')
  })

  test('A-106: an ECDSA algorithm with an RSA key', async () => {
    const key = await testKey('peer', 'RSA-3072')
    expect(
      await verdictOf(
        signingLike(key, ecdsa, (octets) => sign('sha256', octets, key.privateKey)),
        key,
      ),
    ).toBe('DS_KEYTYPE')
  })

  test.each([0, 1, 20, 31, 33, constants.RSA_PSS_SALTLEN_MAX_SIGN])(
    'A-103: a PSS salt of other length: %s',
    async (saltLength) => {
      const key = await testKey('peer', 'RSA-3072')
      const padding = constants.RSA_PKCS1_PSS_PADDING
      const odd = (octets: Uint8Array) => sign('sha256', octets, { key: key.privateKey, padding, saltLength })
      expect(await verdictOf(signingLike(key, rsaPss, odd), key)).toBe('DS_SIG')
    },
  )

  test('A-103: PKCS#1 v1.5 padding under the name of PSS', async () => {
    const key = await testKey('peer', 'RSA-3072')
    const odd = (octets: Uint8Array) => sign('sha256', octets, key.privateKey)
    expect(await verdictOf(signingLike(key, rsaPss, odd), key)).toBe('DS_SIG')
  })

  test('A-103: another hash than the name says', async () => {
    const key = await testKey('peer', 'RSA-3072')
    const other = key.signing('http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1')
    expect(await verdictOf({ ...other, algorithm: rsaPss }, key)).toBe('DS_SIG')
  })

  test('A-104: an RSA value that is shorter or longer than the modulus', async () => {
    const key = await testKey('peer', 'RSA-3072')
    const { sign: proper } = key.signing()
    const cut = { ...key.signing(), sign: async (octets: Uint8Array) => (await proper(octets)).subarray(1) }
    const long = {
      ...key.signing(),
      sign: async (octets: Uint8Array) => Buffer.concat([Buffer.alloc(1), await proper(octets)]),
    }
    expect(await verdictOf(cut, key)).toBe('DS_SIG')
    expect(await verdictOf(long, key)).toBe('DS_SIG')
  })
})

describe('A-104: an ECDSA value is r and s, each exactly as long as a coordinate', () => {
  const proper = (key: TestKey, octets: Uint8Array): Buffer =>
    sign('sha256', octets, { key: key.privateKey, dsaEncoding: 'ieee-p1363' })
  const padded = (value: Buffer): Buffer =>
    Buffer.concat([Buffer.alloc(1), value.subarray(0, 32), Buffer.alloc(1), value.subarray(32)])
  test.each([
    ['nothing', () => Buffer.alloc(0)],
    ['r = s = 0', () => Buffer.alloc(64)],
    ['63 octets', (key: TestKey, octets: Uint8Array) => proper(key, octets).subarray(1)],
    ['DER', (key: TestKey, octets: Uint8Array) => sign('sha256', octets, key.privateKey)],
    ['padded with zeros', (key: TestKey, octets: Uint8Array) => padded(proper(key, octets))],
    ['something behind', (key: TestKey, octets: Uint8Array) => Buffer.concat([proper(key, octets), Buffer.alloc(2)])],
    ['r and s of all ones', () => Buffer.alloc(64, 0xff)],
  ])('%s is refused', async (_, odd) => {
    const key = await testKey()
    expect(
      await verdictOf(
        signingLike(key, ecdsa, (octets) => odd(key, octets)),
        key,
      ),
    ).toBe('DS_SIG')
  })

  test('P-521 with halves of 64 octets is refused', async () => {
    const key = await testKey('peer', 'P-521')
    const algorithm = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512'
    const short = (octets: Uint8Array): Buffer => {
      const value = sign('sha512', octets, { key: key.privateKey, dsaEncoding: 'ieee-p1363' })
      return Buffer.concat([value.subarray(2, 66), value.subarray(68)])
    }
    expect(await verdictOf(signingLike(key, algorithm, short), key)).toBe('DS_SIG')
  })

  test('A-105: (r, n-s) verifies too, which is why no signature is ever a replay key', async () => {
    const key = await testKey()
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
    const mirrored = (octets: Uint8Array): Buffer => {
      const value = proper(key, octets)
      const s = order - BigInt(`0x${value.subarray(32).toString('hex')}`)
      return Buffer.concat([value.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')])
    }
    expect(await verdictOf(signingLike(key, ecdsa, mirrored), key)).toBe('accepted')
  })
})

describe('all kinds of keys and algorithms of R-CR-18 and R-CR-19', () => {
  test.each([
    ['RSA-3072', 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1'],
    ['RSA-3072', 'http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1'],
    ['RSA-3072', 'http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1'],
    ['P-256', 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'],
    ['P-256', 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512'],
    ['P-384', 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384'],
    ['P-521', 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512'],
    ['brainpoolP256r1', 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'],
    ['brainpoolP384r1', 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384'],
    ['brainpoolP512r1', 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512'],
  ] as const)('%s signs and verifies with %s', async (kind, algorithm) => {
    const key = await testKey('peer', kind)
    expect(await verdictOf(key.signing(algorithm), key)).toBe('accepted')
  })
})

describe('signatures of assertions inside a Response', () => {
  async function doublySigned(
    inner: SigningKey,
    outer: SigningKey,
    change = (part: XmlPart) => part,
  ): Promise<Uint8Array> {
    const signed = change(await signElement(assertion(), inner))
    return writeXml(await signElement(response('_r0', signed), outer))
  }

  test('a good one is verified and taken out', async () => {
    const key = await testKey()
    const message = await doublySigned(key.signing(), key.signing())
    const names = withVerified(message, expecting(trusting(key.verification)), (root) =>
      elements(one(root, saml('Assertion'))).map(({ local }) => local),
    )
    expect(names).toEqual(['Issuer', 'Subject', 'AuthnStatement', 'AttributeStatement'])
  })

  test('A-115: a bad one spoils the Response, however good the outer is', async () => {
    const key = await testKey()
    const forged = (part: XmlPart): XmlPart => ({
      ...part,
      children: [...part.children.slice(0, -1), assertion('_x', 'Eve').children.at(-1) ?? ''],
    })
    const message = await doublySigned(key.signing(), key.signing(), forged)
    expect(outcome(() => withVerified(message, expecting(trusting(key.verification)), () => 'read'))).toBe(
      'DS_ASSERTION',
    )
  })

  test('A-115: one of somebody else does too', async () => {
    const [key, stranger] = [await testKey(), await testKey('stranger')]
    const message = await doublySigned(stranger.signing(), key.signing())
    expect(outcome(() => withVerified(message, expecting(trusting(key.verification)), () => 'read'))).toBe(
      'DS_ASSERTION',
    )
  })

  test('A-120: one further down than in the Response signs nothing that is read', async () => {
    const key = await testKey()
    const inner = await signElement(assertion('_a1'), key.signing())
    const { children, ...rest } = assertion('_a0')
    const advised = [...children.slice(0, 2), el(saml('Advice'), {}, inner), ...children.slice(2)]
    const message = writeXml(await signElement(response('_r0', { ...rest, children: advised }), key.signing()))
    const read = (root: XmlElement) => elements(root).map(({ local }) => local)
    expect(withVerified(message, expecting(trusting(key.verification)), read)).toEqual([
      'Issuer',
      'Status',
      'Assertion',
    ])
    const bare = writeXml(response('_r0', { ...rest, children: advised }))
    expect(outcome(() => withVerified(bare, expecting(trusting(key.verification)), read))).toBe('DS_MISSING')
  })

  test('two assertions, both signed, are both verified', async () => {
    const key = await testKey()
    const parts = [
      await signElement(assertion('_a1'), key.signing()),
      await signElement(assertion('_a2'), key.signing()),
    ]
    const message = writeXml(await signElement(response('_r0', ...parts), key.signing()))
    const signatures = withVerified(message, expecting(trusting(key.verification)), (root) =>
      elements(root).filter((child) => elements(child).some(({ local }) => local === 'Signature')),
    )
    expect(signatures).toEqual([])
  })
})

describe('metadata', () => {
  test('is signed by ID as its first child, and may carry a chain', async () => {
    const [key, authority] = [await testKey(), await testKey('authority')]
    const chained: SigningKey = {
      ...key.signing(),
      certificates: [key.verification.certificate, authority.verification.certificate],
    }
    const signed = await signElement(metadata('_m0'), chained, { chain: true })
    expect(signed.children.findIndex((child) => typeof child !== 'string' && child.name.local === 'Signature')).toBe(0)
    const id = withVerified(writeXml(signed), expectingMetadata(trusting(key.verification)), (root) =>
      attribute(root, 'ID'),
    )
    expect(id).toBe('_m0')
  })

  test('A-205: signed by somebody else', async () => {
    const [key, other] = [await testKey(), await testKey('other')]
    const message = writeXml(await signElement(metadata('_m0'), other.signing()))
    expect(outcome(() => withVerified(message, expectingMetadata(trusting(key.verification)), () => 'read'))).toBe(
      'DS_KEY',
    )
  })

  test('A-205: not signed', async () => {
    const key = await testKey()
    const message = writeXml(metadata('_m0'))
    expect(outcome(() => withVerified(message, expectingMetadata(trusting(key.verification)), () => 'read'))).toBe(
      'DS_MISSING',
    )
  })

  test('a reference to the whole document is taken where it is expected', async () => {
    const key = await testKey()
    const message = await forge(metadata('_m0'), key.signing(), { signedInfo: swap('#_m0', '') })
    const expected = expectingMetadata(trusting(key.verification))
    expect(outcome(() => withVerified(message, expected, () => 'read'))).toBe('accepted')
    expect(outcome(() => withVerified(message, { ...expected, reference: 'id' }, () => 'read'))).toBe('DS_URI')
  })
})
