import type { EntityDescriptor } from '../../../src/saml/metadata/entity.ts'
import type { IdpRole, SpRole } from '../../../src/saml/metadata/role.ts'
import { bindings } from '../../../src/saml/uris.ts'
import { admitEntity, type PeerSource } from '../../../src/trust/peers.ts'
import type { Role } from '../../../src/trust/registry.ts'
import { nationalSignatureAlgorithms } from '../../../src/xmlsec/algorithms.ts'
import { createCertificate, createKey } from '../../../src/xmlsec/certificate.ts'
import {
  CONNECTOR,
  connector,
  DAY,
  fault,
  IDP,
  identityProvider,
  NOW,
  type PeerKeys,
  peerKeys,
  proxyService,
} from './samples.ts'

let keys: PeerKeys

beforeAll(async () => {
  keys = await peerKeys()
})

const source: PeerSource = { place: 'xb.xml', country: 'XB' }

function admit(
  entity: EntityDescriptor,
  role: Role,
  from: PeerSource = source,
  documentValidUntil = entity.validUntil,
) {
  return admitEntity(entity, { role, source: from, now: NOW, documentValidUntil })
}

function withSp(change: Partial<SpRole>): EntityDescriptor {
  const entity = connector(keys)
  if (entity.roles.sp === undefined) throw new TypeError('a connector is a service provider')
  return { ...entity, roles: { sp: { ...entity.roles.sp, ...change } } }
}

function withIdp(change: Partial<IdpRole>, entity = proxyService(keys)): EntityDescriptor {
  if (entity.roles.idp === undefined) throw new TypeError('a proxy service is an identity provider')
  return { ...entity, roles: { idp: { ...entity.roles.idp, ...change } } }
}

const descriptor = (
  use: 'signing' | 'encryption' | undefined,
  certificate: string,
  ...algorithms: readonly string[]
) => ({
  use,
  certificates: [certificate],
  encryptionMethods: algorithms.map((algorithm) => ({ algorithm })),
})

const rsa2048 = async () => {
  const { generateKeyPairSync } = await import('node:crypto')
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return createCertificate({ subject: { commonName: 'old' }, key, now: NOW - DAY, days: 9, usage: 'signing' }).replace(
    /-----[^-]+-----|\s/g,
    '',
  )
}

const expired = async () => {
  const key = await createKey('P-256')
  return createCertificate({
    subject: { commonName: 'x' },
    key,
    now: NOW - 9 * DAY,
    days: 3,
    usage: 'signing',
  }).replace(/-----[^-]+-----|\s/g, '')
}

describe('admitting a peer', () => {
  test('a connector, with all that is needed to talk to it', () => {
    expect(admit(connector(keys), 'connector')).toMatchObject({
      entityId: CONNECTOR,
      role: 'connector',
      country: 'XB',
      name: 'Agency of XB',
      home: 'https://agency.example/',
      keys: { keys: [{ certificate: keys.signing.verification.certificate }] },
      recipient: {
        certificate: keys.encryption.verification.certificate,
        dataCipher: 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
      },
      sso: [],
      acs: [{ binding: bindings.post, location: 'https://xb.example/acs', index: 0, isDefault: true }],
      facts: { entityId: CONNECTOR, country: 'XB', protocolVersions: ['1.4', '1.3', '1.2'] },
      validUntil: NOW + 7 * DAY,
      source: 'xb.xml',
    })
  })

  test('a proxy service', () => {
    expect(admit(proxyService(keys), 'proxy-service')).toMatchObject({
      sso: [{ binding: bindings.redirect }, { binding: bindings.post, location: 'https://xb.example/sso' }],
      acs: [],
      facts: { requesterIdRequired: true, loas: ['http://eidas.europa.eu/LoA/high'] },
    })
  })

  test('A-210: nobody is admitted in a role it does not have', () => {
    expect(() => admit(connector(keys), 'proxy-service')).toThrow(fault('MD_STRUCT'))
    expect(() => admit(proxyService(keys), 'connector')).toThrow(fault('MD_STRUCT'))
  })
})

