import type { FaultCode } from '../../src/errors/faults.ts'
import { attributeNameFormats, nameIdFormats } from '../../src/saml/uris.ts'
import { eidas, saml } from '../../src/xml/names.ts'
import { el } from '../../src/xml/writer.ts'
import { openFlow, postAnswer, signedAnswer } from '../testkit/flow.ts'
import { attempt, expectAccepted, expectRefusal, type Forgery } from '../testkit/forge.ts'
import { citizen } from '../testkit/mint.ts'
import { LOA, OTHER_COUNTRY } from '../testkit/peers.ts'
import {
  type Attributes,
  also,
  changed,
  LEGAL,
  legalIdentifier,
  legalName,
  NATURAL,
  releasing,
  representative,
  saying,
  written,
} from '../testkit/said.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectAnswered, expectNotReusable } from '../testkit/verdict.ts'

/*
 * in the answers of another country's proxy service: encrypted, signed, right as SAML, and wrong in
 * what they say of the citizen.
 */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

const WAY = 'connector acs, sealed assertion'
type Attack = readonly [title: string, forgery: Forgery, code: FaultCode]

const without = (local: string) => releasing((right) => right.filter(({ name }) => name !== NATURAL + local))
const reaching = (classRef: string, asking?: string): Forgery => ({
  assertion: ({ authnStatements }) => ({
    authnStatements: authnStatements.map((one) => ({ ...one, classRefs: [classRef] })),
  }),
  ...(asking === undefined
    ? {}
    : { asking: { requestedAuthnContext: { comparison: 'minimum', classRefs: [asking], declRefs: [] } } }),
})

const levels: readonly Attack[] = [
  ['A-184 substantial where high was asked', reaching(`${LOA}substantial`, `${LOA}high`), 'EID_LOA'],
  ['A-184 low where substantial was asked', reaching(`${LOA}low`), 'EID_LOA'],
  ['A-184 a level nobody defined', reaching(`${LOA}highest`), 'EID_LOA'],
  ['A-184 a level that is not notified', reaching('http://eidas.europa.eu/NotNotified/LoA/high'), 'EID_LOA'],
  ['A-184 a level of another host', reaching('http://eidas.evil.example/LoA/high'), 'EID_LOA'],
  ['A-184 high in capitals', reaching(`${LOA}HIGH`), 'EID_LOA'],
  ['A-184 high by HTTP in capitals', reaching(`${LOA}high`.replace('http', 'HTTP')), 'EID_LOA'],
  ['A-184 high of a host in capitals', reaching(`${LOA}high`.replace('eidas.europa', 'EIDAS.EUROPA')), 'EID_LOA'],
  ['A-184 high over TLS', reaching(`${LOA}high`.replace('http:', 'https:')), 'EID_LOA'],
  ['A-184 high with a slash more', reaching(`${LOA}high/`), 'EID_LOA'],
  ['A-184 high with white space inside', reaching(`${LOA} high`), 'EID_LOA'],
  ['A-184 high with a blank that XML has not', reaching(`\u00a0${LOA}high`), 'XML_SCHEMA'],
]

const identifiers: readonly Attack[] = [
  ['A-187 an identifier of a third country', saying('PersonIdentifier', 'XC/XA/1'), 'EID_COUNTRY'],
  ['A-187 an identifier of our own country', saying('PersonIdentifier', 'XA/XA/1'), 'EID_COUNTRY'],
  ['A-188 an identifier without countries', saying('PersonIdentifier', '02635542Y'), 'EID_PID'],
  ['A-188 one country', saying('PersonIdentifier', 'XB/02635542Y'), 'EID_PID'],
  ['A-188 small letters', saying('PersonIdentifier', 'xb/xa/1'), 'EID_PID'],
  ['A-188 countries of three letters', saying('PersonIdentifier', 'XBB/XAA/1'), 'EID_PID'],
  ['A-188 countries of digits', saying('PersonIdentifier', '11/22/1'), 'EID_PID'],
  ['A-188 look-alike countries', saying('PersonIdentifier', '\u0425\u0412/XA/1'), 'EID_PID'],
  ['A-188 no countries between the slashes', saying('PersonIdentifier', '//1'), 'EID_PID'],
  ['A-188 an empty third part', saying('PersonIdentifier', 'XB/XA/'), 'EID_PID'],
  ['A-188 white space in the third part', saying('PersonIdentifier', 'XB/XA/1 2'), 'EID_PID'],
  ['A-188 a no-break space in the third part', saying('PersonIdentifier', 'XB/XA/1\u00a02'), 'EID_PID'],
  ['A-188 white space between the parts', saying('PersonIdentifier', 'XB/ XA/1'), 'EID_PID'],
  ['A-188 a line end in it', saying('PersonIdentifier', 'XB/XA/1\nXB/XA/2'), 'EID_TEXT'],
  ['A-188 257 characters', saying('PersonIdentifier', `XB/XA/${'1'.repeat(251)}`), 'EID_PID'],
  ['A-188 5,000 characters', saying('PersonIdentifier', `XB/XA/${'1'.repeat(4_994)}`), 'EID_TEXT'],
  ['A-178 two identifiers', saying('PersonIdentifier', 'XB/XA/1', 'XB/XA/2'), 'SAML_ATTR'],
]

