import { attributesWith } from '../../../../src/identity/attributes.ts'
import type { Identified } from '../../../../src/identity/outcome.ts'
import type { IdentityRequest } from '../../../../src/identity/request.ts'
import { writeExtensions } from '../../../../src/profiles/eidas/extensions.ts'
import type { NationalAgreement } from '../../../../src/profiles/national/agreement.ts'
import { nationalProfile } from '../../../../src/profiles/national/profile.ts'
import type { AttributeService, PeerFacts } from '../../../../src/profiles/profile.ts'
import type { Assertion } from '../../../../src/saml/assertion.ts'
import type { Attribute } from '../../../../src/saml/attribute.ts'
import type { AuthnRequest } from '../../../../src/saml/authn-request.ts'
import { nameIdFormats } from '../../../../src/saml/uris.ts'
import { saml } from '../../../../src/xml/names.ts'
import { el, writeText, type XmlPart } from '../../../../src/xml/writer.ts'
import {
  answering,
  asked,
  asking,
  fault,
  high,
  identified,
  legalName,
  legalSet,
  low,
  NOW,
  naturalName,
  naturalSet,
  peer,
  receivedAssertion,
  receivedRequest,
  substantial,
  withValue,
} from '../samples.ts'

const agreement: NationalAgreement = { defaultLoA: substantial }

const portal: PeerFacts = { ...peer, entityId: 'https://portal.example/metadata', protocolVersions: [] }

/** What passport-saml sends: no extensions. */
const plain: AuthnRequest<XmlPart> = {
  id: '_portal',
  version: '2.0',
  issueInstant: NOW,
  destination: 'https://xb.example/sso',
  issuer: { value: portal.entityId },
  extensions: [],
  hasSubject: false,
  hasConditions: false,
}

function read(changes: Partial<AuthnRequest<XmlPart>> = {}, facts: Partial<PeerFacts> = {}, terms = agreement) {
  return nationalProfile(terms).readRequest(receivedRequest({ ...plain, ...changes }), { ...portal, ...facts })
}

const service = (index: number, isDefault: boolean, ...names: readonly string[]): AttributeService => ({
  index,
  isDefault,
  attributes: names.map((name) => ({ name, required: false })),
})

