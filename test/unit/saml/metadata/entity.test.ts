import {
  type EntityDescriptor,
  type LeftOut,
  readEntityDescriptor,
  readMetadataDocument,
  writeEntityDescriptor,
} from '../../../../src/saml/metadata/entity.ts'
import type { Tell } from '../../../../src/saml/metadata/left-out.ts'
import { withDocument } from '../../../../src/xml/document.ts'
import { metadataLimits } from '../../../../src/xml/limits.ts'
import { ns } from '../../../../src/xml/names.ts'
import { writeXml } from '../../../../src/xml/writer.ts'
import fc from '../../../testkit/properties.ts'
import { ids, instants, maybe, shorts, uris } from '../arbitraries.ts'
import { signed, signedText } from '../samples.ts'

const labels = fc.stringMatching(/^[A-Za-z0-9éΩж&<>]( ?[A-Za-z0-9éΩж&<>]){0,10}$/)
const localized = fc.array(fc.record({ lang: fc.constantFrom('en', 'sv', 'el'), value: labels }), {
  minLength: 1,
  maxLength: 2,
})
const localizedUris = fc.array(fc.record({ lang: fc.constant('en'), value: uris }), { minLength: 1, maxLength: 2 })
const seconds = fc.nat({ max: 1_000_000 })
const certificates = fc.array(
  fc.uint8Array({ minLength: 1, maxLength: 40 }).map((octets) => Buffer.from(octets).toString('base64')),
  { minLength: 1, maxLength: 2 },
)

const algorithmSupport = {
  digestMethods: fc.array(uris, { maxLength: 2 }),
  signingMethods: fc.array(
    fc.record({
      algorithm: uris,
      minKeySize: maybe(fc.integer({ min: 1, max: 9999 })),
      maxKeySize: maybe(fc.integer({ min: 1, max: 9999 })),
    }),
    { maxLength: 2 },
  ),
}

const role = {
  validUntil: maybe(instants),
  cacheDuration: maybe(seconds),
  ...algorithmSupport,
  nodeCountry: maybe(fc.stringMatching(/^[A-Z]{2}$/)),
  displayNames: fc.oneof(fc.constant([]), localized),
  keys: fc.array(
    fc.record({
      use: maybe(fc.constantFrom('signing' as const, 'encryption' as const)),
      certificates,
      encryptionMethods: fc.array(
        fc.record({
          algorithm: uris,
          keySize: maybe(fc.integer({ min: 1, max: 9999 })),
          digestMethod: maybe(uris),
          mgf: maybe(uris),
        }),
        { maxLength: 2 },
      ),
    }),
    { maxLength: 2 },
  ),
  nameIdFormats: fc.array(uris, { maxLength: 2 }),
}

const endpoint = { binding: uris, location: uris, responseLocation: maybe(uris) }
const published = { name: labels, nameFormat: maybe(uris), friendlyName: maybe(labels) }

const idps = fc.record({
  ...role,
  wantAuthnRequestsSigned: maybe(fc.boolean()),
  singleSignOn: fc.array(fc.record(endpoint), { minLength: 1, maxLength: 2 }),
  attributes: fc.array(fc.record(published), { maxLength: 2 }),
})

const sps = fc.record({
  ...role,
  authnRequestsSigned: maybe(fc.boolean()),
  wantAssertionsSigned: maybe(fc.boolean()),
  assertionConsumer: fc.uniqueArray(fc.record({ ...endpoint, index: shorts, isDefault: maybe(fc.boolean()) }), {
    minLength: 1,
    maxLength: 2,
    selector: ({ index }) => index,
  }),
  attributeConsumingServices: fc.array(
    fc.record({
      index: shorts,
      isDefault: maybe(fc.boolean()),
      serviceNames: localized,
      requestedAttributes: fc.array(fc.record({ ...published, isRequired: maybe(fc.boolean()) }), {
        minLength: 1,
        maxLength: 2,
      }),
    }),
    { maxLength: 1 },
  ),
})

/** At least one role, as the schema has it. */
const roles = fc.oneof(
  fc.record({ idp: idps, sp: fc.constant(undefined) }),
  fc.record({ idp: fc.constant(undefined), sp: sps }),
  fc.record({ idp: idps, sp: sps }),
)

