import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dataSet, type PersonKind } from '../../src/identity/attributes.ts'
import { notifiedLevels } from '../../src/identity/loa.ts'
import { writeExtensions } from '../../src/profiles/eidas/extensions.ts'
import type { AuthnRequest } from '../../src/saml/authn-request.ts'
import type { XmlPart } from '../../src/xml/writer.ts'
import { APP, appNames, appStrategy } from '../testkit/app-scheme.ts'
import { askProxyService } from '../testkit/asked.ts'
import {
  complete,
  type Flow,
  fieldsOf,
  flowFrom,
  postAnswer,
  postRequest,
  signedAnswer,
  submitStep,
} from '../testkit/flow.ts'
import { assertionTo, type Facts, freshId, mintAttributes, mintRequest, sign } from '../testkit/mint.ts'
import { NATIONAL_SUBSTANTIAL, nationalNames, type Peer } from '../testkit/peers.ts'
import { type Crowd, startCrowd } from '../testkit/strangers.ts'
import {
  expectAnswered,
  expectPage,
  expectRefused,
  expectStillOpen,
  type Released,
  releasedIn,
} from '../testkit/verdict.ts'
import { type Answer, cookiesOf } from '../testkit/wire.ts'

/** A proxy service with three schemes: a card and a mobile eID by SAML, an app by a Passport strategy. */
const [low, substantial, high] = notifiedLevels
const NATURAL = 'http://eidas.europa.eu/attributes/naturalperson/'
const GENDER = `${NATURAL}Gender`

const mandatory = (person: PersonKind) =>
  dataSet(person)
    .filter((definition) => definition.mandatory)
    .map(({ name }) => name)
const [natural, legal] = [mandatory('natural'), mandatory('legal')]

const mobileNames = {
  number: 'PersonIdentifier',
  lastName: 'CurrentFamilyName',
  firstName: 'CurrentGivenName',
  born: 'DateOfBirth',
} as const
const mobileFacts = { number: '02635542Y', lastName: 'Mobley', firstName: 'Marigold', born: '1964-12-31' }

const named = (names: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(names).map(([national, local]) => [national, NATURAL + local]))
const cardNames = Object.fromEntries(Object.entries(nationalNames).map(([local, national]) => [national, local]))

const card = {
  kind: 'saml',
  name: 'card',
  displayName: 'Identity card',
  entityId: 'https://idp.xa.example/metadata',
  mapping: { attributes: named(cardNames), loa: { [NATIONAL_SUBSTANTIAL]: substantial, 'urn:xa:eid:level4': high } },
  attributes: [...natural, ...legal],
}
const mobile = {
  kind: 'saml',
  name: 'mobile',
  displayName: 'Mobile eID',
  entityId: 'https://idp2.xa.example/metadata',
  mapping: { attributes: named(mobileNames) },
  maximumLoA: low,
  attributes: natural,
}
const app = {
  kind: 'passport',
  name: 'app',
  displayName: 'Bank app',
  strategy: 'app',
  mapping: { attributes: named(appNames), loa: { basic: low, enhanced: substantial } },
  maximumLoA: substantial,
  attributes: [...natural, GENDER],
}

let crowd: Crowd
beforeAll(async () => {
  crowd = await startCrowd({ proxyService: { schemes: [card, mobile, app] }, strategies: { app: appStrategy } })
}, 60_000)
afterAll(() => crowd.stop())

/** What the foreign connector asks for: these attributes, at this level at least. */
const asking = (level: string, attributes: readonly string[] = natural): Partial<AuthnRequest<XmlPart>> => ({
  requestedAuthnContext: { comparison: 'minimum', classRefs: [level], declRefs: [] },
  extensions: writeExtensions({
    spType: 'public',
    requestedAttributes: attributes.map((name) => ({ name, required: name !== GENDER })),
  }),
})

const ask = (level: string, more: { readonly id?: string; readonly attributes?: readonly string[] } = {}) =>
  askProxyService(crowd.target, { id: more.id ?? freshId(), ...asking(level, more.attributes) })

const offered = ({ body }: Answer) => [...body.matchAll(/name="scheme" value="([^"]+)"/g)].map(([, name]) => name)

const choose = (page: Answer, scheme: string) => submitStep(crowd.target, page, [['scheme', scheme]])

