import { type LoginOrder, login } from '../../demo/browse.ts'
import type { Citizen } from '../../demo/citizens.ts'
import { startFederation } from '../../demo/federation.ts'
import type { Federation } from '../../demo/federation-model.ts'
import { readMarked } from '../../demo/html-reader.ts'
import { newUserAgent } from '../../demo/user-agent.ts'
import { freePorts } from '../testkit/ports.ts'

/** Companies of the demo at its portals: one is prepared for somebody acting for a company, the other is not. */
const ATTRIBUTES = 'http://eidas.europa.eu/attributes/'

let federation: Federation
beforeAll(async () => {
  federation = await startFederation({ ports: await freePorts(7) })
}, 60_000)
afterAll(() => federation.stop())

/** Signs in abroad. */
function order(of: 'XA' | 'XB', account: (citizen: Citizen) => boolean = () => true): LoginOrder {
  const found = [...federation.companies, ...federation.citizens].find((one) => one.country === of && account(one))
  const portal = federation.portals.find(({ country }) => country !== of)
  if (found === undefined || portal === undefined) throw new TypeError('no such account or portal')
  return { portal: portal.url, country: of, user: found.user, password: found.password }
}

test('R-AP-56: a company signs in abroad, and who acts for it comes along', async () => {
  const { attributes, loa, status } = await login({ ...order('XA'), as: 'company' })
  expect({ status, loa }).toEqual({ status: '', loa: 'http://eidas.europa.eu/LoA/high' })
  expect(attributes).toEqual({
    [`${ATTRIBUTES}legalperson/LegalPersonIdentifier`]: ['XA/XB/C-556000-1'],
    [`${ATTRIBUTES}legalperson/LegalName`]: ['Windlesea Ferries Ltd'],
    [`${ATTRIBUTES}legalperson/VATRegistrationNumber`]: ['XA 556 000 101'],
    [`${ATTRIBUTES}naturalperson/representative/PersonIdentifier`]: ['XA/XB/840312-0193'],
    [`${ATTRIBUTES}naturalperson/representative/CurrentFamilyName`]: ['Marchbanks'],
    [`${ATTRIBUTES}naturalperson/representative/CurrentGivenName`]: ['Odette Philippa'],
    [`${ATTRIBUTES}naturalperson/representative/DateOfBirth`]: ['1984-03-12'],
  })
})

test('R-AP-55: a portal that is not prepared for it refuses in words, whatever the citizen agreed to', async () => {
  const { page, status, attributes } = await login({ ...order('XB'), as: 'company' })
  expect(status).toBe('Responder AuthnFailed')
  expect(attributes).toEqual({})
  expect(page.body).toContain('This service does not accept one person acting for another.')
})

test('R-AP-51: a company is nobody to a portal that asked for a citizen', async () => {
  const { page, status } = await login(order('XA'))
  expect(status).toBe('Responder AuthnFailed')
  expect(page.body).toContain('EID_REPR')
})

test('R-MF-54: a citizen is no company', async () => {
  const { status } = await login({ ...order('XA', ({ user }) => user === 'odette'), as: 'company' })
  expect(status).toMatch(/^Responder /)
})

test('a citizen and a company sign in at one portal at the same time', async () => {
  const results = await Promise.all([
    login({ ...order('XA'), as: 'company' }),
    login(order('XA', ({ user }) => user === 'odette')),
  ])
  expect(results.map(({ status }) => status)).toEqual(['', ''])
})

test('the home page names the companies, and the portals have a way in for them', async () => {
  const home = await newUserAgent().get(federation.home)
  const named = readMarked(home.body, 'data-company').map(({ attributes }) => attributes.get('data-company'))
  expect(named).toEqual(federation.companies.map(({ user }) => user))
  for (const { url } of federation.portals) {
    expect((await newUserAgent().get(url)).body).toContain('href="/login?as=company"')
  }
})
