import fc from 'fast-check'

/** What may stand in SAML messages, for properties. */

const letters = [...'abzABZ09 .,;:-_/<>&"\'=?#[]()%', 'é', 'Ω', 'ж', 'ß', '字', '😀']

/** Text with everything that needs escaping, and letters beyond ASCII and the basic plane. */
export const texts = fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 20 }).map((all) => all.join(''))

export const uris = fc.webUrl({ withQueryParameters: true, validSchemes: ['https'] })

/** xs:ID. */
export const ids = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,40}$/)

export const instants = fc.integer({ min: 0, max: Date.parse('2100-01-01T00:00:00Z') })

export const shorts = fc.integer({ min: 0, max: 65_535 })

/** The value, or nothing. */
export function maybe<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined })
}
