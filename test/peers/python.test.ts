import { login } from '../../demo/browse.ts'
import { type Citizen, citizensOf } from '../../demo/citizens.ts'
import { variablesOn } from './apache.ts'
import { newNotingAgent, signIn, statusOf } from './citizen.ts'
import { type Countries, startCountries } from './countries.ts'
import { among, answerIn, knownAbroad, reaching, shownAtPortal, someone } from './known.ts'
import { type Service, SUBSTANTIAL, wanted } from './peer.ts'
import {
  type PythonProvider,
  type PythonService,
  pythonMapping,
  pythonProviderId,
  startPythonProvider,
  startPythonService,
} from './pysaml2.ts'
import { startSimpleSamlService } from './simplesamlphp.ts'

/*
 * Sign-ins across the border with pysaml2 at either end, and with SimpleSAMLphp as a service provider;
 * see countries.ts.
 */

interface Peers {
  readonly service: PythonService
  readonly provider: PythonProvider
  readonly simpleSaml: Service
}

let countries: Countries & Peers
beforeAll(async () => {
  countries = await startCountries<Peers>({
    provider: { host: '127.0.0.4', entityId: pythonProviderId },
    mapping: pythonMapping,
    async start({ provider: plan, service: planFor, started }) {
      const service = await started(startPythonService(await planFor('python', '127.0.0.2')))
      const simpleSaml = await started(startSimpleSamlService(await planFor('simplesamlphp', '127.0.0.3')))
      const provider = await started(startPythonProvider(plan))
      return { peers: { service, simpleSaml, provider }, provider, services: [service, simpleSaml] }
    },
  })
}, 300_000)
afterAll(() => countries?.stop(), 60_000)
beforeEach(() => void countries.takeFaults())

const faults = () => countries.takeFaults().map((fault) => fault.split(':')[0])
const low = someone(citizensOf('XB').filter(({ level }) => level === 'low'))

describe('pysaml2 as the identity provider behind the proxy service', () => {
  const enter = async (citizen: Citizen) => {
    const agent = newNotingAgent(citizen.user)
    return { agent, ...(await login({ portal: countries.portal, ...citizen }, agent)) }
  }

  test.each(citizensOf('XA'))('$user signs in abroad', async (citizen) => {
    const { loa, attributes } = await enter(citizen)
    expect(countries.takeFaults()).toEqual([])
    expect(shownAtPortal(attributes)).toEqual(knownAbroad(citizen, 'XB'))
    expect(loa).toBe(SUBSTANTIAL)
  })

  test('an assertion it encrypts is refused: its cipher is Triple DES', async () => {
    await countries.provider.encrypt(true)
    try {
      const { status, agent } = await enter(someone(citizensOf('XA')))
      expect(status).toBe('Responder AuthnFailed')
      expect(faults()).toEqual(['XA ENC_ALG', 'XB AUTHN_FAILED'])
      expect(agent.carried.some(({ xml }) => xml.includes('xmlenc#tripledes-cbc'))).toBe(true)
    } finally {
      await countries.provider.encrypt(false)
    }
  })
})

describe('pysaml2 as a service provider in front of the connector', () => {
  test.each(reaching)('$user signs in: an eIDAS request by POST, attributes and level at the page', async (citizen) => {
    const agent = newNotingAgent()
    const page = await signIn(countries.service.page, citizen, agent)
    expect(countries.takeFaults()).toEqual([])
    const variables = variablesOn(page.body)
    const known = knownAbroad(citizen, 'XA')
    expect(variables).toMatchObject({ subject: known['PersonIdentifier'], level: `${LOA}${citizen.level}` })
    expect(among(variables, Object.keys(known))).toEqual(known)
    const [request] = agent.carried
    expect(request?.xml.toString()).toMatch(/<\w+:SPType>public/)
    expect(answerIn(agent).xml.toString()).toContain('EncryptedAssertion')
  })

  test('its request by redirect is taken', async () => {
    const citizen = someone(reaching)
    const page = await signIn(countries.service.redirect, citizen, newNotingAgent())
    expect(countries.takeFaults()).toEqual([])
    expect(variablesOn(page.body)).toMatchObject(knownAbroad(citizen, 'XA'))
  })

  test('it tells why when the citizen cancels, and when the eID is of level low', async () => {
    const cancelled = await signIn(
      countries.service.page,
      { ...someone(reaching), cancelAt: 'consent' },
      newNotingAgent(),
    )
    expect(cancelled).toMatchObject({ status: 403, body: expect.stringContaining('AuthnFailed') })
    const refused = await signIn(countries.service.page, low, newNotingAgent())
    expect(refused).toMatchObject({ status: 403, body: expect.stringContaining('NoAuthnContext') })
  })
})

describe('SimpleSAMLphp as a service provider in front of the connector', () => {
  test.each(reaching)('$user signs in: attributes of its metadata at its page', async (citizen) => {
    const agent = newNotingAgent()
    const page = await signIn(countries.simpleSaml.page, citizen, agent)
    expect(countries.takeFaults()).toEqual([])
    expect(page.url).toContain(countries.simpleSaml.page)
    for (const value of Object.values(knownAbroad(citizen, 'XA'))) expect(page.body).toContain(escaped(value))
    expect(page.body).toContain(wanted[0].name)
    expect(answerIn(agent).xml.toString()).toContain('EncryptedAssertion')
  })

  test('it shows an error page when the citizen cancels, and when the eID is of level low', async () => {
    const agent = newNotingAgent()
    const cancelled = await signIn(countries.simpleSaml.page, { ...someone(reaching), cancelAt: 'consent' }, agent)
    expect(cancelled.body).toContain('Responder/AuthnFailed: USER_CANCELLED')
    expect(statusOf(answerIn(agent))).toEqual(['Responder', 'AuthnFailed'])
    const refused = await signIn(countries.simpleSaml.page, low, agent)
    expect(refused.body).toContain('Responder/NoAuthnContext: EID_LOA')
    expect(statusOf(answerIn(agent))).toEqual(['Responder', 'NoAuthnContext'])
  })
})

const LOA = 'http://eidas.europa.eu/LoA/'
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll("'", '&#039;')
