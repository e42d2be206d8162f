import { randomBytes } from 'node:crypto'
import { isListed, readRevocationList } from '../../../src/trust/crl.ts'
import { readCertificate } from '../../../src/trust/x509.ts'
import { der, integer, sequence, tag } from '../../../src/xmlsec/der.ts'
import { criticalExtension, handMade, type Party, party, plainExtension, revocationList } from './certificates.ts'
import { DAY, fault, NOW } from './samples.ts'

let root: Party
let leaf: Party
beforeAll(async () => {
  root = await party('Root', 'authority')
  leaf = await handMade('Leaf', [], root)
})

const url = 'http://root.example/crl'
const read = (octets: Uint8Array) => readRevocationList(octets, { url, issuer: readCertificate(root.base64), now: NOW })

const yesterday = der(tag.generalizedTime, Buffer.from(new Date(NOW - DAY).toISOString().replace(/\.\d+|[-:T]/g, '')))
const reason = plainExtension('2.5.29.21', der(0x0a, Buffer.from([4])))
const entry = (serial: Uint8Array, ...extensions: readonly Buffer[]) =>
  sequence(serial, yesterday, ...(extensions.length === 0 ? [] : [sequence(...extensions)]))
const some = () => integer(randomBytes(16))

test('A-252: a list of 150000 is searched where it stands, without making anything of its entries', () => {
  const serial = readCertificate(leaf.base64).serial
  const others = Array.from({ length: 150_000 }, () => entry(some(), reason))
  const octets = revocationList({ issuer: root, entries: [...others, entry(serial, reason)] })
  expect(octets.length).toBeGreaterThan(7_000_000)
  const list = read(octets)
  expect(list.entries.buffer).toBe(octets.buffer)
  expect(isListed(list, readCertificate(leaf.base64))).toBe(true)
  expect(isListed(list, readCertificate(root.base64))).toBe(false)
})

test('a serial number that stands somewhere else than in front of an entry is not listed', () => {
  const { serial } = readCertificate(leaf.base64)
  const hidden = entry(some(), plainExtension('2.5.29.21', Buffer.from(serial)))
  const longer = entry(integer(Buffer.concat([Buffer.from([1]), serial])))
  expect(
    isListed(read(revocationList({ issuer: root, entries: [hidden, longer] })), readCertificate(leaf.base64)),
  ).toBe(false)
})

test.each<[string, () => Buffer]>([
  ['with a critical extension of an entry', () => entry(some(), reason, criticalExtension('2.5.29.29', sequence()))],
  ['with an entry without a serial number', () => sequence()],
  ['with an entry that breaks off', () => sequence(some(), Buffer.from('170d32', 'hex'))],
  ['with an extension of an entry that has no value', () => entry(some(), sequence(integer(Buffer.from([1]))))],
])('5.3: TRUST_CERT for a list %s', (_, make) => {
  expect(() => read(revocationList({ issuer: root, entries: [entry(some(), reason), make()] }))).toThrow(
    fault('TRUST_CERT'),
  )
})
