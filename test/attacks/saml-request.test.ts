import type { FaultCode } from '../../src/errors/faults.ts'
import type { AuthnRequest } from '../../src/saml/authn-request.ts'
import { redirectUrl } from '../../src/saml/bindings/redirect.ts'
import { bindings, nameIdFormats, statuses } from '../../src/saml/uris.ts'
import { saml, samlp } from '../../src/xml/names.ts'
import { el, writeXml, type XmlPart } from '../../src/xml/writer.ts'
import { openFlow, partiesOf, postRequest } from '../testkit/flow.ts'
import { attempt, expectAccepted, expectRefusal, type Forgery, requestWays, ways } from '../testkit/forge.ts'
import { mintRequest, sign } from '../testkit/mint.ts'
import type { Peer } from '../testkit/peers.ts'
import { all, appended, attribute, type Change, named, swap, without } from '../testkit/surgery.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectPage, expectRefused, expectStillOpen, refusalOf } from '../testkit/verdict.ts'

/*
 * in requests. Before the requester and the way back to it
 * are known a fault is a page; after that the requester is told, with a signature, and the request's ID is spent.
 */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

type Members = Partial<AuthnRequest<XmlPart>>

const members = (request: (asker: Peer) => Members): Forgery => ({ request })
const part = (...changes: readonly Change[]): Forgery => ({ part: all(...changes) })
const issued = (text: string) => part(attribute('IssueInstant', text))
const from = (change: (entityId: string) => string, format?: string) =>
  members(({ entityId }) => ({ issuer: { value: change(entityId), format: format ?? nameIdFormats.entity } }))
const to = (change: (destination: string) => string | undefined) =>
  members(({ destination }) => ({ destination: change(destination) }))
const backTo = (change: (endpoint: string) => string) =>
  members(({ endpoint }) => ({ assertionConsumerServiceURL: change(endpoint) }))
const unsigned: Forgery = { octets: swap(/<ds:Signature .*<\/ds:Signature>/s, '') }

/** Children of a request in the order of the schema (SAML Core 3.4.1). */
const ORDER = ['Issuer', 'Extensions', 'Subject', 'NameIDPolicy', 'Conditions', 'RequestedAuthnContext', 'Scoping']

/** With this child in its place, instead of any other of its name. */
function having(child: XmlPart): Forgery {
  const place = (one: XmlPart | string) => (typeof one === 'object' ? ORDER.indexOf(one.name.local) : -1)
  const ordered: Change = (one) => ({ ...one, children: one.children.toSorted((a, b) => place(a) - place(b)) })
  return part(without(child.name.local), appended(child), ordered)
}

/** Without what only a request has. */
const empty: Change = ({ attributes, children: [issuer = ''], ...rest }) => ({
  ...rest,
  attributes: attributes.filter(({ local }) => ['ID', 'Version', 'IssueInstant', 'Destination'].includes(local)),
  children: [issuer],
})

const success = el(samlp('Status'), {}, el(samlp('StatusCode'), { Value: statuses.success }))
const BINDINGS = 'urn:oasis:names:tc:SAML:2.0:bindings:'

