import { attributeDefinitions, dataSet } from '../../src/identity/attributes.ts'
import { writeExtensions } from '../../src/profiles/eidas/extensions.ts'
import type { Assertion } from '../../src/saml/assertion.ts'
import { attributeNameFormats, confirmationMethods, statuses } from '../../src/saml/uris.ts'
import type { QName } from '../../src/xml/element.ts'
import { ds, saml, samlp, xsi } from '../../src/xml/names.ts'
import { el, withQualified, type XmlPart } from '../../src/xml/writer.ts'
import { openFlow, postAnswer, recipientOf } from '../testkit/flow.ts'
import {
  type Attempt,
  assertionWays,
  attempt,
  expectAccepted,
  expectRefusal,
  type Forgery,
  requestWays,
  responseWays,
  type WayName,
} from '../testkit/forge.ts'
import { encryptFor, mintAssertion, mintResponse, sign } from '../testkit/mint.ts'
import { changed, LEGAL, NATURAL, type Said, saying } from '../testkit/said.ts'
import { all, appended, at, attribute, content, doubled, prepended } from '../testkit/surgery.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { refusalOf, responseIn } from '../testkit/verdict.ts'

/**
 * Answers in forms that others write them in and that public bug reports are about. The titles say the rule; the number in
 * brackets is the form's.
 */

const HOME = 'proxy-service acs, clear assertion'
const ABROAD = 'connector acs, sealed assertion'
const own = [
  [HOME, 'XA/XB/'],
  [ABROAD, 'XB/XA/'],
] as const

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

/** What an answer releases of the citizen whatever else is in it. */
const usual = (way: WayName) => ({
  [`${NATURAL}PersonIdentifier`]: [`${way === HOME ? own[0][1] : own[1][1]}02635542Y`],
  [`${NATURAL}CurrentFamilyName`]: ['Quillfeather'],
  [`${NATURAL}CurrentGivenName`]: ['Marigold'],
  [`${NATURAL}DateOfBirth`]: ['1964-12-31'],
})

/** The request asks for these beside the minimum data set. */
function wanting(...optional: readonly string[]): Forgery {
  const mandatory = dataSet('natural').filter((one) => one.mandatory)
  const names = [...mandatory.map(({ name }) => name), ...optional.map((local) => NATURAL + local)]
  const requestedAttributes = names.map((name) => ({
    name,
    required: attributeDefinitions.some((one) => one.name === name && one.mandatory),
  }))
  return { asking: { extensions: writeExtensions({ spType: 'public', requestedAttributes }) } }
}

async function taken(way: WayName, forgery: Forgery) {
  const made = await attempt(target, way, forgery)
  expect({ way, refusal: refusalOf(target, made.answer), detail: target.faults().at(-1)?.detail }).toMatchObject({
    refusal: undefined,
  })
  return (await expectAccepted(made))?.attributes
}

async function expectUsual(way: WayName, forgery: Forgery): Promise<void> {
  expect(await taken(way, forgery)).toEqual(usual(way))
}

/** Refused, and the log says so much of why. */
async function expectSaid(made: Attempt, code: Parameters<typeof expectRefusal>[1], detail: string): Promise<void> {
  expect(target.faults().at(-1)).toMatchObject({ code, detail: expect.stringContaining(detail) })
  await expectRefusal(made, code)
}

const leftOut = () => target.events.filter((one) => one.event === 'left-out').map(({ attribute: name }) => name)

const value = (...children: readonly (XmlPart | string)[]) => el(saml('AttributeValue'), {}, ...children)
/** An attribute as either side names it: the names of eIDAS are URIs. */
const attributeOf = (Name: string, ...values: readonly XmlPart[]) => {
  const NameFormat = attributeNameFormats[Name.startsWith('http://eidas.europa.eu/') ? 'uri' : 'basic']
  return el(saml('Attribute'), { Name, NameFormat }, ...values)
}
/** More attributes in the statement. */
const also = (...more: readonly XmlPart[]): Forgery => ({ part: at('AttributeStatement', appended(...more)) })
const statementOf = (...more: readonly XmlPart[]): Forgery => ({
  part: appended(el(saml('AttributeStatement'), {}, ...more)),
})
const foreign = (namespace: string, local: string, prefix = 'a'): QName => ({ namespace, local, prefix })
const marked = (part: XmlPart, name: QName, text: string) => withQualified(part, [[name, text]])
const nil = (part: XmlPart, text = 'true') => marked(part, xsi('nil'), text)
const typed = (part: XmlPart, type: string, namespace: string) => {
  const [prefix = ''] = type.split(':')
  return withQualified(part, [[xsi('type'), type]], [{ prefix, namespace }])
}

const EIDAS_NATURAL = 'http://eidas.europa.eu/attributes/naturalperson'
const XS = 'http://www.w3.org/2001/XMLSchema'
const WS = 'http://schemas.xmlsoap.org/ws/2009/09/identity/claims'

