import { bitString, der, explicit, implicit, integer, oid, sequence, tag } from '../../../src/xmlsec/der.ts'

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex')

test.each([
  [0, '0400'],
  [1, '0401'],
  [127, '047f'],
  [128, '048180'],
  [255, '0481ff'],
  [256, '04820100'],
  [65_535, '0482ffff'],
  [65_536, '0483010000'],
])('X.690, 8.1.3: the length of %d octets is written in as few as possible', (octets, head) => {
  const written = der(tag.octetString, Buffer.alloc(octets))
  expect(hex(written.subarray(0, head.length / 2))).toBe(head)
  expect(written).toHaveLength(head.length / 2 + octets)
})

test.each([
  ['', '020100'],
  ['00', '020100'],
  ['0000', '020100'],
  ['01', '020101'],
  ['0001', '020101'],
  ['0100', '02020100'],
  ['7f', '02017f'],
  ['80', '02020080'],
  ['00ff', '020200ff'],
])('X.690, 8.3: the integer of the octets "%s" is positive and has no leading zeros', (octets, written) => {
  expect(hex(integer(Buffer.from(octets, 'hex')))).toBe(written)
})

test.each([
  ['1.2.840.113549.1.1.11', '06092a864886f70d01010b'],
  ['2.5.4.3', '0603550403'],
  ['2.16.840.1.101.3.4.2.1', '0609608648016503040201'],
  ['1.2.127', '06022a7f'],
  ['1.2.128', '06032a8100'],
  ['1.2.16384', '06042a818000'],
])('X.690, 8.19: the object identifier %s', (dotted, written) => {
  expect(hex(oid(dotted))).toBe(written)
})

test('X.690, 8.6: a bit string says how many bits of its last octet do not count', () => {
  expect(hex(bitString(Buffer.from([0x80])))).toBe('03020080')
  expect(hex(bitString(Buffer.from([0x80]), 7))).toBe('03020780')
})

test('X.690, 8.9 and 8.14: sequences and tags hold what they are given, in that order', () => {
  const [one, two] = [integer(Buffer.from([1])), integer(Buffer.from([2]))]
  expect(hex(sequence())).toBe('3000')
  expect(hex(sequence(one, two))).toBe('3006020101020102')
  expect(hex(explicit(0, one))).toBe('a003020101')
  expect(hex(explicit(3, one, two))).toBe('a306020101020102')
  expect(hex(implicit(0, Buffer.from([7])))).toBe('800107')
})
