import { attributesWith } from '../../../../src/identity/attributes.ts'
import { eidasProfile } from '../../../../src/profiles/eidas/profile.ts'
import { eidasRequestRules } from '../../../../src/profiles/eidas/request-rules.ts'
import type { PeerFacts } from '../../../../src/profiles/profile.ts'
import type { AuthnRequest, Comparison } from '../../../../src/saml/authn-request.ts'
import { ns } from '../../../../src/xml/names.ts'
import { el, type XmlPart } from '../../../../src/xml/writer.ts'
import {
  asked,
  asking,
  fault,
  high,
  legalName,
  legalSet,
  low,
  naturalName,
  naturalSet,
  peer,
  receivedRequest,
  substantial,
} from '../samples.ts'

const node = { country: 'XA', offer: { loas: [low, substantial, high], requesterIdRequired: true } }
const profile = eidasProfile(node)
const valid = eidasProfile({ country: 'XB' }).writeRequest(asked, asking)

const eidas = (local: string) => ({ namespace: ns.eidas, local, prefix: 'eidas' })
const URI = 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri'

interface Wanted {
  readonly name: string
  readonly required: boolean
}

const requested = (attributes: readonly Wanted[]) =>
  el(
    eidas('RequestedAttributes'),
    {},
    ...attributes.map(({ name, required }) =>
      el(eidas('RequestedAttribute'), { Name: name, NameFormat: URI, isRequired: required.toString() }),
    ),
  )
const spType = (type: string) => el(eidas('SPType'), {}, type)

function read(changes: Partial<AuthnRequest<XmlPart>> = {}, facts: Partial<PeerFacts> = {}) {
  return profile.readRequest(receivedRequest({ ...valid, ...changes }), { ...peer, ...facts })
}

const readAttributes = (attributes: readonly Wanted[], facts: Partial<PeerFacts> = {}) =>
  read({ extensions: [spType('public'), requested(attributes)] }, facts)

const readContext = (comparison: Comparison | undefined, ...classRefs: readonly string[]) =>
  read({ requestedAuthnContext: { comparison, classRefs, declRefs: [] } })

