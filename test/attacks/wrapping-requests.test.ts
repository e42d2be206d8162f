import type { FaultCode } from '../../src/errors/faults.ts'
import { postRequest } from '../testkit/flow.ts'
import { mintRequest, mintResponse } from '../testkit/mint.ts'
import { afterIssuer, atEnd, idOf, type Pieces, piecesOf, withId } from '../testkit/pieces.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectPage } from '../testkit/verdict.ts'

/*
 * Wrapped AuthnRequests, of the portal and of the connector of another country.
 */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

describe('wrapped requests', () => {
  const askers = ['portal', 'connector'] as const
  const inRequest = (xml: string, inserted: string): string => {
    const extended = xml.replace('<saml2p:Extensions>', (found) => found + inserted)
    return extended === xml ? afterIssuer(xml, `<saml2p:Extensions>${inserted}</saml2p:Extensions>`) : extended
  }

  const constructions: readonly (readonly [
    entry: string,
    what: string,
    build: (pieces: Pieces) => string,
    code: FaultCode,
  ])[] = [
    [
      'A-073',
      'XSW1, the original in the signature',
      ({ evil, signature, original }) => afterIssuer(evil, atEnd(signature, original)),
      'DS_CHILDREN',
    ],
    [
      'A-074',
      'XSW2, the original beside the signature',
      ({ evil, signature, original }) => afterIssuer(evil, original + signature),
      'DS_STRUCT',
    ],
    [
      'A-080',
      'the original in an Object',
      ({ evil, signature, original }) => afterIssuer(evil, atEnd(signature, `<ds:Object>${original}</ds:Object>`)),
      'DS_CHILDREN',
    ],
    [
      'A-083',
      'the original in Extensions',
      ({ evil, signature, original }) => afterIssuer(inRequest(evil, original), signature),
      'DS_PARENT',
    ],
    [
      'A-083',
      'the original with its signature in Extensions',
      ({ evil, signed }) => inRequest(evil, signed),
      'DS_PARENT',
    ],
    [
      'A-083',
      'what is evil in Extensions of the original',
      ({ evil, signed, signature }) => afterIssuer(inRequest(signed.replace(signature, ''), evil), signature),
      'DS_DIGEST',
    ],
    [
      'A-130',
      'with the signature of the original',
      ({ evil, signature, original }) => afterIssuer(withId(evil, idOf(original)), signature),
      'DS_DIGEST',
    ],
    [
      'A-117',
      'its signature on a LogoutRequest',
      ({ signed }) => signed.replaceAll('saml2p:AuthnRequest', 'saml2p:LogoutRequest'),
      'SAML_TYPE',
    ],
  ]

  test.each(
    askers.flatMap((asker) =>
      constructions.map(([entry, what, build, code]) => [entry, asker, what, build, code] as const),
    ),
  )('%s of the %s: %s', async (_entry, name, _what, build, code) => {
    const asker = target.peers[name]
    const evil = mintRequest(asker, { providerName: 'Evil' })
    const message = build(await piecesOf(mintRequest(asker), evil, asker))
    expectPage(target, await postRequest(target, asker, Buffer.from(message)), code)
  })

  test.each(askers)('A-117 of the %s: an answer it signed is no request', async (name) => {
    const asker = target.peers[name]
    const answer = mintResponse({ answerer: asker, requestId: '_asked' })
    const { signed, evil } = await piecesOf(answer, mintRequest(asker), asker)
    expectPage(target, await postRequest(target, asker, Buffer.from(signed)), 'SAML_TYPE')
    const hidden = Buffer.from(inRequest(evil, signed))
    expectPage(target, await postRequest(target, asker, hidden), 'DS_PARENT')
  })
})
