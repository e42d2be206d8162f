import type { FaultCode } from '../../src/errors/faults.ts'
import type { Assertion } from '../../src/saml/assertion.ts'
import type { AuthnStatement } from '../../src/saml/authn-statement.ts'
import type { Conditions } from '../../src/saml/conditions.ts'
import type { NameID, SubjectConfirmation, SubjectConfirmationData } from '../../src/saml/subject.ts'
import { attributeNameFormats, confirmationMethods, nameIdFormats } from '../../src/saml/uris.ts'
import { saml } from '../../src/xml/names.ts'
import { el, type XmlPart } from '../../src/xml/writer.ts'
import type { Flow } from '../testkit/flow.ts'
import { assertionWays, attempt, expectAccepted, expectRefusal, type Forgery, otherHalf } from '../testkit/forge.ts'
import { all, appended, at, attribute, type Change, content, doubled, named, without } from '../testkit/surgery.ts'
import { startTarget, type Target } from '../testkit/target.ts'

/*
 * in assertions: encrypted to the connector, in the
 * clear inside a signed response to the proxy service. The response around each is right.
 */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

type Right = Assertion<XmlPart>
type Attack = readonly [title: string, forgery: Forgery, code: FaultCode]

const part = (...changes: readonly Change[]): Forgery => ({ part: all(...changes) })
const inside = (path: string, ...changes: readonly Change[]): Forgery => part(at(path, all(...changes)))
const members = (assertion: (right: Right, flow: Flow) => Partial<Right>): Forgery => ({ assertion })
const issued = (text: string) => part(attribute('IssueInstant', text))
const seconds = (count: number) => Date.now() + count * 1000

const conditions = (change: (right: Conditions) => Partial<Conditions>) =>
  members(({ conditions: right }) => ({ conditions: right && { ...right, ...change(right) } }))
const audience = (change: (us: string, flow: Flow) => readonly (readonly string[])[]) =>
  members(({ conditions: right }, flow) => ({
    conditions: right && { ...right, audienceRestrictions: change(flow.answerer.node, flow) },
  }))
const confirmations = (change: (right: SubjectConfirmation, flow: Flow) => readonly SubjectConfirmation[]) =>
  members(({ subject }, flow) => ({
    subject: subject && { ...subject, confirmations: subject.confirmations.flatMap((one) => change(one, flow)) },
  }))
const bearer = (change: (right: SubjectConfirmationData, flow: Flow) => Partial<SubjectConfirmationData>) =>
  confirmations(({ method, data = {} }, flow) => [{ method, data: { ...data, ...change(data, flow) } }])
const nameId = (change: (right: NameID) => Partial<NameID>) =>
  members(({ subject }) => ({
    subject: subject && { ...subject, nameId: subject.nameId && { ...subject.nameId, ...change(subject.nameId) } },
  }))
const statement = (change: (right: AuthnStatement) => Partial<AuthnStatement>) =>
  members(({ authnStatements }) => ({ authnStatements: authnStatements.map((one) => ({ ...one, ...change(one) })) }))
const from = (change: (entityId: string) => string, format: string = nameIdFormats.entity) =>
  members(({ issuer }) => ({ issuer: { value: change(issuer.value), format } }))

const CONFIRMATION = 'Subject/SubjectConfirmation'
const DATA = `${CONFIRMATION}/SubjectConfirmationData`
const METHOD = 'urn:oasis:names:tc:SAML:2.0:cm:'
const context = (...children: readonly XmlPart[]) => inside('AuthnStatement/AuthnContext', content(...children))
const classRef = el(saml('AuthnContextClassRef'), {}, 'http://eidas.europa.eu/LoA/high')

