import { messageLimits } from '../../../src/xml/limits.ts'
import { saml } from '../../../src/xml/names.ts'
import { many, one, text } from '../../../src/xml/reader.ts'
import { scan } from '../../../src/xml/scanner.ts'
import { el, writeXml } from '../../../src/xml/writer.ts'
import { decryptContent } from '../../../src/xmlsec/decrypt.ts'
import { encryptElement, recipient } from '../../../src/xmlsec/encrypt.ts'
import { readEncrypted } from '../../../src/xmlsec/encrypted-data.ts'
import { eidasEncryption } from '../../../src/xmlsec/encryption-policy.ts'
import { signElement } from '../../../src/xmlsec/sign.ts'
import { withVerified } from '../../../src/xmlsec/verify.ts'
import { testKey } from '../../testkit/keys.ts'
import fc, { runs } from '../../testkit/properties.ts'
import { assertion, expecting, outcome, response, trusting } from './samples.ts'

/** Text as XML can carry it and our scanner takes it in a message. */
const content = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((value) => {
  const octets = writeXml(el(saml('Issuer'), {}, value))
  return outcome(() => scan(octets, messageLimits)) === 'accepted'
})

test('A-183: what was signed is what is read, whatever the text', async () => {
  const key = await testKey()
  await fc.assert(
    fc.asyncProperty(content, async (value) => {
      const message = writeXml(await signElement(response('_r0', assertion('_a0', value)), key.signing()))
      const read = withVerified(message, expecting(trusting(key.verification)), (root) =>
        text(
          one(
            one(one(one(root, saml('Assertion')), saml('AttributeStatement')), saml('Attribute')),
            saml('AttributeValue'),
          ),
        ),
      )
      expect(read).toBe(value)
    }),
    runs(150),
  )
})

test('A-254: a message with any octet changed is refused by a code or says what it said', async () => {
  const key = await testKey()
  const message = Buffer.from(writeXml(await signElement(response('_r0', assertion()), key.signing())))
  const expected = expecting(trusting(key.verification))
  fc.assert(
    fc.property(fc.nat(message.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const altered = Buffer.from(message)
      altered.writeUInt8(altered.readUInt8(at) ^ change, at)
      const got = outcome(() => {
        withVerified(altered, expected, (root) => {
          expect(many(root, saml('Assertion'))).toEqual(
            withVerified(message, expected, (same) => many(same, saml('Assertion'))),
          )
        })
      })
      expect(got).toMatch(/^(accepted|[A-Z0-9]+_[A-Z0-9_]+)$/)
    }),
    runs(1500),
  )
})

test('A-254: an encrypted key or content with any octet changed does not decrypt', async () => {
  const key = await testKey('recipient', 'P-256', 'encryption')
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 1, maxLength: 400 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      async (octets, at, change) => {
        const encrypted = el(saml('EncryptedAssertion'), {}, await encryptElement(octets, recipient(key.certificate)))
        const sealed = readEncrypted(scan(writeXml(encrypted), messageLimits), eidasEncryption)
        expect(Buffer.from(await decryptContent(sealed, [key.decryption]))).toEqual(Buffer.from(octets))
        const altered = Buffer.from(sealed.octets)
        altered.writeUInt8(altered.readUInt8(at % altered.length) ^ change, at % altered.length)
        await expect(decryptContent({ ...sealed, octets: altered }, [key.decryption])).rejects.toMatchObject({
          code: 'ENC_FAIL',
        })
        const wrapped = Buffer.from(sealed.key.wrapped)
        wrapped.writeUInt8(wrapped.readUInt8(at % wrapped.length) ^ change, at % wrapped.length)
        const rewrapped = { ...sealed, key: { ...sealed.key, wrapped } }
        await expect(decryptContent(rewrapped, [key.decryption])).rejects.toMatchObject({ code: 'ENC_FAIL' })
      },
    ),
    runs(100),
  )
})
