import { type Language, messagesIn } from './languages.ts'
import { type AttributeName, attributeNames } from './messages.ts'

/** eIDAS names countries by ISO 3166-1, except these two (R-MF-15; UK is what its nodes are called). */
const asIso: Readonly<Record<string, string>> = { EL: 'GR', UK: 'GB' }

/** ISO 3166-1 leaves these to their users: no registry can know what one of them means here. Kosovo alone is settled. */
const USER_ASSIGNED = /^(?:AA|Q[M-Z]|X[A-JL-Z]|ZZ)$/

/** The country's name in the citizen's language, 'Country XA' when it has none. */
export function countryName(code: string, language: Language): string {
  const iso = asIso[code] ?? code
  if (!/^[A-Z]{2}$/.test(iso) || USER_ASSIGNED.test(iso)) return messagesIn(language).country(code)
  const name = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' }).of(iso)
  return name ?? messagesIn(language).country(code)
}

export interface NamedCountry {
  readonly code: string
  readonly name: string
}

/** Countries with their names, in the order of the citizen's alphabet. */
export function namedCountries(codes: readonly string[], language: Language): readonly NamedCountry[] {
  const { compare } = new Intl.Collator(language, { numeric: true })
  return codes
    .map((code) => ({ code, name: countryName(code, language) }))
    .sort((one, other) => compare(one.name, other.name))
}

const REPRESENTATIVE = 'Representative'

/** What an attribute is called in the citizen's language; undefined for one that is not of the eIDAS profile. */
export function attributeLabel(friendlyName: string, language: Language): string | undefined {
  const { attributes, representative } = messagesIn(language)
  if (isAttributeName(friendlyName)) return attributes[friendlyName]
  const represented = friendlyName.startsWith(REPRESENTATIVE) ? friendlyName.slice(REPRESENTATIVE.length) : ''
  return isAttributeName(represented) ? representative(attributes[represented]) : undefined
}

function isAttributeName(name: string): name is AttributeName {
  return attributeNames.some((known) => known === name)
}

/** The level of assurance in words, or undefined for a level that is not notified (R-MF-60). */
export function levelName(loa: string, language: Language): string | undefined {
  const { levels } = messagesIn(language)
  for (const level of ['low', 'substantial', 'high'] as const) {
    if (loa === `http://eidas.europa.eu/LoA/${level}`) return levels[level]
  }
  return undefined
}
