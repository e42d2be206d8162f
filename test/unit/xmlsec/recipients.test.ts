import { messageLimits } from '../../../src/xml/limits.ts'
import { ns } from '../../../src/xml/names.ts'
import { scan } from '../../../src/xml/scanner.ts'
import { chooseKey, type Recipients, readRecipients } from '../../../src/xmlsec/recipients.ts'
import { testKey } from '../../testkit/keys.ts'
import { outcome } from './samples.ts'

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
    expect(read(content)).toBeUndefined()
    expect(read(content + data(certificate('AAAA')))).toEqual([{ kind: 'certificate', der: der(0, 0, 0) }])
  })

  test.each([
    ['A-140: a reference', '<ds:RetrievalMethod URI="#_k"></ds:RetrievalMethod>'],
    ['text', 'x'],
    ['text in X509Data', data(`x${certificate('AAAA')}`)],
    ['a certificate that is not base64', data(certificate('AAA'))],
    ['a public key that is not base64', spki('AAA')],
    ['an attribute', spki('AAAA', ' URI="#_k"')],
    ['an element in a certificate', data(certificate('<ds:X509SKI></ds:X509SKI>'))],
  ])('ENC_STRUCT: %s', (_, content) => {
    expect(outcome(() => read(content))).toBe('ENC_STRUCT')
  })
})

describe('the key of ours that is chosen', () => {
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

  test('is the one whose certificate or public key is named', async () => {
    const keys = await keysOf()
    const [rsa, other, ec] = keys
    expect(chooseKey(keys, 'rsa', named(other.certificate))).toBe(other)
    expect(chooseKey(keys, 'rsa', bare(other.spki))).toBe(other)
    expect(chooseKey(keys, 'rsa', [...named('AAAA'), ...named(rsa.certificate)])).toBe(rsa)
    expect(chooseKey(keys, 'ec', bare(ec.spki))).toBe(ec)
  })

  test('A-147: is none when another is named, or one of another kind', async () => {
    const keys = await keysOf()
    const [rsa, , ec] = keys
    expect(chooseKey(keys, 'rsa', named('AAAA'))).toBeUndefined()
    expect(chooseKey(keys, 'rsa', named(ec.certificate))).toBeUndefined()
    expect(chooseKey(keys, 'rsa', bare(Buffer.from(rsa.certificate, 'base64')))).toBeUndefined()
    expect(chooseKey(keys, 'rsa', named(Buffer.from(rsa.spki).toString('base64')))).toBeUndefined()
  })

  test('A-145: is, when none is named, the only one of the kind; no key is tried after another', async () => {
    const keys = await keysOf()
    const [rsa, , ec] = keys
    expect(chooseKey(keys, 'ec', [])).toBe(ec)
    expect(chooseKey(keys, 'rsa', [])).toBeUndefined()
    expect(chooseKey([rsa], 'ec', [])).toBeUndefined()
  })
})
