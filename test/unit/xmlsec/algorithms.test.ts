import {
  dataCiphers,
  digestAlgorithms,
  eidasSignatureAlgorithms,
  isIn,
  keyWraps,
  nationalSignatureAlgorithms,
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
