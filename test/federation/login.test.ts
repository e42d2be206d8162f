import { type LoginOrder, type LoginResult, login, nextStep } from '../../demo/browse.ts'
import { type Citizen, citizens } from '../../demo/citizens.ts'
import { startFederation } from '../../demo/federation.ts'
import type { Federation } from '../../demo/federation-model.ts'
import { once } from '../../demo/once.ts'
import { firstForm, newUserAgent } from '../../demo/user-agent.ts'
import { freePorts } from '../testkit/ports.ts'

/** The whole demo over HTTP: portal, connector, proxy service, identity provider, and back. */
const NATURAL = 'http://eidas.europa.eu/attributes/naturalperson/'
const LOA = 'http://eidas.europa.eu/LoA/'

let federation: Federation
beforeAll(async () => {
  federation = await startFederation({ ports: await freePorts(7) })
}, 60_000)
afterAll(() => federation.stop())

function portalOf(country: string): string {
  const portal = federation.portals.find((one) => one.country === country)
  if (portal === undefined) throw new TypeError(`no portal in ${country}`)
  return portal.url
}

function order(to: string, { country, user, password }: Citizen): LoginOrder {
  return { portal: to === '' ? '' : portalOf(to), country, user, password }
}

/** A portal gets one script: the Latin form, which citizens have first. */
const latin = (values: readonly string[] | undefined) => values?.slice(0, 1)

const reaching = citizens.filter(({ level }) => level !== 'low')
const low = citizens.filter(({ level }) => level === 'low')
const abroad = (country: string): string => (country === 'XA' ? 'XB' : 'XA')

test.each(reaching)(
  '$user of $country signs in abroad with the level and the values her country knows',
  async (citizen) => {
    const to = abroad(citizen.country)
    const { attributes, loa, status } = await login(order(to, citizen))
    expect(status).toBe('')
    expect(loa).toBe(LOA + citizen.level)
    expect(attributes[`${NATURAL}PersonIdentifier`]?.[0]).toMatch(new RegExp(`^${citizen.country}/${to}/.`))
    expect(attributes).toMatchObject({
      [`${NATURAL}CurrentFamilyName`]: latin(citizen.facts.CurrentFamilyName),
      [`${NATURAL}CurrentGivenName`]: latin(citizen.facts.CurrentGivenName),
      [`${NATURAL}DateOfBirth`]: citizen.facts.DateOfBirth,
    })
  },
)

test.each(low)(
  '$user of $country is refused: the eID only reaches low, the portal asks for substantial',
  async (citizen) => {
    const result = await login(order(abroad(citizen.country), citizen))
    expect(result).toMatchObject({ loa: '', attributes: {}, status: 'Responder NoAuthnContext' })
  },
)

test('a client that sends Secure cookies over https only gets through the demo: no cookie of it is Secure', async () => {
  const asked = await fetch(`${portalOf('XA')}/login`, { redirect: 'manual' })
  const page = await fetch(asked.headers.get('location') ?? '', { redirect: 'manual' })
  const cookies = [asked, page].flatMap(({ headers }) => headers.getSetCookie())
  expect(cookies).toContainEqual(
    expect.stringMatching(/^flow-[\w-]{16}=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/),
  )
  expect(cookies.filter((cookie) => /; Secure/.test(cookie))).toEqual([])
})

test.each(['country', 'login', 'consent'] as const)('cancel at %s reaches the portal as a status', async (cancelAt) => {
  for (const citizen of reaching.slice(0, 1)) {
    const result = await login({ ...order(abroad(citizen.country), citizen), cancelAt })
    expect(result).toMatchObject({ loa: '', attributes: {}, status: 'Responder AuthnFailed' })
  }
})

