import { attributesWith } from '../../../../src/identity/attributes.ts'
import type { IdentityRequest } from '../../../../src/identity/request.ts'
import { eidasProfile } from '../../../../src/profiles/eidas/profile.ts'
import type { PeerFacts } from '../../../../src/profiles/profile.ts'
import { writeAuthnRequest } from '../../../../src/saml/authn-request.ts'
import { elements } from '../../../../src/xml/reader.ts'
import { writeText } from '../../../../src/xml/writer.ts'
import {
  asked,
  asking,
  fault,
  high,
  legalSet,
  low,
  naturalName,
  naturalSet,
  peer,
  received,
  receivedRequest,
  substantial,
} from '../samples.ts'

const profile = eidasProfile({ country: 'XB' })

function write(changes: Partial<IdentityRequest> = {}, facts: Partial<PeerFacts> = {}) {
  return profile.writeRequest({ ...asked, ...changes }, { ...asking, peer: { ...peer, ...facts } })
}

const requestedNames = (facts: Partial<PeerFacts>, attributes = asked.attributes) =>
  eidasProfile({ country: 'XA' })
    .readRequest(receivedRequest(write({ attributes }, facts)), peer)
    .attributes.map(({ name }) => name)

describe('writing an eIDAS AuthnRequest', () => {
  test('R-MF-34 to R-MF-41: what EU nodes insist on', () => {
    expect(write()).toMatchObject({
      id: '_request',
      version: '2.0',
      destination: 'https://xa.example/sso',
      consent: 'urn:oasis:names:tc:SAML:2.0:consent:unspecified',
      forceAuthn: true,
      isPassive: false,
      providerName: 'Portal',
      issuer: { value: 'https://xb.example/connector', format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:entity' },
      nameIdPolicy: { format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent', allowCreate: true },
      requestedAuthnContext: { comparison: 'minimum', classRefs: [substantial] },
      scoping: { requesterIds: ['https://portal.example/metadata'] },
    })
    expect(write()).not.toHaveProperty('assertionConsumerServiceURL')
    expect(write()).not.toHaveProperty('protocolBinding')
  })

  test('the order of the children is that of EU nodes, SPType before RequestedAttributes', () => {
    const root = received(writeAuthnRequest(write()))
    expect(elements(root).map(({ local }) => local)).toEqual([
      'Issuer',
      'Extensions',
      'NameIDPolicy',
      'RequestedAuthnContext',
      'Scoping',
    ])
    expect(write().extensions.map(({ name }) => name.local)).toEqual(['SPType', 'RequestedAttributes'])
  })

  test('R-MF-16, R-AP-2: no NodeCountry; the paired FriendlyName', () => {
    const text = writeText(writeAuthnRequest(write()))
    expect(text).not.toContain('NodeCountry')
    expect(text).toContain(`FriendlyName="FamilyName" Name="${naturalName('CurrentFamilyName')}"`)
  })

  test('R-MF-17: SPType only when our metadata does not say it', () => {
    const publishing = eidasProfile({ country: 'XB', spType: 'public' })
    expect(publishing.writeRequest(asked, asking).extensions.map(({ name }) => name.local)).toEqual([
      'RequestedAttributes',
    ])
    const other: IdentityRequest = { ...asked, relyingParty: { type: 'private', id: 'urn:x' } }
    expect(() => publishing.writeRequest(other, asking)).toThrow(fault('EID_SPTYPE'))
  })

  test('R-MF-33: of a data set that is touched, all mandatory attributes are asked for', () => {
    const some = [{ name: naturalName('PersonIdentifier'), required: true }]
    expect(requestedNames({}, some).sort()).toEqual(naturalSet.map(({ name }) => name).sort())
  })

  test('R-MF-31: only what the peer publishes, where it publishes anything', () => {
    const published = naturalSet.map(({ name }) => name)
    expect(requestedNames({ attributes: published })).toEqual(published)
    expect(requestedNames({ attributes: [] })).toContain(naturalName('Gender'))
    expect(() => write({}, { attributes: published.slice(1) })).toThrow(fault('EID_MDS'))
  })

  test('R-MF-33: nobody to ask about, or two kinds of person for a 1.4 peer', () => {
    expect(() => write({ attributes: [] })).toThrow(fault('EID_MDS'))
    const attributes = [...naturalSet, ...legalSet]
    expect(() => write({ attributes })).toThrow(fault('EID_ATTR'))
    expect(() => write({ attributes }, { protocolVersions: ['1.2'] })).not.toThrow()
  })

  test('R-AP-50: representatives are never asked for', () => {
    const attributes = [...naturalSet, { name: naturalName('representative/DateOfBirth'), required: true }]
    expect(() => write({ attributes })).toThrow(fault('EID_ATTR'))
  })

  test('A-199: no version in common', () => {
    expect(() => write({}, { protocolVersions: ['1.1'] })).toThrow(fault('EID_VERSION'))
  })

  test('R-IA-19: the peer publishes no level that is enough', () => {
    expect(() => write({}, { loas: [low] })).toThrow(fault('EID_LOA'))
    expect(() => write({}, { loas: [low, high] })).not.toThrow()
  })

  test('a country is asked for no more than it is believed', () => {
    const careful = eidasProfile({ country: 'XB', maximumLoA: (country) => (country === 'XA' ? substantial : low) })
    expect(() => careful.writeRequest(asked, asking)).not.toThrow()
    const loa = { comparison: 'minimum', levels: [high] } as const
    expect(() => careful.writeRequest({ ...asked, loa }, asking)).toThrow(fault('EID_LOA'))
  })

  test('R-MF-62: exact levels travel with the higher notified ones', () => {
    const own = 'urn:example:loa'
    const { requestedAuthnContext } = write({ loa: { comparison: 'exact', levels: [own, substantial] } })
    expect(requestedAuthnContext).toEqual({ comparison: 'exact', classRefs: [substantial, high, own], declRefs: [] })
  })

  test('R-IA-17, A-198: RequesterID for private parties where the peer demands it', () => {
    const relyingParty = { type: 'private' } as const
    expect(() => write({ relyingParty }, { requesterIdRequired: true })).toThrow(fault('EID_REQUESTER'))
    expect(write({ relyingParty }).scoping).toBeUndefined()
    expect(() => write({ relyingParty: { type: 'public', id: 'no uri' } })).toThrow(fault('EID_REQUESTER'))
  })

  test('R-MF-30: a NameID format the peer does not publish', () => {
    const nameIdFormats = ['urn:oasis:names:tc:SAML:2.0:nameid-format:transient']
    expect(() => write({}, { nameIdFormats })).toThrow(fault('SAML_NAMEID'))
    expect(() => write({ nameIdFormat: 'transient' }, { nameIdFormats })).not.toThrow()
  })

  test('R-MF-38: a long name is cut between two characters', () => {
    const name = `${'x'.repeat(127)}\u{1f600}`
    expect(write({ relyingParty: { type: 'public', name } }).providerName).toBe('x'.repeat(127))
  })

  describe('AP 2.7: an additional attribute', () => {
    const name = 'urn:x:role'
    const attributes = attributesWith([{ name, friendlyName: 'Role', person: 'natural', multiple: false }])
    const node = eidasProfile({ country: 'XB', attributes })
    const send = (required: boolean, facts: Partial<PeerFacts> = {}) =>
      writeText(
        writeAuthnRequest(
          node.writeRequest(
            { ...asked, attributes: [...naturalSet, { name, required }] },
            { ...asking, peer: { ...peer, ...facts } },
          ),
        ),
      )

    test.each([true, false])('has isRequired %s as it was asked for', (required) => {
      expect(send(required)).toContain(`FriendlyName="Role" Name="${name}"`)
      expect(send(required)).toMatch(new RegExp(`Name="${name}"[^>]* isRequired="${required}"`))
    })

    test('is left out where the peer does not publish it, and refused when required', () => {
      const published = { attributes: naturalSet.map((one) => one.name) }
      expect(send(false, published)).not.toContain(name)
      expect(() => send(true, published)).toThrow(fault('EID_MDS'))
    })

    test('is nobody to ask about by itself', () => {
      const request = { ...asked, attributes: [{ name, required: true }] }
      expect(() => node.writeRequest(request, asking)).toThrow(fault('EID_MDS'))
    })
  })
})
