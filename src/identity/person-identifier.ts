import { NodeFault } from '../errors/node-fault.ts'

/**
 * The unique identifier of a natural or legal person, `CC/DD/value` (Attribute Profile 1.4, 2.5): the country it comes
 * from, the country or organisation it is for, and a part that only the first country understands.
 */
export interface PersonIdentifier {
  /** Country of the identifier, two capitals. */
  readonly origin: string
  /** Country or organisation it is meant for, two capitals. */
  readonly destination: string
  readonly value: string
}

export interface IdentifierReading {
  /** Old Greek peers say GR where the profile demands EL (R-AP-27). Off unless the operator knows such a peer. */
  readonly acceptGR?: boolean
}

/** R-AP-21: characters of the whole. */
const MAX_LENGTH = 256

const form = /^([A-Z]{2})\/([A-Z]{2})\/(\S+)$/

/** Reads R-AP-20's form; EID_PID for anything else. The identifier itself never reaches the fault: it is personal. */
export function readPersonIdentifier(text: string, reading: IdentifierReading = {}): PersonIdentifier {
  if (text.length > MAX_LENGTH) throw new NodeFault('EID_PID', `${text.length} characters`)
  const [, origin, destination, value] = form.exec(text) ?? []
  if (origin === undefined || destination === undefined || value === undefined) {
    throw new NodeFault('EID_PID', 'not CC/DD/value')
  }
  const country = reading.acceptGR === true ? profileCode : (code: string) => code
  return { origin: country(origin), destination: country(destination), value }
}

export function writePersonIdentifier(identifier: PersonIdentifier): string {
  return `${identifier.origin}/${identifier.destination}/${identifier.value}`
}

/** Greece is EL in eIDAS (R-MF-15), GR in ISO 3166-1. */
export function profileCode(country: string): string {
  return country === 'GR' ? 'EL' : country
}

/**
 * A national identifier made fit to travel: prefixed with both countries, or as it is when it has this very prefix
 * already. EID_PID when what comes out is not an identifier, or when it has the prefix of another country.
 */
export function addressedIdentifier(text: string, origin: string, destination: string): string {
  const prefix = `${origin}/${destination}/`
  const whole = text.startsWith(prefix) ? text : prefix + text
  if (form.test(text) && whole !== text) throw new NodeFault('EID_PID', `not an identifier for ${prefix}`)
  readPersonIdentifier(whole)
  return whole
}
