import type { FaultCode } from '../../src/errors/faults.ts'
import { dataSet, type PersonKind } from '../../src/identity/attributes.ts'
import type { AuthnRequest, RequestedAuthnContext } from '../../src/saml/authn-request.ts'
import { attributeNameFormats } from '../../src/saml/uris.ts'
import { eidas } from '../../src/xml/names.ts'
import { el, type XmlPart } from '../../src/xml/writer.ts'
import { chooseCountry, postRequest, submitStep } from '../testkit/flow.ts'
import { attempt, expectAccepted, expectRefusal, type Forgery } from '../testkit/forge.ts'
import { freshId, mintRequest, sign } from '../testkit/mint.ts'
import { LOA } from '../testkit/peers.ts'
import { all, appended, at, attribute, type Change, content, without } from '../testkit/surgery.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectPage, expectRefused } from '../testkit/verdict.ts'

/*
 * and the request's side of: what may not be asked, or not in
 * these words. The requester is known and is told.
 */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

const PROXY = 'proxy-service sso'
const CONNECTOR = 'connector sso'

const members = (request: Partial<AuthnRequest<XmlPart>>): Forgery => ({ request: () => request })
const inExtensions = (...changes: readonly Change[]): Forgery => ({ part: at('Extensions', all(...changes)) })
const inAttributes = (...changes: readonly Change[]): Forgery => ({
  part: at('Extensions/RequestedAttributes', all(...changes)),
})
const inFirst = (...changes: readonly Change[]): Forgery => ({
  part: at('Extensions/RequestedAttributes/RequestedAttribute', all(...changes)),
})

const NATURAL = 'http://eidas.europa.eu/attributes/naturalperson/'
const LEGAL = 'http://eidas.europa.eu/attributes/legalperson/'
const requested = (name: string, required: boolean, format: string = attributeNameFormats.uri) =>
  el(eidas('RequestedAttribute'), { Name: name, NameFormat: format, isRequired: `${required}` })
const mandatory = (person: PersonKind) =>
  dataSet(person)
    .filter((definition) => definition.mandatory)
    .map(({ name }) => requested(name, true))

/** A level asked for; SAML's default of the comparison is exact. */
const asking = (comparison: RequestedAuthnContext['comparison'], ...classRefs: readonly string[]): Forgery =>
  members({ requestedAuthnContext: { comparison, classRefs, declRefs: [] } })

const OTHER = 'http://eidas.europa.eu/NotNotified/LoA/high'
const low = `${LOA}low`
const substantial = `${LOA}substantial`
const high = `${LOA}high`

type Attack = readonly [title: string, forgery: Forgery, code: FaultCode]

const levels: readonly Attack[] = [
  ['A-186 no level at all', members({ requestedAuthnContext: undefined }), 'EID_LOA_REQ'],
  ['A-186 a level twice', asking('exact', OTHER, OTHER), 'EID_LOA_REQ'],
  ['A-186 a minimum of two levels', asking('minimum', substantial, high), 'EID_LOA_REQ'],
  ['A-186 a minimum that is not notified', asking('minimum', OTHER), 'EID_LOA_REQ'],
  ['A-186 exact, with notified levels only', asking('exact', substantial, high), 'EID_LOA_REQ'],
  ['A-186 no comparison, with notified levels only', asking(undefined, high), 'EID_LOA_REQ'],
  ['A-186 exact, without the higher notified levels', asking('exact', OTHER, low), 'EID_LOA_REQ'],
  ['A-186 better', asking('better', low), 'EID_LOA_REQ'],
  ['A-186 maximum', asking('maximum', high), 'EID_LOA_REQ'],
  ['A-186 a level spelt like a notified one', asking('minimum', `${LOA}higher`), 'EID_LOA_REQ'],
  ['A-186 a notified level in capitals', asking('minimum', high.toUpperCase()), 'EID_LOA_REQ'],
  ['A-186 a notified level with white space inside', asking('minimum', high.replace('/LoA', '/ LoA')), 'EID_LOA_REQ'],
]

