import { saml } from '../../../src/xml/names.ts'
import { el, writeXml, type XmlPart } from '../../../src/xml/writer.ts'
import { keyTransports } from '../../../src/xmlsec/algorithms.ts'
import type { KeyKind } from '../../../src/xmlsec/certificate.ts'
import { encryptElement, recipient } from '../../../src/xmlsec/encrypt.ts'
import { nationalEncryption } from '../../../src/xmlsec/encryption-policy.ts'
import { signElement } from '../../../src/xmlsec/sign.ts'
import { testKey } from '../../testkit/keys.ts'
import { cut, mintAssertion, mintResponse, sign } from '../../testkit/mint.ts'
import { answer, answerPart, asked, codes, found, inspected, node, peers, textOf, trustService } from './samples.ts'

const { proxyService } = peers

async function opened(octets: Uint8Array, kind: KeyKind = 'P-256') {
  return inspected(octets, { ...trustService, decrypt: [await node(kind)] })
}

/** Signed again after surgery on the tree. */
async function altered(change: (text: string) => string, kind: KeyKind = 'P-256'): Promise<Uint8Array> {
  return Buffer.from(change(textOf(await answer({ to: kind }))))
}

describe('how it is encrypted is told, whatever it is', () => {
  test.each(['P-256', 'P-384', 'P-521', 'brainpoolP256r1'] as const)('key agreement on %s', async (kind) => {
    const report = await opened(await answer({ to: kind }), kind)
    expect(report).toMatchObject({ verdict: 'accepted', decrypted: true })
    expect(report.encryption).toEqual({
      content: 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
      transport: null,
      digest: 'http://www.w3.org/2001/04/xmlenc#sha256',
      mgf: null,
      agreement: 'http://www.w3.org/2009/xmlenc11#ECDH-ES',
      kdf: 'http://www.w3.org/2009/xmlenc11#ConcatKDF',
      wrap: 'http://www.w3.org/2001/04/xmlenc#kw-aes256',
      recipient: 'CN=inspected node, O=Test, C=SE',
    })
  })

  test('key transport', async () => {
    const report = await opened(await answer({ to: 'RSA-3072' }), 'RSA-3072')
    expect(report).toMatchObject({ verdict: 'accepted', decrypted: true })
    expect(report.encryption).toMatchObject({
      transport: 'http://www.w3.org/2009/xmlenc11#rsa-oaep',
      digest: 'http://www.w3.org/2001/04/xmlenc#sha256',
      mgf: 'http://www.w3.org/2009/xmlenc11#mgf1sha256',
      agreement: null,
      kdf: null,
      wrap: null,
    })
  })

  test('NOT_DECRYPTED: without --decrypt the rest is judged', async () => {
    const report = await inspected(await answer(), trustService)
    expect(report).toMatchObject({ verdict: 'accepted', decrypted: false, assertion: null })
    expect(report.encryption?.agreement).toMatch(/ECDH-ES$/)
    expect(codes(report, 'note')).toEqual(['OFFLINE', 'NOT_DECRYPTED'])
  })
})

describe('whose it is', () => {
  test('the key is found among several by its public half', async () => {
    const decrypt = [await testKey('other', 'P-256', 'encryption'), await node('RSA-3072'), await node()]
    expect(await inspected(await answer(), { ...trustService, decrypt })).toMatchObject({ decrypted: true })
  })

  test('ENC_FAIL: no key of --decrypt', async () => {
    const report = await inspected(await answer(), {
      ...trustService,
      decrypt: [await testKey('other', 'P-256', 'encryption')],
    })
    expect(report).toMatchObject({ verdict: 'refused', decrypted: false, assertion: null })
    expect(codes(report)).toEqual(['ENC_FAIL'])
    expect(report.findings.find(({ code }) => code === 'ENC_FAIL')?.text).toContain('inspected node')
  })

  test('ENC_FAIL: the ciphertext was changed', async () => {
    const part = await answerPart()
    const octets = writeXml(part)
    const changed = cut(
      octets,
      /<xenc:CipherValue>.{4}(?=[^<]*<\/xenc:CipherValue><\/xenc:CipherData><\/xenc:EncryptedData>)/,
      '<xenc:CipherValue>AAAA',
    )
    const report = await opened(changed)
    expect(report.decrypted).toBe(false)
    expect(codes(report)).toEqual(expect.arrayContaining(['DS_MISSING', 'ENC_FAIL']))
  })

  test('NO_HINT: nobody is named: every key of its kind is tried', async () => {
    const text = textOf(writeXml(await answerPart({ to: 'RSA-3072' })))
    const bare = text.replace(
      /(<\/xenc:EncryptionMethod>)<ds:KeyInfo><ds:X509Data>.*?<\/ds:X509Data><\/ds:KeyInfo>/,
      '$1',
    )
    expect(bare).not.toBe(text)
    const report = await opened(Buffer.from(bare), 'RSA-3072')
    expect(report).toMatchObject({ decrypted: true, encryption: { recipient: null } })
    expect(codes(report)).toEqual(['DS_MISSING'])
    expect(report.findings).toContainEqual(found('NO_HINT', 'R-CR-14', 'note'))
  })
})

