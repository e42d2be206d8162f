import { definitionOf } from '../../../src/identity/attributes.ts'
import { writeValues } from '../../../src/profiles/eidas/attribute-values.ts'
import type { Assertion } from '../../../src/saml/assertion.ts'
import type { Attribute } from '../../../src/saml/attribute.ts'
import type { Response } from '../../../src/saml/response.ts'
import { attributeNameFormats, nameIdFormats, statuses } from '../../../src/saml/uris.ts'
import { saml } from '../../../src/xml/names.ts'
import { el, type XmlPart } from '../../../src/xml/writer.ts'
import { assertionTo, citizen, mintAttributes, mintRefusal, sign } from '../../testkit/mint.ts'
import { LOA } from '../../testkit/peers.ts'
import { answer, asked, codes, found, inspected, node, peers, trustService } from './samples.ts'

const NATURAL = 'http://eidas.europa.eu/attributes/naturalperson/'

async function verdictOn(given: Parameters<typeof answer>[0] = {}) {
  return inspected(await answer(given), { ...trustService, decrypt: [await node(given?.to)] })
}

const right = assertionTo(asked)
const rightData = right.subject?.confirmations[0]?.data ?? {}

const bearer = (data: object): Partial<Assertion<XmlPart>> => ({
  subject: {
    ...right.subject,
    confirmations: [{ method: 'urn:oasis:names:tc:SAML:2.0:cm:bearer', data: { ...rightData, ...data } }],
  },
})

const released = (facts: Readonly<Record<string, string>>): Partial<Assertion<XmlPart>> => ({
  attributeStatements: [mintAttributes(peers.proxyService, facts)],
})

const withOne = (attribute: Attribute<XmlPart>): Partial<Assertion<XmlPart>> => ({
  attributeStatements: [[...mintAttributes(peers.proxyService), attribute]],
})

type Case = readonly [code: string, requirement: string, assertion: Partial<Assertion<XmlPart>>]

describe('a right answer', () => {
  test('is accepted, decrypted and told', async () => {
    const report = await verdictOn()
    expect(report).toMatchObject({
      verdict: 'accepted',
      standing: 'verified',
      kind: 'Response',
      issuer: peers.proxyService.entityId,
      decrypted: true,
      response: { status: [statuses.success], inResponseTo: '_request' },
      assertion: {
        signature: { present: false },
        nameId: 'XB/XA/02635542Y',
        loa: `${LOA}substantial`,
      },
    })
    expect(report.assertion?.attributes).toContainEqual({
      name: `${NATURAL}CurrentFamilyName`,
      friendlyName: 'FamilyName',
      values: [citizen.CurrentFamilyName],
    })
    expect(report.findings).toEqual([found('OFFLINE', null, 'note')])
  })

  test('R-MF-59: of a failure is the failure it says, whatever assertion is in it', async () => {
    const report = await verdictOn({ response: { status: { codes: [statuses.responder] } } })
    expect(report).toMatchObject({ verdict: 'accepted', response: { status: [statuses.responder] } })
  })

  test('of a failure carries nobody, and is accepted', async () => {
    const refusal = mintRefusal(asked, ['Responder', 'AuthnFailed'], 'AUTHN_FAILED - no')
    const report = await inspected(await sign(refusal, peers.proxyService.signing), trustService)
    expect(report).toMatchObject({
      verdict: 'accepted',
      assertion: null,
      response: { status: [statuses.responder, expect.stringContaining('AuthnFailed')], message: 'AUTHN_FAILED - no' },
    })
  })
})

describe('each broken rule of the response by its code and requirement', () => {
  test.each<readonly [string, string, Partial<Response<XmlPart>>]>([
    ['SAML_IRT', 'R-IA-15', { inResponseTo: undefined }],
    ['SAML_DEST', 'SAML Bindings 3.5.5.2', { destination: undefined }],
    ['SAML_VERSION', 'SAML Core 3.2.2', { version: '1.1' }],
    ['SAML_TIME', 'SAML Core 3.2.2', { issueInstant: Date.now() - 3_600_000 }],
    ['SAML_ISSUER', 'R-IA-28', { issuer: { value: peers.proxyService.entityId, format: nameIdFormats.transient } }],
    ['SAML_STATUS', 'R-MF-50', { status: { codes: ['urn:x'] } }],
    ['SAML_STATUS', 'R-MF-50', { status: { codes: [statuses.success, statuses.responder] } }],
    ['SAML_COUNT', 'R-IA-13', { encryptedAssertions: [] }],
  ])('%s %s', async (code, requirement, response) => {
    const report = await verdictOn({ response })
    expect(report).toMatchObject({ verdict: 'refused', standing: 'verified' })
    expect(report.findings).toContainEqual(found(code, requirement))
  })
})