describe('an attribute that nobody knows is passed over, whatever it says', () => {
  const title = (...values: readonly XmlPart[]) => attributeOf(`${NATURAL}AcademicTitle`, ...values)

  test.each<[string, Forgery]>([
    [
      '[02] of a type that looks like one of the profile',
      also(title(typed(value('Dr'), 'e:AcademicTitleType', EIDAS_NATURAL))),
    ],
    [
      '[02] of a type of the profile that another attribute has',
      also(title(typed(value('Dr'), 'e:GenderType', EIDAS_NATURAL))),
    ],
    ['[02] of a type of XML Schema that its value is not of', also(title(typed(value('Dr'), 'xs:date', XS)))],
    ['[02] of a type of a namespace nobody knows', also(title(typed(value('Dr'), 'f:Unheard', 'urn:x-unheard')))],
    [
      '[02] of a legal person',
      also(attributeOf(`${LEGAL}Chamber`, typed(value('1'), 'l:ChamberType', LEGAL.slice(0, -1)))),
    ],
    ['[02] twice', also(title(value('Dr')), title(value('Prof')))],
    [
      '[02] without a value, and without a NameFormat',
      also(el(saml('Attribute'), { Name: `${NATURAL}AcademicTitle` })),
    ],
    ['[02] with two values in no letters of ours', also(title(value('\u0414\u0440'), value('\u202e')))],
    ['[02] two hundred of them', also(...Array.from({ length: 200 }, (_, i) => attributeOf(`urn:x:${i}`, value('x'))))],
    ['[02] in a second statement', statementOf(title(value('Dr')))],
  ])('%s', async (_, forgery) => {
    for (const way of assertionWays) await expectUsual(way, forgery)
  })

  test('[02] the type an attribute says it has never changes how it is read', async () => {
    const forgery = changed('CurrentFamilyName', (one) => ({
      ...one,
      values: [typed(value('Quillfeather'), 'e:DateOfBirthType', EIDAS_NATURAL)],
    }))
    await expectUsual(ABROAD, forgery)
  })

  test('[02] one that is known is not passed over in a second statement, and is not read in two', async () => {
    const made = await attempt(target, ABROAD, statementOf(attributeOf(`${NATURAL}Gender`, value('Male'))))
    await expectRefusal(made, 'SAML_COUNT')
  })
})

describe('an error is the error it says, and what it carries is not looked at', () => {
  const refused = ['Responder', 'AuthnFailed'].map((code) => `urn:oasis:names:tc:SAML:2.0:status:${code}`)
  const message = '202007 - Consent not given for a mandatory attribute.'
  const status = { codes: refused, message }

  /** An error with these in it: what the service hears of it. */
  async function heard(half: 'connector' | 'proxy-service', carried: Carried) {
    const flow = await openFlow(target, half)
    const clear = (part: Partial<Assertion<XmlPart>> = {}) => mintAssertion(flow, part)
    const sealed = (part: XmlPart | Uint8Array) => encryptFor(recipientOf(flow), part)
    const response = mintResponse(flow, { status, ...(await carried({ clear, sealed })) })
    const answer = await postAnswer(flow, await sign(response, flow.answerer.signing))
    const asker = half === 'connector' ? 'portal' : 'connector'
    expect(refusalOf(target, answer)).toBe('AUTHN_FAILED')
    return responseIn(target, answer, asker)
  }

  type Carried = (mint: {
    readonly clear: (part?: Partial<Assertion<XmlPart>>) => XmlPart
    readonly sealed: (part: XmlPart | Uint8Array) => Promise<XmlPart>
  }) => object

  const nobody = { attributeStatements: [] }
  const rows: readonly (readonly [string, Carried])[] = [
    ['[05] no assertion', () => ({})],
    ['[05] an assertion without attributes', ({ clear }) => ({ assertions: [clear(nobody)] })],
    ['[05] an encrypted one', async ({ clear, sealed }) => ({ encryptedAssertions: [await sealed(clear(nobody))] })],
    ['[05] one about the citizen, in full', ({ clear }) => ({ assertions: [clear()] })],
    [
      '[05] one in the clear and one encrypted',
      async ({ clear, sealed }) => ({ assertions: [clear()], encryptedAssertions: [await sealed(clear())] }),
    ],
    ['[05] two', ({ clear }) => ({ assertions: [clear(), clear(nobody)] })],
    [
      '[05] one that decrypts to nothing of SAML',
      async ({ sealed }) => ({ encryptedAssertions: [await sealed(Buffer.from('not XML'))] }),
    ],
    ['[05] one that is over, for others, of another', ({ clear }) => ({ assertions: [clear(outdated)] })],
  ]
  const outdated = { issueInstant: 0, issuer: { value: 'https://other.example/' }, conditions: undefined }

  test.each(rows)('%s', async (_, carried) => {
    for (const half of ['connector', 'proxy-service'] as const) {
      const response = await heard(half, carried)
      expect(response.status.codes[0]).toBe('urn:oasis:names:tc:SAML:2.0:status:Responder')
      expect([...response.assertions, ...response.encryptedAssertions]).toEqual([])
    }
  })

  test('[05] a success is none for having an error below it: what it carries is not taken', async () => {
    const codes = [statuses.success, ...refused.slice(1)]
    for (const way of responseWays) {
      const made = await attempt(target, way, { response: () => ({ status: { codes } }) })
      await expectRefusal(made, 'SAML_STATUS')
    }
  })
})

