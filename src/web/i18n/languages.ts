import { de } from './de.ts'
import { en } from './en.ts'
import { fr } from './fr.ts'
import type { Messages } from './messages.ts'

/** Every language the node speaks: the closed list that a browser's wish is held against. */
export const languages = ['en', 'fr', 'de'] as const

export type Language = (typeof languages)[number]

const translations: Readonly<Record<Language, Messages>> = { en, fr, de }

export function messagesIn(language: Language): Messages {
  return translations[language]
}

/** Ranges of an Accept-Language field that are looked at, and characters of the field. */
const MOST_RANGES = 20
const MOST_CHARACTERS = 500

/**
 * The offered language that the browser likes best (RFC 9110 12.5.4), by primary subtag; the first offered when there
 * is none. One pass over a bounded field: what is not understood is passed over.
 */
export function chooseLanguage(acceptLanguage: string | undefined, offered: readonly Language[]): Language {
  const ranges = (acceptLanguage ?? '').slice(0, MOST_CHARACTERS).toLowerCase().split(',').slice(0, MOST_RANGES)
  let best: Language | undefined
  let liking = 0
  for (const range of ranges) {
    const [tag = '', ...parameters] = range.split(';')
    const language = offered.find((known) => known === tag.trim().split('-')[0])
    const quality = qualityIn(parameters)
    if (language === undefined || quality <= liking) continue
    best = language
    liking = quality
  }
  return best ?? offered[0] ?? 'en'
}

function qualityIn(parameters: readonly string[]): number {
  const weight = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('q='))
  if (weight === undefined) return 1
  return /^q=(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(weight) ? Number(weight.slice(2)) : 0
}
