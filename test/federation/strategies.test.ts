import { notifiedLevels } from '../../src/identity/loa.ts'
import { APP, appNames, appStrategyBy } from '../testkit/app-scheme.ts'
import { askProxyService } from '../testkit/asked.ts'
import {
  type Flow,
  flowFrom,
  linkOf,
  partiesOf,
  postAnswer,
  postRequest,
  signedAnswer,
  submitStep,
} from '../testkit/flow.ts'
import { freshId, mintRequest, sign } from '../testkit/mint.ts'
import { NATIONAL_SUBSTANTIAL, nationalNames } from '../testkit/peers.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectAnswered, expectPage, expectRefused, expectStillOpen, releasedIn } from '../testkit/verdict.ts'
import { type Answer, cookiesOf } from '../testkit/wire.ts'

/** Two Passport strategies beside a SAML scheme: one has its handle in `state`, the other in `RelayState`. */
const [low, substantial] = notifiedLevels
const NATURAL = 'http://eidas.europa.eu/attributes/naturalperson/'

const named = (names: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(names).map(([national, local]) => [national, NATURAL + local]))
const cardNames = Object.fromEntries(Object.entries(nationalNames).map(([local, national]) => [national, local]))

const card = {
  kind: 'saml',
  name: 'card',
  displayName: 'Identity card',
  entityId: 'https://idp.xa.example/metadata',
  mapping: { attributes: named(cardNames), loa: { [NATIONAL_SUBSTANTIAL]: substantial } },
}
const byPassport = (parameter: 'state' | 'RelayState') => ({
  kind: 'passport',
  name: parameter.toLowerCase(),
  displayName: `App by ${parameter}`,
  strategy: parameter.toLowerCase(),
  mapping: { attributes: named(appNames), loa: { basic: low, enhanced: substantial } },
})

/** Two banks that name themselves in their answers: of one its code says how, of the other the configuration. */
const issuerOf = (name: Bank) => `https://${name}.xa.example`
const bank = (name: Bank) => ({
  ...byPassport('state'),
  name,
  displayName: name,
  strategy: name,
  ...(name === 'bank-b' ? { issuer: issuerOf(name) } : {}),
})
type Bank = 'bank-a' | 'bank-b'

let target: Target
beforeAll(async () => {
  target = await startTarget({
    proxyService: { schemes: [card, byPassport('state'), byPassport('RelayState'), bank('bank-a'), bank('bank-b')] },
    strategies: {
      state: appStrategyBy('state'),
      relaystate: appStrategyBy('RelayState'),
      'bank-a': appStrategyBy('state', issuerOf('bank-a')),
      'bank-b': appStrategyBy('state'),
    },
  })
}, 60_000)
afterAll(() => target.stop())

interface Waiting extends Flow {
  /** Where the app is asked. */
  readonly location: URL | undefined
}

/** A sign-in that waits for this scheme. */
async function waitingFor(scheme: 'card' | 'state' | 'RelayState' | Bank, level: string = low): Promise<Waiting> {
  const { asker, answerer: provider } = partiesOf(target, 'proxy-service')
  const answerer = { ...provider, destination: target.proxyService.acsOf(scheme.toLowerCase()) }
  const askedId = freshId()
  const relayState = `state-${askedId.slice(1, 9)}`
  const requestedAuthnContext = { comparison: 'minimum', classRefs: [level], declRefs: [] } as const
  const message = await sign(mintRequest(asker, { id: askedId, requestedAuthnContext }), asker.signing)
  const page = await postRequest(target, asker, message, relayState)
  const asked = await submitStep(target, page, [['scheme', scheme.toLowerCase()]])
  const begun = { target, half: 'proxy-service', asker, answerer, askedId, relayState } as const
  if (scheme === 'card') return { ...flowFrom(begun, asked), location: undefined }
  const location = linkOf(asked, APP)
  const handle = location?.searchParams.get(scheme === 'RelayState' ? scheme : 'state') ?? ''
  return { ...begun, handle, requestId: handle, location, cookies: cookiesOf(asked) }
}