describe('reading an eIDAS AuthnRequest', () => {
  test('what one node writes the other reads', () => {
    const { country: _, ...rest } = asked
    expect(read()).toEqual(rest)
  })

  test('the rules are a list', () => {
    expect(eidasRequestRules).toHaveLength(18)
  })

  test.each([[['1.1']], [['1.0', '2.0']]])('A-199, R-MF-12: no version in common with %j', (protocolVersions) => {
    expect(() => read({}, { protocolVersions })).toThrow(fault('EID_VERSION'))
  })

  test.each([[[]], [['1.1', '1.2']], [['1.4.1']]])('R-MF-12: versions %j are fine', (protocolVersions) => {
    expect(() => read({}, { protocolVersions })).not.toThrow()
  })

  test.each([undefined, false])('R-MF-35, A-175: ForceAuthn is true, not %s', (forceAuthn) => {
    expect(() => read({ forceAuthn })).toThrow(fault('SAML_REQ'))
  })

  test.each([
    [undefined, 'SAML_REQ'],
    [true, 'SAML_PASSIVE'],
  ] as const)('R-MF-36, A-175: IsPassive is false, not %s', (isPassive, code) => {
    expect(() => read({ isPassive })).toThrow(fault(code))
  })

  describe('SPType', () => {
    test('R-LAW-1, R-MF-17: of the request, or of the metadata', () => {
      expect(read().relyingParty.type).toBe('public')
      expect(read({ extensions: [requested(naturalSet)] }, { spType: 'private' }).relyingParty.type).toBe('private')
    })

    test.each([
      ['in both', [spType('public'), requested(naturalSet)], { spType: 'public' as const }],
      ['in neither', [requested(naturalSet)], {}],
      ['twice', [spType('public'), spType('public'), requested(naturalSet)], {}],
    ])('R-MF-17, A-197: refused %s', (_, extensions, facts) => {
      expect(() => read({ extensions }, facts)).toThrow(fault('EID_SPTYPE'))
    })
  })

  describe('requested attributes', () => {
    test('R-MF-31: refused without the extension, without attributes, without one we know', () => {
      expect(() => read({ extensions: [spType('public')] })).toThrow(fault('EID_ATTR'))
      expect(() => readAttributes([])).toThrow(fault('EID_ATTR'))
      expect(() => readAttributes([{ name: 'urn:oid:2.5.4.4', required: true }])).toThrow(fault('EID_ATTR'))
    })

    test('R-IA-4: unknown attributes are ignored', () => {
      const unknown = { name: 'http://eidas.europa.eu/attributes/sectorspecific/x', required: true }
      expect(readAttributes([...naturalSet, unknown]).attributes).toEqual(naturalSet)
    })

    test('A-192: an attribute of nearly the same name is unknown', () => {
      const odd = naturalSet.map((one) => ({ ...one, name: one.name.replace('DateOfBirth', 'dateOfBirth') }))
      expect(() => readAttributes(odd)).toThrow(fault('EID_MDS'))
    })

    test('R-MF-32: isRequired is fixed by the data set, both ways', () => {
      expect(() => readAttributes(naturalSet.map((one) => ({ ...one, required: false })))).toThrow(fault('EID_ATTR'))
      expect(() => readAttributes([...naturalSet, { name: naturalName('Gender'), required: true }])).toThrow(
        fault('EID_ATTR'),
      )
    })

    test.each(naturalSet.map(({ name }) => name))('R-MF-33: refused without %s', (missing) => {
      expect(() => readAttributes(naturalSet.filter(({ name }) => name !== missing))).toThrow(fault('EID_MDS'))
    })

    test('R-MF-33: natural and legal in one request only with peers older than 1.4', () => {
      const mixed = [...naturalSet, ...legalSet]
      expect(() => readAttributes(mixed)).toThrow(fault('EID_ATTR'))
      expect(() => readAttributes(mixed, { protocolVersions: [] })).toThrow(fault('EID_ATTR'))
      expect(readAttributes(mixed, { protocolVersions: ['1.3', '1.2'] }).attributes).toEqual(mixed)
    })

    test('R-AP-50: representatives are never requested', () => {
      const representative = { name: naturalName('representative/PersonIdentifier'), required: true }
      expect(() => readAttributes([...naturalSet, representative])).toThrow(fault('EID_ATTR'))
    })

    test('legal persons alone are fine', () => {
      const optional = { name: legalName('LEI'), required: false }
      expect(readAttributes([...legalSet, optional]).attributes).toEqual([...legalSet, optional])
    })

    describe('AP 2.7: an additional attribute', () => {
      const name = 'urn:x:role'
      const attributes = attributesWith([{ name, friendlyName: 'Role', person: 'legal', multiple: false }])
      const open = eidasProfile({ ...node, attributes })
      const ask = (required: boolean) => {
        const extensions = [spType('public'), requested([...naturalSet, { name, required }])]
        return open.readRequest(receivedRequest({ ...valid, extensions }), peer).attributes
      }

      test.each([true, false])(
        'R-MF-32: has a free isRequired, here %s; R-MF-33: it is no second person',
        (required) => {
          expect(ask(required)).toEqual([...naturalSet, { name, required }])
        },
      )
    })

    test('R-MF-31, R-MF-54: of what we do not publish, the optional is ignored and the required refused', () => {
      const offer = { loas: [], requesterIdRequired: false, attributes: naturalSet.map(({ name }) => name) }
      const some = eidasProfile({ country: 'XA', offer })
      const read = (attributes: readonly Wanted[]) =>
        some.readRequest(receivedRequest({ ...valid, extensions: [spType('public'), requested(attributes)] }), peer)
      expect(read([...naturalSet, { name: naturalName('Gender'), required: false }]).attributes).toEqual(naturalSet)
      expect(() => read(legalSet)).toThrow(fault('EID_MDS'))
    })

    test('an attribute asked for twice is SAML_DUP_ATTR', () => {
      expect(() => readAttributes([...naturalSet, ...naturalSet.slice(0, 1)])).toThrow(fault('SAML_DUP_ATTR'))
    })

    test('R-AP-1: NameFormat is uri', () => {
      const attribute = el(eidas('RequestedAttribute'), {
        Name: naturalName('Gender'),
        NameFormat: 'urn:x',
        isRequired: 'false',
      })
      const extensions = [spType('public'), el(eidas('RequestedAttributes'), {}, attribute)]
      expect(() => read({ extensions })).toThrow(fault('SAML_ATTR'))
    })

    test('A-180: a second RequestedAttributes is a stray', () => {
      expect(() => read({ extensions: [spType('public'), requested(naturalSet), requested([])] })).toThrow(
        fault('XML_SCHEMA'),
      )
    })
  })

  describe('level of assurance', () => {
    const nonNotified = 'http://eidas.europa.eu/NotNotified/LoA/high'

    test('R-MF-60: minimum of one notified level', () => {
      expect(readContext('minimum', low).loa).toEqual({ comparison: 'minimum', levels: [low] })
    })

    test('R-MF-61, R-MF-62: exact with non-notified levels, missing Comparison being exact', () => {
      const offer = { loas: [], requesterIdRequired: false }
      const open = eidasProfile({ country: 'XA', offer })
      const context = { classRefs: [substantial, high, nonNotified], declRefs: [] }
      const request = receivedRequest({ ...valid, requestedAuthnContext: context })
      expect(open.readRequest(request, peer).loa).toEqual({ comparison: 'exact', levels: context.classRefs })
    })

    test.each([
      ['no level', 'minimum', []],
      ['a level twice', 'exact', [nonNotified, nonNotified]],
      ['a minimum of two', 'minimum', [low, high]],
      ['a minimum that is not notified', 'minimum', [nonNotified]],
      ['exact with only notified ones', 'exact', [high]],
      ['no Comparison with a notified one', undefined, [high]],
      ['exact without the higher notified ones', 'exact', [low, high, nonNotified]],
      ['better', 'better', [low]],
      ['maximum', 'maximum', [high]],
      ['another level of that name', 'minimum', ['http://eidas.europa.eu/LoA/medium']],
      ['a level in other letters', 'exact', ['HTTP://EIDAS.europa.eu/LoA/high', nonNotified]],
    ] as const)('R-MF-62, A-186: refused with %s', (_, comparison, levels) => {
      const schemaValid = levels.length > 0
      expect(() => readContext(comparison, ...levels)).toThrow(fault(schemaValid ? 'EID_LOA_REQ' : 'XML_SCHEMA'))
    })

    test('A-186: refused without RequestedAuthnContext', () => {
      expect(() => read({ requestedAuthnContext: undefined })).toThrow(fault('EID_LOA_REQ'))
    })

    test('R-IA-19: refused when no scheme of ours reaches it', () => {
      const modest = eidasProfile({ country: 'XA', offer: { loas: [low], requesterIdRequired: false } })
      expect(() => modest.readRequest(receivedRequest(valid), peer)).toThrow(fault('EID_LOA'))
    })
  })

  test.each(['persistent', 'transient'])('R-MF-30: NameID format %s', (format) => {
    const uri = `urn:oasis:names:tc:SAML:2.0:nameid-format:${format}`
    expect(read({ nameIdPolicy: { format: uri } }).nameIdFormat).toBe(format)
  })

  test('R-MF-30: no NameIDPolicy is unspecified; other formats are refused', () => {
    expect(read({ nameIdPolicy: undefined }).nameIdFormat).toBe('unspecified')
    const format = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'
    expect(() => read({ nameIdPolicy: { format } })).toThrow(fault('SAML_NAMEID'))
  })

  describe('RequesterID', () => {
    const scoping = (...requesterIds: readonly string[]) => ({ scoping: { hasIdpList: false, requesterIds } })

    test('R-MF-37: a URI of at most 1024 characters, once', () => {
      expect(read(scoping(`urn:${'x'.repeat(1020)}`)).relyingParty.id).toHaveLength(1024)
      expect(() => read(scoping(`urn:${'x'.repeat(1021)}`))).toThrow(fault('EID_REQUESTER'))
      expect(() => read(scoping('portal'))).toThrow(fault('EID_REQUESTER'))
      expect(() => read(scoping('urn:a', 'urn:b'))).toThrow(fault('EID_REQUESTER'))
    })

    test('R-IA-17, A-198: a private party names itself where our metadata says so', () => {
      const extensions = [spType('private'), requested(naturalSet)]
      expect(() => read({ extensions, scoping: undefined })).toThrow(fault('EID_REQUESTER'))
      expect(read({ scoping: undefined }).relyingParty).not.toHaveProperty('id')
      const lax = eidasProfile({ country: 'XA' })
      expect(() => lax.readRequest(receivedRequest({ ...valid, extensions, scoping: undefined }), peer)).not.toThrow()
    })
  })

  test('R-IA-19: a private party that did not accept the terms of access is refused', () => {
    const strict = eidasProfile({ ...node, offer: { ...node.offer, privateRequesters: ['urn:known'] } })
    const ask = (type: string, ...requesterIds: readonly string[]) => {
      const scoping = { hasIdpList: false, requesterIds }
      const extensions = [spType(type), requested(naturalSet)]
      return strict.readRequest(receivedRequest({ ...valid, extensions, scoping }), peer).relyingParty.id
    }
    expect(ask('private', 'urn:known')).toBe('urn:known')
    expect(ask('public', 'urn:other')).toBe('urn:other')
    expect(() => ask('private', 'urn:other')).toThrow(fault('EID_REQUESTER'))
  })

  test('R-MF-38: ProviderName has at most 128 characters', () => {
    expect(read({ providerName: 'x'.repeat(128) }).relyingParty.name).toHaveLength(128)
    expect(() => read({ providerName: 'x'.repeat(129) })).toThrow(fault('SAML_REQ'))
  })
})

describe('an extension the profile does not know', () => {
  test('A-180, A-281: is passed over, whatever is in it', () => {
    const request = receivedRequest(valid)
    const foreign = request.extensions.map((one) => ({ ...one, local: 'SPCountry' }))
    const others = request.extensions.map((one) => ({ ...one, namespace: 'urn:other' }))
    const extensions = [...foreign, ...request.extensions, ...others]
    expect(profile.readRequest({ ...request, extensions }, peer)).toEqual(profile.readRequest(request, peer))
  })
})
