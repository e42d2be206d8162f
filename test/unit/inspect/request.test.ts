import { dataSet } from '../../../src/identity/attributes.ts'
import { writeExtensions } from '../../../src/profiles/eidas/extensions.ts'
import type { AuthnRequest } from '../../../src/saml/authn-request.ts'
import { nameIdFormats } from '../../../src/saml/uris.ts'
import type { XmlPart } from '../../../src/xml/writer.ts'
import { mintRequest } from '../../testkit/mint.ts'
import { LOA } from '../../testkit/peers.ts'
import { codes, found, inspected, peers, request, signedBy, trustConnector } from './samples.ts'

const NATURAL = 'http://eidas.europa.eu/attributes/naturalperson/'
const LEGAL = 'http://eidas.europa.eu/attributes/legalperson/'

const mandatory = dataSet('natural').filter((one) => one.mandatory)
const whole = mandatory.map(({ name }) => ({ name, required: true }))

const asking = (...requestedAttributes: readonly { readonly name: string; readonly required: boolean }[]) => ({
  extensions: writeExtensions({ spType: 'public', requestedAttributes }),
})

const loa = (comparison: 'minimum' | 'exact', ...classRefs: readonly string[]) => ({
  requestedAuthnContext: { comparison, classRefs, declRefs: [] },
})

async function verdictOn(overrides: Partial<AuthnRequest<XmlPart>>, now = Date.now()) {
  return inspected(await request(overrides), { ...trustConnector, now })
}

test('a right request is accepted, and what it asks for is told', async () => {
  const report = await verdictOn({})
  expect(report).toMatchObject({
    verdict: 'accepted',
    standing: 'verified',
    kind: 'AuthnRequest',
    issuer: peers.connector.entityId,
    decrypted: false,
    encryption: null,
    assertion: null,
    request: {
      destination: peers.connector.destination,
      spType: 'public',
      loa: { comparison: 'minimum', levels: [`${LOA}substantial`] },
      nameIdFormat: nameIdFormats.persistent,
      attributes: whole.map(({ name }) => ({ name, required: 'true' })),
    },
  })
  expect(report.findings).toEqual([found('OFFLINE', null, 'note')])
})