describe('validity', () => {
  test.each([
    ['no validUntil', undefined],
    ['one in the past', NOW - 1],
    ['this very moment', NOW],
    ['fifteen days off', NOW + 15 * DAY],
    ['the year 2099', Date.UTC(2099, 0, 1)],
    ['no number', Number.NaN],
  ])('R-MF-2, A-206: refused with %s', (_, validUntil) => {
    const entity = { ...connector(keys), validUntil }
    expect(() => admitEntity(entity, { role: 'connector', source, now: NOW, documentValidUntil: validUntil })).toThrow(
      fault('MD_TIME'),
    )
  })

  test('A-206: as far ahead as the operator lets a source say, and no further', () => {
    const ahead = (days: number) => {
      const documentValidUntil = NOW + days * 86_400_000
      const entity = { ...connector(keys), validUntil: documentValidUntil }
      const patient = { ...source, validityDays: 90 }
      return admitEntity(entity, { role: 'connector', source: patient, now: NOW, documentValidUntil }).validUntil
    }
    expect(ahead(90)).toBe(NOW + 90 * 86_400_000)
    expect(() => ahead(91)).toThrow(fault('MD_TIME'))
  })

  test('R-IA-30: the narrowest date counts', () => {
    expect(admit(withSp({ validUntil: NOW + DAY }), 'connector').validUntil).toBe(NOW + DAY)
    expect(
      admit({ ...connector(keys), validUntil: NOW + 2 * DAY }, 'connector', source, NOW + 14 * DAY).validUntil,
    ).toBe(NOW + 2 * DAY)
    expect(() => admit(withSp({ validUntil: NOW - 1 }), 'connector')).toThrow(fault('MD_TIME'))
  })

  test('within the country metadata may be renewed by the month', () => {
    const entity = { ...identityProvider(keys), validUntil: NOW + 30 * DAY }
    expect(admit(entity, 'identity-provider', { place: 'idp.xml' }).validUntil).toBe(NOW + 30 * DAY)
    expect(() => admit({ ...entity, validUntil: NOW + 32 * DAY }, 'identity-provider', { place: 'idp.xml' })).toThrow(
      fault('MD_TIME'),
    )
  })
})

describe('country', () => {
  test('A-187, A-217: NodeCountry is the country the source is for', () => {
    expect(() => admit(connector(keys), 'connector', { place: 'xc.xml', country: 'XC' })).toThrow(fault('EID_COUNTRY'))
  })

  test.each([undefined, 'xb', 'XBB'])('R-MF-15: NodeCountry %s', (nodeCountry) => {
    expect(() => admit(withSp({ nodeCountry }), 'connector')).toThrow(fault('MD_STRUCT'))
  })

  test('R-AP-27: GR for EL only of a peer older than 1.4, which says EL', () => {
    const from = { place: 'el.xml', country: 'EL' }
    const greek = (...versions: readonly string[]) => ({
      ...withSp({ nodeCountry: 'GR' }),
      entityAttributes: new Map([['http://eidas.europa.eu/entity-attributes/protocol-version', versions]]),
    })
    for (const one of [greek(), greek('1.4', '1.3')]) {
      expect(() => admit(one, 'connector', from)).toThrow(fault('EID_COUNTRY'))
    }
    const { country, facts } = admit(greek('1.3;1.2'), 'connector', from)
    expect([country, facts.country]).toEqual(['EL', 'EL'])
  })

  test('A-217: an eIDAS source without a country is a mistake of the operator', () => {
    expect(() => admit(connector(keys), 'connector', { place: 'x.xml' })).toThrow(fault('CFG_INVALID'))
  })

  test('national peers have the country of their source, or none', () => {
    expect(admit(identityProvider(keys), 'identity-provider', { place: 'idp.xml' })).not.toHaveProperty('country')
    expect(admit(identityProvider(keys), 'identity-provider', { place: 'idp.xml', country: 'XA' }).facts.country).toBe(
      'XA',
    )
  })
})

