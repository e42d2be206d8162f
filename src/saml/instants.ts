import type { FaultCode } from '../errors/faults.ts'
import { NodeFault } from '../errors/node-fault.ts'
import { collapsed } from '../xml/white-space.ts'

const INSTANT = /^(-?(?:[1-9]\d{4,8}|\d{4}))-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))$/
const DURATION = /^(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?$/
const DURATION_SECONDS = [31_536_000, 2_592_000, 86_400, 3_600, 60, 1] as const

/** XML Schema Part 2, 3.2.7.3: no time zone is further from UTC. */
const FARTHEST_ZONE_MINUTES = 14 * 60

/**
 * An instant as xs:dateTime writes it, in epoch milliseconds, never NaN: any number of digits in the fraction, of which
 * milliseconds are kept (SAML Core 1.3.3), any time zone, 24:00:00 for the end of a day, white space around it. Without
 * a time zone it is no instant. Days and times that do not exist are a fault.
 */
export function readInstant(text: string, code: FaultCode = 'SAML_TIME'): number {
  const [, ...parts] = INSTANT.exec(collapsed(text)) ?? []
  if (parts.length === 0)
    throw new NodeFault(code, isZoneless(text) ? 'an instant without time zone' : 'no xs:dateTime')
  const [year = Number.NaN, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(0, 6).map(Number)
  const [, , , , , , fraction = '', sign, zoneHours, zoneMinutes] = parts
  const endsDay = hour === 24 && minute === 0 && second === 0 && /^0*$/.test(fraction)
  const midnight = new Date(0)
  midnight.setUTCFullYear(year, month - 1, day)
  const isDay = midnight.getUTCMonth() === month - 1 && midnight.getUTCDate() === day
  const zone = Number(zoneHours ?? 0) * 60 + Number(zoneMinutes ?? 0)
  const isZone = Number(zoneMinutes ?? 0) < 60 && zone <= FARTHEST_ZONE_MINUTES
  if (!(isDay && isZone && (hour < 24 || endsDay) && minute < 60 && second < 60)) {
    throw new NodeFault(code, 'no such day or time')
  }
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'))
  const local = midnight.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds
  return local - (sign === '-' ? -zone : zone) * 60_000
}

function isZoneless(text: string): boolean {
  return INSTANT.test(`${collapsed(text)}Z`)
}

/** The instants of a message are few, and each stands in it several times. */
const written = new Map<number, string>()
const WRITTEN = 16

/** Epoch milliseconds as an instant in UTC with milliseconds. */
export function writeInstant(at: number): string {
  const known = written.get(at)
  if (known !== undefined) return known
  const text = new Date(at).toISOString()
  if (written.size >= WRITTEN) written.clear()
  written.set(at, text)
  return text
}

/** As writeInstant, for an instant that may be absent. */
export function writeOptionalInstant(at: number | undefined): string | undefined {
  return at === undefined ? undefined : writeInstant(at)
}

/** An xs:duration in whole seconds; a month counts 30 days, a year 365. None is less than none, or beyond measure. */
export function readDuration(text: string, code: FaultCode = 'MD_TIME'): number {
  const [, sign, ...parts] = DURATION.exec(text) ?? []
  if (text.endsWith('T') || parts.every((part) => part === undefined)) throw new NodeFault(code, 'not a duration')
  const total = DURATION_SECONDS.reduce((sum, unit, i) => sum + unit * Number(parts[i] ?? 0), 0)
  return sign === '-' ? 0 : Math.min(total, Number.MAX_SAFE_INTEGER)
}

/** Seconds as an xs:duration. */
export function writeDuration(seconds: number): string {
  return `PT${seconds}S`
}
