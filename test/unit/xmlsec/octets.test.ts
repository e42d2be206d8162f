import { sign } from 'node:crypto'
import { samlp } from '../../../src/xml/names.ts'
import { attribute } from '../../../src/xml/reader.ts'
import { el, writeXml } from '../../../src/xml/writer.ts'
import { type DetachedSignature, signOctets, withVerifiedOctets } from '../../../src/xmlsec/octets.ts'
import { signElement } from '../../../src/xmlsec/sign.ts'
import { testKey } from '../../testkit/keys.ts'
import { assertion, expecting, outcome, request, trusting, trustingNationally } from './samples.ts'

const octets = Buffer.from('SAMLRequest=abc&SigAlg=def')
const ecdsa = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'

async function verdict(
  change: Partial<DetachedSignature> = {},
  xml: Uint8Array = writeXml(request()),
): Promise<string> {
  const key = await testKey()
  const detached = { octets, ...(await signOctets(octets, key.signing())), ...change }
  return outcome(() => withVerifiedOctets(xml, expecting(trusting(key.verification)), detached, () => 'read'))
}

test('a signature over the octets vouches for the message', async () => {
  const key = await testKey()
  const detached = { octets, ...(await signOctets(octets, key.signing())) }
  const expected = expecting(trusting(key.verification))
  const [id, by] = withVerifiedOctets(writeXml(request()), expected, detached, (root, by) => [
    attribute(root, 'ID'),
    by,
  ])
  expect(id).toBe('_q0')
  expect(by).toEqual({ key: key.verification, algorithm: ecdsa })
})

test('A-003: other octets', async () => {
  expect(await verdict({ octets: Buffer.from('SAMLRequest=abc&SigAlg=de%66') })).toBe('BIND_SIG')
})

test.each([0, 63, 65])('A-104: a signature of %s octets', async (length) => {
  expect(await verdict({ signature: Buffer.alloc(length, 1) })).toBe('BIND_SIG')
})

test.each([
  'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
  'http://www.w3.org/2000/09/xmldsig#hmac-sha1',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  '',
  'urn:unknown',
  'constructor',
  ecdsa.toUpperCase(),
  `${ecdsa} `,
])('A-005: SigAlg "%s"', async (algorithm) => {
  expect(await verdict({ algorithm })).toBe('BIND_SIGALG')
})

test('A-005: an algorithm of the table that this peer may not use', async () => {
  const key = await testKey('peer', 'RSA-3072')
  const signer = key.signing('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256')
  const detached = { octets, ...(await signOctets(octets, signer)) }
  const xml = writeXml(request())
  const ask = (expected: ReturnType<typeof expecting>) =>
    outcome(() => withVerifiedOctets(xml, expected, detached, () => 'read'))
  expect(ask(expecting(trusting(key.verification)))).toBe('BIND_SIGALG')
  expect(ask(expecting(trustingNationally(key.verification)))).toBe('accepted')
})

test('A-106: an algorithm for another type of key', async () => {
  expect(await verdict({ algorithm: 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1' })).toBe('BIND_SIG')
})

test('A-007: a message that is signed inside as well', async () => {
  const key = await testKey()
  expect(await verdict({}, writeXml(await signElement(request(), key.signing())))).toBe('BIND_TWO_SIGS')
})

test('A-007: a signature further down is not looked at where anything may stand, and refused elsewhere', async () => {
  const key = await testKey()
  const signed = await signElement(assertion(), key.signing())
  const [issuer = '', ...rest] = request().children
  const extended = { ...request(), children: [issuer, el(samlp('Extensions'), {}, signed), ...rest] }
  expect(await verdict({}, writeXml(extended))).toBe('accepted')
  expect(await verdict({}, writeXml({ ...request(), children: [...request().children, signed] }))).toBe('XML_SCHEMA')
})

test('A-121: an issuer without keys', async () => {
  const key = await testKey()
  const detached = { octets, ...(await signOctets(octets, key.signing())) }
  expect(outcome(() => withVerifiedOctets(writeXml(request()), expecting(trusting()), detached, () => 'read'))).toBe(
    'BIND_SIG',
  )
})

test('A-169: another kind of message', async () => {
  expect(await verdict({}, writeXml(assertion()))).toBe('SAML_TYPE')
})

test('A-066: a message that is not valid', async () => {
  const invalid = { ...request(), attributes: request().attributes.filter(({ local }) => local !== 'Version') }
  expect(await verdict({}, writeXml(invalid))).toBe('XML_SCHEMA')
})

test('A-106: an RSA signature under the name of ECDSA, by a key that is trusted', async () => {
  const key = await testKey('peer', 'RSA-3072')
  const detached = { octets, algorithm: ecdsa, signature: sign('sha256', octets, key.privateKey) }
  const expected = expecting(trusting(key.verification))
  expect(outcome(() => withVerifiedOctets(writeXml(request()), expected, detached, () => 'read'))).toBe('BIND_SIG')
})
