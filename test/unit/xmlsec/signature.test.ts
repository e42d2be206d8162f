import { createHmac } from 'node:crypto'
import { messageLimits } from '../../../src/xml/limits.ts'
import { ns } from '../../../src/xml/names.ts'
import { elements } from '../../../src/xml/reader.ts'
import { scan } from '../../../src/xml/scanner.ts'
import { expectReference, type ReferenceForm } from '../../../src/xmlsec/signature.ts'
import { withVerified } from '../../../src/xmlsec/verify.ts'
import { testKey } from '../../testkit/keys.ts'
import { type Forgery, forge, swap } from './forge.ts'
import { assertion, expecting, outcome, request, response, trusting } from './samples.ts'

/* The structure of ds:Signature. Every message here carries a signature value that fits its SignedInfo. */

async function verdict(forgery: Forgery): Promise<string> {
  const key = await testKey()
  const message = await forge(request(), key.signing(), forgery)
  return outcome(() => withVerified(message, expecting(trusting(key.verification)), () => 'read'))
}

const C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const enveloped = '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>'
const exclusive = `<ds:Transform Algorithm="${C14N}"></ds:Transform>`
const both = enveloped + exclusive
const transform = (uri: string, content = ''): string => `<ds:Transform Algorithm="${uri}">${content}</ds:Transform>`
const transforms = (content: string) => swap(both, content)
const xpath = '<ds:XPath xmlns:ds="http://www.w3.org/2000/09/xmldsig#">1</ds:XPath>'.replace(/ xmlns[^>]*/, '')
const inclusive = (attributes: string): string =>
  `<ec:InclusiveNamespaces xmlns:ec="${C14N}"${attributes}></ec:InclusiveNamespaces>`
const prefixList = (list: string) => transforms(enveloped + transform(C14N, inclusive(` PrefixList="${list}"`)))

test('a signature by the book is accepted', async () => {
  expect(await verdict({})).toBe('accepted')
})

describe('exactly one reference (rule 8)', () => {
  const reference = /<ds:Reference.*<\/ds:Reference>/s
  test.each([
    ['A-088: none', swap(reference, ''), 'DS_REFCOUNT'],
    ['A-089: two', swap(reference, '$&$&'), 'DS_REFCOUNT'],
    [
      'A-089: a second one in front',
      swap('<ds:Reference', '<ds:Reference URI="#_x"></ds:Reference><ds:Reference'),
      'DS_REFCOUNT',
    ],
  ])('%s', async (_, signedInfo, code) => {
    expect(await verdict({ signedInfo })).toBe(code)
  })
})

describe('A-090: the reference is # and the ID of the parent', () => {
  test.each([
    '',
    '#',
    '#xpointer(/)',
    "#xpointer(id('_q0'))",
    '#_q0%5f',
    '?x=1',
    'http://peer.example/',
    'file:///etc/passwd',
    'cid:1',
    '_q0',
    '#_Q0',
    ' #_q0',
    '#_q0 ',
  ])('refused: "%s"', async (uri) => {
    expect(await verdict({ signedInfo: swap('"#_q0"', `"${uri}"`) })).toBe('DS_URI')
  })

  test('refused: no URI at all', async () => {
    expect(await verdict({ signedInfo: swap(' URI="#_q0"', '') })).toBe('DS_URI')
  })

  test('A-091: refused: an ID that is nowhere', async () => {
    expect(await verdict({ signedInfo: swap('#_q0', '#_q1') })).toBe('DS_URI')
  })

  test('A-091: refused: an ID that is there twice', async () => {
    expect(await verdict({ message: swap('<saml2p:NameIDPolicy', '<saml2p:NameIDPolicy ID="_q0"') })).toBe('XML_DUP_ID')
  })
})

