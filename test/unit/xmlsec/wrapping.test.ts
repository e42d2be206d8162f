import { signElement } from '../../../src/xmlsec/sign.ts'
import { withVerified } from '../../../src/xmlsec/verify.ts'
import { testKey } from '../../testkit/keys.ts'
import { textOf } from './forge.ts'
import { assertion, expecting, outcome, response, trusting } from './samples.ts'

/*
 * XML signature wrapping: the constructions of Somorovsky and others (2012), each over a message of ours whose original
 * signature is intact. `evil` is what the attacker wants read, `original` what was signed, both without signature.
 */

const signatureOf = /<ds:Signature .*?<\/ds:Signature>/s

interface Pieces {
  readonly original: string
  readonly evil: string
  readonly signature: string
}

async function responsePieces(): Promise<Pieces> {
  const key = await testKey()
  const signed = textOf(await signElement(response('_r0', assertion('_a0')), key.signing()))
  const signature = signatureOf.exec(signed)?.[0] ?? ''
  return {
    original: signed.replace(signature, ''),
    evil: textOf(response('_evil', assertion('_b0', 'Eve'))),
    signature,
  }
}

async function assertionPieces(): Promise<Pieces> {
  const key = await testKey()
  const signed = textOf(await signElement(assertion('_a0'), key.signing()))
  const signature = signatureOf.exec(signed)?.[0] ?? ''
  return { original: signed.replace(signature, ''), evil: textOf(assertion('_evil', 'Eve')), signature }
}

const afterIssuer = (xml: string, inserted: string): string =>
  xml.replace('</saml2:Issuer>', `</saml2:Issuer>${inserted}`)
const atEnd = (xml: string, inserted: string): string => xml.replace(/<\/[^>]*>$/, (end) => inserted + end)
const inResponse = (...content: readonly string[]): string => atEnd(textOf(response('_r0')), content.join(''))

async function verdict(xml: string): Promise<string> {
  const key = await testKey()
  return outcome(() => withVerified(Buffer.from(xml), expecting(trusting(key.verification)), () => 'read'))
}

describe('a wrapped Response', () => {
  test('A-073 (XSW1): the original inside the signature', async () => {
    const { original, evil, signature } = await responsePieces()
    expect(await verdict(afterIssuer(evil, atEnd(signature, original)))).toBe('DS_CHILDREN')
  })

  test('A-074 (XSW2): the original beside the signature', async () => {
    const { original, evil, signature } = await responsePieces()
    expect(await verdict(afterIssuer(evil, original + signature))).toBe('DS_STRUCT')
  })

  test('A-074: the original in place, the signature with it', async () => {
    const { original, evil, signature } = await responsePieces()
    expect(await verdict(atEnd(evil, afterIssuer(original, signature)))).toBe('DS_PARENT')
  })

  test('A-080: the original in ds:Object', async () => {
    const { original, evil, signature } = await responsePieces()
    const renamed = original.replaceAll('saml2p:Response', 'saml2p:LogoutResponse')
    const object = atEnd(signature, `<ds:Object>${renamed}</ds:Object>`)
    expect(await verdict(afterIssuer(evil, object))).toBe('DS_CHILDREN')
  })

  test('A-083: the original in StatusDetail', async () => {
    const { original, evil, signature } = await responsePieces()
    const hidden = evil.replace(
      '</saml2p:Status>',
      `<saml2p:StatusDetail>${original}</saml2p:StatusDetail></saml2p:Status>`,
    )
    expect(await verdict(afterIssuer(hidden, signature))).toBe('DS_PARENT')
  })

  test('A-117: a signed message of another kind hidden in a forged one', async () => {
    const { original, evil, signature } = await responsePieces()
    const other = afterIssuer(original, signature).replaceAll('saml2p:Response', 'saml2p:LogoutResponse')
    const hidden = evil.replace(
      '</saml2p:Status>',
      `<saml2p:StatusDetail>${other}</saml2p:StatusDetail></saml2p:Status>`,
    )
    expect(await verdict(hidden)).toBe('DS_PARENT')
  })

  test('A-085: another DigestValue in StatusDetail', async () => {
    const { original, signature } = await responsePieces()
    const digest = '<ds:DigestValue xmlns:ds="http://www.w3.org/2000/09/xmldsig#">AAAA</ds:DigestValue>'
    const smuggled = `<saml2p:StatusDetail>${digest}</saml2p:StatusDetail></saml2p:Status>`
    const hidden = original.replace('</saml2p:Status>', smuggled).replace('>Ada<', '>Eve<')
    expect(await verdict(afterIssuer(hidden, signature))).toBe('DS_DIGEST')
  })

  test('altered content under the original signature', async () => {
    const { original, signature } = await responsePieces()
    expect(await verdict(afterIssuer(original.replace('>Ada<', '>Eve<'), signature))).toBe('DS_DIGEST')
  })
})

describe('a wrapped Assertion', () => {
  test('A-075 (XSW3): an evil one in front of the signed one, the Response unsigned', async () => {
    const { original, evil, signature } = await assertionPieces()
    expect(await verdict(inResponse(evil, afterIssuer(original, signature)))).toBe('DS_MISSING')
  })

  test('A-076 (XSW4): an evil one around the signed one', async () => {
    const { original, evil, signature } = await assertionPieces()
    expect(await verdict(inResponse(atEnd(evil, afterIssuer(original, signature))))).toBe('DS_MISSING')
  })

  test('A-076: the same in a Response that is signed', async () => {
    const key = await testKey()
    const { original, evil, signature } = await assertionPieces()
    const signed = textOf(await signElement(response('_r0'), key.signing()))
    expect(await verdict(atEnd(signed, atEnd(evil, afterIssuer(original, signature))))).toBe('XML_SCHEMA')
  })

  test('A-077 (XSW5): the signature in the evil one, the original at the end', async () => {
    const { original, evil, signature } = await assertionPieces()
    expect(await verdict(inResponse(afterIssuer(evil, signature), original))).toBe('DS_PARENT')
  })

  test('A-078 (XSW6): the original inside the signature of the evil one', async () => {
    const { original, evil, signature } = await assertionPieces()
    expect(await verdict(inResponse(afterIssuer(evil, atEnd(signature, original))))).toBe('DS_CHILDREN')
  })

  test('A-079 (XSW7): an evil one with the same ID in Extensions', async () => {
    const { original, evil, signature } = await assertionPieces()
    const same = `<saml2p:Extensions>${evil.replace('_evil', '_a0')}</saml2p:Extensions>`
    const message = inResponse(afterIssuer(original, signature)).replace('<saml2p:Status', `${same}<saml2p:Status`)
    expect(await verdict(message)).toBe('XML_DUP_ID')
  })

  test('A-080 (XSW8): the original in ds:Object in the signature of the evil one', async () => {
    const { original, evil, signature } = await assertionPieces()
    const object = atEnd(signature, `<ds:Object>${original}</ds:Object>`)
    expect(await verdict(inResponse(afterIssuer(evil, object)))).toBe('DS_CHILDREN')
  })

  test('A-082: an evil one with a signature of its own, the original further down', async () => {
    const evilKey = await testKey('evil')
    const { original, signature } = await assertionPieces()
    const evil = textOf(await signElement(assertion('_evil', 'Eve'), evilKey.signing()))
    expect(await verdict(inResponse(evil, afterIssuer(original, signature)))).toBe('DS_MISSING')
  })

  test('A-114: a signed assertion alone does not make a Response', async () => {
    const { original, signature } = await assertionPieces()
    expect(await verdict(inResponse(afterIssuer(original, signature)))).toBe('DS_MISSING')
  })
})