describe('what is optional and empty is not there', () => {
  const place = (...values: readonly XmlPart[]) => attributeOf(`${NATURAL}PlaceOfBirth`, ...values)
  const birth = (...values: readonly XmlPart[]) => attributeOf(`${NATURAL}BirthName`, ...values)
  const mail = (...values: readonly XmlPart[]) => attributeOf(`${NATURAL}EmailAddress`, ...values)

  test.each<[string, XmlPart]>([
    ['[06] no text', typed(place(value()), 'e:PlaceOfBirthType', EIDAS_NATURAL)],
    ['[06] no value at all', place()],
    ['[06] blanks and line ends', place(value(' \n\t '))],
    ['[06] blanks that are none of XML', place(value('\u00a0\u2003'))],
    ['[06] two values, both empty', place(value(), value(' '))],
    ['[06] a name that is empty in both scripts', birth(value(), nil(value()))],
    ['[06] an address of mail', mail(value(''))],
    ['[06] an address', attributeOf(`${NATURAL}CurrentAddress`, value())],
    ['[06] a nil', place(nil(value()))],
  ])('%s', async (_, empty) => {
    const told = leftOut().length
    const asking = wanting('PlaceOfBirth', 'BirthName', 'EmailAddress', 'CurrentAddress')
    await expectUsual(ABROAD, { ...asking, ...also(empty) })
    expect(leftOut()).toHaveLength(told)
  })

  test('[06] an empty value beside a full one is none', async () => {
    const forgery = { ...wanting('PlaceOfBirth'), ...also(place(value(), value('Athens'))) }
    const released = await taken(ABROAD, forgery)
    expect(released).toEqual({ ...usual(ABROAD), [`${NATURAL}PlaceOfBirth`]: ['Athens'] })
  })

  test.each<[string, readonly XmlPart[]]>([
    ['[06] at home, no text', [value()]],
    ['[06] at home, blanks', [value('  ')]],
    ['[06] at home, no value', []],
    ['[06] at home, a nil', [nil(value())]],
  ])('%s', async (_, values) => {
    await expectUsual(HOME, { ...wanting('PlaceOfBirth'), ...also(attributeOf('birthPlace', ...values)) })
  })

  test.each([
    [HOME, 'surname', 'CurrentFamilyName'],
    [HOME, 'nationalId', 'PersonIdentifier'],
    [ABROAD, `${NATURAL}CurrentGivenName`, 'CurrentGivenName'],
    [ABROAD, `${NATURAL}DateOfBirth`, 'DateOfBirth'],
  ] as const)('[06] mandatory and empty is a fault that names the attribute: %s, %s', async (way, name, local) => {
    for (const text of ['', ' \n ']) {
      const forgery: Forgery = {
        assertion: ({ attributeStatements }) => ({
          attributeStatements: attributeStatements.map((statement) =>
            statement.map((one) => (one.name === name ? { ...one, values: [value(text)] } : one)),
          ),
        }),
      }
      await expectSaid(await attempt(target, way, forgery), 'EID_MDS', NATURAL + local)
    }
  })
})

describe('every form of xs:dateTime is an instant', () => {
  const ISO = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g
  /** All instants, written like this. */
  const writtenAs = (write: (at: string) => string): Forgery => ({ text: (text) => text.replace(ISO, write) })
  const zoned = (minutes: number, zone: string) => (at: string) =>
    new Date(Date.parse(at) + minutes * 60_000).toISOString().replace('Z', zone)
  const whole = (at: string) => at.slice(0, 19)

  const forms: readonly (readonly [string, (at: string) => string])[] = [
    ['[08] seven digits of a second', (at) => at.replace('Z', '4567Z')],
    ['[08] nine digits', (at) => at.replace('Z', '456789Z')],
    ['[08] thirty digits', (at) => at.replace('Z', `${'0'.repeat(27)}Z`)],
    ['[08] one digit', (at) => `${at.slice(0, 21)}Z`],
    ['[08] no fraction', (at) => `${whole(at)}Z`],
    ['[08] a time zone of nothing', (at) => at.replace('Z', '+00:00')],
    ['[08] a time zone of less than nothing', (at) => at.replace('Z', '-00:00')],
    ['[08] a time zone in the east', zoned(120, '+02:00')],
    ['[08] a time zone in the west, of half an hour', zoned(-210, '-03:30')],
    ['[08] the farthest zone, and seven digits', (at) => zoned(840, '0000+14:00')(at)],
    ['[08] white space around it', (at) => `  ${at} `],
    ['[08] a line end before it', (at) => `&#xA;${at}`],
  ]

  test.each(forms)('%s', async (_, write) => {
    const ways = [...requestWays, ...responseWays, ABROAD] as const
    for (const way of ways) await taken(way, writtenAs(write))
  })

  test.each<[string, (at: string) => string, 'SAML_TIME' | 'XML_SCHEMA', string]>([
    ['[08] without a time zone it is no instant', (at) => at.slice(0, -1), 'SAML_TIME', 'without time zone'],
    ['[08] a day that does not exist', (at) => `2026-02-30${at.slice(10)}`, 'XML_SCHEMA', 'dateTime'],
    ['[08] an hour that does not exist', (at) => `${at.slice(0, 11)}25${at.slice(13)}`, 'XML_SCHEMA', 'dateTime'],
    ['[08] a time zone that does not exist', (at) => at.replace('Z', '+15:00'), 'XML_SCHEMA', 'dateTime'],
    ['[08] words', () => 'yesterday', 'XML_SCHEMA', 'dateTime'],
  ])('%s, and the log says so', async (_, write, code, detail) => {
    for (const way of [...responseWays, ABROAD] as const) {
      await expectSaid(await attempt(target, way, writtenAs(write)), code, detail)
    }
  })

  test('[08] more digits are no more time: what is over by a thousandth more than the skew is over', async () => {
    const over = Date.now() - 60_001
    const forgery: Forgery = {
      assertion: ({ conditions = { others: [], audienceRestrictions: [], oneTimeUse: false } }) => ({
        conditions: { ...conditions, notBefore: over - 1000, notOnOrAfter: over },
      }),
      text: (text) =>
        text.replaceAll(new Date(over).toISOString(), `${new Date(over).toISOString().slice(0, -1)}9999Z`),
    }
    for (const way of assertionWays) await expectRefusal(await attempt(target, way, forgery), 'SAML_TIME')
  })
})