describe('A-090, A-091: a reference, by itself', () => {
  const inner = `<saml2:Assertion xmlns:saml2="${ns.saml}" ID="_a" Version="2.0"></saml2:Assertion>`
  const other = `<saml2p:Extensions></saml2p:Extensions>`
  const xml = `<saml2p:Response xmlns:saml2p="${ns.samlp}" ID="_r" Version="2.0">${inner}${other}</saml2p:Response>`
  const root = scan(Buffer.from(xml), messageLimits)
  const [assertionIn = root, unnamed = root] = elements(root)
  const nameless = { ...unnamed, attributes: [{ namespace: '', local: 'ID', prefix: '', value: '' }] }

  test.each([
    ['the ID of the root', '#_r', root, 'id', 'accepted'],
    ['the ID of the assertion it stands in', '#_a', assertionIn, 'id', 'accepted'],
    ['the whole, where that may be', '', root, 'id-or-whole', 'accepted'],
    ['the ID, where the whole may be too', '#_r', root, 'id-or-whole', 'accepted'],
    ['the whole, where it may not be', '', root, 'id', 'DS_URI'],
    ['the whole, from further down', '', assertionIn, 'id-or-whole', 'DS_URI'],
    ['another element', '#_a', root, 'id', 'DS_PARENT'],
    ['the element around', '#_r', assertionIn, 'id', 'DS_PARENT'],
    ['another element, without #', '_a', root, 'id', 'DS_URI'],
    ['the ID with something in front', 'x_r', root, 'id', 'DS_URI'],
    ['what is a value but no ID', '#2.0', root, 'id', 'DS_URI'],
    ['nothing', '#_x', root, 'id', 'DS_URI'],
    ['no URI', undefined, root, 'id-or-whole', 'DS_URI'],
    ['an element without an ID', '#undefined', unnamed, 'id', 'DS_URI'],
    ['an element without an ID, by nothing', '#', unnamed, 'id', 'DS_URI'],
    ['an element with an empty ID', '#', nameless, 'id', 'DS_URI'],
  ] as const)('to %s', (_, uri, parent, form, code) => {
    const placed = { path: [0, 0], signature: unnamed, parentPath: [0], parent }
    expect(outcome(() => expectReference(uri, placed, root, form satisfies ReferenceForm))).toBe(code)
  })
})

describe('exactly two transforms: enveloped signature, exclusive C14N', () => {
  test.each([
    ['A-092: XSLT', both + transform('http://www.w3.org/TR/1999/REC-xslt-19991116'), 'DS_TRANSFORM'],
    [
      'A-092: XSLT in place of the second',
      enveloped + transform('http://www.w3.org/TR/1999/REC-xslt-19991116'),
      'DS_TRANSFORM',
    ],
    ['A-093: XPath alone', transform('http://www.w3.org/TR/1999/REC-xpath-19991116', xpath), 'DS_TRANSFORM'],
    [
      'A-093: XPath as a third',
      both + transform('http://www.w3.org/TR/1999/REC-xpath-19991116', xpath),
      'DS_TRANSFORM',
    ],
    ['A-093: XPath filter 2', enveloped + transform('http://www.w3.org/2002/06/xmldsig-filter2'), 'DS_TRANSFORM'],
    ['A-093: base64', enveloped + transform('http://www.w3.org/2000/09/xmldsig#base64'), 'DS_TRANSFORM'],
    ['A-093: decrypt', enveloped + transform('http://www.w3.org/2002/07/decrypt#XML'), 'DS_TRANSFORM'],
    ['A-093: unknown', enveloped + transform('urn:unknown'), 'DS_TRANSFORM'],
    ['A-094: an empty list', '', 'DS_TRANSFORM'],
    ['A-094: without the first', exclusive, 'DS_TRANSFORM'],
    ['A-094: without the second', enveloped, 'DS_TRANSFORM'],
    ['A-094: the first twice', enveloped + enveloped, 'DS_TRANSFORM'],
    ['A-094: in the other order', exclusive + enveloped, 'DS_TRANSFORM'],
    ['A-094: three', both + exclusive, 'DS_TRANSFORM'],
    ['A-095: inclusive C14N', enveloped + transform('http://www.w3.org/TR/2001/REC-xml-c14n-20010315'), 'DS_C14N'],
    ['A-095: C14N 1.1', enveloped + transform('http://www.w3.org/2006/12/xml-c14n11'), 'DS_C14N'],
    ['A-095: exclusive C14N with comments', enveloped + transform(`${C14N}WithComments`), 'accepted'],
    ['A-095: no name', enveloped + transform(''), 'DS_C14N'],
    [
      'A-125: something in the first',
      transform('http://www.w3.org/2000/09/xmldsig#enveloped-signature', xpath) + exclusive,
      'DS_STRUCT',
    ],
    ['A-125: something else in the second', enveloped + transform(C14N, xpath), 'DS_STRUCT'],
  ])('%s', async (_, content, code) => {
    expect(await verdict({ signedInfo: transforms(content) })).toBe(code)
  })

  test('A-094: no Transforms at all', async () => {
    expect(await verdict({ signedInfo: swap(/<ds:Transforms>.*<\/ds:Transforms>/, '') })).toBe('DS_TRANSFORM')
  })
})