const attacks: readonly Attack[] = [
  ['R-IA-33, A-152 no ID', part(attribute('ID', undefined)), 'XML_SCHEMA'],
  ...['1.1', '2', ' 2.0', ''].map(
    (version): Attack => [`A-153 version ${JSON.stringify(version)}`, members(() => ({ version })), 'SAML_VERSION'],
  ),
  ['R-IA-33, A-153 no version', part(attribute('Version', undefined)), 'XML_SCHEMA'],
  ['A-154 no IssueInstant', part(attribute('IssueInstant', undefined)), 'XML_SCHEMA'],
  ['A-154 the 31st of April', issued('2026-04-31T12:00:00Z'), 'XML_SCHEMA'],
  ['A-154 an IssueInstant of no time zone', issued(new Date().toISOString().replace('Z', '')), 'SAML_TIME'],
  [
    'A-154 an IssueInstant that is past in its time zone',
    issued(new Date().toISOString().replace('Z', '+01:00')),
    'SAML_TIME',
  ],
  [
    'A-154 an IssueInstant that is to come in its time zone',
    issued(new Date().toISOString().replace('Z', '-01:00')),
    'SAML_TIME',
  ],
  ['A-155 a year that Date.parse makes NaN of', issued('12026-11-23T12:00:00Z'), 'SAML_TIME'],
  ['A-156 issued in 65 seconds', members(() => ({ issueInstant: seconds(65) })), 'SAML_TIME'],
  ['A-156 issued 365 seconds ago', members(() => ({ issueInstant: seconds(-365) })), 'SAML_TIME'],
  ['A-157 no Conditions', members(() => ({ conditions: undefined })), 'SAML_TIME'],
  [
    'A-157 empty Conditions',
    inside('Conditions', content(), attribute('NotBefore', undefined), attribute('NotOnOrAfter', undefined)),
    'SAML_TIME',
  ],
  [
    'A-157 no NotBefore and more than an hour from when it was issued',
    conditions(() => ({ notBefore: undefined, notOnOrAfter: seconds(3_700) })),
    'SAML_TIME',
  ],
  [
    'A-157 no NotBefore and over',
    conditions(() => ({ notBefore: undefined, notOnOrAfter: seconds(-65) })),
    'SAML_TIME',
  ],
  ['A-157 no NotOnOrAfter', conditions(() => ({ notOnOrAfter: undefined })), 'SAML_TIME'],
  [
    'A-157 a NotOnOrAfter of no time zone',
    inside('Conditions', attribute('NotOnOrAfter', '2099-01-01T00:00:00')),
    'SAML_TIME',
  ],
  [
    'A-157 a NotOnOrAfter that Date.parse makes NaN of',
    inside('Conditions', attribute('NotOnOrAfter', '12099-01-01T00:00:00Z')),
    'SAML_TIME',
  ],
  ['A-157 a NotBefore that is none', inside('Conditions', attribute('NotBefore', 'now')), 'XML_SCHEMA'],
  [
    'A-157 Conditions that are over',
    conditions(() => ({ notBefore: seconds(-200), notOnOrAfter: seconds(-65) })),
    'SAML_TIME',
  ],
  ['A-157 Conditions to come', conditions(() => ({ notBefore: seconds(65) })), 'SAML_TIME'],
  [
    'A-157 Conditions that end before they begin',
    conditions(() => ({ notBefore: seconds(30), notOnOrAfter: seconds(20) })),
    'SAML_TIME',
  ],
  ['A-157 Conditions of no length', conditions(({ notOnOrAfter }) => ({ notBefore: notOnOrAfter })), 'SAML_TIME'],
  [
    'A-157 Conditions of more than an hour',
    conditions(({ notBefore = 0 }) => ({ notOnOrAfter: notBefore + 3_600_001 })),
    'SAML_TIME',
  ],
  ['A-158 a bearer without end', bearer(() => ({ notOnOrAfter: undefined })), 'SAML_CONFIRM'],
  ['A-158 a bearer that is over', bearer(() => ({ notOnOrAfter: seconds(-65) })), 'SAML_CONFIRM'],
  ['A-158 a bearer with a beginning', bearer(() => ({ notBefore: seconds(-10) })), 'SAML_CONFIRM'],
  [
    'A-158 a bearer whose end is of no time zone',
    inside(DATA, attribute('NotOnOrAfter', '2099-01-01T00:00:00')),
    'SAML_CONFIRM',
  ],
  ['A-158 a bearer whose end is none', inside(DATA, attribute('NotOnOrAfter', 'never')), 'XML_SCHEMA'],
  ['A-159 no audience', audience(() => []), 'SAML_AUDIENCE'],
  ['A-159 another audience', audience(() => [['https://other.example/']]), 'SAML_AUDIENCE'],
  ['A-159 an audience in capitals', audience((us) => [[us.toUpperCase()]]), 'SAML_AUDIENCE'],
  ['A-159 an audience with a slash more', audience((us) => [[`${us}/`]]), 'SAML_AUDIENCE'],
  ['A-159 an audience further up', audience((us) => [[us.slice(0, us.lastIndexOf('/'))]]), 'SAML_AUDIENCE'],
  [
    'A-068, A-159 an audience with white space inside',
    audience((us) => [[us.replace('/metadata', ' /metadata')]]),
    'SAML_AUDIENCE',
  ],
  ['A-068, A-159 an audience with a blank that XML has not', audience((us) => [[`${us}\u00a0`]]), 'SAML_AUDIENCE'],
  ['A-159 the other half as audience', audience((us) => [[otherHalf(us)]]), 'SAML_AUDIENCE'],
  ['A-159 one who asked us as audience', audience((_, { asker }) => [[asker.entityId]]), 'SAML_AUDIENCE'],
  ['A-159 two restrictions, we are in one', audience((us) => [[us], ['https://other.example/']]), 'SAML_AUDIENCE'],
  ['A-160 no Recipient', bearer(() => ({ recipient: undefined })), 'SAML_RECIPIENT'],
  ['A-160 an empty Recipient', bearer(() => ({ recipient: '' })), 'SAML_RECIPIENT'],
  ['A-160 another Recipient', bearer(() => ({ recipient: 'https://other.example/acs' })), 'SAML_RECIPIENT'],
  [
    'A-160 a Recipient with a slash more',
    bearer(({ recipient }) => ({ recipient: `${recipient}/` })),
    'SAML_RECIPIENT',
  ],
  [
    'A-068, A-160 a Recipient with a blank that XML has not',
    bearer(({ recipient }) => ({ recipient: `\u00a0${recipient}` })),
    'XML_SCHEMA',
  ],
  [
    'A-160 the other half as Recipient',
    bearer(({ recipient = '' }) => ({ recipient: otherHalf(recipient) })),
    'SAML_RECIPIENT',
  ],
  ['A-162 no InResponseTo', bearer(() => ({ inResponseTo: undefined })), 'SAML_IRT'],
  ['A-162 the answer to nobody', bearer(() => ({ inResponseTo: '_other' })), 'SAML_IRT'],
  ['A-162 the answer to the one who asked us', bearer((_, { askedId }) => ({ inResponseTo: askedId })), 'SAML_IRT'],
  [
    'A-068, A-162 an InResponseTo with white space',
    bearer(({ inResponseTo }) => ({ inResponseTo: `${inResponseTo} ` })),
    'SAML_IRT',
  ],
  ['A-164 no Issuer', part(without('Issuer')), 'XML_SCHEMA'],
  ['A-164 an empty Issuer', from(() => ''), 'SAML_ISSUER'],
  ['A-164 another Issuer than that of the response', from(() => 'https://other.example/'), 'SAML_ISSUER'],
  ['A-068, A-164 an Issuer with white space', from((id) => `${id} `), 'SAML_ISSUER'],
  ['A-164 an Issuer in capitals', from((id) => id.toUpperCase()), 'SAML_ISSUER'],
  ['A-164 an Issuer that is a person', from((id) => id, nameIdFormats.transient), 'SAML_ISSUER'],
  ['A-166 no confirmation', confirmations(() => []), 'SAML_CONFIRM'],
  ['A-166 a holder of a key', confirmations((one) => [{ ...one, method: `${METHOD}holder-of-key` }]), 'SAML_CONFIRM'],
  [
    'A-166 a sender who vouches',
    confirmations((one) => [{ ...one, method: `${METHOD}sender-vouches` }]),
    'SAML_CONFIRM',
  ],
  [
    'A-166 a bearer in capitals',
    confirmations((one) => [{ ...one, method: one.method.toUpperCase() }]),
    'SAML_CONFIRM',
  ],
  ['A-166 an empty method', confirmations((one) => [{ ...one, method: '' }]), 'SAML_CONFIRM'],
  ['A-166 no method', inside(CONFIRMATION, attribute('Method', undefined)), 'XML_SCHEMA'],
  ['A-166 a bearer without data', confirmations(() => [{ method: confirmationMethods.bearer }]), 'SAML_RECIPIENT'],
  ['R-MF-51, A-167 no Subject', members(() => ({ subject: undefined })), 'SAML_COUNT'],
  ['R-IA-13, A-167 no AuthnStatement', members(() => ({ authnStatements: [] })), 'SAML_COUNT'],
  ['R-IA-13, A-167 two AuthnStatements', part(doubled('AuthnStatement')), 'SAML_COUNT'],
  ['R-IA-13, A-167 no AttributeStatement', members(() => ({ attributeStatements: [] })), 'SAML_COUNT'],
  ['R-IA-13, A-167 two AttributeStatements', part(doubled('AttributeStatement')), 'SAML_COUNT'],
  ['A-167 two NameIDs', inside('Subject', doubled('NameID')), 'XML_SCHEMA'],
  ['A-167 two Conditions', part(doubled('Conditions')), 'XML_SCHEMA'],
  ['A-176 no NameID', inside('Subject', without('NameID')), 'SAML_NAMEID'],
  ['A-176 an empty NameID', nameId(() => ({ value: '' })), 'SAML_NAMEID'],
  ['A-176 a NameID made for others', nameId(() => ({ spNameQualifier: 'https://other.example/' })), 'SAML_NAMEID'],
  ['A-176 an encrypted NameID', inside('Subject/NameID', named({ local: 'EncryptedID' })), 'XML_SCHEMA'],
  ['A-177 an attribute twice', inside('AttributeStatement', doubled('Attribute')), 'SAML_DUP_ATTR'],
  [
    'A-177 an attribute again by another FriendlyName',
    inside('AttributeStatement', appendedAgain(attribute('FriendlyName', 'Other'))),
    'SAML_DUP_ATTR',
  ],
  [
    'A-177 an attribute again in another NameFormat',
    inside('AttributeStatement', appendedAgain(attribute('NameFormat', attributeNameFormats.unspecified))),
    'SAML_DUP_ATTR',
  ],
  ['A-178 no attribute', inside('AttributeStatement', content()), 'XML_SCHEMA'],
  [
    'A-178 an attribute without name',
    inside('AttributeStatement/Attribute', attribute('Name', undefined)),
    'XML_SCHEMA',
  ],
  [
    'A-178 a mandatory attribute with an empty name',
    inside('AttributeStatement/Attribute', attribute('Name', '')),
    'EID_MDS',
  ],
  ['A-178 a mandatory attribute without value', inside('AttributeStatement/Attribute', content()), 'EID_MDS'],
  [
    'A-178 an attribute with two values',
    inside('AttributeStatement/Attribute', doubled('AttributeValue')),
    'SAML_ATTR',
  ],
  [
    'A-178 an encrypted attribute',
    inside('AttributeStatement/Attribute', named({ local: 'EncryptedAttribute' })),
    'XML_SCHEMA',
  ],
  ['A-181 no AuthnContext', inside('AuthnStatement', without('AuthnContext')), 'XML_SCHEMA'],
  ['A-181 an empty AuthnContext', context(), 'XML_SCHEMA'],
  ['A-181 an empty class', statement(() => ({ classRefs: [''] })), 'SAML_ACR'],
  ['A-181 two classes', inside('AuthnStatement/AuthnContext', appended(classRef)), 'XML_SCHEMA'],
  [
    'A-181 a declaration by reference beside the class',
    context(classRef, el(saml('AuthnContextDeclRef'), {}, 'urn:x')),
    'SAML_ACR',
  ],
  ['A-181 a declaration by reference alone', context(el(saml('AuthnContextDeclRef'), {}, 'urn:x')), 'SAML_ACR'],
  ['A-181 a declaration beside the class', context(classRef, el(saml('AuthnContextDecl'), {}, 'high')), 'SAML_ACR'],
  ['A-181 another authority', statement(() => ({ authenticatingAuthorities: ['https://other.example/'] })), 'SAML_ACR'],
  ['A-181 authenticated in 65 seconds', statement(() => ({ authnInstant: seconds(65) })), 'SAML_TIME'],
  ['A-181 a session that is over', statement(() => ({ sessionNotOnOrAfter: seconds(-65) })), 'SAML_TIME'],
]

