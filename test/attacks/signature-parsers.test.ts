import type { FaultCode } from '../../src/errors/faults.ts'
import { writeText } from '../../src/xml/writer.ts'
import { signElement } from '../../src/xmlsec/sign.ts'
import { doorNames, doors } from '../testkit/doors.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { swap } from '../unit/xmlsec/forge.ts'

/*
 * Markup that one parser reads otherwise than another, or than itself once it has written it out again; and the line ends
 * that every parser must read alike. All of it in messages whose signature is right.
 */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

type Change = (xml: string) => string
type Attack = readonly [entry: string, what: string, change: Change, code: FaultCode]

const inStartTag = (markup: string): Change => swap(/^<[^ ]+/, `$& ${markup}`)
const inText = (markup: string): Change => swap(/(<saml2:Issuer[^>]*>[^<]{8})/, `$1${markup}`)
const behindIssuer = (markup: string): Change => swap('</saml2:Issuer>', `$&${markup}`)

const attacks: readonly Attack[] = [
  ['A-122', 'a comment in text', inText('<!---->'), 'XML_COMMENT'],
  ['A-122', 'a processing instruction in text', inText('<?x?>'), 'XML_PI'],
  ['A-122', 'a CDATA section in text', inText('<![CDATA[]]>'), 'XML_CDATA'],
  ['A-122', 'an entity nobody declared', inText('&evil;'), 'XML_PARSE'],
  ['A-122', 'a reference to NUL', inText('&#0;'), 'XML_CHAR'],
  ['A-122', 'a reference beyond Unicode', inText('&#x110000;'), 'XML_CHAR'],
  ['A-122', 'a reference to half a character', inText('&#xD800;'), 'XML_CHAR'],
  ['A-122', 'NUL', inText('\0'), 'XML_CHAR'],
  ['A-122', 'NEL', inText('\u0085'), 'XML_CHAR'],
  ['A-122', 'a line separator', inText('\u2028'), 'XML_CHAR'],
  ['A-122', 'U+FFFE', inText('\ufffe'), 'XML_CHAR'],
  ['A-122', 'a prefix nobody declared', behindIssuer('<evil:x/>'), 'XML_PARSE'],
  ['A-122', 'an attribute twice', inStartTag('Version="2.0"'), 'XML_PARSE'],
  ['A-122', 'the prefix xml for another namespace', inStartTag('xmlns:xml="urn:x"'), 'XML_NS'],
  ['A-122', 'a prefix taken back', inStartTag('xmlns:saml2=""'), 'XML_NS'],
  ['A-122', 'text behind the root', (xml) => `${xml}x`, 'XML_PARSE'],
  ['A-122', 'another root', (xml) => xml + xml.replaceAll(/ ID="[^"]*"/g, ''), 'XML_PARSE'],
  ['A-122', 'a document type in front', (xml) => `<!DOCTYPE x>${xml}`, 'XML_DOCTYPE'],
  ['A-123', 'an element with two colons', behindIssuer('<saml2:x:y/>'), 'XML_PARSE'],
  ['A-123', 'an element with three colons in a row', behindIssuer('<saml2:::x/>'), 'XML_PARSE'],
  ['A-123', 'an element that begins with a colon', behindIssuer('<:x/>'), 'XML_PARSE'],
  ['A-123', 'an attribute that begins with two colons', inStartTag('::x="1"'), 'XML_PARSE'],
  ['A-123', 'an attribute that is a colon', inStartTag(':="1"'), 'XML_PARSE'],
  ['A-123', 'an attribute that ends in a colon', inStartTag('saml2:="1"'), 'XML_PARSE'],
  ['A-123', 'an attribute without quotes', inStartTag('x=1'), 'XML_PARSE'],
  ['A-123', 'an attribute without value', inStartTag('x'), 'XML_PARSE'],
  ['A-123', 'a directive with a comment in it', behindIssuer('<!x<!-- -->y>'), 'XML_PARSE'],
  ['A-123', 'a directive with quotes in it', behindIssuer('<! <<!-->!-->"-->" >'), 'XML_PARSE'],
  ['A-123', 'a comment that ends twice', behindIssuer('<!-- -- -->'), 'XML_COMMENT'],
  ['A-123', 'an end tag of another prefix', swap('</saml2:Issuer>', '</saml2p:Issuer>'), 'XML_PARSE'],
  ['A-123', 'an end tag with an attribute', swap('</saml2:Issuer>', '</saml2:Issuer x="1">'), 'XML_PARSE'],
  ['A-123', ']]> in text', inText(']]>'), 'XML_PARSE'],
]

test.each(
  doorNames.flatMap((door) => attacks.map(([entry, what, change, code]) => [entry, door, what, change, code] as const)),
)('%s at the %s: %s', async (_entry, door, _what, change, code) => {
  const { message, sender, refused } = await doors[door](target)
  await refused(Buffer.from(change(writeText(await signElement(message, sender.signing)))), code)
})

const spellings: readonly (readonly [what: string, change: Change])[] = [
  ['&#xD; in what is signed', (xml) => xml],
  ['&#13; in what is signed', (xml) => xml.replaceAll('&#xD;', '&#13;')],
  ['&#x0000d; in what is signed', (xml) => xml.replaceAll('&#xD;', '&#x0000d;')],
  ['CRLF for LF in what is signed', (xml) => xml.replaceAll('\n', '\r\n')],
  ['CR for LF in what is signed', (xml) => xml.replaceAll('\n', '\r')],
  ['&#13; and LF in the value', swap(/(<ds:SignatureValue>.{40})/, '$1&#13;\n')],
  ['CRLF in the certificate', swap(/(<ds:X509Certificate>.{64})/, '$1\r\n')],
  ['CRLF inside tags', (xml) => xml.replace(/^(<\S+) /, '$1\r\n')],
]

test.each(doorNames.flatMap((door) => spellings.map(([what, change]) => [door, what, change] as const)))(
  'A-124 at the %s: %s is no attack',
  async (door, _, change) => {
    const { message, sender, accepted } = await doors[door](target)
    const children = message.children.flatMap((child) => ['\r\n  ', child])
    const signed = writeText(await signElement({ ...message, children }, sender.signing))
    await accepted(Buffer.from(change(signed)))
  },
)

test.each(doorNames)('A-124 at the %s: a carriage return that becomes a line feed does not verify', async (door) => {
  const { message, sender, refused } = await doors[door](target)
  const signed = writeText(await signElement({ ...message, children: ['\r\n', ...message.children] }, sender.signing))
  await refused(Buffer.from(signed.replace('&#xD;', '')), 'DS_DIGEST')
})