describe('foreign XML attributes where the schema has room for them are passed over', () => {
  const original = foreign(WS, 'OriginalIssuer')
  const group = (...values: readonly XmlPart[]) => attributeOf('http://schemas.xmlsoap.org/claims/Group', ...values)
  const x500 = foreign('urn:oasis:names:tc:SAML:2.0:profiles:attribute:X500', 'Encoding', 'x500')

  test.each<[string, Forgery]>([
    [
      '[32] on an attribute nobody maps',
      also(marked(group(value('Staff')), original, 'http://adfs.town.example/trust')),
    ],
    ['[32] on its value', also(group(marked(value('Staff'), original, 'urn:x')))],
    ['[32] the encoding of X.500', also(marked(group(marked(value('Staff'), x500, 'LDAP')), x500, 'LDAP'))],
    [
      '[32] the language of a value',
      also(
        group(
          marked(
            value('Staff'),
            { namespace: 'http://www.w3.org/XML/1998/namespace', local: 'lang', prefix: 'xml' },
            'sv',
          ),
        ),
      ),
    ],
    [
      '[32] on every attribute there is',
      {
        part: at('AttributeStatement', (one) =>
          content(
            ...one.children.map((child) => (typeof child === 'string' ? child : marked(child, original, 'urn:x'))),
          )(one),
        ),
      },
    ],
    [
      '[32] one called Name, of another namespace',
      also(marked(group(value('Evil')), foreign('urn:x-evil', 'Name'), 'surname')),
    ],
    [
      '[32] one called Name that names what is known abroad',
      also(marked(group(value('Evil')), foreign('urn:x-evil', 'Name'), `${NATURAL}CurrentFamilyName`)),
    ],
  ])('%s', async (_, forgery) => {
    for (const way of assertionWays) await expectUsual(way, forgery)
  })
})

describe('an attribute nobody maps may have any XML as its value', () => {
  const of = (...children: readonly (XmlPart | string)[]) => also(attributeOf('urn:x:address', value(...children)))
  const road = el(foreign('urn:x:addr', 'Address'), {}, el(foreign('urn:x:addr', 'Street'), {}, 'Road 1'))
  const deep = Array.from({ length: 10 }).reduce<XmlPart>((inner) => el(foreign('urn:x', 'in'), {}, inner), road)

  test.each<[string, Forgery]>([
    ['[33] of another namespace', of(road)],
    [
      '[33] of several namespaces, between text',
      of('at ', road, ' and ', el(foreign('urn:y', 'Box', 'b'), { no: '1' })),
    ],
    ['[33] deep', of(deep)],
    [
      '[33] a NameID, as eduPersonTargetedID is',
      of(el(saml('NameID'), { NameQualifier: 'https://idp.xa.example/' }, '1')),
    ],
    [
      '[33] attributes that are mapped, inside it',
      of(attributeOf('surname', value('Evil')), attributeOf(`${NATURAL}CurrentFamilyName`, value('Evil'))),
    ],
    ['[33] a statement inside it', of(el(saml('AttributeStatement'), {}, attributeOf('surname', value('Evil'))))],
    ['[33] a status inside it', of(el(samlp('Status'), {}, el(samlp('StatusCode'), { Value: 'urn:x' })))],
  ])('%s', async (_, forgery) => {
    for (const way of assertionWays) await expectUsual(way, forgery)
  })

  test('[33] one that is mapped has text, or nothing is read from it', async () => {
    const into = (index: number): Forgery => ({
      part: at('AttributeStatement', (one) =>
        content(...one.children.with(index, attributeOf('surname', value(road))))(one),
      ),
    })
    await expectSaid(await attempt(target, HOME, into(1)), 'XML_MIXED', 'CurrentFamilyName')
  })

  test('[33] one that is mapped and optional is left out instead', async () => {
    await expectUsual(HOME, { ...wanting('PlaceOfBirth'), ...also(attributeOf('birthPlace', value(road))) })
    expect(leftOut().at(-1)).toBe(`${NATURAL}PlaceOfBirth`)
  })
})

