import type { FaultCode } from '../../src/errors/faults.ts'
import { dataSet } from '../../src/identity/attributes.ts'
import { writeExtensions } from '../../src/profiles/eidas/extensions.ts'
import { ns } from '../../src/xml/names.ts'
import { withQualified } from '../../src/xml/writer.ts'
import { attempt, expectAccepted, expectRefusal, type Forgery } from '../testkit/forge.ts'
import { changed, NATURAL, type Said, saying } from '../testkit/said.ts'
import { startTarget, type Target } from '../testkit/target.ts'

/*
 * values that break the rules of their kind, in the answers of another country's proxy service. The
 * answers are encrypted, signed, and right as SAML.
 */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

const WAY = 'connector acs, sealed assertion'

type Attack = readonly [title: string, forgery: Forgery, code: FaultCode]

const values: readonly Attack[] = [
  ...[
    '2020-02-30',
    '0000-00-00',
    '1964',
    '1964-12',
    '31.12.1964',
    '1964-12-31Z',
    '1964-12-31T00:00:00Z',
    '19641231',
  ].map((date): Attack => [`A-193 born ${date}`, saying('DateOfBirth', date), 'EID_VALUE']),
  [
    'A-193 born tomorrow and a day',
    saying('DateOfBirth', new Date(Date.now() + 172_800_000).toISOString().slice(0, 10)),
    'EID_VALUE',
  ],
  ['A-193 born in Arabic digits', saying('DateOfBirth', '\u0661\u0669\u0666\u0664-12-31'), 'EID_VALUE'],
  ['R-AP-42, A-195 two Latin values', saying('CurrentFamilyName', 'Onases', 'Onasis'), 'EID_LATIN'],
  ['R-AP-42, A-195 two values of other scripts', scripts(false, false), 'EID_LATIN'],
  ['R-AP-42, A-195 three values', scripts(true, false, false), 'EID_LATIN'],
  ['A-195 LatinScript that is no boolean', latinScript('maybe'), 'EID_LATIN'],
  ['A-295, A-195 a name in other letters that is not marked', saying('CurrentFamilyName', 'Ωνάσης'), 'EID_LATIN'],
  [
    'A-295, A-195 a name in other letters beside a Latin one that is marked instead',
    saying('CurrentFamilyName', 'Ωνάσης', { value: 'Onases', latin: false }),
    'EID_LATIN',
  ],
  ['A-193 two dates of birth', saying('DateOfBirth', '1964-12-31', '1964-12-30'), 'SAML_ATTR'],
]

/** Optional, and wrong: left out, and nothing of it passed on. */
const optional: readonly (readonly [title: string, local: string, forgery: Forgery, code: FaultCode])[] = [
  ['A-193 a gender nobody defined', 'Gender', saying('Gender', 'X'), 'EID_VALUE'],
  ['A-193 a country of three letters', 'Nationality', saying('Nationality', 'XBX'), 'EID_VALUE'],
  ['A-193 a country in small letters', 'CountryOfBirth', saying('CountryOfBirth', 'xb'), 'EID_VALUE'],
  ['A-193 a telephone of letters', 'PhoneNumber', saying('PhoneNumber', 'call me'), 'EID_VALUE'],
  ['A-193 an address of mail without host', 'EmailAddress', saying('EmailAddress', 'marigold@'), 'EID_VALUE'],
  [
    'A-193 two addresses of mail in one',
    'EmailAddress',
    saying('EmailAddress', 'a@b.example,c@d.example@e'),
    'EID_VALUE',
  ],
  [
    'A-195 two values where the profile has one script',
    'PlaceOfBirth',
    saying('PlaceOfBirth', 'Athens', 'Athina'),
    'SAML_ATTR',
  ],
  ['A-195 a birth name in other letters that is not marked', 'BirthName', saying('BirthName', 'Ωνάσης'), 'EID_LATIN'],
  ['A-196 a right-to-left override in a place', 'PlaceOfBirth', saying('PlaceOfBirth', 'Ath\u202eens'), 'EID_TEXT'],
  ['A-196 a birth name of 2,000 characters', 'BirthName', saying('BirthName', 'Q'.repeat(2_000)), 'EID_TEXT'],
]

function scripts(...latin: readonly boolean[]): Forgery {
  return saying('CurrentFamilyName', ...latin.map((isLatin, i): Said => ({ value: `Name${i}`, latin: isLatin })))
}

function latinScript(value: string): Forgery {
  const flag = { namespace: ns.eidasNatural, local: 'LatinScript', prefix: 'eidas-natural' }
  return changed('CurrentFamilyName', (one) => ({
    ...one,
    values: one.values.map((part) => withQualified(part, [[flag, value]])),
  }))
}

const invisible: readonly (readonly [what: string, character: string])[] = [
  ['a right-to-left override', '\u202e'],
  ['a right-to-left isolate', '\u2067'],
  ['the end of an isolate', '\u2069'],
  ['a zero-width space', '\u200b'],
  ['U+FEFF', '\ufeff'],
  ['a tag character', '\u{e0041}'],
  ['a variation selector', '\ufe0f'],
  ['a character of private use', '\ue000'],
  ['a Hangul filler', '\u3164'],
  ['a tab', '\t'],
  ['a line end', '\n'],
]

const texts: readonly Attack[] = [
  ...invisible.map(
    ([what, character]): Attack => [
      `A-196 ${what} in a name`,
      saying('CurrentFamilyName', `Quill${character}feather`),
      'EID_TEXT',
    ],
  ),
  ['A-196 a combining mark at the start', saying('CurrentFamilyName', '\u0301Quill'), 'EID_TEXT'],
  ['A-196 10,000 characters', saying('CurrentFamilyName', 'Q'.repeat(10_000)), 'EID_TEXT'],
]