/** The first child once more, changed, at the end. */
function appendedAgain(change: Change): Change {
  return (one) => {
    const [first] = one.children
    return typeof first === 'object' ? appended(change(first))(one) : one
  }
}

describe.each(assertionWays)('%s', (way) => {
  test.each(attacks)('%s is refused', async (_, forgery, code) => {
    await expectRefusal(await attempt(target, way, forgery), code)
  })

  test.each<[string, Forgery]>([
    [
      'A-157 Conditions that ended 55 seconds ago',
      conditions(() => ({ notBefore: seconds(-300), notOnOrAfter: seconds(-55) })),
    ],
    ['A-157 Conditions that begin in 55 seconds', conditions(() => ({ notBefore: seconds(55) }))],
    ['A-157 Conditions of an hour', conditions(({ notBefore = 0 }) => ({ notOnOrAfter: notBefore + 3_600_000 }))],
    ['A-159 us among several audiences', audience((us) => [['https://other.example/', us]])],
    ['A-159 us in every restriction', audience((us) => [[us], [us, 'https://other.example/']])],
    ['A-157 Conditions without NotBefore', conditions(() => ({ notBefore: undefined }))],
    ['A-154 an IssueInstant in UTC by an offset', issued(new Date().toISOString().replace('Z', '-00:00'))],
    [
      'A-154 an IssueInstant of another time zone',
      issued(new Date(Date.now() + 7_200_000).toISOString().replace('Z', '+02:00')),
    ],
    ['A-154 an IssueInstant of seven digits', issued(new Date().toISOString().replace('Z', '4567Z'))],
    ['A-068, A-159 an audience with white space around it', audience((us) => [[` ${us}\n`]])],
    [
      'A-068, A-160 a Recipient with white space around it',
      bearer(({ recipient }) => ({ recipient: ` ${recipient}` })),
    ],
    ['A-164 an Issuer without Format', members(({ issuer: { value } }) => ({ issuer: { value } }))],
    [
      'A-181 an empty declaration beside the class',
      inside('AuthnStatement/AuthnContext', appended(el(saml('AuthnContextDecl')))),
    ],
  ])('%s is accepted', async (_, forgery) => {
    await expectAccepted(await attempt(target, way, forgery))
  })
})