const attributes: readonly Attack[] = [
  ['A-189 not the whole data set', inAttributes(content(...mandatory('natural').slice(1))), 'EID_MDS'],
  ['A-189 a legal person without its name', inAttributes(content(...mandatory('legal').slice(0, 1))), 'EID_MDS'],
  ['A-190 natural and legal person', inAttributes(appended(...mandatory('legal'))), 'EID_ATTR'],
  [
    'A-190 a representative',
    inAttributes(appended(requested(`${NATURAL}representative/PersonIdentifier`, true))),
    'EID_ATTR',
  ],
  ['A-191 no attributes', inAttributes(content()), 'EID_ATTR'],
  ['A-191 no RequestedAttributes', inExtensions(without('RequestedAttributes')), 'EID_ATTR'],
  ['A-191 attributes nobody knows', inAttributes(content(requested('urn:unknown', true))), 'EID_ATTR'],
  [
    'A-191 more than the data set fixes is required',
    inAttributes(appended(requested(`${NATURAL}Gender`, true))),
    'EID_ATTR',
  ],
  ['A-191 less than the data set fixes is required', inFirst(attribute('isRequired', 'false')), 'EID_ATTR'],
  ['A-177 an attribute twice', inAttributes(appended(requested(`${NATURAL}PersonIdentifier`, true))), 'SAML_DUP_ATTR'],
  ['A-192 a name in capitals', inFirst(attribute('Name', `${NATURAL}PERSONIDENTIFIER`)), 'EID_MDS'],
  ['A-192 a name with a slash more', inFirst(attribute('Name', `${NATURAL}PersonIdentifier/`)), 'EID_MDS'],
  ['A-192 a name with white space', inFirst(attribute('Name', ` ${NATURAL}PersonIdentifier`)), 'EID_MDS'],
  ['A-178 another NameFormat', inFirst(attribute('NameFormat', attributeNameFormats.basic)), 'SAML_ATTR'],
]

const sectors: readonly Attack[] = [
  ['A-197 no SPType', inExtensions(without('SPType')), 'EID_SPTYPE'],
  ['A-197 an SPType nobody defined', { part: at('Extensions/SPType', content('Public')) }, 'EID_SPTYPE'],
  ['A-197 an empty SPType', { part: at('Extensions/SPType', content()) }, 'EID_SPTYPE'],
  ['A-197 two SPTypes', inExtensions(appended(el(eidas('SPType'), {}, 'public'))), 'EID_SPTYPE'],
]

const requesters: readonly Attack[] = [
  ['A-198 a RequesterID that is no URI', scoped('Some Service'), 'EID_REQUESTER'],
  ['A-198 a relative RequesterID', scoped('/service'), 'EID_REQUESTER'],
  ['A-198 an empty RequesterID', scoped(''), 'EID_REQUESTER'],
  ['A-198 a RequesterID of 1,025 characters', scoped(`urn:${'x'.repeat(1_021)}`), 'EID_REQUESTER'],
  ['A-198 two RequesterIDs', scoped('urn:a', 'urn:b'), 'EID_REQUESTER'],
]

function scoped(...requesterIds: readonly string[]): Forgery {
  return members({ scoping: { requesterIds, hasIdpList: false } })
}

describe('proxy-service sso', () => {
  test.each([...levels, ...attributes, ...sectors, ...requesters])('%s is refused', async (_, forgery, code) => {
    await expectRefusal(await attempt(target, PROXY, forgery), code, 'asker')
  })

  test.each<[string, Forgery]>([
    ['A-186 a minimum of one notified level', asking('minimum', low)],
    ['A-186 a notified level with white space around it', asking('minimum', `\n ${low} `)],
    ['A-191 an attribute nobody knows beside the data set', inAttributes(appended(requested('urn:unknown', true)))],
    ['A-192 another FriendlyName', inFirst(attribute('FriendlyName', 'DateOfBirth'))],
    ['A-198 a RequesterID of 1,024 characters', scoped(`urn:${'x'.repeat(1_020)}`)],
  ])('%s is accepted', async (_, forgery) => {
    await expectAccepted(await attempt(target, PROXY, forgery))
  })
})

