import type { FaultCode } from '../../src/errors/faults.ts'
import { messageLimits } from '../../src/xml/limits.ts'
import { saml, samlp } from '../../src/xml/names.ts'
import { one, text } from '../../src/xml/reader.ts'
import type { TrustedKeys } from '../../src/xmlsec/keys.ts'
import type { SignedElement } from '../../src/xmlsec/signed.ts'
import { withVerified } from '../../src/xmlsec/verify.ts'
import { partiesOf } from '../testkit/flow.ts'
import {
  attempt,
  everyWay,
  expectAccepted,
  expectUnreadable,
  type Forgery,
  requestWays,
  responseWays,
  ways,
} from '../testkit/forge.ts'
import { halved, inText, swap } from '../testkit/surgery.ts'
import { startTarget, type Target } from '../testkit/target.ts'

/*
 * what is around and between the elements of a message. Signed first and changed
 * then, where canonicalisation without comments does not see the change; else signed with it.
 */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

const inIssuer = (change: (text: string) => string): Forgery => ({ octets: inText('saml2:Issuer', change) })
const before = (prolog: string): Forgery => ({ octets: (signed) => prolog + signed })
const after = (trailer: string): Forgery => ({ octets: (signed) => signed + trailer })

/** These octets at the end of the Issuer. */
const octetsInIssuer = (...octets: readonly number[]): Forgery => ({
  octets: (signed) => {
    const at = Buffer.from(signed).indexOf('</saml2:Issuer>')
    return Buffer.concat([Buffer.from(signed).subarray(0, at), Buffer.from(octets), Buffer.from(signed).subarray(at)])
  },
})

const utf16 = (text: string, isBigEndian = false): Buffer => {
  const octets = Buffer.from(text, 'utf16le')
  return isBigEndian ? octets.swap16() : octets
}

const ucs4 = (text: string): Buffer => {
  const octets = Buffer.alloc(4 * text.length)
  for (let index = 0; index < text.length; index += 1) octets.writeUInt32BE(text.charCodeAt(index), 4 * index)
  return octets
}

