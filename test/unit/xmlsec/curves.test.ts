import { createECDH, generateKeyPairSync } from 'node:crypto'
import { curveNamed, curveOf, curves, publicKeyOfPoint } from '../../../src/xmlsec/curves.ts'

test('R-CR-19: the curves, as OpenSSL and XML Signature name them, and no others', () => {
  expect(curves.map(({ name, bits, octets, urn }) => [name, bits, octets, urn])).toEqual([
    ['prime256v1', 256, 32, 'urn:oid:1.2.840.10045.3.1.7'],
    ['secp384r1', 384, 48, 'urn:oid:1.3.132.0.34'],
    ['secp521r1', 521, 66, 'urn:oid:1.3.132.0.35'],
    ['brainpoolP256r1', 256, 32, 'urn:oid:1.3.36.3.3.2.8.1.1.7'],
    ['brainpoolP384r1', 384, 48, 'urn:oid:1.3.36.3.3.2.8.1.1.11'],
    ['brainpoolP512r1', 512, 64, 'urn:oid:1.3.36.3.3.2.8.1.1.13'],
  ])
})

test('a curve is known by its whole name', () => {
  expect(curveNamed('secp384r1')?.bits).toBe(384)
  for (const name of [undefined, '', 'secp384', 'SECP384R1', 'secp256k1']) expect(curveNamed(name)).toBeUndefined()
})

describe.each(curves)('$name', (curve) => {
  const { name, prefix, octets } = curve
  const spki = generateKeyPairSync('ec', { namedCurve: name }).publicKey.export({ type: 'spki', format: 'der' })
  const point = spki.subarray(prefix.length)
  const changed = (at: number, to: number): Buffer => {
    const copy = Buffer.from(spki)
    copy.writeUInt8(to, at)
    return copy
  }

  test('writes a public key as OpenSSL does, and knows it again', () => {
    expect(publicKeyOfPoint(curve, createECDH(name).generateKeys())).toHaveLength(spki.length)
    expect(publicKeyOfPoint(curve, point)).toEqual(spki)
    expect(curveOf(spki)).toBe(curve)
  })

  test('A-142: a point is uncompressed, and of exactly the length of two coordinates', () => {
    const others = [
      point.subarray(0, -1),
      Buffer.concat([point, Buffer.alloc(1)]),
      Buffer.concat([Buffer.from([6]), point.subarray(1)]),
      Buffer.concat([Buffer.from([2]), point.subarray(1, octets + 1)]),
      Buffer.alloc(0),
    ]
    for (const other of others) expect(publicKeyOfPoint(curve, other)).toBeUndefined()
  })

  test('A-142: a public key in DER names the curve and holds such a point', () => {
    const others = [
      spki.subarray(0, -1),
      Buffer.concat([spki, Buffer.alloc(1)]),
      changed(prefix.length, 6),
      changed(prefix.length - 3, 0xff),
      changed(0, 0x31),
      Buffer.alloc(0),
    ]
    for (const other of others) expect(curveOf(other)).toBeUndefined()
  })
})
