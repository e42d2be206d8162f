import type { FaultCode } from '../../src/errors/faults.ts'
import { attributeNameFormats } from '../../src/saml/uris.ts'
import { saml } from '../../src/xml/names.ts'
import { el, type XmlPart } from '../../src/xml/writer.ts'
import { attempt, expectAccepted, expectRefusal, type Forgery } from '../testkit/forge.ts'
import { citizen, type Facts, mintAttributes } from '../testkit/mint.ts'
import { LOA, NATIONAL_SUBSTANTIAL } from '../testkit/peers.ts'
import { NATURAL } from '../testkit/said.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { responseIn } from '../testkit/verdict.ts'

/*
 * in the answers of an identity provider of our own country: what may not
 * leave it under the name of eIDAS.
 */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

const WAY = 'proxy-service acs, clear assertion'

type Attack = readonly [title: string, forgery: Forgery, code: FaultCode]

/** The citizen, otherwise; undefined for what is not said. */
const saying = (change: Readonly<Record<string, string | undefined>>): Forgery => ({
  assertion: (_, { answerer }) => {
    const said = Object.entries<string | undefined>({ ...citizen, ...change })
    const facts: Facts = Object.fromEntries(
      said.flatMap(([fact, value]) => (value === undefined ? [] : [[fact, value]])),
    )
    return { attributeStatements: [mintAttributes(answerer, facts)] }
  },
})

/** One more attribute, under this very name. */
const also = (name: string, ...values: readonly (XmlPart | string)[]): Forgery => ({
  assertion: (_, { answerer }) => ({
    attributeStatements: [
      [
        ...mintAttributes(answerer),
        {
          name,
          nameFormat: attributeNameFormats.basic,
          values: values.map((value) => el(saml('AttributeValue'), {}, value)),
        },
      ],
    ],
  }),
})

const reaching = (classRef: string): Forgery => ({
  assertion: ({ authnStatements }) => ({
    authnStatements: authnStatements.map((one) => ({ ...one, classRefs: [classRef] })),
  }),
})

const attacks: readonly Attack[] = [
  ['A-184 a class nobody mapped', reaching('urn:xa:eid:level4'), 'EID_LOA'],
  ['A-184 a level of eIDAS where classes are mapped', reaching(`${LOA}high`), 'EID_LOA'],
  ['A-184 a class in capitals', reaching(NATIONAL_SUBSTANTIAL.toUpperCase()), 'EID_LOA'],
  ['A-184 a class with a blank that XML has not', reaching(`${NATIONAL_SUBSTANTIAL}\u00a0`), 'EID_LOA'],
  ['A-184 a class that every object has', reaching('constructor'), 'EID_LOA'],
  ['A-187 an identifier of another country', saying({ PersonIdentifier: 'XB/XA/1' }), 'EID_PID'],
  ['A-187 an identifier for another country', saying({ PersonIdentifier: 'XA/XC/1' }), 'EID_PID'],
  ['A-188 white space in an identifier', saying({ PersonIdentifier: '0263 5542' }), 'EID_PID'],
  ['A-188 a line end in an identifier', saying({ PersonIdentifier: '0263\n5542' }), 'EID_TEXT'],
  ['A-188 an identifier of 251 characters', saying({ PersonIdentifier: '1'.repeat(251) }), 'EID_PID'],
  ...Object.keys(citizen).map((fact): Attack => [`A-189 no ${fact}`, saying({ [fact]: undefined }), 'EID_MDS']),
  ...Object.keys(citizen).map((fact): Attack => [`A-189 an empty ${fact}`, saying({ [fact]: '' }), 'EID_MDS']),
  ['A-190 a representative', also(`${NATURAL}representative/CurrentFamilyName`, 'Other'), 'EID_REPR'],
  ['A-177 the same thing under two names', also(`${NATURAL}CurrentFamilyName`, 'Evil'), 'SAML_DUP_ATTR'],
  ['A-193 born on the 30th of February', saying({ DateOfBirth: '1964-02-30' }), 'EID_VALUE'],
  ['A-193 born in the national way', saying({ DateOfBirth: '31.12.1964' }), 'EID_VALUE'],
  ['A-193 born in the future', saying({ DateOfBirth: '2999-01-01' }), 'EID_VALUE'],
  ['A-196 a right-to-left override', saying({ CurrentFamilyName: 'Quill\u202efeather' }), 'EID_TEXT'],
  ['A-196 a zero-width space', saying({ CurrentFamilyName: 'Quill\u200bfeather' }), 'EID_TEXT'],
  ['A-196 U+FEFF', saying({ CurrentGivenName: '\ufeffMarigold' }), 'EID_TEXT'],
  ['A-196 1,025 characters', saying({ CurrentGivenName: 'M'.repeat(1_025) }), 'EID_TEXT'],
]

