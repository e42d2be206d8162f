import {
  type Attack,
  afterwards,
  enveloped,
  everywhere,
  exclusive,
  inSignedInfo,
  isRefused,
  whole,
} from '../testkit/forgeries.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { swap } from '../unit/xmlsec/forge.ts'

/* How ds:Signature may be built, and what it may refer to, wherever messages arrive. */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

/** The signature out of the message, and the message without it. */
function apart(xml: string): readonly [signature: string, rest: string] {
  const signature = whole.signature.exec(xml)?.[0] ?? ''
  return [signature, xml.replace(signature, '')]
}

const idOf = (xml: string): string => / ID="([^"]*)"/.exec(xml)?.[1] ?? ''

const signedInfos: readonly Attack[] = [
  ['A-081', 'XSW9, a second SignedInfo behind the first', afterwards(whole.signedInfo, '$&$&'), 'DS_STRUCT'],
  ['A-081', 'a second SignedInfo at the end', afterwards('</ds:Signature>', '<ds:SignedInfo/>$&'), 'DS_STRUCT'],
  ['A-086', 'an empty SignedInfo in front', afterwards('<ds:SignedInfo>', '<ds:SignedInfo/>$&'), 'DS_STRUCT'],
  [
    'A-086',
    'SignedInfo in SignedInfo',
    afterwards(whole.signedInfo, '<ds:SignedInfo>$&</ds:SignedInfo>'),
    'DS_REFCOUNT',
  ],
  ['A-086', 'SignedInfo in KeyName', afterwards(whole.signedInfo, '<ds:KeyName>$&</ds:KeyName>'), 'DS_CHILDREN'],
  ['A-087', 'a comment in DigestValue', afterwards('<ds:DigestValue>', '$&<!--AAAA-->'), 'XML_COMMENT'],
  ['A-087', 'a processing instruction in DigestValue', afterwards('<ds:DigestValue>', '$&<?evil?>'), 'XML_PI'],
]

const uris = [
  ...['', '#', '#xpointer(/)', "#xpointer(id('_x'))", '#x%5f', '?x=1'],
  ...['http://attacker.example/', 'file:///etc/passwd', 'cid:1'],
]

