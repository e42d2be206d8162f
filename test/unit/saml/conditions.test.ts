import { readConditions, writeConditions } from '../../../src/saml/conditions.ts'
import fc from '../../testkit/properties.ts'
import { conditions } from './arbitraries.ts'
import { signed, signedText } from './samples.ts'

describe('Conditions', () => {
  test('read after write is identity', () => {
    fc.assert(fc.property(conditions, (value) => expect(readConditions(signed(writeConditions(value)))).toEqual(value)))
  })

  test('A-159 each AudienceRestriction is kept apart, its values without the white space around them', () => {
    const read = readConditions(
      signedText(
        '<saml2:Conditions><saml2:AudienceRestriction><saml2:Audience> a</saml2:Audience><saml2:Audience>b</saml2:Audience></saml2:AudienceRestriction><saml2:AudienceRestriction><saml2:Audience>c</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions>',
      ),
    )
    expect(read.audienceRestrictions).toEqual([['a', 'b'], ['c']])
  })

  test('A-180 conditions of other names are noticed', () => {
    const read = readConditions(
      signedText('<saml2:Conditions><saml2:OneTimeUse/><saml2:ProxyRestriction/><saml2:Condition/></saml2:Conditions>'),
    )
    expect(read.oneTimeUse).toBe(true)
    expect(read.others).toHaveLength(2)
  })

  test.each(['NotBefore="now"', 'NotOnOrAfter=""', 'NotOnOrAfter="2026-11-23T12:00:00"'])(
    'A-157 %s is SAML_TIME',
    (attribute) => {
      expect(() => readConditions(signedText(`<saml2:Conditions ${attribute}/>`))).toThrow(
        expect.objectContaining({ code: 'SAML_TIME' }),
      )
    },
  )
})