describe('a value that is nil is none', () => {
  test.each<[string, Forgery]>([
    ['[35] of an attribute nobody maps', also(attributeOf('middleName', nil(value())))],
    ['[35] beside another value', also(attributeOf('middleName', nil(value()), value('Anna')))],
    ['[35] written as a number', also(attributeOf('middleName', nil(value(), '1')))],
    [
      '[35] that says no, and one that says nothing sensible',
      also(attributeOf('middleName', nil(value(), 'false'), nil(value(), 'perhaps'))),
    ],
    ['[35] with a type as well', also(attributeOf('middleName', nil(typed(value(), 'xs:string', XS))))],
    [
      '[35] of an optional one that is mapped',
      { ...wanting('PlaceOfBirth'), ...also(attributeOf('birthPlace', nil(value()))) },
    ],
  ])('%s', async (_, forgery) => {
    for (const way of assertionWays) await expectUsual(way, forgery)
  })

  test.each([
    [HOME, 'surname'],
    [ABROAD, `${NATURAL}CurrentFamilyName`],
  ] as const)('[35] of a mandatory one is a fault that names it: %s', async (way, name) => {
    const emptied = at('AttributeStatement', (one) =>
      content(...one.children.with(1, attributeOf(name, nil(value()))))(one),
    )
    await expectSaid(await attempt(target, way, { part: emptied }), 'EID_MDS', `${NATURAL}CurrentFamilyName`)
  })
})

describe('what nobody maps may be said twice', () => {
  const role = (...texts: readonly string[]) => attributeOf('Role', ...texts.map((text) => value(text)))
  const roles = Array.from({ length: 200 }, (_, i) => role(`r${i}`))

  test.each<[string, Forgery]>([
    ['[37] a role in two attributes', also(role('uma_authorization'), role('offline_access'))],
    ['[37] the same value twice', also(role('x'), role('x'))],
    ['[37] two hundred times', also(...roles)],
    ['[37] in front of what is mapped', { part: at('AttributeStatement', prepended(role('x'), role('y'))) }],
    [
      '[37] in two statements',
      {
        part: all(
          at('AttributeStatement', appended(role('x'))),
          appended(el(saml('AttributeStatement'), {}, role('y'), role('z'))),
        ),
      },
    ],
    ['[37] once without a value', also(role(), role('x'))],
    ['[37] in two formats of names', also(role('x'), attribute('NameFormat', attributeNameFormats.uri)(role('y')))],
  ])('%s', async (_, forgery) => {
    for (const way of assertionWays) await expectUsual(way, forgery)
  })

  test.each([
    [HOME, 'surname', 'Evil'],
    [HOME, 'surname', 'Quillfeather'],
    [ABROAD, `${NATURAL}CurrentFamilyName`, 'Evil'],
  ] as const)('[37] what is used may not: %s, %s, %s', async (way, name, text) => {
    for (const order of [appended, prepended]) {
      const forgery: Forgery = { part: at('AttributeStatement', order(attributeOf(name, value(text)))) }
      await expectSaid(await attempt(target, way, forgery), 'SAML_DUP_ATTR', `${NATURAL}CurrentFamilyName`)
    }
  })

  test('[37] what is used and optional is left out, for it has no one value', async () => {
    const place = ['Athens', 'Sparta'].map((text) => attributeOf(`${NATURAL}PlaceOfBirth`, value(text)))
    await expectUsual(ABROAD, { ...wanting('PlaceOfBirth'), ...also(...place) })
    expect(leftOut().at(-1)).toBe(`${NATURAL}PlaceOfBirth`)
  })
})

describe('Conditions need an end, and no beginning', () => {
  type Window = NonNullable<Assertion['conditions']>
  const window = (change: (right: Window) => Partial<Window>): Forgery => ({
    assertion: ({ conditions = { audienceRestrictions: [], oneTimeUse: false, others: [] } }) => {
      return { conditions: { ...conditions, ...change(conditions) } }
    },
  })
  const seconds = (n: number) => Date.now() + n * 1000

  test.each<[string, Forgery]>([
    ['[39] an end only', window(() => ({ notBefore: undefined }))],
    ['[39] an end only, in a second', window(() => ({ notBefore: undefined, notOnOrAfter: seconds(1) }))],
    ['[39] an end only, to be used once', window(() => ({ notBefore: undefined, oneTimeUse: true }))],
    ['[39] an end only, an hour away', window(() => ({ notBefore: undefined, notOnOrAfter: seconds(3599) }))],
    [
      '[39] an end only, of an assertion that is two minutes old',
      {
        assertion: ({ conditions }) => ({
          issueInstant: seconds(-120),
          ...(conditions === undefined ? {} : { conditions: { ...conditions, notBefore: undefined } }),
        }),
      },
    ],
  ])('%s', async (_, forgery) => {
    for (const way of assertionWays) await expectUsual(way, forgery)
  })

  test.each<[string, Forgery, string]>([
    ['[39] a beginning only', window(() => ({ notOnOrAfter: undefined })), 'NotOnOrAfter'],
    ['[39] neither', window(() => ({ notBefore: undefined, notOnOrAfter: undefined })), 'NotOnOrAfter'],
    ['[39] an end that is past', window(() => ({ notBefore: undefined, notOnOrAfter: seconds(-70) })), ''],
    ['[39] an end days away', window(() => ({ notBefore: undefined, notOnOrAfter: seconds(200_000) })), ''],
  ])('%s is refused', async (_, forgery, detail) => {
    for (const way of assertionWays) await expectSaid(await attempt(target, way, forgery), 'SAML_TIME', detail)
  })
})