describe('keys', () => {
  const signing = () => descriptor('signing', keys.signing.verification.certificate)
  const encryption = () => descriptor('encryption', keys.encryption.verification.certificate)

  test('A-210: signatures are verified with signing keys, two of them while keys are changed', () => {
    const second = descriptor('signing', keys.metadata.verification.certificate)
    expect(admit(withSp({ keys: [signing(), second, encryption()] }), 'connector').keys.keys).toHaveLength(2)
    expect(() => admit(withSp({ keys: [encryption()] }), 'connector')).toThrow(fault('MD_KEY'))
  })

  test('A-210, R-MF-6: in eIDAS a key without use is refused, elsewhere it is for both', () => {
    const both = descriptor(undefined, keys.signing.verification.certificate)
    expect(() => admit(withSp({ keys: [both] }), 'connector')).toThrow(fault('MD_KEY'))
    const sp = admit(withSp({ keys: [both] }), 'service-provider', { place: 'sp.xml' })
    expect(sp.keys.keys[0]?.certificate).toBe(sp.recipient?.certificate)
  })

  test('R-MF-6: a connector without a key to encrypt to is of no use', () => {
    expect(() => admit(withSp({ keys: [signing()] }), 'connector')).toThrow(fault('MD_KEY'))
  })

  test('A-201: RSA of 2048 bits abroad; at home it is granted', async () => {
    const weak = descriptor('signing', await rsa2048())
    expect(() => admit(withSp({ keys: [weak, encryption()] }), 'connector')).toThrow(fault('MD_KEY'))
    const idp = admit(withIdp({ keys: [weak] }, identityProvider(keys)), 'identity-provider', { place: 'idp.xml' })
    expect(idp.keys.keys[0]?.bits).toBe(2048)
  })

  test('an expired certificate beside a valid one is passed over; alone it is no key', async () => {
    const old = descriptor('signing', await expired())
    const admitted = admit(withSp({ keys: [old, signing(), encryption()] }), 'connector')
    expect(admitted.keys.keys.map(({ certificate }) => certificate)).toEqual([keys.signing.verification.certificate])
    expect(() => admit(withSp({ keys: [old, encryption()] }), 'connector')).toThrow(fault('MD_KEY'))
    const oldEncryption = { ...old, use: 'encryption' as const }
    expect(() => admit(withSp({ keys: [signing(), oldEncryption] }), 'connector')).toThrow(fault('MD_KEY'))
  })

  test('a key that is no certificate', () => {
    const bare = { use: 'signing' as const, certificates: [], encryptionMethods: [] }
    expect(() => admit(withSp({ keys: [bare, encryption()] }), 'connector')).toThrow(fault('MD_KEY'))
  })
})

describe('algorithms', () => {
  const PKCS1 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
  const ECDSA = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'
  const SHA1 = 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'
  const stating = (...algorithms: readonly string[]) => algorithms.map((algorithm) => ({ algorithm }))

  test('A-211: ours, cut to what the metadata states', () => {
    const entity = { ...connector(keys), signingMethods: stating(SHA1, PKCS1, ECDSA) }
    expect(admit(entity, 'connector').keys.algorithms).toEqual([ECDSA])
  })

  test('R-MF-11: what the role states goes before what the entity states', () => {
    const entity = { ...withSp({ signingMethods: stating(ECDSA) }), signingMethods: stating(SHA1) }
    expect(admit(entity, 'connector').keys.algorithms).toEqual([ECDSA])
  })

  test('R-CR-18, A-211: nothing in common', () => {
    expect(() => admit({ ...connector(keys), signingMethods: stating(SHA1, PKCS1) }, 'connector')).toThrow(
      fault('MD_ALG'),
    )
  })

  test('R-MF-21: nothing stated leaves ours; PKCS#1 is ours within the country only', () => {
    expect(admit({ ...connector(keys), signingMethods: [] }, 'connector').keys.algorithms).toHaveLength(6)
    const idp = admit({ ...identityProvider(keys), signingMethods: [] }, 'identity-provider', { place: 'idp.xml' })
    expect(idp.keys.algorithms).toEqual(nationalSignatureAlgorithms)
  })

  test('R-CR-13, A-211: the cipher is one both know', () => {
    const signing = descriptor('signing', keys.signing.verification.certificate)
    const encrypting = (...uris: readonly string[]) =>
      admit(
        withSp({ keys: [signing, descriptor('encryption', keys.encryption.verification.certificate, ...uris)] }),
        'connector',
      ).recipient?.dataCipher
    const gcm128 = 'http://www.w3.org/2009/xmlenc11#aes128-gcm'
    const cbc = 'http://www.w3.org/2001/04/xmlenc#aes256-cbc'
    expect(encrypting(cbc, gcm128)).toBe(gcm128)
    expect(() => encrypting(cbc)).toThrow(fault('MD_ALG'))
  })
})

