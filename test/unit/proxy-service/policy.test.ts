import { fittingSchemes, openSchemes } from '../../../src/proxy-service/policy.ts'
import { asked, fault, high, legalSet, low, naturalName, naturalSet, substantial } from '../profiles/samples.ts'
import { app, card, namesOf, register, suspended } from './samples.ts'

const all = [card, app, register]

const minimum = (level: string) => ({ comparison: 'minimum', levels: [level] }) as const
const fitting = (change: Partial<typeof asked>) => namesOf(fittingSchemes(all, { ...asked, ...change }))

describe('the schemes that can give what is asked', () => {
  test.each([
    ['a natural person at low', naturalSet, low, ['card', 'app']],
    ['a natural person at substantial', naturalSet, substantial, ['card']],
    ['a legal person at low', legalSet, low, ['card', 'register']],
    ['a legal person at high', legalSet, high, ['card']],
  ])('R-IA-19: %s', (_, attributes, level, names) => {
    expect(fitting({ attributes, loa: minimum(level) })).toEqual(names)
  })

  test('R-IA-19: a level that is not notified is reached by who says exactly that one', () => {
    const own = { ...app, mapping: { attributes: {}, loa: { 'urn:app:1': 'urn:xb:own' } } }
    const asking = (level: string) => ({ ...asked, loa: { comparison: 'exact', levels: [level] } }) as const
    expect(fittingSchemes([own], asking('urn:xb:own'))).toEqual([own])
    expect(() => fittingSchemes([own], asking('urn:xb:other'))).toThrow(fault('EID_LOA'))
  })

  test('R-MF-54: what is optional need not be to be had, what is required must', () => {
    const gender = (required: boolean) => [...naturalSet, { name: naturalName('Gender'), required }]
    expect(fitting({ attributes: gender(false), loa: minimum(low) })).toEqual(['card', 'app'])
    expect(fitting({ attributes: gender(true), loa: minimum(low) })).toEqual(['card'])
  })

  test('R-IA-19: EID_LOA when none reaches the level, EID_MDS when none of those delivers', () => {
    const asking = (attributes: typeof naturalSet, level: string) => ({ ...asked, attributes, loa: minimum(level) })
    expect(() => fittingSchemes([app, register], asking(naturalSet, high))).toThrow(fault('EID_LOA'))
    expect(() => fittingSchemes([app, register], asking(naturalSet, substantial))).toThrow(fault('EID_MDS'))
  })
})

test('R-LAW-22: a suspended scheme is not open, and AUTHN_FAILED when none is', () => {
  expect(openSchemes([suspended(card), app])).toEqual([app])
  expect(() => openSchemes([suspended(card), suspended(app)])).toThrow(fault('AUTHN_FAILED'))
})
