import { messageLimits } from '../../../src/xml/limits.ts'
import { scan } from '../../../src/xml/scanner.ts'
import { readSignedInfo } from '../../../src/xmlsec/signed-info.ts'
import { swap } from './forge.ts'
import { outcome } from './samples.ts'

/* ds:SignedInfo as it is read, from the document and from its canonical octets alike (rules 8, 9, 11, 12). */

const C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const ECDSA = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256'
const digest = Buffer.alloc(32, 7)

const whole =
  '<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">' +
  `<ds:CanonicalizationMethod Algorithm="${C14N}"></ds:CanonicalizationMethod>` +
  `<ds:SignatureMethod Algorithm="${ECDSA}"></ds:SignatureMethod>` +
  '<ds:Reference URI="#_q0"><ds:Transforms>' +
  '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>' +
  `<ds:Transform Algorithm="${C14N}"></ds:Transform></ds:Transforms>` +
  `<ds:DigestMethod Algorithm="${SHA256}"></ds:DigestMethod>` +
  `<ds:DigestValue>${digest.toString('base64')}</ds:DigestValue></ds:Reference></ds:SignedInfo>`

const read = (xml: string) => readSignedInfo(scan(Buffer.from(xml), messageLimits))
const verdict = (change: (xml: string) => string): string => outcome(() => read(change(whole)))

const inclusive = (attributes: string, content = '') =>
  `<ec:InclusiveNamespaces xmlns:ec="${C14N}"${attributes}>${content}</ec:InclusiveNamespaces>`
const inMethod = (content: string) => swap('</ds:CanonicalizationMethod>', `${content}$&`)
const inTransform = (content: string) => swap('</ds:Transform></ds:Transforms>', `${content}$&`)
const listed = (list: string) => inclusive(` PrefixList="${list}"`)

test('what it says is what is read', () => {
  const both = inTransform(listed('xs xsi'))(inMethod(listed('ds'))(whole))
  expect(read(both)).toEqual({
    algorithm: ECDSA,
    ownPrefixes: ['ds'],
    uri: '#_q0',
    prefixes: ['xs', 'xsi'],
    digest: { node: 'sha256', web: 'SHA-256', octets: 32 },
    digestValue: digest,
  })
  expect(read(whole)).toMatchObject({ ownPrefixes: [], prefixes: [] })
  expect(read(swap(' URI="#_q0"', '')(whole)).uri).toBeUndefined()
})

describe('A-125: every element has what is written down for it, and no more', () => {
  test.each([
    ['SignedInfo', 'DS_STRUCT', 'DS_STRUCT'],
    ['CanonicalizationMethod', 'DS_STRUCT', 'DS_STRUCT'],
    ['SignatureMethod', 'DS_STRUCT', 'DS_STRUCT'],
    ['Reference', 'DS_STRUCT', 'DS_STRUCT'],
    ['Transforms', 'DS_STRUCT', 'DS_TRANSFORM'],
    ['Transform', 'DS_STRUCT', 'DS_STRUCT'],
    ['DigestMethod', 'DS_STRUCT', 'DS_STRUCT'],
    ['DigestValue', 'DS_STRUCT', 'DS_STRUCT'],
  ])('%s: an attribute is %s, an element %s, text DS_STRUCT', (name, attribute, element) => {
    const end = `</ds:${name}>`
    expect(verdict(swap(new RegExp(`<ds:${name}(?=[ >])`), '$& Foo="1"'))).toBe(attribute)
    expect(verdict(swap(end, `<ds:Object></ds:Object>${end}`))).toBe(element)
    if (name !== 'DigestValue') expect(verdict(swap(end, `x${end}`))).toBe('DS_STRUCT')
  })

  test('the second transform too', () => {
    expect(verdict(swap(`<ds:Transform Algorithm="${C14N}"`, '$& Foo="1"'))).toBe('DS_STRUCT')
    expect(verdict(inTransform('<ds:Object></ds:Object>'))).toBe('DS_STRUCT')
  })

  test.each([
    ['CanonicalizationMethod', 'DS_STRUCT'],
    ['SignatureMethod', 'DS_STRUCT'],
    ['Reference', 'DS_REFCOUNT'],
    ['Transforms', 'DS_TRANSFORM'],
    ['DigestMethod', 'DS_STRUCT'],
    ['DigestValue', 'DS_STRUCT'],
  ])('without %s: %s', (name, code) => {
    expect(verdict(swap(new RegExp(`<ds:${name}[ >].*</ds:${name}>`), ''))).toBe(code)
  })

  test.each(['CanonicalizationMethod', 'SignatureMethod', 'Transforms', 'DigestMethod', 'DigestValue'])(
    'with two %s: DS_STRUCT',
    (name) => {
      expect(verdict(swap(new RegExp(`<ds:${name}[ >].*</ds:${name}>`), '$&$&'))).toBe('DS_STRUCT')
    },
  )
})

