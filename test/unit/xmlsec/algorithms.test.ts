import {
  dataCiphers,
  digestAlgorithms,
  ENVELOPED_SIGNATURE,
  EXC_C14N,
  eidasSignatureAlgorithms,
  isIn,
  KEY_WRAP_IV,
  keyTransports,
  keyWraps,
  nationalSignatureAlgorithms,
  refusedCanonicalisations,
  signatureAlgorithms,
} from '../../../src/xmlsec/algorithms.ts'
import { eidasEncryption, nationalEncryption } from '../../../src/xmlsec/encryption-policy.ts'

describe('the policies', () => {
  test('R-CR-18: eIDAS signs with three PSS and three ECDSA, and with nothing of PKCS#1 v1.5', () => {
    expect(eidasSignatureAlgorithms.map((uri) => signatureAlgorithms[uri].kind).sort()).toEqual([
      ...['ecdsa', 'ecdsa', 'ecdsa'],
      ...['rsa-pss', 'rsa-pss', 'rsa-pss'],
    ])
  })

  test('a national peer may do what eIDAS may, and RSA PKCS#1 v1.5 with SHA-2', () => {
    const more = nationalSignatureAlgorithms.filter((uri) => !eidasSignatureAlgorithms.includes(uri))
    expect(more.map((uri) => signatureAlgorithms[uri].kind)).toEqual(['rsa-pkcs1', 'rsa-pkcs1'])
    expect(nationalSignatureAlgorithms).toEqual(expect.arrayContaining([...eidasSignatureAlgorithms]))
  })

  test('R-CR-12: no hash below 256 bits, and no SHA-3, for signatures and digests', () => {
    const hashes = [...Object.values(signatureAlgorithms).map(({ hash }) => hash), ...Object.values(digestAlgorithms)]
    for (const { node, octets } of hashes) {
      expect(node).toMatch(/^sha(256|384|512)$/)
      expect(octets).toBeGreaterThanOrEqual(32)
    }
  })

  test('R-CR-12, R-CR-15: eIDAS transports keys with rsa-oaep of SHA-2 only, its MGF1 with the same hash', () => {
    for (const { uri, digestUri, mgfUri, hash } of eidasEncryption.keyTransports) {
      expect(uri).toBe('http://www.w3.org/2009/xmlenc11#rsa-oaep')
      expect(isIn(digestAlgorithms, digestUri) && digestAlgorithms[digestUri]).toBe(hash)
      expect(mgfUri).toBe(`http://www.w3.org/2009/xmlenc11#mgf1${hash.node}`)
    }
  })

  test('R-CR-13, A-134: no policy has a cipher but AES-GCM', () => {
    for (const { cipher } of Object.values(dataCiphers)) expect(cipher).toMatch(/^aes-(128|192|256)-gcm$/)
    for (const policy of [eidasEncryption, nationalEncryption])
      expect([...policy.dataCiphers].sort()).toEqual(Object.keys(dataCiphers).sort())
  })

  test('A-133: no policy knows RSA 1.5', () => {
    expect(nationalEncryption.keyTransports.map(({ uri }) => uri)).not.toContain(
      'http://www.w3.org/2001/04/xmlenc#rsa-1_5',
    )
  })

  test('R-CR-16: keys are wrapped with AES of 128 or 256 bits', () => {
    expect(
      Object.values(keyWraps)
        .map(({ keyOctets }) => keyOctets)
        .sort(),
    ).toEqual([16, 32])
  })
})

test('A-100: names that every object has are in no table', () => {
  for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty'])
    expect(isIn(signatureAlgorithms, name)).toBe(false)
})

