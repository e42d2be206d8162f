import {
  addressedIdentifier,
  readPersonIdentifier,
  writePersonIdentifier,
} from '../../../src/identity/person-identifier.ts'
import fc from '../../testkit/properties.ts'

const EID_PID = expect.objectContaining({ code: 'EID_PID' })

describe('unique identifier', () => {
  test('R-AP-20: country of origin, country of destination, value', () => {
    expect(readPersonIdentifier('ES/AT/02635542Y')).toEqual({ origin: 'ES', destination: 'AT', value: '02635542Y' })
  })

  test('R-AP-20: EU may be the destination; the third part may hold slashes', () => {
    expect(readPersonIdentifier('EL/EU/a/b=')).toEqual({ origin: 'EL', destination: 'EU', value: 'a/b=' })
  })

  test.each([
    ['no prefix', '02635542Y'],
    ['one country', 'ES/02635542Y'],
    ['lower case', 'es/AT/1'],
    ['three letters', 'ESP/AT/1'],
    ['no third part', 'ES/AT/'],
    ['white space inside (R-AP-21)', 'ES/AT/1 2'],
    ['a line end behind it', 'ES/AT/1\n'],
    ['a line before it', 'x\nES/AT/1'],
    ['nothing', ''],
  ])('A-188: refused with %s', (_, text) => {
    expect(() => readPersonIdentifier(text)).toThrow(EID_PID)
  })

  test('R-AP-21: 256 characters are the most', () => {
    expect(readPersonIdentifier(`ES/AT/${'x'.repeat(250)}`).value).toHaveLength(250)
    expect(() => readPersonIdentifier(`ES/AT/${'x'.repeat(251)}`)).toThrow(EID_PID)
  })

  test('the fault does not repeat the identifier', () => {
    expect(() => readPersonIdentifier('ES-AT-0263')).toThrow(
      expect.not.objectContaining({ detail: expect.stringContaining('0263') }),
    )
  })

  test('R-AP-27: GR is another country than EL, unless configured as its alias', () => {
    expect(readPersonIdentifier('GR/SE/1').origin).toBe('GR')
    expect(readPersonIdentifier('GR/GR/GR', { acceptGR: true })).toEqual({
      origin: 'EL',
      destination: 'EL',
      value: 'GR',
    })
  })

  test('read after write is identity', () => {
    const code = fc.stringMatching(/^[A-Z]{2}$/)
    const value = fc.stringMatching(/^[!-~]{1,200}$/)
    fc.assert(
      fc.property(code, code, value, (origin, destination, rest) => {
        const identifier = { origin, destination, value: rest }
        expect(readPersonIdentifier(writePersonIdentifier(identifier))).toEqual(identifier)
      }),
    )
  })
})

describe('a national identifier on its way abroad', () => {
  test('gets both countries in front', () => {
    expect(addressedIdentifier('123', 'XA', 'XB')).toBe('XA/XB/123')
  })

  test('stays as it is when it has them', () => {
    expect(addressedIdentifier('XA/XB/123', 'XA', 'XB')).toBe('XA/XB/123')
  })

  test.each(['XA/XC/123', 'XC/XB/123'])('R-AP-26: %s is not for XB from XA', (text) => {
    expect(() => addressedIdentifier(text, 'XA', 'XB')).toThrow(EID_PID)
  })

  test.each(['', '1 2', 'x'.repeat(251)])('R-AP-21: %j cannot become one', (text) => {
    expect(() => addressedIdentifier(text, 'XA', 'XB')).toThrow(EID_PID)
  })
})