const entities: fc.Arbitrary<EntityDescriptor> = fc.record({
  entityId: uris,
  id: maybe(ids),
  validUntil: maybe(instants),
  cacheDuration: maybe(seconds),
  ...algorithmSupport,
  entityAttributes: fc
    .dictionary(uris, fc.array(labels, { minLength: 1, maxLength: 3 }), { maxKeys: 2 })
    .map((entries) => new Map(Object.entries(entries))),
  spType: maybe(fc.constantFrom('public', 'private')),
  roles,
  organization: maybe(fc.record({ names: localized, displayNames: localized, urls: localizedUris })),
  contacts: fc.array(
    fc.record({
      contactType: fc.constantFrom('technical', 'support'),
      company: maybe(labels),
      givenName: maybe(labels),
      surName: maybe(labels),
      emailAddresses: fc.array(fc.constant('mailto:a@b.example'), { maxLength: 2 }),
      telephoneNumbers: fc.array(labels, { maxLength: 1 }),
    }),
    { maxLength: 2 },
  ),
})

const SP_ROLE =
  '<md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://a.example" index="1"/></md:SPSSODescriptor>'

function entityOf(inner: string, attributes = 'entityID="https://a.example"', tell?: Tell) {
  const element = signedText(`<md:EntityDescriptor ${attributes}>${inner}</md:EntityDescriptor>`)
  return readEntityDescriptor(element, tell === undefined ? {} : { tell })
}

/** What is read, and the codes of what is left out. */
function toldOf(inner: string, attributes?: string) {
  const codes: string[] = []
  const entity = entityOf(inner, attributes, ({ code }) => codes.push(code))
  return { entity, codes }
}

function roleOf(inner: string) {
  return entityOf(SP_ROLE.replace('<md:Ass', `${inner}<md:Ass`)).roles.sp
}

