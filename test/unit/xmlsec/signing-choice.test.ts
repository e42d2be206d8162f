import { eidasSignatureAlgorithms, nationalSignatureAlgorithms } from '../../../src/xmlsec/algorithms.ts'
import { nationalSigningKey } from '../../../src/xmlsec/national-key.ts'
import { type StatedSupport, signingChoice, signingFor } from '../../../src/xmlsec/signing-choice.ts'
import { testKey } from '../../testkit/keys.ts'

const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'
const PSS = 'http://www.w3.org/2007/05/xmldsig-more#'
const SHA512 = 'http://www.w3.org/2001/04/xmlenc#sha512'
const nothing: StatedSupport = { digestMethods: [], signingMethods: [] }

async function choice(kind: 'P-256' | 'RSA-3072') {
  const key = await testKey('choice', kind)
  return signingChoice(
    { privateKey: key.privateKey, certificates: [key.certificate] },
    key.signing(),
    eidasSignatureAlgorithms,
  )
}

const saying = (...signingMethods: StatedSupport['signingMethods']): StatedSupport => ({ ...nothing, signingMethods })

describe('R-MF-11: what a peer says it verifies decides what we sign with', () => {
  test.each([
    ['nothing: the usual one', nothing, `${MORE}ecdsa-sha256`],
    ['one of ours', saying({ algorithm: `${MORE}ecdsa-sha512` }), `${MORE}ecdsa-sha512`],
    [
      'several: the usual one, in whatever order',
      saying({ algorithm: `${MORE}ecdsa-sha512` }, { algorithm: `${MORE}ecdsa-sha256` }),
      `${MORE}ecdsa-sha256`,
    ],
    ['those of other keys: the usual one', saying({ algorithm: `${PSS}sha512-rsa-MGF1` }), `${MORE}ecdsa-sha256`],
    ['a digest', { ...nothing, digestMethods: [SHA512] }, `${MORE}ecdsa-sha512`],
    [
      'keys of other sizes',
      saying(
        { algorithm: `${MORE}ecdsa-sha256`, minKeySize: 384 },
        { algorithm: `${MORE}ecdsa-sha384`, maxKeySize: 255 },
        { algorithm: `${MORE}ecdsa-sha512`, minKeySize: 256, maxKeySize: 256 },
      ),
      `${MORE}ecdsa-sha512`,
    ],
  ])('%s', async (_, stated, algorithm) => {
    expect(signingFor(await choice('P-256'), stated).algorithm).toBe(algorithm)
  })

  test('A-211: what is not of the profile is not signed with, whoever says it', async () => {
    const stated = saying({ algorithm: `${MORE}rsa-sha256` }, { algorithm: `${MORE}hmac-sha256` })
    expect(signingFor(await choice('RSA-3072'), stated).algorithm).toBe(`${PSS}sha256-rsa-MGF1`)
  })

  test('within the country, a peer that wants PSS gets PSS', async () => {
    const { privateKey, certificate } = await testKey('choice', 'RSA-3072')
    const key = { privateKey, certificates: [certificate] }
    const ours = signingChoice(key, nationalSigningKey(key), nationalSignatureAlgorithms)
    expect(signingFor(ours, nothing).algorithm).toBe(`${MORE}rsa-sha256`)
    expect(signingFor(ours, saying({ algorithm: `${PSS}sha384-rsa-MGF1` })).algorithm).toBe(`${PSS}sha384-rsa-MGF1`)
  })
})