const persons: readonly Attack[] = [
  ...Object.keys(citizen).map((local): Attack => [`A-189 no ${local}`, without(local), 'EID_MDS']),
  ...Object.keys(citizen).map((local): Attack => [`A-189 an empty ${local}`, saying(local, ''), 'EID_MDS']),
  ['A-189 white space for a name', saying('CurrentFamilyName', ' \u00a0 '), 'EID_MDS'],
  ['A-190 a legal person beside the natural one', also(legalIdentifier, legalName), 'EID_REPR'],
  ['A-190 a legal person instead of the natural one', releasing(() => [legalIdentifier, legalName]), 'EID_REPR'],
  ['A-190 a representative', also(...representative('natural')), 'EID_REPR'],
  ['A-190 a legal representative', also(...representative('legal')), 'EID_REPR'],
  ['A-190 a part of a representative', also(written(`${NATURAL}representative/DateOfBirth`, '1964-12-31')), 'EID_REPR'],
  ['A-190 a representative without the represented', releasing(() => representative('natural')), 'EID_REPR'],
]

const names: readonly Attack[] = [
  ['A-192 a name in capitals', changed('DateOfBirth', (one) => ({ ...one, name: one.name.toUpperCase() })), 'EID_MDS'],
  ['A-192 a name with a slash more', changed('DateOfBirth', (one) => ({ ...one, name: `${one.name}/` })), 'EID_MDS'],
  ['A-192 a name with white space', changed('DateOfBirth', (one) => ({ ...one, name: `${one.name} ` })), 'EID_MDS'],
  [
    'A-192 a name over TLS',
    changed('DateOfBirth', (one) => ({ ...one, name: one.name.replace('http:', 'https:') })),
    'EID_MDS',
  ],
  ['A-192 the FriendlyName for a name', changed('DateOfBirth', (one) => ({ ...one, name: 'DateOfBirth' })), 'EID_MDS'],
  [
    'A-178 another NameFormat',
    changed('DateOfBirth', (one) => ({ ...one, nameFormat: attributeNameFormats.basic })),
    'SAML_ATTR',
  ],
  ['A-178 no NameFormat', changed('DateOfBirth', (one) => ({ ...one, nameFormat: undefined })), 'SAML_ATTR'],
  [
    'A-176 a NameID in a format that was not asked for',
    {
      asking: { nameIdPolicy: { format: nameIdFormats.transient } },
      assertion: ({ subject }) => ({ subject }),
    },
    'SAML_NAMEID',
  ],
  ['A-176 a NameID in a format of others', named({ format: nameIdFormats.emailAddress }), 'SAML_NAMEID'],
  ['A-176 a NameID of white space', named({ value: ' \n ' }), 'SAML_NAMEID'],
  ['A-176 a NameID of 257 characters', named({ value: 'x'.repeat(257) }), 'SAML_NAMEID'],
]

function named(change: { readonly value?: string; readonly format?: string }): Forgery {
  return {
    assertion: ({ subject }) => ({
      subject: subject && { ...subject, nameId: { ...(subject.nameId ?? { value: '' }), ...change } },
    }),
  }
}

