import { login } from '../../demo/browse.ts'
import { type Citizen, citizensOf } from '../../demo/citizens.ts'
import { variablesOn } from './apache.ts'
import { newNotingAgent, signIn, statusOf } from './citizen.ts'
import { type Countries, startCountries } from './countries.ts'
import { among, answerIn, knownAbroad, minimumAbroad, reaching, shownAtPortal, someone } from './known.ts'
import { startMellon } from './mellon.ts'
import { SERVICE, type Service, SUBSTANTIAL, wanted } from './peer.ts'
import { type Shibboleth, startShibboleth } from './shibboleth.ts'
import { type SimpleSaml, simpleSamlId, startSimpleSaml } from './simplesamlphp.ts'

/*
 * Sign-ins across the border with products of others at the far end. XA has them, XB is the other half of the demo;
 * see countries.ts.
 */

interface Peers {
  readonly shibboleth: Shibboleth
  readonly mellon: Service
  readonly simpleSaml: SimpleSaml
}

let countries: Countries & Peers
beforeAll(async () => {
  countries = await startCountries<Peers>({
    provider: { host: '127.0.0.4', entityId: simpleSamlId },
    async start({ provider, service, started }) {
      const shibboleth = await started(startShibboleth(await service('shibboleth', '127.0.0.2')))
      const mellon = await started(startMellon(await service('mellon', '127.0.0.3')))
      const simpleSaml = await started(startSimpleSaml(provider))
      return { peers: { shibboleth, mellon, simpleSaml }, provider: simpleSaml, services: [shibboleth, mellon] }
    },
  })
}, 300_000)
afterAll(() => countries?.stop(), 60_000)

const LOA = 'http://eidas.europa.eu/LoA/'

beforeEach(() => void countries.takeFaults())

/** Country and code of each fault since the test began. */
const faults = () => countries.takeFaults().map((fault) => fault.split(':')[0])

describe('SimpleSAMLphp as the identity provider behind the proxy service', () => {
  const enter = async (citizen: Citizen) => {
    const agent = newNotingAgent(citizen.user)
    const { country, user, password } = citizen
    return { agent, ...(await login({ portal: countries.portal, country, user, password }, agent)) }
  }

  test.each(citizensOf('XA'))('$user signs in abroad by its login form', async (citizen) => {
    const { loa, attributes, agent } = await enter(citizen)
    expect(countries.takeFaults()).toEqual([])
    expect(shownAtPortal(attributes)).toEqual(knownAbroad(citizen, 'XB'))
    expect(loa).toBe(SUBSTANTIAL)
    expect(agent.hops.map(({ url }) => url)).toContainEqual(expect.stringContaining('/core/loginuserpass.php'))
  })

  test('its assertion comes in the clear in a signed response, and goes on encrypted', async () => {
    const citizen = someone(citizensOf('XA'))
    const name = knownAbroad(citizen, 'XB')['FamilyName'] ?? ''
    const { agent } = await enter(citizen)
    const [national, ...abroad] = agent.carried.filter(({ parameter }) => parameter === 'SAMLResponse')
    expect(national?.xml.toString()).toMatch(/<ds:Signature .*<samlp:Status>.*<saml:Assertion /s)
    expect(national?.xml.toString()).toContain(name)
    expect(abroad.map(({ xml }) => xml.toString().includes('EncryptedAssertion'))).toEqual([true, true])
    for (const { xml } of abroad) expect(xml.toString()).not.toContain(name)
  })

  test('an assertion it encrypts is refused: its only cipher is AES-CBC', async () => {
    await countries.simpleSaml.encrypt(true)
    try {
      const { status, agent } = await enter(someone(citizensOf('XA')))
      expect(status).toBe('Responder AuthnFailed')
      expect(faults()).toEqual(['XA ENC_ALG', 'XB AUTHN_FAILED'])
      expect(agent.carried.some(({ xml }) => xml.includes('xmlenc#aes128-cbc'))).toBe(true)
    } finally {
      await countries.simpleSaml.encrypt(false)
    }
  })
})