/** The answer of the app that the first of these sign-ins waits for, in a browser with all of them. */
function answer(parameters: Readonly<Record<string, string>>, ...flows: readonly Flow[]): Promise<Answer> {
  return answerAt(flows[0]?.answerer.destination ?? '', parameters, ...flows)
}

function answerAt(
  callback: string,
  parameters: Readonly<Record<string, string>>,
  ...flows: readonly Flow[]
): Promise<Answer> {
  const cookies = flows.map((flow) => flow.cookies).join('; ')
  return target.wire.get(`${callback}?${new URLSearchParams(parameters)}`, { cookies })
}

const agreed = async (page: Answer) => releasedIn(target, await submitStep(target, page, [['action', 'continue']]))

const lastFault = () => target.faults().at(-1)

describe('the handle of a strategy', () => {
  test.each(['state', 'RelayState'] as const)('comes back in its own parameter: %s', async (parameter) => {
    const flow = await waitingFor(parameter)
    expect((await agreed(await answer({ [parameter]: flow.handle, code: 'basic' }, flow))).loa).toBe(low)
  })

  test.each([
    ['state', 'RelayState'],
    ['RelayState', 'state'],
  ] as const)('A-165: %s is not taken from %s: ST_GONE, and the sign-in goes on', async (parameter, other) => {
    const flow = await waitingFor(parameter)
    expectPage(target, await answer({ [other]: flow.handle, code: 'basic' }, flow), 'ST_GONE')
    expect((await agreed(await answer({ [parameter]: flow.handle, code: 'basic' }, flow))).loa).toBe(low)
  })

  test('A-234: of the handles of two sign-ins in one answer, the one of that address counts and the other stays', async () => {
    const [first, second] = [await waitingFor('state'), await waitingFor('RelayState')]
    const both = { state: first.handle, RelayState: second.handle, code: 'basic' }
    expect((await agreed(await answer(both, first, second))).inResponseTo).toBe(first.askedId)
    expect((await agreed(await answer({ RelayState: second.handle, code: 'basic' }, second))).loa).toBe(low)
  })

  test('ST_SESSION in another browser, ST_GONE without one, and the sign-in goes on', async () => {
    const flow = await waitingFor('state')
    const inAnother = { ...flow, cookies: '' }
    expectPage(target, await answer({ state: flow.handle, code: 'basic' }, inAnother), 'ST_SESSION')
    expectPage(target, await answer({ code: 'basic' }, flow), 'ST_GONE')
    expect((await agreed(await answer({ state: flow.handle, code: 'basic' }, flow))).loa).toBe(low)
  })

  test('ST_GONE for an answer by SAML without one, with the reason in the log', async () => {
    const flow = await waitingFor('card')
    const fields = [['SAMLResponse', Buffer.from(await signedAnswer(flow)).toString('base64')]] as const
    const { destination } = flow.answerer
    expectPage(target, await target.wire.post(destination, fields, { cookies: flow.cookies }), 'ST_GONE')
    expect(lastFault()?.detail).toBe('an answer without RelayState')
    await expectStillOpen(flow)
  })

  test('of a SAML scheme beside it is RelayState, whatever other fields its form has: ST_GONE', async () => {
    const flow = await waitingFor('card')
    const message = Buffer.from(await signedAnswer(flow)).toString('base64')
    const sent = (fields: readonly (readonly [string, string])[]) =>
      target.wire.post(flow.answerer.destination, fields, { cookies: flow.cookies })
    expectPage(
      target,
      await sent([
        ['SAMLResponse', message],
        ['state', flow.handle],
        ['RelayState', 'x'],
      ]),
      'ST_GONE',
    )
    await expectStillOpen(flow)
  })
})

