import { readFileSync, writeFileSync } from 'node:fs'
import { messageLimits } from '../../src/xml/limits.ts'
import { saml } from '../../src/xml/names.ts'
import { scan } from '../../src/xml/scanner.ts'
import { el, writeXml } from '../../src/xml/writer.ts'
import type { SignatureAlgorithm } from '../../src/xmlsec/algorithms.ts'
import type { KeyKind } from '../../src/xmlsec/certificate.ts'
import { decryptContent } from '../../src/xmlsec/decrypt.ts'
import { encryptElement, recipient } from '../../src/xmlsec/encrypt.ts'
import { readEncrypted } from '../../src/xmlsec/encrypted-data.ts'
import { nationalEncryption } from '../../src/xmlsec/encryption-policy.ts'
import { signElement } from '../../src/xmlsec/sign.ts'
import { withVerified } from '../../src/xmlsec/verify.ts'
import { testKey } from '../testkit/keys.ts'
import { assertion, expecting, response, trustingNationally } from '../unit/xmlsec/samples.ts'
import { run, scratch, succeeds, withProgram } from './tools.ts'

/* Aleksey Sanin's xmlsec (libxml2, OpenSSL): everything but RSA-PSS and ECDH-ES, which it has not got in 1.2. */

const cases: readonly (readonly [KeyKind, SignatureAlgorithm])[] = [
  ['P-256', 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'],
  ['P-256', 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512'],
  ['P-384', 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384'],
  ['P-521', 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512'],
  ['brainpoolP256r1', 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'],
  ['brainpoolP384r1', 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384'],
  ['brainpoolP512r1', 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512'],
  ['RSA-3072', 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'],
  ['RSA-3072', 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512'],
]

const idOfResponse = ['--id-attr:ID', 'urn:oasis:names:tc:SAML:2.0:protocol:Response']

withProgram('xmlsec1')('xmlsec1', () => {
  const files = scratch()
  afterAll(files.remove)

  test.each(cases)('verifies what we sign, and nothing else: %s, %s', async (kind, algorithm) => {
    const key = await testKey('peer', kind)
    const signed = await signElement(response('_r0', assertion()), key.signing(algorithm))
    writeFileSync(files.path('crt.pem'), key.certificate)
    const verifies = (octets: Uint8Array): boolean => {
      writeFileSync(files.path('ours.xml'), octets)
      const trusted = ['--enabled-key-data', 'raw-x509-cert', '--pubkey-cert-pem', files.path('crt.pem')]
      return succeeds('xmlsec1', '--verify', ...trusted, ...idOfResponse, files.path('ours.xml'))
    }
    const octets = Buffer.from(writeXml(signed))
    expect(verifies(octets)).toBe(true)
    expect(verifies(Buffer.from(octets.toString().replace('>Ada<', '>Eve<')))).toBe(false)
  })

  test.each(cases)('signs what we verify: %s, %s', async (kind, algorithm) => {
    const key = await testKey('peer', kind)
    const signed = await signElement(response('_r0', assertion()), key.signing(algorithm))
    const empty = ['DigestValue', 'SignatureValue', 'X509Certificate'].join('|')
    const template = Buffer.from(writeXml(signed)).toString()
    const emptied = template.replace(new RegExp(`<ds:(${empty})>[^<]*<`, 'g'), '<ds:$1><')
    writeFileSync(files.path('template.xml'), emptied)
    writeFileSync(files.path('key.pem'), key.privateKey)
    writeFileSync(files.path('crt.pem'), key.certificate)
    const own = `${files.path('key.pem')},${files.path('crt.pem')}`
    const into = ['--output', files.path('theirs.xml')]
    run('xmlsec1', '--sign', '--privkey-pem', own, ...idOfResponse, ...into, files.path('template.xml'))

    const theirs = withoutDeclaration(readFileSync(files.path('theirs.xml'), 'utf8'))
    const expected = expecting(trustingNationally(key.verification))
    expect(withVerified(theirs, expected, (root, by) => [root.local, by.algorithm])).toEqual(['Response', algorithm])
  })

  test('decrypts what we encrypt for national peers: RSA-OAEP-MGF1P, AES-256-GCM', async () => {
    const key = await testKey('peer', 'RSA-3072', 'encryption')
    const to = recipient(key.certificate, { policy: nationalEncryption })
    const encrypted = el(saml('EncryptedAssertion'), {}, await encryptElement(writeXml(assertion()), to))
    writeFileSync(files.path('encrypted.xml'), writeXml(encrypted))
    writeFileSync(files.path('key.pem'), key.privateKey)
    const plain = run('xmlsec1', '--decrypt', '--privkey-pem', files.path('key.pem'), files.path('encrypted.xml'))
    expect(plain).toContain(Buffer.from(writeXml(assertion())).toString())
  })

  test('encrypts what we decrypt: RSA-OAEP-MGF1P, AES-128-GCM', async () => {
    const key = await testKey('peer', 'RSA-3072', 'encryption')
    const algorithms = ['http://www.w3.org/2009/xmlenc11#aes128-gcm']
    const to = recipient(key.certificate, {
      policy: nationalEncryption,
      methods: algorithms.map((algorithm) => ({ algorithm })),
    })
    const template = Buffer.from(writeXml(await encryptElement(Buffer.from('<x/>'), to))).toString()
    writeFileSync(files.path('template.xml'), template.replace(/<xenc:CipherValue>[^<]*</g, '<xenc:CipherValue><'))
    writeFileSync(files.path('plain.xml'), writeXml(assertion()))
    writeFileSync(files.path('crt.pem'), key.certificate)
    const session = ['--pubkey-cert-pem', files.path('crt.pem'), '--session-key', 'aes-128']
    const input = ['--xml-data', files.path('plain.xml'), files.path('template.xml')]
    const output = run('xmlsec1', '--encrypt', ...session, ...input)

    const data = withoutDeclaration(output).toString()
    const parent = `<saml2:EncryptedAssertion xmlns:saml2="${saml('').namespace}">${data}</saml2:EncryptedAssertion>`
    const content = readEncrypted(scan(Buffer.from(parent), messageLimits), nationalEncryption)
    expect(Buffer.from(await decryptContent(content, [key.decryption]))).toEqual(Buffer.from(writeXml(assertion())))
  })
})

function withoutDeclaration(xml: string): Buffer {
  return Buffer.from(xml.replace(/^<\?xml[^>]*\?>\s*/, '').trimEnd())
}
