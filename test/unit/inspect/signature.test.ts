import { generateKeyPairSync } from 'node:crypto'
import { ds } from '../../../src/xml/names.ts'
import { el, writeXml } from '../../../src/xml/writer.ts'
import { createCertificate } from '../../../src/xmlsec/certificate.ts'
import { signingKey } from '../../../src/xmlsec/keys.ts'
import { signElement } from '../../../src/xmlsec/sign.ts'
import { type TestKey, testKey } from '../../testkit/keys.ts'
import { cut, mintAssertion, mintResponse, sign } from '../../testkit/mint.ts'
import {
  asked,
  clearAnswer,
  codes,
  found,
  inspected,
  peers,
  request,
  requestPart,
  signedBy,
  textOf,
  trustConnector,
} from './samples.ts'

const { connector, proxyService } = peers
const PKCS1 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'

/** What most SAML products come with. */
async function weakKey(): Promise<TestKey> {
  const { privateKey: key } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const privateKey = key.export({ type: 'pkcs8', format: 'pem' }).toString()
  const order = {
    subject: { commonName: 'weak' },
    key: privateKey,
    now: Date.now(),
    days: 1,
    usage: 'signing',
  } as const
  const certificate = createCertificate(order)
  const strength = { minimumRsaBits: 2048 } as const
  const signing = () => signingKey({ privateKey, certificates: [certificate], strength })
  return { ...(await testKey('weak')), privateKey, certificate, signing }
}

/** A key whose certificate was valid last year. */
async function oldKey(): Promise<TestKey> {
  const key = await testKey('old')
  const now = Date.now() - 365 * 86_400_000
  const order = { subject: { commonName: 'old' }, key: key.privateKey, now, days: 10, usage: 'signing' } as const
  const certificate = createCertificate(order)
  return { ...key, certificate, signing: () => signingKey({ privateKey: key.privateKey, certificates: [certificate] }) }
}

describe('a signature that a key of --trust has made', () => {
  test('is valid, trusted, and by whom', async () => {
    const report = await inspected(await request(), trustConnector)
    expect(report).toMatchObject({ verdict: 'accepted', standing: 'verified' })
    expect(report.signature).toEqual({
      present: true,
      valid: true,
      trusted: true,
      algorithm: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
      signer: expect.stringMatching(/^CN=.*connector.*, O=Test, C=SE$/),
      fingerprint: expect.stringMatching(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/),
    })
  })

  test('needs no certificate in the message', async () => {
    const xml = cut(await request(), /<ds:KeyInfo>.*<\/ds:KeyInfo>/, '')
    expect(await inspected(xml, trustConnector)).toMatchObject({ verdict: 'accepted', standing: 'verified' })
    expect(codes(await inspected(xml))).toEqual(['DS_KEY'])
  })

  test('is found among several', async () => {
    const trust = [proxyService.signingKey, connector.signingKey, await testKey('other')]
    expect(await inspected(await request(), { trust })).toMatchObject({ standing: 'verified' })
  })
})

describe('DS_KEY: a signature that is right and of nobody who is trusted', () => {
  test.each([
    ['without --trust', {}],
    ['with another --trust', { trust: [proxyService.signingKey] }],
  ])('%s', async (_, given) => {
    const report = await inspected(await request(), given)
    expect(report).toMatchObject({ verdict: 'refused', standing: 'untrusted' })
    expect(report.signature).toMatchObject({ present: true, valid: true, trusted: false })
    expect(codes(report)).toEqual(['DS_KEY'])
    expect(report.findings).toContainEqual(found('DS_KEY', 'R-IA-12'))
  })

  test('a chain beside the certificate is a hint: the certificate that is trusted counts', async () => {
    const { certificate } = (await testKey('authority')).verification
    const { privateKey, verification } = connector.signingKey
    const key = signingKey({
      privateKey,
      certificates: [connector.signingKey.certificate, (await testKey('authority')).certificate],
    })
    const xml = writeXml(await signElement(requestPart(), key, { chain: true }))
    expect(textOf(xml)).toContain(certificate)
    const report = await inspected(xml, trustConnector)
    expect(codes(report)).not.toContain('DS_KEY')
    expect(report).toMatchObject({ signature: { valid: true, trusted: true } })
    expect(report.signature.signer).toMatch(/connector/)
    expect(verification.certificate).not.toBe(certificate)
  })
})

const signed = await request()

