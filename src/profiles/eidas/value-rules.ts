import { asFault, NodeFault } from '../../errors/node-fault.ts'
import type { AttributeDefinition, ValueKind } from '../../identity/attributes.ts'
import {
  type IdentifierReading,
  profileCode,
  readPersonIdentifier,
  writePersonIdentifier,
} from '../../identity/person-identifier.ts'
import { trimmed } from '../../xml/white-space.ts'
import { readAddress, writeAddress } from './address.ts'
import { expectHumanText, expectPlainText } from './text.ts'

/** How to judge values: leniently what a peer sends, strictly what we take from our own side to send (R-IA-1). */
export interface ValueReading extends IdentifierReading {
  readonly strict: boolean
  /** Epoch milliseconds. */
  readonly now: number
}

type ValueRule = (text: string, reading: ValueReading) => string

function matching(pattern: RegExp, wanted: string): ValueRule {
  return (text) => {
    expectPlainText(text)
    if (!pattern.test(text)) throw new NodeFault('EID_VALUE', `not ${wanted}`)
    return text
  }
}

const text: ValueRule = (value) => {
  expectHumanText(value)
  return value
}

/** R-AP-20, R-AP-21. */
const identifier: ValueRule = (value, reading) => {
  expectPlainText(value)
  return writePersonIdentifier(readPersonIdentifier(value, reading))
}

/** Attribute Profile 2.2.6: `YYYY-MM-DD`, all of it known, a day of the calendar that has begun somewhere on Earth. */
const date: ValueRule = (value, { now }) => {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value) ?? []
  const start = Date.UTC(Number(year), Number(month) - 1, Number(day))
  const exists = year !== undefined && Number(year) >= 1000 && new Date(start).toISOString().startsWith(`${value}T`)
  if (!exists) throw new NodeFault('EID_VALUE', 'not a date of the calendar')
  const aheadOfUtc = 14 * 3_600_000
  if (!(start <= now + aheadOfUtc)) throw new NodeFault('EID_VALUE', 'a date to come')
  return value
}

const genders = ['Male', 'Female', 'Unspecified']

/** Attribute Profile 2.2.10; peers write the words in any case. */
const gender: ValueRule = (value, { strict }) => {
  const found = genders.find((word) => (strict ? word === value : word.toLowerCase() === value.toLowerCase()))
  if (found === undefined) throw new NodeFault('EID_VALUE', 'not a gender of the profile')
  return found
}

/** R-AP-30, R-AP-32: passed on as given, once it is known to be an address; what leaves is written as the profile has it. */
const address: ValueRule = (value, { strict }) => {
  const read = readAddress(value)
  return strict ? writeAddress(read) : value
}

/**
 * Attribute Profile 2.2.15 wants E.164, and many registers hold numbers as they were typed. They are taken and passed on so
 * in both directions, for nothing is dialled on the way.
 */
const phone = matching(/^\+?[0-9(][0-9 ()./-]{1,30}$/, 'a telephone number')

const twoCapitals = matching(/^[A-Z]{2}$/, 'a country of two capitals')

/** R-MF-15, R-AP-27: Greece leaves as EL, however it is called at home, and is read as EL where a peer may say GR. */
const country: ValueRule = (value, reading) => {
  const code = twoCapitals(value, reading)
  return reading.strict || reading.acceptGR ? profileCode(code) : code
}

const rules: Readonly<Record<ValueKind, ValueRule>> = {
  text,
  identifier,
  date,
  gender,
  country,
  address,
  phone,
  email: matching(/^(?=.{3,254}$)[^\s@]{1,64}@[^\s@]+$/, 'an e-mail address'),
}

/**
 * The value of one attribute without the white space around it (R-AP-5), judged by its kind: EID_VALUE, EID_TEXT,
 * EID_PID, EID_ADDRESS. An empty value is none (R-MF-53), so a mandatory attribute is missing: EID_MDS.
 */
export function readValue(definition: AttributeDefinition, raw: string, reading: ValueReading): string {
  const value = filled(definition, raw)
  return naming(definition, () => rules[definition.kind](value, reading))
}

/** R-AP-21: an identifier as its own country has it, without the countries in front; EID_PID when it could get none. */
export function readNationalIdentifier(definition: AttributeDefinition, raw: string): string {
  const value = filled(definition, raw)
  return naming(definition, () => {
    expectPlainText(value)
    if (!/^\S{1,250}$/.test(value)) throw new NodeFault('EID_PID', 'white space in the identifier, or too long')
    return value
  })
}

/** A rule of a kind of value does not know which attribute it judges; who reads the log must. */
export function naming<T>(definition: AttributeDefinition, judge: () => T): T {
  try {
    return judge()
  } catch (thrown) {
    const { code, detail } = asFault(thrown)
    if (code === 'INTERNAL' || detail.startsWith(definition.name)) throw thrown
    throw new NodeFault(code, `${definition.name}: ${detail}`, { cause: thrown })
  }
}

/** Whether a value says nothing: no character, or white space of any kind. */
export function isEmpty(raw: string): boolean {
  return trimmed(raw).trim() === ''
}

function filled(definition: AttributeDefinition, raw: string): string {
  const value = trimmed(raw)
  if (isEmpty(value)) {
    throw new NodeFault(definition.mandatory ? 'EID_MDS' : 'EID_VALUE', `${definition.name} is empty`)
  }
  return value
}
