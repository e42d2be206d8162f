import { readKeyDescriptor } from '../../../../src/saml/metadata/key-descriptor.ts'
import { signedText } from '../samples.ts'

function keyOf(keyInfo: string, use = 'signing') {
  return readKeyDescriptor(signedText(`<md:KeyDescriptor use="${use}">${keyInfo}</md:KeyDescriptor>`))
}

function certified(text: string): string {
  return `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${text}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`
}

describe('KeyDescriptor', () => {
  test('a certificate is base64 without its layout', () => {
    expect(keyOf(certified('\n  QUFB\r\n QUFB  ')).certificates).toEqual(['QUFBQUFB'])
  })

  test('a key given in another way has no certificate', () => {
    expect(keyOf('<ds:KeyInfo><ds:KeyName>a</ds:KeyName></ds:KeyInfo>').certificates).toEqual([])
  })

  test.each(['', 'QUF', 'QUFB!', '-----BEGIN CERTIFICATE-----'])('A-210 a certificate %j is MD_KEY', (text) => {
    expect(() => keyOf(certified(text))).toThrow(expect.objectContaining({ code: 'MD_KEY' }))
  })

  test.each([
    ['an unknown use', certified('QUFB'), 'both'],
    ['an empty use', certified('QUFB'), ''],
    ['no KeyInfo', '', 'signing'],
    ['two KeyInfo', certified('QUFB') + certified('QUFB'), 'signing'],
    ['an encryption method without algorithm', `${certified('QUFB')}<md:EncryptionMethod/>`, 'encryption'],
  ])('A-210 %s is MD_STRUCT', (_, keyInfo, use) => {
    expect(() => keyOf(keyInfo, use)).toThrow(expect.objectContaining({ code: 'MD_STRUCT' }))
  })
})