describe('A-095: SignedInfo is canonicalised exclusively', () => {
  test.each([
    'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
    'http://www.w3.org/2006/12/xml-c14n11',
    'http://www.w3.org/2006/12/xml-c14n11#WithComments',
    'urn:unknown',
    '',
  ])('refused: "%s"', async (uri) => {
    expect(await verdict({ signedInfo: swap(C14N, uri) })).toBe('DS_C14N')
  })

  test('A-285: with comments is the same, for there are none', async () => {
    expect(await verdict({ signedInfo: swap(C14N, `${C14N}WithComments`) })).toBe('accepted')
  })
})

describe('A-096: a prefix list names at most 16 different prefixes', () => {
  test.each([
    ['declared ones', 'saml2 saml2p', 'accepted'],
    ['an empty list', '', 'accepted'],
    ['one that is not declared', 'saml2 nowhere', 'accepted'],
    ['the same twice', 'saml2 saml2', 'DS_C14N'],
    ['not a name', 'saml2 a:b', 'DS_C14N'],
    ['the default namespace', '#default saml2', 'accepted'],
    ['another token with a mark', '#other', 'DS_C14N'],
    ['17', Array.from({ length: 17 }, (_, index) => `p${index}`).join(' '), 'DS_C14N'],
    ['5000', Array.from({ length: 5000 }, (_, index) => `p${index}`).join(' '), 'DS_C14N'],
    ['a huge name', 'p'.repeat(5000), 'DS_C14N'],
  ])('%s', async (_, list, code) => {
    expect(await verdict({ signedInfo: prefixList(list) })).toBe(code)
  })

  test('A-125: InclusiveNamespaces with something else on it', async () => {
    const odd = enveloped + transform(C14N, inclusive(' Foo="1" PrefixList="saml2"'))
    expect(await verdict({ signedInfo: transforms(odd) })).toBe('DS_STRUCT')
  })
})