describe('what has no Algorithm has none of ours', () => {
  test.each([
    ['CanonicalizationMethod', 'DS_C14N'],
    ['SignatureMethod', 'DS_ALG'],
    ['Transform', 'DS_TRANSFORM'],
    ['DigestMethod', 'DS_DIGESTALG'],
  ])('%s: %s', (name, code) => {
    expect(verdict(swap(new RegExp(`(<ds:${name}) Algorithm="[^"]*"`), '$1'))).toBe(code)
  })

  test('the second transform: DS_C14N', () => {
    expect(verdict(swap(`<ds:Transform Algorithm="${C14N}"`, '<ds:Transform'))).toBe('DS_C14N')
  })
})

test('A-092, A-094: two elements in Transforms are two ds:Transform', () => {
  expect(verdict(swap(`<ds:Transform Algorithm="${C14N}"></ds:Transform>`, '<ds:Object></ds:Object>'))).toBe(
    'DS_TRANSFORM',
  )
  expect(verdict(swap(/<ds:Transform Algorithm="[^"]*signature"><\/ds:Transform>/, '<ds:Object></ds:Object>'))).toBe(
    'DS_TRANSFORM',
  )
})

describe('A-096: a prefix list', () => {
  const names = (count: number, length = 1) =>
    Array.from({ length: count }, (_, index) => String.fromCharCode(97 + index).padEnd(length, 'x')).join(' ')
  const cases: readonly (readonly [string, string, string])[] = [
    ['nothing', '', 'accepted'],
    ['white space', ' &#9; &#10;', 'accepted'],
    ['16 prefixes', names(16), 'accepted'],
    ['16 prefixes of 63 letters', names(16, 63), 'accepted'],
    ['17 prefixes', names(17), 'DS_C14N'],
    ['one of 1024 letters', 'p'.repeat(1024), 'accepted'],
    ['one of 1025 letters', 'p'.repeat(1025), 'DS_C14N'],
    ['the same twice', 'a b a', 'DS_C14N'],
    ['_a', '_a', 'accepted'],
    ['a-1.b_C', 'a-1.b_C', 'accepted'],
    ['a digit first', '1a', 'DS_C14N'],
    ['a colon', 'a:b', 'DS_C14N'],
    ['a colon at the end', 'a:', 'DS_C14N'],
    ['the token for the default namespace', '#default', 'accepted'],
    ['another number sign', '#defaults', 'DS_C14N'],
    ['an umlaut', 'a\u00e4', 'accepted'],
  ]

  test.each(cases)('of %s, in either place: %j is %s', (_, list, code) => {
    expect(verdict(inMethod(listed(list)))).toBe(code)
    expect(verdict(inTransform(listed(list)))).toBe(code)
  })

  test('is read between white space of every kind', () => {
    expect(read(inTransform(listed(' a&#9;b&#10; c&#13;d '))(whole)).prefixes).toEqual(['a', 'b', 'c', 'd'])
  })

  test('may be left out, and stands alone in its element', () => {
    expect(verdict(inTransform(inclusive('')))).toBe('accepted')
    expect(verdict(inTransform(inclusive(' Foo="1"')))).toBe('DS_STRUCT')
    expect(verdict(inTransform(inclusive('', 'x')))).toBe('DS_STRUCT')
    expect(verdict(inTransform(listed('a') + listed('b')))).toBe('DS_STRUCT')
  })
})

test('A-253: a digest of blanks without end is refused as fast as any other', () => {
  const start = performance.now()
  expect(verdict(swap(/(<ds:DigestValue>)[^<]*/, `$1A${' '.repeat(90_000)}A`))).toBe('DS_DIGEST')
  expect(performance.now() - start).toBeLessThan(500)
})

test.each([31, 33, 0, 64])('A-126: a digest of %d octets where there should be 32', (octets) => {
  const value = Buffer.alloc(octets, 7).toString('base64')
  expect(verdict(swap(/(<ds:DigestValue>)[^<]*/, `$1${value}`))).toBe('DS_DIGEST')
})
