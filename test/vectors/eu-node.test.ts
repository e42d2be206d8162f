import type { XmlElement } from '../../src/xml/element.ts'
import { messageLimits, metadataLimits } from '../../src/xml/limits.ts'
import { md, saml, samlp } from '../../src/xml/names.ts'
import { attribute, elements, many, one, text } from '../../src/xml/reader.ts'
import { scan } from '../../src/xml/scanner.ts'
import { eidasSignatureAlgorithms } from '../../src/xmlsec/algorithms.ts'
import { decryptContent } from '../../src/xmlsec/decrypt.ts'
import { readEncrypted } from '../../src/xmlsec/encrypted-data.ts'
import { type EncryptionPolicy, eidasEncryption, nationalEncryption } from '../../src/xmlsec/encryption-policy.ts'
import { claimedCertificates } from '../../src/xmlsec/key-info.ts'
import { decryptionKey, type TrustedKeys, verificationKey } from '../../src/xmlsec/keys.ts'
import { readPlaintext } from '../../src/xmlsec/plaintext.ts'
import { type Expected, withVerified } from '../../src/xmlsec/verify.ts'
import { euVector, withEuVectors } from './eu-files.ts'

/*
 * Messages made by the EU's eIDAS-Node, with its public test keys. They are not part of this project.
 */

function read(file: string): string {
  return euVector(file).toString('utf8')
}

/** The message alone: the files open with a licence as a comment. */
function message(file: string): Buffer {
  const content = read(file)
  return Buffer.from(content.slice(content.search(/<[A-Za-z]/)).trimEnd())
}

/**
 * The file lost the declaration of a prefix that its xsi:type needs, so it is not valid as it stands. Exclusive C14N does
 * not see that declaration: putting it back leaves the signature as it is.
 */
function withSchemaPrefix(file: string): Buffer {
  const declared = '<md:EntityDescriptor xmlns:xsd="http://www.w3.org/2001/XMLSchema" '
  return Buffer.from(message(file).toString().replace('<md:EntityDescriptor ', declared))
}

function key(name: string) {
  return decryptionKey({ privateKey: read(`${name}.key.pem`), certificates: [read(`${name}.crt.pem`)] })
}

function trustClaimed(root: XmlElement): TrustedKeys {
  return { keys: claimedCertificates(root).map((one) => verificationKey(one)), algorithms: eidasSignatureAlgorithms }
}

async function decrypt(file: string, keyName: string, policy: EncryptionPolicy): Promise<XmlElement> {
  const encrypted = one(scan(message(file), messageLimits), saml('EncryptedAssertion'))
  const plaintext = await decryptContent(readEncrypted(encrypted, policy), [key(keyName)])
  const signers = trustClaimed(scan(plaintext, messageLimits))
  return readPlaintext(plaintext, { root: saml('Assertion'), schema: 'assertion', limits: messageLimits, signers })
}

function attributesOf(assertion: XmlElement): readonly string[] {
  return many(one(assertion, saml('AttributeStatement')), saml('Attribute')).map((one) => attribute(one, 'Name') ?? '')
}

const response: Expected = {
  root: [samlp('Response')],
  schema: 'protocol',
  limits: messageLimits,
  keysFor: trustClaimed,
}

const metadata: Expected = {
  root: [md('EntityDescriptor')],
  schema: 'metadata',
  limits: metadataLimits,
  keysFor: trustClaimed,
  reference: 'id-or-whole',
}

withEuVectors('messages of the EU node', () => {
  test('ECDH-ES on brainpoolP256r1 with kw-aes128: decrypts, and the inner signature verifies', async () => {
    const assertion = await decrypt(
      'saml_ec_Brainpool_kw-aes128_encrypted_response.xml',
      'test.test-ec',
      eidasEncryption,
    )
    expect(text(one(one(assertion, saml('Subject')), saml('NameID')))).toBe('0123456')
    expect(attributesOf(assertion)).toHaveLength(6)
    expect(elements(assertion).map(({ local }) => local)).not.toContain('Signature')
  })

  test('the inner signature is one, and a foreign key does not verify it', async () => {
    const file = message('saml_ec_Brainpool_kw-aes128_encrypted_response.xml')
    const encrypted = one(scan(file, messageLimits), saml('EncryptedAssertion'))
    const plaintext = await decryptContent(readEncrypted(encrypted, eidasEncryption), [key('test.test-ec')])
    const signers = { keys: [key('test.test-ec')], algorithms: eidasSignatureAlgorithms }
    const expected = { root: saml('Assertion'), schema: 'assertion', limits: messageLimits, signers } as const
    expect(() => readPlaintext(plaintext, expected)).toThrow(expect.objectContaining({ code: 'DS_ASSERTION' }))
  })

  test('a message that was reformatted after signing is refused', () => {
    const file = message('saml_ec_Brainpool_kw-aes128_encrypted_response.xml')
    expect(() => withVerified(file, response, () => 'read')).toThrow(expect.objectContaining({ code: 'DS_DIGEST' }))
  })

  test('RSA-OAEP with SHA-256: decrypts, 15 attributes', async () => {
    const name = 'connector-eidasKeyStore.local-demo-cert'
    const assertion = await decrypt('saml_response_key_transport_rsa-oaep.xml', name, eidasEncryption)
    expect(attributesOf(assertion)).toHaveLength(15)
  })

  test('R-CR-12: RSA-OAEP with SHA-1 decrypts where policy lets it, and eIDAS policy does not', async () => {
    const file = 'saml_rsa_rsa-oaep_encrypted_response.xml'
    expect(attributesOf(await decrypt(file, 'test.test-rsa', nationalEncryption))).toHaveLength(6)
    await expect(decrypt(file, 'test.test-rsa', eidasEncryption)).rejects.toMatchObject({ code: 'ENC_ALG' })
  })

  test('a key that does not say whom it is for is tried, and judged by its algorithm like any other', async () => {
    const file = 'INVALID_saml_rsa_rsa-oaep_encrypted_response_missing_keyInfo.xml'
    await expect(decrypt(file, 'test.test-rsa', eidasEncryption)).rejects.toMatchObject({ code: 'ENC_ALG' })
  })

  test('metadata without ID, signed as a whole (URI=""), sha384-rsa-MGF1: verifies', () => {
    const entityId = withVerified(withSchemaPrefix('ConnectorMetadata.xml'), metadata, (root) =>
      attribute(root, 'entityID'),
    )
    expect(entityId).toBe('http://localhost:8080/EidasNode/ConnectorMetadata')
  })

  test('metadata that was changed after signing is refused though its SignatureValue fits', () => {
    const file = message('ServiceMetadata-content-changed.xml')
    expect(() => withVerified(file, metadata, () => 'read')).toThrow(expect.objectContaining({ code: 'DS_DIGEST' }))
  })

  test('a reference to the whole document is for metadata only', () => {
    const file = withSchemaPrefix('ConnectorMetadata.xml')
    const strict = { ...metadata, reference: 'id' } as const
    expect(() => withVerified(file, strict, () => 'read')).toThrow(expect.objectContaining({ code: 'DS_URI' }))
  })
})