describe('connector acs', () => {
  test.each([...levels, ...identifiers, ...persons, ...names])('%s is refused', async (_, forgery, code) => {
    await expectRefusal(await attempt(target, WAY, forgery), code)
  })

  test('A-187 a right answer about a citizen of another country than was asked is refused', async () => {
    const flow = await openFlow(target, 'connector', {}, OTHER_COUNTRY)
    expectAnswered(flow, await postAnswer(flow, await signedAnswer(flow)), 'EID_COUNTRY')
    await expectNotReusable(flow)
  })

  test('A-189 not the whole data set is refused, though only a part of it was asked for', async () => {
    const name = `${NATURAL}PersonIdentifier`
    const one = el(eidas('RequestedAttribute'), {
      Name: name,
      NameFormat: attributeNameFormats.uri,
      isRequired: 'true',
    })
    const asking = { extensions: [el(eidas('RequestedAttributes'), {}, one)] }
    await expectRefusal(await attempt(target, WAY, { ...without('DateOfBirth'), asking }), 'EID_MDS')
    const released = await expectAccepted(await attempt(target, WAY, { asking }))
    expect(Object.keys(released?.attributes ?? {})).toEqual([name])
  })

  test('A-184 white space around a level is none of it', async () => {
    await expectAccepted(await attempt(target, WAY, reaching(`\n ${LOA}high `)))
  })

  test('A-184 high is accepted where substantial was asked, and told as high', async () => {
    const released = await expectAccepted(await attempt(target, WAY, reaching(`${LOA}high`)))
    expect(released?.loa).toBe(`${LOA}high`)
  })

  test('A-191 what was not asked for is not passed on', async () => {
    const unknown = {
      name: 'urn:sector:tax',
      nameFormat: attributeNameFormats.uri,
      values: [el(saml('AttributeValue'), {}, '1')],
    }
    const forgery = also(written(`${NATURAL}Gender`, 'Female'), written(`${NATURAL}PlaceOfBirth`, 'Athens'), unknown)
    const released = await expectAccepted(await attempt(target, WAY, forgery))
    expect(Object.keys(released?.attributes ?? {}).toSorted()).toEqual(
      Object.keys(citizen)
        .map((local) => NATURAL + local)
        .toSorted(),
    )
  })

  test('A-192 values are read by the Name, whatever the FriendlyName says', async () => {
    const forgery = releasing((right) => right.map((one) => ({ ...one, friendlyName: 'DateOfBirth' })))
    const released = await expectAccepted(await attempt(target, WAY, forgery))
    expect(released?.attributes).toMatchObject({ [`${NATURAL}CurrentFamilyName`]: [citizen.CurrentFamilyName] })
  })

  test('A-188 white space around an identifier is layout', async () => {
    const released = await expectAccepted(await attempt(target, WAY, saying('PersonIdentifier', '\n XB/XA/1 \n')))
    expect(released?.attributes).toMatchObject({ [`${NATURAL}PersonIdentifier`]: ['XB/XA/1'] })
  })
})

describe('connector acs, when a legal person was asked for', () => {
  const asking = {
    extensions: [
      el(eidas('SPType'), {}, 'public'),
      el(
        eidas('RequestedAttributes'),
        {},
        ...['LegalPersonIdentifier', 'LegalName'].map((local) =>
          el(eidas('RequestedAttribute'), {
            Name: LEGAL + local,
            NameFormat: attributeNameFormats.uri,
            isRequired: 'true',
          }),
        ),
      ),
    ],
  }
  const legal = (...right: Attributes): Forgery => ({
    ...releasing(() => right),
    asking,
  })

  test.each<Attack>([
    ['A-189 no name', legal(legalIdentifier), 'EID_MDS'],
    ['A-189 no identifier', legal(legalName), 'EID_MDS'],
    ['A-189 an empty name', legal(legalIdentifier, written(`${LEGAL}LegalName`, '')), 'EID_MDS'],
    [
      'A-187 an identifier of another country',
      legal(legalName, written(`${LEGAL}LegalPersonIdentifier`, 'XC/XA/9')),
      'EID_COUNTRY',
    ],
    ['A-193 a malformed identifier', legal(legalName, written(`${LEGAL}LegalPersonIdentifier`, 'XB-XA-9')), 'EID_PID'],
    ['A-190 a natural person instead', { asking }, 'EID_REPR'],
    ['A-190 a natural person beside it', { ...also(legalIdentifier, legalName), asking }, 'EID_REPR'],
    ['A-190 somebody who acts for it', legal(legalIdentifier, legalName, ...representative('natural')), 'EID_REPR'],
  ])('%s is refused', async (_, forgery, code) => {
    await expectRefusal(await attempt(target, WAY, forgery), code)
  })

  test('the right answer is accepted', async () => {
    const released = await expectAccepted(await attempt(target, WAY, legal(legalIdentifier, legalName)))
    expect(released?.attributes).toEqual({
      [`${LEGAL}LegalPersonIdentifier`]: ['XB/XA/9'],
      [`${LEGAL}LegalName`]: ['Quill Ltd'],
    })
  })
})
