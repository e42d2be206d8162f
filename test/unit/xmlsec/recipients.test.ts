import { messageLimits } from '../../../src/xml/limits.ts'
import { ns } from '../../../src/xml/names.ts'
import { scan } from '../../../src/xml/scanner.ts'
import { keysToTry, type Recipients, readRecipients } from '../../../src/xmlsec/recipients.ts'
import { testKey } from '../../testkit/keys.ts'

const read = (content: string) =>
  readRecipients(
    scan(Buffer.from(`<ds:KeyInfo xmlns:ds="${ns.ds}" xmlns:ds11="${ns.ds11}">${content}</ds:KeyInfo>`), messageLimits),
  )

const data = (content: string) => `<ds:X509Data>${content}</ds:X509Data>`
const certificate = (value: string) => `<ds:X509Certificate>${value}</ds:X509Certificate>`
const spki = (value: string, attributes = '') =>
  `<ds11:DEREncodedKeyValue${attributes}>${value}</ds11:DEREncodedKeyValue>`
const der = (...octets: readonly number[]) => Buffer.from(octets)

describe('whom an encrypted key is for', () => {
  test('A-145: certificates and public keys, in their order', () => {
    expect(read(data(certificate('AAAA') + certificate('AAAB')) + spki('AAAC', ' Id="_k"'))).toEqual([
      { kind: 'certificate', der: der(0, 0, 0) },
      { kind: 'certificate', der: der(0, 0, 1) },
      { kind: 'public key', der: der(0, 0, 2) },
    ])
  })

  test.each([
    ['a name', '<ds:KeyName>x</ds:KeyName>'],
    ['a key value', '<ds:KeyValue></ds:KeyValue>'],
    ['a name in X509Data', data('<ds:X509SubjectName>CN=x</ds:X509SubjectName>')],
    ['nothing', ''],
  ])('is not said by %s, which does no harm beside what says it', (_, content) => {
    expect(read(content)).toEqual([])
    expect(read(content + data(certificate('AAAA')))).toEqual([{ kind: 'certificate', der: der(0, 0, 0) }])
  })

  test.each([
    ['A-140: a reference', '<ds:RetrievalMethod URI="#_k"></ds:RetrievalMethod>'],
    ['text', 'x'],
    ['text in X509Data', data('x')],
    ['a certificate that is not base64', data(certificate('AAA'))],
    ['a public key that is not base64', spki('AAA')],
    ['an element in a certificate', data(certificate('<ds:X509SKI></ds:X509SKI>'))],
  ])('A-284: %s says nothing', (_, content) => {
    expect(read(content)).toEqual([])
    expect(read(content + spki('AAAC', ' URI="#_k"'))).toEqual([{ kind: 'public key', der: der(0, 0, 2) }])
  })
})

describe('the keys of ours that are tried', () => {
  const keysOf = async () => {
    const [rsa, other, ec] = [
      await testKey('recipient', 'RSA-3072', 'encryption'),
      await testKey('other', 'RSA-3072', 'encryption'),
      await testKey('recipient', 'P-256', 'encryption'),
    ]
    return [rsa.decryption, other.decryption, ec.decryption] as const
  }
  const named = (value: string): Recipients => [{ kind: 'certificate', der: Buffer.from(value, 'base64') }]
  const bare = (octets: Uint8Array): Recipients => [{ kind: 'public key', der: Buffer.from(octets) }]

  test('are the one whose certificate or public key is named', async () => {
    const keys = await keysOf()
    const [rsa, other, ec] = keys
    expect(keysToTry(keys, 'rsa', named(other.certificate))).toEqual([other])
    expect(keysToTry(keys, 'rsa', bare(other.spki))).toEqual([other])
    expect(keysToTry(keys, 'rsa', [...named('AAAA'), ...named(rsa.certificate)])).toEqual([rsa])
    expect(keysToTry(keys, 'ec', bare(ec.spki))).toEqual([ec])
  })

  test('A-147, A-287: are all of the kind when none of them is named, or another', async () => {
    const keys = await keysOf()
    const [rsa, other, ec] = keys
    expect(keysToTry(keys, 'ec', [])).toEqual([ec])
    for (const hints of [[], named('AAAA'), named(ec.certificate), bare(Buffer.from(rsa.certificate, 'base64'))]) {
      expect(keysToTry(keys, 'rsa', hints)).toEqual([rsa, other])
    }
    expect(keysToTry(keys, 'rsa', named(Buffer.from(rsa.spki).toString('base64')))).toEqual([rsa, other])
    expect(keysToTry([rsa], 'ec', [])).toEqual([])
  })
})
