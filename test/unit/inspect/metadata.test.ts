import { writeInstant } from '../../../src/saml/instants.ts'
import { type EntityDescriptor, writeEntityDescriptor } from '../../../src/saml/metadata/entity.ts'
import type { RoleDescriptor } from '../../../src/saml/metadata/role.ts'
import { publishMetadata } from '../../../src/trust/publication.ts'
import { ds, md } from '../../../src/xml/names.ts'
import { el, writeXml, type XmlPart } from '../../../src/xml/writer.ts'
import { createCertificate } from '../../../src/xmlsec/certificate.ts'
import { signingKey } from '../../../src/xmlsec/keys.ts'
import { signElement } from '../../../src/xmlsec/sign.ts'
import { testKey } from '../../testkit/keys.ts'
import { cut } from '../../testkit/mint.ts'
import { codes, found, type Given, inspected, peers } from './samples.ts'

const DAY = 86_400_000
const operator = await testKey('operator')
const trusted: Given = { trust: [operator] }

const contacts = ['support', 'technical'].map((contactType) => ({
  contactType,
  emailAddresses: [`${contactType}@xb.example`],
  telephoneNumbers: [],
}))

const connector: EntityDescriptor = { ...peers.connector.metadata, contacts }
const service: EntityDescriptor = { ...peers.proxyService.metadata, contacts }

async function verdictOn(entity: EntityDescriptor, given: Given = trusted) {
  return inspected(await publishMetadata(entity, operator.signing()), given)
}

async function verdictOnPart(part: XmlPart) {
  return inspected(writeXml(await signElement(part, operator.signing(), { chain: true })), trusted)
}

/** The same with every element of that name exchanged. */
function exchanged(part: XmlPart, local: string, change: (found: XmlPart) => XmlPart): XmlPart {
  const children = part.children.map((child) => {
    if (typeof child === 'string') return child
    return child.name.local === local ? change(child) : exchanged(child, local, change)
  })
  return { ...part, children }
}

function withSp(change: Partial<NonNullable<EntityDescriptor['roles']['sp']>>): EntityDescriptor {
  const { sp } = connector.roles
  if (sp === undefined) throw new TypeError('no connector')
  return { ...connector, roles: { sp: { ...sp, ...change } } }
}

function withIdp(change: Partial<NonNullable<EntityDescriptor['roles']['idp']>>): EntityDescriptor {
  const { idp } = service.roles
  if (idp === undefined) throw new TypeError('no service')
  return { ...service, roles: { idp: { ...idp, ...change } } }
}

const keysOf = ({ roles }: EntityDescriptor): RoleDescriptor['keys'] => (roles.sp ?? roles.idp)?.keys ?? []

describe('right metadata is accepted', () => {
  test.each([
    ['of a connector', connector, 'connector'],
    ['of a proxy service', service, 'proxy-service'],
  ])('%s', async (_, entity, role) => {
    const report = await verdictOn(entity)
    expect(report).toMatchObject({
      verdict: 'accepted',
      standing: 'verified',
      kind: 'EntityDescriptor',
      issuer: entity.entityId,
      signature: { valid: true, trusted: true, signer: 'CN=operator, O=Test, C=SE' },
      entities: [{ entityId: entity.entityId, roles: [role], country: 'XB' }],
    })
    expect(report.findings).toEqual([found('OFFLINE', null, 'note')])
  })

  test('of several', async () => {
    const parts = [connector, service].map((entity, index) =>
      writeEntityDescriptor({ ...entity, id: `_e${index}`, validUntil: undefined }),
    )
    const whole = el(md('EntitiesDescriptor'), { ID: '_all', validUntil: writeInstant(Date.now() + DAY) }, ...parts)
    const report = await inspected(writeXml(await signElement(whole, operator.signing(), { chain: true })), trusted)
    expect(report).toMatchObject({ verdict: 'accepted', kind: 'EntitiesDescriptor' })
    expect(report.entities.map(({ entityId }) => entityId)).toEqual([connector.entityId, service.entityId])
  })
})

