import { attributeNameFormats, nameIdFormats } from '../../src/saml/uris.ts'
import { eidas } from '../../src/xml/names.ts'
import { el } from '../../src/xml/writer.ts'
import { APP, appNames, appStrategyBy } from '../testkit/app-scheme.ts'
import { linkOf, postRequest, submitStep } from '../testkit/flow.ts'
import { attempt, expectAccepted, expectRefusal, type Forgery, type WayName } from '../testkit/forge.ts'
import { citizen, mintRequest, sign } from '../testkit/mint.ts'
import { LOA } from '../testkit/peers.ts'
import { LEGAL, legalIdentifier, legalName, NATURAL, releasing, saying, written } from '../testkit/said.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { refusalOf, releasedIn } from '../testkit/verdict.ts'
import { type Answer, cookiesOf } from '../testkit/wire.ts'

/*
 * whom an answer of ours names, and since when she is known. Only what passed the rules of the profile may
 * say who the citizen is, and only an authentication that we asked for counts.
 */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

const ABROAD = 'connector acs, sealed assertion'
const AT_HOME = 'proxy-service acs, clear assertion'

function named(value: string, format: string = nameIdFormats.persistent): Forgery {
  return {
    assertion: ({ subject }) => ({
      subject: { confirmations: subject?.confirmations ?? [], nameId: { value, format } },
    }),
  }
}

const asking = (...names: readonly string[]): Forgery => ({
  asking: {
    extensions: [
      el(
        eidas('RequestedAttributes'),
        {},
        ...names.map((Name) =>
          el(eidas('RequestedAttribute'), { Name, NameFormat: attributeNameFormats.uri, isRequired: 'true' }),
        ),
      ),
    ],
  },
})

const SECOND = 1_000
const DAY = 86_400 * SECOND

/** Authenticated at this instant, from the present one. */
function authenticated(at: (now: number) => number): Forgery {
  return {
    assertion: ({ authnStatements, issueInstant }) => ({
      authnStatements: authnStatements.map((one) => ({ ...one, authnInstant: at(issueInstant) })),
    }),
  }
}

const liars = [
  'XC/XA/someone',
  'XB/XA/someone',
  'XA/XA/someone',
  'XB/XA/02635542Y\u200b',
  '\u202eXB/XA/02635542Y',
  'someone',
  '  XB/XA/someone\n',
  '\u3164',
  '<!--',
]

const whom: readonly (readonly [way: WayName, identifier: string])[] = [
  [ABROAD, `XB/XA/${citizen.PersonIdentifier}`],
  [AT_HOME, `XA/XB/${citizen.PersonIdentifier}`],
  ['proxy-service acs, sealed assertion', `XA/XB/${citizen.PersonIdentifier}`],
]

describe.each(whom)('%s', (way, identifier) => {
  test.each(liars)('A-290 a NameID of %j is not passed on: ours is the identifier that was judged', async (value) => {
    const released = await expectAccepted(await attempt(target, way, named(value)))
    expect(released?.nameId).toBe(identifier)
    expect(released?.attributes[`${NATURAL}PersonIdentifier`]).toEqual([identifier])
  })
})

describe('connector acs', () => {
  test('A-290 an identifier with white space around it is named without', async () => {
    const forgery = saying('PersonIdentifier', '\n XB/XA/7 \n')
    const released = await expectAccepted(await attempt(target, ABROAD, forgery))
    expect(released?.nameId).toBe('XB/XA/7')
  })

  test('A-290 a service that did not ask for the identifier gets it as the NameID, and the attribute not', async () => {
    const forgery = { ...named('XC/XA/someone'), ...asking(`${NATURAL}DateOfBirth`) }
    const released = await expectAccepted(await attempt(target, ABROAD, forgery))
    expect(released).toMatchObject({ nameId: `XB/XA/${citizen.PersonIdentifier}` })
    expect(Object.keys(released?.attributes ?? {})).toEqual([`${NATURAL}DateOfBirth`])
  })

  test('A-290 a legal person is named by the LegalPersonIdentifier', async () => {
    const right = releasing(() => [legalIdentifier, legalName])
    const forgery: Forgery = {
      ...asking(`${LEGAL}LegalPersonIdentifier`, `${LEGAL}LegalName`),
      assertion: (assertion, flow) => ({
        ...right.assertion?.(assertion, flow),
        ...named('XB/XA/somebody').assertion?.(assertion, flow),
      }),
    }
    const released = await expectAccepted(await attempt(target, ABROAD, forgery))
    expect(released?.nameId).toBe('XB/XA/9')
  })

  test('A-290 a transient NameID is one of ours: it repeats nothing that came', async () => {
    const transient = { ...named('XC/XA/someone', nameIdFormats.transient) }
    const forgery = { ...transient, asking: { nameIdPolicy: { format: nameIdFormats.transient, allowCreate: true } } }
    const released = await expectAccepted(await attempt(target, ABROAD, forgery))
    expect(released?.nameId).toMatch(/^_[0-9a-f]{40}$/)
  })
})