describe('each broken rule by its code and requirement', () => {
  const cases: readonly (readonly [string, string, Partial<AuthnRequest<XmlPart>>])[] = [
    ['SAML_REQ', 'R-MF-35', { forceAuthn: false }],
    ['SAML_PASSIVE', 'R-MF-36', { isPassive: true }],
    ['SAML_DEST', 'R-MF-41', { destination: undefined }],
    ['SAML_VERSION', 'R-MF-41', { version: '1.1' }],
    ['SAML_REQ', 'SAML Core 8.4', { consent: 'urn:x' }],
    ['SAML_ISSUER', 'R-MF-41', { issuer: { value: peers.connector.entityId, format: nameIdFormats.transient } }],
    ['SAML_REQ', 'R-IA-14', { protocolBinding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact' }],
    ['SAML_ACS', 'R-MF-34', { assertionConsumerServiceURL: 'https://a.example/', assertionConsumerServiceIndex: 1 }],
    ['EID_ATTR', 'R-MF-31', asking()],
    ['EID_ATTR', 'R-MF-32', asking(...whole, { name: `${NATURAL}Gender`, required: true })],
    ['EID_MDS', 'R-MF-33', asking(...whole.slice(1))],
    [
      'EID_ATTR',
      'R-MF-33',
      asking(
        ...whole,
        { name: `${LEGAL}LegalName`, required: true },
        { name: `${LEGAL}LegalPersonIdentifier`, required: true },
      ),
    ],
    ['EID_ATTR', 'R-AP-50', asking(...whole, { name: `${NATURAL}representative/Gender`, required: false })],
    ['EID_LOA_REQ', 'R-MF-62', loa('exact', `${LOA}low`)],
    ['EID_LOA_REQ', 'R-MF-62', loa('minimum', `${LOA}medium`)],
    ['SAML_NAMEID', 'R-MF-30', { nameIdPolicy: { format: nameIdFormats.emailAddress } }],
    ['EID_REQUESTER', 'R-MF-37', { scoping: { requesterIds: ['no uri'], hasIdpList: false } }],
    ['SAML_REQ', 'SAML Core 3.4.1.5.1', { scoping: { requesterIds: [], hasIdpList: false, proxyCount: 0 } }],
    ['SAML_REQ', 'R-MF-38', { providerName: 'x'.repeat(129) }],
    ['SAML_REQ', 'R-MF-39', { requestedAuthnContext: { classRefs: [], declRefs: ['urn:x'] } }],
  ]

  test.each(cases)('%s %s', async (code, requirement, overrides) => {
    const report = await verdictOn(overrides)
    expect(report).toMatchObject({ verdict: 'refused', standing: 'verified' })
    expect(report.findings).toContainEqual(found(code, requirement))
  })

  test('SAML_TIME: by the clock that was set', async () => {
    const now = Date.now()
    expect(codes(await verdictOn({ issueInstant: now - 600_000 }, now))).toEqual(['SAML_TIME'])
    expect(codes(await verdictOn({ issueInstant: now - 600_000 }, now - 590_000))).toContain('MD_KEY')
    expect(codes(await verdictOn({ issueInstant: now + 120_000 }, now))).toEqual(['SAML_TIME'])
  })

  test('all of them at once', async () => {
    const report = await verdictOn({
      forceAuthn: false,
      isPassive: true,
      destination: undefined,
      ...asking({ name: `${NATURAL}Gender`, required: true }),
      ...loa('exact', `${LOA}low`),
    })
    const requirements = report.findings.filter((one) => one.severity === 'error').map((one) => one.requirement)
    expect(requirements).toEqual(['R-MF-41', 'R-MF-35', 'R-MF-36', 'R-MF-32', 'R-MF-33', 'R-MF-62'])
  })
})

describe('what only metadata knows', () => {
  test('no SPType is no fault here: the metadata must have it', async () => {
    const report = await verdictOn({ extensions: writeExtensions({ requestedAttributes: whole }) })
    expect(report.verdict).toBe('accepted')
    expect(report.findings).toContainEqual(found('OFFLINE', 'R-MF-17', 'note'))
  })

  test('the rules that were not applied are listed once', async () => {
    const report = await verdictOn({})
    const notes = report.findings.filter(({ code }) => code === 'OFFLINE')
    expect(notes).toHaveLength(1)
    expect(notes[0]?.text).toContain('R-MF-34')
  })
})

describe('what is recommended and not demanded', () => {
  test.each<readonly [string, string, Partial<AuthnRequest<XmlPart>>]>([
    ['SAML_REQ', 'R-MF-34', { assertionConsumerServiceURL: 'https://connector.xb.example/acs' }],
    ['SAML_REQ', 'R-MF-34', { protocolBinding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST' }],
    ['SAML_REQ', 'R-MF-30', { nameIdPolicy: undefined }],
    ['EID_REQUESTER', 'R-MF-37', { scoping: undefined }],
  ])('%s %s is a warning', async (code, requirement, overrides) => {
    const report = await verdictOn(overrides)
    expect(report.verdict).toBe('accepted')
    expect(report.findings).toContainEqual(found(code, requirement, 'warning'))
  })

  test('R-IA-4: an attribute of another profile is passed over, with a note', async () => {
    const report = await verdictOn(asking(...whole, { name: 'urn:other', required: true }))
    expect(report.verdict).toBe('accepted')
    expect(report.findings).toContainEqual(found('IGNORED', 'R-IA-4', 'note'))
  })
})

test('readers that refuse say why, and the rest is still shown', async () => {
  const report = await inspected(
    await signedBy(mintRequest(peers.connector, { id: `_${'x'.repeat(127)}` }), peers.connector.signingKey),
    trustConnector,
  )
  expect(report.verdict).toBe('accepted')
  const twice = await verdictOn({
    extensions: [...writeExtensions({ spType: 'public' }), ...writeExtensions({ spType: 'public' })],
  })
  expect(twice.findings).toContainEqual(found('EID_SPTYPE', 'R-MF-17'))
  expect(twice.request?.spType).toBe('public')
})