interface Begun {
  readonly page: Answer
  readonly flow: Omit<Flow, 'cookies' | 'handle' | 'requestId' | 'answerer'>
}

/** A request with a RelayState, and what the proxy service makes of it. */
async function begin(level: string): Promise<Begun> {
  const { target } = crowd
  const { connector: asker } = target.peers
  const askedId = freshId()
  const relayState = `state-${askedId.slice(1, 9)}`
  const message = await sign(mintRequest(asker, { ...asking(level), id: askedId }), asker.signing)
  const page = await postRequest(target, asker, message, relayState)
  return { page, flow: { target, half: 'proxy-service', asker, askedId, relayState } }
}

/** The identity provider of a scheme, which answers at that scheme's address. */
function providerOf(scheme: 'card' | 'mobile'): Peer {
  const provider = scheme === 'card' ? crowd.target.peers.identityProvider : crowd.secondIdentityProvider
  return { ...provider, destination: crowd.target.proxyService.acsOf(scheme) }
}

/** The sign-in in which this scheme was chosen, waiting for its identity provider. */
async function chosen(scheme: 'card' | 'mobile'): Promise<Flow> {
  const { page, flow } = await begin(low)
  return flowFrom({ ...flow, answerer: providerOf(scheme) }, await choose(page, scheme))
}

/** The same for the app: the handle is the state of its protocol, and the ID of the request. */
async function chosenApp(level: string = low): Promise<Flow> {
  const { page, flow } = await begin(level)
  const asked = await choose(page, 'app')
  const handle = new RegExp(`${APP}\\?state=([\\w-]+)`).exec(asked.body)?.[1] ?? ''
  const { identityProvider: answerer } = crowd.target.peers
  return { ...flow, answerer, handle, requestId: handle, cookies: cookiesOf(asked) }
}

const answerApp = ({ target, handle, cookies }: Flow, code: string) =>
  target.wire.get(`${target.proxyService.acsOf('app')}?state=${handle}&code=${code}`, { cookies })

/** The answer of whoever answers in this flow, at this class. */
function saying(flow: Flow, classRef: string, facts?: Facts): Promise<Uint8Array> {
  const { authnStatements } = assertionTo(flow)
  const assertion = {
    authnStatements: authnStatements.map((one) => ({ ...one, classRefs: [classRef] })),
    attributeStatements: [mintAttributes(flow.answerer, facts)],
  }
  return signedAnswer(flow, { assertion })
}

const familyName = ({ attributes }: Released) => attributes[`${NATURAL}CurrentFamilyName`]

async function consented(answer: Answer): Promise<Released> {
  return releasedIn(crowd.target, await submitStep(crowd.target, answer, [['action', 'continue']]))
}

describe('what a citizen may choose from', () => {
  test.each([
    [low, natural, ['card', 'mobile', 'app']],
    [substantial, natural, ['card', 'app']],
    [low, [...natural, GENDER], ['card', 'mobile', 'app']],
  ])('R-IA-19: at %s, for these attributes: the schemes that can give them', async (level, attributes, names) => {
    expect(offered(await ask(level, { attributes }))).toEqual(names)
  })

  test.each([
    ['a level only one reaches', high, natural],
    ['a person only one knows', low, legal],
  ])('R-IA-19: nothing for %s: that one is asked at once', async (_, level, attributes) => {
    const asked = await ask(level, { attributes })
    expect(fieldsOf(asked, crowd.target.peers.identityProvider.endpoint).has('SAMLRequest')).toBe(true)
  })

  test('the page says who asks, needs no script, and is in the language of the citizen', async () => {
    const { connector } = crowd.target.peers
    const message = await sign(mintRequest(connector, { id: freshId(), ...asking(low) }), connector.signing)
    const headers = { 'accept-language': 'fr' }
    const page = await postRequest(crowd.target, connector, message, undefined, { headers })
    expect(page.body).toContain('<html lang="fr">')
    expect(page.body).toContain('<bdi>Reading room</bdi>')
    expect(page.body).toContain('<bdi>Mobile eID</bdi>')
    expect(page.body.match(/<script[^>]*>/g)).toEqual(['<script src="/assets/once.js" defer>'])
  })

  test('R-MF-14: all that some scheme delivers is published, and nothing else', async () => {
    const { body } = await crowd.target.wire.get(crowd.target.proxyService.eidasMetadata)
    for (const name of [...natural, ...legal, GENDER]) expect(body).toContain(`"${name}"`)
    expect(body).not.toContain(`"${NATURAL}PlaceOfBirth"`)
  })
})