describe('the tables, row by row', () => {
  const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'
  const PSS = 'http://www.w3.org/2007/05/xmldsig-more#'
  const SHA = {
    256: 'http://www.w3.org/2001/04/xmlenc#sha256',
    384: 'http://www.w3.org/2001/04/xmldsig-more#sha384',
    512: 'http://www.w3.org/2001/04/xmlenc#sha512',
  } as const
  const hash = (bits: 256 | 384 | 512) => ({ node: `sha${bits}`, web: `SHA-${bits}`, octets: bits / 8 }) as const

  test('R-CR-12: digests', () => {
    expect(digestAlgorithms).toEqual({ [SHA[256]]: hash(256), [SHA[384]]: hash(384), [SHA[512]]: hash(512) })
  })

  test('RFC 6931: signatures, each with its type of key, its hash and the digest that goes with it', () => {
    const row = (kind: string, key: string, bits: 256 | 384 | 512) => ({
      kind,
      key,
      hash: hash(bits),
      digestUri: SHA[bits],
    })
    expect(signatureAlgorithms).toEqual({
      [`${PSS}sha256-rsa-MGF1`]: row('rsa-pss', 'rsa', 256),
      [`${PSS}sha384-rsa-MGF1`]: row('rsa-pss', 'rsa', 384),
      [`${PSS}sha512-rsa-MGF1`]: row('rsa-pss', 'rsa', 512),
      [`${MORE}ecdsa-sha256`]: row('ecdsa', 'ec', 256),
      [`${MORE}ecdsa-sha384`]: row('ecdsa', 'ec', 384),
      [`${MORE}ecdsa-sha512`]: row('ecdsa', 'ec', 512),
      [`${MORE}rsa-sha256`]: row('rsa-pkcs1', 'rsa', 256),
      [`${MORE}rsa-sha512`]: row('rsa-pkcs1', 'rsa', 512),
    })
    expect([...nationalSignatureAlgorithms].sort()).toEqual(Object.keys(signatureAlgorithms).sort())
  })

  test('R-CR-15: key transports', () => {
    const oaep = 'http://www.w3.org/2009/xmlenc11#rsa-oaep'
    const mgf = (bits: number) => `http://www.w3.org/2009/xmlenc11#mgf1sha${bits}`
    const row = (bits: 256 | 384 | 512) => ({ uri: oaep, digestUri: SHA[bits], mgfUri: mgf(bits), hash: hash(bits) })
    const sha1 = {
      digestUri: 'http://www.w3.org/2000/09/xmldsig#sha1',
      mgfUri: mgf(1),
      hash: { node: 'sha1', web: 'SHA-1', octets: 20 },
    }
    expect(keyTransports).toEqual({
      sha256: row(256),
      sha384: row(384),
      sha512: row(512),
      sha1: { uri: oaep, ...sha1 },
      mgf1p: { uri: 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p', ...sha1 },
    })
  })

  test('R-CR-13, R-CR-16: ciphers and key wraps, with the length of their keys', () => {
    const ENC = 'http://www.w3.org/2001/04/xmlenc#'
    const ENC11 = 'http://www.w3.org/2009/xmlenc11#'
    expect(dataCiphers).toEqual({
      [`${ENC11}aes256-gcm`]: { cipher: 'aes-256-gcm', keyOctets: 32 },
      [`${ENC11}aes128-gcm`]: { cipher: 'aes-128-gcm', keyOctets: 16 },
      [`${ENC11}aes192-gcm`]: { cipher: 'aes-192-gcm', keyOctets: 24 },
    })
    expect(keyWraps).toEqual({
      [`${ENC}kw-aes256`]: { cipher: 'id-aes256-wrap', keyOctets: 32 },
      [`${ENC}kw-aes128`]: { cipher: 'id-aes128-wrap', keyOctets: 16 },
    })
    expect(KEY_WRAP_IV).toEqual(Buffer.from('a6a6a6a6a6a6a6a6', 'hex'))
  })

  test('SAML Core 5.4.3, 5.4.4: the one canonicalisation and the one transform beside it', () => {
    expect(EXC_C14N).toBe('http://www.w3.org/2001/10/xml-exc-c14n#')
    expect(ENVELOPED_SIGNATURE).toBe('http://www.w3.org/2000/09/xmldsig#enveloped-signature')
  })

  test('A-095: canonicalisations that are refused by name', () => {
    expect([...refusedCanonicalisations]).toEqual([
      '',
      'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
      'http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments',
      'http://www.w3.org/2006/12/xml-c14n11',
      'http://www.w3.org/2006/12/xml-c14n11#WithComments',
      'http://www.w3.org/2010/xml-c14n2',
    ])
  })

  test('R-CR-12 to R-CR-16: what the policies take, the first of each being what is written', () => {
    const { sha256, sha384, sha512, sha1, mgf1p } = keyTransports
    const same = { dataCiphers: Object.keys(dataCiphers), keyWraps: Object.keys(keyWraps) }
    expect(eidasEncryption).toEqual({
      ...same,
      keyTransports: [sha256, sha384, sha512],
      unstatedTransport: sha256,
      keyPlace: 'inline',
    })
    expect(nationalEncryption).toEqual({
      ...same,
      keyTransports: [sha256, sha384, sha512, mgf1p, sha1],
      unstatedTransport: mgf1p,
      keyPlace: 'inline-or-sibling',
    })
  })
})