describe('proxy-service acs', () => {
  test.each(attacks)('%s is refused', async (_, forgery, code) => {
    await expectRefusal(await attempt(target, WAY, forgery), code)
  })

  test.each<[string, Forgery]>([
    ['a name that every object has', also('__proto__', 'evil')],
    ['a name in other letters', also('SURNAME', 'Evil')],
    ['an attribute nobody mapped', also('taxNumber', '4711')],
    ['an attribute nobody mapped, of elements', also('history', el(saml('NameID'), {}, 'evil'))],
    ['an attribute that was not asked for', also('birthPlace', 'Athens')],
  ])('A-191 %s goes no further', async (_, forgery) => {
    const released = await expectAccepted(await attempt(target, WAY, forgery))
    expect(released?.attributes).toEqual({
      [`${NATURAL}PersonIdentifier`]: [`XA/XB/${citizen.PersonIdentifier}`],
      [`${NATURAL}CurrentFamilyName`]: [citizen.CurrentFamilyName],
      [`${NATURAL}CurrentGivenName`]: [citizen.CurrentGivenName],
      [`${NATURAL}DateOfBirth`]: [citizen.DateOfBirth],
    })
  })

  test.each([
    '</saml2:AttributeValue></saml2:Attribute><saml2:Attribute Name="x">',
    ']]>&lt;!-- "quoted" -->',
    'O\'Brien & "Sons"',
    'Zoe\u0308',
    'Żółć',
  ])('A-182, A-183 the name %j leaves as it came', async (CurrentFamilyName) => {
    const released = await expectAccepted(await attempt(target, WAY, saying({ CurrentFamilyName })))
    expect(released?.attributes).toMatchObject({ [`${NATURAL}CurrentFamilyName`]: [CurrentFamilyName] })
  })
})

test('proxy-service sso: A-184 a level that no eID of ours reaches is refused before anybody signs in', async () => {
  const requestedAuthnContext = { comparison: 'minimum', classRefs: [`${LOA}high`], declRefs: [] } as const
  const forgery: Forgery = { request: () => ({ requestedAuthnContext }) }
  await expectRefusal(await attempt(target, 'proxy-service sso', forgery), 'EID_LOA', 'asker')
})

describe('what leaves the country when there is no identity', () => {
  const taken = ['AuthnFailed', 'InvalidAttrNameOrValue', 'InvalidNameIDPolicy', 'RequestDenied']

  test.each<[string, Forgery]>([
    ['the level is too low', reaching('urn:xa:eid:level4')],
    ['a mandatory attribute is missing', saying({ DateOfBirth: undefined })],
    ['the answer is another identity provider’s', { response: () => ({ issuer: { value: 'https://evil.example/' } }) }],
  ])('a second-level code that the EU node takes, and why in the message: %s', async (_, forgery) => {
    const { answer } = await attempt(target, WAY, forgery)
    const { codes, message } = responseIn(target, answer, 'connector').status
    expect(taken).toContain(codes[1]?.split(':').at(-1))
    expect(message).toMatch(/^[A-Z_]+ - /)
  })
})
