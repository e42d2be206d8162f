import { clark, isNamed } from '../../../src/xml/element.ts'
import { ds, ns, prefixOf, saml } from '../../../src/xml/names.ts'

const spaces = Object.keys(ns).filter((space): space is keyof typeof ns => space in ns)

test('every namespace has its own URI and its own prefix', () => {
  expect(new Set(Object.values(ns)).size).toBe(spaces.length)
  expect(new Set(spaces.map(prefixOf)).size).toBe(spaces.length)
})

test('a name is made of namespace, local name and usual prefix', () => {
  expect(saml('Issuer')).toEqual({ namespace: ns.saml, local: 'Issuer', prefix: 'saml2' })
})

test('A-047 names are equal by namespace and local name', () => {
  const element = { ...saml('Issuer'), prefix: 'other', attributes: [], children: [], scope: new Map<string, string>() }
  expect(isNamed(element, saml('Issuer'))).toBe(true)
  expect(isNamed(element, saml('issuer'))).toBe(false)
  expect(isNamed(element, ds('Issuer'))).toBe(false)
})

test('clark names say the namespace unless there is none', () => {
  expect(clark(saml('Issuer'))).toBe(`{${ns.saml}}Issuer`)
  expect(clark({ namespace: '', local: 'ID' })).toBe('ID')
})