describe('many keys', () => {
  const pem = async (count: number) => {
    const key = await createKey('P-256')
    const order = { subject: { commonName: 'one of many' }, key, now: NOW - DAY, days: 9, usage: 'signing' } as const
    return Array.from({ length: count }, () => createCertificate(order).replace(/-----[^-]+-----|\s/g, ''))
  }

  test('A-314: of a party with many keys to sign with the first ten count, and it is told', async () => {
    const many = await pem(11)
    const told: string[] = []
    const entity = withSp({
      keys: [
        ...many.map((certificate) => descriptor('signing', certificate)),
        descriptor('encryption', keys.encryption.verification.certificate),
      ],
    })
    const admission = { role: 'connector', source, now: NOW, documentValidUntil: entity.validUntil } as const
    const { keys: kept } = admitEntity(entity, { ...admission, tell: ({ message }) => void told.push(message) })
    expect(kept.keys.map(({ certificate }) => certificate)).toEqual(many.slice(0, 10))
    expect(told).toEqual(['MD_KEY: 11 keys, of which the first 10 count'])
  })

  test('A-314: a key that is published again and again is one key', async () => {
    const [first = '', second = ''] = await pem(2)
    const entity = withSp({
      keys: [
        ...Array.from({ length: 40 }, () => descriptor('signing', first)),
        descriptor('signing', second),
        descriptor('encryption', keys.encryption.verification.certificate),
      ],
    })
    expect(admit(entity, 'connector').keys.keys.map(({ certificate }) => certificate)).toEqual([first, second])
  })
})

describe('endpoints', () => {
  const acs = (location: string, binding: string = bindings.post) =>
    withSp({ assertionConsumer: [{ binding, location, index: 0 }] })

  test.each(['http://xb.example/acs', 'http://127.0.0.1:8080/acs', 'https://[::1]/acs'])(
    'R-IA-10, A-212: %s',
    (location) => {
      expect(() => admit(acs(location), 'connector')).toThrow(fault('MD_URL'))
    },
  )

  test('the demo may be plain http on this machine, and nowhere else', () => {
    const demo = { ...source, allowHttpForDemo: true }
    expect(admit(acs('http://127.0.0.1:8080/acs'), 'connector', demo).acs).toHaveLength(1)
    expect(admit(acs('http://localhost:8080/acs'), 'connector', demo).acs).toHaveLength(1)
    expect(() => admit(acs('http://xb.example/acs'), 'connector', demo)).toThrow(fault('MD_URL'))
    expect(() => admit(acs('http://127.0.0.1.example/acs'), 'connector', demo)).toThrow(fault('MD_URL'))
  })

  test('R-IA-14: answers by POST only', () => {
    expect(() => admit(acs('https://xb.example/acs', bindings.redirect), 'connector')).toThrow(fault('MD_STRUCT'))
  })

  test('R-IA-11: requests by POST or Redirect', () => {
    const singleSignOn = [{ binding: 'urn:oasis:names:tc:SAML:2.0:bindings:SOAP', location: 'https://xb.example/soap' }]
    expect(() => admit(withIdp({ singleSignOn }), 'proxy-service')).toThrow(fault('MD_STRUCT'))
  })
})

describe('names', () => {
  const organization = (url: string) => ({ names: [], displayNames: [], urls: [{ lang: 'en', value: url }] })

  test('A-220: for user interfaces, else of the organisation, else the entityID', () => {
    const displayNames = [
      { lang: 'xb', value: 'Xebia' },
      { lang: 'en', value: 'Node of XB' },
    ]
    expect(admit(withSp({ displayNames }), 'connector').name).toBe('Node of XB')
    expect(admit({ ...connector(keys), organization: undefined }, 'connector').name).toBe(CONNECTOR)
    expect(IDP).toContain('idp')
  })

  test.each(['javascript:alert(1)', 'http://agency.example', 'www.agency.example', 'https://us@evil.example'])(
    'A-220: %s is no place to link to',
    (url) => {
      expect(admit({ ...connector(keys), organization: organization(url) }, 'connector')).not.toHaveProperty('home')
    },
  )
})
