import { publishMetadata } from '../../src/trust/publication.ts'
import { samlp } from '../../src/xml/names.ts'
import { writeText, type XmlPart } from '../../src/xml/writer.ts'
import { signElement } from '../../src/xmlsec/sign.ts'
import type { Flow } from '../testkit/flow.ts'
import { testKey } from '../testkit/keys.ts'
import { mintRequest, mintResponse } from '../testkit/mint.ts'
import {
  afterIssuer,
  around,
  assertionPieces,
  atBoth,
  atEnd,
  type Build,
  type Construction,
  digestOf,
  halves,
  idOf,
  inExtensions,
  inStatus,
  isRefusedAs,
  type Pieces,
  piecesOf,
  responsePieces,
  withId,
} from '../testkit/pieces.ts'
import { startTarget, type Target } from '../testkit/target.ts'

/*
 * Wrapped Responses by hand: the constructions of Somorovsky and others (2012) and those of the advisories since, over
 * messages whose original signature is intact. The generated ones are in wrapping-generated.test.ts.
 */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

const wrappedResponses: readonly Construction[] = [
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
    'A-074',
    'the original behind the signature',
    ({ evil, signature, original }) => afterIssuer(evil, signature + original),
    'DS_PARENT',
  ],
  ['A-074', 'the original with its signature at the end', ({ evil, signed }) => atEnd(evil, signed), 'DS_PARENT'],
  [
    'A-080',
    'the original in an Object',
    ({ evil, signature, original }) => afterIssuer(evil, atEnd(signature, `<ds:Object>${original}</ds:Object>`)),
    'DS_CHILDREN',
  ],
  [
    'A-083',
    'the original in StatusDetail',
    ({ evil, signature, original }) => afterIssuer(inStatus(evil, 'StatusDetail', original), signature),
    'DS_PARENT',
  ],
  [
    'A-083',
    'the original with its signature in StatusDetail',
    ({ evil, signed }) => inStatus(evil, 'StatusDetail', signed),
    'DS_PARENT',
  ],
  [
    'A-083',
    'the original in StatusMessage',
    ({ evil, signature, original }) => afterIssuer(inStatus(evil, 'StatusMessage', original), signature),
    'DS_PARENT',
  ],
  [
    'A-083',
    'the original in Extensions',
    ({ evil, signature, original }) => afterIssuer(inExtensions(evil, original), signature),
    'DS_PARENT',
  ],
  [
    'A-083',
    'the original in KeyInfo',
    ({ evil, signature, original }) =>
      afterIssuer(
        evil,
        signature.replace('</ds:KeyInfo>', (end) => original + end),
      ),
    'DS_PARENT',
  ],
  [
    'A-083',
    'what is evil in StatusDetail of the original',
    ({ evil, signed }) => inStatus(signed, 'StatusDetail', evil),
    'DS_DIGEST',
  ],
  [
    'A-083',
    'what is evil in the signature of the original',
    ({ evil, signed }) => signed.replace('</ds:Signature>', (end) => `<ds:Object>${evil}</ds:Object>${end}`),
    'DS_CHILDREN',
  ],
  [
    'A-082',
    'two signatures, that of the original first',
    ({ evil, signature }) => afterIssuer(withId(evil, '_evil'), signature + signature),
    'DS_STRUCT',
  ],
  [
    'A-091',
    'the evil one with the ID of the original, which is in StatusDetail',
    ({ evil, signed }) => inStatus(withId(evil, idOf(signed)), 'StatusDetail', signed),
    'XML_DUP_ID',
  ],
  ['A-113', 'without its signature', ({ evil }) => evil, 'DS_MISSING'],
  [
    'A-130',
    'with the signature of the original',
    ({ evil, signature, original }) => afterIssuer(withId(evil, idOf(original)), signature),
    'DS_DIGEST',
  ],
]

test.each(atBoth(wrappedResponses))('%s at the %s acs: a Response, %s', async (_entry, half, _what, build, code) => {
  await isRefusedAs(target, half, responsePieces, build, code)
})

