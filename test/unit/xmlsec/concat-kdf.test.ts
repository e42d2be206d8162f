import { createHash } from 'node:crypto'
import { digestAlgorithms } from '../../../src/xmlsec/algorithms.ts'
import { concatKdf, readKdfParameter } from '../../../src/xmlsec/concat-kdf.ts'

const sha256 = digestAlgorithms['http://www.w3.org/2001/04/xmlenc#sha256']
const secret = Buffer.from('52169af5c485dcc2321eb8d26d5efa21fb9b93c98e38412ee2484cf14f0d0d23', 'hex')

test('NIST SP 800-56A 5.8.1: one block is the hash of counter, secret and OtherInfo', () => {
  const otherInfo = Buffer.from('000000', 'hex')
  const block = createHash('sha256')
    .update(Buffer.from([0, 0, 0, 1]))
    .update(secret)
    .update(otherInfo)
    .digest()
  expect(concatKdf(secret, otherInfo, sha256, 32)).toEqual(block)
  expect(concatKdf(secret, otherInfo, sha256, 16)).toEqual(block.subarray(0, 16))
})

test('a longer key takes more blocks', () => {
  const second = createHash('sha256')
    .update(Buffer.from([0, 0, 0, 2]))
    .update(secret)
    .digest()
  expect(concatKdf(secret, Buffer.alloc(0), sha256, 48).subarray(32)).toEqual(second.subarray(0, 16))
})

test('"00" is the empty value and "0000" one zero octet', () => {
  expect(readKdfParameter('00')).toEqual(Buffer.alloc(0))
  expect(readKdfParameter('0000')).toEqual(Buffer.alloc(1))
  expect(readKdfParameter('00aBcD')).toEqual(Buffer.from('abcd', 'hex'))
})

test.each(['', '0', '000', '01', '0400', 'zz', '00 00', '0x00', '00\n', `00${'00'.repeat(65)}`])(
  'A-143: refused: "%s"',
  (hex) => {
    expect(readKdfParameter(hex)).toBeUndefined()
  },
)