const EBCDIC_START = Buffer.from([0x4c, 0x6f, 0xa7, 0x94, 0x93])
const declared = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?>`

test.each(everyWay)('%s: what is changed below is accepted without the change', async (way) => {
  await expectAccepted(await attempt(target, way, { octets: (signed) => declared('UTF-8') + signed }))
  await expectAccepted(await attempt(target, way, { text: (text) => text }))
})

const attacks: readonly (readonly [title: string, forgery: Forgery, code: FaultCode])[] = [
  ['A-033 UTF-16, little end first, with mark', { octets: (s) => utf16(`\ufeff${s}`) }, 'XML_ENCODING'],
  ['A-033 UTF-16, big end first, with mark', { octets: (s) => utf16(`\ufeff${s}`, true) }, 'XML_ENCODING'],
  ['A-033 UTF-16 without mark', { octets: (s) => utf16(declared('UTF-16') + s) }, 'XML_ENCODING'],
  ['A-033 a DOCTYPE in UTF-16', { octets: (s) => utf16(`\ufeff<!DOCTYPE r>${s}`) }, 'XML_ENCODING'],
  ['A-033 UCS-4', { octets: (s) => ucs4(s) }, 'XML_ENCODING'],
  ['A-033 UTF-16 declared over octets of UTF-8', before(declared('UTF-16')), 'XML_ENCODING'],
  ['A-041 a processing instruction in text', { text: inText('saml2:Issuer', halved('<?x y?>')) }, 'XML_PI'],
  ['A-041 a style sheet', before('<?xml-stylesheet type="text/xsl" href="http://evil.example/"?>'), 'XML_PI'],
  ['A-041 a processing instruction after the root', after('<?x y?>'), 'XML_PI'],
  ['A-042 a comment in the Issuer', inIssuer(halved('<!-- -->')), 'XML_COMMENT'],
  ['A-042 a comment in front of the Issuer', { octets: swap('<saml2:Issuer', '<!----><saml2:Issuer') }, 'XML_COMMENT'],
  ['A-043 CDATA around a part of the Issuer', inIssuer(swap('example', '<![CDATA[example]]>')), 'XML_CDATA'],
  ['A-050 the message twice', { octets: (s) => s + s }, 'XML_PARSE'],
  ['A-050 text after the root', after(' xx'), 'XML_PARSE'],
  ['A-050 an element before the root', before('<x/>'), 'XML_PARSE'],
  ['A-051 a comment before the root', before('<!-- x -->'), 'XML_COMMENT'],
  ['A-051 a comment after the root', after('<!-- x -->'), 'XML_COMMENT'],
  ['A-052 an end tag that is missing', { octets: swap('</saml2:Issuer>', '') }, 'XML_PARSE'],
  ['A-052 no end', { octets: (s) => s.slice(0, -10) }, 'XML_PARSE'],
  ['A-052 a stray &', inIssuer(halved('&')), 'XML_PARSE'],
  ['A-052 an entity nobody declared', inIssuer(halved('&nbsp;')), 'XML_PARSE'],
  ['A-053 two byte order marks', before('\ufeff\ufeff'), 'XML_PARSE'],
  ['A-053 ISO-8859-1', before(declared('ISO-8859-1')), 'XML_ENCODING'],
  ['A-053 windows-1252', before(declared('windows-1252')), 'XML_ENCODING'],
  ['A-053 UTF-7', before(declared('UTF-7')), 'XML_ENCODING'],
  ['A-053 EBCDIC', { octets: (s) => Buffer.concat([EBCDIC_START, Buffer.from(s)]) }, 'XML_ENCODING'],
  [
    'A-054 octets of UTF-8 under the name of ISO-8859-1',
    { octets: (s) => declared('ISO-8859-1') + inText('saml2:Issuer', halved('é'))(s) },
    'XML_ENCODING',
  ],
  ['A-055 an overlong <', octetsInIssuer(0xc0, 0xbc), 'XML_UTF8'],
  ['A-055 half a surrogate pair', octetsInIssuer(0xed, 0xa0, 0x80), 'XML_UTF8'],
  ['A-055 FF', octetsInIssuer(0xff), 'XML_UTF8'],
  ['A-055 NUL', octetsInIssuer(0), 'XML_CHAR'],
  ['A-056 version 1.1', before('<?xml version="1.1"?>'), 'XML_VERSION'],
  ['A-056 version 9.9', before('<?xml version="9.9"?>'), 'XML_VERSION'],
  ['A-057 &#0;', inIssuer(halved('&#0;')), 'XML_CHAR'],
  ['A-057 &#1;', inIssuer(halved('&#1;')), 'XML_CHAR'],
  ['A-057 U+FFFE', inIssuer(halved('\ufffe')), 'XML_CHAR'],
  ['A-057 U+0085, signed', { text: inText('saml2:Issuer', halved('\u0085')) }, 'XML_CHAR'],
  ['A-057 U+2028, signed', { text: inText('saml2:Issuer', halved('\u2028')) }, 'XML_CHAR'],
  ['A-057 a control of C1 by reference', inIssuer(halved('&#x9b;')), 'XML_CHAR'],
]

describe.each(everyWay)('%s', (way) => {
  test.each(attacks)('%s is refused', async (_, forgery, code) => {
    await expectUnreadable(await attempt(target, way, forgery), code)
  })
})

test.each(everyWay)('%s: A-053 a byte order mark is no part of the message', async (way) => {
  await expectAccepted(await attempt(target, way, { octets: (signed) => `\ufeff${declared('UTF-8')}${signed}` }))
})

test.each([...requestWays, ...responseWays])('%s: A-042 under a comment the signature is alive', async (way) => {
  let sent = ''
  const octets = (signed: string) => {
    sent = inText('saml2:Issuer', halved('<!-- -->'))(signed)
    return sent
  }
  await attempt(target, way, { octets })
  const { asker, answerer } = partiesOf(target, ways[way].half)
  const { verification, signing } = (ways[way].subject === 'request' ? asker : answerer).signingKey
  const root = verified(Buffer.from(sent), { keys: [verification], algorithms: [signing().algorithm] })
  expect(text(one(root, saml('Issuer')))).toMatch(/^https:\/\/.*\/metadata$/)
})

test.each([...requestWays, ...responseWays])('%s: A-042 a comment inside the signature is refused', async (way) => {
  const forgery = { octets: swap('<ds:SignatureValue>', '<ds:SignatureValue><!--x-->') }
  await expectUnreadable(await attempt(target, way, forgery), 'XML_COMMENT')
})

/** As a node would that passes over comments. */
function verified(octets: Uint8Array, keys: TrustedKeys): SignedElement {
  const expected = {
    root: [samlp('AuthnRequest'), samlp('Response')],
    schema: 'protocol',
    limits: { ...messageLimits, markup: 'read' },
    keysFor: () => keys,
  } as const
  return withVerified(octets, expected, (root) => root)
}

const withValues = [
  'proxy-service acs',
  'connector acs, sealed assertion',
  'proxy-service acs, sealed assertion',
] as const

/* What Duo found in 2018: the canonical form is that of the whole text, the reader sees the part before the comment. */
describe.each(withValues)('%s', (way) => {
  test.each(['NameID', 'AttributeValue', 'Audience', 'AuthnContextClassRef'])(
    'A-042 a comment in %s is refused',
    async (name) => {
      const forgery = { octets: inText(`saml2:${name}`, halved('<!---->')) }
      await expectUnreadable(await attempt(target, way, forgery), 'XML_COMMENT')
    },
  )

  test.each(['NameID', 'AttributeValue', 'Audience'])('A-043 CDATA in %s is refused', async (name) => {
    const forgery = { octets: inText(`saml2:${name}`, (text) => `${text.slice(0, 2)}<![CDATA[${text.slice(2)}]]>`) }
    await expectUnreadable(await attempt(target, way, forgery), 'XML_CDATA')
  })

  test('A-041 a processing instruction in NameID, signed, is refused', async () => {
    const forgery = { text: inText('saml2:NameID', halved('<?x y?>')) }
    await expectUnreadable(await attempt(target, way, forgery), 'XML_PI')
  })
})
