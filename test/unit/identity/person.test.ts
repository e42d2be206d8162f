import { dataSet } from '../../../src/identity/attributes.ts'
import {
  calledIn,
  expectCompleteSubject,
  expectNoRepresentative,
  expectRepresentable,
  identifierName,
  missingMandatory,
  representativeKinds,
  subjectKinds,
} from '../../../src/identity/person.ts'

const names = (person: 'natural' | 'legal', representative = false) =>
  dataSet(person, representative)
    .filter(({ mandatory }) => mandatory)
    .map(({ name }) => name)
const natural = names('natural')
const legal = names('legal')
const naturalRepresentative = names('natural', true)
const legalRepresentative = names('legal', true)

const fault = (code: string) => expect.objectContaining({ code })

describe('person kinds', () => {
  test('subject and representative are told apart by the attribute name', () => {
    expect(subjectKinds([...legal, ...naturalRepresentative])).toEqual(['legal'])
    expect(representativeKinds([...legal, ...naturalRepresentative])).toEqual(['natural'])
  })

  test('R-IA-4: unknown attributes speak of nobody', () => {
    expect(subjectKinds(['urn:oid:2.5.4.4', 'http://eidas.europa.eu/attributes/naturalperson/dateofbirth'])).toEqual([])
  })

  test('each kind has one identifying attribute', () => {
    expect(identifierName('natural')).toBe('http://eidas.europa.eu/attributes/naturalperson/PersonIdentifier')
    expect(identifierName('legal')).toBe('http://eidas.europa.eu/attributes/legalperson/LegalPersonIdentifier')
  })
})

describe('minimum data set', () => {
  test('R-MF-33: natural persons have four mandatory attributes, legal persons two', () => {
    expect(natural).toHaveLength(4)
    expect(legal).toHaveLength(2)
    expect(() => expectCompleteSubject(natural)).not.toThrow()
    expect(() => expectCompleteSubject(legal)).not.toThrow()
  })

  test.each([...natural, ...legal])('A-189: refused without %s', (missing) => {
    const set = natural.includes(missing) ? natural : legal
    const rest = set.filter((name) => name !== missing)
    expect(() => expectCompleteSubject(rest)).toThrow(fault('EID_MDS'))
    expect(missingMandatory(rest, natural.includes(missing) ? 'natural' : 'legal')).toEqual([missing])
  })

  test('R-MF-33: an optional attribute touches its data set', () => {
    const gender = 'http://eidas.europa.eu/attributes/naturalperson/Gender'
    expect(() => expectCompleteSubject([...legal, gender])).toThrow(fault('EID_MDS'))
  })

  test('R-MF-33: some data set there must be', () => {
    expect(() => expectCompleteSubject([])).toThrow(fault('EID_MDS'))
    expect(() => expectCompleteSubject(naturalRepresentative)).toThrow(fault('EID_MDS'))
  })
})

describe('representation', () => {
  test.each([
    ['natural for natural', natural, naturalRepresentative],
    ['legal for natural', natural, legalRepresentative],
    ['natural for legal', legal, naturalRepresentative],
    ['legal for legal', legal, legalRepresentative],
  ])('R-AP-52: %s', (_, subject, representative) => {
    expect(() => expectRepresentable([...subject, ...representative], subject)).not.toThrow()
  })

  test('R-AP-57, A-190: at most one representative', () => {
    const both = [...natural, ...naturalRepresentative, ...legalRepresentative]
    expect(() => expectRepresentable(both, natural)).toThrow(fault('EID_REPR'))
  })

  test('R-AP-53, A-190: the representative is complete', () => {
    expect(() => expectRepresentable([...natural, ...naturalRepresentative.slice(1)], natural)).toThrow(
      fault('EID_REPR'),
    )
  })

  test('A-190: a second person that was not asked for is no surplus attribute', () => {
    expect(() => expectRepresentable([...natural, ...legal], natural)).toThrow(fault('EID_REPR'))
    expect(() => expectRepresentable([...natural, ...legal], [...natural, ...legal])).not.toThrow()
  })

  test('R-AP-55: whoever does not take representation sees no representative', () => {
    expect(() => expectNoRepresentative([...natural, naturalRepresentative[0] ?? ''])).toThrow(fault('EID_REPR'))
    expect(() => expectNoRepresentative(natural)).not.toThrow()
  })
})

describe('what persons are called', () => {
  const NATURAL = 'http://eidas.europa.eu/attributes/naturalperson/'
  const LEGAL = 'http://eidas.europa.eu/attributes/legalperson/'
  const released = (name: string, ...values: readonly (readonly [value: string, latin: boolean])[]) => ({
    name,
    values: values.map(([value, latin]) => ({ value, latin })),
  })
  const acting = [
    released(`${LEGAL}LegalName`, ['Ακτή ΑΕ', false], ['Akti SA', true]),
    released(`${NATURAL}representative/CurrentFamilyName`, ['Karavaki', true]),
    released(`${NATURAL}representative/CurrentGivenName`, ['Eleni', true]),
  ]

  test('the person and who acts for it, in Latin letters where there are any', () => {
    expect(calledIn(acting, false)).toBe('Akti SA')
    expect(calledIn(acting, true)).toBe('Eleni Karavaki')
    expect(calledIn([released(`${LEGAL}LegalName`, ['Ακτή ΑΕ', false])], false)).toBe('Ακτή ΑΕ')
  })

  test('nobody acts, nobody is named', () => {
    expect(calledIn(acting.slice(0, 1), true)).toBeUndefined()
    expect(calledIn([released(`${NATURAL}DateOfBirth`, ['1980-01-01', true])], false)).toBeUndefined()
  })
})
