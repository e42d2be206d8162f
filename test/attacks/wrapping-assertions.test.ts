import { writeText, type XmlPart } from '../../src/xml/writer.ts'
import { signElement } from '../../src/xmlsec/sign.ts'
import { type Flow, openFlow, postAnswer } from '../testkit/flow.ts'
import { whole } from '../testkit/forgeries.ts'
import { testKey } from '../testkit/keys.ts'
import { mintAssertion, mintResponse } from '../testkit/mint.ts'
import {
  afterIssuer,
  around,
  assertionPieces,
  atBoth,
  atEnd,
  type Construction,
  evilAttributes,
  idOf,
  inExtensions,
  isRefusedAs,
  withId,
} from '../testkit/pieces.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectAnswered, expectNotReusable } from '../testkit/verdict.ts'

/*
 * Wrapped Assertions by hand: signed themselves, in Responses that are signed or not. The signature of an Assertion never
 * stands in for that of the Response, and never excuses it.
 */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

const wrappedAssertions: readonly Construction[] = [
  ['A-075', 'XSW3, an evil one in front', ({ evil, signed }, flow) => around(flow, evil, signed), 'DS_MISSING'],
  ['A-075', 'an evil one behind', ({ evil, signed }, flow) => around(flow, signed, evil), 'DS_MISSING'],
  ['A-076', 'XSW4, an evil one around it', ({ evil, signed }, flow) => around(flow, atEnd(evil, signed)), 'DS_MISSING'],
  [
    'A-077',
    'XSW5, the signature in the evil one, the original at the end',
    ({ evil, signature, original }, flow) => around(flow, afterIssuer(evil, signature), original),
    'DS_PARENT',
  ],
  [
    'A-078',
    'XSW6, the original in the signature of the evil one',
    ({ evil, signature, original }, flow) => around(flow, afterIssuer(evil, atEnd(signature, original))),
    'DS_CHILDREN',
  ],
  [
    'A-079',
    'XSW7, an evil one of the same ID in Extensions',
    ({ evil, signed }, flow) => inExtensions(around(flow, signed), withId(evil, idOf(signed))),
    'XML_DUP_ID',
  ],
  [
    'A-079',
    'an evil one of another ID in Extensions',
    ({ evil, signed }, flow) => inExtensions(around(flow, signed), evil),
    'DS_MISSING',
  ],
  [
    'A-080',
    'XSW8, the original in an Object in the signature of the evil one',
    ({ evil, signature, original }, flow) =>
      around(flow, afterIssuer(evil, atEnd(signature, `<ds:Object>${original}</ds:Object>`))),
    'DS_CHILDREN',
  ],
  [
    'A-081',
    'XSW9, a second SignedInfo',
    ({ signed }, flow) => around(flow, signed.replace(whole.signedInfo, '$&$&')),
    'DS_STRUCT',
  ],
  [
    'A-083',
    'the original in Advice of the evil one',
    ({ evil, signed }, flow) =>
      around(
        flow,
        evil.replace('<saml2:AuthnStatement', (next) => `<saml2:Advice>${signed}</saml2:Advice>${next}`),
      ),
    'DS_MISSING',
  ],
  [
    'A-083',
    'the original in SubjectConfirmationData of the evil one',
    ({ evil, signed }, flow) =>
      around(
        flow,
        evil.replace('</saml2:SubjectConfirmationData>', (end) => signed + end),
      ),
    'DS_MISSING',
  ],
  [
    'A-083',
    'the original in an AttributeValue of the evil one',
    ({ evil, signed }, flow) =>
      around(
        flow,
        evil.replace('</saml2:AttributeValue>', (end) => signed + end),
      ),
    'DS_MISSING',
  ],
  [
    'A-083',
    'the original in Conditions of the evil one',
    ({ evil, signed }, flow) =>
      around(
        flow,
        evil.replace('</saml2:Conditions>', (end) => signed + end),
      ),
    'DS_MISSING',
  ],
  ['A-113', 'without its signature', ({ evil }, flow) => around(flow, evil), 'DS_MISSING'],
  ['A-114', 'alone', ({ signed }, flow) => around(flow, signed), 'DS_MISSING'],
  [
    'A-114',
    'in a Response of another Status',
    ({ signed }, flow) => around(flow, signed).replace('status:Success', 'status:Requester'),
    'DS_MISSING',
  ],
  [
    'A-114',
    'in a Response to another request',
    ({ signed }, flow) => around(flow, signed).replace(/(<saml2p:Response [^>]*InResponseTo=")[^"]*/, '$1_other'),
    'DS_MISSING',
  ],
  [
    'A-114',
    'in a Response for another place',
    ({ signed }, flow) =>
      around(flow, signed).replace(/(<saml2p:Response [^>]*Destination=")[^"]*/, '$1https://other.example/'),
    'DS_MISSING',
  ],
  [
    'A-117',
    'its signature in a Response of the attacker',
    ({ evil, signature, original }, flow) => afterIssuer(around(flow, evil, original), signature),
    'DS_PARENT',
  ],
  [
    'A-117',
    'its signature in a Response that has its ID',
    ({ evil, signature, original }, flow) => afterIssuer(withId(around(flow, evil), idOf(original)), signature),
    'DS_DIGEST',
  ],
  ['A-117', 'as the message', ({ signed }) => signed, 'SAML_TYPE'],
]

