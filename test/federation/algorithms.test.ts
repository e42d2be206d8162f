import type { SignatureAlgorithm } from '../../src/xmlsec/algorithms.ts'
import type { KeyKind } from '../../src/xmlsec/certificate.ts'
import { sentAbroad } from '../testkit/asked.ts'
import { complete, decoded, fieldsOf, openFlow, postRequest, signedAnswer } from '../testkit/flow.ts'
import { freshId, mintRequest, sign } from '../testkit/mint.ts'
import { sealed, signedAround } from '../testkit/sealed.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { releasedIn } from '../testkit/verdict.ts'
import { swap } from '../unit/xmlsec/forge.ts'

/** R-CR-14 to R-CR-19 through a whole node: every kind of key on both sides, every algorithm of such a key. */
const kinds: readonly KeyKind[] = [
  'RSA-3072',
  'P-256',
  'P-384',
  'P-521',
  'brainpoolP256r1',
  'brainpoolP384r1',
  'brainpoolP512r1',
]

const algorithmsOf = (kind: KeyKind): readonly SignatureAlgorithm[] =>
  kind.startsWith('RSA')
    ? [
        'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
        'http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1',
        'http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1',
      ]
    : [
        'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
        'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384',
        'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512',
      ]

describe.each(kinds)('R-CR-14, R-CR-18, R-CR-19: keys of %s, ours and those of peers', (kind) => {
  let target: Target
  beforeAll(async () => {
    target = await startTarget({ nodeKeys: kind, foreignKeys: kind })
  }, 60_000)
  afterAll(() => target.stop())

  test('the proxy service answers, encrypted to the connector abroad', async () => {
    await expect(releasedIn(target, await complete(await openFlow(target, 'proxy-service')))).resolves.toBeDefined()
  })

  test.each(algorithmsOf(kind))('the connector takes an answer signed with %s', async (algorithm) => {
    const flow = await openFlow(target)
    const answerer = { ...flow.answerer, signing: flow.answerer.signingKey.signing(algorithm) }
    const message = await signedAnswer({ ...flow, answerer })
    await expect(releasedIn(target, await complete(flow, message))).resolves.toBeDefined()
  })
})

test('R-CR-17: a KA-Nonce in an answer is taken, and told in the log', async () => {
  const target = await startTarget()
  const flow = await openFlow(target)
  const encrypted = swap(
    '<xenc11:KeyDerivationMethod',
    '<xenc:KA-Nonce>AAAA</xenc:KA-Nonce><xenc11:KeyDerivationMethod',
  )(await sealed(flow))
  await expect(releasedIn(target, await complete(flow, await signedAround(flow, encrypted)))).resolves.toBeDefined()
  await complete(await openFlow(target))
  const told = target.logged.filter((line) => line.includes('answer-received')).map((line) => JSON.parse(line).unused)
  expect(told).toEqual(['KA-Nonce', undefined])
  await target.stop()
})

describe('R-MF-11: peers that say what they verify', () => {
  const wanted = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512'
  let target: Target
  beforeAll(async () => {
    target = await startTarget({
      describe: (metadata, name) =>
        name === 'portal' || name === 'identityProvider'
          ? metadata
          : {
              ...metadata,
              signingMethods: [{ algorithm: wanted, minKeySize: 256, maxKeySize: 521 }],
              digestMethods: ['http://www.w3.org/2001/04/xmlenc#sha512'],
            },
    })
  }, 60_000)
  afterAll(() => target.stop())

  const signedWith = (message: string) => /<ds:SignatureMethod Algorithm="([^"]+)"/.exec(message)?.[1]

  test('get requests signed like that', async () => {
    expect(signedWith(await sentAbroad(target))).toBe(wanted)
  })

  test('get answers signed like that; who says nothing gets what is usual', async () => {
    const { connector } = target.peers
    const signing = connector.signingKey.signing(wanted)
    const right = await postRequest(target, connector, await sign(mintRequest(connector), signing))
    const asked = decoded(fieldsOf(right, target.peers.identityProvider.endpoint).get('SAMLRequest'))
    expect(signedWith(asked)).toBe('http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256')
    const wrong = mintRequest(connector, { id: freshId(), forceAuthn: false })
    const answer = await postRequest(target, connector, await sign(wrong, signing))
    expect(signedWith(decoded(fieldsOf(answer, connector.endpoint).get('SAMLResponse')))).toBe(wanted)
  })
})