describe('the scheme that was chosen', () => {
  test('is asked, and its answer read with its own names', async () => {
    const byCard = await chosen('card')
    expect(familyName(await releasedIn(crowd.target, await complete(byCard)))).toEqual(['Quillfeather'])
    const byMobile = await chosen('mobile')
    const released = await releasedIn(crowd.target, await complete(byMobile, await saying(byMobile, low, mobileFacts)))
    expect(familyName(released)).toEqual(['Mobley'])
    expect(released.loa).toBe(low)
    const byApp = await consented(await answerApp(await chosenApp(), 'basic'))
    expect(familyName(byApp)).toEqual(['Appleyard'])
    expect(byApp.loa).toBe(low)
  })

  test('is believed up to its own highest level: EID_LOA above it, and for the class of another', async () => {
    const above = await chosen('mobile')
    expectAnswered(above, await postAnswer(above, await saying(above, substantial, mobileFacts)), 'EID_LOA')
    const other = await chosen('mobile')
    expectAnswered(other, await postAnswer(other, await saying(other, NATIONAL_SUBSTANTIAL, mobileFacts)), 'EID_LOA')
    const lower = await chosenApp(substantial)
    expectAnswered(lower, await answerApp(lower, 'basic'), 'EID_LOA')
  })

  test('is read with no names but its own: EID_MDS for those of another', async () => {
    const flow = await chosen('mobile')
    expectAnswered(flow, await postAnswer(flow, await saying(flow, low)), 'EID_MDS')
  })
})

describe('a choice that was not offered', () => {
  test.each([
    ['is unknown', substantial, [['scheme', 'ferry']]],
    ['does not reach the level', substantial, [['scheme', 'mobile']]],
    ['is a country', low, [['country', 'XB']]],
    ['is none', low, []],
    ['is agreement to something else', low, [['action', 'continue']]],
  ] as const)('STEP_INPUT to whoever asked: it %s', async (_, level, fields) => {
    const id = freshId()
    const answer = await submitStep(crowd.target, await ask(level, { id }), fields)
    expectRefused(crowd.target, answer, 'STEP_INPUT', id)
  })

  test('STEP_INPUT on a page for two at once; the right one still goes on', async () => {
    const page = await ask(low)
    const both = [
      ['scheme', 'card'],
      ['scheme', 'mobile'],
    ] as const
    expectPage(crowd.target, await submitStep(crowd.target, page, both), 'STEP_INPUT')
    expect((await choose(page, 'card')).body).toContain('SAMLRequest')
  })
})

describe('on the scheme page', () => {
  test('cancel is told to whoever asked, signed', async () => {
    const { page, flow } = await begin(low)
    const answer = await submitStep(crowd.target, page, [['action', 'cancel']])
    expectAnswered({ ...flow, answerer: flow.asker, handle: '', requestId: '', cookies: '' }, answer, 'USER_CANCELLED')
  })

  test('a second press, or another choice after the back button, is ST_GONE; the first choice goes on', async () => {
    const { page, flow } = await begin(low)
    const first = await choose(page, 'card')
    for (const again of ['card', 'mobile']) expectPage(crowd.target, await choose(page, again), 'ST_GONE')
    await expectStillOpen(flowFrom({ ...flow, answerer: providerOf('card') }, first))
  })

  test('ST_SESSION for a choice from another browser', async () => {
    const page = await ask(low)
    const elsewhere = { ...page, headers: { ...page.headers, 'set-cookie': [] } }
    expectPage(crowd.target, await choose(elsewhere, 'card'), 'ST_SESSION')
    expect((await choose(page, 'card')).status).toBe(200)
  })
})