describe('white space around a URI is none of it', () => {
  const around = (text: string) => `\n  ${text}\t\n`
  const textOf = (path: string): Forgery => ({
    part: at(path, (one) =>
      content(...one.children.map((child) => (typeof child === 'string' ? around(child) : child)))(one),
    ),
  })
  const attributeAt = (path: string, name: string): Forgery => {
    const padded = (one: XmlPart) =>
      attribute(name, around(one.attributes.find(({ local }) => local === name)?.value ?? ''))(one)
    return { part: path === '' ? padded : at(path, padded) }
  }

  test.each<[string, Forgery]>([
    ['[47] Audience', textOf('Conditions/AudienceRestriction/Audience')],
    ['[47] AuthnContextClassRef', textOf('AuthnStatement/AuthnContext/AuthnContextClassRef')],
    ['[47] Method', attributeAt('Subject/SubjectConfirmation', 'Method')],
    ['[47] Recipient', attributeAt('Subject/SubjectConfirmation/SubjectConfirmationData', 'Recipient')],
    ['[47] Format of the Issuer', attributeAt('Issuer', 'Format')],
    ['[47] Format of the NameID', attributeAt('Subject/NameID', 'Format')],
    ['[47] NameFormat', attributeAt('AttributeStatement/Attribute', 'NameFormat')],
  ])('%s of an assertion', async (_, forgery) => {
    for (const way of assertionWays) await expectUsual(way, forgery)
  })

  test.each<[string, Forgery]>([
    ['[47] Destination', attributeAt('', 'Destination')],
    ['[47] StatusCode', attributeAt('Status/StatusCode', 'Value')],
    ['[47] Format of the Issuer', attributeAt('Issuer', 'Format')],
  ])('%s of a response', async (_, forgery) => {
    for (const way of responseWays) await taken(way, forgery)
  })

  const level = (name: WayName): Forgery => ({
    request: () => ({
      requestedAuthnContext: {
        comparison: 'minimum',
        classRefs: [around(`http://eidas.europa.eu/LoA/${name === 'connector sso' ? 'high' : 'low'}`)],
        declRefs: [],
      },
    }),
  })
  test.each<[string, (name: WayName) => Forgery]>([
    ['[47] AuthnContextClassRef, over three lines', level],
    ['[47] Destination', () => attributeAt('', 'Destination')],
    [
      '[47] AssertionConsumerServiceURL and ProtocolBinding',
      () => ({
        request: ({ endpoint }) => ({
          assertionConsumerServiceURL: around(endpoint),
          protocolBinding: around('urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'),
        }),
      }),
    ],
    [
      '[47] Format of the NameIDPolicy',
      () => ({
        request: () => ({
          nameIdPolicy: { format: around('urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'), allowCreate: true },
        }),
      }),
    ],
  ])('%s of a request', async (_, forgery) => {
    for (const way of requestWays) await taken(way, forgery(way))
  })

  test('[47] white space inside it makes it another one', async () => {
    const split: Forgery = {
      part: at('Conditions/AudienceRestriction/Audience', (one) =>
        content(...one.children.map((child) => (typeof child === 'string' ? child.replace('://', ': //') : child)))(
          one,
        ),
      ),
    }
    for (const way of assertionWays) await expectRefusal(await attempt(target, way, split), 'SAML_AUDIENCE')
  })
})

describe('two values where one is expected are refused, and the log says that', () => {
  const mapped = (name: string, ...texts: readonly string[]): Forgery => ({
    assertion: ({ attributeStatements }) => ({
      attributeStatements: attributeStatements.map((statement) =>
        statement.map((one) => (one.name === name ? { ...one, values: texts.map((text) => value(text)) } : one)),
      ),
    }),
  })

  test.each([
    ['[56] two given names', 'givenName', ['Marigold', 'Anna'], 'CurrentGivenName'],
    ['[56] three', 'givenName', ['Marigold', 'Anna', 'Bee'], 'CurrentGivenName'],
    ['[56] the same one twice', 'surname', ['Quillfeather', 'Quillfeather'], 'CurrentFamilyName'],
    ['[56] two dates of birth', 'birthDate', ['1964-12-31', '1965-01-01'], 'DateOfBirth'],
    ['[56] two identifiers', 'nationalId', ['02635542Y', '66666666E'], 'PersonIdentifier'],
  ] as const)('%s', async (_, name, texts, local) => {
    const detail = `${texts.length} values of ${NATURAL}${local} where one is expected`
    await expectSaid(await attempt(target, HOME, mapped(name, ...texts)), 'SAML_ATTR', detail)
  })

  test('[56] from abroad, where one may be in Latin letters and one in others', async () => {
    const made = await attempt(target, ABROAD, saying('CurrentGivenName', 'Marigold', 'Anna'))
    await expectSaid(made, 'EID_LATIN', `2 values of ${NATURAL}CurrentGivenName where one is expected`)
  })

  test('[56] one in Latin letters and one in others are a pair, in either order', async () => {
    for (const texts of [
      ['Onases', '\u03a9\u03bd\u03ac\u03c3\u03b7\u03c2'],
      ['\u03a9\u03bd\u03ac\u03c3\u03b7\u03c2', 'Onases'],
    ]) {
      const released = await taken(HOME, mapped('surname', ...texts))
      expect(released?.[`${NATURAL}CurrentFamilyName`]).toEqual(['Onases', '\u03a9\u03bd\u03ac\u03c3\u03b7\u03c2'])
    }
  })
})

