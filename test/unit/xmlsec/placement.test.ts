import { metadataLimits } from '../../../src/xml/limits.ts'
import { ns } from '../../../src/xml/names.ts'
import { scan } from '../../../src/xml/scanner.ts'
import { placeSignatures } from '../../../src/xmlsec/placement.ts'
import { outcome } from './samples.ts'

/* Rules 7 and 19: a signature stands in its place in the root or in an assertion of the root; there alone it is looked for. */

const declarations = ` xmlns:saml2="${ns.saml}" xmlns:saml2p="${ns.samlp}" xmlns:md="${ns.md}" xmlns:ds="${ns.ds}"`
const scanned = (xml: string) => scan(Buffer.from(xml.replace(/^<[^ />]+/, `$&${declarations}`)), metadataLimits)
const place = (xml: string) => placeSignatures(scanned(xml))
const verdict = (xml: string): string => {
  const found = outcome(() => place(xml))
  return found === 'accepted' && place(xml).ofRoot === undefined && place(xml).ofAssertions.length === 0
    ? 'none'
    : found
}

const signature = '<ds:Signature></ds:Signature>'
const issuer = '<saml2:Issuer></saml2:Issuer>'
const response = (...content: readonly string[]) => `<saml2p:Response>${content.join('')}</saml2p:Response>`
const assertion = (...content: readonly string[]) => `<saml2:Assertion>${content.join('')}</saml2:Assertion>`
const status = '<saml2p:Status></saml2p:Status>'

test('those of the root and of assertions are found, with the way to them', () => {
  const inner = assertion(issuer, signature)
  const { ofRoot, ofAssertions } = place(response(issuer, signature, status, inner, inner))
  expect(ofRoot).toMatchObject({ path: [1], parentPath: [], parent: { local: 'Response' } })
  expect(ofRoot?.signature.local).toBe('Signature')
  expect(ofAssertions).toMatchObject([
    { path: [3, 1], parentPath: [3], parent: { local: 'Assertion' } },
    { path: [4, 1], parentPath: [4], parent: { local: 'Assertion' } },
  ])
})

test('text between elements does not count', () => {
  const { ofRoot } = place(response('\n  ', issuer, '\n  ', signature, '\n', status))
  expect(ofRoot?.path).toEqual([1])
})

test('where there are none, none are found', () => {
  expect(place(response(issuer, status))).toEqual({ ofAssertions: [] })
  const { ofRoot, ofAssertions } = place(response(issuer, status, assertion(issuer, signature)))
  expect(ofRoot).toBeUndefined()
  expect(ofAssertions).toHaveLength(1)
})

test.each([
  ['right after the Issuer', response(issuer, signature, status), 'accepted'],
  ['first, where there is no Issuer', response(signature, status), 'accepted'],
  ['before the Issuer', response(signature, issuer, status), 'DS_STRUCT'],
  ['last', response(issuer, status, signature), 'DS_STRUCT'],
  ['second, where there is no Issuer', response(status, signature), 'DS_STRUCT'],
  ['twice', response(issuer, signature, signature), 'DS_STRUCT'],
  ['in an assertion, elsewhere', response(issuer, assertion(signature, issuer)), 'DS_STRUCT'],
  ['in another element', response(issuer, `<saml2p:Status>${signature}</saml2p:Status>`), 'none'],
  ['in a signature', response(issuer, `<saml2p:Status/><ds:Object>${signature}</ds:Object>`), 'none'],
  ['in an element of that name of another namespace', response(`<md:Assertion>${signature}</md:Assertion>`), 'none'],
  ['in an assertion further down', response(`<saml2p:Extensions>${assertion(signature)}</saml2p:Extensions>`), 'none'],
  ['in a message inside the message', response(issuer, response(issuer, signature)), 'none'],
  ['as the root', signature, 'DS_PARENT'],
])('A-120: a signature %s', (_, xml, code) => {
  expect(verdict(xml)).toBe(code)
})

test('an entity of an aggregate may have a signature of its own: that of the aggregate covers it', () => {
  const entity = `<md:EntityDescriptor>${signature}</md:EntityDescriptor>`
  const { ofRoot, ofAssertions } = place(`<md:EntitiesDescriptor>${signature}${entity}</md:EntitiesDescriptor>`)
  expect(ofRoot?.path).toEqual([0])
  expect(ofAssertions).toEqual([])
})

test('a list of metadata services is signed at its end', () => {
  const list = (...content: readonly string[]) =>
    `<ser:MetadataServiceList xmlns:ser="http://eidas.europa.eu/metadata/servicelist">${content.join('')}</ser:MetadataServiceList>`
  const at = '<ser:MetadataList></ser:MetadataList>'
  expect(verdict(list(at, signature))).toBe('accepted')
  expect(verdict(list(signature, at))).toBe('DS_STRUCT')
  expect(verdict(list(at, signature, at))).toBe('DS_STRUCT')
})