/* Abroad there is one bearer; at home there may be others, and one that fits is enough. */

const two: readonly (readonly [title: string, forgery: Forgery])[] = [
  ['two bearers', confirmations((one) => [one, one])],
  ['a bearer and a holder of a key', confirmations((one) => [one, { ...one, method: `${METHOD}holder-of-key` }])],
  [
    'a bearer that is for another, and one that fits',
    confirmations((one) => [{ ...one, data: { ...one.data, recipient: 'https://other.example/acs' } }, one]),
  ],
]

test.each(two)('connector acs, sealed assertion A-166 %s is refused', async (_, forgery) => {
  await expectRefusal(await attempt(target, 'connector acs, sealed assertion', forgery), 'SAML_CONFIRM')
})

describe('proxy-service acs, clear assertion', () => {
  const WAY = 'proxy-service acs, clear assertion'

  test.each(two)('A-293 %s is accepted', async (_, forgery) => {
    await expectAccepted(await attempt(target, WAY, forgery))
  })

  test.each<Attack>([
    [
      'two bearers, each of which keeps what the other breaks',
      confirmations((one) => [
        { ...one, data: { ...one.data, recipient: 'https://other.example/acs' } },
        { ...one, data: { ...one.data, inResponseTo: '_other' } },
      ]),
      'SAML_RECIPIENT',
    ],
    [
      'a bearer that is over beside a holder of a key that is not',
      confirmations((one) => [
        { ...one, data: { ...one.data, notOnOrAfter: seconds(-65) } },
        { ...one, method: `${METHOD}holder-of-key` },
      ]),
      'SAML_CONFIRM',
    ],
    [
      'a holder of a key and a sender who vouches',
      confirmations((one) => [
        { ...one, method: `${METHOD}holder-of-key` },
        { ...one, method: `${METHOD}sender-vouches` },
      ]),
      'SAML_CONFIRM',
    ],
  ])('A-293 %s is refused', async (_, forgery, code) => {
    await expectRefusal(await attempt(target, WAY, forgery), code)
  })
})
