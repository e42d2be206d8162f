import { bg } from './bg.ts'
import { cs } from './cs.ts'
import { da } from './da.ts'
import { de } from './de.ts'
import { el } from './el.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { et } from './et.ts'
import { fi } from './fi.ts'
import { fr } from './fr.ts'
import { ga } from './ga.ts'
import { hr } from './hr.ts'
import { hu } from './hu.ts'
import { it } from './it.ts'
import { lt } from './lt.ts'
import { lv } from './lv.ts'
import type { Messages } from './messages.ts'
import { mt } from './mt.ts'
import { nl } from './nl.ts'
import { pl } from './pl.ts'
import { pt } from './pt.ts'
import { ro } from './ro.ts'
import { sk } from './sk.ts'
import { sl } from './sl.ts'
import { sv } from './sv.ts'

/**
 * Every language the node speaks: the closed list that a browser's wish is held against. The official languages
 * of the Union, with English, which is for everybody whose own is not among them, first.
 */
export const languages = [
  'en',
  'bg',
  'cs',
  'da',
  'de',
  'el',
  'es',
  'et',
  'fi',
  'fr',
  'ga',
  'hr',
  'hu',
  'it',
  'lt',
  'lv',
  'mt',
  'nl',
  'pl',
  'pt',
  'ro',
  'sk',
  'sl',
  'sv',
] as const

export type Language = (typeof languages)[number]

const translations: Readonly<Record<Language, Messages>> = {
  en,
  bg,
  cs,
  da,
  de,
  el,
  es,
  et,
  fi,
  fr,
  ga,
  hr,
  hu,
  it,
  lt,
  lv,
  mt,
  nl,
  pl,
  pt,
  ro,
  sk,
  sl,
  sv,
}

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