describe('algorithms are those of the table and no others (rule 12)', () => {
  const ecdsa = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'
  test.each([
    ['A-098: hmac-sha1', 'http://www.w3.org/2000/09/xmldsig#hmac-sha1'],
    ['A-098: hmac-sha256', 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256'],
    ['A-100: none', 'none'],
    ['A-100: empty', ''],
    ['A-100: in capitals', ecdsa.toUpperCase()],
    ['A-100: with a blank', `${ecdsa} `],
    ['A-100: an inherited name of every object', 'constructor'],
    ['A-101: rsa-sha1', 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'],
    ['A-101: dsa-sha1', 'http://www.w3.org/2000/09/xmldsig#dsa-sha1'],
    ['A-101: ecdsa-sha1', 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1'],
    ['A-101: ecdsa-sha224', 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha224'],
    ['A-101: rsa-md5', 'http://www.w3.org/2001/04/xmldsig-more#rsa-md5'],
    ['A-101: rsa-ripemd160', 'http://www.w3.org/2001/04/xmldsig-more#rsa-ripemd160'],
    ['A-101: sha1-rsa-MGF1', 'http://www.w3.org/2007/05/xmldsig-more#sha1-rsa-MGF1'],
    ['A-102: rsa-sha256 is not for eIDAS', 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'],
    ['A-103: PSS with parameters of its own', 'http://www.w3.org/2007/05/xmldsig-more#rsa-pss'],
  ])('signature: %s', async (_, uri) => {
    expect(await verdict({ signedInfo: swap(ecdsa, uri) })).toBe('DS_ALG')
  })

  test('A-100: no Algorithm', async () => {
    expect(await verdict({ signedInfo: swap(` Algorithm="${ecdsa}"`, '') })).toBe('DS_ALG')
  })

  test('A-098: an HMAC whose key is the peer’s certificate', async () => {
    const key = await testKey()
    const hmac = {
      ...key.signing(),
      sign: async (octets: Uint8Array) => createHmac('sha256', key.certificate).update(octets).digest(),
    }
    const signedInfo = swap(ecdsa, 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256')
    const message = await forge(request(), hmac, { signedInfo })
    expect(outcome(() => withVerified(message, expecting(trusting(key.verification)), () => 'read'))).toBe('DS_ALG')
  })

  test('A-099: HMACOutputLength', async () => {
    const method =
      '<ds:SignatureMethod Algorithm="http://www.w3.org/2000/09/xmldsig#hmac-sha1"><ds:HMACOutputLength>0</ds:HMACOutputLength>'
    expect(await verdict({ signedInfo: swap(`<ds:SignatureMethod Algorithm="${ecdsa}">`, method) })).toBe('DS_ALG')
  })

  test.each([
    ['A-101: sha1', 'http://www.w3.org/2000/09/xmldsig#sha1'],
    ['A-101: md5', 'http://www.w3.org/2001/04/xmldsig-more#md5'],
    ['A-101: sha224', 'http://www.w3.org/2001/04/xmldsig-more#sha224'],
    ['A-101: ripemd160', 'http://www.w3.org/2001/04/xmlenc#ripemd160'],
    ['R-CR-12: sha3-256', 'http://www.w3.org/2007/05/xmldsig-more#sha3-256'],
    ['A-100: empty', ''],
  ])('digest: %s', async (_, uri) => {
    expect(await verdict({ signedInfo: swap('http://www.w3.org/2001/04/xmlenc#sha256', uri) })).toBe('DS_DIGESTALG')
  })
})

describe('the signature is closed', () => {
  test('but for an Id on it and on its value', async () => {
    expect(await verdict({ message: swap(/<ds:Signature [^>]*/, '$& Id="_s"') })).toBe('accepted')
    expect(await verdict({ message: swap('<ds:SignatureValue', '$& Id="_v"') })).toBe('accepted')
    expect(await verdict({ message: swap(/<ds:Signature [^>]*/, '$& Foo="_s"') })).toBe('DS_STRUCT')
    expect(await verdict({ message: swap('<ds:SignatureValue', '$& Foo="_v"') })).toBe('DS_STRUCT')
    expect(await verdict({ message: swap('</ds:SignatureValue>', '<ds:Object></ds:Object>$&') })).toBe('DS_STRUCT')
  })

  test.each([
    ['A-080, A-118: ds:Object', swap('</ds:Signature>', '<ds:Object></ds:Object></ds:Signature>'), 'DS_CHILDREN'],
    [
      'A-118: ds:Manifest',
      swap('</ds:Signature>', '<ds:Object><ds:Manifest></ds:Manifest></ds:Object></ds:Signature>'),
      'DS_CHILDREN',
    ],
    [
      'A-125: an unknown element',
      swap('<ds:SignatureValue>', '<saml2:X xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion"/><ds:SignatureValue>'),
      'DS_CHILDREN',
    ],
    ['A-125: text', swap('<ds:SignatureValue>', 'x<ds:SignatureValue>'), 'DS_CHILDREN'],
    ['A-081, A-086: a second SignedInfo', swap(/<ds:SignedInfo>.*<\/ds:SignedInfo>/s, '$&$&'), 'DS_STRUCT'],
    [
      'A-081: a second SignedInfo at the end',
      swap(/(<ds:SignedInfo>.*<\/ds:SignedInfo>)(.*)<\/ds:Signature>/s, '$1$2$1</ds:Signature>'),
      'DS_STRUCT',
    ],
    [
      'A-081: SignedInfo not first',
      swap(/(<ds:SignedInfo>.*<\/ds:SignedInfo>)(<ds:SignatureValue>.*<\/ds:SignatureValue>)/s, '$2$1'),
      'DS_STRUCT',
    ],
    ['two SignatureValue', swap(/<ds:SignatureValue>.*<\/ds:SignatureValue>/s, '$&$&'), 'DS_STRUCT'],
    ['no SignatureValue', swap(/<ds:SignatureValue>.*<\/ds:SignatureValue>/s, ''), 'DS_STRUCT'],
    ['two KeyInfo', swap(/<ds:KeyInfo>.*<\/ds:KeyInfo>/s, '$&$&'), 'DS_STRUCT'],
    ['A-125: an attribute on Signature', swap('<ds:SignedInfo>', '<ds:SignedInfo foo="1">'), 'DS_STRUCT'],
    ['A-113: an empty signature', swap(/(<ds:Signature [^>]*>).*<\/ds:Signature>/s, '$1</ds:Signature>'), 'DS_MISSING'],
    ['A-104: a value that is not base64', swap(/<ds:SignatureValue>/, '<ds:SignatureValue>*'), 'DS_SIG'],
  ])('%s', async (_, message, code) => {
    expect(await verdict({ message })).toBe(code)
  })

  test.each([
    ['A-125: an element in SignedInfo', swap('</ds:SignedInfo>', '<ds:Object></ds:Object></ds:SignedInfo>')],
    ['A-125: an attribute of SignedInfo', swap('<ds:SignedInfo>', '<ds:SignedInfo Foo="1">')],
    ['A-125: text in SignedInfo', swap('<ds:SignatureMethod', 'x<ds:SignatureMethod')],
    ['A-125: an attribute of Reference', swap('<ds:Reference ', '<ds:Reference Type="urn:x" ')],
    ['A-125: an element in Reference', swap('</ds:Reference>', '<ds:Object></ds:Object></ds:Reference>')],
    ['A-125: a second DigestValue', swap(/<ds:DigestValue>.*<\/ds:DigestValue>/, '$&$&')],
    ['A-125: an attribute of DigestValue', swap('<ds:DigestValue>', '<ds:DigestValue Foo="1">')],
    ['A-125: an element in DigestValue', swap('<ds:DigestValue>', '<ds:DigestValue><ds:Object></ds:Object>')],
    ['A-125: an element in DigestMethod', swap('</ds:DigestMethod>', '<ds:Object></ds:Object></ds:DigestMethod>')],
    [
      'A-125: an element in SignatureMethod',
      swap('</ds:SignatureMethod>', '<ds:Object></ds:Object></ds:SignatureMethod>'),
    ],
    ['A-125: an attribute of Transforms', swap('<ds:Transforms>', '<ds:Transforms Foo="1">')],
    ['A-125: no SignatureMethod', swap(/<ds:SignatureMethod.*<\/ds:SignatureMethod>/, '')],
  ])('%s', async (_, signedInfo) => {
    expect(await verdict({ signedInfo })).toBe('DS_STRUCT')
  })

  test('A-087: a comment in DigestValue', async () => {
    const message = swap('<ds:DigestValue>', '<ds:DigestValue><!--AAAA-->')
    expect(await verdict({ message })).toBe('XML_COMMENT')
  })
})

describe('A-126: DigestValue is strict base64 of the digest’s length', () => {
  const value = (to: (digest: string) => string) => (xml: string) =>
    xml.replace(/(<ds:DigestValue>)([^<]*)/, (_, start: string, digest: string) => start + to(digest))
  test.each([
    ['blanks inside', (digest: string) => `${digest.slice(0, 8)} ${digest.slice(8)}`, 'DS_DIGEST'],
    ['short', () => 'AAAA', 'DS_DIGEST'],
    ['empty', () => '', 'DS_DIGEST'],
    ['not padded', (digest: string) => digest.replace(/=+$/, ''), 'DS_DIGEST'],
    ['the URL alphabet', () => '-_'.repeat(21).concat('A='), 'DS_DIGEST'],
    ['spare bits that are not zero', (digest: string) => digest.replace(/.=$/, 'B='), 'DS_DIGEST'],
    ['another digest', () => Buffer.alloc(32).toString('base64'), 'DS_DIGEST'],
    [
      'A-124: folded with line ends',
      (digest: string) => `\n${digest.slice(0, 20)}&#xD;\n${digest.slice(20)}\n`,
      'accepted',
    ],
  ])('%s', async (_, to, code) => {
    expect(await verdict({ signedInfo: value(to) })).toBe(code)
  })
})

describe('KeyInfo is a hint (rule 14)', () => {
  const keyInfo = (content: string) => swap(/(<ds:KeyInfo>).*(<\/ds:KeyInfo>)/s, `$1${content}$2`)
  const beside = (content: string) => swap('</ds:X509Data>', `</ds:X509Data>${content}`)
  test.each([
    ['A-109: RetrievalMethod', keyInfo('<ds:RetrievalMethod URI="http://evil.example/"/>'), 'accepted'],
    ['A-109: RetrievalMethod beside', beside('<ds:RetrievalMethod URI="#_x"/>'), 'accepted'],
    [
      'A-109: KeyInfoReference',
      keyInfo('<ds11:KeyInfoReference xmlns:ds11="http://www.w3.org/2009/xmldsig11#" URI="#_x"/>'),
      'accepted',
    ],
    [
      'A-110: a key value beside',
      beside(
        '<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AQAB</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>',
      ),
      'accepted',
    ],
    [
      'A-140: an EncryptedKey',
      keyInfo('<xenc:EncryptedKey xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"/>'),
      'accepted',
    ],
    ['a CRL', swap('</ds:X509Data>', '<ds:X509CRL>AAAA</ds:X509CRL></ds:X509Data>'), 'accepted'],
    [
      'a certificate that is not base64',
      keyInfo('<ds:X509Data><ds:X509Certificate>*</ds:X509Certificate></ds:X509Data>'),
      'accepted',
    ],
    [
      'a certificate that nobody knows',
      keyInfo('<ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data>'),
      'DS_KEY',
    ],
    [
      'A-111: one more certificate, which nobody trusts, beside the right one',
      swap('</ds:X509Data>', '<ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data>'),
      'accepted',
    ],
    ['a name for the key is passed over', beside('<ds:KeyName>any</ds:KeyName>'), 'accepted'],
    [
      'a subject for the certificate is passed over',
      swap('<ds:X509Data>', '<ds:X509Data><ds:X509SubjectName>CN=any</ds:X509SubjectName>'),
      'accepted',
    ],
    ['a folded certificate is the same', swap(/(<ds:X509Certificate>.{64})/, '$1&#13;\n  '), 'accepted'],
    ['none: the trusted keys are enough', swap(/<ds:KeyInfo>.*<\/ds:KeyInfo>/s, ''), 'accepted'],
  ])('%s', async (_, message, code) => {
    expect(await verdict({ message })).toBe(code)
  })
})

describe('every signature has its place (rules 7 and 19)', () => {
  const signatureOf = /<ds:Signature .*?<\/ds:Signature>/s
  const moved = (to: (signature: string) => (rest: string) => string) => (xml: string) => {
    const signature = signatureOf.exec(xml)?.[0] ?? ''
    return to(signature)(xml.replace(signature, ''))
  }
  test.each([
    ['A-113: none', moved(() => (rest) => rest), 'DS_MISSING'],
    ['A-120: before the Issuer', moved((s) => swap('<saml2:Issuer', `${s}<saml2:Issuer`)), 'DS_STRUCT'],
    ['A-120: at the end', moved((s) => swap('</saml2p:AuthnRequest>', `${s}</saml2p:AuthnRequest>`)), 'DS_STRUCT'],
    ['A-120: two', swap(signatureOf, '$&$&'), 'DS_STRUCT'],
    [
      'A-119: in another element',
      moved((s) => swap('</saml2p:NameIDPolicy>', `${s}</saml2p:NameIDPolicy>`)),
      'DS_PARENT',
    ],
    [
      'a second one in another element',
      swap(new RegExp(`(${signatureOf.source})(.*)</saml2p:NameIDPolicy>`, 's'), '$1$2$1</saml2p:NameIDPolicy>'),
      'XML_SCHEMA',
    ],
    ['A-119: the signature is the root', (xml: string) => signatureOf.exec(xml)?.[0] ?? '', 'DS_PARENT'],
    ['A-119: after the root', moved((s) => (rest) => rest + s), 'XML_PARSE'],
  ])('%s', async (_, message, code) => {
    expect(await verdict({ message })).toBe(code)
  })

  test('another kind of message than expected is refused by its kind', async () => {
    const key = await testKey()
    const message = await forge(response('_r0', assertion()), key.signing(), {})
    const expected = expecting(trusting(key.verification), { root: expecting(trusting()).root.slice(1) })
    expect(outcome(() => withVerified(message, expected, () => 'read'))).toBe('SAML_TYPE')
  })
})