describe('each broken rule of the assertion by its code and requirement', () => {
  const cases: readonly Case[] = [
    ['SAML_ISSUER', 'R-IA-15', { issuer: { value: 'https://other.example/' } }],
    [
      'SAML_NAMEID',
      'R-MF-51',
      { subject: { ...right.subject, confirmations: right.subject?.confirmations ?? [], nameId: undefined } },
    ],
    ['SAML_RECIPIENT', 'R-MF-57', bearer({ recipient: 'https://elsewhere.example/' })],
    ['SAML_IRT', 'R-MF-57', bearer({ inResponseTo: '_other' })],
    ['SAML_CONFIRM', 'R-MF-57', bearer({ notOnOrAfter: Date.now() - 3_600_000 })],
    ['SAML_CONFIRM', 'R-MF-57', { subject: { ...right.subject, confirmations: [] } }],
    ['SAML_TIME', 'R-MF-57', { conditions: undefined }],
    [
      'SAML_AUDIENCE',
      'R-MF-57',
      { conditions: { ...right.conditions, audienceRestrictions: [], oneTimeUse: false, others: [] } },
    ],
    ['SAML_COUNT', 'R-IA-13', { authnStatements: [] }],
    ['SAML_ACR', 'R-MF-52', { authnStatements: right.authnStatements.map((one) => ({ ...one, declRefs: ['urn:x'] })) }],
    [
      'EID_LOA',
      'R-MF-52',
      { authnStatements: right.authnStatements.map((one) => ({ ...one, classRefs: [`${LOA}medium`] })) },
    ],
    ['SAML_COUNT', 'R-IA-13', { attributeStatements: [] }],
    ['EID_MDS', 'R-MF-54', released({ PersonIdentifier: citizen.PersonIdentifier })],
    ['EID_COUNTRY', 'R-AP-25', withOne(named('representative/PersonIdentifier', 'FR/XA/1'))],
    ['EID_REPR', 'R-AP-57', withOne(named('representative/CurrentFamilyName', 'Doe'))],
    ['SAML_DUP_ATTR', 'SAML Core 2.7.3.1', withOne(named('DateOfBirth', '1990-01-01'))],
    ['EID_VALUE', 'Attribute Profile 2.2', released({ ...citizen, DateOfBirth: '1964' })],
    ['EID_LATIN', 'R-AP-42', released({ ...citizen, CurrentFamilyName: 'Ωνάσης' })],
    ['EID_PID', 'R-AP-20', released({ ...citizen, PersonIdentifier: 'X/Y/1' })],
  ]

  test.each(cases)('%s %s', async (code, requirement, assertion) => {
    const report = await verdictOn({ assertion })
    expect(report).toMatchObject({ verdict: 'refused', standing: 'verified', decrypted: true })
    expect(report.findings).toContainEqual(found(code, requirement))
  })

  test.each<Case>([
    ['SAML_ATTR', 'R-AP-1', withOne({ ...named('Gender', 'Male'), nameFormat: attributeNameFormats.basic })],
    ['EID_VALUE', 'Attribute Profile 2.2', withOne(named('Gender', 'unknown'))],
    ['EID_ADDRESS', 'R-AP-30', withOne(named('CurrentAddress', 'not base64!'))],
    ['EID_LATIN', 'R-AP-42', withOne({ ...named('BirthName', 'A'), values: [value('A'), value('B')] })],
  ])('%s %s of an optional attribute is a warning: a node leaves it out', async (code, requirement, assertion) => {
    const report = await verdictOn({ assertion })
    expect(report).toMatchObject({ verdict: 'accepted', standing: 'verified', decrypted: true })
    expect(report.findings).toContainEqual(found(code, requirement, 'warning'))
  })

  test('one bad value hides neither the next nor the person', async () => {
    const report = await verdictOn({
      assertion: released({ ...citizen, DateOfBirth: '1964', Gender: 'x', Nationality: 'Spain' }),
    })
    const wrong = report.findings
      .filter(({ code }) => code === 'EID_VALUE')
      .map(({ text }) => text.split(':').slice(0, 2).join(':'))
    expect(wrong).toEqual(['DateOfBirth', 'Gender', 'Nationality'].map((name) => NATURAL + name))
    expect(codes(report)).not.toContain('EID_MDS')
  })

  test('EID_REPR: somebody who acts for the person is a warning: it depends on the service (R-AP-55)', async () => {
    const facts = Object.entries({ ...citizen, PersonIdentifier: 'XB/XA/2' })
    const representative = facts.map(([name, text]) => named(`representative/${name}`, text))
    const attributes = [...mintAttributes(peers.proxyService), ...representative]
    const report = await verdictOn({ assertion: { attributeStatements: [attributes] } })
    expect(report.verdict).toBe('accepted')
    expect(report.findings).toContainEqual(found('EID_REPR', 'R-AP-55', 'warning'))
  })

  test('R-AP-2: a FriendlyName of another attribute is a warning', async () => {
    const report = await verdictOn({ assertion: withOne({ ...named('Gender', 'Male'), friendlyName: 'Sex' }) })
    expect(report.verdict).toBe('accepted')
    expect(report.findings).toContainEqual(found('SAML_ATTR', 'R-AP-2', 'warning'))
  })

  test('R-IA-4: an attribute of another profile is passed over, with a note', async () => {
    const other = { name: 'urn:other', nameFormat: attributeNameFormats.uri, values: [value('x')] }
    const report = await verdictOn({ assertion: withOne(other) })
    expect(report.verdict).toBe('accepted')
    expect(report.findings).toContainEqual(found('IGNORED', 'R-IA-4', 'note'))
  })
})

function value(text: string): XmlPart {
  return el(saml('AttributeValue'), {}, text)
}

/** An attribute of a natural person, whatever its value. */
function named(local: string, text: string): Attribute<XmlPart> {
  const definition = definitionOf(NATURAL + local)
  if (definition === undefined) throw new TypeError(`no attribute ${local}`)
  const { name, friendlyName } = definition
  return {
    name,
    friendlyName,
    nameFormat: attributeNameFormats.uri,
    values: writeValues(definition, [{ value: text, latin: true }]),
  }
}
