import {
  attributeDefinitions,
  attributesWith,
  dataSet,
  definitionOf,
  isProfileName,
  profileAttributes,
} from '../../../src/identity/attributes.ts'

const NATURAL = 'http://eidas.europa.eu/attributes/naturalperson/'
const LEGAL = 'http://eidas.europa.eu/attributes/legalperson/'

describe('attribute table', () => {
  test('52 attributes: 14 and 12, and both again as representative', () => {
    expect(attributeDefinitions).toHaveLength(52)
    expect(new Set(attributeDefinitions.map(({ name }) => name)).size).toBe(52)
    expect(dataSet('natural')).toHaveLength(14)
    expect(dataSet('legal', true)).toHaveLength(12)
  })

  test.each([
    [`${NATURAL}CurrentFamilyName`, 'FamilyName'],
    [`${NATURAL}CurrentGivenName`, 'FirstName'],
    [`${LEGAL}LegalPersonAddress`, 'LegalAddress'],
    [`${LEGAL}VATRegistrationNumber`, 'VATRegistration'],
    [`${NATURAL}representative/CurrentFamilyName`, 'RepresentativeFamilyName'],
    [`${LEGAL}representative/D-2012-17-EUIdentifier`, 'RepresentativeD-2012-17-EUIdentifier'],
  ])('R-AP-2: %s is paired with %s', (name, friendlyName) => {
    expect(definitionOf(name)?.friendlyName).toBe(friendlyName)
  })

  test('R-AP-40: four attributes are transliterable, and their representative forms', () => {
    expect(attributeDefinitions.filter(({ transliterable }) => transliterable).map(({ type }) => type)).toEqual([
      'CurrentFamilyNameType',
      'CurrentGivenNameType',
      'BirthNameType',
      'LegalNameType',
      'CurrentFamilyNameType',
      'CurrentGivenNameType',
      'BirthNameType',
      'LegalNameType',
    ])
  })

  test('R-AP 4.1: only Nationality has many values', () => {
    expect(
      dataSet('natural')
        .filter(({ multiple }) => multiple)
        .map(({ friendlyName }) => friendlyName),
    ).toEqual(['Nationality'])
  })

  test.each([
    ['upper case', `${NATURAL}DATEOFBIRTH`],
    ['a slash behind', `${NATURAL}DateOfBirth/`],
    ['a blank before', ` ${NATURAL}DateOfBirth`],
    ['a FriendlyName', 'DateOfBirth'],
    ['a property every object has', '__proto__'],
  ])('A-192: no attribute by %s', (_, name) => {
    expect(definitionOf(name)).toBeUndefined()
  })
})

describe('additional attributes', () => {
  const role = { name: 'urn:x:role', friendlyName: 'Role', person: 'legal', multiple: true } as const
  const known = attributesWith([role])

  test('AP 2.7: are optional strings of no data set, known where they are added and nowhere else', () => {
    expect(known.definitionOf(role.name)).toEqual({
      ...role,
      representative: false,
      additional: true,
      mandatory: false,
      kind: 'text',
      transliterable: false,
      type: 'string',
    })
    expect(known.definitions).toHaveLength(53)
    expect(profileAttributes.definitionOf(role.name)).toBeUndefined()
    expect(dataSet('legal').map(({ name }) => name)).not.toContain(role.name)
  })

  test('do not change what the profile says of its own', () => {
    const name = `${LEGAL}LEI`
    expect(attributesWith([{ ...role, name }]).definitionOf(name)).toBe(definitionOf(name))
  })

  test.each([`${NATURAL}ShoeSize`, `${LEGAL}representative/LEI`, `${NATURAL.toUpperCase()}Gender`])(
    '%s is in the namespace of the profile',
    (name) => {
      expect(isProfileName(name)).toBe(true)
    },
  )

  test('the sector-specific namespace is open', () => {
    expect(isProfileName('http://eidas.europa.eu/attributes/sectorspecific/eid4u/studies/Degree')).toBe(false)
  })
})