describe.each([ABROAD, AT_HOME] as const)('%s', (way) => {
  test.each<[string, (now: number) => number]>([
    ['in 1970', () => 0],
    ['30 days ago', (now) => now - 30 * DAY],
    ['an hour ago', (now) => now - 3_600 * SECOND],
    ['before we asked, by more than clocks differ', (now) => now - 65 * SECOND],
    ['in 65 seconds', (now) => now + 65 * SECOND],
  ])('A-291 a citizen who was authenticated %s is refused', async (_, at) => {
    await expectRefusal(await attempt(target, way, authenticated(at)), 'SAML_TIME')
  })

  test.each<[string, number]>([
    ['a moment ago', -1],
    ['20 seconds ago, by a clock that is behind', -20_000],
  ])('A-291 a citizen was authenticated %s: whoever asked is told the instant', async (_, ago) => {
    let at = 0
    const forgery = authenticated((now) => {
      at = now + ago
      return at
    })
    const released = await expectAccepted(await attempt(target, way, forgery))
    expect(released?.authnInstant).toBe(at)
  })

  test('A-291 a clock that is ahead of ours does not make an answer of ours speak of the future', async () => {
    const released = await expectAccepted(
      await attempt(
        target,
        way,
        authenticated((now) => now + 20 * SECOND),
      ),
    )
    expect(released?.authnInstant).toBeLessThanOrEqual(Date.now())
  })
})

describe('connector acs, an identifier that was made for others', () => {
  test.each(['XB/ZZ/1', 'XB/XC/1', 'XB/XB/1'])('A-292 the identifier %j is of nobody here', async (identifier) => {
    await expectRefusal(await attempt(target, ABROAD, saying('PersonIdentifier', identifier)), 'EID_COUNTRY')
  })

  test('A-292 nor is that of a legal person', async () => {
    const forgery = {
      ...releasing(() => [written(`${LEGAL}LegalPersonIdentifier`, 'XB/ZZ/9'), legalName]),
      ...asking(`${LEGAL}LegalPersonIdentifier`, `${LEGAL}LegalName`),
    }
    await expectRefusal(await attempt(target, ABROAD, forgery), 'EID_COUNTRY')
  })
})

describe('what the operator grants', () => {
  let granting: Target
  beforeAll(async () => {
    granting = await startTarget({
      scheme: { earlierAuthenticationSeconds: 3_600 },
      config: { connector: { identifiersFor: { XB: ['ZZ', 'EU'] } } },
    })
  }, 60_000)
  afterAll(() => granting.stop())

  test('A-291 a scheme with a session of its own: the true instant goes abroad, and not the present one', async () => {
    let at = 0
    const forgery = authenticated((now) => {
      at = now - 3_000 * SECOND
      return at
    })
    const released = await expectAccepted(await attempt(granting, AT_HOME, forgery))
    expect(released?.authnInstant).toBe(at)
  })

  test('A-291 what is granted to a scheme has an end, and is granted to no country', async () => {
    await expectRefusal(
      await attempt(
        granting,
        AT_HOME,
        authenticated((now) => now - 3_700 * SECOND),
      ),
      'SAML_TIME',
    )
    await expectRefusal(
      await attempt(
        granting,
        ABROAD,
        authenticated((now) => now - 3_000 * SECOND),
      ),
      'SAML_TIME',
    )
  })

  test('A-292 a country whose identifiers are made for all: they are taken as they are', async () => {
    const released = await expectAccepted(await attempt(granting, ABROAD, saying('PersonIdentifier', 'XB/ZZ/1')))
    expect(released?.nameId).toBe('XB/ZZ/1')
    await expectRefusal(await attempt(granting, ABROAD, saying('PersonIdentifier', 'XB/XC/1')), 'EID_COUNTRY')
  })

  test('A-292 each is told at start', () => {
    const told = granting.logged.join('')
    expect(told).toContain('proxyService.schemes[0] takes citizens who were authenticated up to 3600 s before we asked')
    expect(told).toContain('connector.identifiersFor takes identifiers from XB that are for ZZ EU')
  })
})

describe('a Passport strategy', () => {
  test.each<[string, (now: number) => number]>([
    ['of 1970', () => 0],
    ['of an hour ago', (now) => now - 3_600 * SECOND],
    ['of tomorrow', (now) => now + DAY],
    ['that is none', () => Number.NaN],
  ])('A-291 an authentication %s is refused', async (_, at) => {
    await withStrategy(at, async (plugged) => {
      const refused = await signInByApp(plugged)
      expect(refusalOf(plugged, refused)).toBe('SAML_TIME')
    })
  })

  test('A-291 the instant that it says goes abroad', async () => {
    let at = 0
    const moment = (now: number) => {
      at = now - SECOND
      return at
    }
    await withStrategy(moment, async (plugged) => {
      expect((await releasedIn(plugged, await signInByApp(plugged))).authnInstant).toBe(at)
    })
  })
})

const app = {
  kind: 'passport',
  name: 'app',
  strategy: 'app',
  mapping: {
    attributes: Object.fromEntries(Object.entries(appNames).map(([national, local]) => [national, NATURAL + local])),
    loa: { enhanced: `${LOA}substantial` },
  },
}

/** A node whose one scheme is an app that says this instant. */
async function withStrategy(at: (now: number) => number, run: (plugged: Target) => Promise<void>): Promise<void> {
  const strategies = { app: appStrategyBy('state', undefined, at) }
  const plugged = await startTarget({ proxyService: { schemes: [app] }, strategies })
  try {
    await run(plugged)
  } finally {
    await plugged.stop()
  }
}

/** The sign-in of a citizen by the app, until whoever asked is answered. */
async function signInByApp(plugged: Target): Promise<Answer> {
  const { connector } = plugged.peers
  const asked = await postRequest(plugged, connector, await sign(mintRequest(connector), connector.signing))
  const handle = linkOf(asked, APP)?.searchParams.get('state') ?? ''
  const answer = new URLSearchParams({ state: handle, code: 'enhanced' })
  const page = await plugged.wire.get(`${plugged.proxyService.acsOf('app')}?${answer}`, { cookies: cookiesOf(asked) })
  return page.body.includes('value="continue"') ? submitStep(plugged, page, [['action', 'continue']]) : page
}
