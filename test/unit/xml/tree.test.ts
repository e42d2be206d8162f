import type { XmlElement } from '../../../src/xml/element.ts'
import { messageLimits } from '../../../src/xml/limits.ts'
import { ns } from '../../../src/xml/names.ts'
import { scan } from '../../../src/xml/scanner.ts'
import { sameTree, withoutChild } from '../../../src/xml/tree.ts'
import { advice, octets } from './samples.ts'

function tree(inside: string, attributes = ''): XmlElement {
  return scan(octets(advice(inside, attributes)), messageLimits)
}

const one = tree('a<saml2:Audience Name="n" Format="f">b</saml2:Audience>c')

test('a tree is the same as itself read again', () => {
  expect(sameTree(one, tree('a<saml2:Audience Name="n" Format="f">b</saml2:Audience>c'))).toBe(true)
})

test('the order of attributes and declarations that are not used make no difference', () => {
  const other = tree('a<saml2:Audience Format="f" Name="n">b</saml2:Audience>c', ` xmlns:ds="${ns.ds}"`)
  expect(sameTree(one, other)).toBe(true)
})

test.each([
  ['text', 'a<saml2:Audience Name="n" Format="f">B</saml2:Audience>c'],
  ['text before', '<saml2:Audience Name="n" Format="f">b</saml2:Audience>c'],
  ['white space', 'a <saml2:Audience Name="n" Format="f">b</saml2:Audience>c'],
  ['a name', 'a<saml2:Issuer Name="n" Format="f">b</saml2:Issuer>c'],
  ['an attribute value', 'a<saml2:Audience Name="N" Format="f">b</saml2:Audience>c'],
  ['an attribute name', 'a<saml2:Audience Mane="n" Format="f">b</saml2:Audience>c'],
  ['an attribute more', 'a<saml2:Audience Name="n" Format="f" Other="">b</saml2:Audience>c'],
  ['an attribute less', 'a<saml2:Audience Name="n">b</saml2:Audience>c'],
  ['an element more', 'a<saml2:Audience Name="n" Format="f">b<saml2:a/></saml2:Audience>c'],
  ['an element for a text', 'a<saml2:Audience Name="n" Format="f"><saml2:b/></saml2:Audience>c'],
  ['the order of children', '<saml2:Audience Name="n" Format="f">b</saml2:Audience>ac'],
  ['a namespace', `a<saml2:Audience xmlns:saml2="${ns.samlp}" Name="n" Format="f">b</saml2:Audience>c`],
  ['a prefix', `a<p:Audience xmlns:p="${ns.saml}" Name="n" Format="f">b</p:Audience>c`],
])('A-122 %s makes another tree', (_, inside) => {
  expect(sameTree(one, tree(inside))).toBe(false)
  expect(sameTree(tree(inside), one)).toBe(false)
})

test('an element is left out by its path and the texts around it are joined', () => {
  const root = tree('a<saml2:x>b<saml2:y/>c<saml2:z/></saml2:x>d<saml2:x/>')
  expect(sameTree(withoutChild(root, [0]), tree('ad<saml2:x/>'))).toBe(true)
  expect(sameTree(withoutChild(root, [1]), tree('a<saml2:x>b<saml2:y/>c<saml2:z/></saml2:x>d'))).toBe(true)
  expect(sameTree(withoutChild(root, [0, 0]), tree('a<saml2:x>bc<saml2:z/></saml2:x>d<saml2:x/>'))).toBe(true)
  expect(sameTree(withoutChild(root, [0, 1]), tree('a<saml2:x>b<saml2:y/>c</saml2:x>d<saml2:x/>'))).toBe(true)
})

test('leaving out changes nothing in the tree given', () => {
  const root = tree('a<saml2:x/>b')
  withoutChild(root, [0])
  expect(sameTree(root, tree('a<saml2:x/>b'))).toBe(true)
})

test('a path that leads nowhere, or to the root itself, is a mistake of the caller', () => {
  for (const path of [[], [1], [0, 0], [-1]]) expect(() => withoutChild(tree('a<saml2:x/>b'), path)).toThrow(TypeError)
})
