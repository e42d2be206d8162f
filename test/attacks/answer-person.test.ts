import { attributeNameFormats, nameIdFormats } from '../../src/saml/uris.ts'
import { eidas } from '../../src/xml/names.ts'
import { el } from '../../src/xml/writer.ts'
import { attempt, expectAccepted, type Forgery, type WayName } from '../testkit/forge.ts'
import { citizen } from '../testkit/mint.ts'
import { LEGAL, legalIdentifier, legalName, NATURAL, releasing, saying } from '../testkit/said.ts'
import { startTarget, type Target } from '../testkit/target.ts'

/* whom an answer of ours names. Only what passed the rules of the profile may say who the citizen is. */

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
