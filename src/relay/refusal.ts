import { type FaultCode, faults, type StatusPair } from '../errors/faults.ts'
import type { Refused } from '../identity/outcome.ts'

/** What the requester hears: its own fault as the table says, another's as Responder with a second level it knows. */
export function refusal(code: FaultCode, blame: 'request' | 'answer'): Refused {
  const status: StatusPair = faults[code].status
  if (blame === 'request') return { kind: 'refused', code, status }
  const [top, sub] = status
  return { kind: 'refused', code, status: ['Responder', top === 'Responder' && sub ? sub : secondLevel(sub)] }
}

function secondLevel(sub: StatusPair[1]): NonNullable<StatusPair[1]> {
  return sub === 'NoAuthnContext' || sub === 'InvalidAttrNameOrValue' ? sub : 'AuthnFailed'
}