describe.each(['bank-a', 'bank-b'] as const)('A-300, RFC 9207: at the address of %s', (name) => {
  const other = name === 'bank-a' ? 'bank-b' : 'bank-a'

  test('its code counts with its own iss', async () => {
    const flow = await waitingFor(name)
    const said = { state: flow.handle, code: 'basic', iss: issuerOf(name) }
    expect((await agreed(await answer(said, flow))).inResponseTo).toBe(flow.askedId)
  })

  test.each([
    ['of the other bank', { iss: issuerOf(other) }],
    ['of another spelling', { iss: `${issuerOf(name)}/` }],
    ['in capitals', { ISS: issuerOf(name) }],
    ['that is none', {}],
  ])('a code with an iss %s does not reach its strategy: SAML_MIXUP', async (_, said) => {
    const flow = await waitingFor(name)
    expectAnswered(flow, await answer({ state: flow.handle, code: 'throws', ...said }, flow), 'SAML_MIXUP')
  })

  test('two of them are refused: BIND_DUP_PARAM', async () => {
    const flow = await waitingFor(name)
    const query = `state=${flow.handle}&code=basic&iss=${issuerOf(name)}&iss=${issuerOf(other)}`
    const answered = await target.wire.get(`${flow.answerer.destination}?${query}`, { cookies: flow.cookies })
    expectPage(target, answered, 'BIND_DUP_PARAM')
  })

  test('the code of the other bank, at the address of the other bank, is SAML_MIXUP', async () => {
    const flow = await waitingFor(name)
    const said = { state: flow.handle, code: 'basic', iss: issuerOf(other) }
    expectAnswered(flow, await answerAt(target.proxyService.acsOf(other), said, flow), 'SAML_MIXUP')
  })
})

test('A-300 every scheme has an address of its own, and what all had in common is gone', async () => {
  const { body } = await target.wire.get(target.proxyService.nationalMetadata)
  const published = [...body.matchAll(/<md:AssertionConsumerService [^>]*Location="([^"]+)"/g)].map(([, at]) => at)
  expect(published).toEqual(['card', 'state', 'relaystate', 'bank-a', 'bank-b'].map(target.proxyService.acsOf))
  const common = target.proxyService.acsOf('card').replace(/\/card$/, '')
  for (const gone of [common, `${common}/`, `${common}/ferry`]) {
    expectPage(target, await target.wire.post(gone, []), 'WEB_UNKNOWN')
  }
})

test.each([
  [low, 'basic enhanced'],
  [substantial, 'enhanced'],
])('R-IA-20: a strategy is told which of its classes are enough for %s', async (level, classRefs) => {
  const { location } = await waitingFor('state', level)
  expect(location?.searchParams.get('acr_values')).toBe(classRefs)
})

describe('a strategy that fails', () => {
  test.each(['throws', 'rejects', 'reports'])(
    '%s: AUTHN_FAILED, and nothing of the citizen in the log',
    async (mishap) => {
      const flow = await waitingFor('state')
      expectAnswered(flow, await answer({ state: flow.handle, code: mishap }, flow), 'AUTHN_FAILED')
      expect(lastFault()?.detail).toMatch(/^(TypeError|Error invalid_grant) at /)
      expect(target.logged.join('')).not.toContain('02635542Y')
    },
  )

  test('says nothing: AUTHN_FAILED after its time', async () => {
    const flow = await waitingFor('state')
    expectAnswered(flow, await answer({ state: flow.handle, code: 'says nothing' }, flow), 'AUTHN_FAILED')
    expect(lastFault()?.detail).toBe('the strategy said nothing for 1 s')
  })

  test('the node is still there', async () => {
    const id = freshId()
    const isPassive = true
    expectRefused(target, await askProxyService(target, { id, isPassive }), 'SAML_PASSIVE', id)
    const flow = await waitingFor('card')
    expect((await postAnswer(flow, await signedAnswer(flow))).status).toBe(200)
  })
})