const address = (fragment: string | Uint8Array) => saying('CurrentAddress', Buffer.from(fragment).toString('base64'))
const STREET = '<eidas:Thoroughfare>Main Street</eidas:Thoroughfare>'

const addresses: readonly (readonly [title: string, forgery: Forgery, code: FaultCode])[] = [
  ['A-194 a DOCTYPE', address(`<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>${STREET}`), 'EID_ADDRESS'],
  ['A-194 a comment', address(`<!-- x -->${STREET}`), 'EID_ADDRESS'],
  ['A-194 a comment in a part', address(STREET.replace('Main', 'Ma<!-- -->in')), 'EID_ADDRESS'],
  ['A-194 CDATA', address(STREET.replace('Main', '<![CDATA[Main]]>')), 'EID_ADDRESS'],
  ['A-194 a processing instruction', address(`<?xml version="1.0"?>${STREET}`), 'EID_ADDRESS'],
  ['A-194 elements in elements', address(STREET.replace('Main', '<eidas:PoBox>1</eidas:PoBox>')), 'EID_ADDRESS'],
  ['A-194 a part twice', address(STREET + STREET), 'EID_ADDRESS'],
  ['A-194 other elements only', address('<script>alert(1)</script>'), 'EID_ADDRESS'],
  ['A-194 text around the elements', address(`evil${STREET}`), 'EID_ADDRESS'],
  ['A-194 an element without end', address('<eidas:Thoroughfare>Main Street'), 'EID_ADDRESS'],
  ['A-194 UTF-16', address(Buffer.from(`\ufeff${STREET}`, 'utf16le')), 'EID_ADDRESS'],
  ['A-194 malformed UTF-8', address(Buffer.from([0x3c, 0xc0, 0xbc])), 'EID_ADDRESS'],
  ['A-194 a reference beyond Unicode', address(STREET.replace('Main', '&#x110000;')), 'EID_ADDRESS'],
  ['A-194 a control by reference', address(STREET.replace('Main', '&#1;')), 'EID_TEXT'],
  ['A-194 a right-to-left override by reference', address(STREET.replace('Main', '&#x202e;')), 'EID_TEXT'],
  ['A-194 more than 16 KiB', address(STREET.replace('Main', 'x'.repeat(20_000))), 'EID_ADDRESS'],
  ['A-194 no base64', saying('CurrentAddress', 'Main Street 1'), 'EID_ADDRESS'],
  ['A-194 base64 of the URL alphabet', saying('CurrentAddress', '_-8='), 'EID_ADDRESS'],
]

/** The minimum data set, and this attribute as optional. */
function asking(name: string): NonNullable<Forgery['asking']> {
  const mandatory = dataSet('natural').filter((definition) => definition.mandatory)
  const requestedAttributes = [
    ...mandatory.map((one) => ({ name: one.name, required: true })),
    { name, required: false },
  ]
  return { extensions: writeExtensions({ requestedAttributes }) }
}

describe('connector acs', () => {
  test.each([...values, ...texts])('%s is refused', async (_, forgery, code) => {
    await expectRefusal(await attempt(target, WAY, forgery), code)
  })

  const wrong = [
    ...optional,
    ...addresses.map(([title, forgery, code]) => [title, 'CurrentAddress', forgery, code] as const),
  ]

  test.each(wrong)('A-294, %s is left out', async (_, local, forgery, code) => {
    const name = NATURAL + local
    const made = await attempt(target, WAY, { ...forgery, asking: asking(name) })
    const released = await expectAccepted(made)
    expect(Object.keys(released?.attributes ?? {})).not.toContain(name)
    expect(target.events.findLast(({ event }) => event === 'left-out')).toMatchObject({
      event: 'left-out',
      attribute: name,
      code,
    })
  })

  test('A-193 an empty optional value is none', async () => {
    const released = await expectAccepted(await attempt(target, WAY, saying('Gender', '')))
    expect(Object.keys(released?.attributes ?? {})).not.toContain(`${NATURAL}Gender`)
  })

  test.each<[string, string]>([
    ['a soft hyphen', '\u00ad'],
    ['a zero-width non-joiner', '\u200c'],
    ['a zero-width joiner', '\u200d'],
    ['a left-to-right mark', '\u200e'],
    ['a right-to-left mark', '\u200f'],
  ])('A-296 a name with %s is passed on octet for octet, and one of nothing else is refused', async (_, character) => {
    const name = `Quill${character}feather`
    const released = await expectAccepted(await attempt(target, WAY, saying('CurrentFamilyName', name)))
    expect(released?.attributes).toMatchObject({ [`${NATURAL}CurrentFamilyName`]: [name] })
    await expectRefusal(await attempt(target, WAY, saying('CurrentFamilyName', character.repeat(3))), 'EID_TEXT')
  })

  test.each([
    'Zoe\u0308',
    'Zo\u00eb',
    { value: 'Ωνάσης', latin: false },
    'Żółć',
    'O’Brien',
    { value: '李', latin: false },
  ])('A-196 the name %j is passed on octet for octet', async (name) => {
    const released = await expectAccepted(await attempt(target, WAY, saying('CurrentFamilyName', name)))
    const text = typeof name === 'string' ? name : name.value
    expect(released?.attributes).toMatchObject({ [`${NATURAL}CurrentFamilyName`]: [text] })
  })
})