describe('EntityDescriptor', () => {
  test('read after write is identity, and what is written is valid', () => {
    fc.assert(
      fc.property(entities, (entity) => {
        const part = writeEntityDescriptor(entity)
        expect(readEntityDescriptor(signed(part))).toEqual(entity)
        withDocument(writeXml(part), metadataLimits, (document) => document.validate('metadata'))
      }),
    )
  })

  test('R-MF-21 what is unknown is passed over: extensions, other roles, other protocols', () => {
    const { roles: read } = entityOf(
      `<md:Extensions><x:y xmlns:x="urn:x"><x:z/></x:y></md:Extensions>
       <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:1.1:protocol"/>
       <md:AttributeAuthorityDescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"/>
       ${SP_ROLE}`,
    )
    expect(read.idp).toBeUndefined()
    expect(read.sp?.assertionConsumer).toHaveLength(1)
  })

  test('R-MF-19: what is in Extensions may stand in any order', () => {
    const parts = [
      '<eidas:SPType>public</eidas:SPType>',
      '<alg:DigestMethod Algorithm="urn:d"/>',
      '<alg:SigningMethod Algorithm="urn:s"/>',
      '<mdattr:EntityAttributes><saml2:Attribute Name="urn:a"><saml2:AttributeValue>1</saml2:AttributeValue></saml2:Attribute></mdattr:EntityAttributes>',
    ]
    const names = { eidas: ns.eidas, alg: ns.alg, mdattr: ns.mdattr }
    const declared = Object.entries(names).map(([prefix, uri]) => `xmlns:${prefix}="${uri}"`)
    const anyOrder = fc.shuffledSubarray(parts, { minLength: parts.length })
    fc.assert(
      fc.property(anyOrder, (ordered) => {
        expect(
          entityOf(`<md:Extensions ${declared.join(' ')}>${ordered.join('')}</md:Extensions>${SP_ROLE}`),
        ).toMatchObject({
          spType: 'public',
          digestMethods: ['urn:d'],
          signingMethods: [{ algorithm: 'urn:s' }],
          entityAttributes: new Map([['urn:a', ['1']]]),
        })
      }),
    )
  })

  test('white space around and within texts is layout', () => {
    expect(roleOf('<md:NameIDFormat>\n  urn:a\n</md:NameIDFormat><md:NameIDFormat/>')?.nameIdFormats).toEqual(['urn:a'])
    const { organization } = entityOf(
      '<md:Organization><md:OrganizationName xml:lang="en">\n A\n  B </md:OrganizationName></md:Organization>',
    )
    expect(organization?.names).toEqual([{ lang: 'en', value: 'A B' }])
  })

  test('what is said of one entity attribute in two places is taken together; values of elements are passed over', () => {
    const { entityAttributes } = entityOf(
      `<md:Extensions><a:EntityAttributes xmlns:a="urn:oasis:names:tc:SAML:metadata:attribute">
        <saml2:Attribute Name="v"><saml2:AttributeValue>1.2</saml2:AttributeValue><saml2:AttributeValue><md:x/></saml2:AttributeValue></saml2:Attribute>
        <saml2:Attribute Name="v"><saml2:AttributeValue> 1.4 </saml2:AttributeValue><saml2:AttributeValue/></saml2:Attribute>
      </a:EntityAttributes></md:Extensions>`,
    )
    expect([...entityAttributes]).toEqual([['v', ['1.2', '1.4']]])
  })

  test.each([
    ['no entityID', '', ''],
    ['an empty entityID', '', 'entityID=""'],
    ['an entityID beyond measure', '', `entityID="https://a.example/${'a'.repeat(1_024)}"`],
    ['an entityID with a line break', '', 'entityID="https://a.example/&#10;ok"'],
    ['an entityID with a C1 control', '', 'entityID="https://a.example/&#x9b;31m"'],
    ['an entityID with a direction mark', '', 'entityID="https://a.example/&#x202e;"'],
    ['Extensions twice', '<md:Extensions/><md:Extensions/>', undefined],
  ])('%s is MD_STRUCT', (_, inner, attributes) => {
    expect(() => entityOf(inner, attributes)).toThrow(expect.objectContaining({ code: 'MD_STRUCT' }))
  })

  const SP_TYPES = ['public', 'private'].map(
    (text) => `<e:SPType xmlns:e="http://eidas.europa.eu/saml-extensions">${text}</e:SPType>`,
  )

  test.each([
    ['SPType twice', `<md:Extensions>${SP_TYPES.join('')}</md:Extensions>${SP_ROLE}`],
    ['a role without protocols', '<md:SPSSODescriptor/>'],
    ['Extensions of the role twice', SP_ROLE.replace('<md:Ass', '<md:Extensions/><md:Extensions/>$&')],
  ])('%s leaves the role out, and it is told as MD_STRUCT', (_, inner) => {
    const { entity, codes } = toldOf(inner)
    expect(entity.roles.sp).toBeUndefined()
    expect(codes).toEqual(['MD_STRUCT'])
  })

  test('of a role or an index that is there twice the first counts, and it is told', () => {
    const second = SP_ROLE.replace('https://a.example', 'https://b.example')
    const roles = toldOf(SP_ROLE + second)
    expect(roles.entity.roles.sp?.assertionConsumer).toMatchObject([{ location: 'https://a.example' }])
    expect(roles.codes).toEqual(['MD_STRUCT'])
    const [endpoint = ''] = /<md:Ass[^>]*>/.exec(second) ?? []
    const indexes = toldOf(SP_ROLE.replace('</md:SP', `${endpoint}$&`))
    expect(indexes.entity.roles.sp?.assertionConsumer).toMatchObject([{ location: 'https://a.example' }])
    expect(indexes.codes).toEqual(['MD_STRUCT'])
  })

  test('a cacheDuration that is none is left out: it is advice', () => {
    expect(entityOf('', 'entityID="https://a.example" cacheDuration="1 day"').cacheDuration).toBeUndefined()
  })

  test.each([
    ['a malformed validUntil', 'validUntil="tomorrow"'],
    ['a validUntil without zone', 'validUntil="2026-11-23T12:00:00"'],
  ])('A-206 %s is MD_TIME', (_, attribute) => {
    expect(() => entityOf('', `entityID="https://a.example" ${attribute}`)).toThrow(
      expect.objectContaining({ code: 'MD_TIME' }),
    )
  })

  test.each([
    ['a direction mark', 'a\u202eb'],
    ['a zero-width character', 'a\u200bb'],
    ['a C1 control', 'a\u0085b'],
    ['too many characters', 'a'.repeat(1_025)],
  ])('A-220 a name with %s is left out and told as MD_TEXT; another name stays', (_, name) => {
    const names = [name, 'B'].map((text) => `<md:OrganizationName xml:lang="en">${text}</md:OrganizationName>`)
    const { entity, codes } = toldOf(`<md:Organization>${names.join('')}</md:Organization>`)
    expect(entity.organization?.names).toEqual([{ lang: 'en', value: 'B' }])
    expect(codes).toEqual(['MD_TEXT'])
  })

  test('another element is refused', () => {
    expect(() => readEntityDescriptor(signedText('<md:AffiliationDescriptor/>'))).toThrow(
      expect.objectContaining({ code: 'SAML_TYPE' }),
    )
  })
})