describe('reading a request of a service provider', () => {
  test('that says nothing: minimum data set, default level, itself as relying party', () => {
    expect(read()).toEqual({
      relyingParty: { type: 'public', id: portal.entityId },
      attributes: naturalSet,
      loa: { comparison: 'minimum', levels: [substantial] },
      nameIdFormat: 'unspecified',
    })
  })

  test('the agreement may add optional attributes and another sector', () => {
    const terms = { ...agreement, optionalAttributes: [naturalName('Gender')], defaultSpType: 'private' } as const
    const request = read({}, {}, terms)
    expect(request.attributes.at(-1)).toEqual({ name: naturalName('Gender'), required: false })
    expect(request.relyingParty.type).toBe('private')
  })

  test.each([
    [{ optionalAttributes: ['Gender'] }],
    [{ optionalAttributes: [legalName('LEI')] }],
    [{ defaultLoA: 'urn:x' }],
  ])('an agreement nobody could keep is refused at start: %j', (terms) => {
    expect(() => nationalProfile({ ...agreement, ...terms })).toThrow(fault('CFG_INVALID'))
  })

  test('R-MF-31: Extensions as in eIDAS are honoured', () => {
    const requestedAttributes = [...legalSet, { name: legalName('LEI'), required: false }]
    const request = read({ extensions: writeExtensions({ spType: 'public', requestedAttributes }) })
    expect(request).toMatchObject({ relyingParty: { type: 'public' }, attributes: requestedAttributes })
  })

  test('R-MF-32: isRequired comes from the data set, whatever is said', () => {
    const requestedAttributes = [{ name: naturalName('Gender'), required: true }]
    expect(read({ extensions: writeExtensions({ requestedAttributes }) }).attributes).toEqual([
      { name: naturalName('Gender'), required: false },
    ])
  })

  describe('with attributes in its metadata', () => {
    const attributeServices = [
      service(1, false, naturalName('PersonIdentifier')),
      service(2, true, naturalName('PersonIdentifier'), naturalName('DateOfBirth'), 'urn:oid:unknown'),
    ]
    const names = (request: IdentityRequest) => request.attributes.map(({ name }) => name)

    test('the default service counts; unknown attributes are ignored (R-IA-4)', () => {
      expect(names(read({}, { attributeServices }))).toEqual([
        naturalName('PersonIdentifier'),
        naturalName('DateOfBirth'),
      ])
    })

    test('R-MF-34: AttributeConsumingServiceIndex chooses another', () => {
      expect(names(read({ attributeConsumingServiceIndex: 1 }, { attributeServices }))).toEqual([
        naturalName('PersonIdentifier'),
      ])
      expect(() => read({ attributeConsumingServiceIndex: 7 }, { attributeServices })).toThrow(fault('SAML_REQ'))
    })

    test('national names are mapped', () => {
      const mappingOf = () => ({ attributes: { id: naturalName('PersonIdentifier') }, loa: {} })
      const request = read({}, { attributeServices: [service(0, true, 'id')] }, { ...agreement, mappingOf })
      expect(names(request)).toEqual([naturalName('PersonIdentifier')])
    })

    test('R-AP-50: representatives are never asked for', () => {
      const services = [service(0, true, ...naturalSet.map(({ name }) => name), naturalName('representative/Gender'))]
      expect(() => read({}, { attributeServices: services })).toThrow(fault('EID_ATTR'))
    })

    test('AP 2.7: an additional attribute is required as the service says, by its URI or by a national name', () => {
      const name = 'urn:x:role'
      const attributes = attributesWith([{ name, friendlyName: 'Role', person: 'natural', multiple: false }])
      const mappingOf = () => ({ attributes: { beruf: name }, loa: {} })
      const wanted = (national: string) => {
        const required = [
          { name: naturalName('DateOfBirth'), required: false },
          { name: national, required: true },
        ]
        const services = [{ index: 0, isDefault: true, attributes: required }]
        return read({}, { attributeServices: services }, { ...agreement, attributes, mappingOf }).attributes
      }
      for (const national of [name, 'beruf']) {
        expect(wanted(national)).toEqual([
          { name: naturalName('DateOfBirth'), required: true },
          { name, required: true },
        ])
      }
    })

    test('nothing that is known here is nothing to ask for', () => {
      expect(() => read({}, { attributeServices: [service(0, true, 'urn:oid:unknown')] })).toThrow(fault('EID_ATTR'))
    })
  })

  test('R-MF-39: levels of the request, by eIDAS or by mapped classes', () => {
    const requestedAuthnContext = { comparison: 'minimum', classRefs: [high], declRefs: [] } as const
    expect(read({ requestedAuthnContext }).loa).toEqual({ comparison: 'minimum', levels: [high] })
    expect(() => read({ requestedAuthnContext: { classRefs: ['urn:mine'], declRefs: [] } })).toThrow(
      fault('EID_LOA_REQ'),
    )
    const mappingOf = () => ({ attributes: {}, loa: { 'urn:mine': low } })
    const mapped = read(
      { requestedAuthnContext: { classRefs: ['urn:mine'], declRefs: [] } },
      {},
      { ...agreement, mappingOf },
    )
    expect(mapped.loa).toEqual({ comparison: 'minimum', levels: [low] })
  })

  test('A-175: IsPassive cannot be done, which has a status of its own', () => {
    expect(() => read({ isPassive: true })).toThrow(fault('SAML_PASSIVE'))
  })

  test('A-176: a NameID format we do not have', () => {
    expect(() => read({ nameIdPolicy: { format: nameIdFormats.emailAddress } })).toThrow(fault('SAML_NAMEID'))
  })

  test('A-197: SPType of request and metadata must not differ', () => {
    const extensions = writeExtensions({ spType: 'public' })
    expect(() => read({ extensions }, { spType: 'private' })).toThrow(fault('EID_SPTYPE'))
    expect(read({ extensions }, { spType: 'public' }).relyingParty.type).toBe('public')
  })

  test('A-301: the sector is what the operator says, then the metadata, and the request may not say another', () => {
    const terms: NationalAgreement = { ...agreement, defaultSpType: 'public', sectorOf: () => 'private' }
    expect(read({}, { spType: 'public' }, terms).relyingParty.type).toBe('private')
    expect(() => read({ extensions: writeExtensions({ spType: 'public' }) }, {}, terms)).toThrow(fault('EID_SPTYPE'))
    expect(() => read({ extensions: writeExtensions({ spType: 'private' }) })).toThrow(fault('EID_SPTYPE'))
  })

  test('R-MF-37, A-301: a hub asks for the services of its list, which are called what the operator calls them', () => {
    const tenant = 'https://tenant.example'
    const services = { [tenant]: { name: 'Tenant', spType: 'private' } } as const
    const terms: NationalAgreement = {
      ...agreement,
      servicesOf: (id) => (id === portal.entityId ? services : undefined),
    }
    const asking = (...requesterIds: readonly string[]) => ({ scoping: { hasIdpList: false, requesterIds } })
    const asked = read({ ...asking(tenant), providerName: 'Tax office' }, {}, terms).relyingParty
    expect(asked).toEqual({ id: tenant, name: 'Tenant', type: 'private' })
    expect(read(asking(), {}, terms).relyingParty).toEqual({ id: portal.entityId, type: 'public' })
    for (const others of [['https://other.example'], ['__proto__'], [tenant, 'https://other.example']]) {
      expect(() => read(asking(...others), {}, terms)).toThrow(fault('EID_REQUESTER'))
    }
    expect(() => read(asking(tenant))).toThrow(fault('EID_REQUESTER'))
  })
})

