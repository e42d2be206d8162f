import { NodeFault } from '../../errors/node-fault.ts'
import type { Parameters } from './parameters.ts'

/** SAML Bindings 3.4.3 and 3.5.3: at most so many octets. Some products put a whole address there all the same. */
const RELAY_STATE_OCTETS = 80

/** Printable ASCII only, so that it is the same everywhere. */
const PRINTABLE = /^[\x20-\x7e]*$/

/** A RelayState, in or out; BIND_RELAY when it is too long or odd. An empty one is none. */
export function checkedRelayState(text: string | undefined, octets = RELAY_STATE_OCTETS): string | undefined {
  if (text !== undefined && text.length > octets) {
    throw new NodeFault('BIND_RELAY', `${text.length} characters where ${octets} are allowed`)
  }
  if (text !== undefined && !PRINTABLE.test(text)) throw new NodeFault('BIND_RELAY', 'not printable ASCII')
  return text === '' ? undefined : text
}

export function relayStateIn(parameters: Parameters, octets?: number): string | undefined {
  return checkedRelayState(parameters.get('RelayState')?.value, octets)
}