describe('the Shibboleth SP in front of the connector', () => {
  const names = wanted.map(({ id }) => id)

  test.each(reaching)('$user signs in: an eIDAS request by POST, attributes and level at the page', async (citizen) => {
    const agent = newNotingAgent()
    const page = await signIn(countries.shibboleth.page, citizen, agent)
    expect(countries.takeFaults()).toEqual([])
    const variables = variablesOn(page.body)
    expect(page.url).toBe(countries.shibboleth.page)
    expect(among(variables, names)).toEqual(knownAbroad(citizen, 'XA'))
    expect(variables).toMatchObject({
      REMOTE_USER: knownAbroad(citizen, 'XA')['PersonIdentifier'],
      Shib_AuthnContext_Class: LOA + citizen.level,
      Shib_Identity_Provider: expect.stringMatching(/\/connector\/metadata\/national$/),
    })
    const [request] = agent.carried
    expect(request?.xml.toString()).toContain(`ProviderName="${SERVICE}"`)
    expect(request?.xml.toString()).toContain('<eidas:SPType')
    expect(answerIn(agent).xml.toString()).toContain('EncryptedAssertion')
  })

  test('with a request of its own, by redirect, it gets the minimum data set', async () => {
    const citizen = someone(reaching)
    const page = await signIn(countries.shibboleth.ordinary, citizen, newNotingAgent())
    expect(countries.takeFaults()).toEqual([])
    expect(among(variablesOn(page.body), names)).toEqual(minimumAbroad(citizen, 'XA'))
  })

  test('told that nobody is signed in without being asked, it goes on to a page for everybody', async () => {
    const page = await signIn(countries.shibboleth.passive, someone(reaching), newNotingAgent())
    expect(faults()).toEqual(['XA SAML_PASSIVE'])
    expect(page).toMatchObject({ status: 200, url: expect.stringMatching(/\/open\/page$/) })
    expect(among(variablesOn(page.body), names)).toEqual({})
  })

  test.each(['country', 'login', 'consent'] as const)(
    'it shows why when the citizen cancels at %s',
    async (cancelAt) => {
      const page = await signIn(countries.shibboleth.page, { ...someone(reaching), cancelAt }, newNotingAgent())
      expect(page.body).toContain('status&#58;AuthnFailed')
    },
  )

  test('it shows why an eID of level low does not do', async () => {
    const low = someone(citizensOf('XB').filter(({ level }) => level === 'low'))
    const page = await signIn(countries.shibboleth.page, low, newNotingAgent())
    expect(page.body).toContain('status&#58;NoAuthnContext')
  })
})

describe('mod_auth_mellon in front of the connector', () => {
  const names = wanted.map(({ id }) => id)

  test.each(reaching)('$user signs in: an ordinary request by redirect, attributes at the page', async (citizen) => {
    const agent = newNotingAgent()
    const page = await signIn(countries.mellon.page, citizen, agent)
    expect(countries.takeFaults()).toEqual([])
    expect(page.url).toBe(countries.mellon.page)
    // It enforces the level by itself.
    expect(among(variablesOn(page.body), names)).toEqual(minimumAbroad(citizen, 'XA'))
    expect(answerIn(agent).xml.toString()).toContain('EncryptedAssertion')
  })

  test('a page with a long address is where the sign-in ends: it sends the address as RelayState', async () => {
    const page = `${countries.mellon.page}?form=${'moving-house-'.repeat(20)}`
    expect(await signIn(page, someone(reaching), newNotingAgent())).toMatchObject({ status: 200, url: page })
    expect(countries.takeFaults()).toEqual([])
  })

  test('it lets nobody in who cancelled or whose level is too low', async () => {
    const agent = newNotingAgent()
    const cancelled = await signIn(countries.mellon.page, { ...someone(reaching), cancelAt: 'consent' }, agent)
    expect(cancelled.status).toBe(401)
    expect(statusOf(answerIn(agent))).toEqual(['Responder', 'AuthnFailed'])
    const low = someone(citizensOf('XB').filter(({ level }) => level === 'low'))
    expect(await signIn(countries.mellon.page, low, agent)).toMatchObject({ status: 401 })
    expect(statusOf(answerIn(agent))).toEqual(['Responder', 'NoAuthnContext'])
  })
})