const references: readonly Attack[] = [
  ['A-088', 'no reference', inSignedInfo(whole.reference, ''), 'DS_REFCOUNT'],
  ['A-089', 'two references, the first good', inSignedInfo(whole.reference, '$&$&'), 'DS_REFCOUNT'],
  [
    'A-089',
    'two references, the second good',
    inSignedInfo('<ds:Reference ', '<ds:Reference URI="#_evil"></ds:Reference><ds:Reference '),
    'DS_REFCOUNT',
  ],
  ['A-090', 'no URI', inSignedInfo(/ URI="[^"]*"/, ''), 'DS_URI'],
  ...uris.map((uri): Attack => ['A-090', `URI "${uri}"`, inSignedInfo(/ URI="[^"]*"/, ` URI="${uri}"`), 'DS_URI']),
  ['A-091', 'an ID that is nowhere', inSignedInfo(/ URI="[^"]*"/, ' URI="#_nowhere"'), 'DS_URI'],
  [
    'A-091',
    'an ID that is there twice',
    { message: (xml) => xml.replace('<ds:KeyInfo>', `<ds:KeyInfo Id="${idOf(xml)}">`) },
    'XML_DUP_ID',
  ],
  [
    'A-091',
    'an ID that is there twice, once in other letters',
    { message: (xml) => xml.replace('<ds:SignedInfo>', `<ds:SignedInfo iD="${idOf(xml)}">`) },
    'XML_DUP_ID',
  ],
  [
    'A-091',
    'the reference leads to the signature',
    { signedInfo: swap(/ URI="[^"]*"/, ' URI="#_s"'), message: swap('<ds:Signature ', '<ds:Signature Id="_s" ') },
    'DS_PARENT',
  ],
]

const places: readonly Attack[] = [
  ['A-113', 'no signature', afterwards(whole.signature, ''), 'DS_MISSING'],
  ['A-113', 'an empty signature', afterwards(/(<ds:Signature [^>]*>).*?(<\/ds:Signature>)/s, '$1$2'), 'DS_MISSING'],
  ['A-113', 'a signature without its value', afterwards(whole.value, ''), 'DS_STRUCT'],
  ['A-113', 'an empty value', afterwards(/(<ds:SignatureValue>)[^<]*/, '$1'), 'DS_SIG'],
  ['A-118', 'an Object', afterwards('</ds:Signature>', '<ds:Object></ds:Object>$&'), 'DS_CHILDREN'],
  [
    'A-118',
    'a Manifest that nobody checks',
    {
      signedInfo: swap(/ URI="[^"]*"/, ' URI="#_m"'),
      message: swap('</ds:Signature>', '<ds:Object><ds:Manifest Id="_m"><ds:Reference/></ds:Manifest></ds:Object>$&'),
    },
    'DS_CHILDREN',
  ],
  [
    'A-119',
    'the signature around the message',
    {
      message: (xml) => {
        const [signature, rest] = apart(xml)
        return signature.replace('</ds:Signature>', (end) => `<ds:Object>${rest}</ds:Object>${end}`)
      },
    },
    'DS_PARENT',
  ],
  ['A-119', 'the signature behind the message', { message: (xml) => apart(xml).toReversed().join('') }, 'XML_PARSE'],
  [
    'A-120',
    'the signature in front of the Issuer',
    afterwards(/(<saml2:Issuer.*?<\/saml2:Issuer>)(<ds:Signature .*?<\/ds:Signature>)/s, '$2$1'),
    'DS_STRUCT',
  ],
  ['A-120', 'something in between', afterwards('<ds:Signature ', '<saml2p:Extensions/>$&'), 'DS_STRUCT'],
  ['A-120', 'two signatures', afterwards(whole.signature, '$&$&'), 'DS_STRUCT'],
]

const strays: readonly Attack[] = [
  [
    'A-125',
    'an element in Signature',
    afterwards('<ds:SignatureValue>', '<ds:KeyName>x</ds:KeyName>$&'),
    'DS_CHILDREN',
  ],
  ['A-125', 'text in Signature', afterwards('<ds:SignatureValue>', 'x$&'), 'DS_CHILDREN'],
  ['A-125', 'an attribute of Signature', afterwards('<ds:Signature ', '$&Foo="1" '), 'DS_STRUCT'],
  ['A-125', 'two SignatureValue', afterwards(whole.value, '$&$&'), 'DS_STRUCT'],
  ['A-125', 'two KeyInfo', afterwards(whole.keyInfo, '$&$&'), 'DS_STRUCT'],
  ['A-125', 'an element in SignatureValue', afterwards('<ds:SignatureValue>', '$&<ds:Object/>'), 'DS_STRUCT'],
]

const xpath = '><ds:XPath>1</ds:XPath></'
const object = '<ds:Object></ds:Object>'

const signedStrays: readonly (readonly [what: string, from: string | RegExp, to: string])[] = [
  ['an element in SignedInfo', '</ds:SignedInfo>', `${object}$&`],
  ['an attribute of SignedInfo', '<ds:SignedInfo>', '<ds:SignedInfo Foo="1">'],
  ['text in SignedInfo', '<ds:SignatureMethod', 'x$&'],
  ['an attribute of Reference', '<ds:Reference ', '$&Type="urn:x" '],
  ['an element in Reference', '</ds:Reference>', `${object}$&`],
  ['an attribute of Transforms', '<ds:Transforms>', '<ds:Transforms Foo="1">'],
  ['an element in the first Transform', enveloped, enveloped.replace('></', xpath)],
  ['an element in the second Transform', exclusive, exclusive.replace('></', xpath)],
  ['an element in DigestMethod', '</ds:DigestMethod>', `${object}$&`],
  ['an element in SignatureMethod', '</ds:SignatureMethod>', `${object}$&`],
  ['an attribute of SignatureMethod', '<ds:SignatureMethod ', '$&Foo="1" '],
  ['an element in DigestValue', '<ds:DigestValue>', `$&${object}`],
  ['a second DigestValue', /<ds:DigestValue>.*?<\/ds:DigestValue>/, '$&$&'],
  ['an attribute of DigestValue', '<ds:DigestValue>', '<ds:DigestValue Foo="1">'],
  ['no SignatureMethod', /<ds:SignatureMethod.*?<\/ds:SignatureMethod>/, ''],
  ['no CanonicalizationMethod', /<ds:CanonicalizationMethod.*?<\/ds:CanonicalizationMethod>/, ''],
]

const digests: readonly (readonly [what: string, to: (digest: string) => string])[] = [
  ['blanks inside', (digest) => `${digest.slice(0, 8)} ${digest.slice(8)}`],
  ['short', () => 'AAAA'],
  ['as long as SHA-512', () => Buffer.alloc(64).toString('base64')],
  ['empty', () => ''],
  ['not padded', (digest) => digest.replace(/=+$/, '')],
  ['padded too much', (digest) => `${digest}=`],
  ['in the URL alphabet', () => '-_'.repeat(21).concat('A=')],
  ['with spare bits set', () => 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB='],
  ['of something else', () => Buffer.alloc(32).toString('base64')],
]

function withDigest(to: (digest: string) => string) {
  return (xml: string): string =>
    xml.replace(/(<ds:DigestValue>)([^<]*)/, (_, start: string, digest: string) => start + to(digest))
}

test.each(
  everywhere([
    ...signedInfos,
    ...references,
    ...places,
    ...strays,
    ...signedStrays.map(([what, from, to]): Attack => ['A-125', what, inSignedInfo(from, to), 'DS_STRUCT']),
    ...digests.map(([what, to]): Attack => ['A-126', `a digest ${what}`, { signedInfo: withDigest(to) }, 'DS_DIGEST']),
  ]),
)('%s at the %s: %s', async (_entry, door, _what, forgery, code) => {
  await isRefused(target, door, forgery, code)
})