const national = (...names: readonly XmlPart[]): Forgery =>
  members({ extensions: [el(eidas('SPType'), {}, 'public'), el(eidas('RequestedAttributes'), {}, ...names)] })

describe('connector sso', () => {
  test.each<Attack>([
    ['A-186 better', asking('better', low), 'EID_LOA_REQ'],
    ['A-186 maximum', asking('maximum', high), 'EID_LOA_REQ'],
    [
      'A-186 levels that mean nothing here',
      asking('exact', 'urn:oasis:names:tc:SAML:2.0:ac:classes:Password'),
      'EID_LOA_REQ',
    ],
    ['A-186 a notified level in capitals', asking('minimum', high.toUpperCase()), 'EID_LOA_REQ'],
    [
      'A-190 a representative',
      national(...mandatory('natural'), requested(`${LEGAL}representative/LegalName`, true)),
      'EID_ATTR',
    ],
    ['A-191 attributes nobody knows', national(requested('urn:unknown', true)), 'EID_ATTR'],
    ['A-177 an attribute twice', national(...mandatory('natural'), ...mandatory('natural')), 'SAML_DUP_ATTR'],
    ['A-192 names in capitals', national(requested(`${NATURAL}PERSONIDENTIFIER`, true)), 'EID_ATTR'],
    [
      'A-178 another NameFormat',
      national(requested(`${NATURAL}Gender`, false, attributeNameFormats.basic)),
      'SAML_ATTR',
    ],
    ['A-197 an SPType nobody defined', members({ extensions: [el(eidas('SPType'), {}, 'semi')] }), 'EID_SPTYPE'],
    [
      'A-197 two SPTypes',
      members({ extensions: [el(eidas('SPType'), {}, 'public'), el(eidas('SPType'), {}, 'private')] }),
      'EID_SPTYPE',
    ],
  ])('%s is refused', async (_, forgery, code) => {
    await expectRefusal(await attempt(target, CONNECTOR, forgery), code, 'asker')
  })
})

describe('connector step', () => {
  const begin = async () => {
    const { portal } = target.peers
    const askedId = freshId()
    const page = await postRequest(target, portal, await sign(mintRequest(portal, { id: askedId }), portal.signing))
    return { askedId, page }
  }

  test.each(['../../NO', 'ZZ', 'xb', 'XB ', 'XB,XC', 'XA', '', 'XB\u0000', '__proto__', 'constructor', '%58%42'])(
    'A-202 country %j is refused, and the flow is over',
    async (country) => {
      const { askedId, page } = await begin()
      expectRefused(target, await chooseCountry(target, page, country), 'EID_COUNTRY', askedId)
      expectPage(target, await chooseCountry(target, page), 'ST_GONE')
    },
  )

  test('A-202 no country is refused', async () => {
    const { askedId, page } = await begin()
    expectRefused(target, await submitStep(target, page, [['action', 'continue']]), 'EID_COUNTRY', askedId)
  })

  test('A-202 two countries are refused, and the choice is still to be made', async () => {
    const { page } = await begin()
    const both = [
      ['country', 'XB'],
      ['country', 'XC'],
    ] as const
    expectPage(target, await submitStep(target, page, both), 'STEP_INPUT')
    expect((await chooseCountry(target, page)).body).toContain(target.peers.proxyService.endpoint)
  })

  test('A-202 a country chosen again after the request has left is too late', async () => {
    const { page } = await begin()
    await chooseCountry(target, page, 'XB')
    expectPage(target, await chooseCountry(target, page, 'XC'), 'ST_GONE')
  })
})
