import { privateKeysIn } from '../../../src/inspect/private-keys.ts'
import { inspect } from '../../../src/inspect/report.ts'
import { certificatesIn } from '../../../src/inspect/signers.ts'
import { writeReport } from '../../../src/inspect/text.ts'
import { euVector, withEuVectors } from '../../vectors/eu-files.ts'
import { codes, found } from './samples.ts'

/*
 * Messages of the EU's eIDAS-Node, as they are. They are not part of this project.
 */

const keyNames = ['test.test-ec', 'test.test-rsa', 'connector-eidasKeyStore.local-demo-cert']

function report(file: string, at: string, trust: readonly string[] = []) {
  return inspect(euVector(file), {
    trusted: trust.flatMap(certificatesIn),
    keys: keyNames.flatMap((name) => privateKeysIn(euVector(`${name}.key.pem`).toString())),
    now: Date.parse(at),
  })
}

/** The signer's certificate out of the document itself: for a test, it is whom the operator trusts. */
function signerOf(file: string): string {
  const [, base64 = ''] = /<ds:X509Certificate>([^<]+)</.exec(euVector(file).toString()) ?? []
  return `-----BEGIN CERTIFICATE-----\n${base64.trim()}\n-----END CERTIFICATE-----\n`
}

withEuVectors('messages of the EU node', () => {
  test('ECDH-ES on brainpoolP256r1: decrypted, the inner signature right, the outer one reformatted', async () => {
    const result = await report('saml_ec_Brainpool_kw-aes128_encrypted_response.xml', '2021-07-20T11:03:00Z')
    expect(result).toMatchObject({
      verdict: 'refused',
      standing: 'unverified',
      kind: 'Response',
      removed: ['comments'],
      decrypted: true,
      signature: { present: true, valid: false },
      encryption: { wrap: 'http://www.w3.org/2001/04/xmlenc#kw-aes128', recipient: expect.stringContaining('test-EC') },
      assertion: { nameId: '0123456', signature: { present: true, valid: true, trusted: false } },
    })
    expect(result.assertion?.attributes).toHaveLength(6)
    expect(result.findings).toEqual(
      expect.arrayContaining([found('XML_COMMENT', 'R-IA-33'), found('DS_DIGEST', 'R-IA-15')]),
    )
    for (const line of writeReport(result).trimEnd().split('\n')) expect(line).toMatch(/^UNVERIFIED ALTERED /)
  })

  test('RSA-OAEP with SHA-256: decrypted, 15 attributes, one of another sector', async () => {
    const result = await report('saml_response_key_transport_rsa-oaep.xml', '2024-02-29T15:26:20Z')
    expect(result).toMatchObject({ decrypted: true, kind: 'Response' })
    expect(result.assertion?.attributes).toHaveLength(15)
    expect(result.assertion?.attributes).toContainEqual(
      expect.objectContaining({ friendlyName: 'BirthName', values: ['Onases', 'Ωνάσης'] }),
    )
    expect(codes(result)).toEqual(['XML_COMMENT', 'DS_DIGEST'])
    expect(result.findings).toContainEqual(found('IGNORED', 'R-IA-4', 'note'))
  })

  test('RSA-OAEP with SHA-1: decrypted and refused (R-CR-12)', async () => {
    const result = await report('saml_rsa_rsa-oaep_encrypted_response.xml', '2019-10-04T13:15:20Z')
    expect(result).toMatchObject({ decrypted: true, signature: { present: false } })
    expect(result.findings).toEqual(
      expect.arrayContaining([found('ENC_ALG', 'R-CR-12'), found('DS_MISSING', 'R-MF-56')]),
    )
  })

  test('nobody is named, and OAEP with a mask of SHA-1 beside a digest of SHA-256: not decrypted', async () => {
    const file = 'INVALID_saml_rsa_rsa-oaep_encrypted_response_missing_keyInfo.xml'
    const result = await report(file, '2021-10-08T11:45:00Z')
    expect(result).toMatchObject({ decrypted: false, encryption: { recipient: null } })
    expect(codes(result)).toEqual(['XML_COMMENT', 'DS_DIGEST', 'ENC_ALG'])
  })

  test('metadata signed as a whole: right, by its own certificate, and of nobody without --trust', async () => {
    const file = 'ConnectorMetadata.xml'
    // Its certificate ended that year, long before the document was written.
    const at = '2016-05-23T12:00:00Z'
    const untrusted = await report(file, at)
    expect(untrusted).toMatchObject({ standing: 'untrusted', signature: { valid: true, trusted: false } })
    expect(untrusted.findings).toContainEqual(found('DS_KEY', 'R-IA-30'))
    const trusted = await report(file, at, [signerOf(file)])
    expect(trusted).toMatchObject({ standing: 'verified', signature: { valid: true, trusted: true } })
    expect(codes(trusted)).not.toContain('DS_KEY')
  })

  test('metadata that was changed after signing: the digest, and not the value, says so', async () => {
    const result = await report('ServiceMetadata-content-changed.xml', '2019-05-23T12:00:00Z')
    expect(result).toMatchObject({ standing: 'unverified', signature: { valid: false } })
    expect(codes(result)).toContain('DS_DIGEST')
    expect(codes(result)).not.toContain('DS_SIG')
  })
})