describe('a name in other letters does not pass as a Latin one', () => {
  const other = (text: string): Said => ({ value: text, latin: false })
  const names = [
    ['Cyrillic', '\u0418\u0432\u0430\u043d\u043e\u0432'],
    ['Greek', '\u03a9\u03bd\u03ac\u03c3\u03b7\u03c2'],
    ['Armenian', '\u0531\u0562\u0578\u057e\u0575\u0561\u0576'],
    ['Arabic', '\u062d\u0633\u0646'],
    ['Han', '\u674e'],
    ['Latin letters but for one that looks like an e', 'Quillf\u0435ather'],
  ] as const

  test.each(names)('[57] %s, and not marked', async (_, name) => {
    const made = await attempt(target, ABROAD, saying('CurrentFamilyName', name))
    await expectSaid(made, 'EID_LATIN', `${NATURAL}CurrentFamilyName`)
  })

  test.each(names.slice(0, -1))('[57] %s, marked, and alone, is what it says', async (_, name) => {
    const released = await taken(ABROAD, saying('CurrentGivenName', other(name)))
    expect(released?.[`${NATURAL}CurrentGivenName`]).toEqual([name])
  })

  test('[57] two in other letters, one of them passed off as Latin', async () => {
    const made = await attempt(target, ABROAD, saying('CurrentFamilyName', names[0][1], other(names[1][1])))
    await expectRefusal(made, 'EID_LATIN')
  })

  test('[57] an optional one is left out', async () => {
    const forgery = { ...wanting('BirthName'), ...also(attributeOf(`${NATURAL}BirthName`, value(names[0][1]))) }
    await expectUsual(ABROAD, forgery)
    expect(leftOut().at(-1)).toBe(`${NATURAL}BirthName`)
  })

  test.each(names.slice(0, -1))('[57] %s, marked, beside a Latin one', async (_, name) => {
    const forgery = saying('CurrentFamilyName', 'Quillfeather', other(name))
    const released = await taken(ABROAD, forgery)
    expect(released?.[`${NATURAL}CurrentFamilyName`]).toContain('Quillfeather')
  })
})

describe('marks that are part of how a name is written are taken as they are', () => {
  const parts = [
    ['a soft hyphen', '\u00ad'],
    ['a zero-width non-joiner', '\u200c'],
    ['a zero-width joiner', '\u200d'],
    ['a left-to-right mark', '\u200e'],
    ['a right-to-left mark', '\u200f'],
  ] as const
  const surname = (name: string): Forgery => ({
    part: at('AttributeStatement', (one) => content(...one.children.with(1, attributeOf('surname', value(name))))(one)),
  })

  test.each(parts)('[58] %s', async (_, mark) => {
    const name = `Quill${mark}feather`
    for (const [way, forgery] of [
      [ABROAD, saying('CurrentFamilyName', name)],
      [HOME, surname(name)],
    ] as const) {
      const released = await taken(way, forgery)
      expect(released).toEqual({ ...usual(way), [`${NATURAL}CurrentFamilyName`]: [name] })
    }
  })

  test('[58] in a given name, at its end, several of them', async () => {
    const name = 'Mari\u00ad\u200cgold\u200e'
    const released = await taken(ABROAD, saying('CurrentGivenName', name))
    expect(released?.[`${NATURAL}CurrentGivenName`]).toEqual([name])
  })

  test('[58] in the Persian name of a pair', async () => {
    const name = '\u0646\u06cc\u200c\u06a9\u0646\u0627\u0645'
    const forgery = saying('CurrentFamilyName', 'Niknam', { value: name, latin: false })
    const released = await taken(ABROAD, forgery)
    expect(released?.[`${NATURAL}CurrentFamilyName`]).toContain('Niknam')
  })

  test.each([
    ['an embedding', '\u202a'],
    ['an override', '\u202e'],
    ['an isolate', '\u2066'],
    ['a zero-width space', '\u200b'],
    ['a word joiner', '\u2060'],
    ['a byte order mark', '\ufeff'],
  ])('[58] %s is refused', async (_, mark) => {
    const name = `Quill${mark}feather`
    await expectRefusal(await attempt(target, ABROAD, saying('CurrentFamilyName', name)), 'EID_TEXT')
    await expectRefusal(await attempt(target, HOME, surname(name)), 'EID_TEXT')
  })

  test.each(parts)('[58] %s alone is no name', async (_, mark) => {
    await expectRefusal(await attempt(target, ABROAD, saying('CurrentFamilyName', mark)), 'EID_TEXT')
  })

  test.each(parts)('[58] %s in an identifier is refused: it would make two of one person', async (_, mark) => {
    await expectRefusal(await attempt(target, ABROAD, saying('PersonIdentifier', `XB/XA/0263${mark}5542Y`)), 'EID_TEXT')
  })
})