const pages: readonly (readonly [title: string, forgery: Forgery, code: FaultCode])[] = [
  ['A-152 no ID', { octets: swap(/ ID="[^"]*"/, '') }, 'DS_URI'],
  ['A-154 no IssueInstant', part(attribute('IssueInstant', undefined)), 'XML_SCHEMA'],
  ['A-154 an empty IssueInstant', issued(''), 'XML_SCHEMA'],
  ['A-154 an IssueInstant in words', issued('Jan 1 2026'), 'XML_SCHEMA'],
  ['A-154 the 30th of February', issued('2026-02-30T12:00:00Z'), 'XML_SCHEMA'],
  ['A-154 an IssueInstant of no time zone', issued('2026-11-23T12:00:00'), 'SAML_TIME'],
  ['A-164 no Issuer', part(without('Issuer')), 'SAML_ISSUER'],
  ['A-164 an empty Issuer', from(() => ''), 'SAML_ISSUER'],
  ['A-068, A-164 an Issuer with white space', from((id) => ` ${id}`), 'SAML_ISSUER'],
  ['A-164 an Issuer with a line end', from((id) => `${id}\n`), 'SAML_ISSUER'],
  ['A-164 an Issuer in capitals', from((id) => id.toUpperCase()), 'SAML_ISSUER'],
  ['A-164 an Issuer with a slash more', from((id) => `${id}/`), 'SAML_ISSUER'],
  ['A-164 an Issuer nobody knows', from(() => 'https://evil.example/metadata'), 'SAML_ISSUER'],
  ['A-164 an Issuer of every object', from(() => '__proto__'), 'SAML_ISSUER'],
  ['A-169 a Response', part(named(samlp('Response')), empty, appended(success)), 'SAML_TYPE'],
  [
    'A-169 a LogoutRequest',
    part(named(samlp('LogoutRequest')), empty, appended(el(saml('NameID'), {}, 'citizen'))),
    'SAML_TYPE',
  ],
  [
    'A-169 an artifact to resolve',
    part(named(samlp('ArtifactResolve')), empty, appended(el(samlp('Artifact'), {}, 'AAQ='))),
    'SAML_TYPE',
  ],
  ['A-169 SAML 1.1', part(named({ namespace: 'urn:oasis:names:tc:SAML:1.0:protocol', local: 'Request' })), 'SAML_TYPE'],
  ['R-IA-14, A-173 an ACS nobody published', backTo(() => 'https://evil.example/acs'), 'SAML_ACS'],
  ['A-173 an ACS further down', backTo((acs) => `${acs}/evil`), 'SAML_ACS'],
  ['A-173 an ACS with a query', backTo((acs) => `${acs}?to=evil`), 'SAML_ACS'],
  ['A-173 an ACS with a user', backTo((acs) => acs.replace('https://', 'https://evil@')), 'SAML_ACS'],
  ['R-IA-14, R-MF-34, A-173 an ACS in capitals', backTo((acs) => acs.toUpperCase()), 'SAML_ACS'],
  ['A-068, A-173 an ACS with white space inside', backTo((acs) => acs.replace('/acs', '/ acs')), 'SAML_ACS'],
  ['A-173 an empty ACS', backTo(() => ''), 'SAML_ACS'],
  ['A-173 an index nobody published', members(() => ({ assertionConsumerServiceIndex: 7 })), 'SAML_ACS'],
  [
    'A-173 location and index',
    members(({ endpoint }) => ({ assertionConsumerServiceURL: endpoint, assertionConsumerServiceIndex: 0 })),
    'SAML_ACS',
  ],
  ['R-IA-12, A-174 no signature', unsigned, 'DS_MISSING'],
]

const told: readonly (readonly [title: string, forgery: Forgery, code: FaultCode])[] = [
  ...['1.1', '2', '2.00', ' 2.0', '3.0', ''].map(
    (version) => [`A-153 version ${JSON.stringify(version)}`, members(() => ({ version })), 'SAML_VERSION'] as const,
  ),
  ['A-154 long ago in another time zone', issued('2026-11-23T12:00:00+01:00'), 'SAML_TIME'],
  ['A-154 24 hours, long ago', issued('2026-11-23T24:00:00Z'), 'SAML_TIME'],
  ['A-154 long ago to parts of a millisecond', issued('2026-11-23T12:00:00.0001Z'), 'SAML_TIME'],
  ['A-155 a year that Date.parse makes NaN of', issued('12026-11-23T12:00:00Z'), 'SAML_TIME'],
  ['A-155 a year before the first', issued('-2026-11-23T12:00:00Z'), 'SAML_TIME'],
  ['A-068, A-154 long ago with white space around it', issued(' 2026-11-23T12:00:00Z '), 'SAML_TIME'],
  ['A-156 issued in 65 seconds', members(() => ({ issueInstant: Date.now() + 65_000 })), 'SAML_TIME'],
  ['A-156 issued 365 seconds ago', members(() => ({ issueInstant: Date.now() - 365_000 })), 'SAML_TIME'],
  ['A-156 issued in 1970', members(() => ({ issueInstant: 0 })), 'SAML_TIME'],
  ['A-161 no Destination', to(() => undefined), 'SAML_DEST'],
  ['A-161 an empty Destination', to(() => ''), 'SAML_DEST'],
  ['A-161 a Destination with a slash more', to((sso) => `${sso}/`), 'SAML_DEST'],
  ['A-161 a Destination with a query', to((sso) => `${sso}?`), 'SAML_DEST'],
  ['A-161 a Destination on another port', to((sso) => sso.replace(/:\d+/, ':1')), 'SAML_DEST'],
  ['A-161 a Destination in capitals', to((sso) => sso.replace('http:', 'HTTP:')), 'SAML_DEST'],
  ['A-161 a Destination by address', to((sso) => sso.replace('localhost', '127.0.0.1')), 'SAML_DEST'],
  ['A-161 a Destination with us as its user', to((sso) => `${sso}@evil.example/`), 'SAML_DEST'],
  ['A-068, A-161 a Destination with white space inside', to((sso) => sso.replace('/sso', '/ sso')), 'SAML_DEST'],
  ['A-161 the assertion consumer service as Destination', to((sso) => sso.replace(/sso$/, 'acs')), 'SAML_DEST'],
  ['A-164 an Issuer that is a person', from((id) => id, nameIdFormats.persistent), 'SAML_ISSUER'],
  ['R-MF-42, A-175 a Subject', having(el(saml('Subject'), {}, el(saml('NameID'), {}, 'citizen'))), 'SAML_REQ'],
  ['R-MF-42, A-175 Conditions', having(el(saml('Conditions'))), 'SAML_REQ'],
  ['R-MF-42, A-175 no proxying', having(el(samlp('Scoping'), { ProxyCount: '0' })), 'SAML_REQ'],
  [
    'R-MF-42, A-175 a context by declaration',
    having(el(samlp('RequestedAuthnContext'), {}, el(saml('AuthnContextDeclRef'), {}, 'urn:x'))),
    'SAML_REQ',
  ],
  ['A-175 an answer by redirect', members(() => ({ protocolBinding: bindings.redirect })), 'SAML_REQ'],
  [
    'R-MF-42, A-175 an answer by artifact',
    members(() => ({ protocolBinding: `${BINDINGS}HTTP-Artifact` })),
    'SAML_REQ',
  ],
  ['A-175 a Consent nobody defined', members(() => ({ consent: 'urn:evil' })), 'SAML_REQ'],
  [
    'A-176 names made for somebody else',
    members(() => ({ nameIdPolicy: { spNameQualifier: 'https://other.example' } })),
    'SAML_NAMEID',
  ],
  [
    'A-176 names in a format we do not make',
    members(() => ({ nameIdPolicy: { format: nameIdFormats.emailAddress } })),
    'SAML_NAMEID',
  ],
]

describe.each(requestWays)('%s', (way) => {
  const { half } = ways[way]

  test.each(pages)('%s is refused with a page', async (_, forgery, code) => {
    await expectRefusal(await attempt(target, way, forgery), code)
  })

  test.each(told)('%s is refused, and the requester told', async (_, forgery, code) => {
    await expectRefusal(await attempt(target, way, forgery), code, 'asker')
  })

  test.each<[string, Forgery]>([
    ['A-156 issued in 55 seconds', members(() => ({ issueInstant: Date.now() + 55_000 }))],
    ['A-156 issued 350 seconds ago', members(() => ({ issueInstant: Date.now() - 350_000 }))],
    ['A-164 an Issuer without Format', members(({ entityId }) => ({ issuer: { value: entityId } }))],
    ['A-173 the ACS of the metadata by location', backTo((acs) => acs)],
    ['A-068, A-173 an ACS with white space around it', backTo((acs) => ` ${acs}\n`)],
    ['A-068, A-161 a Destination with white space around it', to((sso) => `\t${sso} `)],
    ['A-173 the ACS of the metadata by index', members(() => ({ assertionConsumerServiceIndex: 0 }))],
    ['A-175 a Consent that is defined', members(() => ({ consent: 'urn:oasis:names:tc:SAML:2.0:consent:obtained' }))],
  ])('%s is accepted', async (_, forgery) => {
    await expectAccepted(await attempt(target, way, forgery))
  })

  test('A-152 a request without ID is refused by redirect too, where no reference needs one', async () => {
    const { asker } = partiesOf(target, half)
    const xml = writeXml(attribute('ID', undefined)(mintRequest(asker)))
    const url = await redirectUrl({ location: asker.destination, parameter: 'SAMLRequest', xml }, asker.signing)
    expectPage(target, await target.wire.get(url), 'XML_SCHEMA')
  })

  test('A-164, A-174 whoever may ask the other half may not ask this one', async () => {
    const { asker } = partiesOf(target, half === 'connector' ? 'proxy-service' : 'connector')
    const { asker: right } = partiesOf(target, half)
    const message = await sign(mintRequest({ ...asker, destination: right.destination }), asker.signing)
    expectPage(target, await postRequest(target, right, message), 'SAML_ISSUER')
  })

  test.each([
    ['with its certificate', 'DS_KEY', (signed: string) => signed],
    ['without a certificate', 'DS_SIG', swap(/<ds:KeyInfo>.*?<\/ds:KeyInfo>/s, '')],
  ] as const)('A-174 a request that somebody else signed, %s, is refused', async (_, code, change) => {
    const { asker } = partiesOf(target, half)
    const { asker: other } = partiesOf(target, half === 'connector' ? 'proxy-service' : 'connector')
    const signed = await sign(mintRequest(asker), other.signing)
    const message = Buffer.from(change(Buffer.from(signed).toString()))
    expectPage(target, await postRequest(target, asker, message), code)
  })

  test('A-170 the same request twice is refused, and the first goes on', async () => {
    const flow = await openFlow(target, half)
    const again = await sign(mintRequest(flow.asker, { id: flow.askedId }), flow.asker.signing)
    const answer = await postRequest(target, flow.asker, again)
    expectRefused(target, answer, 'SAML_REPLAY', flow.askedId)
    await expectStillOpen(flow)
  })

  test('A-171 of the same request twenty times at once one goes on', async () => {
    const { asker } = partiesOf(target, half)
    const message = await sign(mintRequest(asker), asker.signing)
    const answers = await Promise.all(Array.from({ length: 20 }, () => postRequest(target, asker, message)))
    const codes = answers.map((answer) => refusalOf(target, answer) ?? 'accepted')
    expect(codes.toSorted()).toEqual([...Array(19).fill('SAML_REPLAY'), 'accepted'])
  })
})

describe('what only one profile refuses', () => {
  test.each<[string, (typeof requestWays)[number], Forgery, FaultCode]>([
    ['A-175 IsPassive', 'connector sso', members(() => ({ isPassive: true })), 'SAML_PASSIVE'],
    ['A-175 IsPassive', 'proxy-service sso', members(() => ({ isPassive: true })), 'SAML_PASSIVE'],
    [
      'R-MF-42, A-175 an IDPList',
      'proxy-service sso',
      having(el(samlp('Scoping'), {}, el(samlp('IDPList'), {}, el(samlp('IDPEntry'), { ProviderID: 'urn:x' })))),
      'SAML_REQ',
    ],
    ['A-175 no IsPassive', 'proxy-service sso', members(() => ({ isPassive: undefined })), 'SAML_REQ'],
    ['A-175 ForceAuthn=false', 'proxy-service sso', members(() => ({ forceAuthn: false })), 'SAML_REQ'],
    ['A-175 no ForceAuthn', 'proxy-service sso', members(() => ({ forceAuthn: undefined })), 'SAML_REQ'],
    [
      'A-175 attributes by an index nobody published',
      'connector sso',
      members(() => ({ attributeConsumingServiceIndex: 9 })),
      'SAML_REQ',
    ],
    [
      'A-175 a ProviderName of 129 characters',
      'proxy-service sso',
      members(() => ({ providerName: 'x'.repeat(129) })),
      'SAML_REQ',
    ],
  ])('%s at the %s is refused, and the requester told', async (_, way, forgery, code) => {
    await expectRefusal(await attempt(target, way, forgery), code, 'asker')
  })
})
