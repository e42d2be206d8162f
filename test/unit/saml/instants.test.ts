import { readDuration, readInstant, writeDuration, writeInstant } from '../../../src/saml/instants.ts'
import fc from '../../testkit/properties.ts'

const MAX = Date.parse('9999-12-31T23:59:59.999Z')
const MIN = Date.parse('0000-01-01T00:00:00.000Z')

describe('instants', () => {
  test.each([
    ['2026-11-23T12:00:00Z', Date.UTC(2026, 10, 23, 12)],
    ['2026-11-23T12:00:00.5Z', Date.UTC(2026, 10, 23, 12, 0, 0, 500)],
    ['2024-02-29T23:59:59.999Z', Date.UTC(2024, 1, 29, 23, 59, 59, 999)],
    ['2026-11-23T12:00:00.1234567Z', Date.UTC(2026, 10, 23, 12, 0, 0, 123)],
    ['2026-11-23T12:00:00.999999999Z', Date.UTC(2026, 10, 23, 12, 0, 0, 999)],
    ['2026-11-23T12:00:00+00:00', Date.UTC(2026, 10, 23, 12)],
    ['2026-11-23T12:00:00-00:00', Date.UTC(2026, 10, 23, 12)],
    ['2026-11-23T12:00:00+01:00', Date.UTC(2026, 10, 23, 11)],
    ['2026-11-23T12:00:00.5-05:30', Date.UTC(2026, 10, 23, 17, 30, 0, 500)],
    ['2026-11-23T12:00:00+14:00', Date.UTC(2026, 10, 22, 22)],
    ['2026-12-31T24:00:00Z', Date.UTC(2027, 0, 1)],
    ['2026-12-31T24:00:00.000Z', Date.UTC(2027, 0, 1)],
    [' 2026-11-23T12:00:00Z', Date.UTC(2026, 10, 23, 12)],
    ['2026-11-23T12:00:00Z\r\n', Date.UTC(2026, 10, 23, 12)],
    ['12026-11-23T12:00:00Z', Date.UTC(12_026, 10, 23, 12)],
    ['0050-01-01T00:00:00Z', Date.parse('0050-01-01T00:00:00Z')],
  ])('%j is read as epoch milliseconds', (text, at) => {
    expect(readInstant(text)).toBe(at)
  })

  test.each([
    '',
    '2026-11-23',
    '2026-11-23T12:00:00',
    '2026-11-23T12:00:00+0000',
    '2026-11-23T12:00:00+1:00',
    '2026-11-23T12:00:00.Z',
    '2026-11-23 12:00:00Z',
    '2026-11-23T12:00:00 Z',
    '\u00a02026-11-23T12:00:00Z',
    '02026-11-23T12:00:00Z',
    '2026-11-23T12:00:00z',
    '+002026-11-23T12:00:00Z',
    '2026-1-23T12:00:00Z',
    'Jan 1 2026',
    '٢٠٢٦-11-23T12:00:00Z',
  ])('A-154 %j is malformed', (text) => {
    expect(() => readInstant(text)).toThrow(expect.objectContaining({ code: 'SAML_TIME' }))
  })

  test.each([
    '2026-02-30T12:00:00Z',
    '2025-02-29T12:00:00Z',
    '2026-13-01T12:00:00Z',
    '2026-00-01T12:00:00Z',
    '2026-11-23T24:00:01Z',
    '2026-11-23T24:00:00.001Z',
    '2026-11-23T25:00:00Z',
    '2026-11-23T12:00:00+14:01',
    '2026-11-23T12:00:00+12:60',
    '2026-11-23T12:60:00Z',
    '2026-11-23T12:00:60Z',
  ])('A-154, A-155 %j does not exist', (text) => {
    expect(() => readInstant(text)).toThrow(expect.objectContaining({ code: 'SAML_TIME' }))
  })

  test('A-154 an instant without time zone is none, and the fault says so', () => {
    expect(() => readInstant('2026-11-23T12:00:00.5')).toThrow(
      expect.objectContaining({ detail: 'an instant without time zone' }),
    )
  })

  test('the fault is the one the caller names', () => {
    expect(() => readInstant('never', 'SAML_CONFIRM')).toThrow(expect.objectContaining({ code: 'SAML_CONFIRM' }))
  })

  test('read after write is identity', () => {
    fc.assert(fc.property(fc.integer({ min: MIN, max: MAX }), (at) => readInstant(writeInstant(at)) === at))
  })

  test('A-155 whatever is read is a number, never NaN', () => {
    const digits = fc.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/)
    fc.assert(
      fc.property(digits, (text) => {
        try {
          return Number.isSafeInteger(readInstant(text))
        } catch {
          return true
        }
      }),
    )
  })
})

describe('durations', () => {
  test.each([
    ['PT0S', 0],
    ['PT1H', 3600],
    ['P1D', 86_400],
    ['P1DT1M1.5S', 86_461],
    ['P1Y1M', 365 * 86_400 + 30 * 86_400],
    ['P0Y0M0DT0H0M0S', 0],
    ['PT0.000S', 0],
    ['PT36H', 129_600],
    ['-PT1H', 0],
    ['-P1Y', 0],
    [`PT${'9'.repeat(30)}S`, Number.MAX_SAFE_INTEGER],
  ])('%s is %d seconds', (text, seconds) => {
    expect(readDuration(text)).toBe(seconds)
  })

  test.each(['', 'P', 'PT', 'P1', '+PT1H', 'PT1H ', '1H', 'P1DT', 'PT1.S', 'P-1D', '--PT1H', 'P1H', 'P1S'])(
    '%j is refused',
    (text) => {
      expect(() => readDuration(text)).toThrow(expect.objectContaining({ code: 'MD_TIME' }))
    },
  )

  test('read after write is identity', () => {
    fc.assert(fc.property(fc.nat(), (seconds) => readDuration(writeDuration(seconds)) === seconds))
  })
})
