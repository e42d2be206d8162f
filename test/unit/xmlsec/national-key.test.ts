import { nationalSigningKey } from '../../../src/xmlsec/national-key.ts'
import { testKey } from '../../testkit/keys.ts'
import { outcome } from './samples.ts'

async function algorithmOf(kind: 'RSA-3072' | 'P-384'): Promise<string> {
  const { privateKey, certificate } = await testKey('peer', kind)
  return nationalSigningKey({ privateKey, certificates: [certificate] }).algorithm
}

test('an RSA key signs with PKCS#1 v1.5 within the country, which every SAML product verifies', async () => {
  expect(await algorithmOf('RSA-3072')).toBe('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256')
})

test('an EC key signs as it does everywhere', async () => {
  expect(await algorithmOf('P-384')).toBe('http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384')
})

test('a key without a certificate is refused at start', async () => {
  const { privateKey } = await testKey()
  expect(outcome(() => nationalSigningKey({ privateKey, certificates: [] }))).toBe('MD_KEY')
})
