import { confirmationMethods } from '../../../src/saml/uris.ts'
import fc from '../../testkit/properties.ts'

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

export const nameIds = fc.record({
  value: texts,
  format: maybe(uris),
  nameQualifier: maybe(texts),
  spNameQualifier: maybe(texts),
  spProvidedId: maybe(texts),
})

/** By another method than bearer there is nothing that is read. */
const confirmations = fc.oneof(
  fc.record({ method: uris }),
  fc.record({
    method: fc.constant(confirmationMethods.bearer),
    data: maybe(
      fc.record({
        notBefore: maybe(instants),
        notOnOrAfter: maybe(instants),
        recipient: maybe(uris),
        inResponseTo: maybe(ids),
        address: maybe(texts),
      }),
    ),
  }),
)

export const subjects = fc.record({ nameId: maybe(nameIds), confirmations: fc.array(confirmations, { maxLength: 3 }) })

export const conditions = fc.record({
  notBefore: maybe(instants),
  notOnOrAfter: maybe(instants),
  audienceRestrictions: fc.array(fc.array(uris, { minLength: 1, maxLength: 3 }), { maxLength: 3 }),
  oneTimeUse: fc.boolean(),
  others: fc.constant([]),
})

export const authnStatements = fc.record({
  authnInstant: instants,
  sessionIndex: maybe(texts),
  sessionNotOnOrAfter: maybe(instants),
  classRefs: fc.array(uris, { maxLength: 2 }),
  declRefs: fc.array(uris, { maxLength: 2 }),
  hasDeclaration: fc.constant(false),
  authenticatingAuthorities: fc.array(uris, { maxLength: 2 }),
})

/** Values as text, for a test to make elements of. */
export const attributes = fc.record({
  name: texts,
  nameFormat: maybe(uris),
  friendlyName: maybe(texts),
  values: fc.array(texts, { maxLength: 3 }),
})