describe('answering a service provider', () => {
  const { attributes } = identified
  const write = (
    outcome: Identified,
    terms = agreement,
    request: IdentityRequest = { ...asked, nameIdFormat: 'unspecified' },
  ) => nationalProfile(terms).writeAssertion(outcome, { ...answering, request, peer: portal })

  test('plain strings under Name URIs, the level as its URI', () => {
    const assertion = write(identified)
    const [statement = []] = assertion.attributeStatements
    expect(statement.map(({ name }) => name)).toEqual(attributes.map(({ name }) => name))
    expect(assertion.authnStatements[0]?.classRefs).toEqual([high])
    expect(writeText(el(saml('x'), {}, ...(statement[0]?.values ?? [])))).toContain(
      '<saml2:AttributeValue>XA/XB/4711</saml2:AttributeValue>',
    )
  })

  test('R-AP-43: one script, the Latin one where there are two', () => {
    const name = naturalName('CurrentFamilyName')
    const values = (outcome: Identified) =>
      write(outcome)
        .attributeStatements[0]?.find((one) => one.name === name)
        ?.values.map((value) => value.children)
    expect(values(identified)).toEqual([['Onases']])
    const original = { name, values: [{ value: 'Ωνάσης', latin: false }] }
    expect(values({ ...identified, attributes: [original] })).toEqual([['Ωνάσης']])
  })

  test('R-AP-43, R-LAW-9: both scripts for whom that is agreed with, the Latin one first and the other one marked', () => {
    const name = naturalName('CurrentFamilyName')
    const both = {
      ...agreement,
      scriptsOf: (entityId: string) => (entityId === portal.entityId ? 'both' : undefined),
    } as const
    const original = { value: 'Ωνάσης', latin: false }
    const texts = (...values: Identified['attributes'][number]['values']) =>
      write({ ...identified, attributes: [{ name, values }] }, both)
        .attributeStatements[0]?.find((one) => one.name === name)
        ?.values.map((value) => writeText(el(saml('Attribute'), {}, value)))
    const marked = 'eidas-natural:LatinScript="false">Ωνάσης</saml2:AttributeValue>'
    expect(texts(original, { value: 'Onases', latin: true })).toEqual([
      expect.stringContaining('<saml2:AttributeValue>Onases</saml2:AttributeValue>'),
      expect.stringContaining(marked),
    ])
    expect(texts(original)).toEqual([expect.stringContaining(marked)])
  })

  test('under national names and classes where they are mapped', () => {
    const mappingOf = () => ({ attributes: { surname: naturalName('CurrentFamilyName') }, loa: { 'urn:four': high } })
    const assertion = write(identified, { ...agreement, mappingOf })
    expect(assertion.attributeStatements[0]).toContainEqual(
      expect.objectContaining({ name: 'surname', nameFormat: 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic' }),
    )
    expect(assertion.authnStatements[0]?.classRefs).toEqual(['urn:four'])
  })

  test('R-MF-51: persistent by default, transient where asked', () => {
    expect(write(identified).subject?.nameId).toEqual({ format: nameIdFormats.persistent, value: 'XA/XB/4711' })
    const transient = write(identified, agreement, { ...asked, nameIdFormat: 'transient' })
    expect(transient.subject?.nameId).toEqual({ format: nameIdFormats.transient, value: '_assertion' })
  })

  test('A-290: the NameID is the identifier that passed the rules, though the attribute was not asked for', () => {
    const nameless = withValue(identified, naturalName('PersonIdentifier'))
    expect(write(nameless).subject?.nameId?.value).toBe('XA/XB/4711')
  })
})

describe('asking a national identity provider', () => {
  const mapping = { attributes: {}, loa: { 'urn:two': low, 'urn:three': substantial, 'urn:four': high } }
  const write = (loa: IdentityRequest['loa']) =>
    nationalProfile({ ...agreement, mappingOf: () => mapping }).writeRequest({ ...asked, loa }, asking)

  test('R-IA-20: anew, at a class that is good enough, answered by POST', () => {
    expect(write(asked.loa)).toMatchObject({
      forceAuthn: true,
      isPassive: false,
      assertionConsumerServiceURL: asking.acs,
      requestedAuthnContext: { comparison: 'exact', classRefs: ['urn:three', 'urn:four'] },
    })
  })

  test('who asks from abroad stays here', () => {
    const request = write(asked.loa)
    expect(request.providerName).toBeUndefined()
    expect(request.scoping).toBeUndefined()
    expect(request.extensions).toEqual([])
  })

  test('is valid as SAML', () => {
    expect(receivedRequest(write(asked.loa)).id).toBe('_request')
  })
})

describe('reading a national answer', () => {
  const mapping = {
    attributes: {
      nationalId: naturalName('PersonIdentifier'),
      surname: naturalName('CurrentFamilyName'),
      familyName: naturalName('CurrentFamilyName'),
      givenName: naturalName('CurrentGivenName'),
      birthDate: naturalName('DateOfBirth'),
      phone: naturalName('PhoneNumber'),
    },
    loa: { 'urn:four': high, 'urn:two': low },
  }
  const given: Readonly<Record<string, readonly string[]>> = {
    nationalId: ['19-800101'],
    surname: [' Onases ', 'Ωνάσης'],
    givenName: ['Sarah'],
    birthDate: ['1980-01-01'],
    shoeSize: ['38'],
  }
  const idp = nationalProfile({ ...agreement, mappingOf: () => mapping })

  function read(values: Readonly<Record<string, readonly string[]>>, classRef = 'urn:four', request = asked) {
    const statement = Object.entries(values).map(
      ([name, all]): Attribute<XmlPart> => ({
        name,
        values: all.map((value) =>
          el(saml('AttributeValue'), {}, value.startsWith('<') ? el(saml('NameID'), {}, value) : value),
        ),
      }),
    )
    const base = nationalProfile(agreement).writeAssertion(identified, answering)
    const [authn] = base.authnStatements
    const assertion: Assertion<XmlPart> = {
      ...base,
      authnStatements: authn === undefined ? [] : [{ ...authn, classRefs: [classRef] }],
      attributeStatements: [statement],
      subject: {
        nameId: { value: 'who@xa', format: nameIdFormats.emailAddress },
        confirmations: base.subject?.confirmations ?? [],
      },
    }
    return idp.readOutcome(receivedAssertion(assertion), { request, peer, country: 'XA' })
  }

  test('national names become Name URIs, levels levels; unmapped attributes go no further', () => {
    expect(read(given)).toEqual({
      kind: 'identified',
      loa: high,
      attributes: [
        { name: naturalName('PersonIdentifier'), values: [{ value: '19-800101', latin: true }] },
        {
          name: naturalName('CurrentFamilyName'),
          values: [
            { value: 'Onases', latin: true },
            { value: 'Ωνάσης', latin: false },
          ],
        },
        { name: naturalName('CurrentGivenName'), values: [{ value: 'Sarah', latin: true }] },
        { name: naturalName('DateOfBirth'), values: [{ value: '1980-01-01', latin: true }] },
      ],
      identifier: '19-800101',
      authenticatedAt: identified.authenticatedAt,
    })
  })

  test.each(['urn:five', high, 'urn:two'])('A-184: %s is unmapped or too low', (classRef) => {
    expect(() => read(given, classRef)).toThrow(fault('EID_LOA'))
  })

  test('R-IA-1: optional values are judged when they were asked for, and not looked at otherwise', () => {
    const phone = { ...given, phone: ['030 123'] }
    expect(read(phone).attributes).toHaveLength(4)
    const attributes = [...asked.attributes, { name: naturalName('PhoneNumber'), required: false }]
    const wanted = read({ ...given, phone: ['call me'] }, 'urn:four', { ...asked, attributes })
    expect(wanted.attributes).toHaveLength(4)
    expect(wanted.leftOut).toEqual([expect.objectContaining({ name: naturalName('PhoneNumber'), code: 'EID_VALUE' })])
    expect(read(phone, 'urn:four', { ...asked, attributes }).attributes).toHaveLength(5)
  })

  test('unmapped attributes may hold XML: nobody looks into them', () => {
    expect(read({ ...given, eduPersonTargetedID: ['<saml2:NameID>x</saml2:NameID>'] }).attributes).toHaveLength(4)
  })

  test('A-177: two national names for one attribute', () => {
    expect(() => read({ ...given, familyName: ['Onassis'] })).toThrow(fault('SAML_DUP_ATTR'))
  })

  test('A-195: two values in one script are said to be two where one is expected', () => {
    expect(() => read({ ...given, surname: ['Onases', 'Onassis'] })).toThrow(
      expect.objectContaining({
        code: 'SAML_ATTR',
        detail: `2 values of ${naturalName('CurrentFamilyName')} where one is expected`,
      }),
    )
  })

  test('R-MF-54, A-189: an incomplete data set', () => {
    const { birthDate: _, ...rest } = given
    expect(() => read(rest)).toThrow(fault('EID_MDS'))
  })

  test.each([
    ['A-193', { birthDate: ['1980-02-30'] }, 'EID_VALUE'],
    ['A-196', { givenName: ['Sa\u202erah'] }, 'EID_TEXT'],
    ['R-AP-21', { nationalId: ['19 800101'] }, 'EID_PID'],
    ['R-AP-55', { 'http://eidas.europa.eu/attributes/naturalperson/representative/Gender': ['Male'] }, 'EID_REPR'],
  ])('%s: values are judged before they may leave the country: %j', (_, changes, code) => {
    expect(() => read({ ...given, ...changes })).toThrow(fault(code))
  })
})
