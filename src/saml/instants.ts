import type { FaultCode } from '../errors/faults.ts'
import { NodeFault } from '../errors/node-fault.ts'

const INSTANT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,3}))?Z$/
const DURATION = /^(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?$/
const DURATION_SECONDS = [31_536_000, 2_592_000, 86_400, 3_600, 60, 1] as const

/**
 * A SAML instant (Core 1.3.3: UTC) as epoch milliseconds, never NaN. Only `YYYY-MM-DDThh:mm:ss[.s{1,3}]Z` and only days
 * and times that exist; anything else is a fault.
 */
export function readInstant(text: string, code: FaultCode = 'SAML_TIME'): number {
  const [, seconds, fraction = ''] = INSTANT.exec(text) ?? []
  if (seconds === undefined) throw new NodeFault(code, 'not an instant in UTC')
  const normal = `${seconds}.${fraction.padEnd(3, '0')}Z`
  const at = Date.parse(normal)
  if (Number.isNaN(at) || writeInstant(at) !== normal) throw new NodeFault(code, 'no such day or time')
  return at
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