test.each(atBoth(wrappedAssertions))('%s at the %s acs: an Assertion, %s', async (_entry, half, _what, build, code) => {
  await isRefusedAs(target, half, assertionPieces, build, code)
})

/** The peer's Response around its signed assertion, both good. */
async function doublySigned(flow: Flow, change = (xml: string): string => xml): Promise<string> {
  const assertion = await signElement(mintAssertion(flow), flow.answerer.signing)
  return change(writeText(await signElement(mintResponse(flow, { assertions: [assertion] }), flow.answerer.signing)))
}

const inSignedResponses: readonly Construction[] = [
  [
    'A-075',
    'an evil one in front',
    ({ evil }, flow) => doublySigned(flow, (xml) => xml.replace('<saml2:Assertion ', (next) => evil + next)),
    'DS_DIGEST',
  ],
  ['A-075', 'an evil one behind', ({ evil }, flow) => doublySigned(flow, (xml) => atEnd(xml, evil)), 'DS_DIGEST'],
  [
    'A-076',
    'an evil one around it',
    ({ evil, signed }, flow) => doublySigned(flow, (xml) => atEnd(xml, atEnd(evil, signed))),
    'XML_SCHEMA',
  ],
  [
    'A-076',
    'an evil one with it in Advice',
    ({ evil, signed }, flow) =>
      doublySigned(flow, (xml) =>
        atEnd(
          xml,
          evil.replace('<saml2:AuthnStatement', (next) => `<saml2:Advice>${signed}</saml2:Advice>${next}`),
        ),
      ),
    'DS_DIGEST',
  ],
  [
    'A-079',
    'an evil one in Extensions',
    ({ evil }, flow) => doublySigned(flow, (xml) => inExtensions(xml, evil)),
    'DS_DIGEST',
  ],
  [
    'A-113',
    'the signature of the Assertion taken out',
    (_, flow) => doublySigned(flow, (xml) => xml.replace(/^(.*)<ds:Signature .*?<\/ds:Signature>/s, '$1')),
    'DS_DIGEST',
  ],
  [
    'A-113',
    'the signature of the Response taken out',
    (_, flow) => doublySigned(flow, (xml) => xml.replace(whole.signature, '')),
    'DS_MISSING',
  ],
  [
    'A-113',
    'both signatures taken out',
    (_, flow) => doublySigned(flow, (xml) => xml.replace(whole.signature, '').replace(whole.signature, '')),
    'DS_MISSING',
  ],
  [
    'A-082',
    'an evil one signed by the attacker in front',
    async (_, flow) => {
      const attacker = (await testKey('attacker')).signing()
      const evil = await signElement(mintAssertion(flow, { attributeStatements: [evilAttributes(flow)] }), attacker)
      return doublySigned(flow, (xml) => xml.replace('<saml2:Assertion ', (next) => writeText(evil) + next))
    },
    'DS_DIGEST',
  ],
]

test.each(atBoth(inSignedResponses))(
  '%s at the %s acs: an Assertion in a signed Response, %s',
  async (_entry, half, _what, build, code) => {
    await isRefusedAs(target, half, assertionPieces, build, code)
  },
)

describe('A-115: one good signature does not excuse a bad one', () => {
  const forgeries: readonly (readonly [what: string, forge: (assertion: XmlPart, flow: Flow) => Promise<XmlPart>])[] = [
    [
      'its content altered',
      async (assertion, flow) => {
        const signed = await signElement(assertion, flow.answerer.signing)
        const { children } = mintAssertion(flow, { attributeStatements: [evilAttributes(flow)] })
        return { ...signed, children: [...signed.children.slice(0, -1), ...children.slice(-1)] }
      },
    ],
    ['signed by a stranger', async (assertion) => signElement(assertion, (await testKey('stranger')).signing())],
    ['signed by another peer', (assertion, { target: { peers } }) => signElement(assertion, peers.portal.signing)],
  ]

  test.each(forgeries)('A-115 at the proxy-service acs: an Assertion in a good Response, %s', async (_, forge) => {
    const flow = await openFlow(target, 'proxy-service')
    const response = mintResponse(flow, { assertions: [await forge(mintAssertion(flow), flow)] })
    const message = writeText(await signElement(response, flow.answerer.signing))
    expectAnswered(flow, await postAnswer(flow, Buffer.from(message)), 'DS_ASSERTION')
    await expectNotReusable(flow)
  })
})