describe('who signed it', () => {
  test('an authority of --trust vouches for the signer', async () => {
    const authority = await testKey('authority', 'P-256', 'authority')
    const { privateKey } = await testKey('signer')
    const certificate = createCertificate({
      subject: { commonName: 'signer' },
      key: privateKey,
      issuer: { subject: { commonName: 'authority', organization: 'Test', country: 'SE' }, key: authority.privateKey },
      now: Date.now() - 60_000,
      days: 2,
      usage: 'signing',
    })
    const key = signingKey({ privateKey, certificates: [certificate, authority.certificate] })
    const xml = await publishMetadata(connector, key)
    expect(await inspected(xml, { trust: [authority] })).toMatchObject({
      verdict: 'accepted',
      standing: 'verified',
      signature: { trusted: true, signer: 'CN=signer' },
    })
    expect(codes(await inspected(xml, { trust: [await testKey('other', 'P-256', 'authority')] }))).toEqual([
      'TRUST_CHAIN',
      'DS_KEY',
    ])
  })

  test('DS_KEY: nobody who is trusted', async () => {
    const report = await verdictOn(connector, {})
    expect(report).toMatchObject({
      verdict: 'refused',
      standing: 'untrusted',
      signature: { valid: true, trusted: false },
    })
    expect(report.findings).toContainEqual(found('DS_KEY', 'R-IA-30'))
  })

  test('MD_SIG: another signer than the one of --trust', async () => {
    const report = await verdictOn(connector, { trust: [await testKey('other')] })
    expect(codes(report)).toEqual(['MD_SIG', 'DS_KEY'])
  })

  test('DS_MISSING: nobody at all (R-MF-18), and the rest is judged', async () => {
    const report = await inspected(writeXml(writeEntityDescriptor(withSp({ nodeCountry: undefined }))), trusted)
    expect(report.standing).toBe('unverified')
    expect(report.findings).toEqual(
      expect.arrayContaining([
        found('DS_MISSING', 'R-MF-18'),
        found('MD_STRUCT', 'R-MF-15'),
        found('TRUST_CHAIN', 'R-IA-26', 'warning'),
      ]),
    )
  })

  test('DS_DIGEST: changed after signing', async () => {
    const xml = cut(await publishMetadata(connector, operator.signing()), '<eidas:NodeCountry', '<eidas:NodeCountry ')
    const changed = cut(xml, '>XB<', '>XC<')
    expect(codes(await inspected(changed, trusted))).toEqual(['DS_DIGEST'])
  })
})