describe('one confirmation that fits is enough at home; abroad there is one', () => {
  const data = el(saml('SubjectConfirmationData'))
  const keyed = withQualified(
    el(saml('SubjectConfirmationData'), {}, el(ds('KeyInfo'), {}, el(ds('KeyName'), {}, 'citizen'))),
    [[xsi('type'), 'saml2:KeyInfoConfirmationDataType']],
  )
  const by = (method: string, ...inside: readonly XmlPart[]) =>
    el(saml('SubjectConfirmation'), { Method: `urn:oasis:names:tc:SAML:2.0:cm:${method}` }, ...inside)
  const beside = (...more: readonly XmlPart[]): Forgery => ({ part: at('Subject', appended(...more)) })
  const advice = (...inside: readonly XmlPart[]): Forgery => ({
    part: (one) => {
      const index = one.children.findIndex(
        (child) => typeof child !== 'string' && child.name.local === 'AuthnStatement',
      )
      return { ...one, children: one.children.toSpliced(index, 0, el(saml('Advice'), {}, ...inside)) }
    },
  })
  /** Two bearers, the first of which is changed. */
  const first = (change: (one: XmlPart) => XmlPart): Forgery => ({
    part: at('Subject', all(doubled('SubjectConfirmation'), at('SubjectConfirmation', change))),
  })
  const unfit = at('SubjectConfirmationData', attribute('Recipient', 'https://other.example/acs'))
  const stale = at('SubjectConfirmationData', attribute('NotOnOrAfter', '2020-01-01T00:00:00.000Z'))

  const rows: readonly (readonly [string, Forgery, 'SAML_CONFIRM' | 'XML_SCHEMA'])[] = [
    ['[59] a holder of a key beside the bearer', beside(by('holder-of-key', data)), 'SAML_CONFIRM'],
    ['[59] a holder of a key that is named', beside(by('holder-of-key', keyed)), 'SAML_CONFIRM'],
    ['[59] one that a sender vouches for', beside(by('sender-vouches')), 'SAML_CONFIRM'],
    [
      '[59] a method nobody knows, in front',
      { part: at('Subject', (one) => content(...one.children.toSpliced(1, 0, by('x')))(one)) },
      'SAML_CONFIRM',
    ],
    ['[59] two bearers, the first for another place', first(unfit), 'SAML_CONFIRM'],
    ['[59] two bearers, the first of which is over', first(stale), 'SAML_CONFIRM'],
    ['[59] an empty Advice', advice(), 'XML_SCHEMA'],
    ['[59] an Advice that refers to an assertion', advice(el(saml('AssertionIDRef'), {}, '_x')), 'XML_SCHEMA'],
    ['[59] an Advice of another namespace', advice(el(foreign('urn:x', 'hint'), {}, 'surname')), 'XML_SCHEMA'],
  ]

  test.each(rows)('%s is taken at home', async (_, forgery) => {
    await expectUsual(HOME, forgery)
  })

  test.each(rows)('%s is refused from abroad', async (_, forgery, code) => {
    await expectRefusal(await attempt(target, ABROAD, forgery), code)
  })

  test.each<[string, Forgery, 'SAML_CONFIRM' | 'SAML_RECIPIENT']>([
    [
      '[59] no bearer',
      {
        part: at(
          'Subject/SubjectConfirmation',
          attribute('Method', `${confirmationMethods.bearer.replace('bearer', 'holder-of-key')}`),
        ),
      },
      'SAML_CONFIRM',
    ],
    [
      '[59] two bearers of which neither fits',
      { part: at('Subject', all(at('SubjectConfirmation', unfit), doubled('SubjectConfirmation'))) },
      'SAML_RECIPIENT',
    ],
    [
      '[59] two that fit only together',
      {
        part: at(
          'Subject',
          all(doubled('SubjectConfirmation'), (one) =>
            content(
              ...one.children.map((child, i) =>
                typeof child === 'string' || i === 0 ? child : i === 1 ? unfit(child) : stale(child),
              ),
            )(one),
          ),
        ),
      },
      'SAML_RECIPIENT',
    ],
    [
      '[59] one that fits, of a method that is not bearer',
      {
        part: at(
          'Subject',
          all(doubled('SubjectConfirmation'), (one) =>
            content(
              ...one.children.map((child, i) =>
                typeof child === 'string' || i === 0
                  ? child
                  : i === 1
                    ? unfit(child)
                    : attribute('Method', 'urn:x')(child),
              ),
            )(one),
          ),
        ),
      },
      'SAML_RECIPIENT',
    ],
  ])('%s is refused at home', async (_, forgery, code) => {
    await expectRefusal(await attempt(target, HOME, forgery), code)
  })
})

test('[01] a foreign XML attribute changes nothing of the attribute it is on, abroad', async () => {
  const forgery: Forgery = {
    part: at('AttributeStatement/Attribute', (one) =>
      marked(one, foreign(WS, 'OriginalIssuer'), 'urn:microsoft:cgg2010:fpsts'),
    ),
  }
  await expectUsual(ABROAD, forgery)
  await expectUsual(HOME, forgery)
})
