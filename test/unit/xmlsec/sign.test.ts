import { messageLimits } from '../../../src/xml/limits.ts'
import { md, saml, samlp } from '../../../src/xml/names.ts'
import { el, withQualified, writeXml, type XmlPart } from '../../../src/xml/writer.ts'
import { signElement, writeSigned } from '../../../src/xmlsec/sign.ts'
import { withVerified } from '../../../src/xmlsec/verify.ts'
import { testKey } from '../../testkit/keys.ts'
import { textOf } from './forge.ts'
import { assertion, expecting, metadata, outcome, request, response, settled, trusting } from './samples.ts'

function namesIn(part: XmlPart): readonly string[] {
  return part.children.map((child) => (typeof child === 'string' ? '' : child.name.local))
}

test('the signature stands right after the Issuer', async () => {
  const key = await testKey()
  expect(namesIn(await signElement(request(), key.signing()))).toEqual(['Issuer', 'Signature', 'NameIDPolicy'])
})

test('without an Issuer it stands first', async () => {
  const key = await testKey()
  expect(namesIn(await signElement(metadata('_m0'), key.signing()))).toEqual(['Signature', 'IDPSSODescriptor'])
})

test('it stands where the caller says', async () => {
  const key = await testKey()
  const part = el(md('Extensions'), { ID: '_x' }, el(saml('Issuer')), el(samlp('Status')))
  expect(namesIn(await signElement(part, key.signing(), { after: samlp('Status') }))).toEqual([
    'Issuer',
    'Status',
    'Signature',
  ])
})

test('an element without an ID is not signed', async () => {
  const key = await testKey()
  await expect(signElement(metadata(), key.signing())).rejects.toThrow(TypeError)
  await expect(signElement(metadata(''), key.signing())).rejects.toThrow(TypeError)
})

test('what is signed is the ID, whatever stands before it', async () => {
  const key = await testKey()
  const part = el(samlp('AuthnRequest'), { ID: '_r', Destination: 'https://idp.example', Version: '2.0' })
  expect(part.attributes.map(({ local }) => local)).toEqual(['Destination', 'ID', 'Version'])
  expect(textOf(await signElement(part, key.signing()))).toContain('<ds:Reference URI="#_r">')
  const elsewhere = withQualified(el(samlp('AuthnRequest')), [[samlp('ID'), '_r']])
  await expect(signElement(elsewhere, key.signing())).rejects.toThrow(TypeError)
})

test('prefixes that content needs are covered: where they are declared is signed', async () => {
  const key = await testKey()
  const signed = textOf(await signElement(response('_r0', assertion()), key.signing()))
  expect(signed).toContain('PrefixList="xs"')
  const expected = expecting(trusting(key.verification))
  expect(outcome(() => withVerified(Buffer.from(signed), expected, () => 'read'))).toBe('accepted')
  const declaration = / xmlns:xs="[^"]*"/.exec(signed)?.[0] ?? ''
  const moved = signed.replace(declaration, '').replace('<saml2p:Response', `<saml2p:Response${declaration}`)
  expect(outcome(() => withVerified(Buffer.from(moved), expected, () => 'read'))).toBe('DS_DIGEST')
})

test('a message carries one certificate, metadata its chain when asked', async () => {
  const [key, authority] = [await testKey(), await testKey('authority')]
  const chained = { ...key.signing(), certificates: [key.verification.certificate, authority.verification.certificate] }
  const count = (part: XmlPart): number => textOf(part).split('<ds:X509Certificate>').length - 1
  expect(count(await signElement(request(), chained))).toBe(1)
  expect(count(await signElement(request(), chained, { chain: true }))).toBe(2)
})

test('the digest goes with the algorithm unless the caller says otherwise', async () => {
  const key = await testKey('peer', 'P-384')
  expect(textOf(await signElement(request(), key.signing()))).toContain('http://www.w3.org/2001/04/xmldsig-more#sha384')
  const digest = 'http://www.w3.org/2001/04/xmlenc#sha512'
  const message = writeXml(await signElement(request(), key.signing(), { digest }))
  expect(Buffer.from(message).toString()).toContain(digest)
  expect(outcome(() => withVerified(message, expecting(trusting(key.verification)), () => 'read'))).toBe('accepted')
})

test('it stands after the child of that name and namespace, whatever else is there', async () => {
  const key = await testKey()
  const content = ['text', el(md('Issuer')), el(saml('Subject')), el(saml('Issuer')), el(samlp('Status'))]
  expect(namesIn(await signElement(el(md('Extensions'), { ID: '_x' }, ...content), key.signing()))).toEqual([
    '',
    'Issuer',
    'Subject',
    'Issuer',
    'Signature',
    'Status',
  ])
})

test('prefixes are listed as the caller has them, between blanks', async () => {
  const key = await testKey()
  const signed = textOf(await signElement(request(), key.signing(), { prefixes: ['saml2', 'saml2p'] }))
  expect(signed).toContain('PrefixList="saml2 saml2p"')
  expect(textOf(await signElement(request(), key.signing(), { prefixes: [] }))).not.toContain('PrefixList')
})

test('a message is written as it is signed', async () => {
  const signer = (await testKey()).signing('http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256')
  const fixed = { ...signer, sign: async () => Buffer.alloc(64, 5) }
  const part = response('_r0', assertion())
  expect(await writeSigned(part, fixed)).toEqual(writeXml(await signElement(part, fixed)))
})

test('A-182: a message that does not read back as it was meant is not signed', async () => {
  const asked: Uint8Array[] = []
  const sign = async (octets: Uint8Array) => {
    asked.push(octets)
    return octets
  }
  const part = response('_r0', assertion('_a0', 'a\ud800'))
  expect(await settled(writeSigned(part, { ...(await testKey()).signing(), sign }))).toBe('OUT_SELFCHECK')
  expect(asked).toEqual([])
})

test('with its signature too a message is no larger than peers accept', async () => {
  const key = (await testKey()).signing()
  const { length } = await writeSigned(request(), key)
  const within = (octets: number) => settled(writeSigned(request(), key, { limits: { ...messageLimits, octets } }))
  expect(await within(length)).toBe('accepted')
  expect(await within(length - 1)).toBe('OUT_SELFCHECK')
})
