import { login } from '../../../demo/browse.ts'
import { citizensOf } from '../../../demo/citizens.ts'
import { type Form, readForms } from '../../../demo/html-reader.ts'
import { type OnceReport, once, signInOnce } from '../../../demo/once.ts'
import { firstForm, newUserAgent, type UserAgent, type Visit } from '../../../demo/user-agent.ts'
import { readAnchors } from '../../../src/trust/chain.ts'
import { nationalTrust } from '../../../src/trust/policy.ts'
import { readMetadata } from '../../../src/trust/sources.ts'
import { type Pair, startPair } from './parties.ts'

/** The portal and the identity provider meet without a node between them: that proves both before one stands there. */
describe.each([
  { country: 'XA', binding: 'redirect', encrypts: true },
  { country: 'XB', binding: 'post', encrypts: false },
] as const)('portal by $binding, assertion encrypted: $encrypts', ({ country, binding, encrypts }) => {
  let pair: Pair
  beforeAll(async () => {
    pair = await startPair({ country, binding, encrypts })
  })
  afterAll(() => pair.stop())

  const [full, twoScripts] = citizensOf(country)
  if (full === undefined || twoScripts === undefined) throw new TypeError('three citizens a country')
  const { user, password } = full

  /** At the identity provider's login page, with the request on its way. */
  async function atLogin(agent: UserAgent): Promise<Visit> {
    const page = await agent.get(`${pair.portal}/login`)
    return binding === 'post' ? agent.submit(page, formOf(page)) : page
  }

  /** The page that carries the identity provider's answer. */
  async function answerOf(agent: UserAgent): Promise<Visit> {
    const page = await atLogin(agent)
    const button = { name: 'action', value: 'login' }
    return agent.submit(page, formOf(page), { values: { user, password }, button })
  }

  test('a citizen signs in and the portal shows level and attributes as the identity provider gave them', async () => {
    const { loa, attributes, page, status } = await login({ portal: pair.portal, country, user, password })
    expect(page).toMatchObject({ status: 200, url: `${pair.portal}/` })
    expect(loa).toMatch(country === 'XA' ? /^urn:xa:eid:level4$/ : /^urn:xb:assurance:qualified$/)
    expect(Object.values(attributes)).toEqual(Object.values(full.facts))
    expect(status).toBe('')
  })

  test('a name in two scripts arrives as two values of one attribute, Latin first', async () => {
    const order = { portal: pair.portal, country, user: twoScripts.user, password: twoScripts.password }
    const { attributes } = await login(order)
    expect(Object.values(attributes)).toContainEqual(twoScripts.facts.CurrentFamilyName)
    expect(twoScripts.facts.CurrentFamilyName).toHaveLength(2)
  })

  test('the metadata of both is what a node admits from a source anchored on their certificates', async () => {
    const roles = { portal: ['service-provider'], provider: ['identity-provider'] } as const
    for (const [party, metadata, anchor] of [
      ['portal', pair.portalMetadata, pair.portalCertificate],
      ['provider', pair.providerMetadata, pair.providerCertificate],
    ] as const) {
      const source = { place: party, roles: roles[party], country, allowHttpForDemo: true }
      const anchors = readAnchors([anchor], { revoked: [], strength: nationalTrust })
      const { entities, problems } = readMetadata(Buffer.from(metadata), source, anchors, Date.now())
      expect(problems).toEqual([])
      expect(entities).toMatchObject([{ role: roles[party][0], country }])
    }
  })

  test('cancel at the identity provider comes back as a status the portal puts into words', async () => {
    const result = await login({ portal: pair.portal, country, user, password, cancelAt: 'login' })
    expect(result).toMatchObject({ status: 'Responder AuthnFailed', loa: '', attributes: {}, page: { status: 403 } })
    expect(result.page.body).toContain('The sign-in was cancelled')
  })

  test('a wrong password leads back to the form and signs nobody in', async () => {
    const result = await login({ portal: pair.portal, country, user, password: 'wrong' })
    expect(result).toMatchObject({ loa: '', page: { status: 401 } })
    expect(readForms(result.page.body)).toHaveLength(1)
  })

  test('logout ends the session; the next sign-in gets another one', async () => {
    const agent = newUserAgent()
    await login({ portal: pair.portal, country, user, password }, agent)
    const signedIn = await agent.get(`${pair.portal}/`)
    expect(signedIn.body).toContain('data-loa')
    expect((await agent.get(`${pair.portal}/logout`)).body).not.toContain('data-loa')
  })

  test('a request whose signature does not cover what arrives is refused', async () => {
    const agent = newUserAgent()
    const page = await agent.get(`${pair.portal}/login`)
    const refused =
      binding === 'post'
        ? await agent.post(actionOf(page), [
            ['SAMLRequest', changed(messageIn(page), 'ForceAuthn="true"', 'ForceAuthn="false"')],
          ])
        : await agent.get(page.url.replace('SigAlg=', 'RelayState=added&SigAlg='))
    expect(refused).toMatchObject({ status: 400 })
    expect(refused.body).toContain('data-refused')
  })

  test('an answer is accepted once', async () => {
    const agent = newUserAgent()
    const answer = await answerOf(agent)
    expect((await agent.post(`${pair.portal}/saml/acs`, [['SAMLResponse', messageIn(answer)]])).status).toBe(200)
    const again = await agent.post(`${pair.portal}/saml/acs`, [['SAMLResponse', messageIn(answer)]])
    expect(again).toMatchObject({ status: 400, body: expect.stringContaining('InResponseTo is not valid') })
  })

  test('an answer that was changed on the way is not accepted', async () => {
    const agent = newUserAgent()
    const message = changed(messageIn(await answerOf(agent)), 'Version="2.0"', 'Version="2.1"')
    const rejected = await agent.post(`${pair.portal}/saml/acs`, [['SAMLResponse', message]])
    expect(rejected).toMatchObject({ status: 400, body: expect.stringContaining('Invalid document signature') })
  })

  test('the assertion is encrypted where the identity provider encrypts', async () => {
    const xml = Buffer.from(messageIn(await answerOf(newUserAgent())), 'base64').toString('utf8')
    expect(xml.includes('EncryptedAssertion')).toBe(encrypts)
    expect(xml.includes('CurrentFamilyName') || xml.includes('AttributeStatement')).toBe(!encrypts)
  })

  test('`once` reports hops, level and attributes and resolves to 0; a refused sign-in resolves to 1 with the reason', async () => {
    const federation = {
      home: pair.portal,
      portals: [{ country, url: pair.portal }],
      citizens: citizensOf(country),
      companies: [],
      stop: pair.stop,
    }
    const printed: string[] = []
    expect(await once(federation, { to: country, from: country, user, json: true }, (text) => printed.push(text))).toBe(
      0,
    )
    const report: OnceReport = JSON.parse(printed.join(''))
    expect(report).toMatchObject({ ok: true, user })
    expect(report.hops.length).toBeGreaterThan(3)

    const stranger = { ...federation, citizens: [{ ...full, password: 'wrong' }] }
    expect(await once(stranger, { to: country, from: country }, (text) => printed.push(text))).toBe(1)
    expect(printed.at(-1)).toContain('Not signed in: it ended at')
    await expect(signInOnce(federation, { to: 'XZ' })).rejects.toThrow(TypeError)
  })
})

function formOf(page: Visit): Form {
  const form = firstForm(page)
  if (form === undefined) throw new TypeError('the page has no form')
  return form
}

const actionOf = (page: Visit): string => formOf(page).action

function messageIn(page: Visit): string {
  return formOf(page).controls.find(({ name }) => name.startsWith('SAML'))?.value ?? ''
}

/** The message with one part of its XML replaced. */
function changed(message: string, part: string, by: string): string {
  const xml = Buffer.from(message, 'base64').toString('utf8')
  expect(xml).toContain(part)
  return Buffer.from(xml.replace(part, by)).toString('base64')
}
