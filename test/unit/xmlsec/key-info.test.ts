import { messageLimits, metadataLimits } from '../../../src/xml/limits.ts'
import { ns } from '../../../src/xml/names.ts'
import { scan } from '../../../src/xml/scanner.ts'
import { claimedCertificates, readCertificates } from '../../../src/xmlsec/key-info.ts'
import { signElement } from '../../../src/xmlsec/sign.ts'
import { testKey } from '../../testkit/keys.ts'
import { textOf } from './forge.ts'
import { metadata, request } from './samples.ts'

const keyInfo = (content: string, attributes = '') =>
  scan(Buffer.from(`<ds:KeyInfo xmlns:ds="${ns.ds}"${attributes}>${content}</ds:KeyInfo>`), messageLimits)
const data = (content: string, attributes = '') => `<ds:X509Data${attributes}>${content}</ds:X509Data>`
const certificate = (value: string, attributes = '') => `<ds:X509Certificate${attributes}>${value}</ds:X509Certificate>`

test('A-108: certificates are read in their order, unfolded, and names are passed over', () => {
  const names = '<ds:X509SubjectName>CN=x</ds:X509SubjectName><ds:X509SKI>AAAA</ds:X509SKI>'
  const serial = `<ds:X509IssuerSerial><ds:X509IssuerName>CN=x</ds:X509IssuerName><ds:X509SerialNumber>1</ds:X509SerialNumber></ds:X509IssuerSerial>`
  const content = data(names + certificate('AAAB\n') + serial) + data(certificate(' AA\n AC'))
  expect(readCertificates(keyInfo(`<ds:KeyName>x</ds:KeyName>${content}`, ' Id="_k"'))).toEqual(['AAAB', 'AAAC'])
  expect(readCertificates(keyInfo(''))).toEqual([])
})

test.each([
  ['A-110: a key value', '<ds:KeyValue></ds:KeyValue>'],
  ['A-110: a key value in X509Data', data('<ds:KeyValue></ds:KeyValue>')],
  ['A-109: a reference', '<ds:RetrievalMethod URI="#_x"></ds:RetrievalMethod>'],
  ['a CRL', data('<ds:X509CRL>AAAA</ds:X509CRL>')],
  ['text', 'x'],
  ['text in X509Data', data('x')],
  ['an empty X509Data', data('')],
  ['an empty certificate', data(certificate(''))],
  ['a certificate that is not base64', data(certificate('AAA'))],
  ['an element in a certificate', data(certificate('<ds:X509SKI></ds:X509SKI>'))],
  ['a certificate in something else', `<ds:KeyValue>${data(certificate('AAAB'))}</ds:KeyValue>`],
])('A-284: %s names no certificate and does no harm beside one', (_, content) => {
  expect(readCertificates(keyInfo(content))).toEqual([])
  const beside = keyInfo(content + data(certificate('AAAA', ' Id="_c"'), ' Id="_d"') + content, ' Foo="x"')
  expect(readCertificates(beside)).toEqual(['AAAA'])
})

describe('the certificates that the signature of an unverified root names', () => {
  test('are those of its own KeyInfo', async () => {
    const [key, authority] = [await testKey(), await testKey('authority')]
    const certificates = [key.verification.certificate, authority.verification.certificate]
    const signed = await signElement(metadata('_m0'), { ...key.signing(), certificates }, { chain: true })
    const xml = textOf(signed)
    expect(claimedCertificates(scan(Buffer.from(xml), metadataLimits))).toEqual(certificates)
    const bare = xml.replace(/<ds:KeyInfo>.*<\/ds:KeyInfo>/s, '')
    expect(claimedCertificates(scan(Buffer.from(bare), metadataLimits))).toEqual([])
  })

  test('are none where there is no signature', () => {
    expect(claimedCertificates(scan(Buffer.from(textOf(request())), messageLimits))).toEqual([])
  })
})