test.each(halves)('A-082 at the %s acs: the attacker signs the evil Response and hides the original', async (half) => {
  const attacker = (await testKey('attacker')).signing()
  const hide = async ({ signed }: Pieces, flow: Flow): Promise<string> =>
    inStatus(writeText(await signElement(mintResponse(flow), attacker)), 'StatusDetail', signed)
  await isRefusedAs(target, half, responsePieces, hide, 'DS_KEY')
  const both = async ({ signature }: Pieces, flow: Flow): Promise<string> =>
    writeText(await signElement(mintResponse(flow), attacker)).replace('<ds:Signature ', (next) => signature + next)
  await isRefusedAs(target, half, responsePieces, both, 'DS_STRUCT')
})

const smuggledDigests: readonly Construction[] = [
  [
    'A-085',
    'in an Object',
    (pieces) => smuggled(pieces, '</ds:Signature>', (digest) => `<ds:Object>${digest}</ds:Object>`),
    'DS_CHILDREN',
  ],
  ['A-085', 'in KeyInfo', (pieces) => smuggled(pieces, '</ds:KeyInfo>', (digest) => digest), 'DS_DIGEST'],
  ['A-085', 'in the signature', (pieces) => smuggled(pieces, '<ds:SignatureValue>', (digest) => digest), 'DS_CHILDREN'],
  [
    'A-085',
    'in StatusDetail',
    (pieces) => inStatus(smuggled(pieces), 'StatusDetail', digestOf(pieces.evil)),
    'DS_DIGEST',
  ],
  ['A-085', 'in Extensions', (pieces) => inExtensions(smuggled(pieces), digestOf(pieces.evil)), 'DS_DIGEST'],
]

/** What is evil under the ID and the signature of the original, and its own digest in front of something. */
function smuggled({ evil, original, signature }: Pieces, before = '', hide = (_digest: string): string => ''): string {
  const forged = withId(evil, idOf(original))
  return afterIssuer(
    forged,
    signature.replace(before, (next) => hide(digestOf(forged)) + next),
  )
}

test.each(atBoth(smuggledDigests))(
  '%s at the %s acs: another DigestValue, of what is evil, %s',
  async (_entry, half, _what, build, code) => {
    await isRefusedAs(target, half, responsePieces, build, code)
  },
)

test.each(halves)('A-085 at the %s acs: another DigestValue, of an evil Assertion, in StatusDetail', async (half) => {
  const build: Build = (pieces, flow) =>
    inStatus(around(flow, smuggled(pieces)), 'StatusDetail', digestOf(withId(pieces.evil, idOf(pieces.original))))
  await isRefusedAs(target, half, assertionPieces, build, 'DS_MISSING')
})

describe('A-117: what a peer signed for another purpose', () => {
  const logout = (part: XmlPart): XmlPart => ({ ...part, name: samlp('LogoutResponse') })

  test.each(halves)('A-117 at the %s acs: a LogoutResponse, as the message and hidden in one', async (half) => {
    const pieces = (flow: Flow) => piecesOf(logout(mintResponse(flow)), mintResponse(flow), flow.answerer)
    await isRefusedAs(target, half, pieces, ({ signed }) => signed, 'SAML_TYPE')
    await isRefusedAs(target, half, pieces, ({ evil, signed }) => inStatus(evil, 'StatusDetail', signed), 'DS_PARENT')
    await isRefusedAs(
      target,
      half,
      pieces,
      ({ evil, signature, original }) => afterIssuer(inStatus(evil, 'StatusDetail', original), signature),
      'DS_PARENT',
    )
  })

  test.each(halves)('A-117 at the %s acs: an AuthnRequest', async (half) => {
    const pieces = (flow: Flow) => piecesOf(mintRequest(flow.answerer), mintResponse(flow), flow.answerer)
    await isRefusedAs(target, half, pieces, ({ signed }) => signed, 'SAML_TYPE')
    await isRefusedAs(target, half, pieces, ({ evil, signed }) => inStatus(evil, 'StatusDetail', signed), 'DS_PARENT')
  })

  test.each(halves)('A-117 at the %s acs: its metadata', async (half) => {
    const metadata = async (flow: Flow) =>
      Buffer.from(await publishMetadata(flow.answerer.metadata, flow.answerer.signing)).toString()
    await isRefusedAs(target, half, responsePieces, async (_, flow) => metadata(flow), 'SAML_TYPE')
    await isRefusedAs(
      target,
      half,
      responsePieces,
      async ({ evil }, flow) => inStatus(evil, 'StatusDetail', await metadata(flow)),
      'DS_PARENT',
    )
  })
})
