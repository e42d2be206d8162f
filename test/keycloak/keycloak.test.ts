import { login } from '../../demo/browse.ts'
import { type Citizen, citizensOf } from '../../demo/citizens.ts'
import { mappingOf, nationalSchemes } from '../../demo/national-schemes.ts'
import { variablesOn } from '../peers/apache.ts'
import { newNotingAgent, signIn, statusOf } from '../peers/citizen.ts'
import { type Countries, startCountries } from '../peers/countries.ts'
import { CLASS, type Keycloak, keycloakId, startKeycloak } from '../peers/keycloak.ts'
import { among, answerIn, knownAbroad, minimumAbroad, reaching, shownAtPortal, someone } from '../peers/known.ts'
import { type Service, SUBSTANTIAL, wanted } from '../peers/peer.ts'

/* Sign-ins across the border with Keycloak at either end of XA; see test/peers/countries.ts. */

interface Peers {
  readonly keycloak: Keycloak
  readonly service: Service
}

let countries: Countries & Peers
beforeAll(async () => {
  countries = await startCountries<Peers>({
    // It sets cookies for https only, except that a browser takes them from localhost.
    provider: { host: 'localhost', entityId: keycloakId },
    mapping: { ...mappingOf(nationalSchemes.XA), loa: { [CLASS]: SUBSTANTIAL } },
    async start({ provider: plan, service: planFor, started }) {
      const keycloak = await started(startKeycloak(plan))
      const provider = await keycloak.provide(plan)
      const service = await keycloak.broker((await planFor('keycloak', plan.host)).node)
      return { peers: { keycloak, service }, provider, services: [service] }
    },
  })
}, 1_300_000)
afterAll(() => countries?.stop(), 60_000)
beforeEach(() => void countries.takeFaults())

const faults = () => countries.takeFaults().map((fault) => fault.split(':')[0])

describe('Keycloak as the identity provider behind the proxy service', () => {
  const enter = async (citizen: Citizen) => {
    const agent = newNotingAgent(citizen.user)
    return { agent, ...(await login({ portal: countries.portal, ...citizen }, agent)) }
  }

  test.each(citizensOf('XA'))('$user signs in abroad by its login form', async (citizen) => {
    const { loa, attributes } = await enter(citizen)
    expect(countries.takeFaults()).toEqual([])
    expect(shownAtPortal(attributes)).toEqual(knownAbroad(citizen, 'XB'))
    expect(loa).toBe(SUBSTANTIAL)
  })

  test('an assertion it encrypts is refused: its cipher is AES-CBC', async () => {
    await countries.keycloak.change({ 'saml.encrypt': 'true' })
    try {
      expect(await enter(someone(citizensOf('XA')))).toMatchObject({ status: 'Responder AuthnFailed' })
      expect(faults()).toEqual(['XA ENC_ALG', 'XB AUTHN_FAILED'])
    } finally {
      await countries.keycloak.change({ 'saml.encrypt': 'false' })
    }
  })
})

describe('Keycloak as a service provider in front of the connector', () => {
  const names = wanted.map(({ id }) => id)

  test.each(reaching)(
    '$user signs in: an application that speaks OpenID Connect gets the attributes',
    async (citizen) => {
      const agent = newNotingAgent()
      const page = await signIn(countries.service.page, citizen, agent)
      expect(countries.takeFaults()).toEqual([])
      expect(among(variablesOn(page.body), names)).toMatchObject(minimumAbroad(citizen, 'XA'))
      expect(agent.carried.some(({ xml }) => xml.includes('EncryptedAssertion'))).toBe(true)
    },
  )

  test('a cancelled sign-in ends at its own login page', async () => {
    const agent = newNotingAgent()
    const ending = signIn(countries.service.page, { ...someone(reaching), cancelAt: 'consent' }, agent)
    // It knows no such user, and asks again.
    await expect(ending).rejects.toThrow(/the last at .*\/realms\/xa\//)
    expect(statusOf(answerIn(agent))).toEqual(['Responder', 'AuthnFailed'])
  })
})
