import { doorNames, doors } from '../testkit/doors.ts'
import {
  type Attack,
  EXC_C14N,
  enveloped,
  everywhere,
  exclusive,
  inSignedInfo,
  isRefused,
  transform,
  transforms,
} from '../testkit/forgeries.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { forge, swap } from '../unit/xmlsec/forge.ts'

/* What is done to a message before it is digested: two transforms, one canonicalisation, and nothing of the sender's. */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

const XSLT = 'http://www.w3.org/TR/1999/REC-xslt-19991116'
const stylesheet =
  '<x:stylesheet xmlns:x="http://www.w3.org/1999/XSL/Transform" version="1.0"><x:template match="/"></x:template></x:stylesheet>'
const XPATH = 'http://www.w3.org/TR/1999/REC-xpath-19991116'
const xpath = '<ds:XPath>count(//. | //@* | //namespace::*) = 1</ds:XPath>'

const lists: readonly (readonly [entry: string, what: string, ...content: readonly string[]])[] = [
  ['A-092', 'XSLT alone', transform(XSLT)],
  ['A-092', 'XSLT in place of the second', enveloped, transform(XSLT)],
  ['A-092', 'XSLT as a third', enveloped, exclusive, transform(XSLT)],
  ['A-093', 'XPath alone', transform(XPATH, xpath)],
  ['A-093', 'XPath as a third', enveloped, exclusive, transform(XPATH, xpath)],
  ['A-093', 'XPath filter 2', enveloped, transform('http://www.w3.org/2002/06/xmldsig-filter2')],
  ['A-093', 'base64', enveloped, transform('http://www.w3.org/2000/09/xmldsig#base64')],
  ['A-093', 'decrypt', enveloped, transform('http://www.w3.org/2002/07/decrypt#XML')],
  ['A-093', 'XPointer', enveloped, transform('http://www.w3.org/TR/2001/WD-xptr-20010108')],
  ['A-093', 'unknown', enveloped, transform('urn:unknown')],
  ['A-093', 'an inherited name of every object', enveloped, transform('constructor')],
  ['A-094', 'none'],
  ['A-094', 'without the first', exclusive],
  ['A-094', 'without the second', enveloped],
  ['A-094', 'the first twice', enveloped, enveloped],
  ['A-094', 'in the other order', exclusive, enveloped],
  ['A-094', 'three', enveloped, exclusive, exclusive],
  ['A-094', 'two hundred', enveloped, exclusive.repeat(199)],
]

const canonicalisations = [
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments',
  'http://www.w3.org/2006/12/xml-c14n11',
  'http://www.w3.org/2006/12/xml-c14n11#WithComments',
  'http://www.w3.org/2010/xml-c14n2',
  '',
]

const prefixLists: readonly (readonly [what: string, list: string])[] = [
  ['5,000 prefixes', Array.from({ length: 5000 }, (_, index) => `p${index}`).join(' ')],
  ['17 prefixes', Array.from({ length: 17 }, (_, index) => `p${index}`).join(' ')],
  ['no NCName', 'saml2 a:b'],
  ['the same twice', 'saml2 saml2'],
  ['a huge one', 'p'.repeat(5000)],
  ['a token that is none', '#other'],
]

const inclusive = (list: string): string =>
  `<ec:InclusiveNamespaces xmlns:ec="${EXC_C14N}" PrefixList="${list}"></ec:InclusiveNamespaces>`

/** SHA-256 of nothing. */
const NOTHING = '$147DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
const ofNothing = swap(/(<ds:DigestValue>)[^<]*/, NOTHING)

const voids: readonly Attack[] = [
  [
    'A-097',
    'a relative namespace on the root, the digest that of nothing',
    { signedInfo: ofNothing, message: swap(/^<(\S+) /, '<$1 xmlns:ns="1" ns:a="b" ') },
    'XML_NS',
  ],
  [
    'A-097',
    'a relative namespace further down, the digest that of nothing',
    { signedInfo: ofNothing, message: swap('</saml2:Issuer>', '$&<a xmlns="1"/>') },
    'XML_NS',
  ],
  ['A-097', 'the digest of nothing', { signedInfo: ofNothing }, 'DS_DIGEST'],
]

test.each(
  everywhere([
    ...lists.map(([entry, what, ...content]): Attack => [entry, what, transforms(...content), 'DS_TRANSFORM']),
    ['A-092', 'a stylesheet', transforms(enveloped, transform(XSLT, stylesheet)), 'DS_TRANSFORM'],
    ['A-094', 'no Transforms', inSignedInfo(/<ds:Transforms>.*?<\/ds:Transforms>/s, ''), 'DS_TRANSFORM'],
    ...canonicalisations.flatMap((uri): readonly Attack[] => [
      ['A-095', `SignedInfo by "${uri}"`, inSignedInfo(EXC_C14N, uri), 'DS_C14N'],
      ['A-095', `the message by "${uri}"`, transforms(enveloped, transform(uri)), 'DS_C14N'],
    ]),
    ['A-095', 'SignedInfo by something unknown', inSignedInfo(EXC_C14N, 'urn:unknown'), 'DS_C14N'],
    ...prefixLists.map(
      ([what, list]): Attack => ['A-096', what, transforms(enveloped, transform(EXC_C14N, inclusive(list))), 'DS_C14N'],
    ),
    ['A-096', 'in SignedInfo', inSignedInfo(`"${EXC_C14N}">`, `$&${inclusive('a:b')}`), 'DS_C14N'],
    ...voids,
  ]),
)('%s at the %s: %s', async (_entry, door, _what, forgery, code) => {
  await isRefused(target, door, forgery, code)
})

test.each(doorNames)('A-096 at the %s: a list of prefixes that are declared is no attack', async (door) => {
  const visit = await doors[door](target)
  const listed = transforms(enveloped, transform(EXC_C14N, inclusive('saml2 saml2p')))
  await visit.accepted(await forge(visit.message, visit.sender.signing, listed))
})