describe('ENC_ALG: what eIDAS does not allow', () => {
  test('R-CR-12, R-CR-15: OAEP with SHA-1 is decrypted all the same', async () => {
    for (const [transport, requirement] of [
      [keyTransports.sha1, 'R-CR-12'],
      [keyTransports.mgf1p, 'R-CR-15'],
    ] as const) {
      const to = { ...recipient((await node('RSA-3072')).certificate, { policy: nationalEncryption }), transport }
      const sealed = el(saml('EncryptedAssertion'), {}, await encryptElement(writeXml(mintAssertion(asked)), to))
      const report = await opened(await answer({ response: { encryptedAssertions: [sealed] } }), 'RSA-3072')
      expect(report).toMatchObject({ verdict: 'refused', standing: 'verified', decrypted: true })
      expect(report.assertion?.nameId).toBe('XB/XA/02635542Y')
      expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([found('ENC_ALG', requirement)])
    }
  })

  test.each([
    ['R-CR-13', 'http://www.w3.org/2009/xmlenc11#aes256-gcm', 'http://www.w3.org/2001/04/xmlenc#aes256-cbc'],
    ['R-CR-16', 'http://www.w3.org/2001/04/xmlenc#kw-aes256', 'http://www.w3.org/2001/04/xmlenc#kw-aes192'],
  ])('%s', async (requirement, from, to) => {
    const report = await opened(await altered((text) => text.replace(from, to)))
    expect(report).toMatchObject({ decrypted: false })
    expect(report.findings).toContainEqual(found('ENC_ALG', requirement))
  })
})

describe('what was decrypted goes the whole way again', () => {
  test('a signature of its own: valid and trusted', async () => {
    const report = await opened(await answer({ seal: (part) => signElement(part, proxyService.signing) }))
    expect(report).toMatchObject({ verdict: 'accepted', standing: 'verified' })
    expect(report.assertion?.signature).toMatchObject({ present: true, valid: true, trusted: true })
  })

  test('DS_KEY: a signature of its own, of nobody who is trusted', async () => {
    const stranger = (await testKey('stranger')).signing()
    const report = await opened(await answer({ seal: (part) => signElement(part, stranger) }))
    expect(codes(report)).toEqual(['DS_KEY'])
    expect(report).toMatchObject({ standing: 'untrusted', assertion: { signature: { valid: true, trusted: false } } })
  })

  test('DS_DIGEST, DS_ASSERTION: a signature of its own that is wrong', async () => {
    const seal = async (part: XmlPart) => cut(await sign(part, proxyService.signing), 'Quillfeather', 'Featherquill')
    const report = await opened(await answer({ seal }))
    expect(codes(report)).toEqual(['DS_DIGEST', 'DS_ASSERTION'])
    expect(report).toMatchObject({
      standing: 'unverified',
      decrypted: true,
      assertion: { signature: { valid: false } },
    })
    expect(report.assertion?.attributes.flatMap(({ values }) => values)).toContain('Featherquill')
  })

  test.each([
    ['ENC_PLAINTEXT', 'no XML', Buffer.from('no XML at all, but octets enough')],
    ['ENC_PLAINTEXT', 'another element', writeXml(mintResponse(asked))],
    ['XML_COMMENT', 'a comment', Buffer.concat([Buffer.from('<!-- x -->'), writeXml(mintAssertion(asked))])],
  ])('%s: %s', async (code, _, plaintext) => {
    const report = await opened(await answer({ seal: () => plaintext }))
    expect(report).toMatchObject({ verdict: 'refused', decrypted: true })
    expect(codes(report)).toContain(code)
  })

  test('an assertion inside a message that is not even valid is shown', async () => {
    const report = await opened(await altered((text) => text.replace(' Version="2.0"', '')))
    expect(report).toMatchObject({ decrypted: true, standing: 'unverified', assertion: { nameId: 'XB/XA/02635542Y' } })
    expect(codes(report)).toEqual(expect.arrayContaining(['XML_SCHEMA', 'DS_DIGEST']))
  })
})