describe('what a node refuses, by code and requirement', () => {
  const [signing] = keysOf(connector)
  const cases: readonly (readonly [string, string, EntityDescriptor])[] = [
    ['MD_TIME', 'R-MF-2', { ...connector, validUntil: undefined }],
    ['MD_TIME', 'R-IA-25', { ...connector, validUntil: Date.now() + 30 * DAY }],
    ['MD_TIME', 'R-IA-30', { ...connector, validUntil: Date.now() - 1000 }],
    ['MD_STRUCT', 'R-MF-15', withSp({ nodeCountry: undefined })],
    ['MD_STRUCT', 'R-MF-15', withSp({ nodeCountry: 'Xb' })],
    ['MD_STRUCT', 'R-MF-17', { ...connector, spType: 'semipublic' }],
    ['MD_KEY', 'R-MF-6', withSp({ keys: keysOf(connector).map((key) => ({ ...key, use: undefined })) })],
    ['MD_KEY', 'R-MF-6', withSp({ keys: signing === undefined ? [] : [signing] })],
    ['MD_KEY', 'R-MF-6', withSp({ keys: keysOf(connector).slice(1) })],
    [
      'MD_KEY',
      'R-CR-18',
      withSp({ keys: [...keysOf(connector), { use: 'signing', certificates: ['AAAA'], encryptionMethods: [] }] }),
    ],
    [
      'MD_KEY',
      'R-CR-15',
      withSp({ keys: [...keysOf(connector), { use: 'encryption', certificates: ['AAAA'], encryptionMethods: [] }] }),
    ],
    [
      'MD_ALG',
      'R-MF-11',
      { ...connector, signingMethods: [{ algorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256' }] },
    ],
    [
      'MD_STRUCT',
      'R-IA-14',
      withSp({ assertionConsumer: [{ binding: 'urn:x', location: 'https://a.example/', index: 0 }] }),
    ],
    ['MD_STRUCT', 'R-IA-11', withIdp({ singleSignOn: [{ binding: 'urn:x', location: 'https://a.example/' }] })],
    [
      'MD_URL',
      'R-IA-10',
      withIdp({
        singleSignOn: service.roles.idp?.singleSignOn.map((one) => ({ ...one, location: 'http://a.example/' })) ?? [],
      }),
    ],
  ]

  test.each(cases)('%s %s', async (code, requirement, entity) => {
    const report = await verdictOn(entity)
    expect(report).toMatchObject({ verdict: 'refused', standing: 'verified' })
    expect(report.findings).toContainEqual(found(code, requirement))
  })

  test('MD_STRUCT: neither half of a node', async () => {
    const member = el(md('AffiliateMember'), {}, 'https://b.example/')
    const other = el(md('AffiliationDescriptor'), { affiliationOwnerID: 'https://a.example/' }, member)
    const report = await verdictOnPart(exchanged(writeEntityDescriptor(connector), 'SPSSODescriptor', () => other))
    expect(report).toMatchObject({ verdict: 'refused', standing: 'verified', entities: [{ roles: [], country: null }] })
    expect(report.findings).toContainEqual(found('MD_STRUCT', 'R-MF-4'))
  })

  test('MD_KEY: a key that is no certificate', async () => {
    const named = exchanged(writeEntityDescriptor(connector), 'X509Data', () => el(ds('KeyName'), {}, 'our key'))
    const report = await verdictOnPart(named)
    expect(report).toMatchObject({ verdict: 'refused', standing: 'verified' })
    expect(report.findings).toContainEqual(found('MD_KEY', 'R-MF-6'))
  })

  test('all of it at once, entity by entity', async () => {
    const report = await verdictOn({ ...withSp({ nodeCountry: undefined }), validUntil: undefined })
    expect(codes(report)).toEqual(['MD_TIME', 'MD_STRUCT'])
  })

  test('the clock is the one that was set', async () => {
    const xml = await publishMetadata(connector, operator.signing())
    expect(codes(await inspected(xml, { ...trusted, now: Date.now() + 40 * DAY }))).toEqual(
      expect.arrayContaining(['MD_TIME', 'TRUST_CERT']),
    )
  })
})

describe('what the Message Format wants and a node does not insist on is a warning', () => {
  const cases: readonly (readonly [string, string, EntityDescriptor])[] = [
    ['MD_URL', 'R-MF-3', { ...connector, entityId: 'urn:xb:connector' }],
    ['MD_STRUCT', 'R-MF-4', withSp({ authnRequestsSigned: false })],
    ['MD_STRUCT', 'R-MF-4', withIdp({ wantAuthnRequestsSigned: undefined })],
    ['MD_STRUCT', 'R-MF-7', withSp({ nameIdFormats: [] })],
    ['MD_STRUCT', 'R-MF-8', withIdp({ singleSignOn: service.roles.idp?.singleSignOn.slice(0, 1) ?? [] })],
    [
      'MD_STRUCT',
      'R-MF-8',
      withSp({
        assertionConsumer: connector.roles.sp?.assertionConsumer.map((one) => ({ ...one, isDefault: undefined })) ?? [],
      }),
    ],
    ['MD_STRUCT', 'R-MF-9', { ...connector, organization: undefined }],
    ['MD_STRUCT', 'R-MF-10', { ...connector, contacts: contacts.slice(1) }],
    ['MD_ALG', 'R-MF-11', { ...connector, digestMethods: [] }],
    ['EID_VERSION', 'R-MF-12', { ...connector, entityAttributes: new Map() }],
    ['MD_STRUCT', 'R-MF-12', { ...connector, entityAttributes: new Map() }],
    ['MD_STRUCT', 'R-MF-13', { ...service, entityAttributes: new Map() }],
    ['MD_STRUCT', 'R-MF-14', withIdp({ attributes: [] })],
    ['EID_COUNTRY', 'R-MF-15', withSp({ nodeCountry: 'GR' })],
    [
      'MD_KEY',
      'R-CR-30',
      withSp({
        keys: keysOf(connector).map((key) => ({ ...key, certificates: keysOf(connector)[0]?.certificates ?? [] })),
      }),
    ],
  ]

  test.each(cases)('%s %s', async (code, requirement, entity) => {
    const report = await verdictOn(entity)
    expect(report.verdict).toBe('accepted')
    expect(report.findings).toContainEqual(found(code, requirement, 'warning'))
  })

  test('beside what is refused', async () => {
    const report = await verdictOn(withSp({ nodeCountry: undefined, nameIdFormats: [] }))
    expect(report.findings).toContainEqual(found('MD_STRUCT', 'R-MF-15'))
    expect(report.findings).toContainEqual(found('MD_STRUCT', 'R-MF-7', 'warning'))
  })

  test('R-MF-5: a logout service', async () => {
    const logout = el(md('SingleLogoutService'), { Binding: 'urn:x', Location: 'https://a.example/' })
    const part = exchanged(writeEntityDescriptor(connector), 'SPSSODescriptor', (role) => {
      const before = role.children.filter((child) => typeof child !== 'string' && isHead(child))
      return { ...role, children: [...before, logout, ...role.children.slice(before.length)] }
    })
    const report = await verdictOnPart(part)
    expect(report.verdict).toBe('accepted')
    expect(report.findings).toContainEqual(found('MD_STRUCT', 'R-MF-5', 'warning'))
  })
})

/** Logout services stand behind the keys. */
function isHead({ name }: XmlPart): boolean {
  return ['Extensions', 'KeyDescriptor'].includes(name.local)
}