describe('a visitor, for whom an eID of any level will do', () => {
  const [ragna, tobias] = [low.find(({ country }) => country === 'XB'), low.find(({ country }) => country === 'XA')]
  if (ragna === undefined || tobias === undefined) throw new TypeError('one in each country reaches low only')
  const visitor = (citizen: Citizen) => ({ ...order(abroad(citizen.country), citizen), as: 'visitor' }) as const
  const loginsOf = ({ hops }: LoginResult) => hops.filter(({ url }) => url.endsWith('/login')).map(({ url }) => url)

  test.each([
    ['post', '/post/login'],
    ['xb-eid', '/login'],
  ])('R-IA-19: chooses %s of the two schemes of XB, and signs in at its door', async (scheme, door) => {
    const result = await login({ ...visitor(ragna), scheme })
    expect(result.loa).toBe(`${LOA}low`)
    expect(result.attributes[`${NATURAL}CurrentFamilyName`]).toEqual(ragna.facts.CurrentFamilyName)
    expect(loginsOf(result).map((url) => new URL(url).pathname)).toContain(door)
  })

  test('R-IA-19: is asked nothing in XA, which has one', async () => {
    expect((await login(visitor(tobias))).loa).toBe(`${LOA}low`)
    await expect(login({ ...visitor(tobias), cancelAt: 'scheme' })).resolves.toMatchObject({ loa: `${LOA}low` })
  })

  test('cancel at the choice reaches the portal as a status', async () => {
    const result = await login({ ...visitor(ragna), cancelAt: 'scheme' })
    expect(result).toMatchObject({ loa: '', attributes: {}, status: 'Responder AuthnFailed' })
  })
})

test('a citizen has the same identifier at every sign-in', async () => {
  const [citizen] = reaching
  if (citizen === undefined) throw new TypeError('somebody reaches substantial')
  const results = [await login(order('XB', citizen)), await login(order('XB', citizen))]
  const identifiers = results.map(({ attributes }) => attributes[`${NATURAL}PersonIdentifier`]?.[0])
  expect(new Set(identifiers).size).toBe(1)
})

test('many citizens at once do not get into each other', async () => {
  const together = reaching.map(async (citizen) => {
    const { attributes } = await login(order(abroad(citizen.country), citizen))
    return attributes[`${NATURAL}CurrentFamilyName`]
  })
  expect(await Promise.all(together)).toEqual(reaching.map(({ facts }) => latin(facts.CurrentFamilyName)))
})

test('every answer on the way counts once, and only in the browser that began the sign-in', async () => {
  const [citizen] = reaching
  if (citizen === undefined) throw new TypeError('somebody reaches substantial')
  const agent = newUserAgent()
  let page = await agent.get(`${portalOf(abroad(citizen.country))}/login`)
  const receivers: string[] = []
  for (let step = nextStep(page, order('', citizen)); step !== undefined; step = nextStep(page, order('', citizen))) {
    const answer = step.form.controls.some(({ name }) => name === 'SAMLResponse')
    const toNode = answer && step.form.controls.some(({ name }) => name === 'RelayState')
    // Without the cookie of the flow nothing is taken, so the browser that has it can still go on.
    if (toNode) expect((await newUserAgent().submit(page, step.form)).status).toBeGreaterThanOrEqual(400)
    const next = await agent.submit(page, step.form, step.filling)
    if (answer) {
      receivers.push(new URL(step.form.action).origin)
      expect((await agent.submit(page, step.form)).status).toBeGreaterThanOrEqual(400)
    }
    page = next
  }
  expect(page.body).toContain('data-loa')
  expect(new Set(receivers).size).toBe(3)
})

test('`once` signs a citizen in from the other country and resolves to 0', async () => {
  const printed: string[] = []
  expect(await once(federation, { json: true }, (text) => printed.push(text))).toBe(0)
  expect(JSON.parse(printed.join(''))).toMatchObject({ ok: true, country: 'XB' })
})

test('the home page links the portals and names the citizens', async () => {
  const home = await newUserAgent().get(federation.home)
  for (const { url } of federation.portals) expect(home.body).toContain(url)
  for (const { user } of federation.citizens) expect(home.body).toContain(`data-user="${user}"`)
  expect(firstForm(home)).toBeUndefined()
})