describe('metadata documents', () => {
  const entity = (id: string) => `<md:EntityDescriptor entityID="${id}"/>`

  test('one entity or several, with the lifetime of the document', () => {
    const one = readMetadataDocument(
      signedText('<md:EntityDescriptor entityID="a" validUntil="2026-11-23T12:00:00Z"/>'),
    )
    expect(one.entities.map(({ entityId }) => entityId)).toEqual(['a'])
    expect(one.validUntil).toBe(Date.UTC(2026, 10, 23, 12))
    const many = readMetadataDocument(
      signedText(`<md:EntitiesDescriptor cacheDuration="PT1H">${entity('a')}${entity('b')}</md:EntitiesDescriptor>`),
    )
    expect(many.entities.map(({ entityId }) => entityId)).toEqual(['a', 'b'])
    expect(many.cacheDuration).toBe(3_600)
  })

  const group = (inner: string, attributes = '') =>
    `<md:EntitiesDescriptor ${attributes}>${inner}</md:EntitiesDescriptor>`
  const codesOf = (leftOut: readonly LeftOut[]) => leftOut.map(({ fault }) => fault.code)

  test('A-209: groups in groups are one document, and the earliest validUntil on the way counts', () => {
    const until = (day: number) => `validUntil="2026-11-0${day}T00:00:00Z"`
    const inner = group(`${entity('c')}${group(entity('d'), until(9))}`, until(2))
    const { entities, validUntil, leftOut } = readMetadataDocument(
      signedText(group(`${entity('a')}${inner}${group(entity('e'))}${entity('b')}`, until(5))),
    )
    const found = entities.map((one) => [one.entityId, one.validUntil && new Date(one.validUntil).getUTCDate()])
    expect(found).toEqual([
      ['a', 5],
      ['c', 2],
      ['d', 2],
      ['e', 5],
      ['b', 5],
    ])
    expect(validUntil).toBe(Date.UTC(2026, 10, 5))
    expect(leftOut).toEqual([])
  })

  test('A-209: a group that is eight levels down is taken, a ninth is left out, and what stands beside it is not', () => {
    const nested = (levels: number): string => (levels === 0 ? entity('deep') : group(nested(levels - 1)))
    const taken = readMetadataDocument(signedText(nested(8)))
    expect(taken.entities.map(({ entityId }) => entityId)).toEqual(['deep'])
    const { entities, leftOut } = readMetadataDocument(signedText(group(nested(8) + entity('a'))))
    expect(entities.map(({ entityId }) => entityId)).toEqual(['a'])
    expect(codesOf(leftOut)).toEqual(['MD_STRUCT'])
  })

  test('A-209: a group whose validUntil cannot be read, an entity without entityID, a second of one entityID', () => {
    const { entities, leftOut } = readMetadataDocument(
      signedText(
        group(`${entity('a')}${group(entity('b'), 'validUntil="soon"')}${entity('')}${entity('a')}${entity('c')}`),
      ),
    )
    expect(entities.map(({ entityId }) => entityId)).toEqual(['a', 'c'])
    expect(codesOf(leftOut)).toEqual(['MD_TIME', 'MD_STRUCT', 'MD_STRUCT'])
  })

  test('MD_STRUCT for something else', () => {
    expect(() => readMetadataDocument(signedText('<saml2p:Response/>'))).toThrow(
      expect.objectContaining({ code: 'MD_STRUCT' }),
    )
  })
})