describe('A-165: the answer of a scheme that was not asked', () => {
  test.each(['card', 'mobile'] as const)('SAML_MIXUP: of %s, at the address of the other', async (other) => {
    const flow = await chosen(other === 'card' ? 'mobile' : 'card')
    const byOther = { ...flow, answerer: { ...providerOf(other), destination: flow.answerer.destination } }
    const message = other === 'card' ? await signedAnswer(byOther) : await saying(byOther, low, mobileFacts)
    expectAnswered(flow, await postAnswer(flow, message), 'SAML_MIXUP')
  })

  test.each(['card', 'mobile'] as const)('SAML_MIXUP: of %s, at its own address', async (other) => {
    const flow = await chosen(other === 'card' ? 'mobile' : 'card')
    const byOther = { ...flow, answerer: providerOf(other) }
    const message = other === 'card' ? await signedAnswer(byOther) : await saying(byOther, low, mobileFacts)
    expectAnswered(flow, await postAnswer(byOther, message), 'SAML_MIXUP')
  })

  test('SAML_MIXUP: the right answer at the address of another scheme', async () => {
    const flow = await chosen('card')
    const elsewhere = { ...flow, answerer: { ...flow.answerer, destination: providerOf('mobile').destination } }
    expectAnswered(flow, await postAnswer(elsewhere, await signedAnswer(flow)), 'SAML_MIXUP')
  })

  test('SAML_MIXUP: of the app, where a SAML scheme was asked', async () => {
    const flow = await chosen('card')
    expectAnswered(flow, await answerApp(flow, 'enhanced'), 'SAML_MIXUP')
  })

  test('SAML_MIXUP: of a SAML scheme, where the app was asked', async () => {
    const flow = await chosenApp()
    const byCard = { ...flow, answerer: providerOf('card') }
    expectAnswered(flow, await postAnswer(byCard, await signedAnswer(byCard)), 'SAML_MIXUP')
  })

  test('SAML_IRT: of the same identity provider to another sign-in', async () => {
    const [first, second] = [await chosen('card'), await chosen('card')]
    expectAnswered(first, await postAnswer(first, await signedAnswer(second)), 'SAML_IRT')
  })
})

describe('R-LAW-22: suspension, without a restart', () => {
  let configuration: Record<string, object>
  beforeAll(async () => {
    configuration = JSON.parse(await readFile(join(crowd.target.folder, 'node.json'), 'utf8'))
  })
  afterEach(() => suspend({}))

  async function suspend(suspended: object): Promise<void> {
    const changed = { ...configuration, trust: { ...configuration['trust'], suspended } }
    await writeFile(join(crowd.target.folder, 'node.json'), JSON.stringify(changed))
    await crowd.target.refresh()
  }

  test.each([
    ['by name', { schemes: ['mobile'] }, ['card', 'app']],
    ['by entityID', { entityIds: [mobile.entityId] }, ['card', 'app']],
    ['a strategy by name', { schemes: ['app'] }, ['card', 'mobile']],
    ['a strategy by entityID', { entityIds: [APP] }, ['card', 'mobile']],
  ])('%s: the scheme is not offered, until it is back', async (_, suspended, left) => {
    await suspend(suspended)
    expect(offered(await ask(low))).toEqual(left)
    await suspend({})
    expect(offered(await ask(low))).toEqual(['card', 'mobile', 'app'])
  })

  test('the only one that is left is asked at once', async () => {
    await suspend({ schemes: ['mobile', 'app'] })
    expect((await ask(low)).body).toContain(crowd.target.peers.identityProvider.endpoint)
  })

  test.each([
    ['none is left', low, { schemes: ['card', 'app'], entityIds: [mobile.entityId] }],
    ['none is left that reaches the level', high, { schemes: ['card'] }],
  ])('AUTHN_FAILED to whoever asks when %s', async (_, level, suspended) => {
    await suspend(suspended)
    const id = freshId()
    expectRefused(crowd.target, await ask(level, { id }), 'AUTHN_FAILED', id)
  })

  test('AUTHN_FAILED for a choice made before, and for an answer under way', async () => {
    const id = freshId()
    const page = await ask(low, { id })
    const [byMobile, byApp] = [await chosen('mobile'), await chosenApp()]
    await suspend({ schemes: ['mobile', 'app'] })
    expectRefused(crowd.target, await choose(page, 'mobile'), 'AUTHN_FAILED', id)
    expectAnswered(byMobile, await postAnswer(byMobile, await saying(byMobile, low, mobileFacts)), 'AUTHN_FAILED')
    expectAnswered(byApp, await answerApp(byApp, 'enhanced'), 'AUTHN_FAILED')
  })
})
