import { NodeFault } from '../../errors/node-fault.ts'
import type { Parameters } from './parameters.ts'

/** SAML Bindings 3.4.3 and 3.5.3: at most 80 octets. Printable ASCII only, so that it is the same everywhere. */
const RELAY_STATE = /^[\x20-\x7e]{0,80}$/

/** A RelayState, in or out; BIND_RELAY when it is too long or odd. An empty one is none. */
export function checkedRelayState(text: string | undefined): string | undefined {
  if (text !== undefined && !RELAY_STATE.test(text)) throw new NodeFault('BIND_RELAY')
  return text === '' ? undefined : text
}

export function relayStateIn(parameters: Parameters): string | undefined {
  return checkedRelayState(parameters.get('RelayState')?.value)
}