describe('a signature that is wrong', () => {
  test.each([
    ['DS_MISSING', 'R-MF-40', writeXml(requestPart())],
    ['DS_DIGEST', 'R-IA-12', cut(signed, 'Reading room', 'Another room')],
    ['DS_SIG', 'R-IA-12', cut(signed, '<ds:SignatureValue>', '<ds:SignatureValue>AAAA')],
    ['DS_STRUCT', 'R-IA-12', cut(signed, '<ds:KeyInfo>', '<ds:KeyInfo/><ds:KeyInfo>')],
    ['DS_ALG', 'R-CR-18', cut(signed, 'xmldsig-more#ecdsa-sha256', 'xmldsig-more#ecdsa-sha1')],
    [
      'DS_DIGESTALG',
      'R-CR-12',
      cut(signed, 'http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2000/09/xmldsig#sha1'),
    ],
    ['DS_URI', 'R-IA-12', cut(signed, /URI="#[^"]+"/, 'URI=""')],
  ])('%s', async (code, requirement, xml) => {
    const report = await inspected(xml, trustConnector)
    expect(report).toMatchObject({ verdict: 'refused', standing: 'unverified', kind: 'AuthnRequest' })
    expect(report.signature.valid).toBe(false)
    expect(report.findings).toContainEqual(found(code, requirement))
  })

  test('what was not signed is shown and judged by every rule', async () => {
    const report = await inspected(writeXml(requestPart({ forceAuthn: false, isPassive: true })))
    expect(report.findings).toEqual(
      expect.arrayContaining([
        found('DS_MISSING', 'R-MF-40'),
        found('SAML_REQ', 'R-MF-35'),
        found('SAML_PASSIVE', 'R-MF-36'),
      ]),
    )
    expect(report.request).toMatchObject({ spType: 'public', providerName: 'Reading room' })
  })

  test('both the value and the digest', async () => {
    const xml = cut(cut(await request(), 'Reading room', 'Another'), /<ds:DigestValue>.{4}/, '<ds:DigestValue>AAAA')
    expect(codes(await inspected(xml, trustConnector))).toEqual(['DS_SIG', 'DS_DIGEST'])
  })

  test('DS_PARENT: one that stands somewhere else', async () => {
    const text = textOf(await request())
    const [signature = ''] = /<ds:Signature .*<\/ds:Signature>/.exec(text) ?? []
    const moved = text.replace(signature, '').replace('</saml2p:Extensions>', `${signature}</saml2p:Extensions>`)
    const report = await inspected(moved, trustConnector)
    expect(codes(report)).toContain('DS_PARENT')
    expect(report.signature).toMatchObject({ present: true, valid: false })
  })

  test('an element of a signature without its contents', async () => {
    const [first, ...rest] = requestPart().children
    const part = { ...requestPart(), children: first === undefined ? rest : [first, el(ds('Signature')), ...rest] }
    expect(codes(await inspected(writeXml(part)))).toContain('DS_MISSING')
  })
})

describe('a signature that is right, by means that eIDAS does not have', () => {
  test('DS_ALG: PKCS#1 v1.5 (R-CR-18)', async () => {
    const key = await testKey('rsa', 'RSA-3072')
    const report = await inspected(await sign(requestPart(), key.signing(PKCS1)), { trust: [key] })
    expect(codes(report)).toEqual(['DS_ALG'])
    expect(report).toMatchObject({ standing: 'untrusted', signature: { valid: true, algorithm: PKCS1 } })
  })

  test('MD_KEY: an RSA key of 2048 bits (R-CR-18), which harms nothing where somebody else signed', async () => {
    const key = await weakKey()
    const weak = await inspected(await signedBy(requestPart(), key), { trust: [key] })
    expect(weak).toMatchObject({ verdict: 'refused', standing: 'untrusted', signature: { valid: true, trusted: true } })
    expect(weak.findings).toContainEqual(found('MD_KEY', 'R-CR-18'))
    const other = await inspected(await request(), { trust: [key, connector.signingKey] })
    expect(other).toMatchObject({ verdict: 'accepted', standing: 'verified' })
    expect(other.findings).toContainEqual(found('MD_KEY', 'R-CR-18', 'warning'))
  })

  test('MD_KEY: a certificate that is out of its time', async () => {
    const key = await oldKey()
    const report = await inspected(await signedBy(requestPart(), key), { trust: [key] })
    expect(codes(report)).toEqual(['MD_KEY'])
    expect(report).toMatchObject({ verdict: 'refused', signature: { valid: true } })
  })
})

describe('the signature of an assertion in the clear', () => {
  test('is looked at on its own', async () => {
    const assertion = await signElement(mintAssertion(asked), proxyService.signing)
    const report = await inspected(await clearAnswer(assertion), { trust: [proxyService.signingKey] })
    expect(codes(report)).toEqual(['ENC_REQUIRED'])
    expect(report).toMatchObject({ standing: 'verified', assertion: { signature: { valid: true, trusted: true } } })
  })

  test('DS_KEY, DS_ASSERTION: of somebody else', async () => {
    const assertion = await signElement(mintAssertion(asked), (await testKey('stranger')).signing())
    const report = await inspected(await clearAnswer(assertion), { trust: [proxyService.signingKey] })
    expect(codes(report)).toEqual(expect.arrayContaining(['DS_KEY', 'DS_ASSERTION', 'ENC_REQUIRED']))
    expect(report).toMatchObject({ standing: 'untrusted', signature: { trusted: true } })
  })

  test('SAML_COUNT: that of another assertion is not told of the one that is shown', async () => {
    const evil = mintAssertion(asked)
    const signed = await signElement(mintAssertion(asked), proxyService.signing)
    const both = mintResponse(asked, { assertions: [evil, signed] })
    const report = await inspected(writeXml(both), { trust: [proxyService.signingKey] })
    expect(codes(report)).toEqual(['DS_MISSING', 'SAML_COUNT', 'ENC_REQUIRED'])
    expect(report).toMatchObject({ standing: 'unverified', assertion: { signature: { present: false } } })
  })

  test('an assertion alone is no message, and is judged as what it is', async () => {
    const xml = writeXml(await signElement(mintAssertion(asked), proxyService.signing))
    const report = await inspected(xml, { trust: [proxyService.signingKey] })
    expect(codes(report)).toEqual(['SAML_TYPE'])
    expect(report).toMatchObject({ kind: 'Assertion', standing: 'verified', assertion: { signature: { valid: true } } })
  })
})
